"""The command line as a real process, and a copy of the course to run it in."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from warm import WarmStart

from grader.course.assignment import Assignment
from grader.sandbox.protocol.packages import lacks

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ran:
    """A finished command: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything, with line breaks taken out: a table may have wrapped it anywhere."""
        return " ".join((self.out + " " + self.err).split())


def missing_packages(assignment: Assignment) -> str:
    """What a homework's submissions import and is not installed here, in words; "" for nothing."""
    return "; ".join(lack.fact for lack in lacks(assignment.packages))


def skip_without_packages(assignment: Assignment) -> None:
    """Leave out a test of a homework whose packages are not installed, with the reason."""
    if missing := missing_packages(assignment):
        pytest.skip(missing)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what would make a run depend on who runs it.

    pytest tells more where CI is set than at a student's; LINES is the screen of whoever tests.
    """
    dropped = ("CI", "BUILD_NUMBER", "LINES")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GRADER_") and name not in dropped
    }
    return {**kept, "COLUMNS": "80", **more}


@functools.cache
def _warm_start() -> WarmStart:
    """One for all tests of this process; it ends with them."""
    return WarmStart(clean_environment())


def run_grader(*args: object, cwd: Path, timeout_s: float = 120, **env: str) -> Ran:
    """`python -m grader ...` as a user would run it, without a keyboard.

    Where Python's own variables are set, which it reads at its start, in a new interpreter;
    otherwise in a process forked from one that has imported the grader.
    """
    words, environment = [str(arg) for arg in args], clean_environment(**env)
    if any(name.startswith("PYTHON") for name in env):
        done = subprocess.run(
            [sys.executable, "-m", "grader", *words],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=timeout_s,
        )
        ran = Ran(done.returncode, done.stdout, done.stderr)
    else:
        ran = Ran(
            *_warm_start().run("grader", words, cwd=cwd, env=environment, timeout_s=timeout_s)
        )
    assert "Traceback" not in ran.err, ran.err
    return ran


def run_pytest(*args: object, cwd: Path) -> Ran:
    """`python -m pytest ...`, in a process forked from one that has imported it."""
    words, environment = [str(arg) for arg in args], clean_environment()
    return Ran(*_warm_start().run("pytest", words, cwd=cwd, env=environment, timeout_s=120))


def run_script(script: Path, *args: object, **env: str) -> Ran:
    """A script of the tests, in a process forked from one that has imported the grader."""
    words, environment = [str(arg) for arg in args], clean_environment(**env)
    run = _warm_start().run
    return Ran(*run(script.stem, words, cwd=script.parent, env=environment, timeout_s=120))


def copy_course(folder: Path, *, staff: bool = True) -> Path:
    """Copy the course into `folder`, without the solutions for a student."""
    for name in ("assignments", "datasets", *(["solutions"] if staff else [])):
        shutil.copytree(
            ROOT / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder
