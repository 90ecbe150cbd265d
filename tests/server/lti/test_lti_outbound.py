"""What a platform answers is bounded, however it answers, and only safe addresses are asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.server.lti.protocol import outbound
from grader.server.lti.protocol.outbound import Target, ask
from grader.server.lti.protocol.outbound_rules import is_safe
from grader.server.lti.protocol.records import PlatformFault

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def answering(*parts: bytes, pause_s: float = 0.0) -> Iterator[str]:
    """The address of a server that sends these bytes, one part after the other."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                try:
                    for part in parts:
                        connection.sendall(part)
                        if stopped.wait(pause_s):
                            return
                except OSError:
                    return  # the asker has gone

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/keys"
        finally:
            stopped.set()
            thread.join(10)


def test_what_is_answered_comes_with_its_links() -> None:
    link = b'Link: <https://lms.example.edu/2>; rel="next", </1>; rel=prev\r\n'
    with answering(HEAD + link + b'Content-Length: 8\r\n\r\n{"a": 1}') as address:
        answer = ask("GET", address)
    assert answer.value == {"a": 1}
    assert answer.links == {"next": "https://lms.example.edu/2", "prev": "/1"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (HEAD + b"Content-Length: 1\r\n\r\n{", "is not JSON"),
        (HEAD + b"Content-Length: 99\r\n\r\n{", "cannot be reached"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n", "answered 302"),
        (b"SSH-2.0-OpenSSH\r\n", "cannot be reached"),
        (HEAD + b"Content-Length: 3000000\r\n\r\n" + b" " * 3_000_000, "more than 2 MB"),
        (HEAD + b"Content-Length: 60000\r\n\r\n" + b"[" * 60000, "is not JSON"),
        (b"", "cannot be reached"),
    ],
)
def test_an_answer_that_is_none_is_told_in_one_line(sent: bytes, said: str) -> None:
    with answering(sent) as address, pytest.raises(PlatformFault, match=said) as caught:
        ask("GET", address)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "bit"), [(HEAD, b"X-A: b\r\n"), (HEAD + b"Content-Length: 99999\r\n\r\n", b"a")]
)
def test_an_answer_that_comes_bit_by_bit_is_ended(
    head: bytes, bit: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "WHOLE_S", 0.5)
    slow = answering(head, *[bit] * 300, pause_s=0.05)
    with slow as address, pytest.raises(PlatformFault, match=r"took longer than 0\.5 s"):
        ask("GET", address)


@given(st.text(alphabet="htps:/@.[]# \\\t\n\u00e9 localhost127.0.0.1x?", max_size=40))
def test_only_https_or_this_machine_is_safe(address: str) -> None:
    if is_safe(address):
        assert address.startswith(("https://", "http://localhost", "http://127.0.0.1"))
        assert "@" not in address.split("/")[2]
        assert address.isascii()
        assert " " not in address


@pytest.mark.parametrize(
    "address",
    [
        "http://lms.example.edu/keys", "ftp://x", "file:///etc/passwd", "https://", "//x", "",
        "https://user@lms.example.edu/", "http://127.0.0.1.example.edu/", "https://a b/",
        "http://localhost:99999999/",
    ],
)  # fmt: skip
def test_an_unsafe_address_is_not_asked(address: str) -> None:
    assert not is_safe(address)
    with pytest.raises(PlatformFault, match="https address"):
        ask("GET", address)


@pytest.mark.parametrize(
    "machine", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "224.0.0.1"]
)
def test_no_address_of_a_private_network_is_asked(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (machine, 443))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(PlatformFault, match="a private network"):
        Target.of("https://lms.example.edu/files", frozenset())
    # A public machine is asked as it was looked up, whatever the name means a moment later.
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: found[:1])
    target = Target.of("https://lms.example.edu:8443/files?a=1", frozenset())
    assert target.address == "https://93.184.215.14:8443/files?a=1"
    assert target.headers == {"Host": "lms.example.edu:8443"}
    assert target.extensions == {"sni_hostname": "lms.example.edu"}
