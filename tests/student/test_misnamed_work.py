"""Work in a file of another name beside a starter that nobody has touched: it counts everywhere."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_STARTER, grade_class, notebook, write_files, zipped
from running import run_grader, run_pytest

HALF = DEMO_STARTER.replace("raise NotImplementedError", "return 2 * x", 1)
STARTERS = {"demo.py": DEMO_STARTER, "demo.ipynb": notebook(DEMO_STARTER)}
MISNAMED: dict[str, dict[str, str]] = {
    "my": {"my_demo.py": DEMO_RIGHT},
    "browser": {"demo (1).py": DEMO_RIGHT},
    "jupyter": {"demo-Copy1.ipynb": notebook(DEMO_RIGHT)},
    "copy": {"Demo - Copy.py": DEMO_RIGHT},
    "final": {"demo_final_v2.py": DEMO_RIGHT, "notes.py": "x = 1\n"},
    "other": {"homework 3.ipynb": notebook("import numpy as np", DEMO_RIGHT)},
    "folder": {"work/demo.py": DEMO_RIGHT},
    "notepad": {"demo.py.txt": DEMO_RIGHT},
    "mail": {"demo.ipynb.txt": notebook(DEMO_RIGHT)},
    "safari": {"demo.ipynb.json": notebook(DEMO_RIGHT)},
    "capitals": {"DEMO.PY": DEMO_RIGHT},
    "untitled": {"Untitled.ipynb": notebook(DEMO_RIGHT), "scratch.py": "print(1)\n"},
}


def taken(files: dict[str, str]) -> str:
    name = next(iter(files))
    extension = "ipynb" if ".ipynb" in name else "py"
    return f"{name} was taken as demo.{extension}: demo.py is still the starter"


@pytest.mark.parametrize("label", MISNAMED)
def test_check_and_submit_take_the_work(demo_folder: Path, tmp_path: Path, label: str) -> None:
    write_files(demo_folder, {**STARTERS, **MISNAMED[label], "box/x": ""})
    ran = run_grader("check", cwd=demo_folder)
    assert (ran.code, taken(MISNAMED[label]) in ran.said) == (0, True), ran.said
    options = ("--yes", "--student", "ada", "--to", "box")
    ran = run_grader("submit", *options, cwd=demo_folder)
    assert (ran.code, taken(MISNAMED[label]) in ran.said) == (0, True), ran.said
    (archive,) = (demo_folder / "box").glob("*.zip")
    assert next(iter(MISNAMED[label])) in zipfile.ZipFile(archive).namelist()
    assert "handed in" in run_grader("list", cwd=demo_folder).said


def test_grading_takes_the_same(course: Path, tmp_path: Path) -> None:
    drop = {f"{label}.zip": zipped({**STARTERS, **MISNAMED[label]}) for label in MISNAMED}
    write_files(tmp_path / "drop", drop)
    graded = grade_class(course, tmp_path / "drop", tmp_path / "out")
    for label, files in MISNAMED.items():
        assert graded[label].full, graded[label]
        assert taken(files) in graded[label].warned


def test_a_lone_download_is_taken_by_submit_as_well(demo_folder: Path) -> None:
    (demo_folder / "demo.py").unlink()
    write_files(demo_folder, {"demo (1).ipynb": notebook(DEMO_RIGHT), "box/x": ""})
    assert run_grader("check", cwd=demo_folder).code == 0
    ran = run_grader("submit", "-y", "--student", "ada", "--to", "box", cwd=demo_folder)
    assert ran.code == 0, ran.err
    assert "demo (1).ipynb was taken as demo.ipynb" in ran.said


def test_plain_pytest_takes_the_same(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_STARTER, "my_demo.py": DEMO_RIGHT})
    assert run_pytest(cwd=demo_folder).code == 0


def test_where_both_hold_work_the_name_counts_and_the_other_is_named(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": HALF, "demo (1).py": DEMO_RIGHT})
    said = run_grader("check", cwd=demo_folder).said
    assert "2 of 3 public points" in said
    assert "demo (1).py holds work, too, but demo.py counts" in said


def test_of_several_the_nearest_name_counts_and_the_others_are_named(demo_folder: Path) -> None:
    files = {"demo.py": DEMO_STARTER, "try.py": DEMO_RIGHT, "demo (1).py": HALF}
    write_files(demo_folder, files)
    said = run_grader("check", cwd=demo_folder).said
    assert "2 of 3 public points" in said
    assert "demo (1).py was taken as demo.py: demo.py is still the starter" in said
    assert "try.py holds work, too, and does not count" in said


def test_a_misnamed_file_with_a_syntax_error_is_no_untouched_starter(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_STARTER, "demo (1).py": "def double(x:\n"})
    said = run_grader("check", cwd=demo_folder).said
    assert "demo (1).py, line 1: SyntaxError" in said
    assert "You have not written anything yet" not in said


@pytest.mark.parametrize(
    "helper", ["demo_tools.py", "tools.py", "demo2.py"]
)  # fmt: skip
def test_a_helper_that_the_file_imports_is_no_second_version(
    demo_folder: Path, helper: str
) -> None:
    module = helper.removesuffix(".py")
    write_files(demo_folder, {"demo.py": f"from {module} import *\n", helper: DEMO_RIGHT})
    ran = run_grader("check", cwd=demo_folder)
    assert (ran.code, "note" in ran.said) == (0, False)


def test_starters_alone_are_not_begun(demo_folder: Path) -> None:
    write_files(demo_folder, {**STARTERS, "demo (1).py": DEMO_STARTER, "plot.py": "x = 1\n"})
    assert "not started" in run_grader("list", cwd=demo_folder).said
    assert "You have not written anything yet" in run_grader("check", cwd=demo_folder).said
    ran = run_grader("submit", "-y", "--student", "ada", "--to", ".", cwd=demo_folder)
    assert "demo.py is the unchanged starter" in ran.err


@pytest.mark.parametrize("place", ["", "assignments"])
def test_work_in_another_folder_is_named(demo_folder: Path, place: str) -> None:
    course = demo_folder.parents[1]
    write_files(course / place, {"demo.py": DEMO_RIGHT})
    said = run_grader("check", "demo", cwd=course).said
    assert f"{Path(place, 'demo.py')} holds work, but only files in assignments/demo count" in said
    assert "You have not written anything yet" not in said


def test_a_starter_in_another_folder_is_no_work(demo_folder: Path) -> None:
    write_files(demo_folder.parents[1], {"demo.py": DEMO_STARTER})
    said = run_grader("check", "demo", cwd=demo_folder.parents[1]).said
    assert "You have not written anything yet" in said


def test_the_run_py_of_a_renamed_module_runs_it(demo_folder: Path) -> None:
    main = "\nif __name__ == '__main__':\n    print('it', 'runs')\n"
    write_files(demo_folder, {"demo.py.txt": DEMO_RIGHT + main, "box/x": ""})
    assert run_grader("submit", "-y", "--student", "a", "--to", "box", cwd=demo_folder).code == 0
    (archive,) = (demo_folder / "box").glob("*.zip")
    zipfile.ZipFile(archive).extractall(demo_folder / "out")
    ran = subprocess.run(
        [sys.executable, "run.py"], cwd=demo_folder / "out", capture_output=True, text=True
    )
    assert "it runs" in ran.stdout, ran.stderr
