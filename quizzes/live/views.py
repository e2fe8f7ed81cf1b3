"""The live room's pages: choose a mode, open, the wall, the phone, the code form.

A room is opened without login unless `LIVE_HOST_LOGIN` says so: a class panel is shared, and typing a
password in front of pupils is worse than an empty room. Who opened it holds a cookie for that room.
"""

from __future__ import annotations

import random
import re
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.address import of_request
from common.qr import svg
from quizzes.live import store, texts, tokens
from quizzes.live.domain.deal import BANDS
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import MAX_ROUNDS, Mode
from quizzes.live.models import Room
from quizzes.live.opening import open_room
from quizzes.live.throttle import Limits

COOKIE = "live_host"
_SLUG = re.compile(r"[a-z0-9-]{1,40}")
_CODE = re.compile(r"[a-z0-9-]{1,20}")
_LIMITS = Limits()
_RNG = random.SystemRandom()
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _wish(data: dict[str, str]) -> dict[str, str]:
    """What a lesson asks for, checked: these values come from an address that anyone can write."""
    topic, band = data.get("topic", ""), data.get("band", "")
    if not _SLUG.fullmatch(topic) or band not in BANDS:
        raise Http404
    title = " ".join(data.get("title", "").split())[:40]
    codes = [code for code in data.get("codes", "").split(",") if _CODE.fullmatch(code)]
    return {
        "topic": topic,
        "band": band,
        "title": title or _("课堂互动"),
        "codes": ",".join(codes),
        "lesson": _local_path(data.get("lesson", "")),
    }


def _local_path(path: str) -> str:
    """A path of this site, or nothing: “back to the lesson” must not lead elsewhere."""
    if len(path) > 200 or not re.fullmatch(r"/[\w\-./%]*(\?[\w\-./%=&]*)?", path):
        return ""
    return "" if path.startswith("//") else path


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Two big buttons: hands or phones."""
    if response := _login_first(request):
        return response
    return render(request, "live/choose.html", {"wish": _wish(request.GET.dict())})


@require_POST
def open_(request: HttpRequest) -> HttpResponse:
    """Open a room and go to its wall."""
    if response := _login_first(request):
        return response
    wish = _wish(request.POST.dict())
    mode = request.POST.get("mode", "")
    if mode not in set(Mode):
        raise Http404
    wait = _LIMITS.rooms_by_address.wait(of_request(request), time.monotonic())
    if wait:
        return _refuse(request, "rate.rooms", 429)
    try:
        room = open_room(
            topic_slug=wish["topic"],
            band=wish["band"],
            mode=Mode(mode),
            title=wish["title"],
            codes=[code for code in wish["codes"].split(",") if code],
            lesson_path=wish["lesson"],
            now=timezone.now(),
            rng=_RNG,
        )
    except RoomError as refused:
        return _refuse(request, refused.code, 409)
    wall = reverse("live:wall", args=[room.code])
    response = redirect(wall)
    response.set_cookie(
        COOKIE,
        tokens.issue(tokens.HostToken(room.room_id, room.secret)),
        max_age=60 * 60 * 24 * settings.DATA_DELETE_DAYS,
        path=wall,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
@never_cache
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """The host's page, which is also the wall that the class looks at."""
    room = _room(request, code)
    if isinstance(room, HttpResponse):
        return room
    token = request.COOKIES.get(COOKIE, "")
    if not _opens(token, room):
        return render(request, "live/not_host.html", {"room": room}, status=403)
    join_url = _phone_address(request, code)
    context = {
        "room": room,
        "config": {"code": code, "token": token, "max_rounds": MAX_ROUNDS},
        "texts": texts.for_script(texts.WALL),
        "join_url": join_url,
        "join_host": urlsplit(join_url).netloc,
        "qr": svg(join_url, _("加入课堂的二维码")),
        "only_here": urlsplit(join_url).hostname in _LOOPBACK,
    }
    return render(request, "live/wall.html", context)


@require_safe
@never_cache
def phone(request: HttpRequest, code: str) -> HttpResponse:
    """The phone's page. It sets no cookie; what a phone keeps is its own token."""
    room = _room(request, code)
    if isinstance(room, HttpResponse):
        return room
    context = {
        "room": room,
        "config": {"code": code},
        "texts": texts.for_script(texts.PHONE),
    }
    return render(request, "live/phone.html", context)


@require_safe
@never_cache
def code_form(request: HttpRequest) -> HttpResponse:
    """Type the six digits. Works without scripts."""
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "live/code_form.html")
    digits = re.sub(r"\D", "", typed)
    if re.fullmatch(r"[0-9]{6}", digits):
        return redirect("live:phone", code=digits)
    return _code_refused(request, typed[:20], "room.unknown")


def _login_first(request: HttpRequest) -> HttpResponse | None:
    if settings.LIVE_HOST_LOGIN and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    return None


def _room(request: HttpRequest, code: str) -> Room | HttpResponse:
    room = Room.objects.defer("deck", "left", "tallies").filter(code=code).first()
    if room is not None:
        return room
    if _LIMITS.misses_by_address.wait(of_request(request), time.monotonic()):
        return _code_refused(request, code, "rate.misses", status=429)
    return _code_refused(request, code, "room.unknown")


def _code_refused(request: HttpRequest, typed: str, code: str, status: int = 404) -> HttpResponse:
    context = {"typed": typed, "problem": texts.error_text(code)}
    return render(request, "live/code_form.html", context, status=status)


def _refuse(request: HttpRequest, code: str, status: int) -> HttpResponse:
    return render(request, "live/refused.html", {"problem": texts.error_text(code)}, status=status)


def _opens(token: str, room: Room) -> bool:
    try:
        said = tokens.read(token)
    except RoomError:
        return False
    return (
        isinstance(said, tokens.HostToken)
        and said.room_id == room.pk
        and store.is_host(room.pk, said.secret)
    )


def _phone_address(request: HttpRequest, code: str) -> str:
    """Where phones find the room: never “localhost” when the machine's own network address is known."""
    path = reverse("live:phone", args=[code])
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL + path
    here = request.build_absolute_uri(path)
    lan = getattr(settings, "LAN_URL", "")
    return lan.rstrip("/") + path if lan and urlsplit(here).hostname in _LOOPBACK else here
