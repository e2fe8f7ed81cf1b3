"""The live room's addresses beside Django: its socket and its lean HTTP route. config/asgi.py mounts both."""

from __future__ import annotations

from django.urls import re_path

from quizzes.live.consumers import LiveConsumer
from quizzes.live.http import LiveHttpConsumer

websocket_urlpatterns = [re_path(r"^ws/live/(?P<code>[0-9]{6})/$", LiveConsumer.as_asgi())]
http_urlpatterns = [re_path(r"^live/api/(?P<code>[0-9]{6})/$", LiveHttpConsumer.as_asgi())]
