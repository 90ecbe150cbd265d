"""What a student reads at home of code that does not load, in whole or in part."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import DEMO_RIGHT, notebook, write_files
from running import run_grader

from grader.reports.schema import Report


def warnings_of(folder: Path) -> tuple[str, ...]:
    return Report.model_validate_json(run_grader("check", "--json", cwd=folder).out).warnings


@pytest.mark.parametrize(
    ("helper", "told"),
    [
        ("def f(:\n", "SyntaxError: invalid syntax (helper.py, line 1)"),
        (
            "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> b\n",
            "SyntaxError: invalid syntax (helper.py, line 2), "
            "the mark of an unfinished merge; resolve the conflict",
        ),
        (None, "the standard library are available, and the files that you hand in)"),
    ],
)
def test_what_is_wrong_with_an_own_module_is_told_of_that_module(
    demo_folder: Path, helper: str | None, told: str
) -> None:
    write_files(demo_folder, {"demo.py": "import helper\n" + DEMO_RIGHT})
    if helper is not None:
        write_files(demo_folder, {"helper.py": helper})
    (warning,) = warnings_of(demo_folder)
    assert warning.startswith("demo.py, line 1: ")
    assert warning.endswith(told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("from .helper import x", "parent package; leave out the dot before the module's name"),
        ("from numpy import in1d", "numpy has removed `np.in1d`: use `np.isin`."),
        ("exit()", "the program ends there, by exit() or the like; take that call away"),
    ],
)
def test_a_line_that_stops_is_told_with_what_to_do(demo_folder: Path, line: str, told: str) -> None:
    write_files(demo_folder, {"demo.py": f"{line}\n{DEMO_RIGHT}"})
    (warning,) = warnings_of(demo_folder)
    assert warning.endswith(told)


def test_marks_of_a_merge_in_a_cell_are_told_as_such(demo_folder: Path) -> None:
    (demo_folder / "demo.py").unlink()
    cells = notebook("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b", DEMO_RIGHT)
    write_files(demo_folder, {"demo.ipynb": cells})
    (warning,) = warnings_of(demo_folder)
    assert "cell 1, line 1: " in warning
    assert ", the mark of an unfinished merge; resolve the conflict: <<<<<<< HEAD" in warning


def test_an_encoding_that_python_does_not_know_has_no_line(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": "# -*- coding: utf-9 -*-\n" + DEMO_RIGHT})
    said = run_grader("check", cwd=demo_folder).said
    assert "demo.py: SyntaxError: unknown encoding: utf-9" in said
    assert "take it away" in said


@pytest.mark.parametrize("source", ["def double(x:\n", "<!DOCTYPE html>\n", "\0"])
def test_what_stops_all_is_told_once(demo_folder: Path, source: str) -> None:
    write_files(demo_folder, {"demo.py": source})
    assert "note:" not in run_grader("check", cwd=demo_folder).said
    assert len(warnings_of(demo_folder)) == 1
