"""What the owner decides about a student in the browser, and the totals that follow from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from books import hand_in, scored
from making import close_homeworks, write_course
from running import run_grader
from serving import Serving, csrf_of, serving

RULES = """[tool.grader]
name = "Tiny"
[[tool.grader.total.groups]]
name = "Homework"
weight = 60
homeworks = ["demo"]
[[tool.grader.total.groups]]
name = "Rest"
weight = 40
"""
EARLY = datetime(2019, 12, 1, tzinfo=UTC)


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Serving]:
    """Two homeworks; ada has 5 of 10 points in the first, and the second is never due."""
    course = write_course(tmp_path / "course", "demo", "picture")
    close_homeworks(course)
    (course / "pyproject.toml").write_text(RULES, encoding="utf-8")
    with serving(course) as served:
        served.site.book.record([(hand_in("ada", EARLY), scored("ada", 5))], who="t")
        yield served


def page_of(served: Serving, name: str = "ada") -> str:
    return f"/students/{served.account(name).student}"


def decide(served: Serving, what: str, name: str = "ada", **fields: str) -> httpx2.Response:
    olga, address = served.signed_in("olga"), page_of(served, name)
    form = {"csrf": csrf_of(olga.get(address)), "what": what, "homework": "demo", **fields}
    return olga.post(f"{address}/decisions", data={"why": "ill", **form}, follow_redirects=True)


def said(answer: httpx2.Response) -> str:
    return " ".join(answer.text.split())


def test_each_decision_changes_the_grade_and_is_in_the_history(marked: Serving) -> None:
    book = marked.site.book
    assert "has 7 of 10" in said(decide(marked, "adjust", value="2", note="she phoned"))
    assert "has 9 of 10" in said(decide(marked, "override", check="a", value="7,0"))
    assert "has 7 of 10" in said(decide(marked, "override", check="a", value=""))
    decide(marked, "extend", value="3")
    granted = book.grade("demo", "ada").granted
    assert granted is not None
    assert granted.days == 3
    assert "is excused" in said(decide(marked, "excuse"))
    assert "has 0 of 10" in said(decide(marked, "zero"))
    assert "has 7 of 10" in said(decide(marked, "count"))
    done = [e for e in book.history(student="ada") if e.who == "olga"]
    assert [each.action for each in done] == [
        "adjust", "override", "override", "extend", "excused", "zero", "not zero"
    ]  # fmt: skip
    assert {each.why for each in done} == {"ill"}
    page = said(marked.signed_in("olga").get(page_of(marked)))
    assert "[for staff: she phoned]" in page
    # What a student reads has the reason, and not the note.
    book.release("demo", who="olga")
    theirs = marked.signed_in("ada").get("/total").text
    assert "she phoned" not in theirs


def test_points_by_hand_are_taken_back_one_by_one(marked: Serving) -> None:
    book, olga = marked.site.book, marked.signed_in("olga")
    decide(marked, "adjust", value="2", why="a bonus")
    decide(marked, "adjust", value="-1", why="a slip")
    first, second = book.grade("demo", "ada").adjustments
    page = said(olga.get(page_of(marked)))
    assert "Take back +2: a bonus" in page
    assert "Take back -1: a slip" in page
    told = decide(marked, "unadjust", at=first.at.isoformat(), why="not hers", note="mixed up")
    assert "has 4 of 10" in said(told)
    assert book.grade("demo", "ada").adjustments == (second,)
    last = book.history(student="ada")[-1]
    assert (last.who, last.action, last.before, last.after) == ("olga", "adjust", "+1", "-1")
    assert (last.what, last.why, last.note) == (
        "adjustment of +2 taken back",
        "not hers",
        "mixed up",
    )
    again = decide(marked, "unadjust", at=first.at.isoformat())
    assert again.status_code == 422
    assert "no such adjustment" in said(again)
    ran = run_grader(
        "gradebook", "adjust", "demo", "ada", "none", "--why", "all of it",
        cwd=marked.site.course.root,
    )  # fmt: skip
    assert ran.code == 0, ran.said
    assert book.grade("demo", "ada").adjustments == ()


def test_totals_follow_for_staff_and_student(marked: Serving) -> None:
    olga, ada = marked.signed_in("olga"), marked.signed_in("ada")
    assert "ada" in said(olga.get("/totals"))
    table = {row["id"]: row for row in csv.DictReader(io.StringIO(olga.get("/totals/table").text))}
    ada_s = table["ada"]
    assert (ada_s["total"], ada_s["total_so_far"], ada_s["open"]) == ("", "50", "picture")
    # Nothing is released: nothing of it reaches the student.
    assert "Nothing counts so far" in said(ada.get("/total"))
    assert "the grade is not released yet" in said(ada.get("/total"))
    marked.site.book.release("demo", who="olga")
    assert "50 %, so far" in said(ada.get("/total"))
    assert "5 of 10 points, weighs 100 %" in said(ada.get("/total"))
    marked.site.book.take_back("demo", who="olga")
    assert "Nothing counts so far" in said(ada.get("/total"))
    assert "has withdrawn" in said(decide(marked, "withdraw"))
    assert "withdrawn" in said(olga.get("/totals"))
    assert "Withdrawn" in said(ada.get("/total"))
    homework = said(ada.get("/homeworks/demo"))
    assert "does not count: you have left the course." in homework
    assert "late" not in homework.partition("Your attempts")[0]
    assert "in the course again" in said(decide(marked, "rejoin"))


def test_an_excuse_is_seen_at_once_and_nothing_else_of_the_grade(marked: Serving) -> None:
    ada = marked.signed_in("ada")
    pages = ("/homeworks", "/homeworks/demo", "/total")
    assert not any("ill in March" in said(ada.get(page)) for page in pages)
    decide(marked, "excuse", why="ill in March", note="she phoned")
    for page in pages:
        told = said(ada.get(page))
        assert "excused" in told
        assert "ill in March" in told
        assert "she phoned" not in told
        assert "5 of 10" not in told
    assert "What you hand in here does not count: you are excused." in said(ada.get(pages[1]))
    assert "excused" not in said(marked.signed_in("bob").get("/homeworks"))


def test_nothing_handed_in_is_not_said_to_wait_for_a_mark(marked: Serving) -> None:
    path = marked.site.course.root / "assignments" / "demo" / "assignment.toml"
    path.write_text(path.read_text() + '[[questions]]\nid = "why"\npoints = 4\ntext = "Why?"\n')
    told = {name: said(decide(marked, "extend", name, value="1")) for name in ("ada", "bob")}
    assert "nothing handed in" in told["bob"]
    assert "not marked yet" not in told["bob"]
    assert "why: not marked yet" in told["ada"]


def test_students_see_no_total_where_the_course_does_not_show_it(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    (course / "pyproject.toml").write_text("[tool.grader.total]\nshown = false\n")
    with serving(course) as served:
        ada = served.signed_in("ada")
        assert ada.get("/total").status_code == 404
        assert "/total" not in ada.get("/").text


def test_students_are_found_by_what_people_know_of_them(marked: Serving) -> None:
    olga = marked.signed_in("olga")
    assert page_of(marked) in olga.get("/students?q=LOVELACE").text
    assert page_of(marked, "bob") not in olga.get("/students?q=lovelace").text
    nobody = olga.get("/students?q=<b>zoe").text
    assert "Nobody is found by “&lt;b&gt;zoe”" in nobody
    assert "<script>alert" not in olga.get("/students").text


@pytest.mark.parametrize(
    ("what", "fields", "told"),
    [
        ("adjust", {"value": "two"}, "no number of points"),
        ("adjust", {"value": "0"}, "is not an adjustment"),
        ("extend", {"value": "-1"}, "no number of days"),
        ("extend", {"value": "99999"}, "is not possible"),
        ("extend", {"value": "366"}, "give at most 365, or excuse the student"),
        ("override", {"check": "z", "value": "1"}, "z"),
        ("override", {"check": "a", "value": "11"}, "give 0 to 10"),
        ("excuse", {"homework": "other"}, "not in the course"),
        ("excuse", {"why": " "}, "needs a reason"),
        ("count", {}, "othing of the kind was decided"),
        ("rejoin", {}, "othing of the kind was decided"),
        ("unadjust", {"at": "yesterday"}, "does not say which points"),
        ("erase", {}, "asks for nothing that is known"),
    ],
)
def test_what_cannot_be_decided_is_told_and_changes_nothing(
    marked: Serving, what: str, fields: dict[str, str], told: str
) -> None:
    before = marked.site.book.history(student="ada")
    answer = decide(marked, what, **fields)
    assert answer.status_code == 422
    assert told in said(answer)
    assert marked.site.book.history(student="ada") == before
