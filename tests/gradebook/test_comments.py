"""Comments on places in the work: their points in the grade, their history, the bank."""

from __future__ import annotations

from datetime import timedelta

import pytest
from books import DUE, hand_in, roster, scored, student

from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.breakdown import sheet_of
from grader.gradebook.desk.comments import CommentPlace, Comments
from grader.gradebook.records import Attempt
from grader.gradebook.released import reported_comments, reports_of
from grader.reports.pages.listing import CodeFile, Listing
from grader.reports.pages.view import view_of
from grader.reports.schema import Report

LINE = CommentPlace("demo.py", 2)


@pytest.fixture
def attempt(book: Gradebook) -> Attempt:
    book.enrol(roster(student("ada"), student("bob")), who="x")
    book.record([(hand_in("ada"), scored("ada", 8))], who="x")
    return book.attempts("demo")[0]


@pytest.fixture
def comments(book: Gradebook) -> Comments:
    return Comments(book.engine, now_utc)


def test_its_points_are_a_part_of_the_grade(
    book: Gradebook, comments: Comments, attempt: Attempt
) -> None:
    comments.add(attempt, LINE, "No loop is needed.", -1, who="olga")
    comments.add(attempt, CommentPlace(figure="plot"), "Label the axes.", -0.5, who="max")
    comments.add(attempt, CommentPlace(), "Well done!", 0, who="olga")
    grade = book.grade("demo", "ada")
    assert grade.points == 6.5
    sheet = sheet_of(grade, DUE.tzinfo)
    (row,) = [row for row in sheet.rows if row.kind == "comments"]
    assert (row.value, row.why) == ("-1.5", "3 comments on the work")
    assert book.grade("demo", "bob").comments == ()


def test_a_change_and_a_removal_are_in_the_history(
    book: Gradebook, comments: Comments, attempt: Attempt
) -> None:
    made = comments.add(attempt, LINE, "No loop is needed.", -1, who="olga")
    comments.change(made.key, "A loop is slow.", 0, who="max")
    comments.remove(made.key, who="olga")
    assert comments.of_attempt(attempt.key) == ()
    assert book.grade("demo", "ada").points == 8
    told = [(e.who, e.what, e.before, e.after) for e in book.history(student="ada")][-3:]
    place = "demo.py, line 2 in ada"
    assert told == [
        ("olga", place, "", "No loop is needed. (-1 points)"),
        ("max", place, "No loop is needed. (-1 points)", "A loop is slow."),
        ("olga", place, "A loop is slow.", ""),
    ]
    with pytest.raises(UsageError, match="not there any more"):
        comments.remove(made.key, who="olga")


def test_the_bank_has_what_was_written_most_often_first(
    comments: Comments, attempt: Attempt
) -> None:
    for text, points, times in (("Rare.", 0, 1), ("Frequent.", -1, 3), ("Frequent.", 0, 1)):
        for _ in range(times):
            comments.add(attempt, LINE, text, points, who="olga")
    bank = [(entry.text, entry.points, entry.times) for entry in comments.bank("demo")]
    assert bank == [("Frequent.", -1.0, 3), ("Frequent.", 0.0, 1), ("Rare.", 0.0, 1)]
    assert comments.bank("other") == ()


def test_wrong_comments_are_refused(comments: Comments, attempt: Attempt) -> None:
    for text, points in ((" ", 0), ("x" * 5000, 0), ("x", float("nan")), ("x", 1e9)):
        with pytest.raises(UsageError):
            comments.add(attempt, LINE, text, points, who="olga")
    assert comments.of_attempt(attempt.key) == ()


def test_those_on_an_attempt_that_does_not_count_are_told(
    book: Gradebook, comments: Comments, attempt: Attempt
) -> None:
    comments.add(attempt, LINE, "No loop is needed.", -1, who="olga")
    book.record([(hand_in("ada", DUE - timedelta(days=1)), scored("ada", 9))], who="x")
    first = book.attempts("demo")[0]
    comments.add(first, LINE, "Why a loop?", -1, who="olga")
    grade = book.grade("demo", "ada")
    assert grade.points == 7  # the later attempt counts, with its own comment
    assert any("1 comment in ada, which does not count" in note for note in grade.notes)


def test_a_released_report_has_them_at_their_lines(
    book: Gradebook, course: Course, comments: Comments, attempt: Attempt
) -> None:
    comments.add(attempt, LINE, "No <loop> is needed.", -1, who="olga")
    comments.add(attempt, CommentPlace("demo.py", 99), "Beyond the end.", 0, who="olga")
    grade = book.grade("demo", "ada")
    staff, before = reports_of(book, course, grade, now_utc(), released=False)
    _, after = reports_of(book, course, grade, now_utc(), released=True)
    assert before.comments == ()
    assert '"comments"' not in before.to_json()
    assert len(staff.comments) == len(after.comments) == 2
    assert "olga" not in after.to_json()
    again = Report.model_validate_json(after.to_json())
    listing = Listing((CodeFile("demo.py", "code-1", ((), (), ()), True),))
    view = view_of(again, listing, {})
    assert view.comments == {"code-1-2": ("No <loop> is needed. (-1 points)",)}
    assert [view.anchor_of(each) for each in again.comments] == ["code-1-2", None]


def test_the_grade_as_markdown_has_them(
    book: Gradebook, comments: Comments, attempt: Attempt
) -> None:
    comments.add(attempt, LINE, "No *loop* is needed.", -1, who="olga")
    grade = book.grade("demo", "ada")
    said = [each.told for each in reported_comments(grade.comments)]
    text = sheet_of(grade, DUE.tzinfo, titles={}).markdown("Demo", said)
    assert "- demo.py, line 2: No \\*loop\\* is needed. (-1 points)" in text
