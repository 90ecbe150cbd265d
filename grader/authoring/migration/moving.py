"""Moves homeworks of another grader into a course: all of it, or nothing.

A homework is first made in a folder of its own and graded there with its own reference. A test
that the reference does not pass as assertions on `student` runs whole in the worker; one that it
does not pass there either is left out and said. Only then are the folders moved into the course.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader._internal.syntax import parse
from grader._internal.text import counted
from grader.authoring.graders import Graders, Trials
from grader.authoring.migration.model import ForeignHomework
from grader.authoring.migration.mutants import changed_variable
from grader.authoring.migration.names import modules_in, names_of
from grader.authoring.migration.writer import MigratedTest, files_of, migrated
from grader.authoring.new import problem_with
from grader.authoring.placing import place
from grader.authoring.trials import Trial, TrialResult
from grader.errors import GraderError, UsageError
from grader.reports.schema import CheckResult, Outcome, Report
from grader.sandbox.protocol.packages import importable

_SETTINGS = '[tool.grader]\nname = "Moving in"\n'
# What tests import of their grader and of pytest: the writer replaces it.
_GRADERS_OWN = frozenset({"nose", "nbgrader", "otter", "pytest", "IPython"})
_PARTS = ("assignments", "solutions", "datasets")
SEED = "moving"


@dataclass(frozen=True)
class MovedHomework:
    """A homework as it came over.

    tests: those that are checks now. left_out: the names of the others, each with the reason and
    its points. weak: which tests let which wrong value of a variable pass, a line each. notes: what
    its author should know, a line each.
    """

    name: str
    tests: tuple[MigratedTest, ...]
    left_out: Mapping[str, str]
    weak: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def plain(self) -> int:
        """How many tests are assertions on what the student's code returns."""
        return sum(each.plain is not None for each in self.tests)

    @property
    def points(self) -> float:
        """What all of them are worth."""
        return round(sum(each.test.points for each in self.tests), 2)


def move_in(
    root: Path,
    homeworks: Sequence[ForeignHomework],
    *,
    unsafe: bool = False,
) -> list[MovedHomework]:
    """Bring homeworks into the course at `root`. Raises UsageError before anything is changed.

    unsafe: run the references without isolation.
    """
    for homework in homeworks:
        _refuse_name(root, homework.name, [each.name for each in homeworks])
    moved = []
    with tempfile.TemporaryDirectory(prefix=".moving-", dir=root) as folder:
        stage = Path(folder)
        (stage / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
        for homework in homeworks:
            moved.append(_made(stage, homework, unsafe))
        place(stage, root, [f"{part}/{each.name}" for each in homeworks for part in _PARTS])
    return moved


def _refuse_name(root: Path, name: str, all_names: Sequence[str]) -> None:
    problem = problem_with(name)
    if problem is not None:
        raise UsageError(f"{name[:60]!r} {problem}; choose a different name with --name")
    if list(all_names).count(name) > 1:
        raise UsageError(f"two notebooks would be called {name!r}; bring them in one at a time")
    for part in _PARTS:
        if (root / part / name).exists():
            raise UsageError(
                f"{root / part / name} already exists; choose a different name with --name, or "
                "remove it"
            )


def _made(stage: Path, homework: ForeignHomework, unsafe: bool) -> MovedHomework:
    """Make a homework in the folder `stage`, as its own reference accepts it."""
    whole: dict[str, str] = {}
    left_out: dict[str, str] = {}
    homework = _with_packages(homework)
    with Graders(stage, unsafe) as graders:
        while True:
            tests = migrated(homework, whole)
            _write(stage, files_of(homework, tests))
            if not tests:
                return MovedHomework(homework.name, (), left_out, (), homework.notes)
            failed = _failures(graders, homework, tests)
            if not failed:
                break
            lost = {
                each.test.name: failed[each.id]
                for each in tests
                if each.id in failed and each.plain is None
            }
            whole |= {
                each.id: f"as an assertion on `student` the reference fails it ({failed[each.id]})"
                for each in tests
                if each.id in failed and each.plain is not None
            }
            for each in tests:
                if each.test.name in lost:
                    points = counted(each.test.points, "point")
                    left_out[each.test.name] = f"{points}; {lost[each.test.name]}"
            kept = tuple(test for test in homework.tests if test.name not in lost)
            homework = replace(homework, tests=kept)
        weak = _weak(graders, homework, tests)
    return MovedHomework(homework.name, tests, left_out, weak, homework.notes)


def _with_packages(homework: ForeignHomework) -> ForeignHomework:
    """The homework with the packages that it imports, and a note for each and for what is missing.

    Of a test that cannot be parsed nothing is known.
    """
    sources = [homework.reference, *(test.source for test in homework.tests)]
    trees = []
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError):
            trees.append(parse(source))
    data = {Path(name).stem for name in homework.data}
    known = importable(()) | sys.stdlib_module_names | _GRADERS_OWN | data
    installed = importlib.metadata.packages_distributions()
    packages, notes = [], []
    for module in sorted(modules_in(trees) - known - {""}):
        if module in installed:
            packages.append(installed[module][0].lower())
            notes.append(
                f"{module} is imported: `packages` in assignment.toml lets submissions do so"
            )
        else:
            notes.append(
                f"{module} is imported and not installed here: install it, then import this again, "
                "and `packages` in assignment.toml will name it"
            )
    return replace(homework, packages=tuple(packages), notes=(*homework.notes, *notes))


def _write(stage: Path, files: Mapping[str, bytes]) -> None:
    for part in _PARTS:
        shutil.rmtree(stage / part, ignore_errors=True)
    for name, data in files.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _graded(
    graders: Graders, homework: ForeignHomework, others: Sequence[Trial]
) -> list[TrialResult]:
    """The reference and other trials, graded. Raises GraderError."""
    main = f"solutions/{homework.name}/{homework.name}.py"
    right = files_of(homework, ())[main]
    trials = (Trial("reference", "the reference", ((f"{homework.name}.py", right),)), *others)
    work = [Trials(homework.name, SEED, trials)]
    for _, _, tried in graders.run(work, lambda name, done, total: None):
        if isinstance(tried, GraderError):
            raise tried
        return tried
    return []


def _failures(
    graders: Graders, homework: ForeignHomework, tests: Sequence[MigratedTest]
) -> dict[str, str]:
    """The checks that the reference does not pass each time, with what each says."""
    found: dict[str, str] = {}
    for item in _graded(graders, homework, ()):
        for report in (item.report, *item.again):
            for check in report.checks:
                if check.outcome is not Outcome.PASSED:
                    found.setdefault(check.id, _said(check))
    return found


def _said(check: CheckResult) -> str:
    """What a failure says, in one line."""
    if check.message is None:
        return check.outcome.words
    lines = [line for line in (check.message.traceback or "").splitlines() if line.strip()]
    text = lines[-1] if lines and check.outcome is Outcome.GRADER_ERROR else check.message.summary
    return textwrap.shorten(text.removeprefix("grader.errors.GraderFault: "), 120, placeholder=" …")


def _weak(
    graders: Graders, homework: ForeignHomework, tests: Sequence[MigratedTest]
) -> tuple[str, ...]:
    """For each variable that tests ask for: whether another value gets through them all."""
    variables = names_of(homework.solution).variables
    asked = sorted({name for each in tests for name in each.needs} & variables)
    main = files_of(homework, ())[f"solutions/{homework.name}/{homework.name}.py"]
    trials = [
        Trial("mistake", name, ((f"{homework.name}.py", main + changed_variable(name).encode()),))
        for name in asked
    ]
    if not trials:
        return ()
    lines = []
    for item in _graded(graders, homework, trials):
        users = [each.id for each in tests if item.trial.name in each.needs]
        if item.trial.kind == "mistake" and _passes(item.report, users):
            lines.append(
                f"{', '.join(users)} let a wrong `{item.trial.name}` pass; assert its value"
            )
    return tuple(lines)


def _passes(report: Report, ids: Sequence[str]) -> bool:
    return all(c.outcome is Outcome.PASSED for c in report.checks if c.id in ids)
