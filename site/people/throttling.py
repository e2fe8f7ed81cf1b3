"""What a person sees who tried too many passwords."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, str] | None = None
) -> HttpResponse:
    """axes' answer when a name is locked at an address; the lock opens by itself."""
    page = render(request, "people/locked.html", status=429)
    page.headers["Retry-After"] = "900"
    return page
