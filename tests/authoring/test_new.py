"""`new` makes a homework that validates from the first minute."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from homeworks import write_homework
from running import run_grader

SETTINGS = '[tool.grader]\nname = "Made up"\n'


@pytest.fixture
def empty_course(tmp_path):
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    return tmp_path


def test_every_kind_of_check_is_shown(empty_course):
    run_grader("new", "line_fit", cwd=empty_course)
    checks = "".join(path.read_text() for path in empty_course.rglob("*checks.py"))
    for kind in (
        "assert_close(", "assert_own_gradient(", "assert_gradient(", "assert_path(",
        "assert_hinge_subgradient(", "axes_labelled(", "curve_drawn(", ".map(", "diagnose(",
    ):  # fmt: skip
        assert kind in checks, kind


@pytest.mark.parametrize("kind", [(), ("--classes",)], ids=["functions", "classes"])
@pytest.mark.parametrize("name", ["line_fit", "zeta_fit"])
def test_it_meets_the_rules_of_this_project(empty_course, name, kind):
    run_grader("new", *kind, name, cwd=empty_course)
    rules = 'line-length = 100\n[lint]\nselect = ["E", "F", "W", "I", "B", "UP"]\n'
    rules += '[lint.isort]\nknown-first-party = ["grader"]\n'  # as it is in this project
    (empty_course / "ruff.toml").write_text(rules)
    files = sorted(str(path) for path in empty_course.rglob("*.py"))
    for arguments in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, *files],
            capture_output=True,
            text=True,
            cwd=empty_course,
        )
        assert done.returncode == 0, done.stdout
    texts = [
        path.read_text()
        for path in empty_course.glob("*/*/*")
        if path.suffix in (".py", ".md", ".toml")
    ]
    assert not any("{{" in text for text in texts)


def test_homework_of_classes_validates(empty_course):
    run_grader("new", "--classes", "line_fit", cwd=empty_course)
    ran = run_grader("validate", "line_fit", cwd=empty_course)
    assert "ok. 10 checks; 3 alternatives; 6 mistakes, 6 of 6 named; 11 examples" in ran.out


@pytest.mark.parametrize("kind", [(), ("--classes",)], ids=["functions", "classes"])
def test_the_starter_is_a_starter(empty_course, kind):
    run_grader("new", *kind, "line_fit", cwd=empty_course)
    ran = run_grader("check", "line_fit", cwd=empty_course)
    assert ran.code == 1
    assert "0 of 50 public points" in ran.out


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Line", "is not a name of lower-case letters, digits and _"),
        ("line-fit", "is not a name of lower-case letters, digits and _"),
        ("../line", "is not a name of lower-case letters, digits and _"),
        ("2d", "is not a name of lower-case letters, digits and _"),
        ("", "is not a name of lower-case letters, digits and _"),
        ("class", "is a keyword of Python"),
        ("hidden_checks", "is the name of another file of a homework, or of tests"),
        ("variants", "is the name of another file of a homework, or of tests"),
        ("run", "is the name of another file of a homework, or of tests"),
        ("test_me", "is the name of another file of a homework, or of tests"),
        ("aux", "is a name that Windows keeps for itself"),
        ("com3", "is a name that Windows keeps for itself"),
        ("random", "is the name of a module"),
        ("numpy", "is the name of a module"),
    ],
)
def test_a_bad_name_is_refused_in_one_line(empty_course, name, why):
    ran = run_grader("new", name, cwd=empty_course)
    assert ran.code == 2
    assert why in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not list(empty_course.glob("assignments/*"))


def test_a_name_that_is_there_is_refused_and_nothing_changed(tmp_path):
    homework = write_homework(tmp_path, "taken")
    before = homework.starter.read_bytes()
    ran = run_grader("new", "taken", cwd=tmp_path)
    assert ran.code == 2
    assert re.search(r"assignments/taken already exists; choose a different name", ran.said)
    assert homework.starter.read_bytes() == before


def test_outside_a_course_it_says_so(tmp_path):
    ran = run_grader("new", "line_fit", cwd=tmp_path)
    assert ran.code == 2
    assert "is not in a course" in ran.said
