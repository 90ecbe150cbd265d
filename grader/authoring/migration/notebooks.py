"""A notebook as its author saved it: every cell, with its metadata and what it printed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader._internal.syntax import parse
from grader.errors import SubmissionError, UsageError
from grader.submission.ipython_syntax import translate
from grader.submission.notebook_file import read_sources

MAX_BYTES = 64 << 20
_HARMLESS = re.compile(r"%+\s*(matplotlib|load_ext|reload_ext|autoreload|config|pylab|precision)\b")
# nose is gone; its functions were those of unittest.TestCase under other names.
_NOSE = {"eq_": "assertEqual", "ok_": "assertTrue"}


@dataclass(frozen=True)
class NotebookCell:
    """One cell.

    number: from 1, all kinds counted. kind: code, markdown or raw. printed, shown: what its code
    printed, and the value of its last expression.
    """

    number: int
    kind: str
    source: str
    metadata: Mapping[str, Any]
    attachments: Mapping[str, Any]
    printed: str = ""
    shown: str = ""


def read_notebook(path: Path) -> tuple[NotebookCell, ...]:
    """The cells of a notebook for Python. Raises UsageError with the file and what is wrong."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES >> 20} MB; clear its outputs")
        data = path.read_bytes()
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror}; name another file") from None
    try:
        read_sources(data)  # says what a file is that is no notebook, or is one of another language
        raw = json.loads(data.decode("utf-8-sig"))
    except (SubmissionError, ValueError, RecursionError) as exc:
        raise UsageError(f"{path}: {exc}") from None
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise UsageError(f"{path} is of notebook format 3; open it in Jupyter and save it")
    return tuple(
        NotebookCell(
            number,
            str(cell.get("cell_type", "")),
            _text(cell.get("source")),
            _table(cell.get("metadata")),
            _table(cell.get("attachments")),
            *_output(cell.get("outputs")),
        )
        for number, cell in enumerate(cells, start=1)
        if isinstance(cell, dict)
    )


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _output(outputs: object) -> tuple[str, str]:
    """What a cell printed, and the value of its last expression, as text."""
    printed = shown = ""
    for each in outputs if isinstance(outputs, list) else []:
        if isinstance(each, dict):
            printed += _text(each.get("text")) if each.get("name") != "stderr" else ""
            if each.get("output_type") in ("execute_result", "pyout"):
                shown = _text(_table(each.get("data")).get("text/plain"))
    return printed, shown


def program_text(path: Path, cell: NotebookCell) -> str:
    """A code cell as Python, without what is IPython's. Raises UsageError for what is no Python."""
    read = translate(cell.source)
    if read.magic:
        return ""
    _refuse_other_than_python(read.source, f"{path}: cell {cell.number}")
    return with_unittest(read.source)


def text_of_test(source: str, what: str) -> str:
    """A test as Python. what: how messages name it.

    Raises UsageError for a magic that does something, and for what is no Python.
    """
    read = translate(source)
    magics = [line for line in read.skipped if not _HARMLESS.match(line)]
    if magics or read.magic:
        line = (magics[0] if magics else f"%%{read.magic}").splitlines()[0]
        raise UsageError(f"{what} uses `{line[:60]}`, which only IPython runs; write it in Python")
    _refuse_other_than_python(read.source, what)
    return with_unittest(read.source)


def _refuse_other_than_python(source: str, what: str) -> None:
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise UsageError(f"{what} is no Python: {exc}; correct it") from None


def with_unittest(source: str) -> str:
    """Python with `from nose.tools import ...` in a form that runs without nose."""
    if "nose.tools" not in source:
        return source
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.split("\n")
    for node in reversed(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == "nose.tools":
            made = ["from unittest import TestCase"]
            made += [f"{alias.asname or alias.name} = {_nose(alias.name)}" for alias in node.names]
            lines[node.lineno - 1 : node.end_lineno] = made
    return "\n".join(lines)


def _nose(name: str) -> str:
    words = name.split("_")
    method = _NOSE.get(name) or words[0] + "".join(word.capitalize() for word in words[1:])
    return f"TestCase().{method}"


def title_of(cells: Sequence[NotebookCell], name: str) -> str:
    """The first heading of the first level in a notebook, else its name in words."""
    for cell in cells:
        found = re.search(r"^#\s+(.+?)\s*#*$", cell.source, re.M)
        if cell.kind == "markdown" and found:
            return re.sub(r"[*_`]|<[^>]+>", "", found[1]).strip()[:100] or name
    return name.replace("_", " ").capitalize()


def literals_of(source: str) -> Iterator[str]:
    """The texts that stand in a source, such as the names of files. None for what is no Python."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
