"""A class in which one left, one's last zip is damaged, and one has more time, up to the tables."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from making import DEMO_RIGHT, close_homeworks, write_course, write_files, zipped
from running import run_grader

HALF = DEMO_RIGHT.replace("2 * x", "3 * x")
ROSTER = (
    "id,name,login\n1,Ada Lovelace,ada\n2,Bob Stone,bob\n3,Cyn Zu Hause,cyn\n4,Dan Müller,dan\n"
)
CANVAS = (
    "LastName,FirstName,ID,SIS Login ID,Section,Demo (7)\n    Points Possible,,,,,10\n"
    "Lovelace,Ada,11,ada,A,\nStone,Bob,12,bob,A,\nZu Hause,Cyn,13,cyn,A,\nMüller,Dan,14,dan,A,\n"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Graded twice: Ada's later zip is damaged, and Bob has left before the second time.

    Cyn has an extension and handed in nothing yet. Dan's name has lost its diacritics.
    """
    home = close_homeworks(write_course(tmp_path_factory.mktemp("troubles") / "course"))
    settings = '[tool.grader]\nroster = "roster.csv"\ntimezone = "Europe/Berlin"\n'
    write_files(home, {"roster.csv": ROSTER, "pyproject.toml": settings})
    good = zipped({"demo.py": DEMO_RIGHT, "venv/lib/x.py": ""})
    files = {
        "lovelaceada_11_9001_demo.zip": good,
        "stonebob_12_9002_demo.py": HALF,
        "mullerdan_14_9003_demo.py": HALF,
    }
    write_files(home / "one", files)
    write_files(home / "two", {**files, "lovelaceada_11_9001_demo.zip": good[: len(good) // 2]})
    for number, folder in enumerate(("one", "two")):
        for path in (home / folder).iterdir():
            os.utime(path, (1e9 + number, 1e9 + number))
    extended = run_grader("gradebook", "roster", cwd=home)
    assert extended.code == 0, extended.said
    run_grader("gradebook", "extend", "demo", "cyn", 3650, "--why", "ill", cwd=home)
    for folder in ("one", "two"):
        args = ("grade", folder, "--out", "out", "--unsafe", "--jobs", 1, "-q")
        ran = run_grader(*args, "--assignment", "demo", cwd=home)
        assert ran.code == (folder == "two"), ran.said
        write_files(home, {"roster.csv": ROSTER.replace("2,Bob Stone,bob\n", "")})
    assert "not on the roster" not in ran.said
    assert "lovelaceada_11: the submission cannot be used: it is not a zip file" in ran.said
    return home


def test_the_table_of_grades_tells_each_ones_state(course: Path) -> None:
    said = run_grader("gradebook", "show", "demo", "--csv", cwd=course).out
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(said))}
    assert {name: (row["points"], row["so_far"]) for name, row in rows.items()} == {
        "1": ("10", "10"), "3": ("", "0"), "4": ("4", "4"),
    }  # fmt: skip
    assert rows["1"]["counts"] == "the only one of 2 attempts that can be used"
    assert "cannot be used: it is not a zip file" in rows["1"]["notes"]
    assert rows["3"]["open"] == "not due until 2030-12-16 23:59 CET"
    shown = run_grader("gradebook", "show", "demo", cwd=course).said
    assert "2 of 3 grades are final (still open, and marked with …: 1)" in shown
    assert "Bob" not in shown
    assert "not on the roster" not in shown


def test_each_student_is_told_in_full(course: Path) -> None:
    ada = run_grader("gradebook", "student", "ada", cwd=course).said
    assert "demo 1: 10 of 10" in ada
    assert "10 of 10, so far" not in ada
    assert "the only one of 2 attempts that can be used" in ada
    bob = run_grader("gradebook", "student", "2", cwd=course).said
    assert "demo 2: 4 of 10" in bob
    assert "not on the roster" in bob
    cyn = run_grader("gradebook", "student", "cyn", cwd=course).said
    assert "demo 3: 0 of 10, so far" in cyn
    assert "3650 days more, granted by" in cyn
    assert "2030-12-16 23:59 CET" in cyn
    dan = run_grader("gradebook", "student", "Dan Müller", cwd=course).said
    assert "demo 4: 4 of 10" in dan


def test_the_tables_of_others_get_what_is_final(course: Path) -> None:
    (course / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    args = ("export", "demo", "--canvas", "canvas.csv", "--to", "filled.csv")
    ran = run_grader(*args, cwd=course)
    assert ran.code == 0, ran.said
    rows = list(csv.reader((course / "filled.csv").read_text(encoding="utf-8").splitlines()))
    assert {row[1]: row[5] for row in rows[2:]} == {"Ada": "10", "Bob": "", "Cyn": "", "Dan": "4"}
    assert "not final yet, left unchanged: 3" in ran.said
    assert "in the table but not in the course: Bob Stone" in ran.said


def test_the_class_report_is_about_those_who_are_there(course: Path) -> None:
    ran = run_grader("report", "demo", cwd=course)
    assert ran.code == 0, ran.said
    page = (course / "class-report" / "demo.html").read_text(encoding="utf-8")
    words = " ".join(page.split())
    assert "stonebob" not in words
    assert "Bob" not in words
    with (course / "class-report" / "demo-checks.csv").open(encoding="utf-8") as file:
        assert {row["passed"] for row in csv.DictReader(file)} <= {"1", "2", "0"}
