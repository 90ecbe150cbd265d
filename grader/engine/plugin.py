"""The pytest plugin: what a check's author and a student running plain `pytest` meet.

Fixtures: `student` (the submission, in its worker), `reference` (the solution, hidden checks only),
`run_cell` (runs a test in the worker), `rng` (seeded), `student_rng` (seeded by the student too),
`student_id`, `note` (adds a warning to the report), `diagnose` (names a mistake).
Marks: `points(n)`, `bonus`, `visibility(word)`, `hint(text)`, `see(place)`, `waived`, `limit(...)`.

The plugin is loaded by its entry point, so `pytest` in a homework's folder and an IDE's test
explorer run the public checks on the file in that folder. When the grader runs checks for many
submissions, the runner puts a `CheckContext` into the session and moves its subject along.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.checks.diagnose import Diagnoser
from grader.course.assignment import SPEC_NAME
from grader.engine import _pytest_private as private
from grader.engine.collection import HIDDEN_FILE, PUBLIC_FILE, hints_of, see_of
from grader.engine.context import CONTEXT, CheckContext
from grader.engine.marks import limits_of_check
from grader.engine.outcome import classify, with_call, with_cause
from grader.errors import StudentFault

LOCAL = pytest.StashKey[CheckContext]()  # of the homework whose checks plain pytest runs now
MARKS = (
    "points(n): what the check is worth; parametrised cases share it",
    "visibility(word): visible, after_due_date, after_published or hidden",
    "hint(text): a hint; repeat the mark for more, the mildest first",
    "waived(): everyone who attempted it gets its points",
    "bonus(): its points come on top of the maximum",
    "limit(call_s=..., memory_mb=...): limits of this check alone",
    "see(place): the place in the handout: a heading, or the bold start of a paragraph",
)


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


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
    module: pytest.Module = private.ChecksModule.from_parent(parent, path=module_path)
    return module


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    """Under plain pytest, a student's fault is its message and not the grader's frames."""
    report = yield
    context = item.config.stash.get(LOCAL, None)
    printed = None if context is None or call.when != "call" else context.subject.take_printed()
    if printed is not None:
        report.sections.append(("Captured stdout of your code", printed))
        if item.config.getoption("capture", "fd") == "no":
            item.config.get_terminal_writer().line(f"\n{printed}")
    raised = None if call.excinfo is None else call.excinfo.value
    if isinstance(raised, StudentFault):
        outcome, message, diagnosis = classify(raised, hints_of(item), see_of(item))
        cause = None if context is None else context.subject.cause()
        message = with_cause(outcome, message, cause)
        call_made = None if context is None else context.subject.log.last_in_words(raised)
        if diagnosis is None and context is not None:
            diagnosis = context.subject.log.proportion(raised)
        message = with_call(outcome, message, raised, call_made)
        report.longrepr = None if message is None else message.rendered(diagnosis)
    return report


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The submission: `student.softmax(Z)` runs the student's function in its own process."""
    from grader.engine.objects import StudentProxy

    return StudentProxy(_subject_of(request))


def _subject_of(request: pytest.FixtureRequest) -> Any:
    """The submission that a check runs on; under plain pytest the one beside the checks."""
    context = request.config.stash.get(CONTEXT, None)
    if context is None:
        context = request.getfixturevalue("_local_context")
        context.subject.begin(limits_of_check(request.node))
    return context.subject


@pytest.fixture
def run_cell(request: pytest.FixtureRequest) -> Any:
    """`run_cell(source)` runs a test in the student's process and takes its word for the result."""
    from grader.engine.notebook_tests import CellRunner

    return CellRunner(_subject_of(request))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Any:
    """A numpy Generator seeded from the assignment, the check's name and the run's seed."""
    context = request.config.stash.get(CONTEXT, None)
    return _generator(request.node, "" if context is None else context.secret)


@pytest.fixture
def student_id(request: pytest.FixtureRequest) -> str:
    """Who handed the submission in; "" where nobody knows, as at home."""
    context = request.config.stash.get(CONTEXT, None)
    return "" if context is None else context.student


@pytest.fixture
def student_rng(request: pytest.FixtureRequest, student_id: str) -> Any:
    """As `rng`, and different for each student: the same whenever they are graded."""
    context = request.config.stash.get(CONTEXT, None)
    return _generator(request.node, "" if context is None else context.seed, student_id)


def _generator(item: pytest.Item, secret: str, student: str | None = None) -> Any:
    # Imported here: pytest loads this plugin wherever it is installed, even if numpy is not needed.
    import numpy as np

    return np.random.default_rng(seed_of(item, secret, student))


def seed_of(item: pytest.Item, secret: str, student: str | None = None) -> int:
    """The seed of a check's random numbers. secret: what that of a hidden check rests on, too.

    student: whose numbers these are, None for those that are the same for all.
    """
    seed = secret if item.path.name == HIDDEN_FILE else "public"
    text = f"{item.path.parent.name}\0{item.name}\0{seed}"
    if student is not None:
        text += f"\0{student}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The solution. Hidden checks only: a student's machine has none."""
    return request.config.stash[CONTEXT].reference


@pytest.fixture
def diagnose(request: pytest.FixtureRequest) -> Diagnoser:
    """`with diagnose("gradient", probes, answers):` names the mistake behind a failure in it."""
    return request.config.stash[CONTEXT].diagnoser


@pytest.fixture(scope="session")
def data(request: pytest.FixtureRequest) -> Mapping[str, Path]:
    """`data["digits.csv"]` is the path of a data file that the assignment lists."""
    return request.config.stash[CONTEXT].assignment.data


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`note(text)` adds a warning to the report."""
    context = request.config.stash.get(CONTEXT, None)
    if context is None:
        return lambda text: None
    return context.note


@pytest.fixture(scope="module")
def _local_context(request: pytest.FixtureRequest) -> Iterator[CheckContext]:
    """Under plain pytest: the file beside the checks is the submission.

    It runs in a separate process, unless a debugger has to see it.
    """
    from grader.course.assignment import load_assignment
    from grader.course.course import find_course
    from grader.engine.debugger import LocalSubject, debugger_attached
    from grader.engine.packages import require_packages
    from grader.engine.proxy import Subject, limits_of
    from grader.errors import SubmissionError
    from grader.sandbox.host.launch import PlainLauncher
    from grader.submission.files import read_submission
    from grader.submission.program import prepare

    folder = request.path.parent
    packages = find_course(folder).settings.packages
    assignment = load_assignment(folder, None, folder.parent.parent / "datasets", packages)
    require_packages(assignment)
    program, problem = None, None
    try:
        program = prepare(read_submission(folder), assignment)
    except SubmissionError as exc:
        problem = str(exc)
    context = CheckContext(assignment, "public")
    debugged = any(request.config.getoption(name, False) for name in ("usepdb", "trace"))
    make: Callable[..., Subject] = Subject
    if debugged or debugger_attached():
        make = functools.partial(LocalSubject, folder)
    limits = limits_of(assignment.spec.limits)
    launcher = PlainLauncher().serving(assignment.packages)
    context.subject = make(program, launcher, limits, assignment.functions, problem)
    request.config.stash[LOCAL] = context
    yield context
    del request.config.stash[LOCAL]
    context.subject.close()


def own_fixtures(item: pytest.Item) -> dict[str, Any] | None:
    """The arguments of a check that asks for nothing but this module's fixtures and what its case
    is given, else None.

    Filling them in here spares pytest's own way of finding them, which takes longer than many a
    check. A check with fixtures of its author's goes that way, and finds the same values there.
    """
    from grader.engine.notebook_tests import CellRunner
    from grader.engine.objects import StudentProxy

    context = item.config.stash[CONTEXT]
    makers: dict[str, Callable[[], Any]] = {
        "student": lambda: StudentProxy(context.subject),
        "run_cell": lambda: CellRunner(context.subject),
        "rng": lambda: _generator(item, context.secret),
        "student_id": lambda: context.student,
        "student_rng": lambda: _generator(item, context.seed, context.student),
        "reference": lambda: context.reference,
        "diagnose": lambda: context.diagnoser,
        "data": lambda: context.assignment.data,
        "note": lambda: context.note,
        "request": lambda: private.request_of(item),
    }
    given, names = private.given_as_they_are(item), private.fixture_names(item)
    if not makers.keys() | given.keys() >= set(names):
        return None
    return {name: given[name] if name in given else makers[name]() for name in names}
