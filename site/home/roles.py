"""The CMS side of roles: Wagtail's groups follow what `people.access` knows, never the other way round.

Each role at an organisation becomes membership of groups that carry Wagtail's page, picture and snippet
rights. Run as often as you like: what is there is kept.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage, SchoolIndexPage, SchoolPage
from people.access import access_of, forget
from people.access_rules import Action, Role
from people.models import Grant, Organisation, OrganisationKind, User

OFFICE, EDITOR, REVIEWER, SCHOOL = "后台", "局编辑", "局审核员", "学校编辑·"
PICTURE_RIGHTS = ("add_picture", "choose_picture")
MODELS = ("topicset",)


def ensure_roles() -> dict[str, Group]:
    """The groups by name, their rights, and the review workflow of the whole site."""
    home = HomePage.objects.first()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in (OFFICE, EDITOR, REVIEWER)}
    for name, group in groups.items():
        give(group, "access_admin")
        if name == OFFICE:
            continue
        for model in MODELS:
            give(group, f"add_{model}", f"change_{model}", f"view_{model}")
        give_pictures(group, Collection.get_first_root_node())
        if home:
            rights = ["add_page", "change_page"] + (["publish_page", "lock_page"] if name == REVIEWER else [])
            give_pages(group, home, rights)
    if home:
        ensure_workflow(home, groups[REVIEWER])
    return groups


def ensure_school(school: Organisation) -> tuple[SchoolPage, Group]:
    """The school's page and the group of its editors, who may work under that page only."""
    home = HomePage.objects.get()
    index = SchoolIndexPage.objects.first()
    if index is None:
        index = home.add_child(instance=SchoolIndexPage(title="学校", slug="schools"))
    page = SchoolPage.objects.filter(organisation=school).first()
    if page is None:
        page = index.add_child(instance=SchoolPage(title=school.name, slug=f"school-{school.pk}", organisation=school))
    # By the school's number: its name is its own admin's to change, and two schools may share one.
    known = Group.objects.filter(name__startswith=f"{SCHOOL}{school.pk}·").order_by("pk").first()
    group = known or Group.objects.create(name=f"{SCHOOL}{school.pk}·{school.name}"[:150])
    give(group, "access_admin")
    give_pages(group, page, ["add_page", "change_page"])
    held = GroupCollectionPermission.objects.filter(group=group).select_related("collection").first()
    collection = held.collection if held else Collection.get_first_root_node().add_child(name=school.name)
    give_pictures(group, collection)
    return page, group


def sync_person(user: User) -> None:
    """Put the user into the groups that the own roles lead to, and out of the others of ours."""
    forget(user)
    wanted: set[Group] = set()
    if access_of(user).can(Action.CMS) and not user.is_superuser:
        ours = ensure_roles()
        wanted.add(ours[OFFICE])
        for grant in Grant.objects.filter(user=user, organisation__closed_on=None).select_related("organisation"):
            place = grant.organisation
            if place.kind_id == OrganisationKind.SCHOOL:
                if grant.role in (Role.EDITOR, Role.REVIEWER, Role.SAFETY_OFFICER) and HomePage.objects.exists():
                    wanted.add(ensure_school(place)[1])
            elif place.is_root():  # these groups work on every page: a class or a district gives no right to them
                if grant.role in (Role.EDITOR, Role.ADMIN):
                    wanted.add(ours[EDITOR])
                if grant.role in (Role.REVIEWER, Role.ADMIN):
                    wanted.add(ours[REVIEWER])
    mine = [group for group in user.groups.all() if is_ours(group)]
    user.groups.remove(*[group for group in mine if group not in wanted])
    user.groups.add(*wanted)


def sync_everybody() -> None:
    """After an upgrade: rights of new screens reach whoever holds a role."""
    ensure_roles()
    for user in User.objects.filter(grants__isnull=False).distinct():
        sync_person(user)


def is_ours(group: Group) -> bool:
    return group.name in (OFFICE, EDITOR, REVIEWER) or group.name.startswith(SCHOOL)


def on_rights_changed(sender: Any, user: User, **kwargs: Any) -> None:
    sync_person(user)


def give(group: Group, *codenames: str) -> None:
    group.permissions.add(*Permission.objects.filter(codename__in=codenames))


def give_pages(group: Group, page: Page, codenames: list[str]) -> None:
    for permission in Permission.objects.filter(codename__in=codenames, content_type__app_label="wagtailcore"):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def give_pictures(group: Group, collection: Collection) -> None:
    for permission in Permission.objects.filter(codename__in=PICTURE_RIGHTS, content_type__app_label="common"):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def ensure_workflow(home: HomePage, reviewers: Group) -> None:
    """Every page below the home page is approved by the bureau's reviewers before it is public."""
    workflow, made = Workflow.objects.get_or_create(name="局审核")
    if made:
        task = GroupApprovalTask.objects.create(name="局审核员审核")
        task.groups.add(reviewers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})
