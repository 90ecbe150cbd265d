"""Makes small courses, submissions and zips for the tests, and reads what grading wrote."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import ROOT, Ran, run_grader

from grader.errors import SandboxUnavailable
from grader.reports.schema import CheckResult, Report, read_report
from grader.sandbox.host.probe import Opening

Files = Mapping[str, str | bytes]

DEMO_TOML = """\
title = "Demo"
due = 2126-12-18T23:59:00+01:00
data = ["small/numbers.csv"]

[limits]
call_s = 2.0
load_s = 12
output_mb = 2
"""

PATIENT_TOML = DEMO_TOML.replace("= 2.0", "= 20").replace("= 12", "= 60")

DEMO_STARTER = '''\
"""The demo."""

import numpy as np


def double(x):
    """Twice x."""
    raise NotImplementedError


def total(x):
    """The sum of x."""
    raise NotImplementedError
'''

DEMO_RIGHT = '''\
"""The demo."""

import numpy as np


def double(x):
    """Twice x."""
    return 2 * x


def total(x):
    """The sum of x."""
    return float(np.sum(x))
'''

DEMO_CHECKS = '''\
import numpy as np
import pytest

from grader.checks import assert_close


@pytest.mark.points(2)
@pytest.mark.hint("Two times.")
def test_double(student):
    """double of three numbers"""
    assert_close(student.double(np.array([1.0, 2.0, 4.0])), np.array([2.0, 4.0, 8.0]), "double(x)")


@pytest.mark.points(1)
def test_total(student, rng):
    """total of random numbers"""
    x = rng.integers(0, 9, size=5).astype(float)
    assert_close(student.total(x), x.sum(), "total(x)")
'''

DEMO_HIDDEN = '''\
import pytest

from grader.checks import assert_close


@pytest.mark.points(4)
def test_double_at_random(student, reference, rng):
    """double of random numbers"""
    x = rng.normal(size=5)
    assert_close(student.double(x), reference.double(x), "double(x)")


@pytest.mark.points(3)
def test_total_at_random(student, reference, rng):
    """total of more random numbers"""
    x = rng.normal(size=7)
    # The numbers may cancel, and float32 is judged by their sizes.
    assert_close(student.total(x), reference.total(x), "total(x)", scale=abs(x).sum())
'''

PICTURE_TOML = 'title = "Picture"\n'

PICTURE_STARTER = '''\
import matplotlib.pyplot as plt
import numpy as np


def plot_history(history):
    """Draw it. Returns the Figure."""
    raise NotImplementedError
'''

PICTURE_RIGHT = """\
import matplotlib.pyplot as plt
import numpy as np


def plot_history(history):
    figure, axes = plt.subplots()
    axes.plot(history)
    axes.set_xlabel("iteration")
    axes.set_ylabel("loss")
    return figure
"""

PICTURE_CHECKS = '''\
import numpy as np
import pytest

from grader.checks.figure import axes_labelled, curve_drawn

HISTORY = 1.5 * 0.8 ** np.arange(12.0) + 0.2


@pytest.mark.points(2)
def test_labels(student):
    """plot_history labels both axes"""
    axes_labelled(student.plot_history.draw(HISTORY))


@pytest.mark.points(3)
def test_curve(student):
    """plot_history draws the history"""
    curve_drawn(student.plot_history.draw(HISTORY), HISTORY)
'''

PICTURE_HIDDEN = '''\
import numpy as np
import pytest

from grader.checks.figure import curve_drawn


@pytest.mark.points(5)
def test_other_curve(student):
    """plot_history draws any history"""
    history = np.array([2.0, 1.1, 1.4, 0.9, 0.7, 0.95, 0.3])
    curve_drawn(student.plot_history.draw(history), history)
'''

HOMEWORKS: dict[str, dict[str, str]] = {
    "demo": {
        "assignments/demo/assignment.toml": DEMO_TOML,
        "assignments/demo/README.md": "# Demo\n",
        "assignments/demo/checks.py": DEMO_CHECKS,
        "assignments/demo/demo.py": DEMO_STARTER,
        "solutions/demo/demo.py": DEMO_RIGHT,
        "solutions/demo/hidden_checks.py": DEMO_HIDDEN,
        "datasets/small/numbers.csv": "1,2\n3,4\n",
    },
    "picture": {
        "assignments/picture/assignment.toml": PICTURE_TOML,
        "assignments/picture/README.md": "# Picture\n",
        "assignments/picture/checks.py": PICTURE_CHECKS,
        "assignments/picture/picture.py": PICTURE_STARTER,
        "solutions/picture/picture.py": PICTURE_RIGHT,
        "solutions/picture/hidden_checks.py": PICTURE_HIDDEN,
    },
}


PIECES = {
    "right": DEMO_RIGHT,
    "starter": DEMO_STARTER,
    "both": "def double(x):\n    return 2 * x\ndef total(x):\n    return float(x.sum())\n",
    "double": "def double(x):\n    return 2 * x\n",
    "total": "def total(x):\n    return float(x.sum())\n",
    "drawn": PICTURE_RIGHT.replace("    return figure\n", ""),
}


def read_forms(name: str) -> dict[str, dict[str, str | bytes]]:
    """The submissions written down in forms/<name>.txt: label to files.

    `=== label/path` begins a file; `--- cell` separates a notebook's cells; a line such as `@both`
    stands for a piece of PIECES.
    """
    text = (ROOT / "tests" / "forms" / f"{name}.txt").read_text(encoding="utf-8")
    forms: dict[str, dict[str, str | bytes]] = {}
    for block in text.split("=== ")[1:]:
        head, _, body = block.partition("\n")
        label, _, path = head.partition("/")
        for piece, source in PIECES.items():
            body = re.sub(rf"^@{piece}\n", lambda _, s=source: s, body, flags=re.MULTILINE)
        cells = body.split("--- cell\n")
        forms.setdefault(label, {})[path] = notebook(*cells) if path.endswith(".ipynb") else body
    return forms


def write_files(folder: Path, files: Files) -> Path:
    """Write files by relative path; text as UTF-8."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_course(folder: Path, *names: str, staff: bool = True) -> Path:
    """A tiny course with the homeworks named; `demo` alone where none is."""
    for name in names or ("demo",):
        files = HOMEWORKS[name]
        write_files(
            folder,
            {path: text for path, text in files.items() if staff or "solutions/" not in path},
        )
    write_files(folder, {"pyproject.toml": '[tool.grader]\nname = "Tiny"\n'})
    return folder


def close_homeworks(course: Path) -> Path:
    """Move the due date of every homework into the past, so that grades can be final."""
    for path in course.glob("assignments/*/assignment.toml"):
        text = path.read_text(encoding="utf-8").replace("due = 2126-", "due = 2020-")
        path.write_text(text, encoding="utf-8")
    return course


def zipped(files: Files) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def notebook(*cells: str, markdown: str = "# Notes") -> str:
    """A notebook: one Markdown cell, then code cells with an output each."""
    output = {"output_type": "stream", "name": "stdout", "text": ["done\n"]}
    listed: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": [markdown], "id": "m"}
    ]
    listed += [
        {
            "cell_type": "code",
            "metadata": {},
            "source": text.splitlines(keepends=True),
            "outputs": [output],
            "execution_count": index,
            "id": f"c{index}",
        }
        for index, text in enumerate(cells, start=1)
    ]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@dataclass(frozen=True)
class Pair:
    """Both reports of one submission."""

    staff: Report
    student: Report
    student_text: str

    @property
    def full(self) -> bool:
        return self.staff.score == self.staff.max_score > 0

    @property
    def outcomes(self) -> dict[str, str]:
        """Function name of each check to its outcome."""
        return {c.id.split("::")[1].split("[")[0]: c.outcome.value for c in self.staff.checks}

    @property
    def warned(self) -> str:
        return "\n".join(self.staff.warnings)

    def check(self, name: str) -> CheckResult:
        """The staff's result of the check function of this name."""
        return next(c for c in self.staff.checks if c.id.split("::")[1] == name)

    def __str__(self) -> str:
        lines = [f"{self.staff.score}/{self.staff.max_score}", *self.staff.warnings]
        lines += [f"{c.id} {c.outcome}: {c.text}" for c in self.staff.checks]
        return "\n".join(lines)


@dataclass(frozen=True)
class GradedClass:
    """What one run of `grade` left behind."""

    out: Path
    ran: Ran
    pairs: Mapping[str, Pair]

    def __getitem__(self, label: str) -> Pair:
        return self.pairs[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self.pairs)

    @property
    def gradebook(self) -> list[dict[str, str]]:
        with (self.out / "gradebook.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def read_class(out: Path, ran: Ran, only: str = "*") -> GradedClass:
    """Every report under an output folder, by its label. only: of this homework."""
    pairs = {}
    for path in sorted(out.glob(f"{only}/*.json")):
        other = path.parent / "student" / path.name
        pairs[path.stem] = Pair(
            read_report(path), read_report(other), other.read_text(encoding="utf-8")
        )
    return GradedClass(out, ran, pairs)


# In the sandbox, and as an ordinary subprocess the way `check` runs at a student's.
ISOLATIONS = ["isolated", pytest.param("none", marks=pytest.mark.slow)]


@functools.cache
def can_isolate() -> bool:
    """Whether this machine offers a sandbox; the grader's own canary tells."""
    try:
        with Opening() as opening:
            opening.expect(1)
            opening.finish()
    except SandboxUnavailable:
        return False
    return True


def best_isolation() -> str:
    """What a class is graded with where it does not matter: a sandbox is also the fastest."""
    return "isolated" if can_isolate() else "none"


def options_of(isolation: str) -> tuple[str, ...]:
    """The options of `grade` for "none" or "isolated"; skips where this machine has no sandbox."""
    if isolation == "none":
        return ("--unsafe",)
    if not can_isolate():
        pytest.skip("no sandbox on this machine")
    return ()


def grade_class(
    course: Path,
    submissions: Path,
    out: Path,
    *options: object,
    isolation: str = "none",
    code: int = 0,
    **env: str,
) -> GradedClass:
    """Run `grade` for real and read what it wrote.

    With one grading process unless the options say more: for a few submissions, starting another
    costs more than it saves.
    """
    jobs = () if "--jobs" in options else ("--jobs", 1)
    command = ("grade", submissions, "--out", out, *options_of(isolation), *jobs, *options)
    ran = run_grader(*command, cwd=course, timeout_s=300, **env)
    assert ran.code == code, ran.out + ran.err
    return read_class(out, ran)


def grade_one(tmp_path: Path, files: Files, *, name: str = "demo", code: int = 0) -> Pair:
    """Grade one made-up submission in a tiny course of its own."""
    course = write_course(tmp_path / "course", name)
    write_files(tmp_path / "subs" / "ada", files)
    options = ("--assignment", name, "--jobs", 1)
    return grade_class(course, tmp_path / "subs", tmp_path / "out", *options, code=code)["ada"]
