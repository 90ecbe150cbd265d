"""Moodle: its bulk download, and its grading worksheet filled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from downloads import MOODLE as DOWNLOAD
from downloads import MOODLE_FLAT, contents, find
from exporting import MOODLE, export
from making import write_files


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
