"""`import grader`: what it offers is documented, loaded late, and does what the commands do."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import tomllib
import typing
from pathlib import Path

import pytest
from making import (
    DEMO_RIGHT,
    best_isolation,
    close_homeworks,
    grade_class,
    write_course,
    write_files,
    zipped,
)
from running import ROOT, clean_environment

import grader
from grader import api
from grader.errors import CourseError, GraderError, UsageError
from grader.gradebook import open_gradebook

UNSAFE = best_isolation() == "none"
WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")


def test_every_name_has_a_heading_in_the_documents_and_a_docstring() -> None:
    text = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## `(\w+)`$", text, re.MULTILINE)) == sorted(grader.__all__)
    for name in grader.__all__:
        value = getattr(grader, name)
        assert name in dir(grader)
        assert isinstance(value, str) or inspect.getdoc(value), name
    with pytest.raises(AttributeError, match="has no attribute 'grad'"):
        grader.grad  # type: ignore[attr-defined]  # noqa: B018  # what is not there


@pytest.mark.parametrize("name", ["grade", "check", "open_course"])
def test_documents_and_docstring_name_every_argument(name: str) -> None:
    function = getattr(grader, name)
    said = inspect.getdoc(function) or ""
    documents = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    (usage,) = re.findall(rf"^    {name}\((.*?)\) -> (?:\w+)$", documents, re.DOTALL | re.MULTILINE)
    parameters = inspect.signature(function).parameters.values()
    told = [re.split("=", each.strip())[0] for each in usage.replace("*,", "").split(",")]
    assert told == [each.name for each in parameters]
    for each in parameters:
        assert re.search(rf"^    {each.name}: ", said, re.MULTILINE), each.name
    assert {"Args:", "Returns:", "Raises:"} <= set(said.splitlines())
    for raised in re.findall(r"^    grader\.errors\.(\w+):", said, re.MULTILINE):
        assert issubclass(getattr(grader.errors, raised), GraderError)


def test_documents_name_all_that_a_run_tells() -> None:
    documents = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    fields = set(typing.get_type_hints(api.GradingRun, vars(api) | _types())) | {
        name for name, value in vars(api.GradingRun).items() if isinstance(value, property)
    }
    assert set(re.findall(r"^\| `(\w+)` \|", documents, re.MULTILINE)) == fields
    for outcome in grader.Outcome:
        assert f"`{outcome.value}`" in documents


def _types() -> dict[str, object]:
    from grader.engine.task import Result
    from grader.reports.summary import Row

    return {"Row": Row, "Result": Result}


def test_importing_it_loads_nothing_else() -> None:
    code = "import grader, sys; print(sorted(m for m in sys.modules if m.startswith('grader.')))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_types_travel_with_the_package() -> None:
    assert (Path(grader.__file__).parent / "py.typed").is_file()


def test_class_graded_from_python_is_graded_as_by_the_command(tmp_path: Path) -> None:
    course = close_homeworks(write_course(tmp_path / "course"))
    write_files(course, {"pyproject.toml": '[tool.grader]\nroster = "roster.csv"\n'})
    write_files(course, {"roster.csv": "id,name\nada,Ada\n"})
    subs = write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": WRONG, "odd.txt": ""})
    seen: list[str] = []
    run = grader.grade(
        course, subs, out=tmp_path / "out", assignment="demo", record=True, jobs=1, seed="s",
        unsafe=UNSAFE, progress=lambda row: seen.append(row.label),
    )  # fmt: skip
    assert [(row.label, row.score, row.counts) for row in run.rows] == [
        ("ada", 10, True), ("bob", 4, True),
    ]  # fmt: skip
    assert sorted(seen) == ["ada", "bob"]
    assert [report.score for report in run.reports] == [10, 4]
    assert all(each.student.audience == "student" for each in run.results)
    assert [path.name for path in run.left_out] == ["odd.txt"]
    assert (run.unmatched, run.faults) == (("bob",), ())
    assert run.isolation == run.reports[0].isolation
    # The command finds all of it done, in the same folder and in the same gradebook.
    options = ("--assignment", "demo", "--seed", "s")
    again = grade_class(course, subs, tmp_path / "out", *options, isolation=best_isolation())
    assert "2 of 2 have not changed since they were graded" in again.ran.said
    assert again["bob"].staff == run.reports[1]
    with open_gradebook(grader.open_course(course)) as book:
        assert [(each.student.id, each.points) for each in book.grades("demo")] == [
            ("ada", 10), ("bob", 4),
        ]  # fmt: skip


def test_without_a_folder_for_reports_nothing_stays(tmp_path: Path) -> None:
    course = grader.open_course(write_course(tmp_path / "course"))
    archive = tmp_path / "subs.zip"
    archive.write_bytes(zipped({"ada/demo.py": DEMO_RIGHT}))
    before = {path for path in tmp_path.rglob("*") if ".grader" not in path.parts}
    run = grader.grade(course, archive, jobs=1, unsafe=UNSAFE)
    assert [report.score for report in run.reports] == [10]
    assert {path for path in tmp_path.rglob("*") if ".grader" not in path.parts} == before
    assert not list((course.root / ".grader").glob("gradebook*"))


def test_what_cannot_be_graded_is_raised(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with pytest.raises(CourseError, match="is not in a course"):
        grader.open_course(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no submissions in"):
        grader.grade(course, tmp_path / "empty", unsafe=True)
    with pytest.raises(UsageError, match="needs a folder for the pages"):
        grader.grade(course, tmp_path / "empty", html=True, unsafe=True)
    with pytest.raises(UsageError, match="does not exist"):
        grader.check(course, "demo", tmp_path / "none.py")
    with pytest.raises(UsageError, match="no check has 'nothing of that name' in its name"):
        grader.check(course, "demo", only="nothing of that name")


def test_check_gives_the_report_of_a_students_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    course = write_course(tmp_path / "course", staff=False)
    write_files(tmp_path, {"mine.py": WRONG})
    report = grader.check(course, path=tmp_path / "mine.py")
    outcomes = {check.id: check.outcome for check in report.checks}
    assert outcomes == {
        "checks::test_double": grader.Outcome.FAILED,
        "checks::test_total": grader.Outcome.PASSED,
    }
    only = grader.check(str(course), "demo", tmp_path / "mine.py", only="test_total")
    assert [check.id for check in only.checks] == ["checks::test_total"]
    assert json.loads(report.to_json())["assignment"] == "demo"
    assert capfd.readouterr() == ("", "")


def test_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert grader.__version__ == project["version"]
