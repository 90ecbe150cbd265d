"""Gradebooks that cannot be used: `serve` says what is wrong, and what helps."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest
from books import hand_in, roster, scored, student
from running import run_grader

from grader.course.course import find_course
from grader.errors import CourseError
from grader.gradebook import open_gradebook
from grader.gradebook.connect import reading
from grader.gradebook.faults import require_intact

PEOPLE = 300
NOBODY = 65534


def book_of(course: Path) -> Path:
    """The file of a gradebook with a class in it, which nobody has open."""
    names = [f"s{number}" for number in range(PEOPLE)]
    with open_gradebook(find_course(course)) as book:
        book.enrol(roster(*(student(name) for name in names)), who="test")
        book.record([(hand_in(name), scored(name, 7)) for name in names], who="test")
    return course / ".grader" / "gradebook.sqlite"


def damage(path: Path) -> None:
    """Overwrite a page of the reports, which opening the gradebook does not read."""
    with sqlite3.connect(path) as connection:
        [[root]] = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'report_texts'"
        )
        [[size]] = connection.execute("PRAGMA page_size")
    connection.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def serve(course: Path) -> str:
    """What `serve` says before it ends by itself."""
    ran = run_grader("serve", "--port", "0", "--jobs", "0", "--no-open", cwd=course)
    assert ran.code == 2, ran.said
    assert "Traceback" not in ran.said
    return ran.said


def test_damage_is_told_before_anything_is_served_and_a_backup_helps(course: Path) -> None:
    path = book_of(course)
    ran = run_grader("gradebook", "backup", "kept.backup", cwd=course)
    assert ran.code == 0, ran.said
    damage(path)
    said = serve(course)
    assert "gradebook.sqlite is damaged (" in said
    assert "gradebook restore BACKUP" in said
    # The remedy, word for word.
    aside = course / "aside"
    aside.mkdir()
    for each in path.parent.glob(f"{path.name}*"):
        each.rename(aside / each.name)
    ran = run_grader("gradebook", "restore", "kept.backup", cwd=course)
    assert ran.code == 0, ran.said
    with open_gradebook(find_course(course)) as book:
        assert require_intact(book.engine)
        assert len(book.attempts("demo")) == PEOPLE


def test_damage_that_is_met_later_says_the_remedy_too(course: Path) -> None:
    damage(book_of(course))
    with open_gradebook(find_course(course)) as book, reading(book.engine) as connection:
        with pytest.raises(CourseError, match=r"malformed; .* gradebook restore BACKUP"):
            book.report(book.attempts("demo")[0])
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_looking_for_damage_ends_in_time(course: Path) -> None:
    """What was not looked at in time is taken for good, and whoever works goes on."""
    path = book_of(course)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE large (text)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO large SELECT randomblob(10000) FROM n"
        )
    connection.close()
    with open_gradebook(find_course(course)) as book:
        began = time.monotonic()
        assert not require_intact(book.engine, most_s=0.001)
        assert time.monotonic() - began < 5
        assert len(book.students()) == PEOPLE


def test_a_book_that_is_a_folder_or_lies_below_a_file_is_told(course: Path) -> None:
    (course / ".grader").mkdir()
    (course / ".grader" / "gradebook.sqlite").mkdir()
    assert "Is a directory; name another file" in serve(course)
    (course / "grades").write_text("a file")
    ran = run_grader("serve", "--database", "grades/book.sqlite", cwd=course)
    assert ran.code == 2
    assert f"{course / 'grades'} is no folder; name another file" in ran.said


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else for once")
def test_a_folder_into_which_one_may_not_write_is_named(course: Path) -> None:
    """The file itself may be open to them: SQLite keeps two more beside it."""
    path = book_of(course)
    path.chmod(0o666)
    for each in path.parents:
        if each.stat().st_uid == 0 and each.stat().st_mode & 0o5 != 0o5:
            each.chmod(each.stat().st_mode | 0o055)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(CourseError) as told:
            open_gradebook(find_course(course))
    finally:
        os.seteuid(0)
    assert f"may not write into {path.parent}; allow that" in str(told.value)


def test_a_folder_that_went_away_while_it_was_used_is_named(course: Path) -> None:
    path = book_of(course)
    with open_gradebook(find_course(course)) as book:
        book.engine.dispose()
        path.parent.rename(course / "gone")
        with pytest.raises(CourseError) as told:
            book.students()
    assert f"the folder {path.parent} is not there; put it back" in str(told.value)
