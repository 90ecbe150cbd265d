"""The course's total: groups, weights, dropped, bonus, excused, open, and its explanation."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.course.total import TotalRules
from grader.errors import CourseError
from grader.gradebook.grades.policy import IN_TIME
from grader.gradebook.grades.totals import CourseTotal, PartState, lines_of, total_of, totals_csv
from grader.gradebook.records import Automatic, Grade, Standing, StandingKind, Student

ADA = Student(1, "ada", "=Ada")
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def grade(name: str, points: float | None, most: float, kind: StandingKind | None = None) -> Grade:
    standing = Standing(name, 1, kind, "ill", "olga", NOW) if kind else None
    return Grade(
        student=ADA, assignment=name, attempt=None, attempts=0, why="", due=None, due_why="",
        late=IN_TIME, automatic=Automatic(points, most, (), 0, ""), questions=(), adjustments=(),
        penalty=0, points=points, so_far=points or 0.0, max_points=most,
        open=("not marked yet",) if points is None and standing is None else (), notes=(),
        standing=standing,
    )  # fmt: skip


def total(rules: Mapping[str, Any], **points: tuple[float | None, float] | Grade) -> CourseTotal:
    grades = {
        name: each if isinstance(each, Grade) else grade(name, *each)
        for name, each in points.items()
    }
    return total_of(ADA, grades, TotalRules.model_validate(rules), list(points))


def states(of: CourseTotal) -> dict[str, str]:
    return {part.homework: part.state.value for group in of.groups for part in group.parts}


def test_without_settings_it_is_the_share_of_all_points() -> None:
    found = total({}, a=(5, 10), b=(90, 90))
    assert found.percent == 95.0
    assert found.said == "95 %"


def test_weights_drops_and_a_bonus() -> None:
    rules = {
        "groups": [
            {"name": "Homework", "weight": 60, "drop_lowest": 1, "count": "equal"},
            {"name": "Project", "weight": 40, "homeworks": ["p"]},
            {"name": "Extra", "weight": 5, "homeworks": ["x"], "bonus": True},
        ]
    }
    found = total(rules, a=(10, 10), b=(2, 10), c=(50, 100), p=(30, 40), x=(1, 2))
    # (1 + 0.5) / 2 of 60, 0.75 of 40, and half of 5.
    assert found.percent == pytest.approx(45 + 30 + 2.5)
    assert states(found) == {
        "a": "counts", "b": "dropped", "c": "counts", "p": "counts", "x": "counts"
    }  # fmt: skip
    assert sum(group.adds for group in found.groups) == pytest.approx(found.percent)
    text = "\n".join(f"{line.name} {line.value} {line.said}" for line in lines_of(found))
    assert "Homework 75 % the mean of 2 homeworks, weighs 60 %, adds 45 %" in text
    assert "b 2 of 10, dropped, the lowest does not count" in text
    assert "Extra 50 % 1 of 2 points, weighs 5 %, a bonus, adds 2.5 %" in text


def test_points_drop_what_helps_most_and_not_what_is_lowest() -> None:
    # c has the lowest share, but without b the rest is 81 of 120, without c only 100 of 200.
    found = total(
        {"groups": [{"name": "H", "drop_lowest": 1}]}, a=(80, 100), b=(20, 100), c=(1, 20)
    )
    assert states(found)["b"] == "dropped"
    assert found.percent == 67.5


homeworks = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=6)


@given(homeworks, st.integers(0, 6), st.sampled_from(["points", "equal"]))
@settings(max_examples=150, deadline=None)
def test_no_other_choice_of_dropped_homeworks_is_better(
    given_points: list[tuple[int, int]], drop: int, how: str
) -> None:
    points = {f"h{n}": (float(got), float(most)) for n, (got, most) in enumerate(given_points)}
    rules = {"groups": [{"name": "H", "drop_lowest": drop, "count": how}], "rounding": 1e-9}
    found = total(rules, **points)
    keep = max(1, len(points) - drop)

    def result(chosen: tuple[tuple[float, float], ...]) -> float:
        if how == "equal":
            return sum(got / most for got, most in chosen) / len(chosen)
        return sum(got for got, _ in chosen) / sum(most for _, most in chosen)

    best = max(map(result, itertools.combinations(points.values(), keep)))
    assert found.percent == pytest.approx(100 * best, abs=1e-6)
    assert list(states(found).values()).count("counts") == keep


def test_open_excused_and_zero() -> None:
    excused = grade("b", None, 10, StandingKind.EXCUSED)
    zero = grade("c", 0.0, 10, StandingKind.ZERO)
    found = total({}, a=(9, 10), b=excused, c=zero, d=(None, 30))
    assert states(found) == {"a": "counts", "b": "excused", "c": "counts", "d": "open"}
    assert found.percent is None
    assert found.so_far == 45.0
    assert found.open == ("d",)
    assert found.said == "45 %, so far"
    assert total({}, a=(9, 10), b=excused).percent == 90.0


@pytest.mark.parametrize("how", ["points", "equal"])
@pytest.mark.parametrize("drop", [1, 2, 5])
def test_a_zero_by_decision_is_never_dropped(how: str, drop: int) -> None:
    zero = grade("c", 0.0, 10, StandingKind.ZERO)
    rules = {"groups": [{"name": "H", "drop_lowest": drop, "count": how}]}
    found = total(rules, a=(9, 10), b=(5, 10), c=zero, d=(7, 10))
    assert states(found)["c"] == "counts"
    assert list(states(found).values()).count("dropped") == min(drop, 3)
    assert states(found)["b"] == "dropped"


def test_a_group_of_which_nothing_counts_gives_its_weight_to_the_others() -> None:
    rules = {
        "groups": [
            {"name": "A", "weight": 25, "homeworks": ["a"]},
            {"name": "B", "weight": 25, "homeworks": ["b"]},
            {"name": "C", "weight": 50, "homeworks": ["c"]},
        ]
    }
    excused = grade("c", None, 10, StandingKind.EXCUSED)
    found = total(rules, a=(10, 10), b=(5, 10), c=excused)
    assert found.percent == 75.0
    assert "the other groups weigh more" in found.groups[2].why


def test_who_has_withdrawn_has_no_total() -> None:
    found = total({}, a=grade("a", None, 10, StandingKind.WITHDRAWN))
    assert (found.percent, found.so_far, found.said) == (None, None, "withdrawn")


def test_what_a_reader_does_not_see_yet_is_open() -> None:
    grades = {"a": grade("a", 9, 10), "b": grade("b", 1, 10)}
    hidden = {"b": "the grade is not released yet"}
    found = total_of(ADA, grades, TotalRules(), ["a", "b"], hidden)
    assert found.so_far == 90.0
    (part,) = [p for p in found.groups[0].parts if p.homework == "b"]
    assert (part.points, part.state) == (None, PartState.OPEN)


def test_nothing_counts_so_far() -> None:
    assert total({}, a=(None, 10)).said == "nothing counts so far"


def test_the_table_is_harmless_and_says_what_was_dropped() -> None:
    found = total({"groups": [{"name": "=H", "drop_lowest": 1}]}, a=(9, 10), b=(1, 10))
    text = totals_csv([found])
    assert text.splitlines()[0].endswith("'=H (percent),a,b")
    assert "'=Ada" in text
    assert text.splitlines()[1].endswith("b: dropped,90,9,1")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"groups": [{"name": "A", "weight": 60}]}, "add up to 60, not to 100"),
        ({"groups": [{"name": "A"}, {"name": "a", "homeworks": ["x"]}]}, "same name"),
        ({"groups": [{"name": "A"}, {"name": "B"}]}, "only one group"),
        (
            {"groups": [{"name": "A", "weight": 100}, {"name": "B", "homeworks": ["x"]}]},
            "every group a weight",
        ),
        ({"groups": [{"name": "A", "homeworks": ["x", "x"]}]}, "named twice"),
        ({"groups": [{"name": "A", "bonus": True, "weight": 5}]}, "every group is a bonus"),
        ({"groups": [{"name": "A"}, {"name": "B", "homeworks": ["b"], "bonus": True}]}, "a bonus"),
        ({"groups": [{"name": "A", "drop_lowest": True}]}, "integer"),
        ({"grups": []}, "not permitted"),
    ],
)
def test_wrong_settings_are_told(rules: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TotalRules.model_validate(rules)


def test_a_group_with_an_unknown_homework_is_told() -> None:
    with pytest.raises(CourseError, match="'svn', which is not in the course; there are: svm"):
        total({"groups": [{"name": "A", "homeworks": ["svn"]}]}, svm=(1, 1))
