"""The walk: every address and socket command × every role × own and other organisation.

`access_table.py` says who may open what. A new address without a row there fails here, and so does a
row whose address is gone. The gate is walked for all addresses, Wagtail's included; our own addresses
are opened for real, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, ResolverMatch, URLPattern, URLResolver, get_resolver, path, reverse

from people.access_rules import IMPLIED, Role
from people.gate import COMMANDS, ROUTES, AccessMiddleware, may_say
from people.models import Grant, Membership, Organisation, User
from quizzes.live import protocol
from tests.people.access_table import ARGUMENTS, BUREAU, COMMAND_TABLE, ROLES, TABLE, WAGTAIL_TABLE

pytestmark = pytest.mark.django_db


@dataclass
class County:
    """A school where every role has somebody, another school, and a person and a question to ask for."""

    own: Organisation
    other: Organisation
    speakers: dict[str, Any]
    colleague: User
    stranger: User


@pytest.fixture(scope="module")
def county(site_content: None, django_db_blocker: Any) -> County:
    with django_db_blocker.unblock():
        own, other = Organisation.objects.filter(kind_id="school").order_by("path")[:2]
        bureau = own.get_root()
        speakers: dict[str, Any] = {"N": AnonymousUser()}
        for letter, role in ROLES.items():
            user = User.objects.create_user(f"walk-{letter}", first_name=role)
            if role in IMPLIED:
                posts = ("class-teacher",) if role == Role.TEACHER else ("cleaner",)
                Membership.objects.create(user=user, organisation=own, posts=posts)
            else:
                Grant.objects.create(user=user, organisation=bureau if letter in BUREAU else own, role=role)
            speakers[letter] = User.objects.get(pk=user.pk)
        colleague, stranger = (User.objects.create_user(f"walk-{place.pk}") for place in (own, other))
        for user, place in ((colleague, own), (stranger, other)):
            Membership.objects.create(user=user, organisation=place)
        return County(own, other, speakers, colleague, stranger)


def routes(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site as (the name that the gate sees, pattern); a nameless one goes by its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield match(spaces, pattern, {}).view_name, pattern


def match(spaces: tuple[str, ...], pattern: URLPattern, kwargs: dict[str, Any]) -> ResolverMatch:
    return ResolverMatch(pattern.callback, (), kwargs, pattern.name, namespaces=list(spaces))


def row(name: str) -> str | None:
    if name in TABLE:
        return TABLE[name]
    return next((letters for wild, letters in WAGTAIL_TABLE if fnmatchcase(name, wild)), None)


def arguments(name: str, county: County, *, own: bool) -> dict[str, Any]:
    rule = ROUTES.get(name)
    if rule is None or rule.at in ("", "top"):
        return {}
    if rule.at in ("organisation", "above"):
        return {rule.argument: (county.own if own else county.other).pk}
    return {rule.argument: (county.colleague if own else county.stranger).pk}


def passes(name: str, pattern: URLPattern, user: Any, kwargs: dict[str, Any]) -> bool:
    request = RequestFactory().get("/somewhere/")
    request.user = user
    request.resolver_match = match(tuple(name.split(":")[:-1]), pattern, kwargs)
    try:
        return AccessMiddleware(lambda _request: HttpResponse()).process_view(request, pattern.callback, (), kwargs) is None
    except PermissionDenied:
        return False


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {name for name, _pattern in routes()}
    assert [name for name in names if row(name) is None] == []
    assert sorted(set(TABLE) - names) == []
    assert sorted(set(ROUTES) - names) == [], "gate.ROUTES has rows for addresses that are gone"


def test_every_address_opens_to_exactly_the_roles_of_its_row(county: County) -> None:
    wrong, walked = [], 0
    for name, pattern in routes():
        letters = row(name) or ""
        scoped = letters.startswith("@")
        for own in (True, False):
            kwargs = arguments(name, county, own=own)
            for letter, user in county.speakers.items():
                expected = letter in letters and (own or not scoped or letter in BUREAU)
                walked += 1
                if passes(name, pattern, user, kwargs) is not expected:
                    wrong.append((name, letter, "own" if own else "other", "should open" if expected else "opens"))
    assert wrong == []
    print(f"walked {walked} combinations over {len(list(routes()))} addresses, {len(TABLE)} of them our own")


def test_our_own_addresses_keep_their_word_when_opened_for_real(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    """A visitor is led to the log-in, a colleague without the right is told 403, and nobody meets a failure."""
    caplog.set_level("ERROR")
    wrong = []
    browsers = {letter: Client() for letter in county.speakers}
    for name in TABLE:
        letters = TABLE[name]
        for own in (True, False) if letters.startswith("@") else (True,):
            url = address(name, county, own=own)
            for letter, user in county.speakers.items():
                client = browsers[letter]
                if user.is_authenticated and SESSION_KEY not in client.session:  # the address before may have ended it
                    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
                status = status_of(client, url)
                allowed = letter in letters and (own or not letters.startswith("@") or letter in BUREAU)
                refused = status == 403 or (letter == "N" and status == 302)
                if letter == "N" and allowed and status == 302:
                    refused = False
                if refused is allowed:
                    wrong.append((name, letter, "own" if own else "other", status))
    assert wrong == []


def status_of(client: Client, url: str) -> int:
    try:
        return client.get(url).status_code
    except Http404:
        return 404


def address(name: str, county: County, *, own: bool) -> str:
    """The URL of a route with arguments that fit."""
    if name == "wagtail_serve":
        return "/"
    kwargs = {**ARGUMENTS.get(name, {}), **arguments(name, county, own=own)}
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch as error:
        pytest.fail(f"ARGUMENTS needs an entry for {name}: {error}")


def test_every_socket_command_has_a_row_and_is_said_by_its_speakers_only() -> None:
    said = {f"live:{name}" for name in protocol.CLIENT}
    assert said == set(COMMANDS) == set(COMMAND_TABLE)
    for command, speakers in COMMAND_TABLE.items():
        for speaker in ("guest", "player", "host"):
            assert may_say(command, speaker) is (speaker in speakers), (command, speaker)
    assert not may_say("live:unheard-of", "host")


def test_an_address_without_a_row_is_refused_even_to_the_superuser(county: County) -> None:
    root = User(username="root", is_superuser=True, is_active=True)
    assert not passes("somewhere:new", path("new/", lambda request: HttpResponse(), name="new"), root, {})
    assert not passes("", path("nameless/", lambda request: HttpResponse()), root, {})
