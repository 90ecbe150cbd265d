"""Brightspace by D2L: the download of an assignment's submissions, and the export of grades.

A download holds a folder for each submission, named {number}-{number} - {First Last} - {Mon D, YYYY
HMM AM/PM}, with the student's files in it, and index.html beside the folders. One of the numbers
is the student's and the other the assignment's, or, as some describe it, the submission's; see
`_number_of`. The date is when the student handed in, cut to the minute, by the clock of the course:
it is read in the course's time zone (`timezone` in [tool.grader]), else in this machine's.

The export of grades is a CSV file of `OrgDefinedId`, `Username`, names, a column such as
`Homework 1 Points Grade <Numeric MaxPoints:10 Weight:5>` for each item, and at the end of each line
`End-of-Line Indicator`. Ids begin with `#`, so that no spreadsheet takes them for numbers.

Source: D2L's help on importing grades, and samples in public repositories.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from grader.lms.hand_ins import hand_in
from grader.lms.protocol import Export, Search, Timesheet
from grader.submission.sources import Source

if TYPE_CHECKING:
    from grader.gradebook.records import Grade
    from grader.lms.filling import RowNames
    from grader.lms.table import Table

_NAME = re.compile(
    r"(?P<first>\d+)-(?P<second>\d+) - (?P<name>.+?) ?- "
    r"(?P<month>[^\W\d_]{3,})\.? (?P<day>\d\d?), (?P<year>\d{4}) "
    r"(?P<hour>\d\d?)(?P<minute>\d\d)(?: (?P<half>[AP])M)?"
)
_INDEX = "index.html"
# The site's language may be another; then the time is not known.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ITEM = re.compile(r"(?P<title>.+) Points Grade(?: <(?P<about>.*)>)?", re.DOTALL)
_WORTH = re.compile(r"\bMaxPoints:(?P<points>[\d.,]+)")
# Columns that identify a row's student, the most reliable first; the name is in two others.
_STUDENT = ("orgdefinedid", "username", "email")
_LAST_COLUMN = "end-of-line indicator"
_IDENTITY = (*_STUDENT, "first name", "last name", _LAST_COLUMN)


class Brightspace:
    """Brightspace (see the module)."""

    key = "brightspace"
    title = "Brightspace"
    table: str | None = "export of grades"

    def recognise(self, path: Path) -> int | None:
        """Its folders, and the index.html beside them."""
        # The student's name is the registrar's, and all of the rest is the system's.
        ours = _is_folder(path) or (
            path.name == _INDEX and any(map(_is_folder, path.parent.iterdir()))
        )
        return len(path.name) if ours else None

    def recognise_table(self, header: Sequence[str]) -> bool:
        return _LAST_COLUMN in header and any(name in header for name in _STUDENT[:2])

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """Each folder; a student has one for each time that they handed in."""
        # What is left is the index, which has no further information.
        named = [(match, path) for path in paths if (match := _NAME.fullmatch(path.name))]
        number = _number_of([match for match, _ in named])
        for match, path in named:
            at = _moment(match, search.zone)
            student = f"{' '.join(match['name'].split())}_{match[number]}"
            yield from hand_in(
                search, path, student, received_at=at, clock="nothing" if at is None else ""
            )

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """None: the download itself tells the times, and there is no table of them."""
        return None

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """The column `Item Points Grade <...>`; items graded by text or symbol take no points."""
        from grader.lms.filling import as_number, fill_column, name_key, the_column

        students = _students(table)
        wanted = [name_key(title) for title in titles]

        def fits(header: str) -> bool:
            item = _ITEM.fullmatch(header)
            return item is not None and name_key(item["title"]) in wanted

        place = the_column(table, column, fits, f"{titles[0]} Points Grade", _IDENTITY)
        item = _ITEM.fullmatch(table.header[place])
        worth = _WORTH.search((item and item["about"]) or "")
        return fill_column(
            table, grades, place,
            whose=students,
            so_far=so_far,
            worth=[as_number(worth["points"])] if worth else [],
        )  # fmt: skip


def _is_folder(path: Path) -> bool:
    return _NAME.fullmatch(path.name) is not None and path.is_dir()


def _students(table: Table) -> Callable[[Sequence[str]], RowNames]:
    """What reads the names of a row's student: the ids without their `#`, and the full name."""
    from grader.lms.filling import names_in

    read = names_in(table, _STUDENT[:2], _STUDENT[2:], parts=("first name", "last name"))

    def students(cells: Sequence[str]) -> RowNames:
        names = read(cells)
        return replace(names, ids=tuple(each.removeprefix("#") for each in names.ids))

    return students


def _number_of(names: Sequence[re.Match[str]]) -> str:
    """Which of the two numbers is the student's: "first" or "second".

    This is not documented, and descriptions differ. A number that different names share is the
    assignment's. If neither is shared, the one that stays the same for a name is better, as the
    other may be the submission's. If they are equal in that too, it is the first.
    """

    def doubts(number: str) -> tuple[int, int]:
        names_by_number, numbers_by_name = defaultdict(set), defaultdict(set)
        for match in names:
            names_by_number[match[number]].add(match["name"])
            numbers_by_name[match["name"]].add(match[number])
        shared = sum(len(each) > 1 for each in names_by_number.values())
        return shared, sum(len(each) > 1 for each in numbers_by_name.values())

    return min(("first", "second"), key=doubts)


def _moment(said: re.Match[str], zone: tzinfo | None) -> datetime | None:
    """The time in a folder's name, in UTC; None if it is not one, or its month is not English.

    An hour that occurs twice in autumn is taken as the first one, in the student's favour.
    """
    try:
        month = _MONTHS.index(said["month"][:3].lower()) + 1
        hour = int(said["hour"])
        if said["half"]:
            hour = hour % 12 + 12 * (said["half"] == "P")
        local = datetime(int(said["year"]), month, int(said["day"]), hour, int(said["minute"]))
        return (local if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
