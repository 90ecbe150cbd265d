"""Recording: once, whole, and by many at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import books
import pytest
from books import DUE, check, hand_in, reports, scored, write_course
from sqlalchemy import delete, func, select

from grader.course.course import Course, find_course
from grader.errors import CourseError
from grader.gradebook import Attempt, Gradebook, open_gradebook
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import attempts, history, report_texts, students
from grader.reports.schema import Message, Outcome


def counts(book: Gradebook) -> dict[str, int]:
    with reading(book.engine) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (attempts, report_texts, history)
        }


def test_recording_the_same_again_changes_nothing(book: Gradebook) -> None:
    entries = [(hand_in("ada"), scored("ada", 7)), (hand_in("bob"), None)]
    assert book.record(entries, who="t") == 3
    before = counts(book), book.grades("demo")
    assert book.record(entries, who="t") == 0
    assert book.record([*entries, *entries], who="t") == 0
    assert (counts(book), book.grades("demo")) == before
    # What was handed in before it was graded gets its report later.
    assert book.record([(hand_in("bob"), scored("bob", 3))], who="t") == 1
    assert [grade.points for grade in book.grades("demo")] == [7, 3]


def test_the_same_twice_in_one_batch_is_one(book: Gradebook) -> None:
    entry = (hand_in("ada"), scored("ada", 7))
    assert book.record([entry, entry], who="t") == 2
    assert len(book.attempts("demo")) == 1


def test_the_same_work_that_comes_again_was_handed_in_the_first_time(book: Gradebook) -> None:
    def copy(days: float, sha256: str) -> Attempt:
        return Attempt("demo", "ada", DUE + timedelta(days=days), sha256, label="ada")

    book.record([(copy(-2, "one"), scored("ada", 3, seed="1" * 32))], who="t")
    # The folder was copied, and every file in it got a new time; it was graded anew.
    assert book.record([(copy(5, "one"), scored("ada", 4, seed="2" * 32))], who="t") == 1
    assert [each.received_at for each in book.attempts("demo")] == [DUE - timedelta(days=2)]
    assert book.grade("demo", "ada").points == 4
    # Back to the first after a second try is a third one.
    assert book.record([(copy(-1, "two"), None), (copy(1, "one"), None)], who="t") == 2
    assert [each.sha256 for each in book.attempts("demo")] == ["one", "two", "one"]
    # In whatever order a batch comes.
    bob = [(replace(copy(days, "one"), handed_in_by="bob"), None) for days in (5, -2)]
    assert book.record(bob, who="t") == 1
    # What could not be read has no hash that could be the same.
    assert book.record([(copy(2, ""), None), (copy(3, ""), None)], who="t") == 2


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_differs_in_work_name_or_homework_is_another_attempt(book: Gradebook) -> None:
    first = hand_in("ada")
    others = [
        Attempt("demo", "ada", DUE, "other"),
        Attempt("demo", "bob", DUE, first.sha256),
        Attempt("more", "ada", DUE, first.sha256),
    ]
    assert book.record([(item, None) for item in (first, *others)], who="t") == 4


def test_a_report_is_kept_as_it_was_written(book: Gradebook) -> None:
    told = check("a", 0, message=Message(summary="1 → 2", where="[0]"))
    written = reports("ada", told, stdout_tail="zwölf ☃")
    book.record([(hand_in("ada"), written)], who="t")
    with reading(book.engine) as connection:
        rows = connection.execute(select(report_texts.c.staff, report_texts.c.student)).all()
    assert [tuple(row) for row in rows] == [written]
    (attempt,) = book.attempts("demo")
    assert book.report(attempt).to_json() == written[0]
    assert book.report(attempt, for_student=True).to_json() == written[1]


def test_of_several_reports_the_newest_counts_but_no_fault_after_a_whole_one(
    book: Gradebook,
) -> None:
    item = hand_in("ada")
    book.record([(item, scored("ada", 3, seed="1" * 32))], who="t")
    book.record([(item, scored("ada", 5, seed="2" * 32))], who="t")
    assert book.grade("demo", "ada").points == 5
    lost = reports("ada", check("a", 0, 10.0, outcome=Outcome.GRADER_ERROR), seed="3" * 32)
    book.record([(item, lost)], who="t")
    assert book.grade("demo", "ada").points == 5
    book.record([(item, scored("ada", 6, seed="4" * 32))], who="t")
    assert book.grade("demo", "ada").points == 6
    # What was recorded before and comes again does not take the place of what came after it.
    book.record([(item, scored("ada", 3, seed="1" * 32))], who="t")
    assert book.grade("demo", "ada").points == 6
    graded = [change.after for change in book.history() if change.action == "graded"]
    assert graded == ["3 of 10", "5 of 10", "0 of 10", "6 of 10"]


def test_many_at_a_time_record_each_once(course: Course, book: Gradebook) -> None:
    entries = [(hand_in(f"s{number}"), scored(f"s{number}", 5)) for number in range(40)]
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with open_gradebook(course) as mine:
                for start in range(0, 40, 8):
                    # Everybody records everything, in batches that overlap in another order.
                    mine.record(entries[start:] + entries[:start], who=f"t{number}")
                mine.adjust("demo", "s0", 1, who=f"t{number}", why="one each")
        except BaseException as exc:
            faults.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert counts(book) == {"attempts": 40, "report_texts": 40, "history": 84}
    assert len(book.grade("demo", "s0").adjustments) == 4


def test_a_gradebook_is_made_once_by_all_who_open_it_first(course: Course) -> None:
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with open_gradebook(course) as mine:
                assert mine.students() == ()
        except BaseException as exc:
            faults.append(exc)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


RECORDER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from books import hand_in, scored
from grader.course.course import find_course
from grader.gradebook import open_gradebook

with open_gradebook(find_course(Path(sys.argv[1]))) as book:
    print("open", flush=True)
    for start in range(0, 45, 3):
        names = [f"s{number}" for number in range(start, start + 3)]
        book.record([(hand_in(name), scored(name, 5)) for name in names], who="t")
        print(start, flush=True)
"""


def test_killed_at_any_moment_it_is_whole_and_the_rest_is_recorded_later(
    course: Course, book: Gradebook
) -> None:
    def start() -> subprocess.Popen[str]:
        tests = str(Path(books.__file__).parent)
        command = [sys.executable, "-c", RECORDER, str(course.root), tests]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    done = 0
    for moment in (2, 7):
        process = start()
        assert process.stdout is not None
        for _ in range(moment):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        recorded = counts(book)
        # Three to a batch: an attempt, its report and two lines of history for each of them.
        assert recorded["attempts"] % 3 == 0
        assert recorded["attempts"] == recorded["report_texts"] == recorded["history"] // 2
        assert recorded["attempts"] >= done
        done = recorded["attempts"]
    assert 0 < done < 45
    names = [f"s{number}" for number in range(45)]
    book.record([(hand_in(name), scored(name, 5)) for name in names], who="t")
    assert counts(book) == {"attempts": 45, "report_texts": 45, "history": 90}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_report_that_is_none_is_refused_and_nothing_of_its_batch_is_kept(
    book: Gradebook,
) -> None:
    with pytest.raises(ValueError, match="Invalid JSON"):
        book.record([(hand_in("ada"), None), (hand_in("bob"), ("{", ""))], who="t")
    assert book.attempts("demo") == ()


def test_nothing_is_left_hanging_in_the_air(book: Gradebook) -> None:
    book.record([(hand_in("ada"), scored("ada", 7))], who="t")
    with pytest.raises(CourseError, match=r"(?i)foreign key"), writing(book.engine) as connection:
        connection.execute(delete(students))
    assert len(book.students()) == 1


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("mysql://h/x", "names 'mysql'; give a file or a postgresql:// URL"),
        ("postgresql://x:secret@127.0.0.1:1/x", "cannot be used"),
        ("://", "cannot be read; write it as postgresql"),
        ("pyproject.toml", "cannot be used: file is not a database"),
        ("assignments", "cannot open the gradebook"),
    ],
)
def test_a_gradebook_that_cannot_be_opened_is_told_in_one_line(
    tmp_path: Path, setting: str, told: str
) -> None:
    home = find_course(write_course(tmp_path, settings=f'gradebook = "{setting}"\n'))
    with pytest.raises(CourseError) as caught:
        open_gradebook(home)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_gradebook_of_ones_own_is_for_ones_own_eyes(tmp_path: Path) -> None:
    home = find_course(write_course(tmp_path))
    with open_gradebook(home) as book:
        book.record([(hand_in("ada"), None)], who="t")
        files = list((tmp_path / ".grader").glob("gradebook.sqlite*"))
        assert files
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
