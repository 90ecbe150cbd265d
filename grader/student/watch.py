"""Runs the checks again whenever a student saves a file, with everything loaded only once.

One pytest session keeps running (see runner.py) and takes the next submission when a file is saved.
The worker for it was started after the last run and has already imported numpy. Saving while the
checks are running ends them: an endless loop need not time out before its correction is checked.

Editors save in many ways: they write in place, replace the file by another, or delete and restore
it. So the folder is watched, and only the content of the files decides whether to run.
"""

from __future__ import annotations

import functools
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import watchfiles

from grader.course.assignment import Assignment
from grader.engine.collection import Check
from grader.engine.task import Task
from grader.errors import GraderError, SubmissionError, UsageError
from grader.reports.schema import Report
from grader.sandbox.host.spare import SpareLauncher
from grader.student.check import watch_locally, work_task
from grader.student.work import read_work, work_digest
from grader.submission.files import Submission
from grader.submission.program import prepare

STEP_MS, GROUP_MS = 20, 100
RESTORE_S = 0.3  # a file that an editor puts in place of another is missing for less
LOOK_S = 0.2


class Wish(StrEnum):
    """What may be asked for while nothing runs."""

    SAVED = "saved"
    AGAIN = "again"
    HINT = "hint"
    QUIT = "quit"


class Screen(Protocol):
    """What shows the results."""

    def collected(self, assignment: Assignment, checks: Sequence[Check]) -> None:
        """From now on, this is the homework and these are its checks."""

    def running(self) -> None:
        """The checks begin."""

    def result(self, report: Report, took_s: float) -> None:
        """The checks have ended."""

    def trouble(self, text: str) -> None:
        """There is nothing to check at the moment, and why."""

    def hint(self) -> None:
        """The user asked for a hint."""


class Watch:
    """One watched homework. `wish` may be called from any thread, `run` returns after QUIT."""

    def __init__(
        self,
        load: Callable[[], Assignment],
        path: Path | None,
        only: str | None,
        launcher: SpareLauncher,
        screen: Screen,
    ) -> None:
        """load: reads the assignment, again where its own files were changed. path: what to check;
        the homework's folder if None."""
        self._load = load
        self._path = path
        self._only = only
        self._launcher = launcher
        self._screen = screen
        self._wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._seen = ""  # the digest of the files that are checked, or were last
        self._running = self._stopped = self._quits = False
        self._blind: str | None = None  # why changes cannot be seen
        self._began = 0.0

    def run(self) -> None:
        """Check, and again at every save, until somebody quits. Raises SpecError for an `only`
        that fits no check, and KeyboardInterrupt."""
        assignment = self._load()
        ended = threading.Event()
        files = threading.Thread(target=self._look, args=(assignment, ended), daemon=True)
        files.start()
        try:
            self._run_session(assignment)
            while not self._quits:
                assignment = self._reload(assignment)
        finally:
            ended.set()
            files.join()
        if self._blind is not None:
            raise UsageError(
                f"{assignment.folder} cannot be watched: {self._blind}; use `check` without --watch"
            )

    def wish(self, wish: Wish) -> None:
        """Ask for something."""
        if wish is Wish.QUIT:
            self._stop_run()
        self._wishes.put(wish)

    def _run_session(self, assignment: Assignment) -> None:
        """One pytest session, which lives as long as the course's own files are the same."""
        watch_locally(
            assignment,
            self._tasks(assignment),
            self._launcher,
            self._deliver,
            only=self._only,
            on_collect=functools.partial(self._screen.collected, assignment),
        )

    def _reload(self, assignment: Assignment) -> Assignment:
        """A new session after the course's own files changed; waits while they are of no use."""
        try:
            assignment = self._load()
            self._run_session(assignment)
        except UsageError as exc:
            self._screen.trouble(str(exc))
            self._quits = self._next() is Wish.QUIT
        return assignment

    def _tasks(self, assignment: Assignment) -> Iterator[Task]:
        """What to check, each as soon as it is there; ends where this session must."""
        while True:
            work = self._read(assignment)
            trouble = _trouble_with(work, assignment)
            if trouble is not None:
                time.sleep(RESTORE_S)
                work = self._read(assignment)
                trouble = _trouble_with(work, assignment)
            if trouble is not None:
                self._screen.trouble(trouble)
            else:
                self._begin()
                yield work_task(assignment, work)
                self._launcher.prepare()
            if not self._wait(assignment):
                return

    def _read(self, assignment: Assignment) -> Submission:
        work = read_work(assignment, self._path or assignment.folder)
        with self._lock:
            self._seen = work_digest(work.files)
        return work

    def _begin(self) -> None:
        self._screen.running()
        self._launcher.resume()
        with self._lock:
            self._running, self._stopped = True, False
        self._began = time.perf_counter()

    def _deliver(self, report: Report) -> None:
        with self._lock:
            self._running = False
            stopped = self._stopped
            if stopped:
                self._seen = ""  # it has had no result
        if not stopped:
            self._screen.result(report, time.perf_counter() - self._began)

    def _wait(self, assignment: Assignment) -> bool:
        """Until there is something to check. False if the session must end for it."""
        while True:
            wish = self._next()
            if wish is Wish.QUIT:
                self._quits = True
                return False
            if wish is Wish.HINT:
                self._screen.hint()
            elif self._course_changed(assignment):
                return False
            elif wish is Wish.AGAIN or self._is_new(assignment):
                return True

    def _next(self) -> Wish:
        while True:
            try:
                # Without an end to the waiting Ctrl-C would not come through on Windows.
                return self._wishes.get(timeout=LOOK_S)
            except queue.Empty:
                continue

    def _is_new(self, assignment: Assignment) -> bool:
        work = read_work(assignment, self._path or assignment.folder)
        with self._lock:
            return work_digest(work.files) != self._seen

    def _course_changed(self, assignment: Assignment) -> bool:
        try:
            return self._load().version != assignment.version
        except GraderError:
            return True

    def _look(self, assignment: Assignment, ended: threading.Event) -> None:
        """In a thread: tell of every change, and end the checks of what is no longer there."""
        path = self._path or assignment.folder
        watched = {assignment.folder, path if path.is_dir() else path.parent}
        changes = watchfiles.watch(
            *watched,
            watch_filter=None,
            step=STEP_MS,
            debounce=GROUP_MS,
            stop_event=ended,
            rust_timeout=int(LOOK_S * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        armed = False
        try:
            for changed in changes:
                # What was saved before the watching began shows itself at the first look.
                if changed or not armed:
                    self._tell_of_change(assignment)
                armed = True
        except (OSError, RuntimeError) as exc:  # such as too many watched files on this machine
            self._blind = str(exc)
            self.wish(Wish.QUIT)

    def _tell_of_change(self, assignment: Assignment) -> None:
        with self._lock:
            running = self._running
        if running and self._is_new(assignment):
            self._stop_run()
        self._wishes.put(Wish.SAVED)

    def _stop_run(self) -> None:
        with self._lock:
            if not self._running:
                return
            self._stopped = True
        self._launcher.interrupt()


def _trouble_with(work: Submission, assignment: Assignment) -> str | None:
    """Why there is nothing that could be run; an error in the code itself is none."""
    try:
        prepare(work, assignment)
    except SubmissionError as exc:
        return str(exc)
    return None
