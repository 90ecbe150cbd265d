"""Grades submissions, each with all checks of its assignment, in one session of checks.

Takes submissions from an iterator, runs every collected check on each, public checks first, and
delivers each finished result before it takes the next.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import pytest

import grader
from grader._internal import log
from grader._internal.clock import now_utc
from grader._internal.text import reported
from grader.checks.processor_time import processor_time
from grader.course.assignment import Assignment
from grader.engine.at_home import passed_at_home
from grader.engine.collection import PUBLIC_FILE, Check, describe_checks
from grader.engine.context import CheckContext
from grader.engine.drawn import DrawnFigure
from grader.engine.fingerprint import fingerprint
from grader.engine.outcome import classify, with_call, with_cause
from grader.engine.packages import require_packages
from grader.engine.proxy import Subject, limits_of
from grader.engine.session import end_submission, run_item, run_session
from grader.engine.task import AT_HOME, Result, Task
from grader.engine.waived import unless_attempted
from grader.errors import ProcessorTimeUp, SpecError, StudentFault, SubmissionError
from grader.reports.schema import (
    CheckResult,
    Environment,
    FigureFile,
    Message,
    Outcome,
    Report,
    Visibility,
)
from grader.sandbox.host.launch import Launcher, Limits
from grader.sandbox.protocol.packages import versions
from grader.submission.program import Program, prepare

_LOG = log.logger("engine.runner")

# A check may use this process as long as so many calls may take: the reference answers each, too.
OWN_CALLS = 6
# In wall time it may take all that the student's code may, and so many times as long as it may
# compute, because the machine may be busy.
OWN_WAITS = 5

PUBLIC_STEM = PUBLIC_FILE.removesuffix(".py") + "::"

KeepFigures = Literal["none", "failed", "visible", "all"]
OnCollect = Callable[[Sequence[Check]], None]
OnRaise = Callable[[Check, BaseException], None]
OnResult = Callable[[Task, CheckResult], None]
Remarks = tuple[tuple[str, ...], str]  # a report's warnings, and the end of what was printed
SubjectMaker = Callable[
    [Program | None, Launcher, Limits, Mapping[str, tuple[str, ...]], str | None], Subject
]


def grade_all(
    assignment: Assignment,
    tasks: Iterable[Task],
    launcher: Launcher,
    deliver: Callable[[Task, Result], None],
    *,
    seed: str,
    hidden: bool = True,
    keep_figures: KeepFigures = "failed",
    only: str | None = None,
    make_subject: SubjectMaker = Subject,
    on_raise: OnRaise | None = None,
    on_collect: OnCollect | None = None,
    on_result: OnResult | None = None,
) -> None:
    """Grade each task and deliver its result before taking the next.

    seed: of the hidden checks. hidden: whether to run them. keep_figures: none, those of checks
    that failed, also those that the student may see, or all. only: run the checks whose id or
    title holds this text. make_subject: what stands for a submission; the benchmark puts its floor
    here.
    on_raise: called with what a check raised, before anything is made of it. on_collect: called
    with the checks, before the first task is taken. on_result: called with each check's result as
    it ends; again for one that is run again because we were at fault. Raises SpecError if the
    checks cannot be collected, and PackagesMissing before the first task where `hidden`: at home
    the checks that need no package still say what they can.
    """
    if hidden:
        require_packages(assignment)
    launcher = launcher.serving(assignment.packages)
    context = CheckContext(assignment, seed)
    how = _How(keep_figures, make_subject, on_raise, on_result, not hidden)
    grading = _Grading(context, launcher, how)

    def work(items: Sequence[pytest.Item]) -> None:
        checks = matching(describe_checks(items), only)
        if on_collect is not None:
            on_collect(checks)
        for task in tasks:
            packed = task.packed()
            deliver(packed, grading.grade(packed, checks))

    run_session(assignment, context, work, hidden=hidden)


def collect_checks(assignment: Assignment, *, hidden: bool = False) -> list[Check]:
    """The checks, without running any. Raises SpecError if they cannot be collected."""
    checks: list[Check] = []

    def work(items: Sequence[pytest.Item]) -> None:
        checks.extend(describe_checks(items))

    run_session(assignment, CheckContext(assignment, ""), work, hidden=hidden)
    return checks


def matching(checks: list[Check], text: str | None) -> list[Check]:
    """The checks with a text in their id or title, or all. Raises SpecError if there is none."""
    if not text:
        return checks
    found = [c for c in checks if text.lower() in c.id.lower() or text.lower() in c.title.lower()]
    if not found:
        raise SpecError(f"no check has {text!r} in its name or title; use other text")
    return found


@dataclass(frozen=True)
class _How:
    """How a session runs checks: what `grade_all` was asked for."""

    keep_figures: KeepFigures
    make_subject: SubjectMaker
    on_raise: OnRaise | None
    on_result: OnResult | None
    at_home: bool  # a student runs the public checks on their own work


class _Grading:
    """Grades one submission after the other in one session."""

    def __init__(self, context: CheckContext, launcher: Launcher, how: _How) -> None:
        self._context = context
        self._launcher = launcher
        self._how = how

    def grade(self, task: Task, checks: Sequence[Check]) -> Result:
        started_at, began = now_utc(), time.perf_counter()
        assignment = self._context.assignment
        _LOG.info("%s: %s: %d checks", assignment.name, task.source.label, len(checks))
        run = _Run(self._context, self._launcher, task, self._how.make_subject)
        earlier = task.earlier
        pictures = dict(earlier.pictures) if earlier else {}
        held = {check.id: check for check in earlier.staff.checks} if earlier else {}
        results: list[CheckResult] = []
        try:
            for check in checks:
                if check.hidden:
                    run.enter_hidden(results)
                result = held.get(check.id)
                results.append(result or self._run_check(check, run, pictures))
            results = self._retried(results, checks, run, pictures)
            run.subject.warnings += end_submission([check.item for check in checks])
        finally:
            run.close()
        for_staff, for_student = run.remarks()
        report = Report(
            audience="staff",
            assignment=assignment.name,
            assignment_version=assignment.version,
            submission_sha256=task.read().sha256,
            student=task.source.student,
            seed=self._context.seed,
            environment=environment(assignment.packages),
            isolation=self._launcher.isolation,
            started_at=started_at,
            duration_s=round(time.perf_counter() - began, 4),
            score=round(sum(result.points for result in results), 2),
            max_score=round(sum(each.max_points for each in results if not each.bonus), 2),
            checks=tuple(results),
            warnings=for_staff[0],
            stdout_tail=for_staff[1],
        )
        _LOG.info(
            "%s: %s: %g of %g points",
            *(assignment.name, task.source.label, report.score, report.max_score),
        )
        return Result(report, report.for_student(*for_student), pictures, run.program)

    def _run_check(self, check: Check, run: _Run, pictures: dict[str, bytes]) -> CheckResult:
        run.subject.begin(check.limits)
        before = run.subject.calls, run.subject.attempts
        raised, duration_s = self._run_item(check)
        if check.waived:
            raised = unless_attempted(check.item.name, raised, run.subject, before)
        if isinstance(raised, ProcessorTimeUp):
            run.stopped.add(check.id)
            run.subject.renew()  # the check took of its time, and may have left it in mid-answer
        if raised is not None and self._how.on_raise is not None:
            self._how.on_raise(check, raised)
        outcome, message, diagnosis = classify(raised, check.hints, check.see)
        message = with_cause(outcome, message, run.subject.cause())
        if self._how.at_home:
            message = with_call(outcome, message, raised, run.subject.log.last_in_words(raised))
            diagnosis = diagnosis or run.subject.log.proportion(raised)
        if not check.hidden:
            message = self._with_output(message, run.subject.take_printed())
        _LOG.debug("%s: %s in %.4f s", check.id, outcome.value, duration_s)
        figures = []
        kept = self._keeps(check, outcome)
        for drawn in run.subject.take_figures():
            name = run.keep(drawn, pictures) if kept else None
            figures.append(FigureFile(title=drawn.title, file=name))
        result = CheckResult(
            id=check.id,
            title=check.title,
            max_points=check.max_points,
            bonus=check.bonus,
            points=check.max_points if outcome is Outcome.PASSED else 0.0,
            outcome=outcome,
            message=message,
            diagnosis=diagnosis,
            visibility=check.visibility,
            duration_s=round(duration_s, 4),
            figures=tuple(figures),
        )
        if self._how.on_result is not None:
            self._how.on_result(run.task, result)
        return result

    def _run_item(self, check: Check) -> tuple[BaseException | None, float]:
        """See run_item. A check that may never end is stopped, but not at home."""
        if self._how.at_home:
            return run_item(check.item)
        usual = limits_of(self._context.assignment.spec.limits)
        own = check.limits.call_s if check.limits is not None else None
        limit_s = OWN_CALLS * (own or usual.call_s)
        message = (
            f"{check.item.name} was stopped after {limit_s:g} s of processor time outside the "
            "student's code: it or the reference may never end; mend it, or raise `call_s` under "
            "[limits] in assignment.toml"
        )
        wall_s = usual.total_s + OWN_WAITS * limit_s
        idle_message = (
            f"{check.item.name} was stopped after {wall_s:g} s in which it hardly computed: it may "
            "wait for ever, as for sleep(), input() or the network; mend it"
        )
        limited = processor_time(limit_s, message, wall_s=wall_s, idle_message=idle_message)
        try:
            # What a check prints must not stand in the middle of what `grade --json` prints.
            with limited, contextlib.redirect_stdout(sys.stderr):
                return run_item(check.item)
        except ProcessorTimeUp as exc:  # between the steps of run_item
            return exc, limit_s

    def _with_output(self, message: Message | None, printed: str | None) -> Message | None:
        """The message with what the student's code printed in the check; one of its own for a check
        that passes, at home."""
        if printed is None or (message is None and not self._how.at_home):
            return message
        return (message or Message(summary="it passes")).model_copy(
            update={"output": reported(printed)}
        )

    def _keeps(self, check: Check, outcome: Outcome) -> bool:
        """Whether the pictures that were drawn in a check are kept."""
        if self._how.keep_figures in ("none", "all"):
            return self._how.keep_figures == "all"
        shown = self._how.keep_figures == "visible" and check.visibility is Visibility.VISIBLE
        return shown or outcome is not Outcome.PASSED

    def _retried(
        self,
        results: list[CheckResult],
        checks: Sequence[Check],
        first: _Run,
        pictures: dict[str, bytes],
    ) -> list[CheckResult]:
        """Run again, on a fresh worker, the checks in which we were at fault.

        Not those that may never end: nothing but time would come of it.
        """
        again = {each.id for each in results if each.outcome is Outcome.GRADER_ERROR}
        again -= first.stopped
        if not again:
            return results
        run = _Run(self._context, self._launcher, first.task, self._how.make_subject)
        try:
            return [
                self._run_check(check, run, pictures) if check.id in again else result
                for check, result in zip(checks, results, strict=True)
            ]
        finally:
            run.close()


class _Run:
    """The subject of one task, and what was said up to the first hidden check and after it."""

    def __init__(
        self, context: CheckContext, launcher: Launcher, task: Task, make_subject: SubjectMaker
    ) -> None:
        assignment = context.assignment
        self.task = task
        self.stopped: set[str] = set()  # the checks that may never end
        self.public_warnings: tuple[str, ...] = ()
        self.public_output = ""
        self._notes = context.notes = []
        self._packages = assignment.packages
        context.work = task.read().sha256
        self._first = list(task.source.warnings)
        self._entered = False
        self._manifest = task.read().manifest
        self._kept: dict[int, tuple[DrawnFigure, str]] = {}
        self.program: Program | None = None
        problem = None
        try:
            self.program = prepare(task.read(), assignment)
            self._first += self.program.warnings
        except SubmissionError as exc:
            problem = str(exc)
            self._first.append(problem)
        limits = limits_of(assignment.spec.limits)
        self.subject = make_subject(self.program, launcher, limits, assignment.functions, problem)
        context.subject = self.subject
        context.student = "" if task.source.student == AT_HOME else task.source.student
        self.subject.start()

    def enter_hidden(self, results: Sequence[CheckResult] = ()) -> None:
        """From here on what the student's code says may hold a hidden check's inputs.

        results: of the public checks.
        """
        if not self._entered:
            self._entered = True
            here = environment(self._packages)
            self._first += passed_at_home(self._manifest, results, here)
            self.public_warnings = self.warnings()
            self.public_output = self.subject.output()

    def warnings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._first, *self.subject.warnings, *self._notes]))

    def output(self) -> str:
        if not self._entered:
            self.enter_hidden()
            return self.public_output
        return (self.public_output + self.subject.output())[-8192:]

    def remarks(self) -> tuple[Remarks, Remarks]:
        """What the staff's and the student's report say in addition to the checks' results."""
        for_staff = self.warnings(), self.output()
        for_student = self.public_warnings, self.public_output
        earlier = self.task.earlier
        if earlier is None:
            return for_staff, for_student
        warnings = tuple(dict.fromkeys([*earlier.staff.warnings, *for_staff[0]]))
        # The public checks hold or are run all together; the output is of the run that had them.
        if any(check.id.startswith(PUBLIC_STEM) for check in earlier.staff.checks):
            student = earlier.student
            return (
                (warnings, earlier.staff.stdout_tail or ""),
                (student.warnings, student.stdout_tail or ""),
            )
        return (warnings, for_staff[1]), for_student

    def keep(self, drawn: DrawnFigure, pictures: dict[str, bytes]) -> str | None:
        """Render a picture for people, once for all checks that look at it; its file's name.

        One that cannot be rendered costs nothing.
        """
        if id(drawn) not in self._kept:
            with contextlib.suppress(StudentFault):
                data = drawn.png()
                if data is not None:
                    name = self._unused_name(drawn.title, pictures)
                    pictures[name] = data
                    # The figure itself is kept too, so that its id stays its own.
                    self._kept[id(drawn)] = drawn, name
        return self._kept[id(drawn)][1] if id(drawn) in self._kept else None

    def _unused_name(self, title: str, pictures: Mapping[str, bytes]) -> str:
        stem = f"figures/{self.task.source.label}/{title}"
        numbers = itertools.count(len(pictures) + 1)
        return next(name for n in numbers if (name := f"{stem}-{n}.png") not in pictures)

    def close(self) -> None:
        self.subject.close()


def empty_report(
    task: Task, reason: str, isolation: str, staff_reason: str | None = None
) -> Result:
    """The report of a submission for which no check was run, and why.

    staff_reason: told to staff instead, where `reason` leaves out what only they may see.
    """
    report = Report(
        audience="staff",
        assignment=task.assignment,
        assignment_version="",
        submission_sha256=task.read().sha256,
        student=task.source.student,
        seed="",
        environment=environment(),
        isolation=isolation,
        started_at=now_utc(),
        duration_s=0.0,
        score=0.0,
        max_score=0.0,
        checks=(),
        warnings=(*task.source.warnings, staff_reason or reason),
        stdout_tail="",
    )
    return Result(report, report.for_student((*task.source.warnings, reason), ""))


@functools.cache
def environment(packages: tuple[str, ...] = ()) -> Environment:
    """The versions that results depend on. packages: what a homework may import."""
    return Environment(
        python=platform.python_version(),
        numpy=version("numpy"),
        matplotlib=version("matplotlib"),
        platform=f"{platform.system()} {platform.machine()}",
        grader=grader.__version__,
        grader_sha256=fingerprint(),
        packages=versions(packages),
    )
