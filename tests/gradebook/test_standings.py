"""Excused, zero and withdrawn: decisions with a word of their own, which can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from books import DUE, hand_in, roster, scored, student

from grader.course.course import Course
from grader.errors import CourseError, UsageError
from grader.gradebook import Gradebook
from grader.gradebook.breakdown import sheet_of
from grader.gradebook.records import StandingKind
from grader.gradebook.standings import decide_standing

WHO = {"who": "olga", "why": "ill", "note": "certificate"}


@pytest.fixture
def people(book: Gradebook) -> Gradebook:
    book.enrol(roster(student("ada"), student("bob")), who="x")
    book.record([(hand_in("ada", DUE + timedelta(hours=1)), scored("ada", 8))], who="x")
    return book


def test_who_is_excused_has_no_points_and_nothing_open(people: Gradebook, course: Course) -> None:
    decide_standing(people, course, "bob", StandingKind.EXCUSED, assignment="demo", **WHO)
    grade = people.grade("demo", "bob")
    assert grade.points is None
    assert grade.is_final
    assert grade.excused
    sheet = sheet_of(grade, DUE.tzinfo)
    assert sheet.total == "excused"
    (row,) = [row for row in sheet.rows if row.kind == "standing"]
    assert row.why == "the homework does not count (entered by olga): ill [for staff: certificate]"
    theirs = sheet_of(grade, DUE.tzinfo, titles={})
    assert "certificate" not in theirs.model_dump_json()
    assert "ill" in theirs.model_dump_json()


def test_zero_is_no_adjustment_and_the_parts_still_add_up(
    people: Gradebook, course: Course
) -> None:
    people.adjust("demo", "ada", 1.5, who="x", why="a bonus")
    decide_standing(people, course, "ada", StandingKind.ZERO, assignment="demo", **WHO)
    grade = people.grade("demo", "ada")
    assert (grade.points, grade.so_far, grade.open) == (0.0, 0.0, ())
    assert not grade.excused
    sheet = sheet_of(grade, DUE.tzinfo)
    parts = [r.points or 0.0 for r in sheet.rows if r.kind not in ("due", "attempts", "override")]
    assert sum(parts) == 0.0
    assert "zero" in [row.name for row in sheet.rows]
    assert "raised" not in [row.name for row in sheet.rows]


def test_a_decision_is_taken_back_and_its_history_stays(people: Gradebook, course: Course) -> None:
    before = people.grade("demo", "ada")
    for kind in (StandingKind.EXCUSED, StandingKind.ZERO, None):
        decide_standing(people, course, "ada", kind, assignment="demo", **WHO)
    assert people.grade("demo", "ada") == before
    told = [(e.action, e.before, e.after, e.why, e.note) for e in people.history(student="ada")]
    assert told[-3:] == [
        ("excused", "", "excused", "ill", "certificate"),
        ("zero", "excused", "zero", "ill", "certificate"),
        ("not zero", "zero", "", "ill", "certificate"),
    ]
    with pytest.raises(UsageError, match="nothing of the kind"):
        decide_standing(people, course, "ada", None, assignment="demo", **WHO)


def test_who_has_withdrawn_has_no_grade_in_any_homework(people: Gradebook, course: Course) -> None:
    decide_standing(people, course, "ada", StandingKind.WITHDRAWN, **WHO)
    grade = people.grade("demo", "ada")
    assert grade.excused
    assert sheet_of(grade, DUE.tzinfo).total == "withdrawn"
    # A decision about one homework does not bring them back.
    decide_standing(people, course, "ada", StandingKind.ZERO, assignment="demo", **WHO)
    assert people.grade("demo", "ada").excused


def test_wrong_use_is_refused(people: Gradebook, course: Course) -> None:
    def decide(kind: StandingKind, name: str = "", who: str = "ada", why: str = "ill") -> None:
        decide_standing(people, course, who, kind, assignment=name, who="x", why=why)

    with pytest.raises(UsageError, match="reason"):
        decide(StandingKind.EXCUSED, "demo", why=" ")
    with pytest.raises(UsageError, match="about the course"):
        decide(StandingKind.WITHDRAWN, "demo")
    with pytest.raises(UsageError, match="about one homework"):
        decide(StandingKind.ZERO)
    with pytest.raises(CourseError):
        decide(StandingKind.ZERO, "other")
    with pytest.raises(UsageError):
        decide(StandingKind.ZERO, "demo", who="zoe")
