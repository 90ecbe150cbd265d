"""Made-up submissions of a homework: right, wrong, broken and hostile ones, for the demo.

The right ones are the reference; the wrong ones are the reference with one of the author's
`@mistake` variants in place of a function. So this works for any homework that has variants.
"""

from __future__ import annotations

import inspect
import io
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import nbformat

from grader.assignment import Assignment
from grader.checks.variants import Variant, load_variants
from grader.errors import SpecError

# What a careless or a hostile student might hand in, whatever the homework is.
_LOOP = "\n\ndef {name}(*args):\n    while True:\n        pass\n"
_CRASH = "\n\ndef {name}(*args):\n    import os\n    os._exit(0)\n"
_FORGE = """
import numpy.testing
numpy.testing.assert_allclose = lambda *args, **kwargs: None


class Always:
    def __eq__(self, other):
        return True


def {name}(*args):
    return Always()
"""


def write_class(assignment: Assignment, folder: Path) -> None:
    """Write a small class of submissions of `assignment` into `folder`.

    Raises SpecError if there is no solution to make them from.
    """
    if assignment.reference is None:
        raise SpecError(f"{assignment.name} has no solution here to make submissions from")
    name = assignment.name
    right = assignment.reference.read_text(encoding="utf-8")
    last = list(assignment.functions)[-1]
    first = next(iter(assignment.functions))
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {
        "ada.py": right,
        "barbara.ipynb": as_notebook(right),
        "charles.py": assignment.starter.read_text(encoding="utf-8"),
        "donald.py": right.replace("return", "return (", 1),
        "edsger.py": right + _LOOP.format(name=last),
        "grace.py": right + _CRASH.format(name=first),
        "mallory.py": right + _FORGE.format(name=first),
    }
    variants = [v for v in load_variants(assignment) if v.kind == "mistake"]
    chosen = variants[:: max(1, len(variants) // 4)][:4]
    for student, variant in zip(("hedy", "john", "katherine", "niklaus"), chosen, strict=False):
        files[f"{student}.py"] = with_variant(right, variant)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "radia.zip").write_bytes(_zipped({f"{name}.py": right}))
    (folder / "tim.zip").write_bytes(b"")
    (folder / "ken.zip").write_bytes(b"this is no zip")
    (folder / "linus").mkdir(exist_ok=True)
    (folder / "linus" / f"{name}.py").write_text("from helper import *\n" + right, encoding="utf-8")
    (folder / "linus" / "helper.py").write_text("import numpy as np\n", encoding="utf-8")


def with_variant(source: str, variant: Variant) -> str:
    """The reference's source with one function done the variant's way."""
    body = textwrap.dedent(inspect.getsource(variant.function))
    start = body.index("def ")
    return (
        f"{source}\n\nimport sys\n\n{variant.reference_name} = sys.modules[__name__]\n\n\n"
        f"{body[start:]}\n\n{variant.target} = {variant.function.__name__}\n"
    )


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


def _zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
