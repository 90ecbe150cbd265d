"""Uploads that go wrong, against a server that listens: nothing is kept, and others are served."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from making import DEMO_RIGHT, write_course
from running_server import RunningServer, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    course = write_course(tmp_path_factory.mktemp("strained") / "course")
    with running_server(course, "--jobs", "0") as running:
        yield running


def connected(server: RunningServer) -> socket.socket:
    parts = urlsplit(server.address)
    assert parts.hostname is not None
    assert parts.port is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


def head(server: RunningServer, token: str, length: str) -> bytes:
    return (
        "POST /api/v1/hand-ins/demo HTTP/1.1\r\n"
        f"Host: {urlsplit(server.address).netloc}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/zip\r\n{length}\r\n\r\n"
    ).encode()


def answer_to(sent: socket.socket) -> tuple[int, dict[str, object]]:
    response = http.client.HTTPResponse(sent)
    response.begin()
    return response.status, json.loads(response.read())


def is_served(server: RunningServer) -> bool:
    with urllib.request.urlopen(f"{server.address}/healthz", timeout=10) as response:
        return bool(response.status == 200)


def nothing_is_kept(server: RunningServer) -> bool:
    folder = server.site.course.root / server.site.settings.data / "blobs"
    return [path for path in folder.rglob("*") if path.is_file()] == []


def test_an_upload_that_breaks_off_keeps_nothing(server: RunningServer) -> None:
    with connected(server) as sent:
        sent.sendall(head(server, server.token("ada"), "Content-Length: 100000") + b"PK" * 500)
    assert is_served(server)
    assert nothing_is_kept(server)
    assert server.site.hand_ins.known_files() == set()


def test_a_gigabyte_is_refused_before_it_is_sent(server: RunningServer) -> None:
    with connected(server) as sent:
        sent.sendall(head(server, server.token("ada"), "Content-Length: 1000000000"))
        status, said = answer_to(sent)
    assert status == 413
    assert "More than 32.0 MB" in str(said["detail"])
    assert nothing_is_kept(server)


def test_a_body_of_unknown_length_is_counted_as_it_comes(server: RunningServer) -> None:
    token = server.token("ada")
    with connected(server) as sent:
        sent.sendall(head(server, token, "Transfer-Encoding: chunked"))
        piece = b"PK" + b"\0" * (1 << 20)
        status = 0

        def listen() -> None:
            nonlocal status
            status, _ = answer_to(sent)

        listener = threading.Thread(target=listen)
        listener.start()
        for _ in range(64):
            try:
                sent.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            except OSError:
                break
            if status:
                break
        listener.join(30)
    assert status == 413
    assert nothing_is_kept(server)


def test_slow_clients_keep_nobody_waiting(server: RunningServer) -> None:
    token = server.token("ada")
    slow = [connected(server) for _ in range(60)]
    try:
        for each in slow:
            each.sendall(head(server, token, "Content-Length: 1000") + b"PK")
        assert is_served(server)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("demo.py", DEMO_RIGHT)
        request = urllib.request.Request(
            f"{server.address}/api/v1/hand-ins/demo",
            data=buffer.getvalue(),
            headers={"Authorization": f"Bearer {server.token('bob')}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.status == 201
    finally:
        for each in slow:
            each.close()


def test_a_zip_that_unpacks_to_gigabytes_is_told_and_not_unpacked(server: RunningServer) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("demo.py", "w", force_zip64=True) as file,
    ):
        for _ in range(256):
            file.write(b"#" * (1 << 20))
    data = buffer.getvalue()
    sha256 = server.site.blobs.put(data)
    account = server.site.accounts.account("ada")
    assert account is not None
    draft = server.site.hand_ins.add_draft("demo", account, sha256, len(data))
    secret, _ = server.site.accounts.open_session(account)
    request = urllib.request.Request(
        f"{server.address}/drafts/{draft.id}", headers={"Cookie": f"grader_session={secret}"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        page = response.read().decode()
    assert "holds more than 500 files or 64 MB" in page
