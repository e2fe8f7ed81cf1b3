"""Where a request comes from, for the audit log: kept for the time of the request, so that no caller passes it on."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from common.address import of_request

_address: ContextVar[str] = ContextVar("audit_address", default="")


def current_address() -> str:
    """The network address of the request being answered; empty outside a request."""
    return _address.get()


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _address.set(clean(of_request(request)))
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)


def clean(text: str) -> str:
    """The address in its usual form; empty for anything that is none, since a header may say what it likes."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""
