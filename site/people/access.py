"""Who may do what: the one place that every view, socket command, export and CMS page asks.

The rules themselves are pure and stand in `access_rules`; this is their door: it reads what a person
holds from the database, once a request. Routes are tied to actions in `gate`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from people.access_rules import GRANTABLE, NOBODY, RULES, SITEWIDE, Access, Action, Holding, Role
from people.models import Grant, Membership, Organisation, User, within
from people.posts import posts

__all__ = ["Action", "Role", "access_of", "accounts", "answers_for", "can", "organisations", "people", "require"]


def access_of(user: Any) -> Access:
    """What a user holds; an anonymous visitor or an inactive user holds nothing. Kept on the user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    kept: Access | None = getattr(user, "_access", None)
    if kept is None:
        kept = Access(frozenset() if user.is_superuser else _holdings(user), user.is_superuser, known=True)
        user._access = kept
    return kept


def forget(user: Any) -> None:
    """Read the rights anew at the next question: for whoever just changed them."""
    user.__dict__.pop("_access", None)


def can(user: Any, action: Action, organisation: Organisation | None = None) -> bool:
    """Whether the user may do it at this organisation; without one, whether anywhere."""
    return access_of(user).can(action, organisation.path if organisation else None)


def require(user: Any, action: Action, organisation: Organisation | None = None) -> None:
    """Raises `PermissionDenied` unless the user may."""
    if not can(user, action, organisation):
        raise PermissionDenied


def organisations(user: Any, action: Action) -> QuerySet[Organisation]:
    """The organisations at which the user may do it, in tree order."""
    access = access_of(user)
    return Organisation.objects.under(*access.places(action)) if access.known else Organisation.objects.none()


def people(user: Any, action: Action) -> QuerySet[User]:
    """The staff on whom the user may do it: whoever works, or worked, at one of those organisations.

    Whoever may do it everywhere also reaches people without any organisation.
    """
    access = access_of(user)
    places = access.places(action) if access.known else ()
    if "" in places:
        return User.objects.all()
    there = Organisation.objects.filter(within(places)).order_by()
    return User.objects.filter(pk__in=Membership.objects.filter(organisation__in=there).values("user"))


def can_reach(user: Any, action: Action, person: User) -> bool:
    """Whether the user may do it to this person; the same as being among `people`, without listing them."""
    access = access_of(user)
    places = access.places(action) if access.known else ()
    if "" in places:
        return True
    worked = Membership.objects.filter(within(places, "organisation__path"), user=person)
    return worked.exists()


def accounts(user: Any, action: Action) -> QuerySet[User]:
    """The people to whose whole account the user may do it: name, log-in, being switched off.

    Somebody who also works or holds a role out of the user's reach belongs to others too: the officer of
    one of two schools must not take over the account. Nor may anybody take over the account of whoever may
    give roles without being able to give them too, or of whoever may do for the whole site (review the bank)
    what they may not. Of somebody who works nowhere: whoever reaches them.
    """
    reached = people(user, action)
    access = access_of(user)
    if access.everything:
        return reached
    here, giving = within(access.places(action), "organisation__path"), access.places(Action.ROLES_GRANT)
    works = Membership.objects.filter(until=None).exclude(here)
    holds = Grant.objects.exclude(here)
    gives = Grant.objects.filter(role__in=list(GRANTABLE)).exclude(within(giving, "organisation__path"))
    missing = {action for action in SITEWIDE if not access.can(action)}
    beyond = [role.value for role in Role if any(role in RULES[action] for action in missing)]
    decides = Grant.objects.filter(role__in=beyond, organisation__depth=1)
    for rows in (works, holds, gives, decides):
        reached = reached.exclude(pk__in=rows.values("user"))
    return reached.filter(is_superuser=False)


def answers_for(user: Any, action: Action, person: User) -> bool:
    """Whether the user may do it to the person's whole account, see `accounts`."""
    return accounts(user, action).filter(pk=person.pk).exists()


def _holdings(user: User) -> frozenset[Holding]:
    given = Grant.objects.filter(user=user, organisation__closed_on=None).values_list("role", "organisation__path")
    found = {Holding(Role(role), path) for role, path in given}
    teaching = {slug for slug, post in posts().items() if post.teaches}
    works = Membership.objects.filter(user=user, until=None).values_list("organisation__path", "posts")
    for path, held in works:
        found.add(Holding(Role.STAFF, path))
        if teaching & set(held):
            found.add(Holding(Role.TEACHER, path))
    return frozenset(found)
