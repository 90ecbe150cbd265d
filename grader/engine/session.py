"""One pytest session for the checks of an assignment, with our own run loop.

A pytest session costs about 50 ms, and a test in it well under 1 ms. So the loop that runs each
test once is replaced: the caller gets the collected items and runs them once for each submission.
The caller's own pytest options, plugins and conftest.py files have no influence.
"""

from __future__ import annotations

import functools
import os
import reprlib
import sys
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from grader.checks.processor_time import loading_time
from grader.course.assignment import Assignment
from grader.engine import _pytest_private as private
from grader.engine.context import CONTEXT, CheckContext
from grader.engine.generated import is_generated, run_generated, self_test
from grader.engine.outcome import is_failure
from grader.engine.plugin import own_fixtures, seed_of
from grader.engine.session_fixtures import SessionFixtures
from grader.errors import GraderFault, ProcessorTimeUp, SpecError

Work = Callable[[Sequence[pytest.Item]], None]

# Plugins that a grading session does not need, each of which costs time in every test. The last
# two collect garbage at the end of a session, which takes longer each time.
_UNUSED = (
    "terminal", "cacheprovider", "capture", "logging", "doctest", "junitxml", "pastebin",
    "stepwise", "nose", "recwarn", "setupplan", "setuponly", "faulthandler", "debugging",
    "unraisableexception", "threadexception", "warnings", "subtests",
)  # fmt: skip
_OPTIONS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


def run_session(assignment: Assignment, context: CheckContext, work: Work, *, hidden: bool) -> None:
    """Collect the checks and give them to `work`.

    hidden: with those of the solution. Exceptions of `work` reach the caller. Raises SpecError
    if the checks cannot be collected, and KeyboardInterrupt if it is stopped.
    """
    for name in ("output", "source"):
        if name in assignment.functions:
            raise SpecError(
                f"{assignment.name}: `{name}` is the name of a function to write, but "
                f"student.{name} has a meaning of its own in checks; rename the function"
            )
    paths = [assignment.public_checks]
    if hidden:
        if assignment.hidden_checks is None or not assignment.hidden_checks.is_file():
            raise SpecError(
                f"{assignment.name}: there is no solutions/{assignment.name}/hidden_checks.py; "
                "grading needs the staff's copy of the course"
            )
        paths.append(assignment.hidden_checks)
    loop = _Loop(context, work, at_home=not hidden)
    options = ["--noconftest", "-c", os.devnull, "--rootdir", str(assignment.folder)]
    # Else pytest looks at all that lies in the folders above, such as a student's whole home.
    options += ["--confcutdir", str(assignment.folder)]
    options += ["--import-mode=importlib", "--disable-plugin-autoload"]
    options += ["-p", "grader.engine.plugin"]
    options += [piece for name in _UNUSED for piece in ("-p", f"no:{name}")]
    # The options of whoever grades, such as `-k`, must not choose among the checks.
    kept = {name: os.environ.pop(name) for name in _OPTIONS if name in os.environ}
    try:
        # numpy's warnings about a check's own computations concern its author, not this run.
        with warnings.catch_warnings(action="ignore"):
            code = pytest.main(
                [*options, *(str(path) for path in paths)], plugins=[loop, SessionFixtures()]
            )
    except Exception:
        # After an error of ours, pytest may fail to shut down properly; ours is the one to report.
        if loop.error is None:
            raise
    finally:
        os.environ.update(kept)
        _forget(paths)
    if loop.error is not None:
        raise loop.error
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SpecError(f"{assignment.name}: the checks could not be run: {loop.trouble}")


class _Loop:
    """The plugin that replaces pytest's run loop. One instance for one session."""

    def __init__(self, context: CheckContext, work: Work, *, at_home: bool) -> None:
        self.error: BaseException | None = None
        self.trouble = "pytest gave no reason"
        self._context = context
        self._work = work
        self._at_home = at_home

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[CONTEXT] = self._context

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Collect nothing, and so run nothing, if this pytest fails the self-test."""
        try:
            private.self_test(session)
        except GraderFault as fault:
            self.error = fault
            return True
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """A file of checks that ends the process while it is imported cannot be collected."""
        try:
            if self._at_home:
                return (yield)
            with loading_time(collector.path.name), redirect_stdout(sys.stderr):
                return (yield)
        except SystemExit as exc:
            self.error = SpecError(
                f"{collector.path}: it ends the process while it is imported (SystemExit: {exc}); "
                "remove what does that, such as sys.exit() or a program's main"
            )
            raise self.error from exc

    def pytest_internalerror(self) -> bool | None:
        """Print nothing of an error that the caller gets."""
        return True if self.error is not None else None

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
            if any(is_generated(getattr(item, "obj", None)) for item in session.items):
                self_test()
            self._work(session.items)
        except Exception as exc:
            # pytest would print it as an internal error; the caller is to see it as it is.
            self.error = exc
        finally:
            private.tear_down_all(session)
        return True


def _reason(longrepr: str) -> str:
    """Why a file of checks cannot be collected, in one line.

    pytest marks the relevant lines with an E; some of them are only carets or values.
    """
    lines = longrepr.strip().splitlines()
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    said = [line for line in marked if line[:1] != "+" and any(map(str.isalpha, line))]
    return ": ".join(said[-3:]) or lines[-1]


def _forget(paths: Iterable[Path]) -> None:
    """Remove modules of checks from sys.modules.

    pytest gives the same name, such as "checks", to every homework's module, and would reuse the
    one that is there for the next homework.
    """
    files = {str(path.resolve()) for path in paths}
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)) in files:
            del sys.modules[name]


def run_item(item: pytest.Item) -> tuple[BaseException | None, float]:
    """Set up, run and tear down one item: what it raised, and the seconds of the run itself.

    This is pytest's own runtestprotocol without its reports and hooks, which cost more than a
    small check and are not used here. Raises only KeyboardInterrupt.
    """
    raised: BaseException | None = None
    try:
        private.set_up(item, own_fixtures)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:  # pytest's own outcomes, such as a skip, are no Exceptions
        raised = exc if is_failure(exc) else _fault(item, "set up", exc)
    began = ended = time.perf_counter()
    if raised is None:
        try:
            _call(item)
        except KeyboardInterrupt:
            raise
        except BaseException as exc:
            raised = exc
        ended = time.perf_counter()
    try:
        private.tear_down(item)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        raised = raised or (exc if is_failure(exc) else _fault(item, "torn down", exc))
    private.forget_arguments(item)
    return raised, ended - began


def _call(item: pytest.Item) -> None:
    """Run the function of a check. Raises what it raises, GraderFault where it returns a value."""
    seed = functools.partial(seed_of, item, item.config.stash[CONTEXT].secret)

    def run(function: Callable[..., object], arguments: dict[str, object]) -> object:
        if is_generated(function):
            return run_generated(function, arguments, seed())
        return function(**arguments)

    returned = private.call(item, run)
    if returned is not None:
        raise GraderFault(
            f"{item.name} returned {reprlib.repr(returned)}, which gives no part of the points; "
            "assert what must hold, and return nothing"
        )


def end_submission(items: Sequence[pytest.Item]) -> list[str]:
    """End what fixtures of modules and classes keep; the next submission gets new ones.

    items: of one session. Returns what the report is to say of a fixture that could not end.
    """
    try:
        for item in items[:1]:
            private.end_submission(item.session)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        return [f"a fixture of the checks could not be torn down: {type(exc).__name__}: {exc}"]
    return []


def _fault(item: pytest.Item, what: str, exc: BaseException) -> GraderFault:
    """An error in a fixture is the author's fault or ours, whatever its type."""
    if isinstance(exc, ProcessorTimeUp):
        return exc
    fault = GraderFault(f"{item.name} could not be {what}: {type(exc).__name__}: {exc}")
    fault.__cause__ = exc
    return fault
