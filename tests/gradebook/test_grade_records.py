"""`python -m grader grade` records what it grades in the course's gradebook."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from making import DEMO_RIGHT, close_homeworks, grade_class, write_course, write_files, zipped
from running import run_grader

from grader.course.course import find_course
from grader.gradebook import Gradebook, open_gradebook

HALF = DEMO_RIGHT.replace("2 * x", "3 * x")


def book_of(course: Path) -> Gradebook:
    return open_gradebook(find_course(course))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three, graded once, with a roster. `ada` handed in twice."""
    folder = tmp_path_factory.mktemp("recorded")
    course = close_homeworks(write_course(folder / "course"))
    manifest = {"student": "bob", "assignment": "demo", "members": ["ada", "../x", 7]}
    write_files(
        folder / "subs",
        {
            "ada.py": HALF,
            "bob.zip": zipped({"demo.py": DEMO_RIGHT, "manifest.json": json.dumps(manifest)}),
            "zed.py": HALF,
        },
    )
    write_files(folder / "subs" / "ada", {"demo.py": DEMO_RIGHT})
    os.utime(folder / "subs" / "ada.py", (1e9, 1e9))
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    write_files(course, {"roster.csv": "id,login\n1,ada\n2,bob\n", "pyproject.toml": settings})
    ran = grade_class(course, folder / "subs", folder / "out").ran
    assert "2 students; 2 added" in ran.said
    assert "not on the roster: zed" in ran.said
    return folder


def test_every_submission_is_recorded_and_found_its_student(graded: Path) -> None:
    with book_of(graded / "course") as book:
        one, two, zed = book.grades("demo")
        attempts = {each.label: each for each in book.attempts("demo")}
        report = book.report(attempts["ada"])
    assert [(each.student.id, each.points) for each in (one, two, zed)] == [
        ("1", 10), ("2", 10), ("zed", 4),
    ]  # fmt: skip
    assert (one.attempts, one.why) == (2, "the last of 2")
    assert zed.notes == ("not on the roster",)
    scores = {label: each.score for label, each in attempts.items()}
    assert scores == {"ada~1": 4, "ada": 10, "bob": 10, "zed": 4}
    bob = attempts["bob"]
    assert (bob.claimed, bob.members, bob.matched_by) == ("bob", ("ada",), "login")
    written = (graded / "out" / "demo" / "ada.json").read_text(encoding="utf-8")
    assert report.to_json() == written


def test_graded_again_nothing_changes_and_what_is_missing_is_recorded(graded: Path) -> None:
    course = graded / "course"
    with book_of(course) as book:
        before = book.history()
    again = grade_class(course, graded / "subs", graded / "out").ran
    assert "4 of 4 have not changed since they were graded" in again.said
    with book_of(course) as book:
        assert book.history() == before
    for path in (course / ".grader").glob("gradebook.sqlite*"):
        path.unlink()
    again = grade_class(course, graded / "subs", graded / "out").ran
    assert "4 of 4 have not changed since they were graded" in again.said
    with book_of(course) as book:
        assert sorted(each.score or 0 for each in book.attempts("demo")) == [4, 4, 10, 10]


def test_without_the_gradebook_nothing_is_recorded(graded: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    grade_class(course, graded / "subs", tmp_path / "out", "--no-gradebook")
    assert not list((course / ".grader").glob("gradebook*"))


def test_a_gradebook_that_cannot_be_opened_stops_the_run_before_it_begins(
    graded: Path, tmp_path: Path
) -> None:
    course = write_course(tmp_path / "course")
    write_files(course, {"pyproject.toml": '[tool.grader]\ngradebook = "assignments"\n'})
    ran = run_grader("grade", graded / "subs", "--out", tmp_path / "out", cwd=course)
    assert ran.code == 2
    assert "cannot open the gradebook" in ran.err
    assert not (tmp_path / "out" / "demo").exists()


def test_a_roster_that_is_missing_stops_the_run_before_it_begins(
    graded: Path, tmp_path: Path
) -> None:
    course = write_course(tmp_path / "course")
    write_files(course, {"pyproject.toml": '[tool.grader]\nroster = "list.csv"\n'})
    ran = run_grader("grade", graded / "subs", "--out", tmp_path / "out", cwd=course)
    assert ran.code == 2
    assert "cannot read the roster" in ran.err
