"""A released grade: the same parts and numbers for every reader, and who sees what when."""

from __future__ import annotations

import contextlib
import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from books import DEMO, DUE, QUESTIONS, check, hand_in, reports, roster, student, write_course
from running import Ran
from typer.testing import CliRunner

from grader.cli import app
from grader.course.course import Course, find_course
from grader.course.feedback import Feedback, When, shown
from grader.gradebook import Gradebook, open_gradebook
from grader.reports.schema import OUR_FAULT, Message, Outcome, Report, Visibility, read_report

LATE = DUE + timedelta(hours=5)
SETTINGS = 'timezone = "Europe/Berlin"\nrounding = 0.5\n[tool.grader.late]\npercent_per_day = 10\n'
HIDDEN = {"visibility": Visibility.HIDDEN, "diagnosis": "Your sum starts at 1."}


def gradebook(course: Course, *args: object) -> Ran:
    with contextlib.chdir(course.root):
        done = CliRunner().invoke(app, [*map(str, args)], catch_exceptions=False)
    return Ran(done.exit_code, done.stdout, done.stderr)


def fill(book: Gradebook) -> None:
    """Ada: 8 of 10 and 1 by hand, marks 3 and 2 of 6, a day late, a bonus."""
    book.enrol(roster(student("ada", name="Ada Lovelace"), student("bob")), who="t")
    checks = (check("m::a", 5), check("m::b", 0, 2), check("m::c", 3, 3, **HIDDEN))
    for name in ("ada", "bob"):
        book.record([(hand_in(name, LATE), reports(name, *checks))], who="t")
    (ada, _) = book.attempts("demo")
    book.mark(
        ada, "why", 3, who="eve", rubric=["Says why (4)"], comment="Good | *but* <b>short</b>"
    )
    book.mark(ada, "how", 2, who="fay")
    book.override("demo", "ada", "m::b", 1, who="eve", why="right in its way", note="asked Tom")
    book.adjust("demo", "ada", 2.2, who="eve", why="talk", note="was excellent")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = find_course(write_course(tmp_path / "course", {"demo": DEMO + QUESTIONS}, SETTINGS))
    with open_gradebook(made) as book:
        fill(book)
    return made


def released(course: Course, *options: str) -> Path:
    """The folder of reports and pages."""
    to = course.root / "final"
    done = gradebook(course, "gradebook", "reports", "demo", "--to", to, *options)
    assert done.code == 0, done.said
    assert gradebook(course, "feedback", to).code == 0
    return to / "demo"


def words(page: Path) -> str:
    """The text of a page."""
    text = page.read_text(encoding="utf-8").partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_every_reader_gets_the_same_parts_and_numbers(course: Course) -> None:
    folder = released(course)
    told = gradebook(course, "gradebook", "student", "ada").said
    theirs = read_report(folder / "student" / "ada.json")
    sheet = theirs.grade
    assert sheet is not None
    # 9 of the checks and 5 of the marks, 1.4 for lateness, 2.2 more: 14.8, rounded to a half.
    assert (sheet.total, sheet.points) == ("15 of 16", 15)
    rows = {row.name.strip(): row for row in sheet.rows}
    assert [(name, row.value) for name, row in rows.items()] == [
        ("checks", "9"), ("the claim of m::b", "1"), ("why", "3"), ("how", "2"),
        ("late", "-1.4"), ("adjusted", "+2.2"), ("rounded", "+0.2"), ("due", ""),
        ("attempts", "1"),
    ]  # fmt: skip
    page = words(folder / "student" / "ada.html")
    text = (folder / "student" / "ada.md").read_text(encoding="utf-8")
    for reader in (page, told, text):
        assert "15 of 16" in reader
        for row in rows.values():
            assert row.value in reader
        for said in (
            "1 day late: 10 % taken off", "right in its way", "talk", "Says why", "marked",
            "rounded to a multiple of 0.5", "2026-03-27 23:59 CET",
        ):  # fmt: skip
            assert said in reader, (said, reader)
    assert "Good | *but* <b>short</b>" in page
    assert "Good | *but* <b>short</b>" in told
    assert r"Good \| \*but\* \<b\>short\</b\>" in text
    assert "<title>demo: Ada Lovelace (ada), 15 of 16</title>" in (
        folder / "student" / "ada.html"
    ).read_text(encoding="utf-8")
    assert "15" in words(folder.parent / "index.html")


def test_a_student_gets_no_notes_and_no_names_of_staff(course: Course) -> None:
    folder = released(course)
    for path in (folder / "student").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(eve|fay|asked Tom|excellent)\b", text), path
    staff = (folder / "ada.html").read_text(encoding="utf-8")
    for said in ("set by eve", "asked Tom", "was excellent", "marked by fay"):
        assert said in staff


def test_what_is_open_is_said_and_counts_as_so_far(course: Course) -> None:
    done = gradebook(course, "gradebook", "reports", "demo", "--to", course.root / "x")
    assert "Grades that are not final: 1; their reports say so." in done.out
    folder = released(course)
    page = words(folder / "student" / "bob.html")
    assert "of 16 points, so far" in page
    assert "why: not marked yet" in page


def test_a_grade_is_never_below_zero_and_the_row_says_so(course: Course) -> None:
    with open_gradebook(course) as book:
        book.adjust("demo", "ada", -100, who="eve", why="copied")
    sheet = read_report(released(course) / "student" / "ada.json").grade
    assert sheet is not None
    assert (sheet.points, sheet.rows[-3].why) == (0, "a grade is never below 0")
    assert sum(r.points or 0 for r in sheet.rows if r.kind not in ("override", "attempts")) == 0


def test_history_has_who_before_after_and_why_of_every_change(course: Course) -> None:
    with open_gradebook(course) as book:
        book.adjust("demo", "ada", -1, who="eve", why="untidy")
        book.extend("demo", "ada", 2, who="eve", why="you were away", note="was ill")
        (ada, _) = book.attempts("demo")
        book.mark(ada, "why", 4, who="gus", why="complained, rightly")
        again = reports("ada", check("m::a", 4), check("m::b", 0, 2), check("m::c", 3, 3))
        book.record([(hand_in("ada", LATE), again)], who="eve")
    told = gradebook(course, "gradebook", "history", "--student", "ada").said
    for said in (
        "eve override demo ada m::b in ada: 0 (automatic) → 1 (right in its way) "
        "[for staff: asked Tom]",
        "eve adjust demo ada points by +2.2: 0 → +2.2 (talk) [for staff: was excellent]",
        "eve adjust demo ada points by -1: +2.2 → +1.2 (untidy)",
        "eve extend demo ada days: 0 → 2 (you were away) [for staff: was ill]",
        "→ 4 (complained, rightly)",
        "eve graded demo ada ada: 8 of 10 → 7 of 10 (graded again)",
        "roster ada added: – → on the roster",
    ):
        assert said in told, (said, told)
    sheet = read_report(released(course) / "student" / "ada.json").grade
    assert sheet is not None
    due = next(row.why for row in sheet.rows if row.kind == "due")
    assert due == (
        "2026-03-29 23:59 CEST, 2 days more for this homework: you were away; you were on time"
    )


def settings(course: Course, **choices: str) -> Course:
    text = "\n".join(f'{key} = "{value}"' for key, value in choices.items())
    path = course.root / "pyproject.toml"
    path.write_text(f"{path.read_text()}\n[tool.grader.feedback]\n{text}\n", encoding="utf-8")
    return find_course(course.root)


def with_failed_hidden_check(course: Course, outcome: Outcome = Outcome.FAILED) -> None:
    checks = (
        check("m::a", 5),
        check("m::b", 0, 2, diagnosis="You forgot b."),
        check("h::c", 0, 3, outcome=outcome, message=Message(summary="secret 7"), **HIDDEN),
    )
    with open_gradebook(course) as book:
        attempt = replace(hand_in("bob", LATE + timedelta(hours=1)), sha256="9" * 64)
        book.record([(attempt, reports("bob", *checks))], who="t")


def test_a_named_mistake_of_a_hidden_check_is_shown_only_if_the_course_says_so(
    course: Course,
) -> None:
    with_failed_hidden_check(course)
    folder = released(course)
    for path in (folder / "student").glob("bob.*"):
        assert "Your sum starts at 1." not in path.read_text(encoding="utf-8")
    course = settings(course, hidden_mistakes="released")
    released(course)
    for ending in ("json", "html"):
        text = (folder / "student" / f"bob.{ending}").read_text(encoding="utf-8")
        assert "Your sum starts at 1." in text
        assert "secret 7" not in text
    released(course, "--before-release")
    text = (folder / "student" / "bob.html").read_text(encoding="utf-8")
    assert "Your sum starts at 1." not in text
    assert "Your grade" not in text


def test_an_assignment_chooses_otherwise_than_the_course(course: Course) -> None:
    with_failed_hidden_check(course)
    settings(course, hidden_mistakes="released")
    path = course.root / "assignments/demo/assignment.toml"
    path.write_text(
        path.read_text() + '\n[feedback]\nhidden_mistakes = "never"\ngrade = "never"\n',
        encoding="utf-8",
    )
    folder = released(find_course(course.root))
    theirs = read_report(folder / "student" / "bob.json")
    assert theirs.grade is None
    assert not (folder / "student" / "bob.md").exists()
    assert "Your sum" not in theirs.to_json()


def test_checks_that_are_not_shown_are_not_there_and_neither_are_their_points(
    course: Course,
) -> None:
    with_failed_hidden_check(course)
    course = settings(course, hidden_outcomes="never", grade="never")
    theirs = read_report(released(course) / "student" / "bob.json")
    assert [each.id for each in theirs.checks] == ["m::a", "m::b"]
    assert (theirs.score, theirs.max_score) == (5, 7)
    assert theirs.warnings == ("The results of hidden checks are not shown.",)
    staff = read_report(course.root / "final" / "demo" / "bob.json")
    assert len(staff.checks) == 3


def test_an_unknown_word_is_refused_with_the_key(course: Course) -> None:
    settings_of = course.root / "pyproject.toml"
    text = settings_of.read_text()
    settings_of.write_text(f'{text}\n[tool.grader.feedback]\ngrade = "later"\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"`feedback\.grade`"):
        find_course(course.root)


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in ("passed",)])
def test_how_a_hidden_check_failed_reaches_no_student(course: Course, outcome: Outcome) -> None:
    with_failed_hidden_check(course, outcome)
    folder = released(course)
    theirs = json.loads((folder / "student" / "bob.json").read_text(encoding="utf-8"))
    hidden = theirs["checks"][2]
    ours = outcome is Outcome.GRADER_ERROR
    assert hidden["outcome"] == ("grader_error" if ours else "failed")
    assert (hidden["duration_s"], hidden["figures"]) == (None, [])
    assert hidden["message"] == (Message(summary=OUR_FAULT).model_dump() if ours else None)
    page = words(folder / "student" / "bob.html")
    if not ours:
        assert "Not passed, hidden" in page
        assert "The code ran, but its result" not in page.partition("Not passed, hidden")[2]


@pytest.mark.parametrize(
    ("when", "seen"),
    [
        (When.AT_ONCE, [True, True, True, True]),
        (When.DUE, [False, True, True, True]),
        (When.RELEASED, [False, False, True, True]),
        (When.NEVER, [False, False, False, False]),
    ],
)
def test_the_moments_follow_one_another(when: When, seen: list[bool]) -> None:
    choices = Feedback.model_validate(dict.fromkeys(Feedback.model_fields, when))
    moments = [(False, False), (True, False), (False, True), (True, True)]
    for (past, out), there in zip(moments, seen, strict=True):
        view = shown(choices, due_passed=past, released=out)
        parts = (view.public_checks, view.hidden_outcomes, view.hidden_mistakes, view.grade)
        assert set(parts) == {there}
        assert (view.notes == ()) == there


def test_without_choices_a_run_shows_what_it_always_did() -> None:
    assert shown(Feedback(), due_passed=True, released=False).key == ""


def test_a_report_without_a_grade_has_no_such_key(course: Course) -> None:
    with open_gradebook(course) as book:
        report: Report = book.report(book.attempts("demo")[0])
    assert "grade" not in json.loads(report.to_json())
