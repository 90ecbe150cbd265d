"""What a student waits for: the help, one check, and the time from a save to its result.

Measured on a copy of one homework as a student has it, with the reference as the student's file.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.errors import SpecError
from grader.student.check import check_locally

REPEATS = 5
PAUSE_S = 1.5  # between two saves, as somebody who types would make
POINTS = "public points"


@dataclass(frozen=True)
class Waiting:
    """Seconds, each the median of a few tries.

    typer_s: `python -c "import typer"`, for comparison. help_s: `python -m grader --help`.
    check_s: one `check`; judging_s: of it, the student's code and the checks. save_s: from a save
    to the result in `check --watch`.
    """

    typer_s: float
    help_s: float
    check_s: float
    judging_s: float
    save_s: float


def measure_waiting(course: Course, assignment: Assignment) -> Waiting:
    """Run the commands as a student would. Raises SpecError without a solution."""
    if assignment.reference is None:
        raise SpecError(
            f"{assignment.name} has no solution here; use the staff's copy of the course"
        )
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as folder:
        home = Path(folder)
        shutil.copytree(assignment.folder, home / "assignments" / assignment.name)
        shutil.copytree(course.root / "datasets", home / "datasets")
        work = home / "assignments" / assignment.name / f"{assignment.name}.py"
        shutil.copy(assignment.reference, work)
        python = [sys.executable, "-P"]
        typer_s = _median(lambda: _run([*python, "-c", "import typer"], home))
        help_s = _median(lambda: _run([*python, "-m", "grader", "--help"], home))
        check = [*python, "-m", "grader", "check", assignment.name]
        judging_s = check_locally(assignment, assignment.reference).staff.duration_s or 0.0
        check_s = _median(lambda: _run(check, home))
        save_s = _measure_saves([*check, "--watch"], home, work)
    return Waiting(typer_s, help_s, check_s, judging_s, save_s)


def _median(run: Callable[[], None]) -> float:
    run()  # what is read from the disk for the first time
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)


def _measure_saves(command: list[str], folder: Path, work: Path) -> float:
    source = work.read_bytes()
    watching = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert watching.stdout is not None
    try:
        _read_until_points(watching)
        taken = []
        for number in range(REPEATS):
            time.sleep(PAUSE_S)
            began = time.perf_counter()
            work.write_bytes(source + f"# save {number}\n".encode())
            _read_until_points(watching)
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)
    finally:
        watching.terminate()
        watching.stdout.close()
        watching.wait()


def _read_until_points(watching: subprocess.Popen[bytes]) -> None:
    assert watching.stdout is not None
    for line in watching.stdout:
        if POINTS.encode() in line:
            return
    raise SpecError("`check --watch` ended without a result; run it by hand to see why")
