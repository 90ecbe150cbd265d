"""Brightspace: its download with the times in it, and its export of grades filled."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from downloads import BRIGHTSPACE as DOWNLOAD
from downloads import NAMES, contents, find
from exporting import BRIGHTSPACE, CANVAS, export
from making import write_course, write_files, zipped
from running import run_grader

from grader.lms.discover import find_submissions
from grader.submission.sources import Source

BERLIN = ZoneInfo("Europe/Berlin")


def in_berlin(folder: Path) -> list[Source]:
    return find_submissions(folder, NAMES, "demo", zone=BERLIN)[0]


def test_each_folder_is_a_hand_in_and_the_number_tells_namesakes_apart(tmp_path: Path) -> None:
    write_files(tmp_path, DOWNLOAD)
    assert contents(find(tmp_path)) == {
        "Ada Lovelace_39786": ["demo.py", "src/helper.py"],
        "Mary-Ann O'Brien_39787": ["demo.py"],
        "John Smith_39788": ["demo.py"],
        "John Smith_39789": ["notes.pdf"],
    }
    assert find_submissions(tmp_path, NAMES, "demo")[1] == []


def test_an_index_beside_no_folder_of_its_is_told_as_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"index.html": "", "ada/demo.py": ""})
    left = find_submissions(tmp_path, NAMES, "demo")[1]
    assert [path.name for path in left] == ["index.html"]


def test_the_date_of_a_folder_is_when_it_came_by_the_courses_clock(tmp_path: Path) -> None:
    write_files(tmp_path, DOWNLOAD)
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (2e9, 2e9))  # the time of the download
    came = {item.student: (item.received_at, item.clock) for item in in_berlin(tmp_path)}
    assert came == {
        "Ada Lovelace_39786": (datetime(2026, 3, 1, 8, 26, tzinfo=UTC), ""),
        "Mary-Ann O'Brien_39787": (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), ""),
        "John Smith_39788": (datetime(2026, 2, 27, 23, 5, tzinfo=UTC), ""),
        "John Smith_39789": (datetime(2026, 2, 28, 11, 15, tzinfo=UTC), ""),
    }


def test_a_clock_of_24_hours_is_read_and_another_language_is_no_time(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "1-9 - Ada - Sept 10, 2026 2359/demo.py": "",
            "2-9 - Bob - Fév 10, 2026 1130 AM/demo.py": "",
            "3-9 - Cyn - Feb 30, 2026 1130 AM/demo.py": "",
        },
    )
    ada, bob, cyn = in_berlin(tmp_path)
    assert (ada.received_at, ada.clock) == (datetime(2026, 9, 10, 21, 59, tzinfo=UTC), "")
    assert (bob.student, bob.clock, cyn.clock) == ("Bob_2", "nothing", "nothing")


@pytest.mark.parametrize(
    ("early", "late", "other", "student"),
    [
        ("501-77", "501-77", "502-77", "Ada_501"),  # the student's number and the assignment's
        ("77-501", "77-501", "77-502", "Ada_501"),
        ("11-501", "13-501", "12-502", "Ada_501"),  # the submission's and the student's
    ],
)
def test_two_hand_ins_of_one_student_are_two_attempts(
    tmp_path: Path, early: str, late: str, other: str, student: str
) -> None:
    write_files(
        tmp_path,
        {
            f"{late} - Ada - Mar 2, 2026 100 PM/demo.py": "late",
            f"{early} - Ada - Mar 2, 2026 1100 AM/demo.py": "early",
            f"{other} - Bob - Mar 1, 2026 100 PM/demo.py": "",
        },
    )
    found = {item.label: item for item in in_berlin(tmp_path)}
    assert set(found) == {student, f"{student}~1", "Bob_502"}
    assert found[student].read().files == {"demo.py": b"late"}
    assert found[f"{student}~1"].read().files == {"demo.py": b"early"}


def test_a_file_or_a_plain_folder_is_not_taken_for_one_of_its_folders(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "1-2 - Ada - Mar 1, 2026 926 AM.py": "",
            "ada/1-2 - Bob - Mar 1, 2026 926 AM/demo.py": "",
            "1-2 - Cyn/demo.py": "",
        },
    )
    assert set(find(tmp_path)) == {"1-2 - Ada - Mar 1, 2026 926 AM", "ada", "1-2 - Cyn"}


def test_the_zip_is_collected_under_the_names_of_the_roster(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    roster = "id,name\nada,Ada Lovelace\nmo,Mary-Ann O'Brien\njs1,John Smith\njs2,John Smith\n"
    settings = '[tool.grader]\nroster = "roster.csv"\ntimezone = "America/New_York"\n'
    write_files(course, {"roster.csv": roster, "pyproject.toml": settings})
    (tmp_path / "Demo Download Mar 4, 2026 1227 PM.zip").write_bytes(zipped(DOWNLOAD))
    download = tmp_path / "Demo Download Mar 4, 2026 1227 PM.zip"
    ran = run_grader("collect", download, "--to", tmp_path / "to", cwd=course)
    assert ran.code == 0, ran.said
    assert "Ada Lovelace_39786 ada Ada Lovelace name demo 1" in ran.said
    assert "or more than one student: John Smith_39788 John Smith_39789" in ran.said
    assert "only the time of the download is known" not in ran.said
    assert (tmp_path / "to/demo/Ada Lovelace_39786/20260301T142600Z/demo.py").is_file()


@pytest.mark.parametrize("named", [True, False])
def test_only_the_cells_of_grades_change(graded_course: Path, named: bool) -> None:
    if named:
        ran, filled = export(graded_course, "brightspace", BRIGHTSPACE)
    else:
        (graded_course / "g.csv").write_bytes(BRIGHTSPACE.encode())
        ran = run_grader("export", "demo", "g.csv", "--to", "g.csv", cwd=graded_course)
        filled = (graded_course / "g.csv").read_bytes().decode()
    assert ran.code == 0, ran.said
    expected = BRIGHTSPACE.replace("4.5,,", "4.5,7.5,").replace("MÜLLER,,,7", "MÜLLER,,,10")
    assert filled == expected.replace("Cyn,,,,", "Cyn,,,4,")
    assert "3 grades filled into column 'Demo Points Grade <Numeric MaxPoints:10" in ran.said
    assert "in the table but not in the course: Eve Stranger" in ran.said
    assert "with a grade but not in the table: 4" in ran.said
    assert "In the file, this column is worth" not in ran.said


def test_a_student_is_found_by_the_email_too(graded_course: Path) -> None:
    text = BRIGHTSPACE.replace("#902,#bob,_,B. MÜLLER,", "#902,#bm,_,B.,BOB@x.org")
    assert "BOB@x.org,,10," in export(graded_course, "brightspace", text)[1]


def test_an_item_that_is_not_found_is_asked_for(graded_course: Path) -> None:
    text = BRIGHTSPACE.replace("Demo Points Grade", "Homework 1 Points Grade")
    ran, _ = export(graded_course, "brightspace", text)
    assert (ran.code, "--column" in ran.err) == (2, True)
    header = "Homework 1 Points Grade <Numeric MaxPoints:10 Weight:50 Category:Homework>"
    ran, filled = export(graded_course, "brightspace", text, "--column", header)
    assert (ran.code, ",4.5,7.5," in filled) == (0, True)


def test_the_file_of_another_system_is_told(graded_course: Path) -> None:
    ran, filled = export(graded_course, "brightspace", CANVAS)
    assert (ran.code, filled) == (2, "")
    assert "it looks like the gradebook of Canvas" in ran.said
