"""Clients that connect and say nothing, or say it byte by byte, keep the server from nobody."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from making import write_course
from running_server import running_server
from serving import Serving, serving

from grader.server.http.connections import SilentConnections
from grader.server.web import WebServer, bind, web_config

SLOW = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 2000 + b"\r\n\r\n"


@contextmanager
def listening(served: Serving, silent: SilentConnections) -> Iterator[tuple[str, int]]:
    """The site at a port of this machine, with bounds of the test's choice."""
    with bind("127.0.0.1", 0) as at:
        server = WebServer(web_config(served.site, silent), served.site)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
        thread.start()
        try:
            yield at.getsockname()
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def served_here(tmp_path: Path) -> Iterator[Serving]:
    with serving(write_course(tmp_path / "course"), address="http://localhost") as opened:
        yield opened


def ended(silent: list[socket.socket]) -> int:
    """How many of these connections the server has ended by now."""
    readable, _, _ = select.select(silent, [], [], 0)
    return sum(_is_ended(each) for each in readable)


def _is_ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except ConnectionError:
        return True


def drip(connection: socket.socket, text: bytes) -> int:
    """Send a text byte by byte; how many bytes until the server ended the connection."""
    for sent, byte in enumerate(text):
        try:
            connection.sendall(bytes([byte]))
        except ConnectionError:
            return sent
        if ended([connection]):
            return sent
        time.sleep(0.02)
    return len(text)


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        # A second request on a connection that was answered.
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        # The rest of a form that was refused before it had come.
        b"POST /account HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
    ],
)
def test_headers_that_come_byte_by_byte_end_the_connection(
    served_here: Serving, begin: bytes
) -> None:
    with (
        listening(served_here, SilentConnections(most=100, headers_s=0.5)) as at,
        socket.create_connection(at) as slow,
    ):
        if begin:
            slow.sendall(begin)
            assert slow.recv(64).startswith(b"HTTP/1.1")
            slow.settimeout(0.2)
            with contextlib.suppress(TimeoutError):
                while slow.recv(65536):
                    pass
            slow.settimeout(None)
        assert drip(slow, SLOW) < len(SLOW)


def test_a_request_that_takes_long_is_answered(served_here: Serving) -> None:
    """Only headers have so little time: what was asked for may take longer, and so may a form."""
    body = b"secret=x"
    with (
        listening(served_here, SilentConnections(most=100, headers_s=0.2)) as at,
        socket.create_connection(at) as slow,
    ):
        slow.sendall(b"POST /invitation/none HTTP/1.1\r\nHost: localhost\r\n")
        slow.sendall(b"Content-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            time.sleep(0.1)
            slow.sendall(bytes([byte]))
        assert slow.recv(64).startswith(b"HTTP/1.1")


def test_of_too_many_the_one_that_was_silent_longest_makes_room(served_here: Serving) -> None:
    most = 8
    with listening(served_here, SilentConnections(most=most)) as at, ExitStack() as stack:
        silent = []
        for number in range(3 * most):
            silent.append(stack.enter_context(socket.create_connection(at)))
            answer = httpx2.get(f"http://localhost:{at[1]}/healthz")
            assert answer.status_code == 200, number
        gone = [bool(ended([each])) for each in silent]
        assert gone == sorted(gone, reverse=True)
        assert gone.count(False) in (most - 1, most)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="bounds what a process may open")
def test_more_silent_clients_than_the_server_may_open_files(tmp_path: Path) -> None:
    """A server that the system gives few files, and whoever opens more connections than that."""
    files = 300
    with running_server(write_course(tmp_path / "course"), "--jobs", "0", files=files) as running:
        port = httpx2.URL(running.address).port
        assert port is not None
        with ExitStack() as stack:
            silent = [
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                for _ in range(2 * files)
            ]
            for number in range(3):
                answer = httpx2.get(f"{running.address}/healthz", timeout=60)
                assert answer.status_code == 200, number
            assert len(silent) - files // 2 <= ended(silent) <= len(silent) - files // 2 + 4
