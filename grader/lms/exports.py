"""Grades into a table that another system made: Canvas's gradebook or Moodle's grading worksheet.

The teacher downloads the file, and only the cells of grades are filled in: everything else stays
as it was, byte for byte, down to the quotes, the byte-order mark and the ends of lines. So columns
that somebody added, headers in any language and rows that are no students come through.

Source of the formats: the owners' documents, see the functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.gradebook.records import Grade
from grader.gradebook.roster import Matcher, name_key

# Columns that tell whose a row is, the surest first. Compared by `name_key`.
_CANVAS_NAMES = ("sis login id", "sis user id", "student")
_MOODLE_NAMES = (
    "email address", "e-mail-adresse", "adresse de courriel", "dirección de correo", "id number",
    "id-nummer", "matrikelnummer", "username", "anmeldename", "full name", "vollständiger name",
    "nom complet", "nombre completo", "name",
)  # fmt: skip
_MOODLE_GRADES = (
    "grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "nota", "betyg",
)  # fmt: skip
_MOODLE_MOST = (
    "maximum grade", "bestwertung", "note maximale", "calificación máxima", "valutazione massima",
    "maximumcijfer",
)  # fmt: skip
_COLUMN_ID = re.compile(r"(?P<title>.*) \(\d+\)", re.DOTALL)


@dataclass(frozen=True)
class Filled:
    """The table with grades in it, and what was left as it was.

    open: students whose grade is not final. strangers: rows whose student the course does not
    know. missing: students with a grade who are not in the table. excused: rows whose cell says
    that no grade is wanted. worth: what the table says the column is worth, where it is not what
    the homework is worth.
    """

    data: bytes
    column: str
    count: int
    open: tuple[str, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]
    excused: tuple[str, ...] = ()
    worth: float | None = None


def fill_canvas(
    path: Path, grades: Sequence[Grade], titles: Sequence[str], column: str | None, so_far: bool
) -> Filled:
    """Canvas's gradebook export: a column `Title (id)` for each assignment.

    titles: names that the column may go by, or `column` its very name. Rows before the students
    (`Points Possible`, manual posting) and cells `EX` (excused) stay. Raises UsageError.
    """
    table = _Table(path)
    names = _columns_of(table, _CANVAS_NAMES)
    wanted = [name_key(title) for title in titles]
    found = [
        index
        for index, header in enumerate(table.header)
        if (header == column if column else _title_of(header) in wanted)
    ]
    place = _only(table, found, column or f"{titles[0]} (id)")
    kept = frozenset({"ex", "n/a"})
    return _fill(table, grades, names, place, so_far, kept)


def _title_of(header: str) -> str | None:
    """ "Title" of "Title (123)"; None for a column that is no assignment's."""
    matched = _COLUMN_ID.fullmatch(header)
    return name_key(matched["title"]) if matched else None


def fill_moodle(path: Path, grades: Sequence[Grade], column: str | None, so_far: bool) -> Filled:
    """Moodle's grading worksheet, whose headers are in the site's language. Raises UsageError."""
    table = _Table(path)
    names = _columns_of(table, _MOODLE_NAMES)
    found = [
        index
        for index, header in enumerate(table.header)
        if (header == column if column else name_key(header) in _MOODLE_GRADES)
    ]
    place = _only(table, found, column or "Grade")
    return _fill(table, grades, names, place, so_far, frozenset())


def _fill(
    table: _Table,
    grades: Sequence[Grade],
    names: Sequence[int],
    place: int,
    so_far: bool,
    kept: frozenset[str],
) -> Filled:
    by_key = {grade.student.key: grade for grade in grades}
    matcher = Matcher([grade.student for grade in grades], {})
    met: set[int] = set()
    waiting, strangers, excused, count = [], [], [], 0
    most = max((grade.max_points for grade in grades), default=0.0)
    told = (_most_of(table, row, place) for row in table.rows[1:])
    worth = [each for each in told if each is not None and each != most]
    for row in table.rows[1:]:
        cells = [_value(cell) for cell in row.cells]
        if len(cells) <= place or cells[0].startswith("    Points Possible"):
            continue
        claimed = [cells[index] for index in names if index < len(cells) and cells[index].strip()]
        if not claimed:
            continue  # a row of the system's own
        found = next(filter(None, map(matcher.find, map(_turned, claimed))), None)
        if found is None:
            strangers.append(claimed[-1])
            continue
        grade = by_key[found[0].key]
        met.add(grade.student.key)
        if grade.points is None and not so_far:
            waiting.append(grade.student.id)
        elif name_key(cells[place]) in kept:
            excused.append(grade.student.id)
        else:
            row.cells[place] = table.number(grade.so_far if so_far else grade.points or 0.0)
            count += 1
    missing = [
        grade.student.id
        for grade in grades
        if grade.student.key not in met and grade.attempt is not None
    ]
    data = table.encoded()
    return Filled(
        data, table.header[place], count, tuple(waiting), tuple(strangers), tuple(missing),
        tuple(excused), min(worth, default=None),
    )  # fmt: skip


def _most_of(table: _Table, row: _Row, place: int) -> float | None:
    """What a row says that the column is worth: Canvas in a row of its own, Moodle in each."""
    cells = [_value(cell) for cell in row.cells]
    if cells[0].startswith("    Points Possible"):
        at = place
    else:
        headers = [name_key(header) for header in table.header]
        at = next((headers.index(name) for name in _MOODLE_MOST if name in headers), len(cells))
    text = cells[at].replace(",", ".") if at < len(cells) else ""
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _turned(name: str) -> str:
    """Canvas writes "Lovelace, Ada"; a roster more often "Ada Lovelace"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else name


def _columns_of(table: _Table, known: Sequence[str]) -> list[int]:
    """Where a row tells whose it is, the surest first. Raises UsageError."""
    headers = [name_key(header) for header in table.header]
    found = [headers.index(name) for name in known if name in headers]
    if not found:
        raise UsageError(
            f"{table.path}: no column tells whose a row is; it has: {', '.join(table.header[:12])}"
        )
    return found


def _only(table: _Table, found: Sequence[int], wanted: str) -> int:
    if len(found) == 1:
        return found[0]
    state = "no column" if not found else "more than one column"
    raise UsageError(
        f"{table.path}: {state} {wanted!r}; name one with --column: {', '.join(table.header)}"
    )


# A table whose cells stay as they were written


@dataclass
class _Row:
    """The cells as written, quotes and all, and the end of the line."""

    cells: list[str]
    end: str


class _Table:
    """A CSV file of which every byte is kept that nobody changes. Raises UsageError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            data = path.read_bytes()
        except OSError as exc:
            raise UsageError(f"cannot read {path}: {exc.strerror}") from None
        self._encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError:
            self._encoding = "cp1252"
            text = data.decode(self._encoding, "surrogateescape")
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix(self._mark)
        first = text.partition("\n")[0]
        self._delimiter = max(",;\t", key=first.count)
        self.rows = list(_rows(text, self._delimiter))
        if len(self.rows) < 2:
            raise UsageError(f"{path} holds no table of students; download it anew")
        self.header = [_value(cell) for cell in self.rows[0].cells]
        # "12,50" in any cell of digits tells how this file writes numbers.
        self._comma = self._delimiter != "," and bool(re.search(r"\d,\d", text))
        self._comma |= bool(re.search(r'"\d+,\d+"', text)) and not re.search(r"\d\.\d", text)

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


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """The rows of a CSV text, nothing lost of how they were written."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}\r\n])*'
    pattern = re.compile(rf"({cell})({re.escape(delimiter)}|\r\n|\n|\r|\Z|\")", re.DOTALL)
    cells: list[str] = []
    at = 0
    while at < len(text):
        matched = pattern.match(text, at)
        assert matched is not None  # a cell may be empty, and a lone quote ends one
        at = matched.end()
        cells.append(matched[1])
        if matched[2] == '"':  # a quote that is never closed: the rest is one cell
            cells[-1] += text[at - 1 :]
            at = len(text)
        if matched[2] != delimiter:
            yield _Row(cells, matched[2] if matched[2] != '"' else "")
            cells = []
    if cells:
        yield _Row([*cells, ""], "")


def _value(cell: str) -> str:
    """What a written cell says."""
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def for_people(filled: Filled, shown: int = 10) -> Mapping[str, str]:
    """What was left as it was, in words: why to which names."""
    told = {
        "not final yet, left as they were": filled.open,
        "in the table and not in the course": filled.strangers,
        "with a grade and not in the table": filled.missing,
        "excused, left as they were": filled.excused,
    }
    return {
        why: ", ".join(names[:shown]) + (f" and {len(names) - shown} more" * (len(names) > shown))
        for why, names in told.items()
        if names
    }
