"""The ASGI entry: Django behind a bound, the live room's lean routes beside it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application  # noqa: E402

django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.bounded import BoundedRequests, refuse_socket  # noqa: E402
from quizzes.live.routing import http_urlpatterns, websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": URLRouter([*http_urlpatterns, re_path("", BoundedRequests(django_application))]),
        "websocket": AllowedHostsOriginValidator(
            URLRouter([*websocket_urlpatterns, re_path("", refuse_socket)])
        ),
    }
)
