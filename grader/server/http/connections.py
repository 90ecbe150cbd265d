"""Connections on which no request comes: how long they may stay open, and beside how many others.

A client that connects and says nothing, or sends its headers byte by byte, is kept by no thread; it
takes up a connection and a file descriptor until its time is over. If there are as many connections
as may be, the one on which no request has come for longest ends for each new one; so whoever sends
a request finds room, however many others are silent.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_S = 20.0  # for the whole of a request's headers
MOST_CONNECTIONS = 2000


class SilentConnections:
    """The connections on which no request has come, the longest waiting first. For one event loop.

    most: how many connections of every kind there may be. headers_s: how long one may be silent.
    """

    def __init__(self, most: int, headers_s: float = HEADERS_S) -> None:
        self.most = most
        self.headers_s = headers_s
        self._waiting: dict[HttpConnection, asyncio.TimerHandle] = {}

    def begin(self, connection: HttpConnection) -> None:
        """A connection waits for its next request's headers."""
        if connection not in self._waiting:
            timer = connection.loop.call_later(self.headers_s, connection.end)
            self._waiting[connection] = timer

    def end(self, connection: HttpConnection) -> None:
        """A request has come, or the connection is gone."""
        timer = self._waiting.pop(connection, None)
        if timer is not None:
            timer.cancel()

    def make_room(self) -> None:
        """End the connection that has waited longest; nothing if each has its request."""
        for connection in self._waiting:
            self.end(connection)
            # What it has not read of an earlier answer, it may never read.
            connection.transport.abort()
            return


class HttpConnection(H11Protocol):
    """uvicorn's, with bounds for what comes before a request. See `SilentConnections`."""

    def __init__(self, *args: Any, silent: SilentConnections, **more: Any) -> None:
        super().__init__(*args, **more)
        self._silent = silent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # TCP's, as uvicorn has it
        self._silent.begin(self)
        if len(self.connections) > self._silent.most:
            self._silent.make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._silent.end(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def _look(self) -> None:
        # What is left of a body whose request was answered counts for no request.
        if self.cycle is None or self.cycle.response_complete:
            self._silent.begin(self)
        else:
            self._silent.end(self)

    def end(self) -> None:
        """Close it; at once if it was to close already and does not read what it was sent."""
        if self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.close()


def most_connections() -> int:
    """How many connections there may be, as far as the system gives this process files.

    As many again are left for the database and for what is handed in.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(wanted, soft) // 2
