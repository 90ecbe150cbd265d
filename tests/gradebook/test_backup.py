"""Backup and restore, within an engine and across engines."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import DEMO, DUE, QUESTIONS, hand_in, roster, scored, student, write_course
from sqlalchemy import BigInteger, Boolean, Float, Integer, insert, select

from grader._internal.clock import now_utc
from grader.course.course import Course, find_course
from grader.errors import CourseError, UsageError
from grader.gradebook import Gradebook, open_gradebook
from grader.gradebook.backup import TABLES, backup, restore
from grader.gradebook.claims import Marker
from grader.gradebook.connect import connect, gradebook_url, reading, writing
from grader.gradebook.history import Author
from grader.gradebook.models.columns import Instant, Texts


def author() -> Author:
    return Author("t", now_utc())


def fill(book: Gradebook) -> None:
    """Something in every table."""
    spec = book._course.root / "assignments" / "demo" / "assignment.toml"
    spec.write_text(DEMO + QUESTIONS, encoding="utf-8")
    book.enrol(roster(student("1", extra={"Pet": "🐈"}), student("2")), who="t")
    first = replace(hand_in("1", members=("2",)), answers={"why": "0" * 64})
    book.record([(first, scored("1", 7)), (hand_in("zed"), None)], who="t")
    book.mark(book.attempts("demo")[0], "why", 3, who="t", rubric=["Says why (4)"])
    book.claim(book.attempts("demo")[0], "how", Marker("t", "one session"))
    book.override("demo", "1", "a", 9, who="t", why="right")
    book.adjust("demo", "1", 1, who="t", why="bonus")
    book.extend("demo", "2", 3, who="t", why="ill")
    book.match("zed", "2", who="t")


def rows(book: Gradebook) -> dict[str, list[Any]]:
    with reading(book.engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
            for table in TABLES
        }


def fill_empty_tables(book: Gradebook) -> None:
    """A row in each table that has none, such as those of the web server."""
    with writing(book.engine) as connection:
        for table in TABLES:
            if connection.execute(select(table)).first() is not None:
                continue
            row: dict[str, Any] = {}
            for column in table.columns:
                if column.foreign_keys:
                    target = next(iter(column.foreign_keys)).column
                    row[column.name] = connection.execute(select(target)).scalar()
                elif isinstance(column.type, Instant):
                    row[column.name] = DUE
                elif isinstance(column.type, Texts):
                    row[column.name] = ("ä",)
                else:
                    row[column.name] = {Integer: 7, BigInteger: 7, Boolean: True, Float: 0.5}.get(
                        type(column.type), "ä"
                    )
            connection.execute(insert(table).values(**row))


def restored(tmp_path: Path, source: Path) -> Gradebook:
    home = find_course(write_course(tmp_path / "other", {"demo": DEMO + QUESTIONS}))
    book = open_gradebook(home)
    restore(book.engine, source, tmp_path / "kept.sqlite", author(), replace=False)
    return book


def without_last_change(content: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Without the line of history that says that it was restored."""
    changes = [row for row in content["history"] if row[3] != "restored"]
    assert len(changes) == len(content["history"]) - 1
    return {**content, "history": changes}


def test_a_backup_restores_in_either_engine(book: Gradebook, tmp_path: Path) -> None:
    fill(book)
    fill_empty_tables(book)
    content, grades = rows(book), book.grades("demo")
    assert all(content.values()), "a table that holds nothing proves nothing"
    file = tmp_path / "backups" / "monday.sqlite"
    backup(book.engine, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["monday.sqlite"]

    with restored(tmp_path, file) as other:
        assert without_last_change(rows(other)) == content
        assert other.grades("demo") == grades
        # And back into this engine, in the place of what is there now.
        other.adjust("demo", "2", 5, who="t", why="later")
        backup(other.engine, tmp_path / "later.sqlite")
        expected = rows(other)
    kept = tmp_path / "kept.sqlite"
    with pytest.raises(UsageError, match="not empty; use --replace"):
        restore(book.engine, tmp_path / "later.sqlite", kept, author(), replace=False)
    assert rows(book) == content
    restore(book.engine, tmp_path / "later.sqlite", kept, author(), replace=True)
    assert [len(each) for each in rows(book).values()] == [
        len(each) + (name == "history") for name, each in expected.items()
    ]
    assert book.grade("demo", "2").adjustments[0].points == 5
    # Keys go on above those that were restored.
    book.adjust("demo", "2", 1, who="t", why="goes on")
    assert book.record([(hand_in("new"), scored("new", 1))], who="t") == 2

    with restored(tmp_path / "old", kept) as old:
        assert without_last_change(rows(old)) == content


def test_a_backup_is_of_one_moment_while_others_write(book: Gradebook, tmp_path: Path) -> None:
    fill(book)
    before = rows(book)
    with book.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DELETE FROM marks")
        backup(book.engine, tmp_path / "b.sqlite")
    assert rows(book)["marks"] == []
    with restored(tmp_path, tmp_path / "b.sqlite") as other:
        assert without_last_change(rows(other)) == before


def test_a_restore_that_fails_leaves_all_as_it_was(
    book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(book)
    backup(book.engine, tmp_path / "b.sqlite")
    content = rows(book)
    monkeypatch.setattr("grader.gradebook.backup.log", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(
            book.engine, tmp_path / "b.sqlite", tmp_path / "kept.sqlite", author(), replace=True
        )
    assert rows(book) == content


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda data: b"", "is not a backup of a gradebook"),
        (lambda data: b"PK\x03\x04" + data, "is not a backup of a gradebook"),
        (lambda data: data[: len(data) // 2], "is damaged"),
        (lambda data: data[:5000] + b"\xff" * 9000 + data[14000:], "is damaged"),
    ],
)
def test_a_file_that_is_no_whole_backup_is_refused(
    book: Gradebook, tmp_path: Path, damage: Any, told: str
) -> None:
    fill(book)
    file = tmp_path / "b.sqlite"
    backup(book.engine, file)
    content = rows(book)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UsageError) as caught:
        restore(book.engine, file, tmp_path / "kept.sqlite", author(), replace=True)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert rows(book) == content
    assert not (tmp_path / "kept.sqlite").exists()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_other_files_and_places_are_told(book: Gradebook, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    for file, told in ((other, "not a backup"), (tmp_path / "none.sqlite", "cannot read")):
        with pytest.raises(UsageError, match=told):
            restore(book.engine, file, tmp_path / "kept.sqlite", author(), replace=True)
    with pytest.raises(UsageError, match="already exists"):
        backup(book.engine, other)
    with pytest.raises(UsageError, match="cannot write the backup"):
        backup(book.engine, other / "inside.sqlite")


def test_a_database_of_something_else_is_left_alone(course: Course) -> None:
    engine = connect(gradebook_url(course))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE students (mine INTEGER)")
    engine.dispose()
    with pytest.raises(CourseError, match="`students` that is not the gradebook's"):
        open_gradebook(course)
