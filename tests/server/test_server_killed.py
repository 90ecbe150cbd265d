"""A server that is killed at any write loses nothing that it took, and grades nothing twice."""

from __future__ import annotations

import itertools
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from books import roster, student
from making import DEMO_RIGHT, write_course
from running import Ran, run_script
from sqlalchemy import select
from write_points import asking

from grader._internal.clock import now_utc
from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.gradebook.connect import reading
from grader.gradebook.models import history, reports
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import MOST_TRIES
from grader.server.records import EventKind, HandInState

SCRIPT = Path(__file__).with_name("small_server.py")
WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")
POINTS = (
    "open .grader/server/blobs/incoming/.writing",
    "os.rename .grader/server/blobs/HASH",
    "sqlite INSERT INTO hand_ins",
    "sqlite COMMIT after INSERT INTO hand_ins",
    "sqlite INSERT INTO canaries",
    "os.remove .grader/server/blobs/workers/worker-N",
    "sqlite UPDATE hand_ins SET",
    "sqlite COMMIT after INSERT INTO check_events",
    "sqlite INSERT INTO attempts",
    "sqlite INSERT INTO reports",
    "sqlite INSERT INTO report_texts",
    "sqlite INSERT INTO history",
    "sqlite COMMIT after UPDATE alerts SET",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="forks a process"),
]


def class_at(folder: Path) -> Path:
    root = write_course(folder / "course")
    with open_gradebook(find_course(root)) as book:
        book.enrol(roster(*(student(f"s{number}") for number in range(3))), who="test")
    return root


def test_a_kill_at_any_write_loses_no_hand_in_and_grades_none_twice(tmp_path: Path) -> None:
    root, log = class_at(tmp_path), tmp_path / "log"
    names = itertools.count()
    taken: list[int] = []

    def serve(*texts: str, kill_at: str = "") -> Ran:
        number = next(names)
        own = [f"{text}# {number}\n" for text in texts]
        ran = run_script(SCRIPT, root, f"worker-{number}", *own, **asking(root, log, kill_at))
        taken.extend(map(int, ran.out.split()))
        return ran

    for point in POINTS:
        ran = serve(DEMO_RIGHT, WRONG, kill_at=point)
        assert ran.code == -signal.SIGKILL, (point, ran, log.read_text().splitlines())
    ran = serve(DEMO_RIGHT)
    assert ran.code == 0, ran.err
    course = find_course(root)
    with open_gradebook(course) as book:
        hand_ins = HandIns(book.engine, course.settings.server, now_utc)
        rows = hand_ins.in_state(*HandInState)
        # What was said to be taken is there, and what is there is graded.
        assert set(taken) <= {row.key for row in rows}
        assert {row.state for row in rows} == {HandInState.GRADED}
        assert all(0 < row.tries < MOST_TRIES for row in rows)
        attempts = {attempt.key: attempt for attempt in book.attempts("demo")}
        assert sorted(attempts) == sorted(row.attempt or 0 for row in rows)
        for row in rows:
            assert attempts[row.attempt or 0].sha256 == row.sha256
            right = row.student_id == "s0"
            assert attempts[row.attempt or 0].score == (10 if right else 4)
        ends = Counter(
            event.hand_in for event in hand_ins.events(0) if event.kind is EventKind.DONE
        )
        assert ends == Counter(row.key for row in rows)
        with reading(book.engine) as connection:
            assert len(connection.execute(select(reports.c.key)).all()) == len(rows)
            graded = select(history.c.key).where(history.c.action == "graded")
            assert len(connection.execute(graded).all()) == len(rows)
        # Nobody gets a number twice, and none is left out.
        for name in ("s0", "s1"):
            numbers = [row.number for row in rows if row.student_id == name]
            assert numbers == list(range(1, len(numbers) + 1))
