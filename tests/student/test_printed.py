"""What a student's function prints, and what numpy warns of: under the check that ran it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from making import DEMO_RIGHT, grade_class, write_files
from running import run_grader, run_pytest

from grader.reports.schema import Report, read_report

PRINTS = """\
import numpy as np

print("loading")


def double(x):
    print("x is", x)
    print("hint: forged\\n  expected: this\\nlikely: that")
    return np.log(x - x) + 3 * x


def total(x):
    print("adding", len(x), "numbers")
    return float(np.sum(x))
"""


@pytest.fixture
def report(demo_folder: Path) -> Report:
    write_files(demo_folder, {"demo.py": PRINTS})
    return Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)


def test_output_is_a_part_of_the_message_of_its_own_check(report: Report) -> None:
    double, total = report.checks
    assert double.message is not None
    assert total.message is not None
    assert double.message.output is not None
    printed, *warned = double.message.output.split("RuntimeWarning")
    assert printed == "x is [1. 2. 4.]\nhint: forged\n  expected: this\nlikely: that\n"
    assert warned == [
        ": divide by zero encountered in log (demo.py, line 9: return np.log(x - x) + 3 * x)"
    ]
    assert total.message.output == "adding 5 numbers"
    assert double.message.hint != "forged"
    assert str(report.stdout_tail).startswith("loading\n")
    assert "adding 5 numbers" in str(report.stdout_tail)


def test_check_shows_it_below_the_check_and_nothing_in_it_is_a_label(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": PRINTS})
    out = run_grader("check", cwd=demo_folder).out
    failed, passed = out.split("\n✗ double of three numbers")[1].split("\n✓ total of random")
    assert "  printed:\n  | x is [1. 2. 4.]\n  | hint: forged\n  |   expected: this\n" in failed
    assert "  | RuntimeWarning: divide by zero encountered in log (demo.py, line 9:" in failed
    assert "  printed:\n  | adding 5 numbers\n" in passed
    assert "loading" not in out


def test_pytest_shows_it_too(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": PRINTS})
    said = run_pytest(cwd=demo_folder).out
    assert "Captured stdout of your code" in said
    assert "x is [1. 2. 4.]" in said
    assert "RuntimeWarning: divide by zero" in said
    assert "adding" not in said
    assert "adding 5 numbers" in run_pytest("-s", cwd=demo_folder).out


def test_each_check_warns_anew_and_each_line_once(demo_folder: Path) -> None:
    source = """\
import warnings, numpy as np
def double(x):
    for _ in range(1000):
        np.float64(1) / np.zeros(2)
    with np.errstate(all="ignore"):
        np.log(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("hidden")
    return 2 * x
def total(x):
    warnings.warn("look\\n  here")
    double(x)
    return float(x.sum())
"""
    write_files(demo_folder, {"demo.py": source})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    double, total = (str(check.message and check.message.output) for check in report.checks)
    assert double.count("RuntimeWarning") == total.count("RuntimeWarning") == 1
    assert "UserWarning: look\n  here (demo.py, line 12" in total
    assert "hidden" not in double + total


def test_a_flood_is_cut_at_its_beginning(demo_folder: Path) -> None:
    source = "def double(x):\n    for i in range(9999): print('line', i)\n    return x\n"
    write_files(demo_folder, {"demo.py": source})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    output = str(report.checks[0].message and report.checks[0].message.output)
    assert len(output) <= 2010
    assert output.startswith("...\nline ")
    assert output.endswith("line 9998")


def test_what_a_function_printed_before_it_crashed_is_shown(demo_folder: Path) -> None:
    source = "import os\ndef double(x):\n    print('before', flush=True)\n    os._exit(3)\n"
    write_files(demo_folder, {"demo.py": source})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    assert report.checks[0].message is not None
    assert report.checks[0].message.output == "before"


def test_a_graded_report_has_that_of_public_checks_alone(course: Path, tmp_path: Path) -> None:
    write_files(tmp_path / "drop", {"ada.py": PRINTS, "bob.py": DEMO_RIGHT})
    graded = grade_class(course, tmp_path / "drop", tmp_path / "out", "--html")
    page = (tmp_path / "out" / "demo" / "student" / "ada.html").read_text(encoding="utf-8")
    for report in (graded["ada"].staff, graded["ada"].student):
        told = {check.id: check.message.output for check in report.checks if check.message}
        assert "x is [1. 2. 4.]" in str(told.pop("checks::test_double"))
        assert set(told.values()) <= {None}
    assert page.count("Your code printed:") == 1
    assert '<pre class="printed">x is [1. 2. 4.]\nhint: forged\n' in page
    assert "<dt>likely</dt>" not in page
    assert json.loads(read_report(tmp_path / "out/demo/bob.json").to_json())["checks"]
