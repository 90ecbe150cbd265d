"""Fills grades into a column of a table, whichever system made it.

Needs the staff extra: the systems import this module when they fill a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.gradebook.records import Grade
from grader.gradebook.roster import Matcher, letters_of, name_key
from grader.lms.protocol import Export, TableCell, UnclearColumn
from grader.lms.table import Table, cell_text

__all__ = [
    "RowNames",
    "as_number",
    "fill_column",
    "keys_of",
    "name_key",
    "names_in",
    "the_column",
]


def keys_of(table: Table) -> list[str]:
    """The header's cells in the form in which names are compared."""
    return [name_key(header) for header in table.header]


@dataclass(frozen=True)
class RowNames:
    """What a row says of its student, each column in its place, "" where nothing stands.

    ids: the system's ids and logins, the surest first; a person has one of a kind, so that one
    which the course does not know is not outweighed by a name. emails: people have several. names:
    full names, which namesakes share.
    """

    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that is filled in, the surest first."""
        return tuple(each for each in (*self.ids, *self.emails, *self.names) if each.strip())


def names_in(
    table: Table,
    ids: Sequence[str],
    emails: Sequence[str] = (),
    names: Sequence[str] = (),
    parts: tuple[str, str] | None = None,
) -> Callable[[Sequence[str]], RowNames]:
    """A function that reads the student's names from a row's cells.

    ids, emails, names: columns where they may be, in the form of `name_key`, the most reliable
    first. parts: the columns of the first and the last name, where a table has it in two. Raises
    UsageError if the table has none of them but `parts`.
    """
    keys = keys_of(table)

    def reader(columns: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
        places = [keys.index(name) for name in columns if name in keys]
        return lambda cells: tuple(cells[place] for place in places if place < len(cells))

    if not any(name in keys for name in (*ids, *emails, *names)):
        raise UsageError(
            f"{table.path}: no column identifies the students; download the file again. It has: "
            f"{', '.join(table.header[:12])}"
        )
    in_ids, in_emails, in_names = map(reader, (ids, emails, names))
    in_parts = reader(parts or ())

    def read(cells: Sequence[str]) -> RowNames:
        whole = " ".join(part.strip() for part in in_parts(cells)).strip()
        return RowNames(in_ids(cells), in_emails(cells), (*in_names(cells), whole))

    return read


def the_column(
    table: Table,
    column: str | None,
    fits: Callable[[str], bool],
    usual: str,
    identity: Sequence[str],
) -> int:
    """The place of the one column to fill.

    column: its header, if staff named it. fits: otherwise, whether a header is its. usual: how that
    header usually reads, for the message. identity: columns that tell who a row is about, in the
    form of `name_key`; grades are never filled into them. Raises UnclearColumn if there is none, or
    more than one.
    """
    found = [
        place
        for place, header in enumerate(table.header)
        if (header == column if column else fits(header))
    ]
    wanted = column or usual
    if any(name_key(table.header[place]) in identity for place in found):
        raise UsageError(
            f"{table.path}: the column {column!r} tells whose a row is, and no grade is filled "
            "into it; name another one"
        )
    if len(found) == 1:
        return found[0]
    state = "there is no column" if not found else "there is more than one column"
    raise UnclearColumn(
        f"{table.path}: {state} {wanted!r}; name one of these with --column: "
        f"{', '.join(table.header)}"
    )


def as_number(text: str) -> float | None:
    """A cell's number with a point or a comma; None for anything else."""
    text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def fill_column(
    table: Table,
    grades: Sequence[Grade],
    place: int,
    *,
    whose: Callable[[Sequence[str]], RowNames],
    so_far: bool,
    excused: frozenset[str] = frozenset(),
    excuse: str = "",
    worth: Iterable[float | None] = (),
    hand_in: Callable[[Sequence[str]], str] = lambda _: "",
    refuses: Callable[[Sequence[str], float], str] = lambda *_: "",
) -> Export:
    """Write each student's grade into the column at `place`.

    whose: the names of the student in a row's cells; none for a row that is no student's. excused:
    cells that stay, as `name_key` compares them. excuse: the cell that excuses a student; "" if
    the system has none. worth: what the table says that the column is worth, wherever it says so.
    hand_in: the name that the system gives what a row's student handed in, for a row with no other
    name. refuses: why the system would not take so many points in a row, in a few words.

    Raises UsageError if several rows are one student's.
    """
    find = _RowFinder(grades, [whose(cells) for cells in table.cells()])
    met: dict[int, list[int]] = {}
    filled, waiting, strangers, left, refused, gone = [], [], [], [], [], []
    for number, (row, cells) in enumerate(zip(table.rows[1:], table.cells(), strict=True), 2):
        names = whose(cells)
        called = hand_in(cells) if not names.said else ""
        if len(cells) <= place or not (names.said or called):
            continue  # a row that is not a student's
        grade, stranger = find.grade(names, called)
        if grade is None:
            strangers.append(stranger)
            continue
        met.setdefault(grade.student.key, []).append(number)
        student = grade.student.id
        there = name_key(cells[place]) in excused
        if grade.withdrawn:
            gone.append(student)
        elif _waits(grade, so_far):
            waiting.append(student)
        elif there and not grade.excused:
            left.append(f"{student} ({grade.so_far:g} points in the course)")
        elif there or (grade.excused and not excuse):
            left.append(student)
        elif not grade.excused and (why := refuses(cells, grade.so_far)):
            refused.append(f"{student} ({why})")
        else:
            written = excuse if grade.excused else table.number(grade.so_far)
            filled.append(_cell(student, cells[place], written))
            row.cells[place] = written
    _require_one_row_each(table, grades, met)
    missing = [
        grade.student.id
        for grade in grades
        if grade.student.key not in met and grade.attempt is not None
    ]
    most = max((grade.max_points for grade in grades), default=0.0)
    others = [each for each in worth if each is not None and each != most]
    return Export(
        table.encoded(), table.header[place], tuple(filled), tuple(waiting), tuple(strangers),
        tuple(missing), tuple(left), tuple(refused), min(others, default=None),
        withdrawn=tuple(gone),
    )  # fmt: skip


def _cell(student: str, before: str, written: str) -> TableCell:
    after = cell_text(written)
    same = before == after or as_number(before) == as_number(after) is not None
    return TableCell(student, before, after, not same)


def _waits(grade: Grade, so_far: bool) -> bool:
    """Whether a grade is not final, so that there is nothing to fill in yet.

    so_far: count what is open as 0, unless nothing was handed in and something still may be.
    """
    may_still_come = grade.attempts == 0
    return not grade.excused and grade.points is None and (may_still_come or not so_far)


def _require_one_row_each(
    table: Table, grades: Sequence[Grade], met: Mapping[int, Sequence[int]]
) -> None:
    """Raises UsageError if several rows are one student's: one of them may be somebody else's."""
    twice = [
        f"{grade.student.id} ({grade.student.name or 'no name'}): rows {', '.join(map(str, rows))}"
        for grade in grades
        if len(rows := met.get(grade.student.key, ())) > 1
    ]
    if twice:
        more = f"; and {len(twice) - 5} more" if len(twice) > 5 else ""
        raise UsageError(
            f"{table.path}: several rows are about the same student, so nothing was filled in: "
            f"{'; '.join(twice[:5])}{more}; keep one row for each, or correct the ids"
        )


class _RowFinder:
    """Finds the grade of a row.

    A name does not find the student where the row has an id that the course does not know: then
    it is a namesake's. Ids of a kind of which the course knows none in the whole table tell
    nothing.
    """

    def __init__(self, grades: Sequence[Grade], rows: Iterable[RowNames]) -> None:
        self._by_key = {grade.student.key: grade for grade in grades}
        self._matcher = Matcher([grade.student for grade in grades], {})
        self._handed_in = _by_hand_in(grades)
        self._telling = {
            place
            for row in rows
            for place, each in enumerate(row.ids)
            if each.strip() and self._matcher.find(each) is not None
        }

    def grade(self, row: RowNames, called: str) -> tuple[Grade | None, str]:
        """The grade for a row, or for the name of what was handed in; else who the row is about."""
        found = self._first((*row.ids, *row.emails))
        named = self._first(map(_turned, row.names)) if found is None else None
        unknown = [
            each for place, each in enumerate(row.ids) if each.strip() and place in self._telling
        ]
        if found is None and named is not None and unknown:
            return None, f"{row.said[-1]} ({unknown[0]} is not the id of that name)"
        grade = found or named or self._handed_in.get(letters_of(called))
        return grade, row.said[-1] if row.said else called

    def _first(self, names: Iterable[str]) -> Grade | None:
        found = next(filter(None, map(self._matcher.find, names)), None)
        return self._by_key[found[0].key] if found else None


def _by_hand_in(grades: Sequence[Grade]) -> dict[str, Grade]:
    """Grades by the letters of the name under which the work was handed in, if it is one grade's.

    The work of a group has several grades and tells nobody's.
    """
    found: dict[str, list[Grade]] = {}
    for grade in grades:
        if grade.attempt is not None:
            found.setdefault(letters_of(grade.attempt.handed_in_by), []).append(grade)
    return {name: those[0] for name, those in found.items() if name and len(those) == 1}


def _turned(name: str) -> str:
    """ "Ada Lovelace" for "Lovelace, Ada", as a roster more often writes it."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else name
