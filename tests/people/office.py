"""People and places of the office's tests: a bureau with a district and two schools, and who looks at them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.test import Client

from people import organisations as tree
from people import staff
from people.access_rules import Role
from people.models import Organisation, OrganisationKind, User


def make_county() -> SimpleNamespace:
    """`bureau`, `district`, `first` and `second` (schools), `grade` in the first; `admin`, `officer` and
    `observer` of the first school; `li` works in the first, `wang` in the second, `both` in both."""

    def kind(slug: str) -> OrganisationKind:
        return OrganisationKind.objects.get(pk=slug)

    made: dict[str, Any] = {"bureau": tree.create("青山县教育局", kind("bureau"), code="Q")}
    made["district"] = tree.create("河东学区", kind("district"), made["bureau"])
    made["first"] = tree.create("河东一小", kind("school"), made["district"], code="Q1", stage="primary")
    made["second"] = tree.create("河东二小", kind("school"), made["district"], code="Q2", stage="primary")
    made["grade"] = tree.create("一年级", kind("grade"), made["first"])
    made = {name: Organisation.objects.get(pk=node.pk) for name, node in made.items()}
    for name, number, chinese, where, role in (
        ("admin", "Q-admin", "青局长", "bureau", Role.ADMIN),
        ("officer", "Q-officer", "安全员", "first", Role.SAFETY_OFFICER),
        ("observer", "Q-observer", "观察者", "first", Role.OBSERVER),
        ("head", "Q-head", "校管理", "first", Role.ADMIN),
    ):
        made[name] = staff.create(number, chinese, made[where])
        staff.grant(made[name], role, made[where])
    made["li"] = staff.create("Q-li", "李老师", made["first"], ["class-teacher"], phone="13800000001")
    made["wang"] = staff.create("Q-wang", "王老师", made["second"], ["pe-teacher"])
    made["both"] = staff.create("Q-both", "兼老师", made["first"], ["psych-teacher"])
    staff.join(made["both"], made["second"], ["psych-teacher"])
    return SimpleNamespace(**made)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def errors(answer: Any) -> str:
    """Everything that the form of the answered page complains about."""
    form = answer.context["form"]
    return " ".join([*form.non_field_errors(), *(str(e) for field in form.errors.values() for e in field)])
