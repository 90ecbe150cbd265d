"""Fills grades into a column of a table, whichever system made it.

Needs the staff extra: the systems import this module when they fill a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from grader.errors import UsageError
from grader.gradebook.records import Grade
from grader.gradebook.roster import Matcher, letters_of, name_key
from grader.lms.protocol import Export, TableCell, UnclearColumn
from grader.lms.table import Table, cell_text

__all__ = [
    "as_number",
    "fill_column",
    "full_name_in",
    "keys_of",
    "name_key",
    "names_in",
    "the_column",
]


def keys_of(table: Table) -> list[str]:
    """The header's cells in the form in which names are compared."""
    return [name_key(header) for header in table.header]


def names_in(table: Table, columns: Sequence[str]) -> Callable[[Sequence[str]], list[str]]:
    """A function that reads the student's names from a row's cells.

    columns: where names may be, in the form of `name_key`, the most reliable first. Raises
    UsageError if the table has none of them.
    """
    keys = keys_of(table)
    places = [keys.index(name) for name in columns if name in keys]
    if not places:
        raise UsageError(
            f"{table.path}: no column identifies the students; download the file again. It has: "
            f"{', '.join(table.header[:12])}"
        )
    return lambda cells: [cells[place] for place in places if place < len(cells)]


def full_name_in(table: Table, first: str, last: str) -> Callable[[Sequence[str]], list[str]]:
    """A function that reads the full name from a row's cells, if the table has it in two columns.

    first, last: the columns' names, in the form of `name_key`.
    """
    keys = keys_of(table)
    places = [keys.index(name) for name in (first, last) if name in keys]

    def full_name(cells: Sequence[str]) -> list[str]:
        name = " ".join(cells[place].strip() for place in places if place < len(cells))
        return [name.strip()] if name.strip() else []

    return full_name


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
        f"{', '.join(table.header)}",
        table.header,
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
    whose: Callable[[Sequence[str]], Sequence[str]],
    so_far: bool,
    excused: frozenset[str] = frozenset(),
    excuse: str = "",
    worth: Iterable[float | None] = (),
    hand_in: Callable[[Sequence[str]], str] = lambda _: "",
    refuses: Callable[[Sequence[str], float], str] = lambda *_: "",
) -> Export:
    """Write each student's grade into the column at `place`.

    whose: the names of the student in a row's cells, the surest first; none for a row that is no
    student's. excused: cells that stay, as `name_key` compares them. excuse: the cell that
    excuses a student; "" if the system has none. worth: what the table says that the column is
    worth, wherever it says so. hand_in: the name that the system gives what a row's student handed
    in, for a row with no other name. refuses: why the system would not take so many points in a
    row, in a few words.
    """
    find = _finder(grades)
    met: set[int] = set()
    filled, waiting, strangers, left, refused = [], [], [], [], []
    for row, cells in zip(table.rows[1:], table.cells(), strict=True):
        names = [name for name in whose(cells) if name.strip()]
        called = hand_in(cells) if not names else ""
        if len(cells) <= place or not (names or called):
            continue  # a row that is not a student's
        grade = find(names, called)
        if grade is None:
            strangers.append(names[-1] if names else called)
            continue
        met.add(grade.student.key)
        student = grade.student.id
        if _waits(grade, so_far):
            waiting.append(student)
        elif name_key(cells[place]) in excused and not grade.excused:
            left.append(f"{student} ({grade.so_far:g} points in the course)")
        elif name_key(cells[place]) in excused or (grade.excused and not excuse):
            left.append(student)
        elif not grade.excused and (why := refuses(cells, grade.so_far)):
            refused.append(f"{student} ({why})")
        else:
            written = excuse if grade.excused else table.number(grade.so_far)
            before, after, row.cells[place] = cells[place], cell_text(written), written
            same = before == after or as_number(before) == as_number(after) is not None
            filled.append(TableCell(student, before, after, not same))
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
    )  # fmt: skip


def _waits(grade: Grade, so_far: bool) -> bool:
    """Whether a grade is not final, so that there is nothing to fill in yet.

    so_far: count what is open as 0, unless nothing was handed in and something still may be.
    """
    may_still_come = grade.attempts == 0
    return not grade.excused and grade.points is None and (may_still_come or not so_far)


def _finder(grades: Sequence[Grade]) -> Callable[[Sequence[str], str], Grade | None]:
    """A function that finds the grade for a row's names, or for the name of what was handed in."""
    by_key = {grade.student.key: grade for grade in grades}
    matcher = Matcher([grade.student for grade in grades], {})
    handed_in = _by_hand_in(grades)

    def find(names: Sequence[str], called: str) -> Grade | None:
        found = next(filter(None, map(matcher.find, map(_turned, names))), None)
        return by_key[found[0].key] if found else handed_in.get(letters_of(called))

    return find


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
