"""Pages as feedback files for Moodle: each at the place of its own participant, or nowhere."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from books import DEMO, QUESTIONS, hand_in, reports, roster, student, write_course
from running import run_grader

from grader.course.course import find_course
from grader.errors import UsageError
from grader.gradebook import Student, open_gradebook
from grader.lms.moodle_feedback import moodle_zip

HEADER = "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"


def people(*students: Student) -> list[Student]:
    return [
        Student(number, each.id, each.name, each.email)
        for number, each in enumerate(students, start=1)
    ]


def zipped(folder: Path, text: str, students: list[Student]) -> tuple[dict[str, bytes], list[str]]:
    path = folder / "worksheet.csv"
    path.write_text(text, encoding="utf-8")
    made = moodle_zip(path, students, {each.id: each.id.encode() for each in students})
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, list(made.missing)


def test_each_page_goes_to_its_own_participant(tmp_path: Path) -> None:
    rows = (
        "Participant 7001,Ada Lovelace,ada@example.org,Submitted,,100\n"
        "Participant 7002,Ann_Lee / Smith,,Submitted,12,100\n"
        "Participant 7003,Somebody Else,else@example.org,No submission,1,100\n"
    )
    students = people(
        student("1", name="Ada Lovelace", email="ada@example.org"),
        student("2", name="Ann_Lee / Smith"),
        student("12", name="Twelve"),  # whose id is in the column of grades
    )
    files, missing = zipped(tmp_path, HEADER + rows, students)
    assert files == {
        "Ada Lovelace_7001_assignsubmission_file_/feedback.html": b"1",
        "Ann Lee   Smith_7002_assignsubmission_file_/feedback.html": b"2",
    }
    # Moodle reads the number from the second of the parts between underscores.
    assert [name.split("_")[1] for name in files] == ["7001", "7002"]
    assert missing == ["12"]


def test_a_row_that_is_two_people_is_nobodys(tmp_path: Path) -> None:
    rows = "Participant 7001,Ada Lovelace,bob@example.org,Submitted,,100\n"
    students = people(
        student("1", name="Ada Lovelace"), student("2", name="Bob", email="bob@example.org")
    )
    assert zipped(tmp_path, HEADER + rows, students) == ({}, ["1", "2"])


def test_a_worksheet_without_participants_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column of participants"):
        zipped(tmp_path, "Full name,Grade\nAda,1\n", people(student("1", name="Ada")))


def test_the_command_writes_the_released_pages(tmp_path: Path) -> None:
    course = find_course(write_course(tmp_path / "course", {"demo": DEMO + QUESTIONS}))
    with open_gradebook(course) as book:
        book.enrol(roster(student("1", name="Ada Lovelace")), who="t")
        book.record([(hand_in("1"), reports("1"))], who="t")
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text(HEADER + "Participant 7,Ada Lovelace,,,,\n", encoding="utf-8")
    final = tmp_path / "final"
    assert run_grader("gradebook", "reports", "demo", "--to", final, cwd=course.root).code == 0
    done = run_grader("feedback", final, "--moodle", sheet, cwd=course.root)
    assert done.code == 0, done.said
    assert "pages of 1 student, for Moodle" in done.out
    with zipfile.ZipFile(final / "moodle-demo.zip") as archive:
        page = archive.read("Ada Lovelace_7_assignsubmission_file_/feedback.html").decode()
    assert "Your grade" in page
