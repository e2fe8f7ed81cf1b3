"""The CMS side of roles: groups, what each may do, and the way a page goes from school to bureau.

Run as often as you like: what is there is kept.
"""

from __future__ import annotations

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
from people.models import Organisation, Role

EDITOR, REVIEWER = "局编辑", "局审核员"
PICTURE_RIGHTS = ("add_picture", "choose_picture")
BANK_MODELS = ("question", "topicset")


def ensure_roles() -> dict[str, Group]:
    """The bureau's groups by role, their rights, and the review workflow of the whole site."""
    groups = {}
    home = HomePage.objects.first()
    for role, name in ((Role.EDITOR, EDITOR), (Role.REVIEWER, REVIEWER)):
        group, _made = Group.objects.get_or_create(name=name)
        groups[role.value] = group
        give(group, "access_admin")
        for model in BANK_MODELS:
            give(group, f"add_{model}", f"change_{model}", f"view_{model}")
        give_pictures(group, Collection.get_first_root_node())
        if home:
            rights = ["add_page", "change_page"] + (["publish_page", "lock_page"] if role == Role.REVIEWER else [])
            give_pages(group, home, rights)
    give(groups[Role.REVIEWER.value], "publish_question")
    if home:
        ensure_workflow(home, groups[Role.REVIEWER.value])
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
    group, _made = Group.objects.get_or_create(name=f"学校编辑·{school.name}")
    give(group, "access_admin")
    give_pages(group, page, ["add_page", "change_page"])
    collection = Collection.objects.filter(name=school.name).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=school.name)
    give_pictures(group, collection)
    return page, group


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
