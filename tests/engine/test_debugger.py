"""Breakpoints in a student's code: `check --pdb`, `pytest --pdb`, and an IDE's debugger."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pexpect
import pytest
from making import DEMO_RIGHT, DEMO_STARTER, Files, notebook, write_files
from running import clean_environment, run_grader

from grader.reports.schema import Report

pytestmark = pytest.mark.smoke

STOPS = """\
def double(x):
    answer = 2 * x
    breakpoint()
    return answer


def total(x):
    so_far = 41
    return x[99]
"""

# From Python 3.13 on `breakpoint()` stops where it stands, before that at the next line.
STOP = 3 if sys.version_info >= (3, 13) else 4


def spawn(folder: Path, *command: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", *command],
        cwd=str(folder),
        env=clean_environment(TERM="dumb", PYTHONBREAKPOINT=""),
        encoding="utf-8",
        timeout=60,
    )


def test_check_stops_at_breakpoints_and_where_code_raises(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": STOPS})
    child = spawn(demo_folder, "grader", "check", "--pdb")
    child.expect(rf"demo\.py\({STOP}\)double")
    child.expect(r"\(Pdb\) ")
    child.sendline("p answer")
    child.expect(r"array\(\[2\., 4\., 8\.\]\)")
    child.sendline("c")
    child.expect("total of random numbers")
    child.expect("IndexError: index 99 is out of bounds")
    child.expect(r"demo\.py\(9\)total")
    child.sendline("p so_far + 1")
    child.expect("42")
    child.sendline("c")
    child.expect("2 of 3 public points")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_what_is_printed_reaches_the_check_and_the_terminal(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": STOPS.replace("x[99]", "print('the', 'sum')")})
    check = (
        "import pytest\n\n@pytest.mark.points(1)\ndef test_double(student):\n"
        '    """double prints nothing"""\n    student.double(1)\n    assert student.output == ""\n'
        '\n@pytest.mark.points(1)\ndef test_total(student):\n    """total prints"""\n'
        '    student.total(1)\n    assert student.output == "the sum\\n"\n'
    )
    write_files(demo_folder, {"checks.py": check})
    child = spawn(demo_folder, "grader", "check", "--pdb")
    child.expect(r"\(Pdb\) ")
    child.sendline("p answer + 1")
    child.expect("3")
    child.sendline("c")
    child.expect("the sum")
    child.expect("2 of 2 public points")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_who_quits_the_debugger_quits_the_check(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": STOPS})
    child = spawn(demo_folder, "grader", "check", "--pdb")
    child.expect(r"\(Pdb\) ")
    child.sendline("q")
    if sys.version_info >= (3, 14):
        child.expect("Quit anyway")
        child.sendline("y")
    child.expect("grader: stopped")
    child.expect(pexpect.EOF)
    assert "Traceback" not in child.before
    child.close()
    assert child.exitstatus == 130


def test_pytest_stops_in_the_students_code(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": STOPS})
    child = spawn(demo_folder, "pytest", "--pdb", "-p", "no:cacheprovider")
    child.expect(rf"demo\.py\({STOP}\)double")
    child.sendline("c")
    child.expect(r"> .*demo\.py\(9\)total")
    child.sendline("p so_far + 1")
    child.expect("42")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()


def test_breakpoint_without_a_debugger_is_passed_over_and_told(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": STOPS.replace("x[99]", "float(x.sum())")})
    ran = run_grader("check", cwd=demo_folder)
    assert ran.code == 0, ran.said
    assert "demo.py, line 3: breakpoint() only stops with --pdb" in ran.said


def under_a_debugger(folder: Path) -> dict[str, bool]:
    """What passes under plain pytest in a process that an IDE's debugger looks into."""
    code = (
        "import sys, types; sys.modules['debugpy'] = types.ModuleType('debugpy'); import pytest; "
        "pytest.main(['-q', '-p', 'no:cacheprovider', '--junitxml', '../junit.xml'])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    tree = ElementTree.parse(folder.parent / "junit.xml")
    cases = {case.get("name", ""): len(case) == 0 for case in tree.iter("testcase")}
    assert cases, done.stdout + done.stderr
    return cases


HERE = """\
import os
import sys

from helper import *

assert "pytest" in sys.modules and os.path.samefile(__file__, sys.argv[0])
numbers = open("numbers.csv").read()
"""


def test_code_runs_in_the_debuggers_process_under_its_real_path(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": HERE, "helper.py": DEMO_RIGHT})
    before = sorted(demo_folder.iterdir())
    assert under_a_debugger(demo_folder) == {"test_double": True, "test_total": True}
    after = [path for path in sorted(demo_folder.iterdir()) if path.name != "__pycache__"]
    assert after == before


@pytest.mark.parametrize(
    "files",
    [
        {"demo.py": DEMO_RIGHT.replace("2 * x", "3 * x")},
        {"demo.py": DEMO_STARTER, "demo.ipynb": notebook("%time x = 1", DEMO_RIGHT)},
        {"demo.py": "def double(x:\n"},
        {"demo.py": DEMO_RIGHT.replace("return 2 * x", "x *= 2; return x.tolist()")},
    ],
)
def test_debugger_and_check_agree(demo_folder: Path, files: Files) -> None:
    write_files(demo_folder, files)
    report = Report.model_validate_json(run_grader("check", "--json", cwd=demo_folder).out)
    checked = {c.id.split("::")[1]: c.outcome == "passed" for c in report.checks}
    assert under_a_debugger(demo_folder) == checked
