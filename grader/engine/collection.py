"""The checks of an assignment, as pytest collected them: what each is worth and who may see it.

Mistakes of an author in a mark are found here, before any submission is graded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pytest

from grader.course.assignment import LimitsSpec
from grader.engine import _pytest_private as private
from grader.engine.marks import is_bonus, limits_of_check
from grader.engine.refusals import refuse_what_cannot_be_judged, refuse_what_is_not_collected
from grader.errors import SpecError
from grader.reports.schema import Visibility

STAFF_FIXTURES = frozenset({"reference", "diagnose", "data"})
PUBLIC_FILE, HIDDEN_FILE = "checks.py", "hidden_checks.py"
ON_ITS_WORD = "run_cell"  # the fixture whose checks rest on what the student's process says


@dataclass(frozen=True)
class Check:
    """One collected check.

    hints: the mildest first. see: the place of the handout that a failure points to. hidden: it
    is in hidden_checks.py, whoever may see its result. waived: everyone who attempted it gets its
    points. bonus: these come on top of the maximum. limits: those that are its own. on_its_word:
    whether it takes the student's process's word for its result.
    """

    item: pytest.Item
    id: str
    title: str
    max_points: float
    visibility: Visibility
    hints: tuple[str, ...]
    see: str | None
    hidden: bool
    waived: bool
    bonus: bool = False
    limits: LimitsSpec | None = None
    on_its_word: bool = False


def describe_checks(items: Sequence[pytest.Item]) -> list[Check]:
    """The checks of collected items, public ones first. Raises SpecError for a wrong mark.

    Among the hidden ones those whose messages the student may see come before the others: the
    student's code could keep what another check sent and tell it in its next message.
    """
    for item in items:
        refuse_what_cannot_be_judged(item)
        _refuse_staff_fixtures(item)
    refuse_what_is_not_collected(items)
    cases = Counter(_function_id(item) for item in items)
    seen: Counter[str] = Counter()
    checks = []
    for item in items:
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
                hints=hints_of(item),
                see=see_of(item),
                hidden=hidden,
                waived=item.get_closest_marker("waived") is not None,
                bonus=is_bonus(item),
                limits=limits_of_check(item),
                on_its_word=_is_on_its_word(item),
            )
        )
    return sorted(
        checks, key=lambda check: (check.hidden, check.visibility is not Visibility.VISIBLE)
    )


def uneven(checks: Iterable[Check]) -> list[str]:
    """What is to be said to the author of points that cases cannot share equally."""
    cases: dict[str, list[float]] = {}
    for check in checks:
        cases.setdefault(check.id.partition("[")[0], []).append(check.max_points)
    said = []
    for name, points in cases.items():
        if len(set(points)) > 1:
            total, count = round(sum(points), 2), len(points)
            below = int(total // count * count)
            better = " or ".join(f"{each}" for each in (below, below + count) if each)
            said.append(
                f"{name}: {total:g} points cannot be shared equally by {count} cases: students "
                f"read {max(points):g} and {min(points):g}; {better} points can"
            )
    return said


def _refuse_staff_fixtures(item: pytest.Item) -> None:
    """A public check that needs the solution would fail on every student's machine."""
    used = STAFF_FIXTURES & set(private.fixture_names(item))
    if used and item.path.name != HIDDEN_FILE:
        raise SpecError(
            f"{item.path}: {item.name} uses `{min(used)}`, which is only available in "
            f"{HIDDEN_FILE}; move the check there"
        )


def _function_id(item: pytest.Item) -> str:
    return f"{item.path}::{private.function_name(item)}"


def _points_of(item: pytest.Item) -> int:
    """Hundredths, so that shares add up exactly."""
    name = private.function_name(item)
    mark = item.get_closest_marker("points")
    if mark is None or len(mark.args) != 1:
        raise SpecError(
            f"{item.path}: {name} has no points; decorate it with @pytest.mark.points(n)"
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
        raise SpecError(
            f"{item.path}: the visibility of {item.name} is unknown; give one of {words}"
        ) from None


def hints_of(item: pytest.Item) -> tuple[str, ...]:
    """The texts of the `hint` marks, the mildest first."""
    # The decorator nearest to the function comes first from pytest; authors write top-down.
    marks = [mark for mark in item.iter_markers("hint") if mark.args]
    return tuple(str(mark.args[0]) for mark in reversed(marks))


def see_of(item: pytest.Item) -> str | None:
    """The place of the handout that the `see` mark names."""
    mark = item.get_closest_marker("see")
    return str(mark.args[0]) if mark is not None and mark.args else None


def untitled(items: Iterable[pytest.Item]) -> list[str]:
    """The names of the check functions that have no docstring, each once."""
    return list(dict.fromkeys(private.function_name(i) for i in items if not _docstring_of(i)))


def _docstring_of(item: pytest.Item) -> str:
    return (getattr(getattr(item, "function", None), "__doc__", None) or "").strip()


def _title_of(item: pytest.Item) -> str:
    text = (_docstring_of(item) or item.name).splitlines()[0]
    case = private.case_of(item)
    text = text if case is None else f"{text} [{case}]"
    text += " (on the submission's own word)" if _is_on_its_word(item) else ""
    return text + (" (bonus)" if is_bonus(item) else "")


def _is_on_its_word(item: pytest.Item) -> bool:
    return ON_ITS_WORD in private.fixture_names(item)


def on_their_word(checks: Iterable[Check]) -> list[str]:
    """What is to be said to the author of checks whose result a submission can forge."""
    return [
        f"{check.id} takes the word of the submission's own process, and a submission can forge "
        "that; where you can, call the functions through `student` and assert on what they return"
        for check in checks
        if check.on_its_word
    ]
