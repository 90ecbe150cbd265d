"""Made-up submissions for a homework: correct, wrong, broken and hostile ones, for the demo.

The right ones are the reference; the wrong ones are the reference with one of the author's
`@mistake` variants in place of a function. So this works for any homework that has variants.
"""

from __future__ import annotations

from typing import Any

import nbformat

from grader._internal.zips import zip_files
from grader.checks.variants import Variant, load_variants, submission_files
from grader.course.assignment import Assignment
from grader.engine.context import import_reference
from grader.engine.packages import require_packages
from grader.errors import SpecError

# What a careless or a hostile student might hand in for any homework.
_LOOP = "\n\ndef {name}(*args):\n    while True:\n        pass\n"
_CRASH = "\n\ndef {name}(*args):\n    import os\n    os._exit(0)\n"
_UNFINISHED = "\n\nanswer = (42,\n"
_FORGE = """
import numpy.testing
numpy.testing.assert_allclose = lambda *args, **kwargs: None


class Always:
    def __eq__(self, other):
        return True


def {name}(*args):
    return Always()
"""

_MISTAKEN = ("hedy", "john", "katherine", "niklaus")


def class_files(assignment: Assignment) -> dict[str, bytes]:
    """A small class of submissions of `assignment`, as the files of a folder by their paths.

    Raises SpecError if there is no solution to make them from, and PackagesMissing if that needs
    packages which are not installed.
    """
    if assignment.reference is None:
        raise SpecError(
            f"submissions are made from a solution, but {assignment.name} has none here; use the "
            "staff's copy of the course"
        )
    require_packages(assignment)
    name = assignment.name
    right = assignment.reference.read_text(encoding="utf-8")
    plain = [each for each in assignment.functions if "." not in each]
    # A class that is put in another's place may never be used: functions are.
    first, *_, last = ([each for each in plain if each[0].islower()] or plain) * 2
    files = {
        "ada.py": right,
        "barbara.ipynb": as_notebook(right),
        "charles.py": assignment.starter.read_text(encoding="utf-8"),
        "donald.py": right + _UNFINISHED,
        "edsger.py": right + _LOOP.format(name=last),
        "grace.py": right + _CRASH.format(name=first),
        "mallory.py": right + _FORGE.format(name=first),
        f"linus/{name}.py": "from helper import *\n" + right,
        "linus/helper.py": "import numpy as np\n",
    }
    for student, variant in zip(_MISTAKEN, _some_mistakes(assignment), strict=False):
        for file, text in submission_files(variant, name, right).items():
            files[f"{student}/{file}"] = text
    zips = {
        "radia.zip": zip_files({f"{name}.py": right.encode()}),
        "tim.zip": b"",
        "ken.zip": b"this is no zip",
    }
    return {file: text.encode() for file, text in files.items()} | zips


def _some_mistakes(assignment: Assignment) -> list[Variant]:
    """A few of the author's mistakes, spread over the functions."""
    assert assignment.solution is not None
    variants = load_variants(assignment.solution / "variants.py", import_reference(assignment))
    mistakes = [variant for variant in variants if variant.is_named]
    return mistakes[:: max(1, len(mistakes) // len(_MISTAKEN))]


def as_notebook(source: str) -> str:
    """A module as a notebook: a magic, then each top-level piece in a cell of its own."""
    make: Any = nbformat.v4
    pieces = ["%matplotlib inline", *source.split("\n\n\n")]
    cells = [make.new_markdown_cell("# My homework")]
    cells += [make.new_code_cell(piece.strip("\n")) for piece in pieces]
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"  # nbformat draws one at random
    write: Any = nbformat.writes
    text: str = write(make.new_notebook(cells=cells))
    return text
