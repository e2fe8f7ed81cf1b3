"""The gate: every address and every socket command is tied to an action, and asks `access` before it runs.

What has no row here is refused. Rows are by the name of the route, so a new address without a row
answers 403 at once and fails the walk in `tests/people/test_access_walk.py`. A row's `at` says of whom or
what the route's argument speaks; the gate then asks for exactly that organisation or person. Lists
narrow themselves with `access.organisations` and `access.people`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url

from people.access import Action, access_of, answers_for, can_reach
from people.models import Organisation, User


@dataclass(frozen=True)
class Rule:
    """What a route needs. `at`: what the URL argument names: an `organisation`; an organisation that is asked for
    at the place `above` it; a `person`; a person's whole `account` (see `access.answers_for`). `top`: no
    organisation holds it, so only whoever may do everything passes."""

    action: Action
    at: str = ""
    argument: str = "pk"


A = Action
PUBLIC, ACCOUNT, CMS, SYSTEM = Rule(A.PUBLIC), Rule(A.ACCOUNT), Rule(A.CMS), Rule(A.SYSTEM)

# Our own routes, each by its whole name.
ROUTES: dict[str, Rule] = {
    # reading
    "topics-css": PUBLIC,
    "media": PUBLIC,
    "home:search": PUBLIC,
    "home:about": PUBLIC,
    "home:privacy": PUBLIC,
    "wagtail_serve": PUBLIC,
    # the live room: whoever holds the room's own token is its host (decision 1 of 0001)
    "live:choose": PUBLIC,
    "live:open": PUBLIC,
    "live:wall": PUBLIC,
    "live:code_form": PUBLIC,
    "live:phone": PUBLIC,
    # lessons in the CMS
    "clone_topic_set": Rule(A.PAGES_EDIT),
    "overdue_reviews": Rule(A.PAGES_EDIT),
    "overdue_reviews_results": Rule(A.PAGES_EDIT),
    # organisations, people, roles (people.office)
    "office:organisations": Rule(A.ORGANISATIONS_VIEW),
    "office:organisations_results": Rule(A.ORGANISATIONS_VIEW),
    "office:organisations_below": Rule(A.ORGANISATIONS_VIEW, "organisation"),
    "office:organisations_below_results": Rule(A.ORGANISATIONS_VIEW, "organisation"),
    "office:organisation": Rule(A.ORGANISATIONS_VIEW, "organisation"),
    "office:organisation_add_top": Rule(A.ORGANISATIONS_EDIT, "top"),
    "office:organisation_add": Rule(A.ORGANISATIONS_EDIT, "organisation"),
    "office:organisation_edit": Rule(A.ORGANISATIONS_EDIT, "organisation"),
    "office:organisation_move": Rule(A.ORGANISATIONS_EDIT, "above"),
    "office:organisation_merge": Rule(A.ORGANISATIONS_EDIT, "above"),
    "office:organisation_close": Rule(A.ORGANISATIONS_EDIT, "above"),
    "office:organisation_reopen": Rule(A.ORGANISATIONS_EDIT, "above"),
    "organisation_chooser:choose": Rule(A.ORGANISATIONS_VIEW),
    "organisation_chooser:choose_results": Rule(A.ORGANISATIONS_VIEW),
    "organisation_chooser:chosen": Rule(A.ORGANISATIONS_VIEW, "organisation"),
    "office:people": Rule(A.PEOPLE_VIEW),
    "office:people_results": Rule(A.PEOPLE_VIEW),
    "office:person_add": Rule(A.PEOPLE_EDIT),
    "office:person": Rule(A.PEOPLE_VIEW, "person"),
    "office:person_edit": Rule(A.PEOPLE_EDIT, "account"),
    "office:person_join": Rule(A.PEOPLE_EDIT, "person"),
    "office:membership_edit": Rule(A.PEOPLE_EDIT, "person"),
    "office:membership_leave": Rule(A.PEOPLE_EDIT, "person"),
    "office:membership_transfer": Rule(A.PEOPLE_EDIT, "person"),
    "office:role_give": Rule(A.ROLES_GRANT, "person"),
    "office:role_take": Rule(A.ROLES_GRANT, "person"),
    "office:roles": CMS,
    # rosters (people.rosters): the same screens for people and for organisations
    **{
        f"rosters_{kind}{what}": Rule(action)
        for kind, action in (("people", A.PEOPLE_IMPORT), ("organisations", A.ORGANISATIONS_IMPORT))
        for what in ("", "_template", "_show", "_status", "_errors", "_apply", "_undo", "_retry", "_discard")
    },
    "rosters_people_export": Rule(A.PEOPLE_EXPORT),
    # log-in and account (people.accounts)
    "cms-login": PUBLIC,
    "pages-login": PUBLIC,
    "accounts:login": PUBLIC,
    "accounts:first": PUBLIC,
    "accounts:first_password": PUBLIC,
    "accounts:verify": PUBLIC,
    "accounts:oidc_start": PUBLIC,
    "accounts:oidc_callback": PUBLIC,
    "accounts:logout": PUBLIC,
    "accounts:home": ACCOUNT,
    "accounts:password": ACCOUNT,
    "accounts:end_session": ACCOUNT,
    "accounts:second_factor": ACCOUNT,
    "accounts:backups": ACCOUNT,
    "accounts:second_factor_off": ACCOUNT,
    "accounts_codes": Rule(A.CODES_ISSUE),
    "accounts_codes_at": Rule(A.CODES_ISSUE, "organisation", "organisation"),
    "accounts_codes_issue": Rule(A.CODES_ISSUE, "organisation", "organisation"),
    "accounts_person": Rule(A.SESSIONS_REVOKE, "account"),
    "accounts_person_issue": Rule(A.CODES_ISSUE, "account"),
    "accounts_person_end": Rule(A.SESSIONS_REVOKE, "account"),
    "accounts_person_factor": Rule(A.SESSIONS_REVOKE, "account"),
    # audit (people.audit)
    "audit_log": Rule(A.AUDIT_VIEW),
    "audit_export": Rule(A.AUDIT_EXPORT),
    # privacy (people.privacy)
    "privacy:data_map": PUBLIC,
    "privacy:children": PUBLIC,
    "privacy:export": ACCOUNT,
    "privacy:erase": ACCOUNT,
    "privacy:withdraw": ACCOUNT,
    "privacy_office": Rule(A.PRIVACY_MANAGE),
    "privacy_pack": Rule(A.PRIVACY_MANAGE),
    "privacy_person": Rule(A.PRIVACY_MANAGE, "person"),
    "privacy_act": Rule(A.PRIVACY_MANAGE, "person"),
    "live_delete": Rule(A.PRIVACY_MANAGE),
    # question bank: screens (quizzes.bank.office)
    "bank_create": Rule(A.BANK_EDIT),
    "bank_edit": Rule(A.BANK_EDIT),
    "bank_preview": Rule(A.BANK_EDIT),
    "bank_similar": Rule(A.BANK_EDIT),
    "bank_picture": Rule(A.BANK_EDIT),
    "bank_step": Rule(A.BANK_EDIT),  # the view asks for more where a step takes a reviewer
    "bank_question": Rule(A.BANK_VIEW),
    "bank_compare": Rule(A.BANK_VIEW),
    "bank_duplicates": Rule(A.BANK_VIEW),
    "bank_statistics": Rule(A.BANK_STATISTICS),
    "bank_statistics_question": Rule(A.BANK_STATISTICS),
    # question bank: import and export (quizzes.bank.office.exchange); a person sees the own uploads only
    "bank_import": Rule(A.BANK_IMPORT),
    "bank_import_show": Rule(A.BANK_IMPORT),
    "bank_import_undo": Rule(A.BANK_IMPORT),
    "bank_import_discard": Rule(A.BANK_IMPORT),
    "bank_template": Rule(A.BANK_IMPORT),
    "bank_export": Rule(A.BANK_EXPORT),
}

# Wagtail's own screens, by pattern: the first that fits counts. Wagtail then asks its own page and
# collection permissions, which `home.roles` keeps in line with the roles.
WAGTAIL: tuple[tuple[str, Rule], ...] = (
    ("wagtailadmin_login", PUBLIC),
    ("wagtailadmin_logout", PUBLIC),
    ("wagtailadmin_password_reset*", PUBLIC),
    ("wagtailadmin_sprite", PUBLIC),
    ("wagtailadmin_javascript_catalog", PUBLIC),
    ("wagtailadmin_preview_redirect*", CMS),
    ("wagtailimages_serve", PUBLIC),
    ("wagtaildocs_serve", PUBLIC),
    ("wagtaildocs_authenticate_with_password", PUBLIC),
    ("wagtailcore_authenticate_with_password", PUBLIC),
    ("wagtailcore_login", PUBLIC),
    ("wagtailusers_users*", Rule(A.SYSTEM, "top")),  # they know no audit of roles and no places
    ("wagtailusers_*", SYSTEM),
    ("wagtailsites*", SYSTEM),
    ("wagtaillocales*", SYSTEM),
    ("wagtailredirects*", SYSTEM),
    ("wagtailsettings*", SYSTEM),
    ("wagtailforms*", SYSTEM),
    ("wagtailstyleguide*", SYSTEM),
    ("wagtailsnippets_people_organisationkind*", SYSTEM),
    ("wagtailsnippetchoosers_people_organisationkind*", SYSTEM),
    ("wagtailsnippets_bank_question*", Rule(A.BANK_VIEW)),
    ("wagtailsnippetchoosers_bank_question*", CMS),
    ("wagtail*", CMS),
)

@dataclass(frozen=True)
class Command:
    """Who may say a command over a socket and its HTTP twin: `speakers` are known by the room's own token."""

    action: Action
    speakers: frozenset[str]


_ANYBODY, _KNOWN = frozenset({"guest", "player", "host"}), frozenset({"player", "host"})
COMMANDS: dict[str, Command] = {
    "live:hello": Command(A.PUBLIC, _ANYBODY),
    "live:join": Command(A.PUBLIC, _ANYBODY),
    "live:ping": Command(A.PUBLIC, _ANYBODY),
    "live:sync": Command(A.PUBLIC, _KNOWN),
    "live:answer": Command(A.PUBLIC, frozenset({"player"})),
    "live:host": Command(A.PUBLIC, frozenset({"host"})),
}


def rule_for(name: str) -> Rule | None:
    """The rule of a route by its name (`namespace:name`); None when it has none and is refused."""
    own = ROUTES.get(name)
    if own is not None:
        return own
    return next((rule for pattern, rule in WAGTAIL if fnmatchcase(name, pattern)), None)


def permitted(user: Any, rule: Rule, arguments: dict[str, Any]) -> bool:
    """Whether the user passes; raises `Http404` for an organisation or a person that does not exist."""
    if rule.at == "top":
        return access_of(user).can(rule.action, "")
    if rule.at in ("organisation", "above"):
        place = get_object_or_404(Organisation, pk=arguments[rule.argument])
        return access_of(user).can(rule.action, place.path if rule.at == "organisation" else place.path_above)
    if not access_of(user).can(rule.action):
        return False
    if rule.at in ("person", "account"):
        person = get_object_or_404(User, pk=arguments[rule.argument])
        return (can_reach if rule.at == "person" else answers_for)(user, rule.action, person)
    return True


class AccessMiddleware:
    """Asks before any view runs. A visitor who is not logged in is shown the log-in first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_for(match.view_name if match else "")
        if rule is None:
            raise PermissionDenied
        if rule.action is A.PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not permitted(request.user, rule, kwargs):
            raise PermissionDenied
        return None


def may_say(command: str, speaker: str, user: Any = None) -> bool:
    """Whether a socket command (`live:join`) may be said by this speaker; what has no row may not."""
    rule = COMMANDS.get(command)
    return rule is not None and speaker in rule.speakers and access_of(user).can(rule.action)
