"""A homework that names a package, from its settings to the kit, and where that is missing."""

from __future__ import annotations

from pathlib import Path

import making
import pytest
from running import ROOT, run_grader

from grader.course.course import find_course
from grader.errors import UsageError

USES = "import yaml\n" + making.DEMO_RIGHT.replace("2 * x", "yaml.safe_load('2') * x")


def write_two(folder: Path) -> Path:
    """A course of two homeworks that are the same but for their names."""
    course = making.write_course(folder)
    files = making.HOMEWORKS["demo"].items()
    making.write_files(course, {path.replace("demo", "other"): text for path, text in files})
    return course


def name_packages(course: Path, text: str, where: str = "assignments/demo/assignment.toml") -> None:
    path = course / where
    before = path.read_text() if path.exists() else "[tool.grader]\n"
    line = f"packages = {text}\n"
    path.write_text(line + before if where.endswith("assignment.toml") else before + line)


@pytest.mark.parametrize("where", ["assignments/demo/assignment.toml", "pyproject.toml"])
def test_it_is_there_for_this_homework_alone(tmp_path: Path, where: str) -> None:
    course = write_two(tmp_path / "course")
    before = find_course(course).assignment("demo").version
    name_packages(course, '["pyyaml>=5"]', where)
    found = find_course(course)
    assert found.assignment("demo").packages == ("pyyaml>=5",)
    assert found.assignment("demo").version != before
    assert bool(found.assignment("other").packages) is (where == "pyproject.toml")
    if where == "pyproject.toml":
        return
    for name in ("demo", "other"):
        making.write_files(tmp_path / "subs" / f"ada-{name}", {f"{name}.py": USES})
    graded = making.grade_class(course, tmp_path / "subs", tmp_path / "out", isolation="best")
    assert graded["ada-demo"].full, str(graded["ada-demo"])
    assert set(graded["ada-demo"].staff.environment.packages) == {"pyyaml"}
    assert not graded["ada-other"].full
    assert graded["ada-other"].staff.environment.packages == {}


def test_where_it_is_missing_nothing_is_graded_and_the_remedy_is_told(tmp_path: Path) -> None:
    course = making.write_course(tmp_path / "course")
    name_packages(course, '["pyyaml>=900", "no-such-thing-here"]')
    making.write_files(tmp_path / "subs" / "ada", {"demo.py": USES})
    told = ("no-such-thing-here is not installed (demo needs it)", "is installed, and not")
    remedy = '-m pip install no-such-thing-here "pyyaml>=900"'
    options = ("--out", tmp_path / "out", "--assignment", "demo")
    grade = ("grade", tmp_path / "subs", *options, *making.options_of("none"))
    for command in (grade, ("check", "demo"), ("validate", "demo")):
        ran = run_grader(*command, cwd=course)
        said = " ".join((ran.out + ran.err).split())
        assert ran.code == (1 if command[0] == "validate" else 2), said
        assert all(text in said for text in told), said
        assert remedy in said, said
    assert not list((tmp_path / "out").rglob("ada.json"))
    # Whoever cannot install it can hand in all the same.
    (tmp_path / "box").mkdir()
    making.write_files(course / "assignments/demo", {"demo.py": making.DEMO_RIGHT})
    ran = run_grader(
        "submit", "demo", "--yes", "--student", "ada", "--to", tmp_path / "box", cwd=course
    )
    assert ran.code == 0, ran.said
    assert "no-such-thing-here is not installed" in ran.said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('["torch>>2"]', "'torch>>2' is no package; write a name and versions"),
        ('["thing @ file:///x"]', "leave that out"),
        ("[\"thing; python_version>'3'\"]", "leave that out"),
        ('["pytest"]', "pytest cannot be used by submissions"),
        ('["pandas", "json"]', "json is part of Python and always there; leave it out"),
    ],
)
def test_what_is_no_package_is_refused_with_its_key(tmp_path: Path, text: str, told: str) -> None:
    course = making.write_course(tmp_path / "course")
    name_packages(course, text)
    with pytest.raises(UsageError, match="packages") as caught:
        find_course(course).assignment("demo")
    assert told in str(caught.value)


def test_the_kit_names_and_fixes_them(tmp_path: Path) -> None:
    course = write_two(tmp_path / "course")
    name_packages(course, '["pyyaml"]')
    handout = course / "assignments/demo/README.md"
    handout.write_text(handout.read_text() + "\nYou may use {{packages}}.\n")
    kit = tmp_path / "kit"
    ran = run_grader("release", "--to", kit, "--shared-code-ok", cwd=course)
    assert ran.code == 0, ran.said
    page = (kit / "README.md").read_text()
    # It is this homework's alone: who does not do it yet need not install it.
    assert '.whl "pyyaml"' not in page
    assert '`python -m pip install -c constraints.txt "pyyaml"`' in page
    assert "`demo` can import numpy, matplotlib, pyyaml and the standard library." in page
    assert "pyyaml==" in (kit / "constraints.txt").read_text()
    named = "You may use numpy, matplotlib, pyyaml and the standard library."
    assert named in (kit / "assignments/demo/README.md").read_text()
    theirs, ours = find_course(kit).assignment("demo"), find_course(course).assignment("demo")
    assert theirs.packages == ours.packages
    assert theirs.public_version == ours.public_version


def test_doctor_tries_each_set(tmp_path: Path) -> None:
    course = write_two(tmp_path / "course")
    name_packages(course, '["pyyaml"]')
    name_packages(course, '["no-such-thing-here"]', "assignments/other/assignment.toml")
    said = " ".join(run_grader("doctor", cwd=course).said.split())
    assert "Those of demo can import numpy, matplotlib, pyyaml and the standard library." in said
    assert "packages no-such-thing-here: no-such-thing-here is not installed" in said
    if making.can_isolate():
        assert "packages pyyaml: pyyaml 6" in said
    assert "Those of" not in run_grader("doctor", cwd=ROOT.parent).said
