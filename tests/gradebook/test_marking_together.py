"""Several people mark one homework: nobody marks what another has, and no mark is lost."""

from __future__ import annotations

import csv
import io
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from answering import answered, marker, submit
from running import run_grader

from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.errors import MarkConflict
from grader.gradebook import Gradebook, open_gradebook
from grader.gradebook.claims import LASTS, Marker
from grader.gradebook.desk.sheets import sheets
from grader.gradebook.marking.marking import in_order

terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
CLASS = {f"s{number:02}": f"# why\nbecause {number}\n" for number in range(12)}


def given(course: Course) -> list[tuple[str, str, float]]:
    """Student, marker and points of every mark."""
    with open_gradebook(course) as book:
        marks = [(grade.student.id, grade.questions[0].mark) for grade in book.grades("demo")]
    return [(name, mark.who, mark.points) for name, mark in marks if mark is not None]


def times_marked(course: Course) -> Counter[str]:
    with open_gradebook(course) as book:
        return Counter(each.student for each in book.history() if each.action == "marked")


@terminal
def test_two_processes_side_by_side_mark_each_answer_once(tmp_path: Path) -> None:
    course = answered(tmp_path, CLASS)
    told: dict[str, str] = {}

    def work(who: str, typed: str) -> None:
        child = marker(course, who)
        while child.expect(["> $", "answers marked"]) == 0:
            child.sendline(typed)
            child.expect("points\r\n")
        told[who] = str(child.before) + child.read()
        child.close()

    people = [threading.Thread(target=work, args=each) for each in (("eve", "a"), ("fay", "ab"))]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=120)
    marks = given(course)
    assert sorted(told) == ["eve", "fay"]
    assert [name for name, _, _ in marks] == sorted(CLASS)
    assert set(times_marked(course).values()) == {1}
    # Each mark is as its own marker gave it.
    assert {(who, points) for _, who, points in marks} <= {("eve", 3), ("fay", 4)}


@terminal
def test_a_killed_process_gives_its_answer_back_when_its_claim_runs_out(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n", "bob": "# why\nno\n"})
    child = marker(course, "eve", "--order", "student")
    child.expect("1 of 2  ada.*> ")
    child.kill(signal.SIGKILL)
    child.close()
    fay, now = Marker("fay", "another session"), now_utc()
    with open_gradebook(course) as book:
        (first, second) = book.attempts("demo")
        held, mark = book.claim(first, "why", fay, now)
        assert (held.who, mark) == ("eve", None)
        assert book.claim(second, "why", fay, now)[0].who == "fay"
        with pytest.raises(MarkConflict, match="eve is marking this answer now"):
            book.mark(first, "why", 3, who="fay", seen=None, marker=fay, at=now)
        later = now + LASTS
        assert book.claim(first, "why", fay, later)[0].who == "fay"
        book.mark(first, "why", 3, who="fay", seen=None, marker=fay, at=later)
    assert given(course) == [("ada", "fay", 3)]


@terminal
def test_a_closed_terminal_gives_its_answer_back_at_once(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n"})
    for number in (signal.SIGHUP, signal.SIGTERM):
        child = marker(course, "eve")
        child.expect("1 of 1  ada.*> ")
        child.kill(number)
        child.wait()
        with open_gradebook(course) as book:
            fay = Marker("fay", "another session")
            assert book.claim(book.attempts("demo")[0], "why", fay)[0].who == "fay"
            book.give_back(fay)


@terminal
def test_a_mark_that_came_meanwhile_is_told_and_never_overwritten_unseen(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n", "bob": "# why\nno\n"})
    child = marker(course, "eve", "--order", "student")
    child.expect("1 of 2  ada.*> ")
    with open_gradebook(course) as book:
        ada, bob = book.attempts("demo")
        book.mark(ada, "why", 2, who="fay", comment="half")
        book.mark(bob, "why", 1, who="fay")
    child.sendline("a")
    child.expect("Not saved: the mark of this answer to why was changed meanwhile: fay gave 2")
    child.expect("1 of 2  ada.*marked 2 by fay; / half.*> ")
    assert given(course) == [("ada", "fay", 2), ("bob", "fay", 1)]
    child.sendline("a")  # now eve has seen it
    child.expect("3 points")
    # The other one is done, so it is not shown.
    child.expect("1 answer marked.*Marked by others meanwhile: 1")
    child.close()
    assert given(course) == [("ada", "eve", 3), ("bob", "fay", 1)]


@terminal
def test_undo_does_not_take_away_what_somebody_else_gave(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n", "bob": "# why\nno\n"})
    child = marker(course, "eve", "--order", "student")
    child.expect("1 of 2  ada.*> ")
    child.sendline("a")
    child.expect("2 of 2  bob.*> ")
    with open_gradebook(course) as book:
        book.mark(book.attempts("demo")[0], "why", 2, who="fay")
    child.sendline("u")
    child.expect("Not undone: .*fay gave 2 points")
    child.expect("2 of 2  bob.*> ")
    child.sendline("q")
    child.close()
    assert given(course) == [("ada", "fay", 2)]


@terminal
def test_one_person_with_two_windows_marks_nothing_twice(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n", "bob": "# why\nno\n"})
    first, second = marker(course, "eve"), marker(course, "eve")
    for child in (first, second):
        child.expect("of 2.*> ")
    for child in (first, second):
        child.sendline("a")
        child.expect("3 points")
    for child in (first, second):
        child.expect("1 answer marked")
        child.close()
    assert times_marked(course) == {"ada": 1, "bob": 1}


def order(book: Gradebook, course: Course, how: str = "random") -> list[str]:
    return [each.student for each in in_order(sheets(book, course, "demo"), "demo", how)]  # type: ignore[arg-type]


def test_the_order_is_random_and_the_same_for_everybody_each_time(tmp_path: Path) -> None:
    course = answered(tmp_path, CLASS)
    with open_gradebook(course) as book, open_gradebook(course) as other:
        first = order(book, course)
        assert first == order(other, course)
        assert sorted(first) == sorted(CLASS) != first
        assert order(book, course, "student") == sorted(CLASS)
        submit(book, tmp_path, "late", "# why\nx\n")
        assert [name for name in order(book, course) if name != "late"] == first


def test_each_question_has_an_order_of_its_own(tmp_path: Path) -> None:
    two = "".join(
        f'[[questions]]\nid = "{name}"\npoints = 1\ntext = "?"\n' for name in ("how", "what")
    )
    course = answered(tmp_path, dict.fromkeys(CLASS, "x"), questions=two)
    with open_gradebook(course) as book:
        listed = order(book, course)
    assert listed[:12] != listed[12:]
    assert sorted(listed[:12]) == sorted(listed[12:])


# Tables


def table(course: Course, path: Path, *options: str) -> list[dict[str, str]]:
    ran = run_grader("mark", "demo", "--export", path, *options, cwd=course.root)
    assert ran.code == 0, ran.said
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_two_tables_meet_and_the_second_replaces_nothing_silently(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nso\n", "bob": "# why\nno\n"})
    mine, theirs = tmp_path / "mine.csv", tmp_path / "theirs.csv"
    rows, others = table(course, mine), table(course, theirs)
    rows[0]["points"], others[0]["points"], others[1]["rubric"] = "2", "1", "a"
    write(mine, rows)
    write(theirs, others)

    def read(path: Path, who: str, *options: str) -> tuple[int, str]:
        ran = run_grader("mark", "demo", "--import", path, "--as", who, *options, cwd=course.root)
        return ran.code, ran.said

    assert read(mine, "eve")[0] == 0
    code, said = read(theirs, "fay")
    assert code == 2
    assert "1 mark read" in said
    now = "but since the export there is 2 points by eve"
    assert f"row 2: ada, why: the table says 1 points, {now}" in said
    assert given(course) == [("ada", "eve", 2), ("bob", "fay", 3)]
    # What nobody touched in a table is not a mark: an old export brings no old marks back.
    stale = tmp_path / "stale.csv"
    table(course, stale)
    assert read(theirs, "fay", "--replace")[0] == 0
    assert given(course) == [("ada", "fay", 1), ("bob", "fay", 3)]
    code, said = read(stale, "eve")
    assert (code, "0 marks read" in said) == (0, True)
    assert given(course) == [("ada", "fay", 1), ("bob", "fay", 3)]
    # Nor does the name of an earlier marker, which is still in the row, stand for who reads it.
    late = table(course, stale)
    with open_gradebook(course) as book:
        book.mark(book.attempts("demo")[0], "why", 1, who="fay", comment="thought again")
    late[0]["points"] = "4"
    write(stale, late)
    code, said = read(stale, "eve")
    assert (code, "there is 1 points by fay" in said) == (2, True)
    with open_gradebook(course) as book:
        last = book.history(student="ada")[-2]
    assert (last.who, last.before, last.after) == ("fay", "2", "1")
    assert last.why == "read from theirs.csv by fay"


def test_comments_come_back_from_a_table_as_they_were_typed(tmp_path: Path) -> None:
    said = ["'Mean' is right", "=1+1", "-1 for the sign", "\uff1dSUM(1)", "5"]
    names = ["ada", "bob", "cyn", "dan", "eve"]
    course = answered(tmp_path, dict.fromkeys(names, "# why\nso\n"))
    path = tmp_path / "marks.csv"
    rows = table(course, path)
    for row, comment in zip(rows, said, strict=True):
        row.update(points="1", comment=comment)
    write(path, rows)
    done = run_grader("mark", "demo", "--import", path, cwd=course.root)
    assert "5 marks read" in done.said, done.said
    with open_gradebook(course) as book:
        marks = [grade.questions[0].mark for grade in book.grades("demo")]
    assert [mark.comment for mark in marks if mark is not None] == said
    again = [row["comment"] for row in table(course, path)]
    assert again == [said[0], "'=1+1", "'-1 for the sign", "'\uff1dSUM(1)", "5"]
    done = run_grader("mark", "demo", "--import", path, cwd=course.root)
    assert "0 marks read" in done.said, done.said
