"""When something was handed in, if a download does not tell.

Some systems give every file of a bulk download the time of the download (source: Canvas's
lib/content_zipper.rb, Moodle's core_files zip_writer). By these times a whole class that was on
time would be late. Each system tells what is known instead, by its download or by a table of times;
the teacher may also supply such a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from grader._internal.install_hint import install_hint
from grader.course.course import Course
from grader.errors import UsageError
from grader.lms.systems import SYSTEMS
from grader.submission.sources import Source

if TYPE_CHECKING:  # it needs the staff's install, and `settle` does not
    from grader.gradebook.records import Student
    from grader.gradebook.roster import Matcher

_MOMENT = re.compile(r"\d{4}.*\d\d?[:.h]\d\d", re.DOTALL)
_NUMBER = re.compile(r".+_(\d+)")


@dataclass(frozen=True)
class Times:
    """A table of times.

    column: the header of the column with the times. rows: each row's name and time, by the row's
    number, which is its student's key in `matcher`. numbers: times by the number that the system
    gives a participant; empty for a teacher's own table. emails: email addresses by that number.
    """

    column: str
    rows: Mapping[int, tuple[str, datetime]]
    matcher: Matcher
    numbers: Mapping[str, datetime]
    emails: Mapping[str, str]

    def email_of(self, name: str) -> str:
        """The email address of who handed in under a name with the system's number; "" for none."""
        numbered = _NUMBER.fullmatch(name)
        return self.emails.get(numbered[1], "") if numbered else ""

    def of(self, found: Source) -> datetime | None:
        """The time in the table: looked up by the system's number first, then by the name."""
        numbered = _NUMBER.fullmatch(found.student)
        if numbered and numbered[1] in self.numbers:
            return self.numbers[numbered[1]]
        student = self.matcher.find(found.student)
        return self.rows[student[0].key][1] if student else None

    def unused(self, found: Sequence[Source]) -> list[str]:
        """Names in a teacher's own table without a submission here: perhaps a misspelling."""
        if self.numbers:
            return []  # a worksheet has everybody, whatever they handed in
        met = {student[0].key for item in found if (student := self.matcher.find(item.student))}
        return [name for key, (name, _) in self.rows.items() if key not in met]


def settle(course: Course, times: Times | None) -> Callable[[Source], Source]:
    """A function that sets the time of a submission, as far as it is known.

    If the system marks late submissions and did not mark this one, it came by the due date.
    """
    due = {name: course.spec(name).due for name in course.names}

    def settled(found: Source) -> Source:
        if not found.clock:
            return found
        told = times.of(found) if times else None
        if told is not None:
            return replace(found, received_at=told, clock="")
        limit = due.get(found.assignment or "")
        if limit is None or found.received_at <= limit:
            return replace(found, clock="")
        if found.clock == "in time":
            return replace(found, received_at=limit.astimezone(UTC), clock="")
        return found  # late by the time of the download, as no better one is known

    return settled


def read_times(path: Path, zone: tzinfo | None) -> Times:
    """Submission times from a table of any system, or one with the columns student and received_at.

    zone: of times without an offset; None for this machine's. Raises UsageError with the row.
    """
    from grader.gradebook.records import Student
    from grader.gradebook.roster import Matcher, name_key, read_rows

    (header, *rows), _ = read_rows(path, "table of times")
    keys = [name_key(cell) for cell in header]
    sheet = next(filter(None, (lms.times(keys, rows) for lms in SYSTEMS)), None)
    if sheet is None:
        raise UsageError(
            f"{path} contains no times; give Moodle's grading worksheet, or a CSV file with the "
            "columns student and received_at"
        )
    students: list[Student] = []
    told: dict[int, tuple[str, datetime]] = {}
    numbers: dict[str, datetime] = {}
    emails = {row.number: row.email for row in sheet.rows if row.number and row.email}
    parse = _parser(zone)
    for row in sheet.rows:
        if row.said.strip() in ("", "-"):
            continue
        at = parse(row.said)
        if at is None:
            raise UsageError(
                f"{path}, row {row.line}: {row.said!r} is not a time; write it like "
                "2026-12-18T23:59+01:00"
            )
        students.append(Student(row.line, row.student, name=row.name, email=row.email))
        if row.number:
            numbers[row.number] = at
        told[row.line] = (row.student, at)
    return Times(header[sheet.column], told, Matcher(students, {}), numbers, emails)


def _parser(zone: tzinfo | None) -> Callable[[str], datetime | None]:
    """A function that reads ISO times, and dates in words as Moodle writes them in any language."""
    try:
        from dateparser.date import DateDataParser
    except ModuleNotFoundError:
        raise UsageError(
            f"reading times needs dateparser, which is not installed; run: {install_hint('staff')}"
        ) from None
    words = DateDataParser(settings={"REQUIRE_PARTS": ["day", "month", "year"]})

    def parse(text: str) -> datetime | None:
        text = text.strip()
        try:
            at: datetime | None = datetime.fromisoformat(text)
        except ValueError:
            # 03/04/2026 is a day in March or in April: only a month in words is sure.
            in_words = any(char.isalpha() for char in text) and _MOMENT.search(text)
            at = words.get_date_data(text).date_obj if in_words else None
        if at is None:
            return None
        if at.tzinfo is None and zone is not None:
            at = at.replace(tzinfo=zone)
        try:
            return at.astimezone(UTC)
        except OverflowError:
            return None

    return parse
