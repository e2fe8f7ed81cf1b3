"""The present roster as an Excel file, in the columns that an import takes: download, correct, bring back in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people import access
from people.access import Action
from people.audit.services import record
from people.models import Membership
from people.posts import post_names
from people.rosters import workbooks
from people.rosters.views import excel


@require_POST
@transaction.atomic
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Everybody who works where the user may export, a row a place of work; written into the audit log."""
    rows = list(present(request))
    record("people.export", actor=request.user, detail={"count": len(rows)})
    return excel(workbooks.people_list(rows), _("教职工名册"))


def present(request: HttpRequest) -> Iterator[tuple[str, ...]]:
    """The rows in the order of the tree: number, name, unit's code, unit, posts, phone, since."""
    there = access.organisations(request.user, Action.PEOPLE_EXPORT).order_by()
    found = Membership.objects.filter(organisation__in=there, until=None, user__erased_at=None)
    found = found.select_related("user", "organisation").order_by("organisation__path", "user__username")
    names = post_names()
    for each in found.iterator(2_000):
        yield (
            each.user.username,
            each.user.get_full_name(),
            each.organisation.code or "",
            each.organisation.name,
            "、".join(names[slug] for slug in each.posts),
            each.user.phone,
            each.since.isoformat() if each.since else "",
        )
