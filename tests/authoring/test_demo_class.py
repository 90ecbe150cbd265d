"""The demo's class can be made for every homework of the course."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from running import ROOT, run_grader, skip_without_packages

from grader.authoring.demo_class import class_files
from grader.course.course import find_course

STUDENTS = {
    "ada.py", "barbara.ipynb", "charles.py", "donald.py", "edsger.py", "grace.py", "hedy.py",
    "john.py", "katherine.py", "ken.zip", "linus", "mallory.py", "niklaus.py", "radia.zip",
    "tim.zip",
}  # fmt: skip


def last_function(path: Path) -> str:
    return [each.name for each in ast.parse(path.read_text("utf-8")).body
            if isinstance(each, ast.FunctionDef)][-1]  # fmt: skip


@pytest.mark.parametrize("name", find_course(ROOT).names)
def test_a_class_is_made_for_it(name: str, tmp_path: Path) -> None:
    assignment = find_course(ROOT).assignment(name)
    skip_without_packages(assignment)
    for path, data in class_files(assignment).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    found = {path.stem for path in tmp_path.iterdir()}
    assert found == {Path(each).stem for each in STUDENTS}
    for student in ("edsger", "grace", "mallory"):
        attacked = last_function(tmp_path / f"{student}.py")
        assert attacked in assignment.functions
        assert attacked[0].islower(), "a class that a solution puts in its place is never called"
    with pytest.raises(SyntaxError):
        ast.parse((tmp_path / "donald.py").read_text("utf-8"))


def test_an_unknown_homework_is_refused_in_one_line(tmp_path: Path) -> None:
    ran = run_grader("demo", "--assignment", "nothing", "--to", tmp_path / "demo", cwd=ROOT)
    assert ran.code == 2
    assert "nothing" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "demo").exists()


def test_a_class_that_somebody_else_put_there_stays(tmp_path: Path) -> None:
    theirs = tmp_path / "submissions" / "ada.py"
    theirs.parent.mkdir()
    theirs.write_text("the real Ada's work = 1\n", encoding="utf-8")
    ran = run_grader("demo", "--to", tmp_path, cwd=ROOT)
    assert ran.code == 2
    assert "submissions/ada.py in" in ran.err
    assert "name another folder with --to, or rename what you want to keep" in ran.err
    assert [path.name for path in theirs.parent.iterdir()] == ["ada.py"]
    assert theirs.read_text("utf-8").startswith("the real")
