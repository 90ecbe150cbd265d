"""Canvas: the bulk download of an assignment, and the gradebook as a CSV file.

A download is one flat folder of {name}[_LATE]_{user}_{attachment}_{file}. The name is the sortable
one, in lower case and of letters and digits alone. With anonymous grading it is
[LATE_]anon_{anonymous}_{attachment}_{file}. Source: Canvas's lib/content_zipper.rb.

Every file has the time of the download, not of the submission; all that is known is what Canvas
marks as late. Canvas has no table of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lms.hand_ins import from_loose_files
from grader.lms.protocol import Export, Search, Timesheet
from grader.submission.sources import Clock, Source

if TYPE_CHECKING:
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

_NAME = re.compile(
    r"(?:(?P<blind>LATE_)?(?P<anonymous>anon_[0-9A-Za-z]+)|(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+))"
    r"_(?P<attachment>\d+)_(?P<file>.+)",
    re.DOTALL,
)
_TYPED = re.compile(r".+_[0-9A-Za-z]+_(text|link)\.html", re.DOTALL)  # typed, not uploaded
_AGAIN = re.compile(r"(\w+)-\d+(\.py|\.ipynb)")  # a file handed in again is `name-1.py`

# Columns that identify a row's student, the most reliable first.
_IDS, _NAMES = ("sis login id", "sis user id"), ("student",)
# In place of the last one, if the course shows first and last names separately.
_FIRST, _LAST = "firstname", "lastname"
_COLUMN = re.compile(r"(?P<title>.*) \(\d+\)", re.DOTALL)
_EXCUSED = frozenset({"ex", "n/a"})
_POINTS_POSSIBLE = "    Points Possible"
_READ_ONLY = "(read only)"
_IDENTITY = (*_IDS, *_NAMES, _FIRST, _LAST, "id", "section")


class Canvas:
    """Canvas (see the module)."""

    key = "canvas"
    title = "Canvas"
    table: str | None = "gradebook"

    def recognise(self, path: Path) -> int | None:
        if path.is_dir():
            return None
        if named := _parse(path.name):
            return named.start("attachment")
        # Anybody might name a file like this; it is a page of Canvas if no other system claims it.
        return len(path.name) if _TYPED.fullmatch(path.name) else None

    def recognise_table(self, header: Sequence[str]) -> bool:
        named = "student" in header or (_FIRST in header and _LAST in header)
        return named and {"id", "section"} <= set(header)

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """A student's files are one attempt, or each zip is one if none is code; see `hand_ins`."""
        groups: dict[str, list[tuple[re.Match[str], Path]]] = {}
        for path in paths:
            if named := _parse(path.name):
                # The number distinguishes students of the same name.
                student = named["anonymous"] or f"{named['name']}_{named['user']}"
                groups.setdefault(student, []).append((named, path))
            else:
                yield path
        for student, files in groups.items():
            notes: tuple[str, ...] = ()
            # Among other files it may be a student's own file, only named like Canvas's.
            clock: Clock = "unsure" if beside else "in time"
            if any(named["late"] or named["blind"] for named, _ in files):
                notes, clock = ("Canvas marks it as late",), "late"
            listed = [(_names_of(named["file"]), path) for named, path in files]
            yield from from_loose_files(search, student, listed, notes=notes, clock=clock)

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """None: Canvas tells no times, neither in its gradebook nor in another table."""
        return None

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """A column `Title (id)` of the gradebook.

        The rows before the students (`Points Possible`, manual posting) and the cells `EX`
        (excused) and `N/A` stay; who is excused here gets `EX`.
        """
        from grader.lms.filling import (
            RowNames,
            as_number,
            fill_column,
            name_key,
            names_in,
            the_column,
        )

        student = names_in(table, _IDS, names=_NAMES, parts=(_FIRST, _LAST))
        wanted = [name_key(title) for title in titles]
        place = the_column(
            table, column, lambda header: name_key(_title_of(header)) in wanted,
            f"{titles[0]} (id)", _IDENTITY,
        )  # fmt: skip
        if any(
            _is_points_possible(cells) and cells[place : place + 1] == [_READ_ONLY]
            for cells in table.cells()
        ):
            raise UsageError(
                f"{table.path}: Canvas works out the column {table.header[place]!r} itself and "
                "takes no grades for it; name another one"
            )
        return fill_column(
            table, grades, place,
            whose=lambda cells: RowNames() if _is_points_possible(cells) else student(cells),
            so_far=so_far,
            excused=_EXCUSED,
            excuse="EX",
            worth=[
                as_number(cells[place])
                for cells in table.cells()
                if _is_points_possible(cells) and place < len(cells)
            ],
        )  # fmt: skip


def _title_of(header: str) -> str:
    """ "Title" of "Title (123)"; "" for a column that is not an assignment's."""
    matched = _COLUMN.fullmatch(header)
    return matched["title"] if matched else ""


def _is_points_possible(cells: Sequence[str]) -> bool:
    """Whether it is the row that tells what each column is worth."""
    return cells[0].startswith(_POINTS_POSSIBLE)


def _parse(name: str) -> re.Match[str] | None:
    named = _NAME.fullmatch(name)
    return named if named and named["file"] not in (".", "..") else None


def _names_of(file: str) -> tuple[str, ...]:
    """The name that the student gave a file, and the one that Canvas made of it."""
    again = _AGAIN.fullmatch(file)
    return (again[1] + again[2], file) if again else (file,)
