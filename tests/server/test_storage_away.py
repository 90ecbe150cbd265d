"""The disk is full, or the database away: it is said, nothing is lost, and later it goes on."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import postgres
import pytest
from databases import empty_database
from making import DEMO_RIGHT, write_course
from running_server import RunningServer, running_server

from grader._internal.zips import zip_files
from grader.server.records import HandInState

LARGE = zip_files({"demo.py": DEMO_RIGHT.encode(), "noise.bin": random.Random(1).randbytes(90_000)})
SMALL = zip_files({"demo.py": DEMO_RIGHT.encode()})
PATIENCE_S = 120.0


def send(server: RunningServer, token: str, data: bytes) -> httpx2.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/zip"}
    address = f"{server.address}/api/v1/hand-ins/demo"
    return httpx2.post(address, content=data, headers=headers, timeout=60)


@contextmanager
def writing_at_most(server: RunningServer, size: int) -> Iterator[None]:
    """No file of the server's may become larger: the closest to a full disk that needs no disk."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def files_of(server: RunningServer) -> list[Path]:
    folder = server.site.course.root / server.site.settings.data / "blobs"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process")
def test_a_full_disk_is_told_and_keeps_nothing(tmp_path: Path) -> None:
    with running_server(write_course(tmp_path / "course"), "--jobs", "0") as server:
        token = server.token("ada")
        with writing_at_most(server, 64 << 10):
            refused = send(server, token, LARGE)
            assert refused.status_code == 507
            assert "cannot store files just now" in refused.json()["detail"]
            assert refused.headers["retry-after"] == "60"
            assert "files cannot" not in refused.text
            assert str(tmp_path) not in refused.text
            assert files_of(server) == []
        # The file has room and the database has none: there is no receipt for half of it.
        with writing_at_most(server, 2 << 10):
            refused = send(server, token, SMALL)
            assert refused.status_code == 503, refused.text
            assert "receipt" not in refused.text
        assert server.site.hand_ins.in_state(*HandInState) == ()
        taken = send(server, token, LARGE)
        assert taken.status_code == 201
        assert taken.json()["receipt"]["number"] == 1
        assert send(server, token, SMALL).json()["receipt"]["number"] == 2


@pytest.mark.slow
def test_a_database_that_is_away_is_waited_for(server: str, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    url = empty_database(server)
    with (course / "pyproject.toml").open("r+", encoding="utf-8") as file:
        text = file.read().replace("[tool.grader]", f'[tool.grader]\ngradebook = "{url}"', 1)
        file.seek(0)
        file.write(text)
    with running_server(course, "--jobs", "1", "--unsafe") as running:
        token, link = running.token("ada"), running.invitation("bob")
        browser = httpx2.Client(headers={"origin": running.address}, timeout=60)
        with browser:
            assert browser.post(link).status_code == 303
            first = send(running, token, SMALL)
            assert first.status_code == 201
            with postgres.away(url):
                refused = send(running, token, LARGE)
                assert refused.status_code == 503
                assert "password" not in refused.text
                assert "host=" not in refused.text
                page = browser.get(f"{running.address}/homeworks")
                assert page.status_code == 503
                assert "<h1" in page.text
                assert httpx2.get(f"{running.address}/healthz").status_code == 503
            assert httpx2.get(f"{running.address}/healthz").status_code == 200
            assert browser.get(f"{running.address}/homeworks").status_code == 200
            assert send(running, token, LARGE).json()["receipt"]["number"] == 2
            until = time.monotonic() + PATIENCE_S
            while running.site.hand_ins.in_state(HandInState.WAITING, HandInState.GRADING):
                assert time.monotonic() < until
                time.sleep(0.2)
            rows = running.site.hand_ins.in_state(*HandInState)
            assert [row.state for row in rows] == [HandInState.GRADED] * 2
            assert [each.score for each in running.site.book.attempts("demo")] == [10, 10]
