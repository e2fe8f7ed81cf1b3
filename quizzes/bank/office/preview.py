"""How a question will look: on the wall, on a phone, on paper, and to whoever marks it.

The same marks, letters and style sheets as the real screens; a small page of its own for a frame.
"""

from __future__ import annotations

import random
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from quizzes.bank.domain.body import Body, needs_check, wall_ready
from quizzes.bank.office.sheet import compact, read

LOOKS = ("wall", "phone", "paper", "teacher")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    look = request.POST.get("look", "wall")
    body = compact(read(request.POST)).body
    return render(request, f"bank/preview/{look if look in LOOKS else 'wall'}.html", {"body": body, **facts(body)})


def facts(body: Body) -> dict[str, Any]:
    """What the preview's templates show of a body beside the body itself."""
    return {"wall_ready": wall_ready(body), "to_check": needs_check(body), "mixed": mixed(body)}


def mixed(body: Body) -> dict[str, list[str]]:
    """Items and rights in an order that does not give the answer away; the same for the same question."""
    rng = random.Random(body.stem)
    items, rights = list(body.items), list(body.rights)
    rng.shuffle(items)
    rng.shuffle(rights)
    return {"items": items, "rights": rights}
