"""The server and its workers are processes; whichever is killed, nothing is lost or graded twice.

`test_server_killed` has more moments, of a server in one process and without the web.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from making import DEMO_RIGHT, write_course
from running import clean_environment
from serving import PEOPLE
from watched_server import ROLE
from write_points import asking

from grader._internal.zips import zip_files
from grader.course.course import find_course
from grader.server.records import EventKind, HandInState
from grader.server.site.site import Site, open_site

SCRIPT = Path(__file__).with_name("watched_server.py")
POINTS = (
    ("server", "os.rename .grader/server/blobs/HASH"),
    ("server", "sqlite COMMIT after INSERT INTO hand_ins"),
    ("worker", "sqlite UPDATE hand_ins SET"),
    ("worker", "sqlite INSERT INTO report_texts"),
    ("worker", "sqlite COMMIT after UPDATE alerts SET"),
)
PATIENCE_S = 300.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="watches how processes write"),
]


@contextlib.contextmanager
def serving_until_killed(
    root: Path, log: Path, role: str, kill_at: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, SCRIPT, "serve", "--port", "0", "--no-open", "--jobs", "1"]
    environment = clean_environment() | asking(root, log, kill_at) | {ROLE: role}
    with subprocess.Popen(
        [*command, "--unsafe"], cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\w.:]+", process.stdout.readline())
            assert found
            yield found[0], process
        finally:
            process.terminate()


def all_are_graded(site: Site) -> bool:
    return not site.hand_ins.in_state(HandInState.WAITING, HandInState.GRADING)


def wait_until(what: str, is_so: object) -> None:
    assert callable(is_so)
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def test_a_kill_of_either_process_loses_nothing_and_grades_nothing_twice(tmp_path: Path) -> None:
    root, log = write_course(tmp_path / "course"), tmp_path / "log"
    site = open_site(find_course(root), "http://localhost")
    with contextlib.closing(site.book):
        site.book.enrol(PEOPLE, who="test")
        site.accounts.sync()
        people = [each for each in site.accounts.everyone() if each.student is not None][:2]
        tokens = [site.accounts.new_token(each, "test") for each in people]
        confirmed: list[int] = []

        def hand_in(address: str, number: int) -> None:
            """As everybody; only what is answered counts."""
            for token in tokens:
                data = zip_files({"demo.py": f"{DEMO_RIGHT}# {number}\n".encode()})
                with contextlib.suppress(httpx2.TransportError):
                    answer = httpx2.post(
                        f"{address}/api/v1/hand-ins/demo",
                        content=data,
                        headers={"authorization": f"Bearer {token}"},
                        timeout=60,
                    )
                    assert answer.status_code == 201, answer.text
                    confirmed.append(answer.json()["key"])

        for number, (role, point) in enumerate(POINTS):
            log.write_text("")
            with serving_until_killed(root, log, role, point) as (address, process):
                hand_in(address, number)
                if role == "server":
                    assert process.wait(PATIENCE_S) == -signal.SIGKILL, point
                else:
                    reached = lambda: point in log.read_text().splitlines()  # noqa: B023, E731
                    wait_until(point, reached)
                    wait_until(point, lambda: all_are_graded(site))
                    assert process.poll() is None
        log.write_text("")
        with serving_until_killed(root, log, "nobody", "") as (address, _):
            hand_in(address, len(POINTS))
            wait_until("the end", lambda: all_are_graded(site))
        rows = site.hand_ins.in_state(*HandInState)
        assert set(confirmed) <= {row.key for row in rows}
        assert {row.state for row in rows} == {HandInState.GRADED}
        attempts = {attempt.key: attempt for attempt in site.book.attempts("demo")}
        assert sorted(attempts) == sorted(row.attempt or 0 for row in rows)
        assert {attempt.score for attempt in attempts.values()} == {10}
        ends = Counter(
            event.hand_in for event in site.hand_ins.events(0) if event.kind is EventKind.DONE
        )
        assert ends == Counter(row.key for row in rows)
        graded = [each for each in site.book.history() if each.action == "graded"]
        assert len(graded) == len(rows)
