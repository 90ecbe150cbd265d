"""Workers and their supervisor as they are: processes that grade what was handed in."""

from __future__ import annotations

import json
import multiprocessing
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from books import reports, roster, student
from making import DEMO_HIDDEN, DEMO_RIGHT, write_course

from grader._internal.clock import now_utc
from grader._internal.zips import zip_files
from grader.course.course import find_course
from grader.gradebook import Gradebook, open_gradebook
from grader.server.accounts.accounts import Accounts
from grader.server.alerts import Alerts
from grader.server.grading.fails_for_all import STUDENTS, FailsForAll
from grader.server.grading.order import WorkerOrder
from grader.server.grading.supervisor import Supervisor
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.records import EventKind, HandIn, HandInState, WorkersState

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="starts processes that lock files"),
]
NAMES = tuple(f"s{number}" for number in range(STUDENTS + 1))
SLOW = DEMO_RIGHT + "\nimport time\ntime.sleep(9)\n"


@dataclass(frozen=True)
class Graded:
    """A course whose hand-ins are graded by a supervisor's one worker."""

    root: Path
    book: Gradebook
    accounts: Accounts
    hand_ins: HandIns
    blobs: Blobs
    alerts: Alerts

    def hand_in(self, name: str, text: str) -> HandIn:
        account = self.accounts.account(name)
        assert account is not None
        data = zip_files({"demo.py": text.encode()})
        return self.hand_ins.accept("demo", account, self.blobs.put(data), len(data))

    def state(self, hand_in: HandIn) -> HandInState:
        found = self.hand_ins.hand_in(hand_in.key)
        assert found is not None
        return found.state

    def order(self, **changed: str) -> WorkerOrder:
        given = {
            "root": str(self.root),
            "database": self.book.engine.url.render_as_string(hide_password=False),
            "files": str(self.blobs.folder),
            "started": secrets.token_hex(8),
        }
        return WorkerOrder(**{**given, **changed}, unsafe=True)  # type: ignore[arg-type]  # texts

    @contextmanager
    def supervised(self, **changed: str) -> Iterator[Supervisor]:
        course, engine = find_course(self.root), self.book.engine
        with Supervisor(course, engine, self.hand_ins, self.order(**changed), 1) as supervisor:
            yield supervisor


@pytest.fixture
def graded(tmp_path: Path) -> Iterator[Graded]:
    root = write_course(tmp_path / "course")
    course = find_course(root)
    with open_gradebook(course) as book:
        book.enrol(roster(*map(student, NAMES)), who="test")
        accounts = Accounts(book.engine, course.settings.server, now_utc)
        accounts.sync()
        hand_ins = HandIns(book.engine, course.settings.server, now_utc)
        blobs = Blobs(tmp_path / "blobs")
        yield Graded(root, book, accounts, hand_ins, blobs, Alerts(book.engine, now_utc))


def until(true: Callable[[], object], what: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


def workers() -> list[int]:
    """The numbers of the processes that grade."""
    return [each.pid for each in multiprocessing.active_children() if each.pid is not None]


def test_a_homework_is_held_until_its_canaries_pass(graded: Graded) -> None:
    hidden = graded.root / "solutions" / "demo" / "hidden_checks.py"
    hidden.write_text(DEMO_HIDDEN.replace("reference.double(x)", "3 * x"))
    made = graded.hand_in("s0", DEMO_RIGHT)
    with graded.supervised():
        until(graded.alerts.open_alerts)
        (alert,) = graded.alerts.open_alerts()
        assert alert.text == (
            "demo is not graded: the reference does not pass hidden_checks::test_double_at_random "
            "(failed: double(x): wrong values). Correct the homework's files; then grading "
            "goes on by itself"
        )
        until(lambda: graded.state(made) is HandInState.WAITING)
        # A mended homework is graded without a new start.
        hidden.write_text(DEMO_HIDDEN)
        until(lambda: graded.state(made) is HandInState.GRADED)
        assert graded.alerts.open_alerts() == ()
        # One whose checks cannot even be read is held, too, and no hand-in is to blame.
        hidden.write_text("import nothing_of_this_name\n")
        later = graded.hand_in("s1", DEMO_RIGHT)
        until(graded.alerts.open_alerts)
        assert "nothing_of_this_name" in graded.alerts.open_alerts()[0].text
        until(lambda: graded.state(later) is HandInState.WAITING)
        found = graded.hand_ins.hand_in(later.key)
        assert found is not None
        assert (found.tries, found.failures) == (0, 0)
        # Files that are as they were before are known to be sound, and end the alert, too.
        hidden.write_text(DEMO_HIDDEN)
        until(lambda: graded.state(later) is HandInState.GRADED)
        assert graded.alerts.open_alerts() == ()
    (first, second) = graded.book.attempts("demo")
    assert first.score == second.score == 10


def test_a_homework_whose_package_is_missing_waits_until_it_is_there(graded: Graded) -> None:
    spec = graded.root / "assignments" / "demo" / "assignment.toml"
    before = spec.read_text()
    spec.write_text('packages = ["no-such-thing-here>=2"]\n' + before)
    made = graded.hand_in("s0", DEMO_RIGHT)
    with graded.supervised():
        until(graded.alerts.open_alerts)
        (alert,) = graded.alerts.open_alerts()
        assert "no-such-thing-here>=2 is not installed (demo needs it); run: " in alert.text
        assert 'pip install "no-such-thing-here>=2"' in alert.text
        until(lambda: graded.state(made) is HandInState.WAITING)
        spec.write_text('packages = ["pyyaml"]\n' + before)
        until(lambda: graded.state(made) is HandInState.GRADED)


def test_a_worker_that_dies_is_replaced_and_its_hand_in_graded_by_the_next(graded: Graded) -> None:
    slow = graded.hand_in("s0", SLOW)
    with graded.supervised() as supervisor:
        until(lambda: graded.state(slow) is HandInState.GRADING)
        (pid,) = workers()
        graded.hand_in("s1", DEMO_RIGHT)
        os.kill(pid, signal.SIGKILL)
        until(lambda: supervisor.state().started == 2)
        found = graded.hand_ins.hand_in(slow.key)
        assert found is not None
        assert found.failures == 1
        assert "ended by signal 9" in found.trouble
        until(lambda: supervisor.state().alive == 1)
        until(lambda: graded.state(slow) is HandInState.GRADING)
        # The second time it is for staff, and the others go on.
        os.kill(workers()[0], signal.SIGKILL)
        until(lambda: graded.state(slow) is HandInState.OPEN)
        until(lambda: graded.hand_ins.waiting().graded == 1)
    (alert,) = graded.alerts.open_alerts()
    assert alert.subject == "s0-1"
    assert workers() == []


def test_stopping_gives_back_what_is_not_done_in_time(graded: Graded) -> None:
    slow = graded.hand_in("s0", SLOW)
    with graded.supervised() as supervisor:
        until(lambda: graded.state(slow) is HandInState.GRADING)
        supervisor.stop(0)
        assert workers() == []
    found = graded.hand_ins.hand_in(slow.key)
    assert found is not None
    assert (found.state, found.failures) == (HandInState.WAITING, 0)


def test_what_cannot_be_read_is_tried_twice_and_then_for_staff(graded: Graded) -> None:
    lost, other = graded.hand_in("s0", "lost = 1\n"), graded.hand_in("s1", DEMO_RIGHT)
    graded.blobs.delete(lost.sha256)
    with graded.supervised():
        until(lambda: graded.state(lost) is HandInState.OPEN)
        until(lambda: graded.state(other) is HandInState.GRADED)
    assert "cannot be used" in graded.alerts.open_alerts()[0].text
    assert graded.book.grade("demo", "s0").points is None


def test_what_is_no_program_gets_a_report_that_says_so(graded: Graded) -> None:
    account = graded.accounts.account("s0")
    assert account is not None
    data = b"PK\x03\x04 this is no zip"
    made = graded.hand_ins.accept("demo", account, graded.blobs.put(data), len(data))
    with graded.supervised():
        until(lambda: graded.state(made) is HandInState.GRADED)
    (attempt,) = graded.book.attempts("demo")
    assert attempt.unusable
    assert attempt.score == 0


def test_a_machine_that_cannot_grade_is_told_and_loses_nothing(
    graded: Graded, tmp_path: Path
) -> None:
    made = graded.hand_in("s0", DEMO_RIGHT)
    with graded.supervised(root=str(tmp_path / "nowhere")) as supervisor:
        until(graded.alerts.open_alerts)
        assert "not in a course" in graded.alerts.open_alerts()[0].text
        state = supervisor.state()
        assert state == WorkersState(1, state.alive, state.started, state.trouble)
        assert "not in a course" in state.trouble
    assert graded.state(made) is HandInState.WAITING


def test_a_check_that_fails_for_all_is_told_once_until_somebody_passes(graded: Graded) -> None:
    queue = GradingQueue(graded.book.engine, now_utc)
    look = FailsForAll(find_course(graded.root), graded.book.engine, now_utc).look

    def play(name: str, outcome: str) -> None:
        """A worker's events of one check."""
        graded.hand_in(name, f"# {name} {outcome}\n")
        claimed = queue.claim("w", 60, None, ["demo"])
        assert claimed is not None
        text = json.dumps({"id": "checks::test_double", "outcome": outcome})
        queue.tell(claimed.key, "w", [(EventKind.CHECK, text)], 60)
        queue.finish(claimed.key, "w", attempt_of(claimed), reports(name), {})

    for name in NAMES[: STUDENTS - 1]:
        play(name, "failed")
    play(NAMES[-1], "not_attempted")
    play(NAMES[0], "error")  # the same student again is no other student
    look()
    assert graded.alerts.open_alerts() == ()
    play(NAMES[STUDENTS - 1], "timeout")
    look()
    (alert,) = graded.alerts.open_alerts()
    assert alert.text == (
        f"checks::test_double of demo has failed for all {STUDENTS} students who tried it; "
        "look whether the check is right"
    )
    # Who looks again is told the same once; a new start does not tell it twice.
    look()
    FailsForAll(find_course(graded.root), graded.book.engine, now_utc).look()
    assert len(graded.alerts.open_alerts()) == 1
    play(NAMES[-1], "passed")
    look()
    assert graded.alerts.open_alerts() == ()
