"""A function that changes its arguments: told before all guesses, with the line and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import write_files
from running import run_grader, run_pytest

from grader.reports.schema import Report
from grader.submission.code import Part
from grader.submission.in_place import InPlace
from grader.submission.program import Program

# `double` is right by itself; `total` calls it and is wrong for it.
SOURCE = """\
def double(x):
    y = x
    y *= 2
    return y


def total(x):
    double(x)
    return float(x.sum())
"""
TOLD = (
    "`double` changed its argument x in place (demo.py, line 3: y *= 2); work on a copy: `x.copy()`"
)


def test_a_failure_behind_which_it_stands_says_so_first(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": SOURCE})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    double, total = report.checks
    assert double.outcome == "passed"
    assert total.outcome == "failed"
    assert total.message is not None
    assert total.message.hint == TOLD
    assert report.warnings[0] == TOLD


def test_pytest_says_so_too(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": SOURCE})
    ran = run_pytest(cwd=demo_folder)
    assert ran.code == 1
    assert f"hint: {TOLD}" in ran.said.replace("hint:     ", "hint: ")


def test_a_failure_that_has_nothing_to_do_with_it_keeps_its_own_hint(demo_folder: Path) -> None:
    source = "def double(x):\n    return 3 * x\ndef total(x):\n    x += 1\n    return x.sum()\n"
    write_files(demo_folder, {"demo.py": source})
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    double, total = report.checks
    assert double.message is not None
    assert total.message is not None
    assert double.message.hint == "Two times."
    assert "line 4: x += 1" in str(total.message.hint)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("w -= 1", 2),
        ("w[0] = 1", 2),
        ("g = w\n    g -= 1", 3),
        ("g = w[1:]\n    g += 1", 3),
        ("g = w.T\n    g[:] = 0", 3),
        ("g = np.asarray(w)\n    g *= 2", 3),
        ("g = w.reshape(-1)\n    g *= 2", 3),
        ("a, g = 1, w\n    g *= 2", 3),
        ("w.sort()", 2),
        ("np.fill_diagonal(w, 0)", 2),
        ("np.exp(w, out=w)", 2),
        ("rng.shuffle(w)", 2),
        ("for row in w:\n        row -= 1", 3),
        ("for i, (a, b) in enumerate(w):\n        b -= 1", 3),
        ("w[0], w[1] = w[1], w[0]", 2),
        ("w[0][1] = 3", 2),
        ("del w[0]", 2),
        ("helper(w)", 8),
        ("w = w.copy()\n    w -= 1", None),
        ("g = w + 0\n    g -= 1", None),
        ("g = np.array(w)\n    g -= 1", None),
        ("w = w - 1", None),
        ("np.exp(w, out=g)", None),
        ("w[0] == 1", None),
    ],
)
def test_the_line_is_found(body: str, line: int | None) -> None:
    source = f"def f(w, g, rng):\n    {body}\n"
    source += "\n" * (6 - source.count("\n")) + "def helper(v):\n    v += 1\n"
    program = Program("demo", (Part("demo.py", "demo.py", source.encode()),))
    place = InPlace(program).place("f", 0)
    assert place is None if line is None else str(place).startswith(f"demo.py, line {line}: ")
