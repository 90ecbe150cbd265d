"""One session of a homework's checks, in which hand-ins are graded one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from grader._internal import log
from grader._internal.clock import now_utc
from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.course.feedback import shown
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task
from grader.errors import GradebookUnavailable, SpecError, StorageFailed
from grader.gradebook.grades.counting import attempt_of
from grader.gradebook.marking.marking import digests_of, written
from grader.gradebook.records import Attempt
from grader.reports.schema import CheckResult
from grader.reports.summary import row_of
from grader.reports.visible import student_report
from grader.sandbox.host.launch import Launcher
from grader.server.grading.canary import Canaries, canary_tasks, is_canary, trouble_with
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.queue import MOST_FAILURES, GradingQueue
from grader.server.records import EventKind, HandIn
from grader.submission.files import read_archive
from grader.submission.sources import Source

_LOG = log.logger("server.session")

# How long a session's homework comes first while older hand-ins of others wait.
SESSION_S = 10.0
# Results are told this often while a hand-in is graded; the rest comes with the report.
TELL_S = 0.3
RENEW_S = 60.0
AWAY_S = 0.5
CLAIM_S = 360.0

Answer = TypeVar("Answer")


class TaskGrader(Protocol):
    """Where tasks are graded: here, or on the workers of a cluster."""

    def grade(
        self,
        course: Course,
        assignment: Assignment,
        tasks: Iterable[Task],
        deliver: Callable[[Task, Result], None],
        ended: Callable[[Task, CheckResult], None],
        goes_on: Callable[[], bool],
    ) -> None:
        """Grade tasks one after the other, each taken when the one before it is delivered.

        ended: called for each check, at the latest before its task is delivered. goes_on: asked now
        and then while a result is waited for; if it says no, the rest is left, that task included.
        Raises GraderFault, and UsageError for a homework that cannot be graded.
        """


@dataclass(frozen=True)
class LocalTaskGrader:
    """This process. What is graded is finished, whoever would like to stop."""

    launcher: Launcher

    def grade(
        self,
        course: Course,
        assignment: Assignment,
        tasks: Iterable[Task],
        deliver: Callable[[Task, Result], None],
        ended: Callable[[Task, CheckResult], None],
        goes_on: Callable[[], bool],  # each check that ends renews the claim
    ) -> None:
        """See `TaskGrader`."""
        grade_all(
            assignment,
            tasks,
            self.launcher,
            deliver,
            seed=course.secret_seed(assignment.name),
            keep_figures=course.settings.server.figures,
            on_result=ended,
        )


@dataclass(frozen=True)
class GradingDesk:
    """What a worker has at hand. name: the worker's."""

    name: str
    task_grader: TaskGrader
    queue: GradingQueue
    canaries: Canaries
    blobs: Blobs


class Clerk(Protocol):
    """Who hands the session its work: see `worker.GradingWorker`."""

    def next(self, prefer: str | None) -> HandIn | None:
        """The next hand-in, the same until it is done; None at the end."""

    def done(self) -> None:
        """The hand-in has ended."""

    def version(self, name: str) -> str:
        """What a homework consists of now."""

    def told_to_stop(self, wait_s: float) -> bool:
        """Whether to stop; wait so long to hear it."""


class GradingSession:
    """Grades hand-ins of one homework until another's come first, or its files change."""

    def __init__(
        self, clerk: Clerk, desk: GradingDesk, course: Course, name: str, version: str
    ) -> None:
        self._clerk = clerk
        self._desk = desk
        self._course = course
        self._assignment = course.assignment(name)
        self._version = version
        self._canary_trouble = ""
        self._hand_in: HandIn | None = None
        self._events: list[tuple[EventKind, str]] = []
        self._told_at = self._renewed_at = 0.0

    def run(self) -> None:
        """Grade what comes. Raises SpecError for a homework that cannot be graded.

        What else goes wrong with a hand-in is raised, too; the clerk still holds it then.
        """
        work = self._tasks(), self._deliver, self._ended, self._goes_on
        self._desk.task_grader.grade(self._course, self._assignment, *work)

    def _goes_on(self) -> bool:
        """Renew the claim of what is waited for. False if it is lost, or if it is time to stop."""
        if self._clerk.told_to_stop(0):
            return False
        now = time.monotonic()
        if self._hand_in is None or now - self._renewed_at < RENEW_S:
            return True
        self._renewed_at = now
        try:
            return self._desk.queue.tell(self._hand_in.key, self._desk.name, [], CLAIM_S)
        except GradebookUnavailable:
            return True  # the claim holds for some time yet

    def _tasks(self) -> Iterator[Task]:
        name, began = self._assignment.name, time.monotonic()
        yield from self._canaries()
        while True:
            prefer = name if time.monotonic() - began < SESSION_S else None
            hand_in = self._clerk.next(prefer)
            if hand_in is None or hand_in.assignment != name:
                return
            if self._clerk.version(name) != self._version:
                return
            self._hand_in, self._events = hand_in, []
            self._told_at = self._renewed_at = time.monotonic()
            yield self._task(hand_in)

    def _canaries(self) -> Iterator[Task]:
        key = self._assignment.name, self._version
        known = self._desk.canaries.found().get(key)
        if known is None:
            yield from canary_tasks(self._assignment)
            self._desk.canaries.keep(*key, self._canary_trouble)
            known = not self._canary_trouble
        elif known:
            # The files may be again as they were before somebody broke them.
            self._desk.canaries.settle(self._assignment.name)
        if not known:
            raise SpecError(self._canary_trouble or "its canaries have failed")

    def _task(self, hand_in: HandIn) -> Task:
        source = Source(
            path=self._desk.blobs.path(hand_in.sha256),
            student=hand_in.student_id,
            assignment=hand_in.assignment,
            received_at=hand_in.received_at,
            label=hand_in.label,
            members=hand_in.members,
            source=f"hand-in {hand_in.number}",
        )
        submission = read_archive(self._desk.blobs.read(hand_in.sha256))
        return Task(source, hand_in.assignment, submission=submission)

    def _ended(self, task: Task, check: CheckResult) -> None:
        """A check has ended: tell those who wait, but not more often than they can read."""
        if is_canary(task) or self._hand_in is None:
            return
        # The message may be long, and comes with the report.
        told = check.model_copy(update={"message": None, "diagnosis": None, "figures": ()})
        self._events.append((EventKind.CHECK, told.model_dump_json()))
        now = time.monotonic()
        if now - self._told_at < TELL_S:
            return
        self._told_at = now
        try:
            held = self._desk.queue.tell(self._hand_in.key, self._desk.name, self._events, CLAIM_S)
        except GradebookUnavailable:
            return  # it is told later
        self._events = []
        if not held:
            _LOG.warning("%s: the claim of %s ran out", self._desk.name, self._hand_in.label)

    def _deliver(self, task: Task, result: Result) -> None:
        if is_canary(task):
            self._canary_trouble = self._canary_trouble or trouble_with(
                task.source.label, result.staff
            )
            return
        hand_in = self._hand_in
        assert hand_in is not None, "a task is a hand-in's, or a canary"
        queue, name = self._desk.queue, self._desk.name
        faults = result.staff.faults
        if faults and hand_in.failures + 1 < MOST_FAILURES:
            why = faults[0].message.headline if faults[0].message is not None else ""
            self._insist(lambda: queue.give_back(hand_in.key, name, f"{faults[0].id}: {why}"))
        else:
            pictures = self._insist(
                lambda: {file: self._desk.blobs.put(data) for file, data in result.pictures.items()}
            )
            attempt, texts = self._recorded(task, result)
            events = [*self._events, (EventKind.OPEN if faults else EventKind.DONE, "{}")]
            self._insist(lambda: queue.finish(hand_in.key, name, attempt, texts, pictures, events))
        self._hand_in = None
        self._clerk.done()

    def _recorded(self, task: Task, result: Result) -> tuple[Attempt, tuple[str, str]]:
        """What the gradebook keeps of a hand-in, as `grade` would record it."""
        attempt = attempt_of(task.source, row_of(result.staff, task.source))
        spec = self._assignment.spec
        if spec.questions:
            answers = digests_of(written(task.read().files), spec.questions)
            attempt = replace(attempt, answers=answers)
        past = spec.due is not None and spec.due < now_utc()
        feedback = self._course.feedback(task.assignment)
        seen = shown(feedback, due_passed=past, released=False)
        theirs = student_report(result.staff, result.student, seen)
        return attempt, (result.staff.to_json(), theirs.to_json())

    def _insist(self, act: Callable[[], Answer]) -> Answer:
        """Do something that a full disk or a database that is away only puts off.

        Raises what stops it once it is time to stop.
        """
        while True:
            try:
                return act()
            except (GradebookUnavailable, StorageFailed):
                if self._clerk.told_to_stop(AWAY_S):
                    raise
