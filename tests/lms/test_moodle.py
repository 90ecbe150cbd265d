"""Moodle: its bulk download, and its grading worksheet filled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from books import hand_in, roster, scored, student, write_course
from downloads import MOODLE as DOWNLOAD
from downloads import MOODLE_FLAT, contents, find
from exporting import MOODLE, MOODLE_BLIND, export
from making import write_files
from running import run_grader

from grader.course.course import find_course
from grader.gradebook import open_gradebook


@pytest.mark.parametrize("form", [DOWNLOAD, MOODLE_FLAT])
def test_moodle_in_folders_and_flat(tmp_path: Path, form: dict[str, str | bytes]) -> None:
    write_files(tmp_path, form)
    helper = "src/helper.py" if form is DOWNLOAD else "helper.py"
    assert contents(find(tmp_path)) == {
        "Ada Lovelace_2001": ["demo.py", helper],
        "Mary-Ann O'Brien_2002": ["demo.py"],
        "Participant_2003": ["demo.py"],
    }


def test_file_times_of_a_folder_count_and_not_that_of_the_unpacking(tmp_path: Path) -> None:
    write_files(tmp_path, DOWNLOAD)
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (1e9, 1e9))
    assert {item.received_at.timestamp() for item in find(tmp_path).values()} == {1e9}


def test_moodle_in_german_with_a_decimal_comma(graded_course: Path) -> None:
    ran, filled = export(graded_course, "moodle", MOODLE)
    assert ran.code == 0
    expected = MOODLE.replace('abgegeben",,"10,00"', 'abgegeben","7,5","10,00"')
    assert filled == expected.replace('"Keine Abgabe",,', '"Keine Abgabe",10,')


def test_a_blind_worksheet_is_filled_by_the_number_of_the_download(tmp_path: Path) -> None:
    home = write_course(tmp_path / "course")
    with open_gradebook(find_course(home)) as book:
        book.enrol(roster(student("1", name="Ada Lovelace"), student("2003")), who="t")
        names = {"Participant_2003": 7.25, "Participant_2004": 4, "other_2005": 9}
        book.record([(hand_in(name), scored(name, got)) for name, got in names.items()], who="t")
    blind = MOODLE_BLIND.format(most="10.00")
    ran, filled = export(home, "moodle", blind)
    assert ran.code == 0, ran.said
    assert filled == blind.replace("2003,Submitted,,", "2003,Submitted,7.25,")
    assert "1 grade filled" in ran.said
    assert "would not take these, left unchanged: Participant_2004 (locked)" in ran.said
    assert "in the table but not in the course: Participant 2005" in ran.said
    # Staff may say who a participant is; the number then tells it too.
    with open_gradebook(find_course(home)) as book:
        book.match("Participant_2003", "1", who="t")
    assert export(home, "moodle", blind)[1] == filled
    # The header tells which system made it.
    again = run_grader("export", "demo", "moodle.csv", "--to", "out.csv", cwd=home)
    assert "1 grade filled" in again.said


def test_a_grade_that_moodle_would_drop_is_listed_and_not_filled(graded_course: Path) -> None:
    table = MOODLE.replace('"10,00"', '"9,50"').replace('abgegeben",,', 'abgegeben",3,')
    ran, filled = export(graded_course, "moodle", table)
    assert ran.code == 0
    assert filled == table.replace('abgegeben",3,', 'abgegeben","7,5",')
    assert "1 grade filled" in ran.said
    assert "left unchanged: 2 (10 is above the maximum of 9.5)" in ran.said
    assert "this column is worth 9.5 points, but demo is worth 10" in ran.said
    # The maximum follows the grade, whatever it is called.
    polish = table.replace("Bestwertung", "Maksymalna ocena")
    assert "2 (10 is above the maximum of 9.5)" in export(graded_course, "moodle", polish)[0].said
    # "Nein": Moodle's own gradebook holds the grade.
    locked = MOODLE.replace('"10,00",Ja,-', '"10,00",Nein,-')
    ran, filled = export(graded_course, "moodle", locked)
    assert filled == locked.replace('abgegeben",,', 'abgegeben","7,5",')
    assert "left unchanged: 2 (locked)" in ran.said


def test_a_maximum_that_holds_a_grade_of_the_same_size_is_filled(graded_course: Path) -> None:
    ran, _ = export(graded_course, "moodle", MOODLE.replace('"10,00"', "10"))
    assert "2 grades filled" in ran.said
    assert "would not take" not in ran.said
