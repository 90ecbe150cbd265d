"""A CSV file in which nothing changes except the cells that are filled in.

A teacher downloads a table from another system, and only the cells for grades are filled in.
Everything else stays the same, down to the quotes, the byte-order mark and the line endings, so
that added columns, headers in any language and rows that are not students' are preserved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

MAX_BYTES = 16 << 20
MAX_ROWS, MAX_CELLS = 200_000, 2_000_000
_OPEN = '"'
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass
class TableRow:
    """The cells as written, quotes and all, and the end of the line."""

    cells: list[str]
    end: str


class Table:
    """A CSV file whose unchanged cells keep every byte. Raises UsageError.

    header: what the cells of the first row say. rows: all rows, the first one too, as they are
    written; whoever changes a cell writes it with the quotes that it needs (see `number`).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as exc:
            raise UsageError(f"cannot read {path}: {exc.strerror}") from None
        if len(data) > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES >> 20} MB; name a table of grades")
        # By the byte order, and not as "utf-16", which would write this machine's order.
        self._encoding = _UTF_16.get(data[:2], "utf-8")
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError:
            self._encoding = "cp1252"
            text = data.decode(self._encoding, "surrogateescape")
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix(self._mark)
        first = text.partition("\n")[0]
        self._delimiter = max(",;\t", key=first.count)
        rows, cells = text.count("\n") + text.count("\r"), text.count(self._delimiter)
        if rows > 2 * MAX_ROWS or cells > MAX_CELLS:
            raise UsageError(f"{path} holds too many rows or cells for a table of grades")
        self.rows = list(_rows(text, self._delimiter))
        if self.rows and self.rows[-1].end == _OPEN:
            raise UsageError(
                f"{path}: a quotation mark opens in row {len(self.rows)} and is never closed, so "
                "where the cells below end is not known; correct the row, or export it again"
            )
        if len(self.rows) < 2:
            raise UsageError(f"{path} does not contain a table of students; download it again")
        self.header = [cell_text(cell) for cell in self.rows[0].cells]
        # A cell such as "12,50" tells how this file writes numbers.
        self._comma = self._delimiter != "," and bool(re.search(r"\d,\d", text))
        self._comma |= bool(re.search(r'"\d+,\d+"', text)) and not re.search(r"\d\.\d", text)

    def cells(self) -> Iterator[list[str]]:
        """What the cells below the header say, row by row; every row has at least one."""
        return ([cell_text(cell) for cell in row.cells] for row in self.rows[1:])

    def number(self, value: float) -> str:
        """A number as this file writes them."""
        text = f"{value:.5f}".rstrip("0").rstrip(".")
        text = text.replace(".", ",") if self._comma else text
        return f'"{text}"' if self._delimiter in text else text

    def encoded(self) -> bytes:
        """The whole file again."""
        text = "".join(self._delimiter.join(row.cells) + row.end for row in self.rows)
        errors = "surrogateescape" if self._encoding == "cp1252" else "strict"
        return (self._mark + text).encode(self._encoding, errors)


def _rows(text: str, delimiter: str) -> Iterator[TableRow]:
    """The rows of a CSV text, nothing lost of how they were written.

    The last one ends in _OPEN where a quotation mark is never closed.
    """
    cell = rf'(?:"(?:[^"]++|"")*+"|[^"{re.escape(delimiter)}\r\n]++)*+'
    pattern = re.compile(rf"({cell})({re.escape(delimiter)}|\r\n|\n|\r|\Z|\")", re.DOTALL)
    cells: list[str] = []
    at = 0
    while at < len(text):
        matched = pattern.match(text, at)
        assert matched is not None  # a cell may be empty, and a lone quote ends one
        at = matched.end()
        cells.append(matched[1])
        if matched[2] == _OPEN:
            yield TableRow(cells, _OPEN)
            return
        if matched[2] != delimiter:
            yield TableRow(cells, matched[2])
            cells = []
    if cells:
        yield TableRow([*cells, ""], "")


def cell_text(cell: str) -> str:
    """What a written cell says."""
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell
