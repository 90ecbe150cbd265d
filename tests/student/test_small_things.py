"""What a student stumbles over at home, one thing at a time."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_TOML, PICTURE_RIGHT, notebook, write_course, write_files
from running import run_grader, run_pytest

from grader.reports.schema import Report

QUICK = DEMO_TOML.replace("call_s = 2.0", "call_s = 1.0")
CELLS = DEMO_RIGHT.replace("\n\ndef ", "\n\n# %%\ndef ")

SECOND_THOUGHTS = """\
import numpy as np
import pytest

from grader.checks import assert_close
from grader.errors import CheckFailed, StudentFault


@pytest.mark.points(1)
def test_{name}(student):
    \"\"\"the sum, unless double is wrong\"\"\"
    answer = student.total(np.array([1.0, 2.0, 4.0]))
    try:
        {judge}
    except {caught}:
        try:
            assert_close(student.double(np.array([3.0, 5.0])), np.array([6.0, 10.0]))
        except StudentFault:
            student.double(np.array([1.0]))
        {after}
"""


def report_of(folder: Path, source: str) -> Report:
    write_files(folder, {"demo.py": source})
    return Report.model_validate_json(run_grader("check", "--json", cwd=folder).out)


def test_an_endless_loop_is_told_with_its_line(demo_folder: Path) -> None:
    write_files(demo_folder, {"assignment.toml": QUICK})
    endless = (
        "def double(x):\n    return inner(x)\ndef inner(x):\n    while True:\n        x = x + 0\n"
    )
    message = report_of(demo_folder, endless).checks[0].message
    assert message is not None
    assert message.summary == "`double` was still running after 1 s"
    assert str(message.traceback).startswith("  demo.py, line ")
    assert ", in inner: " in str(message.traceback)
    assert message.hint == "Does a loop there ever end?"


def test_an_endless_loop_in_a_cell_is_told_with_its_cell(demo_folder: Path) -> None:
    write_files(demo_folder, {"assignment.toml": QUICK})
    (demo_folder / "demo.py").unlink()
    cells = notebook("x = 1", "def double(x):\n    while True:\n        pass\n")
    write_files(demo_folder, {"demo.ipynb": cells})
    said = run_grader("check", cwd=demo_folder).said
    assert "cell 2, line " in said
    assert ", in double: " in said


def test_a_syntax_error_has_a_caret(demo_folder: Path) -> None:
    message = report_of(demo_folder, "def double(x:\n    return 2 * x\n").checks[0].message
    assert message is not None
    assert message.traceback == "      def double(x:\n                ^"


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("return max(0, x)", "`np.maximum` and `np.minimum` take arrays"),
        ("return M().go(x)", "is it `def go(self, ...)`?"),
    ],
)
def test_a_beginners_error_is_explained(demo_folder: Path, body: str, hint: str) -> None:
    source = f"class M:\n    def go(x):\n        return x\ndef double(x):\n    {body}\n"
    message = report_of(demo_folder, source).checks[0].message
    assert hint in str(message and message.hint)


def test_a_script_with_one_broken_cell_loses_that_cell_alone(demo_folder: Path) -> None:
    report = report_of(demo_folder, CELLS + "\n# %%\nprint('unfinished'\n")
    assert report.score == report.max_score
    assert any("SyntaxError" in warning for warning in report.warnings), report.warnings


def test_a_figure_of_another_library_is_told_as_such(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "picture", staff=False)
    folder = course / "assignments" / "picture"
    source = "import plotly\ndef plot_history(history):\n    return plotly.Figure()\n"
    write_files(folder, {"picture.py": source, "plotly.py": "class Figure:\n    pass\n"})
    said = run_grader("check", cwd=folder).said
    assert "This is a figure of plotly; only one of matplotlib can be looked at." in said


def test_the_run_py_of_a_notebook_runs_as_the_notebook_does(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "picture", staff=False)
    folder = course / "assignments" / "picture"
    (folder / "picture.py").unlink()
    cells = (
        "%matplotlib inline\n" + PICTURE_RIGHT,
        "raise ValueError('stops this cell')\n",
        "import asyncio\nvalue = await asyncio.sleep(0, 7)\ndisplay('seen')",
        "plot_history([value, 2, 1]).savefig('drawn.png')",
    )
    write_files(folder, {"picture.ipynb": notebook(*cells), "box/x": ""})
    ran = run_grader("submit", "-y", "--student", "ada", "--to", "box", cwd=folder)
    assert ran.code == 0, ran.err
    (archive,) = (folder / "box").glob("*.zip")
    zipfile.ZipFile(archive).extractall(tmp_path / "out")
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path / "out", capture_output=True, text=True,
        env={"MPLBACKEND": "Agg", "PATH": ""}, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "ValueError: stops this cell" in done.stderr
    assert "seen" in done.stdout
    assert (tmp_path / "out" / "drawn.png").is_file()


@pytest.mark.parametrize("name", ["multiclass_lr", "backprop"])
def test_a_starter_finds_its_data_wherever_it_is_started(
    real_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotImplementedError):  # and no FileNotFoundError
        runpy.run_path(str(real_kit / "assignments" / name / f"{name}.py"), run_name="__main__")


def test_the_kits_notebook_imports_no_starter(real_kit: Path) -> None:
    for path in (real_kit / "assignments").glob("*/*.ipynb"):
        cells = json.loads(path.read_bytes())["cells"]
        assert not any(f"from {path.stem} import" in "".join(cell["source"]) for cell in cells)
        assert any(">>> " in "".join(cell["source"]) for cell in cells)


def test_help_in_a_kit_is_for_students(real_kit: Path, demo_folder: Path) -> None:
    said = run_grader("--help", cwd=real_kit / "assignments").out
    assert "Run the public checks on your file." in said
    assert "Write the student kit" not in said
    assert "Write the student kit" in run_grader("--help", cwd=demo_folder).out


def test_plain_pytest_is_as_wise(demo_folder: Path) -> None:
    write_files(demo_folder, {"assignment.toml": QUICK})
    write_files(demo_folder, {"demo.py": "def double(x):\n    while True: pass\n"})
    said = run_pytest(cwd=demo_folder).said
    assert "demo.py, line 2, in double: while True: pass" in said


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        ("/ 3", "It is 1/3 times the right one, and x has 3 rows."),
        ("* -3", "It is -3 times the right one, and x has 3 rows."),
        ("* -1", "It has the opposite sign."),
        ("* 1.7", None),
        ("+ 1", None),
    ],
)
def test_a_wrong_value_says_what_is_sure_of_it(
    demo_folder: Path, factor: str, told: str | None
) -> None:
    double, _ = report_of(demo_folder, f"def double(x):\n    return 2 * x {factor}\n").checks
    assert double.diagnosis == told
    assert double.message is not None
    first, second = str(double.message.traceback).split(": ")
    assert first.startswith("  checks.py, line ")
    assert second == "double([1, 2, 4])"


@pytest.mark.parametrize("double", ["2 * x", "3 * x"])
@pytest.mark.parametrize(
    ("judge", "caught", "after", "told"),
    [
        ('assert_close(answer, 7, "total")', "CheckFailed", "raise", "total([1, 2, 4])"),
        ("np.testing.assert_allclose(answer, 7)", "AssertionError", "raise", "total([1, 2, 4])"),
        ("assert answer == 7", "AssertionError as failure", "raise failure", "total([1, 2, 4])"),
        # Another failure, of what was called meanwhile.
        (
            'assert_close(answer, 7, "total")',
            "CheckFailed",
            'assert_close(student.total(np.array([8.0])), 8, "total")',
            "total([8])",
        ),
    ],
)
def test_a_failure_names_the_call_it_is_about_whatever_the_check_tried_afterwards(
    demo_folder: Path, double: str, judge: str, caught: str, after: str, told: str
) -> None:
    checks = SECOND_THOUGHTS.format(name="total", judge=judge, caught=caught, after=after)
    write_files(demo_folder, {"checks.py": checks})
    written = f"def double(x):\n    return {double}\ndef total(x):\n    return x.sum() / 3\n"
    (check,) = report_of(demo_folder, written).checks
    assert check.outcome.value == "failed"
    assert check.message is not None
    assert f": {told}" in str(check.message.traceback).splitlines()[0]
    if "assert_close" in judge:
        assert f": {told}" in run_pytest("-q", cwd=demo_folder).out
