"""Code out of a Jupyter notebook: its code cells in order, IPython's own syntax taken out.

A line of IPython's (`%matplotlib inline`, `!pip install`, `x = !ls`, `help?`) is replaced by a
statement that does nothing, so that line numbers stay and a block does not become empty. A cell
whose first line is a magic such as `%%time` keeps its body; one in another language, such as
`%%bash`, is skipped whole.
"""

from __future__ import annotations

import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from typing import Any

from grader._internal.syntax import parse
from grader.errors import SubmissionError

MAX_CELLS = 5000
MAX_CODE = 1 << 20
MAX_TOKENIZED = 1 << 18

# Cell magics whose body is ordinary Python.
_PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "py"})
_TARGET = re.compile(r"[\w\s,.\[\]'\"]+")
_VALUE = re.compile(r"\s*[!%](?!=)\s*\S")
_HELP = re.compile(r"^\s*\??\??[\w.*]+\?{1,2}\s*$|^\s*\?{1,2}\s*[\w.*]+\s*$")


@dataclass(frozen=True)
class Cell:
    """One code cell. number counts code cells from 1, the way a message names them.

    skipped: the lines that were IPython's and not Python's.
    """

    number: int
    source: str
    skipped: tuple[str, ...]


def read_cells(data: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook. Raises SubmissionError for what is not one."""
    try:
        cells = _listed(data.decode("utf-8-sig"))
        sources = [_text(cell.source) for cell in cells if cell.cell_type == "code"]
        if sum(map(len, sources)) > MAX_CODE:
            raise SubmissionError(f"too long: it holds more than {MAX_CODE >> 20} MB of code")
    except (KeyboardInterrupt, SystemExit, SubmissionError):
        raise
    except Exception as exc:
        # Whatever a damaged or hostile file makes nbformat raise, it is not a notebook.
        raise SubmissionError(f"not a readable notebook ({type(exc).__name__})") from None
    return tuple(_cell(number, source) for number, source in enumerate(sources, start=1))


def _listed(text: str) -> list[Any]:
    """The cells of a notebook of any version, not checked against nbformat's schema.

    That check takes minutes for a hostile notebook, and what it finds is no reason to refuse one.
    """
    # Loading nbformat takes longer than the rest of a small grading run; most need it never.
    import nbformat
    import nbformat.reader

    reads: Any = nbformat.reader.reads
    notebook = reads(text)
    count = sum(len(part.cells) for part in notebook.get("worksheets", [notebook]))
    if count > MAX_CELLS:
        raise SubmissionError(f"too long: it holds {count} cells; at most {MAX_CELLS} are read")
    if notebook.nbformat < 4:
        convert: Any = nbformat.convert
        with warnings.catch_warnings(action="ignore"):
            notebook = convert(notebook, 4)
    listed: list[Any] = notebook.cells
    return listed


def _text(source: object) -> str:
    text = "".join(source) if isinstance(source, list) else str(source)
    return text.encode("utf-8", "replace").decode()  # JSON can hold half a surrogate pair


def _cell(number: int, source: str) -> Cell:
    if _is_python(source):
        return Cell(number, source, ())
    lines = source.split("\n")
    skipped: list[str] = []
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        magic = lines[first][2:].split()[0] if lines[first][2:].split() else ""
        if magic not in _PYTHON_CELL_MAGICS:
            return Cell(number, "", (lines[first].strip(),))
        skipped.append(lines[first].strip())
        lines[first] = ""
    known, budget = 0, MAX_TOKENIZED
    for index, line in enumerate(lines):
        plain = _without_magic(line)
        if plain is None or budget <= 0:
            continue
        # A new statement began at `known`. Indentation tells nothing about what is still open.
        before = [text.lstrip() for text in lines[known:index]]
        budget -= sum(map(len, before))
        if _at_statement_start(before):
            skipped.append(line.strip())
            lines[index] = plain
            known = index + 1
    return Cell(number, "\n".join(lines), tuple(skipped))


def _is_python(source: str) -> bool:
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_magic(line: str) -> str | None:
    """The Python line that stands for one of IPython's; None for ordinary lines."""
    indent = line[: len(line) - len(line.lstrip())]
    if line.lstrip().startswith("%time "):
        return indent + line.lstrip().removeprefix("%time ").strip()  # it runs the statement
    if line.lstrip().startswith(("%", "!")) or _HELP.match(line):
        return f"{indent}pass"
    target, _, value = line.partition("=")
    if _TARGET.fullmatch(target) and _VALUE.match(value):
        return f"{indent}{target.strip()} = None"
    return None


def _at_statement_start(before: list[str]) -> bool:
    """Whether a new statement begins after these lines, so that `%` is no operator or text."""
    if before and before[-1].rstrip().endswith("\\"):
        return False
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(before) + "\n").readline):
            if token.type == tokenize.OP:
                depth += token.string in "([{"
                depth -= token.string in ")]}"
    except tokenize.TokenError:
        return False
    except SyntaxError:
        # An indentation that does not fit is Python's to report when the cell runs.
        return True
    return depth == 0
