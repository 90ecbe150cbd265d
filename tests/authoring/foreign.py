"""Small assignments of other graders, made up for the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def cell(kind: str, source: str, output: str = "", **metadata: Any) -> dict[str, Any]:
    """One cell. output: the value of its last expression, as its author's run has shown it."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source.strip("\n")}
    if kind == "code":
        shown = {"output_type": "execute_result", "data": {"text/plain": [output]}, "metadata": {}}
        made |= {"outputs": [shown] if output else [], "execution_count": None}
    return made


def graded(kind: str, source: str, grade_id: str, **marks: Any) -> dict[str, Any]:
    """A cell with nbgrader's metadata of version 3."""
    given = {"grade": False, "solution": False, "locked": False, "task": False}
    nbgrader = {**given, "schema_version": 3, "grade_id": grade_id, **marks}
    return cell(kind, source, nbgrader=nbgrader)


def write_notebook(
    path: Path, cells: Sequence[dict[str, Any]], metadata: Mapping[str, Any] = PYTHON
) -> Path:
    """Write a notebook of format 4."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(written), encoding="utf-8")
    return path


SQUARES = '''
def squares(n):
    """The squares of 1 to n, a list."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n is at least 1")
    return [i**2 for i in range(1, n + 1)]
    ### END SOLUTION
'''
MEAN = '''
def mean_square(n):
    """The mean of the squares of 1 to n."""
    ### BEGIN SOLUTION
    return float(np.mean(squares(n)))
    ### END SOLUTION
'''
EXAMPLES = '''
"""squares of small numbers"""
assert squares(1) == [1]
assert squares(3) == [1, 4, 9]
'''
REFUSES = '''
"""squares refuses 0"""
try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
'''
HALF_HIDDEN = '''
"""mean_square of some numbers"""
assert np.isclose(mean_square(1), 1)
### BEGIN HIDDEN TESTS
assert np.isclose(mean_square(4), 7.5)
### END HIDDEN TESTS
'''
USES_SQUARES = '''
"""mean_square calls squares"""
kept = squares
del squares
try:
    mean_square(2)
except NameError:
    pass
else:
    raise AssertionError("mean_square does not call squares")
finally:
    squares = kept
'''
WEAK = '''
"""limit is a number"""
assert isinstance(limit, int)
'''


def nbgrader_cells() -> list[dict[str, Any]]:
    """An assignment with a cell of every kind."""
    return [
        cell("markdown", "# Sums of squares\n\n![Squares](squares.png)"),
        cell("code", "%matplotlib inline\nimport numpy as np"),
        cell("markdown", "## Squares\n\nWrite `squares`."),
        graded("code", SQUARES, "squares", solution=True),
        cell("code", "squares(10)"),
        graded("code", EXAMPLES, "squares_small", grade=True, points=2, locked=True),
        graded("code", REFUSES, "squares_refuses", grade=True, points=1, locked=True),
        graded("code", MEAN, "mean_square", solution=True),
        graded("code", HALF_HIDDEN, "mean_some", grade=True, points=3, locked=True),
        graded("code", USES_SQUARES, "mean_uses", grade=True, points=1, locked=True),
        graded("code", "### BEGIN SOLUTION\nlimit = 7\n### END SOLUTION", "limit", solution=True),
        graded("code", WEAK, "limit_type", grade=True, points=1, locked=True),
        cell("markdown", "## Why\n\nWhy is the mean larger than the square of the mean?"),
        graded("markdown", "By Jensen's inequality.", "why", grade=True, solution=True, points=2),
    ]
