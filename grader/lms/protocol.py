"""What the framework asks of a learning-management system (LMS).

Each system is one module with one class that answers the questions of `Lms`, and one entry in
`grader.lms.systems`. Nothing else in the package knows a system by name, apart from the options
of the command `export`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader.errors import UsageError
from grader.submission.sources import Source

if TYPE_CHECKING:  # the gradebook needs the staff's install, and reading a folder does not
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

# What `recognise` returns for a folder that contains a whole download, which is then searched.
WHOLE = -1
# And for a file or folder that could be in any folder: every other answer is more certain.
PLAIN = 1 << 30


@dataclass(frozen=True)
class Search:
    """What is known before a folder is searched.

    names: the course's assignments. assignment: the one that the command or an enclosing folder
    names, None if it is not known yet. zone: the time zone of local times in a download; None
    for that of this machine. students: ids and other names of students, in one case, as far as
    they are known.
    """

    names: tuple[str, ...]
    assignment: str | None = None
    zone: tzinfo | None = None
    students: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TimeRow:
    """One row of a table of times.

    line: its number in the file, the header being 1. said: the time as it is written. student,
    name, email: the names by which the row's student may be found. number: what a download of the
    same system appends to the student's name; "" if there is no such number.
    """

    line: int
    said: str
    student: str
    name: str = ""
    email: str = ""
    number: str = ""


@dataclass(frozen=True)
class Timesheet:
    """A table that tells when each student handed in. column: the one with the times, from 0."""

    column: int
    rows: tuple[TimeRow, ...]


@dataclass(frozen=True)
class TableCell:
    """A cell that a grade was filled into.

    student: the id. before, after: what it said and says. changed: whether that is another grade,
    and not the same number written differently.
    """

    student: str
    before: str
    after: str
    changed: bool


@dataclass(frozen=True)
class Export:
    """A table with grades filled in, and what was left unchanged.

    data: the whole file. column: the header of the column that was filled. cells: those that were
    filled, in the table's order. open: students whose grade is not final. strangers: rows whose
    student the course does not know. missing: students with a grade who are not in the table.
    excused: rows whose cell says that no grade is wanted, with their points if the course excuses
    them not. refused: students whose grade the system would not take, and why; their cells are
    unchanged. worth: the points that the table says the column is worth, if that is not what the
    homework is worth. withdrawn: students who have left the course; their cells are unchanged.
    """

    data: bytes
    column: str
    cells: tuple[TableCell, ...]
    open: tuple[str, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]
    excused: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    worth: float | None = None
    withdrawn: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[TableCell, ...]:
        """The cells that say another grade than before."""
        return tuple(cell for cell in self.cells if cell.changed)


class UnclearColumn(UsageError):
    """A table has no column of the name, or several."""


class UnclearSystem(UsageError):
    """The header of a table does not tell which system made it."""


class Lms(Protocol):
    """One system. The four questions: recognise, submissions, times, fill.

    key: its name as an option or an identifier. title: its name as people write it. table: what
    people call the table that `fill` fills; None for a system that takes no table.

    No name in a download can be trusted, because students name their files. A name is read from the
    left, where the systems write their own part.
    """

    key: str
    title: str
    table: str | None

    def recognise(self, path: Path) -> int | None:
        """How many characters of a file's or folder's name this system itself wrote.

        None: it is not part of a download of this system. If two systems recognise a name, the
        lower answer wins: what is further right may be the student's own words. The answers WHOLE
        and PLAIN are explained where they are defined.
        """
        ...

    def recognise_table(self, header: Sequence[str]) -> bool:
        """Whether a table with this header is one that `fill` can fill.

        header: its cells as `name_key` of grader.gradebook.roster compares them. A system
        without such a table says False.
        """
        ...

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """The submissions among the paths of one folder, and the paths that are not submissions.

        paths: what this system recognised, each a real file or folder. beside: other files in the
        same folder that are not part of a download; if there are any, a file may only look like one
        of the system's. Raises UsageError for a download that is damaged.
        """
        ...

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """When each student handed in, according to a table of this system.

        None: it is not a table of this system, or the system has no such table. header: as for
        `recognise_table`. rows: the cells below it.
        """
        ...

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """Fill grades into a table that this system made; no other byte of it changes.

        titles: names that the homework's column may have. column: its exact header, if the user
        named it. so_far: count anything that is still open as 0, instead of leaving such a grade
        out. Raises UsageError if the column or the students are not found, or if the system takes
        no table at all.
        """
        ...
