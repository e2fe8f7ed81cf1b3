"""The client's address for limits, from an ASGI scope or a Django request.

Behind our own proxy the last X-Forwarded-For entry is the one the proxy wrote; without a proxy the
header is whatever a stranger likes to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def of_scope(scope: Mapping[str, Any]) -> str:
    """The address behind a socket or a lean HTTP request."""
    if settings.TRUST_PROXY:
        for name, value in reversed(scope.get("headers", [])):
            if name == b"x-forwarded-for":
                return _last(value.decode("latin-1"))
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def of_request(request: HttpRequest) -> str:
    """The address behind a page request."""
    forwarded = request.headers.get("X-Forwarded-For")
    if settings.TRUST_PROXY and forwarded:
        return _last(forwarded)
    return request.META.get("REMOTE_ADDR") or "unknown"


def _last(header: str) -> str:
    return header.rsplit(",", 1)[-1].strip()[:64] or "unknown"
