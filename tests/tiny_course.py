"""A tiny course with a secret word in every place that no student may see, and its kits."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.authoring.release.kit import StudentKit, release
from grader.course.course import Course, find_course

# In the course each secret stands as this word and its own name, in one piece.
SECRET = "quokka"

SPEC = f"""\
# A comment of the author's: {SECRET}-comment-of-spec
title = "Scales"
source = "Lecture 1"
points = 10
due = 2126-12-18T23:59:00+01:00
data = ["small/numbers.csv"]

[limits]
call_s = 5

[[questions]]
id = "why"
points = 2
text = "Why? Über $x$."
rubric = ["Says {SECRET}-rubric (2)"]
"""

HANDOUT = f"""\
# Scales

Fill in `scales.py`. See [the picture](picture.png), and neither [that](link.txt) nor
[this](../../solutions/scales/answers.md), but [the task](README.md) and
[its terms](assignment.toml).

## What to write

**`double(x)`** returns

$$ f(x) = 2 x . $$

**`plot_line(x)`** returns a figure.

<!--
```python
>>> "{SECRET}-comment-of-handout"

[unlinked](notes.txt)
```
-->

## Checking

    python -m grader check
"""

STARTER = '''\
"""Scales."""

import matplotlib.pyplot as plt
import numpy as np


def double(x):
    """Twice x."""
    raise NotImplementedError


def plot_line(x):
    """Draw x. Returns the Figure."""
    raise NotImplementedError


if __name__ == "__main__":
    plot_line(double(np.loadtxt("numbers.csv", delimiter=",")[0]))
    plt.show()
'''

REFERENCE = f'''\
"""Scales: {SECRET}-docstring."""

import matplotlib.pyplot as plt
import numpy as np

FACTOR = len("{SECRET}-constant") - 14


def double(x):
    """Twice x."""
    # {SECRET}-comment
    {SECRET}_variable = np.asarray(x) * FACTOR
    return np.asarray({SECRET}_variable)


def plot_line(x):
    """Draw x."""
    figure, axes = plt.subplots()
    axes.plot(x, label="{SECRET}-label")
    return figure


if __name__ == "__main__":
    plot_line(double(np.loadtxt("numbers.csv", delimiter=",")[0]))
    plt.show()
'''

CHECKS = '''\
import numpy as np
import pytest

from grader.checks import assert_close


@pytest.mark.points(4)
def test_double(student):
    """double of two numbers"""
    assert_close(student.double(np.array([1.0, 2.0])), np.array([2.0, 4.0]), "double(x)")
'''

HIDDEN = f'''\
import numpy as np
import pytest

from grader.checks import assert_close


@pytest.mark.points(6)
@pytest.mark.hint("{SECRET}-hint")
def test_double_of_a_{SECRET}(student, reference):
    """double of {SECRET}-title"""
    x = np.array([3.0, 17.5])
    assert_close(student.double(x), reference.double(x), "{SECRET}-message")
'''

COURSE: Mapping[str, str] = {
    "pyproject.toml": f'# {SECRET}-settings\n[tool.grader]\nname = "Tiny course, 2nd"\n',
    "assignments/scales/assignment.toml": SPEC,
    "assignments/scales/README.md": HANDOUT,
    "assignments/scales/scales.py": STARTER,
    "assignments/scales/checks.py": CHECKS,
    "assignments/scales/picture.png": "not really a picture",
    "assignments/scales/notes.txt": f"{SECRET}-notes-of-the-author",
    "solutions/scales/scales.py": REFERENCE,
    "solutions/scales/hidden_checks.py": HIDDEN,
    "solutions/scales/variants.py": f'MISTAKES = ["{SECRET}-mistake"]\n',
    "solutions/scales/answers.md": f"{SECRET}-answer\n",
    "datasets/small/README.md": f"By [this](make.py). [Here](README.md) <!-- {SECRET}-origin -->\n",
    "datasets/small/make.py": "print('1,2')\n",
    "datasets/small/numbers.csv": "1,2\n3,4\n",
    "datasets/small/held_out.csv": f"{SECRET}-held-out\n",
    ".grader/key": f"{SECRET}-key-of-the-hidden-seeds\n",
}


def write_course(root: Path, changes: Mapping[str, str] | None = None) -> Course:
    """The course in a new folder, with some of its files changed."""
    files = {**COURSE, **(changes or {})}
    sums = [
        f"{hashlib.sha256(text.encode()).hexdigest()}  {Path(path).name}\n"
        for path, text in files.items()
        if path.startswith("datasets/") and path.endswith(".csv")
    ]
    write(root, {**files, "datasets/small/SHA256SUMS": "".join(sums)})
    # A link out of the folder, with a name that the handout links to.
    link = root / "assignments" / "scales" / "link.txt"
    if not link.is_symlink():
        link.symlink_to(root / "solutions" / "scales" / "answers.md")
    return find_course(root)


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())


def make_kit(folder: Path, changes: Mapping[str, str] | None = None) -> StudentKit:
    """A kit of the course, made in `folder`."""
    return release(write_course(folder / "course", changes), folder / "kit")


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def every_file(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Files, and those inside of zips and wheels among them, however deep."""
    for path, data in files.items():
        yield path, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inner = {f"{path}!{name}": archive.read(name) for name in archive.namelist()}
            yield from every_file(inner)
