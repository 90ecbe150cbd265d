"""The pytest plugin: what a check's author and a student running plain `pytest` meet.

Fixtures: `student` (the submission, in its worker), `reference` (the solution, hidden checks only),
`rng` (seeded), `note` (adds a warning to the report), `diagnose` (names a mistake). Marks:
`points(n)`, `visibility(word)`, `hint(text)`, `see(place)`.

The plugin is loaded by its entry point, so `pytest` in a homework's folder and an IDE's test
explorer run the public checks on the file in that folder. When the grader runs checks for many
submissions, the runner puts a `Bench` into the session and moves its subject along.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.checks.diagnose import Diagnoser
from grader.checks.variants import load_variants
from grader.course.assignment import SPEC_NAME, Assignment
from grader.errors import CheckFailed, GraderFault, SpecError, StudentFault, StudentRaised
from grader.reports.schema import Outcome, Visibility

MARKS = (
    "points(n): what the check is worth; parametrised cases share it",
    "visibility(word): visible, after_due_date, after_published or hidden",
    "hint(text): graded hints, the mildest first",
    "see(place): where in the handout it stands: a heading, or the bold start of a paragraph",
)
STAFF_FIXTURES = frozenset({"reference", "diagnose", "data"})
PUBLIC_FILE, HIDDEN_FILE = "checks.py", "hidden_checks.py"


class Bench:
    """What the fixtures of one pytest session hand out: an assignment and, in turn, its subjects.

    subject: a proxy.Subject, exchanged by the runner. seed: the secret one, for hidden checks.
    """

    def __init__(self, assignment: Assignment, seed: str) -> None:
        self.assignment = assignment
        self.seed = seed
        self.subject: Any = None
        self.notes: list[str] = []
        self._reference: ModuleType | None = None
        self._diagnoser: Diagnoser | None = None

    @property
    def reference(self) -> ModuleType:
        """The solution's module, imported once."""
        if self._reference is None:
            self._reference = import_reference(self.assignment)
        return self._reference

    @property
    def diagnoser(self) -> Diagnoser:
        """Names mistakes by the author's catalogue, loaded once."""
        if self._diagnoser is None:
            solution = self.assignment.solution
            if solution is None:
                raise SpecError(f"{self.assignment.name} has no solution here")
            variants = load_variants(solution / "variants.py", self.reference)
            self._diagnoser = Diagnoser(self.reference, variants, self._ask)
        return self._diagnoser

    def _ask(self, function: str, calls: Sequence[Sequence[Any]]) -> Sequence[object] | None:
        """What a function of the subject's returns, None where it does not get so far.

        A name for a mistake is an extra: looking for one never changes how a check ends.
        """
        try:
            answers = self.subject.call(function, [(args, {}) for args in calls], None)
        except (StudentFault, GraderFault):
            return None
        return list(answers)


BENCH = pytest.StashKey[Bench]()


def import_reference(assignment: Assignment) -> ModuleType:
    """Run the solution's module, under a name that no submission has. Raises SpecError."""
    path = assignment.reference
    if path is None or not path.is_file():
        raise SpecError(f"{assignment.name} has no solution here")
    spec = importlib.util.spec_from_file_location(f"grader_reference.{assignment.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as exc:
        raise SpecError(f"{path} cannot be imported: {type(exc).__name__}: {exc}") from exc
    return module


# Hooks


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


class _Checks(pytest.Module):
    """A homework's checks.py. Every homework has one: it is told apart by its path."""

    def _getobj(self) -> Any:
        option = self.config.option
        before, option.importmode = option.importmode, "importlib"
        try:
            return super()._getobj()  # type: ignore[no-untyped-call]  # pytest's is untyped
        finally:
            option.importmode = before


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a homework's checks.py although its name does not start with test_."""
    if parent.session.isinitpath(file_path):
        return None  # pytest collects what is named on the command line by itself
    return pytest_pycollect_makemodule(file_path, parent)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """The module of a homework's checks.py, and of nothing else."""
    if module_path.name != PUBLIC_FILE or not (module_path.parent / SPEC_NAME).exists():
        return None
    module: pytest.Module = _Checks.from_parent(parent, path=module_path)
    return module


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    """Under plain pytest, a student's fault is its message and not the grader's frames."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, StudentFault):
        _, message, diagnosis = classify(call.excinfo.value, _hints_of(item), _see_of(item))
        report.longrepr = f"{message}\n  {'likely:':9} {diagnosis}" if diagnosis else message
    return report


# Fixtures


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The submission: `student.softmax(Z)` runs the student's function in its own process."""
    from grader.engine.proxy import Student

    bench = request.config.stash.get(BENCH, None)
    if bench is None:
        bench = request.getfixturevalue("_local_bench")
    return Student(bench.subject)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Any:
    """A numpy Generator seeded from the assignment, the check's name and the run's seed."""
    bench = request.config.stash.get(BENCH, None)
    return _generator(request.node, "" if bench is None else bench.seed)


def _generator(item: pytest.Item, secret: str) -> Any:
    # Imported here: pytest loads this plugin for whoever has it installed, numpy wanted or not.
    import numpy as np

    seed = secret if item.path.name == HIDDEN_FILE else "public"
    text = f"{item.path.parent.name}\0{item.name}\0{seed}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The solution. Hidden checks only: a student's machine has none."""
    return request.config.stash[BENCH].reference


@pytest.fixture
def diagnose(request: pytest.FixtureRequest) -> Diagnoser:
    """`with diagnose("gradient", probes, answers):` names the mistake behind a failure in it."""
    return request.config.stash[BENCH].diagnoser


@pytest.fixture(scope="session")
def data(request: pytest.FixtureRequest) -> Mapping[str, Path]:
    """`data["digits.csv"]` is the path of a data file that the assignment lists."""
    return request.config.stash[BENCH].assignment.data


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`note(text)` adds a warning to the report."""
    bench = request.config.stash.get(BENCH, None)
    if bench is None:
        return lambda text: None
    return bench.notes.append


@pytest.fixture(scope="module")
def _local_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Under plain pytest: the file that lies beside the checks is the submission.

    It runs in a process of its own, but where a debugger is to see it.
    """
    from grader.course.assignment import load_assignment
    from grader.engine.debugger import LocalSubject, debugger_attached
    from grader.engine.proxy import Subject, limits_of
    from grader.errors import SubmissionError
    from grader.sandbox.host.launch import PlainLauncher
    from grader.submission.files import read_submission
    from grader.submission.program import prepare

    folder = request.path.parent
    assignment = load_assignment(folder, None, folder.parent.parent / "datasets")
    program, problem = None, None
    try:
        program = prepare(read_submission(folder), assignment)
    except SubmissionError as exc:
        problem = str(exc)
    bench = Bench(assignment, "public")
    options = request.config.option
    debugged = getattr(options, "usepdb", False) or getattr(options, "trace", False)
    make: Callable[..., Subject] = Subject
    if debugged or debugger_attached():
        make = functools.partial(LocalSubject, folder)
    limits = limits_of(assignment.spec.limits)
    bench.subject = make(program, PlainLauncher(), limits, assignment.functions, problem)
    yield bench
    bench.subject.close()


def own_fixtures(item: pytest.Item, bench: Bench) -> dict[str, Any] | None:
    """The arguments of a check that asks for nothing but this module's fixtures, else None.

    Filling them in here spares pytest's own way of finding them, which takes longer than many a
    check. A check with fixtures of its author's goes that way, and finds the same values there.
    """
    from grader.engine.proxy import Student

    makers: dict[str, Callable[[], Any]] = {
        "student": lambda: Student(bench.subject),
        "rng": lambda: _generator(item, bench.seed),
        "reference": lambda: bench.reference,
        "diagnose": lambda: bench.diagnoser,
        "data": lambda: bench.assignment.data,
        "note": lambda: bench.notes.append,
        "request": lambda: getattr(item, "_request", None),
    }
    names: Sequence[str] = getattr(item, "fixturenames", ())
    return {name: makers[name]() for name in names} if makers.keys() >= set(names) else None


# What a check is, and how it ended


@dataclass(frozen=True)
class Check:
    """One collected check.

    hints: the mildest first. see: the place of the handout that a failure points to. hidden: it
    lies in hidden_checks.py, whoever may see its result.
    """

    item: pytest.Item
    id: str
    title: str
    max_points: float
    visibility: Visibility
    hints: tuple[str, ...]
    see: str | None
    hidden: bool


def describe_checks(items: Sequence[pytest.Item]) -> list[Check]:
    """The checks of collected items, public ones first. Raises SpecError for a wrong mark.

    Among the hidden ones those whose messages the student may see come before the others: the
    student's code could keep what another check sent and tell it in its next message.
    """
    cases = Counter(_function_id(item) for item in items)
    seen: Counter[str] = Counter()
    checks = []
    for item in items:
        _refuse_staff_fixtures(item)
        _refuse_skips(item)
        function = _function_id(item)
        cents = _points_of(item)
        share = cents // cases[function] + (seen[function] < cents % cases[function])
        seen[function] += 1
        hidden = item.path.name == HIDDEN_FILE
        checks.append(
            Check(
                item=item,
                id=f"{item.path.stem}::{item.name}",
                title=_title_of(item),
                max_points=share / 100,
                visibility=_visibility_of(item, hidden),
                hints=_hints_of(item),
                see=_see_of(item),
                hidden=hidden,
            )
        )
    return sorted(
        checks, key=lambda check: (check.hidden, check.visibility is not Visibility.VISIBLE)
    )


def _refuse_staff_fixtures(item: pytest.Item) -> None:
    """A public check that rests on the solution would break at every student's."""
    used = STAFF_FIXTURES & set(getattr(item, "fixturenames", ()))
    if used and item.path.name != HIDDEN_FILE:
        raise SpecError(
            f"{item.path}: {item.name} uses `{min(used)}`, which only {HIDDEN_FILE} may; "
            "move the check there"
        )


def _refuse_skips(item: pytest.Item) -> None:
    """A check that can be skipped would cost or give points by chance."""
    for name in ("skip", "skipif", "xfail"):
        if item.get_closest_marker(name) is not None:
            raise SpecError(f"{item.path}: {item.name} is marked {name}; a check always runs")


def _function_id(item: pytest.Item) -> str:
    return f"{item.path}::{getattr(item, 'originalname', item.name)}"


def _points_of(item: pytest.Item) -> int:
    """Hundredths, so that shares add up exactly."""
    name = getattr(item, "originalname", item.name)
    mark = item.get_closest_marker("points")
    if mark is None or len(mark.args) != 1:
        raise SpecError(
            f"{item.path}: {name} says no points; decorate it with @pytest.mark.points(n)"
        )
    points = mark.args[0]
    if not isinstance(points, (int, float)) or isinstance(points, bool) or not 0 <= points < 1e6:
        raise SpecError(
            f"{item.path}: points for {name} is {points!r}; give a number that is not negative"
        )
    return round(points * 100)


def _visibility_of(item: pytest.Item, hidden: bool) -> Visibility:
    mark = item.get_closest_marker("visibility")
    if mark is None:
        return Visibility.HIDDEN if hidden else Visibility.VISIBLE
    try:
        return Visibility(mark.args[0])
    except (ValueError, IndexError):
        words = ", ".join(word.value for word in Visibility)
        raise SpecError(f"{item.path}: visibility of {item.name} is none of {words}") from None


def _hints_of(item: pytest.Item) -> tuple[str, ...]:
    # The decorator nearest to the function comes first from pytest; authors write top-down.
    marks = [mark for mark in item.iter_markers("hint") if mark.args]
    return tuple(str(mark.args[0]) for mark in reversed(marks))


def _see_of(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("see")
    return str(mark.args[0]) if mark is not None and mark.args else None


def _title_of(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    text = (getattr(function, "__doc__", None) or item.name).strip().splitlines()[0]
    callspec = getattr(item, "callspec", None)
    return f"{text} [{callspec.id}]" if callspec is not None else text


def _is_the_checks_own(exc: AssertionError) -> bool:
    """Whether a check's author asserted it, and not some library that met what it cannot bear."""
    files = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(exc.__traceback__)]
    testing = any(file.parts[-3:-1] == ("numpy", "testing") for file in files)
    return bool(files) and (files[-1].name in (PUBLIC_FILE, HIDDEN_FILE) or testing)


def classify(
    exc: BaseException | None, hints: Sequence[str] = (), see: str | None = None
) -> tuple[Outcome, str | None, str | None]:
    """Outcome, message and diagnosis of what a check raised; None is a pass.

    hints: the check's own, of which the first goes with a failure that brings none. see: the place
    of the handout that goes with a failure or an error.
    What is neither a student's fault nor a plain assertion is a fault of ours: a check that
    crashes on a student's odd value must not cost the student points unnoticed.
    """
    if exc is None:
        return Outcome.PASSED, None, None
    place = "" if see is None else f"\n  {'see:':9} README.md, {see}"
    if isinstance(exc, CheckFailed):
        if exc.hint is None and hints:
            exc.hint = hints[0]
        return Outcome.FAILED, str(exc) + place, exc.diagnosis
    if isinstance(exc, StudentRaised):
        return Outcome.ERROR, str(exc) + ("" if exc.whole else place), None
    if isinstance(exc, StudentFault):
        return Outcome(exc.outcome), str(exc), None
    if isinstance(exc, AssertionError) and _is_the_checks_own(exc):
        claim = str(exc).split("\n")[0] or "the check's claim does not hold"
        return Outcome.FAILED, claim + place, None
    if isinstance(exc, pytest.skip.Exception):
        return Outcome.GRADER_ERROR, f"the check was skipped: {exc}", None
    lines = traceback.format_exception(exc, limit=-4)
    return Outcome.GRADER_ERROR, "the check itself failed:\n" + "".join(lines)[-2000:], None
