"""The public pages about data: the map of everything that is kept, and what guardians want to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.privacy.holdings import HOLDINGS
from people.privacy.tables import kept_for, model_of


def map_context() -> dict[str, Any]:
    """The map with this site's days. Kinds of which this site has no table are left out."""
    here = [holding for holding in HOLDINGS if any(model_of(table) for table in holding.tables)]
    return {
        "holdings": [(holding, kept_for(holding)) for holding in here],
        "contact": settings.PRIVACY_CONTACT,
        "grace": settings.PRIVACY_DAYS["erasure_grace"],
    }


@require_safe
def data_map(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/map.html", map_context())


@require_safe
def children(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "privacy/children.html",
        {"room_days": settings.PRIVACY_DAYS["rooms"], "contact": settings.PRIVACY_CONTACT},
    )
