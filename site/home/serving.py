"""Daphne with the settings that a crowd needs: a long backlog and time for a thousand handshakes."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable

from django.conf import settings
from django.urls import get_resolver

from home import housekeeping, network

BACKLOG = 4096  # Twisted's 50 drops connections when a whole school opens the page at once
HANDSHAKE_SECONDS = 60
OPEN_FILES = 20_000
GC_THRESHOLD = 50_000  # fan-out to thousands of sockets must not stop for a collection


def allow_many_sockets() -> None:
    """A desk's limit of 1,024 open files is less than one school."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(port: int, host: str, ready: Callable[[], None] = lambda: None) -> int:
    """Serve until a signal; returns the exit code."""
    # Importing daphne.server installs Twisted's asyncio reactor: it must come before other Twisted parts.
    from daphne.server import Server

    from config.asgi import application

    # The first visitor should not wait for every view to be imported.
    _ = get_resolver().url_patterns

    allow_many_sockets()

    def begin() -> None:
        housekeeping.start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD, 20, 20)
        if listening(server):
            ready()

    server = Server(
        application=application,
        endpoints=[f"tcp:port={port}:interface={escaped(host)}:backlog={BACKLOG}"],
        signal_handlers=True,
        websocket_handshake_timeout=HANDSHAKE_SECONDS,
        ready_callable=begin,
        server_name="shiwufang",
        proxy_forwarded_address_header=None,
    )
    # A supervisor's hang-up is a request to stop, too.
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: server.stop())
    server.run()
    if not listening(server):
        print(f"不能在 {host}:{port} 上提供服务：端口被占用，或这台机器没有这个地址。", file=sys.stderr)
        return 1
    return 0


def listening(server: object) -> bool:
    return bool(getattr(server, "listening_addresses", []))


def escaped(host: str) -> str:
    r"""Twisted's endpoint strings use the colon; an IPv6 address must hide its own."""
    return host.strip("[]").replace(":", r"\:")


def welcome_the_network(port: int) -> str:
    """Accept requests to this machine's own addresses; the URL that phones should use."""
    addresses = network.lan_addresses()
    for name in [*addresses, *network.hostnames()]:
        if name not in settings.ALLOWED_HOSTS:
            settings.ALLOWED_HOSTS.append(name)
    local = f"http://localhost:{port}"
    if not settings.LAN_URL and addresses:
        settings.LAN_URL = f"http://{addresses[0]}:{port}"
    if not settings.PUBLIC_URL:  # links in the CMS's e-mails
        settings.WAGTAILADMIN_BASE_URL = settings.LAN_URL or local
    return settings.PUBLIC_URL or settings.LAN_URL or local
