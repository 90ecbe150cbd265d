"""The executor that uses this machine: runner processes, each with a worker server of its own.

Theory of operation. This process starts `jobs` runner processes, each with one launcher and one
pytest session at a time, and hands each the next submission when it says that it is ready. A runner
writes the reports itself, atomically, before it says that a submission is done; so whatever is
killed, and whenever, a report is either whole or absent. A runner that dies is replaced and its
submission tried once more; if that fails too, it gets a report that says so.

On Linux a runner is a fork of this process, which has imported everything already, and the first
takes over the launcher that was opened to learn the level of isolation: a run with one runner
starts one fork server and no other interpreter. Every launcher has been tried by the canary.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import traceback
import warnings
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from grader._internal import log
from grader.batch.tasks import Keys, Options, ResultWriter, launcher_at
from grader.course.course import Course, find_course
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task
from grader.errors import CourseError, GraderFault, SpecError, UsageError
from grader.reports.summary import Row
from grader.sandbox.host.launch import Launcher
from grader.sandbox.host.probe import FEW

_LOG = log.logger("batch.local")

# Elsewhere a fork is not to be had, or is not safe with the system's own libraries.
_START_METHOD = "fork" if sys.platform == "linux" else "spawn"


@dataclass
class _RunnerProcess:
    process: BaseProcess
    pipe: Connection
    launcher: Launcher | None = None
    assignment: str | None = None
    task: Task | None = None
    trouble: str = "it ended"


class LocalExecutor:
    """Runner processes and the submissions that wait for them. See tasks.Executor."""

    def __init__(
        self,
        course: Course,
        options: Options,
        keys: Mapping[str, Keys],
        launcher: Launcher | None = None,
    ) -> None:
        """launcher: an open one for the first runner. It is the caller's to close."""
        self._launcher = launcher
        self._course = course
        self._options = options
        self._keys = dict(keys)
        self._waiting: deque[Task] = deque()
        self._tries: Counter[Path] = Counter()
        self._runners: list[_RunnerProcess] = []

    def run(self, tasks: Sequence[Task]) -> Iterator[Row]:
        """Yield each as it is done."""
        self._waiting.extend(sorted(tasks, key=lambda task: task.assignment))
        try:
            for _ in range(min(self._options.jobs, len(self._waiting))):
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
        context = multiprocessing.get_context(_START_METHOD)
        ours, theirs = context.Pipe()
        many = len(self._waiting) // self._options.jobs > FEW
        order = _RunnerOrder(str(self._course.root), self._options, self._keys, log.current(), many)
        # What a fork is handed, the other way of starting could not hand over.
        launcher, inherited = None, None
        if _START_METHOD == "fork":
            launcher, self._launcher = self._launcher, None
            inherited = _Inheritance(launcher, (ours, *(runner.pipe for runner in self._runners)))
        process = context.Process(target=_runner_main, args=(theirs, order, inherited), daemon=True)  # type: ignore[attr-defined]  # each context has one; their common type lacks it
        # The new process ignores Ctrl-C from its very start; a moment is not missed here.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                # From 3.12 on Python warns of any fork beside a thread, such as one that draws a
                # bar or waits in numpy's library: the runner uses nothing that one could hold.
                process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()
        _LOG.info("runner %d started", process.pid)
        self._runners.append(_RunnerProcess(process, ours, launcher))

    def _serve(self, runner: _RunnerProcess) -> Iterator[Row]:
        """Take one message of a runner: ready for more, done with one, or an error."""
        try:
            kind, value = runner.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(runner)
            return
        if kind == "done":
            task, runner.task = runner.task, None
            if task is not None:
                yield value
        elif kind == "usage":
            raise UsageError(value)
        elif kind == "broken" and runner.task is not None:
            runner.trouble = value
        elif kind in ("fault", "broken"):
            raise GraderFault(value)
        else:
            self._dispatch(runner)

    def _dispatch(self, runner: _RunnerProcess) -> None:
        # A runner that has died in the meantime is found so by the next look at its pipe.
        with contextlib.suppress(OSError):
            self._tell_next(runner)

    def _tell_next(self, runner: _RunnerProcess) -> None:
        if not self._waiting:
            runner.pipe.send(("stop", None))
            return
        name = self._waiting[0].assignment
        if name != runner.assignment:
            # One pytest session holds one assignment's checks: end this one and open the next.
            runner.pipe.send(("open", name))
            runner.assignment = name
            return
        runner.task = self._waiting.popleft()
        runner.pipe.send(("task", runner.task))

    def _bury(self, runner: _RunnerProcess) -> Iterator[Row]:
        """A runner ended. If it was in the middle of a submission, that one is tried again."""
        self._runners.remove(runner)
        runner.process.join()
        runner.pipe.close()
        if runner.launcher is not None:
            runner.launcher.close()  # and with it a submission that is still running
        task = runner.task
        _LOG.info("runner %d ended: %s", runner.process.pid, runner.process.exitcode)
        if task is not None:
            self._tries[task.source.path] += 1
            if self._tries[task.source.path] < 2:
                self._waiting.appendleft(task)
            else:
                reason = "the grader's own process failed twice while it graded this"
                writer = ResultWriter(self._options, self._keys)
                yield writer.put_empty(task, reason, f"{reason}: {runner.trouble}")
        if self._waiting and task is not None:
            self._start()
        elif self._waiting and not self._runners:
            raise GraderFault(
                "the grading process ended before it took a submission; run the same command again"
            )


# A runner, in a process of its own


@dataclass(frozen=True)
class _RunnerOrder:
    """What a runner is started for. many: it will have more than a few submissions."""

    root: str
    options: Options
    keys: Mapping[str, Keys]
    logging: log.Setting | None
    many: bool


@dataclass(frozen=True)
class _Inheritance:
    """What a fork has besides. launcher: its own from now on. pipes: ends that are not its own."""

    launcher: Launcher | None
    pipes: tuple[Connection, ...]


def _runner_main(pipe: Connection, order: _RunnerOrder, inherited: _Inheritance | None) -> None:
    launcher = None
    if inherited is not None:
        launcher = inherited.launcher
        for each in inherited.pipes:
            each.close()  # else no end of the parent would be noticed
        # Another thread of the parent may have been writing, and its lock stays closed here.
        sys.stdout, sys.stderr = map(_reopened, (sys.stdout, sys.stderr))
    log.start(order.logging)
    # Ctrl-C goes to the whole group; the parent alone decides what it means. It ends this process
    # by a signal that unwinds it, so that its worker and its files are cleaned up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        _work(pipe, order, launcher)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _reopened(stream: TextIO) -> TextIO:
    """The same stream of this process, behind a lock of its own."""
    try:
        fd = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return stream  # a program that grades has put something else in its place
    return os.fdopen(fd, "w", encoding=stream.encoding, errors=stream.errors, closefd=False)


def _work(pipe: Connection, order: _RunnerOrder, launcher: Launcher | None) -> None:
    """Grade what the parent sends until there is no more."""
    options, keys = order.options, order.keys
    inbox = _Inbox(pipe, ResultWriter(options, keys))
    try:
        course = find_course(Path(order.root))
        launcher = launcher or launcher_at(options.isolation, many=order.many)
        while (name := inbox.next_assignment()) is not None:
            grade_all(
                course.assignment(name),
                inbox.tasks(),
                launcher,
                inbox.deliver,
                seed=keys[name].seed,
                keep_figures=options.keep_figures,
            )
    except (SpecError, CourseError) as exc:
        pipe.send(("usage", str(exc)))
    except GraderFault as exc:
        pipe.send(("fault", str(exc)))
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone, so nobody needs the results
    except Exception:
        pipe.send(("broken", traceback.format_exc(limit=-6)))
    finally:
        if launcher is not None:
            launcher.close()


class _Inbox:
    """The runner's end of the pipe, as the iterator of tasks that a session works through."""

    def __init__(self, pipe: Connection, writer: ResultWriter) -> None:
        self._pipe = pipe
        self._writer = writer
        self._told = False
        self._next: str | None = None

    def next_assignment(self) -> str | None:
        """The next assignment to open a session for; None at the end."""
        if not self._told:  # the end of a session's tasks has told it already
            for _ in self.tasks():
                raise GraderFault("a task arrived outside a session")
        self._told = False
        return self._next

    def tasks(self) -> Iterator[Task]:
        while True:
            self._pipe.send(("ready", None))
            kind, value = self._pipe.recv()
            if kind != "task":
                self._told, self._next = True, value
                return
            task: Task = value
            yield task

    def deliver(self, task: Task, result: Result) -> None:
        """Write the reports, then say so."""
        self._pipe.send(("done", self._writer.put(task, result)))
