"""A student's clock that is wrong by days: the receiver's counts, and the student is told."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
import urllib.error
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_course
from running import run_grader

from grader._internal.clock import ago, clock_note, now_utc
from grader.errors import UsageError
from grader.student.remote import CourseServer


class OddClock(http.server.BaseHTTPRequestHandler):
    """A course's server that knows everybody and takes nothing, with another clock."""

    ahead = timedelta()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(now_utc() + self.ahead, usegmt=True)

    def do_GET(self) -> None:
        data = json.dumps({"id": "ada"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_error(500)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(params=[73.0, -960.0, 0.01])
def ahead(request: pytest.FixtureRequest) -> timedelta:
    """How far the server's clock is ahead."""
    return timedelta(hours=request.param)


@pytest.fixture
def address(ahead: timedelta) -> Iterator[str]:
    handler = type("OddClockNow", (OddClock,), {"ahead": ahead})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_who_hands_in_on_a_server_is_told_before_the_question(
    address: str, ahead: timedelta, tmp_path: Path
) -> None:
    kit = write_course(tmp_path / "kit", staff=False)
    (kit / "assignments/demo/demo.py").write_text(DEMO_RIGHT, encoding="utf-8")
    ran = run_grader("submit", "demo", "--yes", "--to", address, "--token", "grader_x", cwd=kit)
    assert ran.code == 2, ran.said  # it takes nothing
    told = {3: "is 3 days behind", -40: "is 40 days ahead of"}.get(ahead.days, "")
    assert ("this machine's clock is" in ran.said) == bool(told)
    assert told in ran.said
    assert (f"that of {address}, which counts" in ran.said) == bool(told)


def test_a_folder_with_another_clock_is_told() -> None:
    now = now_utc()
    assert clock_note(now, now - timedelta(seconds=61), "the folder x") == ""
    said = clock_note(now, now - timedelta(days=2), "the folder x")
    assert said.startswith("this machine's clock is 2 days ahead of that of the folder x, which")


@pytest.mark.parametrize(("code", "told"), [(9, True), (10, True), (20, False)])
def test_a_certificate_that_does_not_hold_now_points_at_the_clock(code: int, told: bool) -> None:
    """Far from the right date no https address can be reached."""
    failed = ssl.SSLCertVerificationError(1, "certificate verify failed")
    failed.verify_code = code
    remote = CourseServer("https://grader.example.edu", "grader_x")

    def fail(*_: object, **__: object) -> None:
        raise urllib.error.URLError(failed)

    remote._opener.open = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(UsageError) as caught:
        remote.who()
    assert ("see whether this machine's clock is right" in str(caught.value)) == told


def test_a_time_to_come_is_not_said_to_be_past() -> None:
    now = datetime.fromisoformat("2026-03-27T12:00:00+00:00")
    assert ago(now + timedelta(days=3), now) == "3 days from now"
    assert ago(now - timedelta(days=3), now) == "3 days ago"
    assert ago(now + timedelta(seconds=20), now) == "less than a minute ago"
