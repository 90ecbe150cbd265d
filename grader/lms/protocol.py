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

from grader.submission.sources import Source

if TYPE_CHECKING:  # the gradebook needs the staff's install, and reading a folder does not
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

# What `recognise` answers for a folder that holds a whole download: it is searched in its turn.
WHOLE = -1
# And for a file or folder that could lie in any folder: every other answer is surer.
PLAIN = 1 << 30


@dataclass(frozen=True)
class Search:
    """What is known before a folder is searched.

    names: the course's assignments. assignment: the one that the command or an enclosing folder
    names, None where nothing tells it yet. zone: the time zone of local times in a download; None
    for that of this machine.
    """

    names: tuple[str, ...]
    assignment: str | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True)
class TimeRow:
    """One row of a table of times.

    line: its number in the file, the header being 1. said: the time as it is written. student,
    name, email: the names by which the row's student may be found. number: what a download of the
    same system writes behind the student's name; "" where there is no such number.
    """

    line: int
    said: str
    student: str
    name: str = ""
    email: str = ""
    number: str = ""


@dataclass(frozen=True)
class Timesheet:
    """A table that tells when each student handed in. column: where the times stand, from 0."""

    column: int
    rows: tuple[TimeRow, ...]


@dataclass(frozen=True)
class Export:
    """A table with grades in it, and what was left as it was.

    data: the whole file. column: the header of the column that was filled. count: how many cells
    were filled. open: students whose grade is not final. strangers: rows whose student the course
    does not know. missing: students with a grade who are not in the table. excused: rows whose
    cell says that no grade is wanted. worth: the points that the table says the column is worth,
    if that is not what the homework is worth.
    """

    data: bytes
    column: str
    count: int
    open: tuple[str, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]
    excused: tuple[str, ...] = ()
    worth: float | None = None


class Lms(Protocol):
    """One system. The four questions: recognise, submissions, times, fill.

    key: its name as an option or an identifier. title: its name as people write it. table: what
    people call the table that `fill` fills; None for a system that takes no table.

    All names in a download are hostile, because students name their files. A name is read from its
    left, where the systems write what they say themselves.
    """

    key: str
    title: str
    table: str | None

    def recognise(self, path: Path) -> int | None:
        """How far into the name of a file or folder this system's own words reach, in characters.

        None: it is not part of a download of this system. Of two systems that recognise a name,
        the lower answer wins: what stands further right may be the student's own words. The
        answers WHOLE and PLAIN are explained where they are defined.
        """
        ...

    def recognise_table(self, header: Sequence[str]) -> bool:
        """Whether a table with this header is one that `fill` fills.

        header: its cells as `grader.gradebook.roster.name_key` compares them. A system without
        such a table says False.
        """
        ...

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """The hand-ins among the paths of one folder, and the paths that are none.

        paths: what this system recognised, each a real file or folder. beside: what lies in the
        same folder and is part of no download: where there is any, a file may only be called as
        the system would call it. Raises UsageError for a download that is damaged.
        """
        ...

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """When each student handed in, as a table of this system tells.

        None: it is no table of this system, or the system has no such table. header: as for
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
        """Grades into a table that this system made; no other byte of it changes.

        titles: names that the homework's column may go by. column: its very header, if the user
        named it. so_far: take what is still open as 0, instead of leaving such a grade out. Raises
        UsageError where the column or the students are not found, and with a remedy where the
        system takes no table at all.
        """
        ...
