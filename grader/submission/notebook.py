"""Code out of a Jupyter notebook: its code cells in order, as Python.

`notebook_file` finds the cells in the file, `ipython_syntax` puts what is IPython's into Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.submission.ipython_syntax import MAX_PARSED_IN_ALL, WriteCell, translate
from grader.submission.notebook_file import read_sources


@dataclass(frozen=True)
class Cell:
    """One code cell. number counts code cells from 1, the way a message names them.

    skipped: the lines that were IPython's and not Python's. magic: the cell magic of a cell that is
    not run in the notebook, such as "bash". written: what a `%%writefile` cell writes. opening: its
    first line that is not blank, as the student wrote it.
    """

    number: int
    source: str
    skipped: tuple[str, ...]
    magic: str = field(default="", compare=False)
    written: WriteCell | None = field(default=None, compare=False)
    opening: str = field(default="", compare=False)


def read_cells(data: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook. Raises SubmissionError for what is not one."""
    cells = []
    left = MAX_PARSED_IN_ALL
    for number, source in enumerate(read_sources(data), start=1):
        read = translate(source, parse_first=len(source) <= left)
        left -= len(source)
        opening = source.lstrip().partition("\n")[0].rstrip()
        cells.append(Cell(number, read.source, read.skipped, read.magic, read.written, opening))
    return tuple(cells)
