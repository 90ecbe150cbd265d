"""Bonus points from a check to the gradebook, the tables of other systems and the class report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from making import DEMO_CHECKS, DEMO_RIGHT, close_homeworks, write_course, write_files
from running import Ran, run_grader

from grader.authoring.release.gradescope import results
from grader.reports.schema import read_report

BONUS = '''
@pytest.mark.points(1.5)
@pytest.mark.bonus
def test_words(student):
    """double of a word"""
    assert student.double("ab") == "abab"
'''
HALF = DEMO_RIGHT.replace("float(np.sum(x))", "0.0")
NO_BONUS = DEMO_RIGHT.replace("2 * x", "2.0 * x")
ID = "checks::test_words"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada has everything, Bob all but the bonus, Cyn the bonus and half of the rest."""
    home = close_homeworks(write_course(tmp_path_factory.mktemp("bonus") / "course"))
    write_files(home, {"assignments/demo/checks.py": DEMO_CHECKS + BONUS})
    files = {"ada.py": DEMO_RIGHT, "bob.py": NO_BONUS, "cyn.py": HALF}
    write_files(home / "drop", files)
    write_files(home, {"roster.csv": "id,name\nada,Ada L\nbob,Bob M\ncyn,Cyn N\n"})
    enrolled = run(home, "gradebook", "roster", "roster.csv")
    assert enrolled.code == 0, enrolled.said
    graded = run(
        home, "grade", "drop", "--out", "out", "--assignment", "demo", "--unsafe", "--jobs", 1
    )
    assert "ada 11.5/10" in graded.said, graded.said
    return home


def run(home: Path, *arguments: object) -> Ran:
    return run_grader(*arguments, cwd=home)


def shown(home: Path) -> dict[str, dict[str, str]]:
    said = run(home, "gradebook", "show", "demo", "--csv").out
    return {row["id"]: row for row in csv.DictReader(io.StringIO(said))}


def test_the_grade_is_above_the_maximum_and_says_why(course: Path) -> None:
    rows = shown(course)
    told = {
        name: (row["points"], row["automatic"], row["max_points"]) for name, row in rows.items()
    }
    assert told == {
        "ada": ("11.5", "11.5", "10"),
        "bob": ("10", "10", "10"),
        "cyn": ("7.5", "7.5", "10"),
    }
    ada = " ".join(run(course, "gradebook", "student", "ada").said.split())
    assert "demo ada: 11.5 of 10 checks 11.5 of 10, by the checks, with bonus points" in ada
    assert "bonus" not in run(course, "gradebook", "student", "bob").said


def test_a_bonus_is_set_by_hand_up_to_its_own_points(course: Path) -> None:
    too_much = run(course, "gradebook", "override", "demo", "bob", ID, "2", "--why", "Nearly.")
    assert (too_much.code, "give 0 to 1.5, or use adjust" in too_much.said) == (2, True)
    run(course, "gradebook", "override", "demo", "bob", ID, "0.1", "--why", "Nearly.")
    assert shown(course)["bob"]["points"] == "10.1"
    run(course, "gradebook", "reports", "demo", "--to", "final")
    report = json.loads((course / "final" / "demo" / "student" / "bob.json").read_text())
    assert report["grade"]["points"] == 10.1
    assert (
        report["grade"]["rows"][0]["why"] == "by the checks, with bonus points; 1 check set by hand"
    )
    run(course, "gradebook", "override", "demo", "bob", ID, "auto", "--why", "No.")
    assert shown(course)["bob"]["points"] == "10"


def test_the_tables_of_others_get_the_bonus_where_they_take_it(course: Path) -> None:
    tables = {
        "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Demo (4711)\n"
        "    Points Possible,,,,,10\n\"L, Ada\",1,ada,ada,A,\n\"N, Cyn\",3,cyn,cyn,A,\n",
        "brightspace": "OrgDefinedId,Username,Demo Points Grade <Numeric MaxPoints:10>,End-of-Line "
        "Indicator\n#ada,#ada,,#\n#cyn,#cyn,,#\n",
        "moodle": "Identifier,Full name,Email address,Status,Grade,Maximum grade,"
        "Grade can be changed,Last modified (grade)\nParticipant 1,Ada L,,Submitted,,10.00,Yes,-\n"
        "Participant 3,Cyn N,,Submitted,,10.00,Yes,-\n",
    }  # fmt: skip
    for system, text in tables.items():
        write_files(course, {f"{system}.csv": text})
        ran = run(course, "export", "demo", f"--{system}", f"{system}.csv", "--to", "filled.csv")
        assert ran.code == 0, ran.said
        filled = (course / "filled.csv").read_text()
        assert ",7.5," in filled or filled.rstrip().endswith(",7.5"), filled
        assert ("11.5" in filled) is (system != "moodle"), filled
        refused = "ada (11.5 is above the maximum of 10)" in ran.said
        assert refused is (system == "moodle"), ran.said


def test_gradescope_gets_it_on_top(course: Path) -> None:
    staff, student = (
        read_report(course / "out" / "demo" / part / "ada.json") for part in ("", "student")
    )
    told = results(staff, student)
    assert told["score"] == 11.5
    assert sum(test["max_score"] for test in told["tests"]) == 10
    (bonus,) = [test for test in told["tests"] if test["extra_data"]["id"] == ID]
    assert (bonus["score"], bonus["max_score"]) == (1.5, 0)


def test_the_class_report_has_room_for_it(course: Path) -> None:
    ran = run(course, "report", "demo")
    assert ran.code == 0, ran.said
    page = " ".join((course / "class-report" / "demo.html").read_text().split())
    assert "Histogram of 3 scores from 0 to 12 points" in page
    assert "<dt>maximum</dt><dd>10</dd>" in page
    assert '11 to 12</th><td class="number">1</td>' in page
    assert '10 to below 11</th><td class="number">1</td>' in page
