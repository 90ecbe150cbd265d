"""Grades in a teacher's own Canvas and Moodle files, laid out as their owners lay them out."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import hand_in, roster, scored, student, write_course
from hypothesis import given
from hypothesis import strategies as st
from running import Ran, run_grader

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.lms.table import Table as _Table

CANVAS = (
    '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,"Notes, mine",Demo (4711),Other (12),'
    "Demo Current Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10,5,(read only)\r\n"
    '"Lovelace, Ada",101,1,ada,"A ""one""",,,3,\r\n'
    '"Müller, Bob",102,2,bob,B,=1+1,7,3,\r\n'
    '"Zu Hause, Cyn",103,3,cyn,B,,EX,3,\r\n'
    '"Stranger, Eve",104,9,eve,B,,,3,\r\n'
    '"Student, Test",,,,,,,,\r\n'
)
MOODLE = (
    "\ufeffID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),"
    "Feedback als Kommentar\n"
    'Teilnehmer/in123,"Ada Lovelace",ada@x.org,"Zur Bewertung abgegeben",,"10,00",Ja,'
    '"Freitag, 27. März 2026, 23:00",-,"Gut, aber"\n'
    'Teilnehmer/in124,"Bob Müller",BOB@x.org,"Keine Abgabe",,"10,00",Ja,-,-,\n'
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Ada has 7.25 of 10, Bob 10, Cyn 4; Dan handed something in that is not graded yet."""
    home = write_course(tmp_path / "course", settings="rounding = 0.5\n")
    with open_gradebook(find_course(home)) as book:
        book.enrol(
            roster(
                student("1", name="Ada Lovelace", login="ada", email="ada@x.org"),
                student("2", name="Bob Müller", login="bob", email="bob@x.org"),
                student("3", name="Cyn Zu Hause", login="cyn"),
                student("4", name="Dan", login="dan"),
            ),
            who="t",
        )
        items = [(hand_in(name), scored(name, points)) for name, points in
                 (("ada", 7.25), ("bob", 10), ("cyn", 4))]  # fmt: skip
        book.record([*items, (hand_in("dan"), None)], who="t")
    return home


def export(course: Path, kind: str, text: str, *options: object) -> tuple[Ran, str]:
    source, to = course / f"{kind}.csv", course / "out.csv"
    source.write_bytes(text.encode())
    ran = run_grader("export", "demo", f"--{kind}", source, "--to", to, *options, cwd=course)
    return ran, to.read_bytes().decode() if to.exists() else ""


def test_canvas_only_the_cells_of_grades_change(course: Path) -> None:
    ran, filled = export(course, "canvas", CANVAS)
    assert ran.code == 0
    expected = CANVAS.replace('"A ""one""",,,3', '"A ""one""",,7.5,3').replace(
        "=1+1,7,", "=1+1,10,"
    )
    assert filled == expected
    assert "2 grades in 'Demo (4711)'" in ran.said
    assert "in the table and not in the course: eve" in ran.said or "Stranger" in ran.said
    assert "with a grade and not in the table: 4" in ran.said
    assert "excused, left as they were: 3" in ran.said
    assert "The file says" not in ran.said


@pytest.mark.parametrize("kind", ["canvas", "moodle"])
def test_a_column_of_other_points_than_the_homework_is_told(course: Path, kind: str) -> None:
    text = CANVAS.replace(",10,5,", ",100,5,") if kind == "canvas" else MOODLE.replace("10,", "20,")
    assert "The file says" in export(course, kind, text)[0].said


def test_moodle_in_german_with_a_decimal_comma(course: Path) -> None:
    ran, filled = export(course, "moodle", MOODLE)
    assert ran.code == 0
    expected = MOODLE.replace('abgegeben",,"10,00"', 'abgegeben","7,5","10,00"')
    assert filled == expected.replace('"Keine Abgabe",,', '"Keine Abgabe",10,')


def test_a_column_that_is_not_found_is_asked_for(course: Path) -> None:
    ran, _ = export(course, "canvas", CANVAS.replace("Demo (4711)", "Homework 1 (4711)"))
    assert ran.code == 2
    assert "--column" in ran.err
    assert "Homework 1 (4711)" in ran.err
    named, filled = export(
        course, "canvas", CANVAS.replace("Demo (4711)", "Homework 1 (4711)"),
        "--column", "Homework 1 (4711)",
    )  # fmt: skip
    assert named.code == 0
    assert ",7.5,3" in filled


@pytest.mark.parametrize("text", ["", "Student,ID\n", "a,b\n1,2\n"])
def test_what_is_no_such_file_is_refused_in_one_line(course: Path, text: str) -> None:
    ran, _ = export(course, "canvas", text)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


@given(
    st.lists(
        st.sampled_from(
            ["a", ",", ";", '"', '""', "\n", "\r\n", "\r", "=1", "ü", " ", "\t", "1,5"]
        ),
        min_size=3,
    ).map("".join)
)
def test_a_table_that_nobody_changes_comes_out_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    data = ("x,y\n" + text + "z\n").encode()
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(data)
    assert _Table(path).encoded() == data
