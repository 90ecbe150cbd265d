"""Code that ran with the versions at home and does not with those here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from making import DEMO_RIGHT, grade_class, write_files, zipped
from running import run_grader

from grader.engine.python_errors import _REMOVED, explain
from grader.reports.schema import Report


@pytest.mark.parametrize("name", sorted(_REMOVED))
def test_a_removed_name_is_told_with_the_new_one(name: str) -> None:
    said = f"module 'numpy' has no attribute '{name}'"
    hint = explain("AttributeError", said, ())
    assert hint == f"numpy has removed `np.{name}`: use `{_REMOVED[name]}`."
    assert explain("ImportError", f"cannot import name '{name}' from 'numpy' (x.py)", ()) == hint
    new = _REMOVED[name].removeprefix("-").partition("(")[0]
    if new.startswith("np."):
        assert hasattr(np, new.removeprefix("np.")) or np.__version__ < "2", new


def test_check_tells_of_a_removed_name(demo_folder: Path) -> None:
    source = DEMO_RIGHT.replace("2 * x", "np.float(2) * x")
    write_files(demo_folder, {"demo.py": source})
    said = run_grader("check", cwd=demo_folder).said
    assert "hint: numpy has removed `np.float`: use `float`." in said


def test_a_deprecation_in_the_students_code_is_a_note(demo_folder: Path) -> None:
    old = 'import warnings; warnings.warn("np.old is deprecated", DeprecationWarning)'
    source = DEMO_RIGHT.replace("    return 2 * x", f"    {old}\n    return 2 * x")
    write_files(demo_folder, {"demo.py": source})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    (note,) = report.warnings
    assert note.startswith("DeprecationWarning: np.old is deprecated (demo.py, line 8: import war")
    assert note.endswith("; later versions refuse it")
    assert {check.outcome for check in report.checks} == {"passed"}


def test_grade_says_what_passed_at_home_and_with_which_versions(
    course: Path, tmp_path: Path
) -> None:
    checks = {"checks::test_double": "passed", "checks::test_total": "passed"}
    manifest = {
        "environment": {"python": "3.11.0", "numpy": "1.26.4\x1b[31m", "matplotlib": 7},
        "local_result": {"checks": checks},
    }
    odd = {"environment": [], "local_result": {"checks": 5}}
    wrong = DEMO_RIGHT.replace("2 * x", "3 * x")
    drop = {
        f"{name}.zip": zipped({"demo.py": source, "manifest.json": json.dumps(told)})
        for name, source, told in (
            ("ada", wrong, manifest), ("bob", DEMO_RIGHT, manifest), ("eve", wrong, odd)
        )
    }  # fmt: skip
    write_files(tmp_path / "drop", drop)
    graded = grade_class(course, tmp_path / "drop", tmp_path / "out")
    for report in (graded["ada"].staff, graded["ada"].student):
        (told,) = [text for text in report.warnings if "at home" in text]
        assert "numpy 1.26.4\\x1b[31m (here " in told
        assert told.endswith("and here they do not: double of three numbers")
    for name in ("bob", "eve"):
        assert "at home" not in graded[name].warned
