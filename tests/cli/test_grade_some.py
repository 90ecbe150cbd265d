"""`grade --student`, and what is left in the folder of an earlier run."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_STARTER, write_course, write_files, zipped
from running import Ran, run_grader

SETTINGS = '[tool.grader]\nroster = "roster.csv"\n'
ROSTER = "id,name,login\n1,Ada Lovelace,al\n2,Sven Müller,sm\n3,Cyn,cyn\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    home = write_course(tmp_path / "course")
    write_files(home, {"roster.csv": ROSTER, "pyproject.toml": SETTINGS})
    names = ("lovelaceada_11_9001_demo.py", "muellersven_12_9002_demo.py", "cyn.py")
    write_files(home / "subs", dict.fromkeys(names, DEMO_RIGHT))
    return home


def grade(home: Path, *options: object) -> Ran:
    args = ("grade", "subs", "--out", "out", "--unsafe", "--jobs", 1, *options)
    return run_grader(*args, cwd=home)


def reports(home: Path) -> list[str]:
    return sorted(path.stem for path in (home / "out" / "demo").glob("*.json"))


def test_only_the_students_named_are_graded_and_the_others_results_stay(course: Path) -> None:
    ran = grade(course, "--student", "Ada Lovelace", "--student", "SM")
    assert ran.code == 0, ran.said
    assert reports(course) == ["lovelaceada_11", "muellersven_12"]
    assert "cyn" not in ran.said.replace("cyn.py", "")
    assert grade(course).code == 0
    write_files(course / "subs", {"cyn.py": DEMO_STARTER, "lovelaceada_11_9001_demo.py": "x = 1\n"})
    ran = grade(course, "--student", "cyn")
    assert "also contains reports" not in ran.said
    table = list(csv.DictReader((course / "out" / "gradebook.csv").read_text().splitlines()))
    # What changed and was not asked for stays as it was.
    scores = {row["student"]: row["score"] for row in table}
    assert scores == {"cyn": "0", "muellersven_12": "10", "lovelaceada_11": "10"}
    assert "lovelace" not in ran.said
    assert reports(course) == ["cyn", "lovelaceada_11", "muellersven_12"]


def test_a_student_of_whom_nothing_is_there_is_told(course: Path) -> None:
    for name in ("nobody", "", "lovelace"):
        ran = grade(course, "--no-gradebook", "--student", "cyn", "--student", name)
        assert ran.code == 2
        assert f"nothing by {name!r} was found; there are submissions by cyn, love" in ran.said
    assert not (course / "out" / "demo").exists()


def test_reports_of_a_renamed_submission_are_named(course: Path) -> None:
    assert "also contains reports" not in grade(course).said
    (course / "subs" / "cyn.py").rename(course / "subs" / "cynthia.py")
    for _ in range(2):
        ran = grade(course, "-q")
        assert "also contains reports of an earlier run" in ran.said
        assert "demo/cyn.json. If they were renamed" in ran.said
    (course / "out" / "demo" / "cyn.json").unlink()
    assert "also contains reports" not in grade(course, "-q").said


def test_pages_bear_the_names_of_people(course: Path) -> None:
    assert grade(course, "--html").code == 0

    def pages() -> tuple[str, str, str]:
        names = "index", "demo/lovelaceada_11", "demo/student/muellersven_12"
        paths = [course / "out" / f"{name}.html" for name in names]
        index, staff, theirs = (path.read_text(encoding="utf-8") for path in paths)
        return index, staff, theirs

    for _ in range(2):
        index, staff, theirs = pages()
        assert "<bdi>Ada Lovelace (lovelaceada_11)</bdi></a>" in index
        assert "<bdi>Cyn (cyn)</bdi></a>" in index or "<bdi>cyn</bdi></a>" in index
        assert "<h1><bdi>Ada Lovelace (lovelaceada_11)</bdi></h1>" in staff
        assert "<title>demo: Sven Müller (muellersven_12), 10 of 10" in theirs
        run_grader("feedback", "out", "--submissions", "subs", cwd=course)
    assert pages() == (index, staff, theirs)
    # Elsewhere, where nobody knows the course, the names in the reports have to do.
    (course / "out").rename(course.parent / "elsewhere")
    assert run_grader("feedback", "elsewhere", cwd=course.parent).code == 0
    text = (course.parent / "elsewhere" / "index.html").read_text(encoding="utf-8")
    assert "<bdi>lovelaceada_11</bdi></a>" in text


def test_names_that_differ_in_case_are_one_students(course: Path) -> None:
    files = {"subs/Alice_1/demo.py": DEMO_STARTER, "subs/alice_1.py": DEMO_RIGHT}
    for path in (course / "subs").iterdir():
        path.unlink()
    write_files(course, files)
    os.utime(course / "subs" / "Alice_1" / "demo.py", (1e9, 1e9))
    ran = run_grader("collect", "subs", "--to", "box", "--assignment", "demo", cwd=course)
    assert ran.code == 0, ran.said
    (one,) = (course / "box" / "demo").iterdir()
    assert (one.name, len(list(one.iterdir()))) == ("Alice_1", 2)
    again = {"later/ALICE_1.zip": zipped({"demo.py": DEMO_STARTER})}
    write_files(course, again)
    ran = run_grader("collect", "later", "--to", "box", "--assignment", "demo", cwd=course)
    assert "1 of 1 submissions are new" in ran.said
    assert len(list((course / "box" / "demo").iterdir())) == 1
    for folder, count in (("subs", 2), ("box", 3)):
        args = ("grade", folder, "--out", f"out-{folder}", "--unsafe", "--assignment", "demo")
        ran = run_grader(*args, "--no-gradebook", "--jobs", 1, cwd=course)
        rows = csv.DictReader((course / f"out-{folder}" / "gradebook.csv").read_text().splitlines())
        assert [row["counts"] for row in rows].count("yes") == 1, ran.said
        labels = {path.stem.lower() for path in (course / f"out-{folder}" / "demo").glob("*.json")}
        assert len(labels) == count


@pytest.mark.parametrize("name", ["gradebook.csv", "index.html"])
def test_a_file_that_no_run_wrote_is_not_replaced(course: Path, name: str) -> None:
    write_files(course / "out", {name: "Student,ID,SIS Login ID\n"})
    ran = grade(course, "--html")
    assert ran.code == 2
    assert f"out/{name} was not written by `grade`; name another folder with --out" in ran.said
    assert [path.name for path in (course / "out").iterdir()] == [name]
    assert (course / "out" / name).read_text() == "Student,ID,SIS Login ID\n"


def test_a_run_that_could_grade_nothing_is_run_again(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    manifest = '{"student": "ada", "assignment": "another"}'
    write_files(course / "subs", {"1.zip": zipped({"x.py": "", "manifest.json": manifest})})
    for _ in range(2):
        assert "no assignment 'another'" in grade(course).said
        assert not (course / "out" / ".journal.jsonl").exists()
        assert (course / "out" / "gradebook.csv").exists()
