"""The web server's process: uvicorn around the application, until it is told to stop."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
from collections.abc import Iterator
from functools import partial
from types import FrameType
from typing import Any

import uvicorn

from grader.errors import UsageError
from grader.server.app import create_app
from grader.server.http.connections import HttpConnection, SilentConnections, most_connections
from grader.server.site.site import Site

GRACE_S = 10
BACKLOG = 2048  # connections that the system keeps until they are taken
# So many are taken at once: between two turns those that are too many are ended, see `connections`.
TAKEN_AT_ONCE = 16


def bind(host: str, port: int) -> socket.socket:
    """Listen there; port 0 for any that is free. Raises UsageError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        # With its protocol said: asyncio sends without delay (TCP_NODELAY) only where it knows that
        # it is TCP, and each answer would wait 40 ms for the browser's acknowledgement.
        listening = socket.socket(family, kind, protocol)
    except OSError as exc:
        raise UsageError(
            f"cannot listen at {host}: {exc.strerror}; name an address of this machine"
        ) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as exc:
        listening.close()
        raise UsageError(
            f"cannot listen at {host}, port {port}: {exc.strerror}; "
            "stop the other program, or name another port with --port"
        ) from None
    return listening


def serve(site: Site, listening: socket.socket) -> None:
    """Answer requests until Ctrl-C or SIGTERM; requests that have begun are answered."""
    # What is here now stays. Pages of a large class make a million records at a time, none of which
    # refers back to itself: looking for such among them took a third of the time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    config = web_config(site, SilentConnections(most_connections()))
    with site.accounts.token_uses.written(), _ends_here():
        WebServer(config, site).run(sockets=[listening])


def web_config(site: Site, silent: SilentConnections) -> uvicorn.Config:
    """How uvicorn serves a site."""
    trusted = list(site.settings.trusted_proxies)
    return uvicorn.Config(
        create_app(site),
        log_config=None,
        access_log=False,  # it would contain the secrets of invitations; the guard writes ours
        server_header=False,
        lifespan="off",
        ws="none",
        http=partial(HttpConnection, silent=silent),  # type: ignore[arg-type]  # it is only called
        proxy_headers=bool(trusted),
        # Else the variable FORWARDED_ALLOW_IPS would decide, or all of this machine be trusted.
        forwarded_allow_ips=trusted,
        backlog=TAKEN_AT_ONCE,
        timeout_graceful_shutdown=GRACE_S,
    )


class WebServer(uvicorn.Server):
    """uvicorn's, which tells the site when it is to end."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets)
        # asyncio has asked the system to keep no more than it takes at once.
        for each in sockets or ():
            each.listen(BACKLOG)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._site.stopping.set()
        super().handle_exit(sig, frame)


@contextlib.contextmanager
def _ends_here() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more; then it has done its work."""

    def ignore(*_: Any) -> None:
        pass

    before = {name: signal.signal(name, ignore) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
