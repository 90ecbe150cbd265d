"""The command line as a real process, and a copy of the course to run it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what would make a run depend on who runs it.

    pytest tells more where CI is set than at a student's.
    """
    dropped = ("CI", "BUILD_NUMBER")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GRADER_") and name not in dropped
    }
    return {**kept, "COLUMNS": "80", **more}


def run_grader(*args: object, cwd: Path, timeout_s: float = 120, **env: str) -> Ran:
    """`python -m grader ...` as a user would run it, without a keyboard."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", *map(str, args)],
        cwd=cwd,
        env=clean_environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout_s,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


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
