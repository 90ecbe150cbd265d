"""One pytest session that grades many submissions: checks are collected once, run for each.

A pytest session costs some 50 ms and a test in it well under one, so the session's own run loop is
replaced: it takes submissions from an iterator, runs every collected check on each, public checks
first, and hands each finished result on before it takes the next.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import pytest

import grader
from grader.assignment import Assignment
from grader.errors import GraderFault, SpecError, StudentFault, SubmissionError
from grader.kit import running_source, source_digest
from grader.plugin import BENCH, PUBLIC_FILE, Bench, Check, classify, describe_checks, own_fixtures
from grader.program import Program, prepare
from grader.proxy import DrawnFigure, Subject, limits_of
from grader.report import CheckResult, Environment, FigureFile, Outcome, Report, Visibility, now_utc
from grader.sandbox.launch import Launcher, Limits, PlainLauncher
from grader.submission import Submission

# Plugins that a grading session has no use for, each of which costs time in every test. The last
# two collect garbage at the end of a session, longer each time.
_UNUSED = (
    "terminal", "cacheprovider", "capture", "logging", "doctest", "junitxml", "pastebin",
    "stepwise", "nose", "recwarn", "setupplan", "setuponly", "faulthandler", "debugging",
    "unraisableexception", "threadexception", "warnings",
)  # fmt: skip

PUBLIC_STEM = PUBLIC_FILE.removesuffix(".py") + "::"
_OPTIONS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")

KeepFigures = Literal["none", "failed", "visible", "all"]
OnCollect = Callable[[Sequence[Check]], None]
OnRaise = Callable[[Check, BaseException], None]
SubjectMaker = Callable[
    [Program | None, Launcher, Limits, Mapping[str, tuple[str, ...]], str | None], Subject
]


@dataclass(frozen=True)
class Kept:
    """What still holds of earlier reports of the same submission: those checks are not run.

    pictures: those that `checks` name, by their file name. The rest is what each report said that
    belongs to no check.
    """

    checks: Mapping[str, CheckResult]
    pictures: Mapping[str, bytes]
    warnings: tuple[str, ...]
    student_warnings: tuple[str, ...]
    stdout_tail: str
    student_stdout_tail: str


@dataclass(frozen=True)
class Job:
    """One submission to grade. label: its report's name. student: whose it is."""

    student: str
    label: str
    submission: Submission
    warnings: tuple[str, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True)
class Graded:
    """A finished job: both reports, the pictures by their file name, and what was run.

    program: None where the submission could not be made into one.
    """

    job: Job
    staff: Report
    student: Report
    pictures: dict[str, bytes]
    program: Program | None = None


def grade_all(
    assignment: Assignment,
    jobs: Iterable[Job],
    launcher: Launcher,
    deliver: Callable[[Graded], None],
    *,
    seed: str,
    hidden: bool = True,
    keep_figures: KeepFigures = "failed",
    only: str | None = None,
    make_subject: SubjectMaker = Subject,
    on_raise: OnRaise | None = None,
    on_collect: OnCollect | None = None,
) -> None:
    """Grade each job and deliver its result before taking the next.

    seed: of the hidden checks. hidden: whether to run them. keep_figures: none, those of checks
    that failed, also those that the student may see, or all. only: run the checks whose id or
    title holds this text. make_subject: what stands for a submission; the benchmark puts its floor
    here.
    on_raise: called with what a check raised, before anything is made of it. on_collect: called
    with the checks, before the first job is taken. Raises SpecError if the checks cannot be
    collected.
    """
    how = _How(seed, keep_figures, only, make_subject, on_raise, on_collect)
    _run_pytest(_Loop(assignment, jobs, launcher, deliver, how), hidden=hidden)


def collect_checks(assignment: Assignment, *, hidden: bool = False) -> list[Check]:
    """The checks, without running any. Raises SpecError if they cannot be collected."""
    loop = _Loop(assignment, (), PlainLauncher(), lambda _: None, _How(seed=""))
    _run_pytest(loop, hidden=hidden)
    return loop.checks


def _run_pytest(loop: _Loop, *, hidden: bool) -> None:
    assignment = loop.assignment
    paths = [assignment.public_checks]
    if hidden:
        if assignment.hidden_checks is None or not assignment.hidden_checks.is_file():
            raise SpecError(
                f"{assignment.name}: there is no solutions/{assignment.name}/hidden_checks.py; "
                "grading needs the staff's copy of the course"
            )
        paths.append(assignment.hidden_checks)
    options = ["--noconftest", "-c", os.devnull, "--rootdir", str(assignment.folder)]
    options += ["--import-mode=importlib", "--disable-plugin-autoload", "-p", "grader.plugin"]
    options += [piece for name in _UNUSED for piece in ("-p", f"no:{name}")]
    # The options of whoever grades, such as `-k`, must not choose among the checks.
    kept = {name: os.environ.pop(name) for name in _OPTIONS if name in os.environ}
    try:
        # A warning of numpy's about a check's own sums is for its author's tests to show.
        with warnings.catch_warnings(action="ignore"):
            code = pytest.main([*options, *(str(path) for path in paths)], plugins=[loop])
    finally:
        os.environ.update(kept)
        _forget(paths)
    if loop.error is not None:
        raise loop.error
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SpecError(f"{assignment.name}: the checks could not be run: {loop.trouble}")


def matching(checks: list[Check], text: str | None) -> list[Check]:
    """Those whose id or title holds a text; all for none. Raises SpecError where none does."""
    if not text:
        return checks
    found = [c for c in checks if text.lower() in c.id.lower() or text.lower() in c.title.lower()]
    if not found:
        raise SpecError(f"no check's name or title holds {text!r}")
    return found


def _reason(longrepr: str) -> str:
    """Why a file of checks cannot be collected, in one line.

    pytest marks the lines that say so with an E; among them are carets and what values were.
    """
    lines = longrepr.strip().splitlines()
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    said = [line for line in marked if line[:1] != "+" and any(map(str.isalpha, line))]
    return ": ".join(said[-3:]) or lines[-1]


def _forget(paths: Iterable[Path]) -> None:
    """Take modules of checks out of sys.modules.

    pytest gives a name such as "checks" to every homework's, and would take the one that is there
    for that of the next.
    """
    files = {str(path.resolve()) for path in paths}
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)) in files:
            del sys.modules[name]


@dataclass(frozen=True)
class _How:
    """How a session runs checks: what `grade_all` was asked for."""

    seed: str
    keep_figures: KeepFigures = "none"
    only: str | None = None
    make_subject: SubjectMaker = Subject
    on_raise: OnRaise | None = None
    on_collect: OnCollect | None = None


class _Loop:
    """The plugin that replaces pytest's run loop. One instance for one session.

    checks: those that were collected, once the session runs.
    """

    def __init__(
        self,
        assignment: Assignment,
        jobs: Iterable[Job],
        launcher: Launcher,
        deliver: Callable[[Graded], None],
        how: _How,
    ) -> None:
        self.assignment = assignment
        self.checks: list[Check] = []
        self.error: BaseException | None = None
        self.trouble = "pytest gave no reason"
        self._bench = Bench(assignment, how.seed)
        self._jobs = jobs
        self._launcher = launcher
        self._deliver = deliver
        self._how = how

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[BENCH] = self._bench

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, report: object
    ) -> None:
        """A file of checks cannot be collected."""
        if not isinstance(report, pytest.CollectReport):
            return
        self.trouble = _reason(str(report.longrepr))
        self.error = SpecError(f"{node.path}: {self.trouble}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.error is not None:
            return True
        try:
            self.checks = matching(describe_checks(session.items), self._how.only)
            if self._how.on_collect is not None:
                self._how.on_collect(self.checks)
            for job in self._jobs:
                self._deliver(self._grade(job, self.checks))
        except Exception as exc:
            # pytest would print it as an internal error; the caller is to see it as it is.
            self.error = exc
        finally:
            session._setupstate.teardown_exact(None)
        return True

    def _grade(self, job: Job, checks: list[Check]) -> Graded:
        started_at, began = now_utc(), time.perf_counter()
        assignment = self.assignment
        run = _Run(self._bench, self._launcher, job, self._how.make_subject)
        pictures = dict(job.kept.pictures) if job.kept else {}
        kept = job.kept.checks if job.kept else {}
        results: list[CheckResult] = []
        try:
            for check in checks:
                if check.hidden:
                    run.enter_hidden()
                held = kept.get(check.id)
                results.append(held or self._run_check(check, run, pictures))
            results = self._retried(results, checks, job, pictures)
        finally:
            run.close()
        said = run.said()
        report = Report(
            audience="staff",
            assignment=assignment.name,
            assignment_version=assignment.version,
            submission_sha256=job.submission.sha256,
            student=job.student,
            seed=self._bench.seed,
            environment=environment(),
            isolation=self._launcher.isolation,
            started_at=started_at,
            duration_s=round(time.perf_counter() - began, 4),
            score=round(sum(result.points for result in results), 2),
            max_score=round(sum(result.max_points for result in results), 2),
            checks=tuple(results),
            warnings=said.warnings,
            stdout_tail=said.stdout_tail,
        )
        student = report.for_student(said.student_warnings, said.student_stdout_tail)
        return Graded(job, report, student, pictures, run.program)

    def _run_check(self, check: Check, run: _Run, pictures: dict[str, bytes]) -> CheckResult:
        raised, duration_s = _run_item(check.item)
        if raised is not None and self._how.on_raise is not None:
            self._how.on_raise(check, raised)
        outcome, message, diagnosis = classify(raised, check.hints, check.see)
        figures = []
        kept = self._keeps(check, outcome)
        for drawn in run.subject.take_figures():
            name = run.keep(drawn, pictures) if kept else None
            figures.append(FigureFile(title=drawn.title, file=name))
        return CheckResult(
            id=check.id,
            title=check.title,
            max_points=check.max_points,
            points=check.max_points if outcome is Outcome.PASSED else 0.0,
            outcome=outcome,
            message=message,
            diagnosis=diagnosis,
            visibility=check.visibility,
            duration_s=round(duration_s, 4),
            figures=tuple(figures),
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
        checks: list[Check],
        job: Job,
        pictures: dict[str, bytes],
    ) -> list[CheckResult]:
        """Run again, on a fresh worker, the checks in which we were at fault."""
        if all(result.outcome is not Outcome.GRADER_ERROR for result in results):
            return results
        run = _Run(self._bench, self._launcher, job, self._how.make_subject)
        try:
            return [
                self._run_check(check, run, pictures)
                if result.outcome is Outcome.GRADER_ERROR
                else result
                for check, result in zip(checks, results, strict=True)
            ]
        finally:
            run.close()


def _run_item(item: pytest.Item) -> tuple[BaseException | None, float]:
    """Set up, run and tear down one item: what it raised, and the seconds of the run itself.

    This is pytest's own runtestprotocol without its reports and hooks, which cost more than a
    small check does and which nobody reads here. Raises KeyboardInterrupt only.
    """
    state: Any = item.session._setupstate
    function: Any = item
    raised: BaseException | None = None
    try:
        # What stands here from the item before: down to what this one needs too, its module at
        # the deepest, so that an item that follows itself is set up anew.
        state.teardown_exact(item.parent)
        if not getattr(function, "_request", True):
            function._initrequest()
        function.funcargs.update(own_fixtures(item, item.config.stash[BENCH]) or {})
        state.setup(item)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:  # pytest's own outcomes, such as a skip, are no Exceptions
        raised = exc if isinstance(exc, StudentFault) else _fault(item, "set up", exc)
    began = ended = time.perf_counter()
    if raised is None:
        try:
            item.runtest()
        except KeyboardInterrupt:
            raise
        except BaseException as exc:
            raised = exc
        ended = time.perf_counter()
    try:
        state.teardown_exact(item.parent)
    except Exception as exc:
        raised = raised or _fault(item, "torn down", exc)
    function._request, function.funcargs = False, None
    return raised, ended - began


def _fault(item: pytest.Item, what: str, exc: BaseException) -> GraderFault:
    """A fixture's trouble is the author's or ours, whatever its type."""
    fault = GraderFault(f"{item.name} could not be {what}: {type(exc).__name__}: {exc}")
    fault.__cause__ = exc
    return fault


class _Run:
    """The subject of one job, and what was said up to the first hidden check and after it."""

    def __init__(
        self, bench: Bench, launcher: Launcher, job: Job, make_subject: SubjectMaker
    ) -> None:
        assignment = bench.assignment
        self.job = job
        self.public_warnings: tuple[str, ...] = ()
        self.public_output = ""
        self._notes = bench.notes = []
        self._first = list(job.warnings)
        self._entered = False
        self._kept: dict[int, tuple[DrawnFigure, str]] = {}
        self.program: Program | None = None
        problem = None
        try:
            prepared = prepare(job.submission, assignment)
            self.program = prepared.program
            self._first += prepared.warnings
        except SubmissionError as exc:
            problem = str(exc)
            self._first.append(problem)
        limits = limits_of(assignment.spec.limits)
        self.subject = make_subject(self.program, launcher, limits, assignment.functions, problem)
        bench.subject = self.subject
        self.subject.start()

    def enter_hidden(self) -> None:
        """From here on what the student's code says may hold a hidden check's inputs."""
        if not self._entered:
            self._entered = True
            self.public_warnings = self.warnings()
            self.public_output = self.subject.output()

    def warnings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._first, *self.subject.warnings, *self._notes]))

    def output(self) -> str:
        if not self._entered:
            self.enter_hidden()
            return self.public_output
        return (self.public_output + self.subject.output())[-8192:]

    def said(self) -> _Said:
        """What the reports say besides the checks' results."""
        new = _Said(self.warnings(), self.output(), self.public_warnings, self.public_output)
        kept = self.job.kept
        if kept is None:
            return new
        # The public checks are kept or run all together; the tail is of the run that had them.
        public = any(name.startswith(PUBLIC_STEM) for name in kept.checks)
        return _Said(
            tuple(dict.fromkeys([*kept.warnings, *new.warnings])),
            kept.stdout_tail if public else new.stdout_tail,
            kept.student_warnings if public else new.student_warnings,
            kept.student_stdout_tail if public else new.student_stdout_tail,
        )

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
        stem = f"figures/{self.job.label}/{title}"
        numbers = itertools.count(len(pictures) + 1)
        return next(name for n in numbers if (name := f"{stem}-{n}.png") not in pictures)

    def close(self) -> None:
        self.subject.close()


@dataclass(frozen=True)
class _Said:
    """Warnings and output, for the staff's report and for the student's."""

    warnings: tuple[str, ...]
    stdout_tail: str
    student_warnings: tuple[str, ...]
    student_stdout_tail: str


def empty_report(
    job: Job, assignment: str, reason: str, isolation: str, staff_reason: str | None = None
) -> Graded:
    """The report of a submission for which no check was run, and why.

    staff_reason: told to staff instead, where `reason` leaves out what only they may see.
    """
    report = Report(
        audience="staff",
        assignment=assignment,
        assignment_version="",
        submission_sha256=job.submission.sha256,
        student=job.student,
        seed="",
        environment=environment(),
        isolation=isolation,
        started_at=now_utc(),
        duration_s=0.0,
        score=0.0,
        max_score=0.0,
        checks=(),
        warnings=(*job.warnings, staff_reason or reason),
        stdout_tail="",
    )
    return Graded(job, report, report.for_student((*job.warnings, reason), ""), {})


@functools.cache
def environment() -> Environment:
    """The versions that results depend on."""
    return Environment(
        python=platform.python_version(),
        numpy=version("numpy"),
        matplotlib=version("matplotlib"),
        platform=f"{platform.system()} {platform.machine()}",
        grader=grader.__version__,
        grader_sha256=source_digest(running_source()),
    )
