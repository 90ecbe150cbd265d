"""Canvas: its bulk download, and its gradebook filled."""

from __future__ import annotations

from pathlib import Path

import pytest
from downloads import CANVAS as DOWNLOAD
from downloads import NAMES, contents, find
from exporting import CANVAS, CANVAS_TWO_NAMES, export
from making import (
    best_isolation,
    close_homeworks,
    grade_class,
    write_course,
    write_files,
    zipped,
)
from running import run_grader

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.lms.discover import find_submissions


def test_canvas_tells_students_apart_by_the_number_and_joins_their_files(tmp_path: Path) -> None:
    write_files(tmp_path, DOWNLOAD)
    found = find(tmp_path)
    assert contents(found) == {
        "lovelaceada_101": ["demo.py", "helper.py", "notes.pdf"],
        "obrienmaryann_102": ["demo.ipynb"],
        "smithjohn_103": ["demo.py"],
        "smithjohn_104": ["demo.py"],
        "anon_x7Qp2": ["demo.py"],
    }
    late = {name for name, item in found.items() if any("late" in each for each in item.warnings)}
    assert late == {"obrienmaryann_102", "anon_x7Qp2"}
    left = find_submissions(tmp_path, NAMES, "demo")[1]
    assert [path.name for path in left] == ["turingalan_105_text.html"]


@pytest.mark.slow
def test_grade_of_the_download_and_of_what_was_collected_agree(tmp_path: Path) -> None:
    course = close_homeworks(write_course(tmp_path / "course"))
    roster = (
        "id,name,email\nada,Ada Lovelace,\njs1,John Smith,\njs2,John Smith,\nmo,Mary-Ann O'Brien,\n"
    )
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    write_files(course, {"roster.csv": roster, "pyproject.toml": settings})
    download = tmp_path / "demo.zip"
    download.write_bytes(zipped(DOWNLOAD))
    ran = run_grader("collect", download, "--to", tmp_path / "to", cwd=course)
    assert ran.code == 0, ran.said
    assert "lovelaceada_101 ada Ada Lovelace name demo 1" in ran.said
    assert "obrienmaryann_102 mo Mary-Ann O'Brien name demo 1" in ran.said
    assert (
        "These names match nobody on the roster, or more than one student: "
        "anon_x7Qp2 smithjohn_103 smithjohn_104" in ran.said
    )
    assert "demo.zip/turingalan_105_text.html is not a submission" in ran.said
    assert "5 of 5 submissions are new" in ran.said

    isolation = best_isolation()
    direct = grade_class(course, download, tmp_path / "direct", isolation=isolation)
    again = grade_class(course, tmp_path / "to", tmp_path / "again", isolation=isolation)
    scores = {label: pair.staff.score for label, pair in direct.pairs.items()}
    assert scores == {label: pair.staff.score for label, pair in again.pairs.items()}
    assert (scores["lovelaceada_101"], scores["smithjohn_103"]) == (10, 4)
    with open_gradebook(find_course(course)) as book:
        ada = book.grade("demo", "ada")
        (attempt,) = book.attempts_of(book.student("ada"))
    assert (ada.points, ada.attempts) == (10, 1)
    assert attempt.source == str(download / "lovelaceada_101_9001_demo-1.py")


def test_canvas_only_the_cells_of_grades_change(graded_course: Path) -> None:
    ran, filled = export(graded_course, "canvas", CANVAS)
    assert ran.code == 0
    expected = CANVAS.replace('"A ""one""",,,3', '"A ""one""",,7.5,3').replace(
        "=1+1,7,", "=1+1,10,"
    )
    assert filled == expected
    assert "2 grades filled into column 'Demo (4711)', of which 2 change" in ran.said
    assert "in the table but not in the course: eve" in ran.said or "Stranger" in ran.said
    assert "with a grade but not in the table: 4" in ran.said
    assert "excused, left unchanged: 3 (4 points in the course)" in ran.said
    assert "In the file, this column is worth" not in ran.said


def test_a_dry_run_tells_what_would_change_and_writes_nothing(graded_course: Path) -> None:
    table = graded_course / "canvas.csv"
    table.write_bytes(CANVAS.replace("=1+1,7,", "=1+1,10.00,").encode())
    before = sorted(graded_course.iterdir())
    ran = run_grader("export", "demo", table, "--dry-run", cwd=graded_course)
    assert ran.code == 0
    assert "1: – → 7.5" in ran.said
    assert "2 grades would be filled into column 'Demo (4711)', of which 1 changes" in ran.said
    assert "excused, left unchanged: 3" in ran.said
    assert sorted(graded_course.iterdir()) == before
    nowhere = run_grader("export", "demo", table, cwd=graded_course)
    assert nowhere.code == 2
    assert "--to" in nowhere.err


def test_a_column_that_is_not_found_is_asked_for(graded_course: Path) -> None:
    ran, _ = export(graded_course, "canvas", CANVAS.replace("Demo (4711)", "Homework 1 (4711)"))
    assert ran.code == 2
    assert "--column" in ran.err
    assert "Homework 1 (4711)" in ran.err
    named, filled = export(
        graded_course, "canvas", CANVAS.replace("Demo (4711)", "Homework 1 (4711)"),
        "--column", "Homework 1 (4711)",
    )  # fmt: skip
    assert named.code == 0
    assert ",7.5,3" in filled


@pytest.mark.parametrize("text", ["", "Student,ID\n", "a,b\n1,2\n"])
def test_what_is_no_such_file_is_refused_in_one_line(graded_course: Path, text: str) -> None:
    ran, _ = export(graded_course, "canvas", text)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_first_and_last_name_in_two_columns(graded_course: Path) -> None:
    ran, filled = export(graded_course, "canvas", CANVAS_TWO_NAMES)
    assert ran.code == 0, ran.said
    expected = CANVAS_TWO_NAMES.replace("101,,A,", "101,,A,7.5").replace("BOB,B,", "BOB,B,10")
    assert filled == expected
    assert "2 grades filled into column 'Demo (4711)'" in ran.said
    assert "in the table but not in the course: Eve Stranger" in ran.said
    assert "excused, left unchanged: 3" in ran.said
    # Whose login the course does not know is a namesake, as others' logins are known.
    stranger = CANVAS_TWO_NAMES.replace("101,,A,", "101,nobody,A,")
    ran, filled = export(graded_course, "canvas", stranger)
    assert filled == stranger.replace("BOB,B,", "BOB,B,10")
    assert "Ada Lovelace (nobody is not the id of that name)" in ran.said
    # The option may be left out, and a family name alone is nobody's.
    (graded_course / "t.csv").write_text(CANVAS_TWO_NAMES.replace("Lovelace,Ada", "ada,Zed"))
    ran = run_grader("export", "demo", "t.csv", "--to", "out.csv", cwd=graded_course)
    assert "1 grade filled" in ran.said
    assert "in the table but not in the course: Zed ada, Eve Stranger" in ran.said


@pytest.mark.parametrize("column", ["Student", "SIS User ID", "Section", "Demo Current Score"])
def test_no_grade_is_filled_into_a_column_that_is_not_for_grades(
    graded_course: Path, column: str
) -> None:
    ran, filled = export(graded_course, "canvas", CANVAS, "--column", column)
    assert ran.code == 2
    assert column in ran.err
    assert filled == ""
