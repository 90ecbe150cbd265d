"""What the grader needs of pytest's private parts is tested before any check is run."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.fixtures import TopRequest
from _pytest.runner import SetupState
from making import write_course
from packaging.requirements import Requirement
from packaging.version import Version
from running import ROOT

from grader.course.course import find_course
from grader.engine._pytest_private import SUPPORTED, given_as_they_are, self_test
from grader.engine.context import CheckContext
from grader.engine.runner import collect_checks
from grader.engine.session import run_session
from grader.errors import GraderFault

Breaker = Callable[[pytest.MonkeyPatch], None]


def without(owner: Any, name: str) -> Breaker:
    """This attribute was renamed."""
    return lambda patch: patch.delattr(owner, name)


def without_state(patch: pytest.MonkeyPatch) -> None:
    """A session keeps what is set up elsewhere."""
    hidden = property(lambda self: self.no_such_name, lambda self, state: None)
    patch.setattr(pytest.Session, "_setupstate", hidden, raising=False)


def tears_nothing_down(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SetupState, "teardown_exact", lambda self, parent: None)


def fills_arguments_anew(patch: pytest.MonkeyPatch) -> None:
    """A request forgets what stood in an item's arguments before."""

    def fill(self: TopRequest) -> None:
        self._pyfuncitem.funcargs.clear()

    patch.setattr(TopRequest, "_fillfixtures", fill)


def names_nothing(patch: pytest.MonkeyPatch) -> None:
    """The names of a function's fixtures come to stand elsewhere."""
    hidden = property(lambda self: [], lambda self, names: None)
    patch.setattr(pytest.Function, "fixturenames", hidden, raising=False)


def makes_no_request(patch: pytest.MonkeyPatch) -> None:
    def initrequest(self: Any) -> None:
        self.funcargs, self._request = {}, None

    patch.setattr(pytest.Function, "_initrequest", initrequest)


def makes_cases_elsewhere(patch: pytest.MonkeyPatch) -> None:
    made = pytest.Function.__init__

    def init(self: Any, name: str, parent: Any, callobj: Any, **more: Any) -> None:
        made(self, name, parent, callobj=callobj, **more)

    patch.setattr(pytest.Function, "__init__", init)


def collect(folder: Path) -> list[str]:
    assignment = find_course(write_course(folder / "course")).assignment("demo")
    return [check.id for check in collect_checks(assignment)]


def test_this_pytest_is_as_it_is_needed(tmp_path: Path) -> None:
    assert collect(tmp_path) == ["checks::test_double", "checks::test_total"]
    assert Version(pytest.__version__) in Requirement(SUPPORTED).specifier


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (without(pytest.Module, "_getobj"), "Module has no `_getobj`"),
        (without(pytest.Function, "_initrequest"), "Function has no `_initrequest`"),
        (without(SetupState, "teardown_exact"), "SetupState has no `teardown_exact`"),
        (without(SetupState, "setup"), "SetupState has no `setup`"),
        (without_state, "Session has no `_setupstate`"),
        (tears_nothing_down, "a check's fixtures do not end with the check"),
        (fills_arguments_anew, "running a check raised KeyError"),
        (names_nothing, "the names of its fixtures are not found"),
        (makes_cases_elsewhere, "Function has no `callspec`"),
        (makes_no_request, "running a check raised AttributeError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pytest_that_changed_grades_nothing_and_is_named(
    tmp_path: Path, broken: Breaker, told: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        broken(patch)
        with pytest.raises(GraderFault) as caught:
            collect(tmp_path)
    said = str(caught.value)
    assert told in said
    assert f"pytest {pytest.__version__} does not work" in said
    assert f'pip install "{SUPPORTED}"' in said


def test_option_that_went_away_is_missed(tmp_path: Path) -> None:
    assignment = find_course(write_course(tmp_path / "course")).assignment("demo")

    def work(items: Sequence[pytest.Item]) -> None:
        session = items[0].session
        self_test(session)
        del session.config.option.importmode
        self_test(session)

    with pytest.raises(GraderFault, match="has no `importmode`"):
        run_session(assignment, CheckContext(assignment, ""), work, hidden=False)


CASES = """

@pytest.fixture
def twice(request):
    return 2 * request.param


@pytest.mark.points(1)
@pytest.mark.parametrize("n", [3])
@pytest.mark.parametrize("twice", [4], indirect=True)
def test_cases(student, n, twice):
    assert (n, twice) == (3, 8)
"""


def test_what_a_case_is_given_is_told_from_what_a_fixture_makes(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with (course / "assignments/demo/checks.py").open("a") as file:
        file.write(CASES)
    assignment = find_course(course).assignment("demo")
    given = {}

    def work(items: Sequence[pytest.Item]) -> None:
        given.update({item.name: given_as_they_are(item) for item in items})

    run_session(assignment, CheckContext(assignment, ""), work, hidden=False)
    assert given == {"test_double": {}, "test_total": {}, "test_cases[4-3]": {"n": 3}}


def test_supported_range_is_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (asked,) = (each for each in project["dependencies"] if each.startswith("pytest"))
    assert asked == SUPPORTED
    assert any(clause.operator == "<" for clause in Requirement(asked).specifier)
