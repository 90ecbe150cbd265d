"""A manifest is its author's word: it puts no work in the place of somebody else's."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest
from books import hand_in, roster, scored, student, write_course
from listing import find, manifest
from making import DEMO_RIGHT, close_homeworks, write_files, zipped
from making import write_course as write_demo_course
from running import run_grader

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.lms.discover import find_submissions

CLAIMS_ADA = zipped({"demo.py": "", "manifest.json": manifest("ada")})
SUBMITTED = "ada_demo_20261129T094339Z_1a2b3c4d.zip"


def named(folder: Path, files: dict[str, bytes | str], *students: str) -> dict[str, str]:
    write_files(folder, files)
    found, _ = find_submissions(folder, ["demo", "picture"], None, students=students)
    return {item.path.name: item.student for item in found}


@pytest.mark.parametrize("other", [SUBMITTED, "ada.zip", "Ada (1).zip", "ada.py", "ada/demo.py"])
def test_a_claim_alone_joins_nothing_that_names_its_student(tmp_path: Path, other: str) -> None:
    content = CLAIMS_ADA if other.endswith("zip") else "x = 1\n"
    files = {other: content, "bob.zip": CLAIMS_ADA, "upload_7.zip": CLAIMS_ADA}
    got = named(tmp_path, files)
    assert got.pop(other.split("/")[0]).lower() == "ada"
    assert got == {"bob.zip": "bob", "upload_7.zip": "upload_7"}
    told = {item.path.name: item for item in find(tmp_path)}
    said = "only the manifest names ada as the student; the file is bob.zip"
    assert said in told["bob.zip"].warnings
    assert told["bob.zip"].claimed == "ada"


def test_a_claim_is_taken_where_nothing_speaks_against_it(tmp_path: Path) -> None:
    assert named(tmp_path, {"upload_7.zip": CLAIMS_ADA}) == {"upload_7.zip": "ada"}
    (item,) = find(tmp_path)
    assert "only the manifest names ada" in item.warnings[0]


def test_what_submit_wrote_is_named_for_its_student_without_a_word(tmp_path: Path) -> None:
    assert named(tmp_path, {SUBMITTED: CLAIMS_ADA, "ada.zip": CLAIMS_ADA}) == {
        SUBMITTED: "ada", "ada.zip": "ada",
    }  # fmt: skip
    assert not any("only the manifest" in each for item in find(tmp_path) for each in item.warnings)


def test_a_file_named_for_a_student_of_the_roster_is_theirs(tmp_path: Path) -> None:
    assert named(tmp_path, {"BOB.zip": CLAIMS_ADA}, "bob", "ada") == {"BOB.zip": "BOB"}
    assert named(tmp_path, {"adam.zip": CLAIMS_ADA}, "bob", "ada")["adam.zip"] == "ada"


def test_in_the_gradebook_too_a_later_claim_takes_no_ones_place(tmp_path: Path) -> None:
    home = write_course(tmp_path / "course")
    with open_gradebook(find_course(home)) as book:
        book.enrol(roster(student("ada"), student("bob")), who="t")
        first = hand_in("ada", claimed="ada", label="ada")
        book.record([(first, scored("ada", 10))], who="t")
        later = hand_in("ada", hand_in("x").received_at, claimed="ada", label="ada~2")
        (own,) = book.attempts("demo")
        assert own.source.endswith("ada.zip")
        claim = replace(later, source="drop/upload_7.zip")
        book.record([(claim, scored("ada", 0))], who="t")
        grade = book.grade("demo", "ada")
        assert (grade.points, grade.why) == (10, "the only attempt")
        assert grade.notes == (
            "upload_7.zip does not count: only its manifest names ada as the student",
        )


def test_a_run_with_a_roster_keeps_everybodys_own(tmp_path: Path) -> None:
    course = close_homeworks(write_demo_course(tmp_path / "course"))
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    write_files(course, {"roster.csv": "id\nada\nbob\n", "pyproject.toml": settings})
    good = zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest("ada")})
    damaged = good[: len(good) // 2]
    write_files(tmp_path / "subs", {SUBMITTED: good, "bob.zip": CLAIMS_ADA, "ada.zip": damaged})
    os.utime(tmp_path / "subs" / SUBMITTED, (1e9, 1e9))
    ran = run_grader(
        *("grade", tmp_path / "subs", "--out", tmp_path / "out", "--unsafe", "--jobs", 1, "-q"),
        cwd=course,
    )
    # Quiet as it is, it tells what somebody has to look at, and so does the exit code.
    assert (ran.code, ran.out) == (1, "")
    assert "ada: the submission cannot be used: it is not a zip file, or it is damaged" in ran.said
    shown = run_grader("gradebook", "show", "demo", cwd=course).said
    assert "ada cannot be used: it is not a zip file, or it is damaged" in shown
    table = run_grader("gradebook", "show", "demo", "--csv", cwd=course).out.splitlines()
    points = {row["id"]: (row["points"], row["counts"]) for row in csv.DictReader(table)}
    assert points == {
        "ada": ("10", "the only one of 2 attempts that can be used"),
        "bob": ("0", "the only attempt"),
    }
    counts = {row["report"]: row["counts"] for row in csv.DictReader(
        (tmp_path / "out" / "gradebook.csv").read_text().splitlines()
    )}  # fmt: skip
    assert counts == {"demo/ada.json": "no", "demo/ada~1.json": "yes", "demo/bob.json": "yes"}


@pytest.mark.parametrize("rule", ["last", "best"])
def test_what_cannot_be_read_takes_no_place_without_a_gradebook_either(
    tmp_path: Path, rule: str
) -> None:
    course = write_demo_course(tmp_path / "course")
    write_files(course, {"pyproject.toml": f'[tool.grader]\nattempts = "{rule}"\n'})
    half = zipped({"demo.py": DEMO_RIGHT.replace("2 * x", "None")})
    write_files(tmp_path / "subs" / "ada", {"1.zip": half, "2.zip": half[:-40]})
    os.utime(tmp_path / "subs" / "ada" / "1.zip", (1e9, 1e9))
    options = ("--unsafe", "--jobs", 1, "--no-gradebook", "--assignment", "demo")
    ran = run_grader("grade", tmp_path / "subs", "--out", tmp_path / "out", *options, cwd=course)
    assert ran.code == 0, ran.said
    rows = csv.DictReader((tmp_path / "out" / "gradebook.csv").read_text().splitlines())
    assert {row["report"]: row["counts"] for row in rows} == {
        "demo/ada.json": "no", "demo/ada~1.json": "yes",
    }  # fmt: skip
