"""Grading many submissions at once on this machine.

Theory of operation. This process reads no submission. It starts `jobs` runner processes, each with
one launcher and one pytest session at a time, and hands each the next submission when it says that
it is ready. A runner writes the reports itself, atomically, before it says that a submission is
done; so whatever is killed, and whenever, a report is either whole or absent. A runner that dies is
replaced and its submission tried once more; if that fails too, it gets a report that says so.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import signal
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pydantic import ValidationError

from grader.course import Course, find_course
from grader.discover import Found
from grader.errors import CourseError, GraderFault, SpecError, UsageError
from grader.outbox import Outbox
from grader.report import read_report
from grader.runner import Graded, Job, KeepFigures, empty_report, environment, grade_all
from grader.sandbox.launch import Launcher, PlainLauncher
from grader.submission import Submission, read_submission
from grader.summary import Row, row_of

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Options:
    """How to grade.

    isolation: the level to run at, as `probe` found it, or "none". seed: of the hidden checks,
    None for the one from the staff's key. html: whether to make pages too.
    """

    out: Path
    isolation: str
    jobs: int = 1
    seed: str | None = None
    keep_figures: KeepFigures = "failed"
    html: bool = False

    def open_outbox(self) -> Outbox:
        """Where results go, in whichever process asks."""
        return Outbox(self.out, html=self.html)


def grade_folder(
    course: Course, found: list[Found], options: Options, progress: Callable[[Row], None]
) -> list[Row]:
    """Grade what was found and return a row for each, in the order of `found`.

    progress: called as each is done, those that were done before first. Raises UsageError for an
    output folder that cannot be written or an assignment that is broken.
    """
    outbox = options.open_outbox()
    outbox.require_writable()
    known = {item.assignment for item in found} & set(course.names)
    versions = {name: course.assignment(name).version for name in sorted(filter(None, known))}
    seeds = {name: options.seed or course.secret_seed(name) for name in versions}
    rows: dict[tuple[str, str], Row] = {}
    waiting: deque[Found] = deque()
    for item in found:
        row = _done_before(item, options.out, versions, seeds, options.isolation)
        if row is None or not outbox.holds_pages(row.assignment, row.label):
            waiting.append(item)
        else:
            rows[item.assignment or UNKNOWN, item.label] = row
            progress(row)
    try:
        if waiting:
            for row in _Pool(course, options, seeds, waiting, outbox).run():
                rows[row.assignment, row.label] = row
                progress(row)
    finally:
        ordered = [
            rows[key] for item in found if (key := (_name(item, versions), item.label)) in rows
        ]
        outbox.put_tables(ordered)
    return ordered


def _name(item: Found, versions: Mapping[str, str]) -> str:
    name = item.assignment
    return name if name is not None and name in versions else UNKNOWN


def _launcher_at(isolation: str) -> Launcher:
    """A launcher of a level that was found to hold when the run began."""
    if isolation == PlainLauncher.isolation:
        return PlainLauncher()
    # Linux only, and only where something is graded.
    from grader.sandbox.fork_server import ForkServerLauncher

    return ForkServerLauncher("full" if isolation == "full" else "landlock")


def _done_before(
    item: Found,
    out: Path,
    versions: Mapping[str, str],
    seeds: Mapping[str, str],
    isolation: str,
) -> Row | None:
    """The row of a report that is there and would come out the same again."""
    name = _name(item, versions)
    if name == UNKNOWN:
        return None
    path = out / name / f"{item.label}.json"
    try:
        report = read_report(path)
    except (OSError, ValidationError):
        return None
    same = (
        report.assignment_version == versions[name]
        and report.seed == seeds[name]
        and report.isolation == isolation
        and report.environment == environment()
        and report.student == item.student
        and report.checks
        and not report.faults
        and report.submission_sha256 == read_submission(item.path).sha256
    )
    return replace(row_of(report, item), again=True) if same else None


# The pool, in the process that was started by the user


@dataclass
class _Runner:
    process: BaseProcess
    pipe: Connection
    assignment: str | None = None
    item: Found | None = None
    trouble: str = "it ended"


class _Pool:
    """Runner processes and the submissions that wait for them."""

    def __init__(
        self,
        course: Course,
        options: Options,
        seeds: Mapping[str, str],
        waiting: deque[Found],
        outbox: Outbox,
    ) -> None:
        self._outbox = outbox
        self._course = course
        self._options = options
        self._seeds = dict(seeds)
        self._waiting = deque(sorted(waiting, key=lambda item: item.assignment or ""))
        self._tries: Counter[Path] = Counter()
        self._runners: list[_Runner] = []

    def run(self) -> Iterator[Row]:
        """Yield a row for each submission as it is done."""
        try:
            for _ in range(max(1, min(self._options.jobs, len(self._waiting)))):
                self._start()
            while self._runners:
                pipes = [runner.pipe for runner in self._runners]
                for pipe in multiprocessing.connection.wait(pipes):
                    runner = next(r for r in self._runners if r.pipe is pipe)
                    yield from self._serve(runner)
        finally:
            for runner in self._runners:
                runner.process.terminate()
                runner.process.join(2)
                if runner.process.is_alive():
                    runner.process.kill()
                    runner.process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_runner_main,
            args=(theirs, str(self._course.root), self._options, self._seeds),
            daemon=True,
        )
        # The new process ignores Ctrl-C from its very start; a moment is not missed here.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()
        self._runners.append(_Runner(process, ours))

    def _serve(self, runner: _Runner) -> Iterator[Row]:
        """Take one message of a runner: ready for more, done with one, or an error."""
        try:
            kind, value = runner.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(runner)
            return
        if kind == "done":
            item, runner.item = runner.item, None
            if item is not None:
                yield value
        elif kind == "usage":
            raise UsageError(value)
        elif kind == "broken" and runner.item is not None:
            runner.trouble = value
        elif kind in ("fault", "broken"):
            raise GraderFault(value)
        else:
            self._dispatch(runner)

    def _dispatch(self, runner: _Runner) -> None:
        # A runner that has died in the meantime is found so by the next look at its pipe.
        with contextlib.suppress(OSError):
            self._tell_next(runner)

    def _tell_next(self, runner: _Runner) -> None:
        if not self._waiting:
            runner.pipe.send(("stop", None))
            return
        item = self._waiting[0]
        name = item.assignment if item.assignment in self._seeds else None
        if name is not None and name != runner.assignment:
            # One pytest session holds one assignment's checks: end this one and open the next.
            runner.pipe.send(("open", name))
            runner.assignment = name
            return
        runner.item = self._waiting.popleft()
        runner.pipe.send(("job", runner.item))

    def _bury(self, runner: _Runner) -> Iterator[Row]:
        """A runner ended. If it was in the middle of a submission, that one is tried again."""
        self._runners.remove(runner)
        runner.process.join()
        runner.pipe.close()
        item = runner.item
        if item is not None:
            self._tries[item.path] += 1
            if self._tries[item.path] < 2:
                self._waiting.appendleft(item)
            else:
                reason = (
                    f"the grader's own process failed twice while grading this: {runner.trouble}"
                )
                yield self._put_empty(item, reason)
        if self._waiting and item is not None:
            self._start()
        elif self._waiting and not self._runners:
            raise GraderFault("the grading process ended before it took a submission")

    def _put_empty(self, item: Found, reason: str) -> Row:
        job = Job(item.student, item.label, read_submission(item.path), item.warnings)
        name = _name(item, self._seeds)
        graded = empty_report(job, name, reason, self._options.isolation)
        self._outbox.put(graded)
        return replace(row_of(graded.staff, item), faults=1)


# A runner, in a process of its own


def _runner_main(pipe: Connection, root: str, options: Options, seeds: Mapping[str, str]) -> None:
    # Ctrl-C goes to the whole group; the parent alone decides what it means. It ends this process
    # by a signal that unwinds it, so that its worker and its files are cleaned up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        _work(pipe, root, options, seeds)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work(pipe: Connection, root: str, options: Options, seeds: Mapping[str, str]) -> None:
    """Grade what the parent hands out until there is no more."""
    course = find_course(Path(root))
    launcher = _launcher_at(options.isolation)
    inbox = _Inbox(pipe, options.open_outbox(), launcher, frozenset(seeds))
    try:
        while (name := inbox.next_assignment()) is not None:
            grade_all(
                course.assignment(name),
                inbox.jobs(),
                launcher,
                inbox.deliver,
                seed=seeds[name],
                keep_figures=options.keep_figures,
            )
    except (SpecError, CourseError) as exc:
        pipe.send(("usage", str(exc)))
    except GraderFault as exc:
        pipe.send(("fault", str(exc)))
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone, and with it whoever wanted the results
    except Exception:
        pipe.send(("broken", traceback.format_exc(limit=-6)))
    finally:
        launcher.close()


class _Inbox:
    """The runner's end of the pipe, as the iterator of jobs that a session works through."""

    def __init__(
        self, pipe: Connection, outbox: Outbox, launcher: Launcher, names: frozenset[str]
    ) -> None:
        self._names = names
        self._pipe = pipe
        self._outbox = outbox
        self._launcher = launcher
        self._item: Found | None = None
        self._told = False
        self._next: str | None = None

    def next_assignment(self) -> str | None:
        """The next assignment to open a session for; None at the end."""
        if not self._told:  # the end of a session's jobs has told it already
            for _ in self.jobs():
                # Submissions that belong to no assignment come before any session is open.
                raise GraderFault("a job arrived outside a session")
        self._told = False
        return self._next

    def jobs(self) -> Iterator[Job]:
        while True:
            self._pipe.send(("ready", None))
            kind, value = self._pipe.recv()
            if kind != "job":
                self._told, self._next = True, value
                return
            self._item = item = value
            submission = read_submission(item.path)
            if item.assignment not in self._names:
                self._deliver_unknown(item, submission)
                continue
            yield Job(item.student, item.label, submission, item.warnings)

    def _deliver_unknown(self, item: Found, submission: Submission) -> None:
        reason = _why_unknown(item, submission)
        job = Job(item.student, item.label, submission, item.warnings)
        self.deliver(empty_report(job, UNKNOWN, reason, self._launcher.isolation))

    def deliver(self, graded: Graded) -> None:
        """Write the reports, then say so."""
        self._outbox.put(graded)
        assert self._item is not None
        self._pipe.send(("done", row_of(graded.staff, self._item)))


def _why_unknown(item: Found, submission: Submission) -> str:
    if submission.problem is not None:
        return f"the submission {submission.problem}; its assignment is not known"
    if item.assignment is None:
        return "nothing tells which assignment this is; name it with --assignment"
    return f"there is no assignment {item.assignment[:80]!r} in this course"
