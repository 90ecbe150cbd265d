"""Feedback files for Moodle: a zip for "Upload multiple feedback files in a zip".

Moodle finds the participant of a file by the folder's name, {Full Name}_{number}_assignsubmission_
file_/, as in its own bulk download: it splits the name at underscores and reads the number from the
second part. Source: mod/assign/feedback/file/importziplib.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader._internal.zips import zip_files
from grader.errors import UsageError
from grader.gradebook.records import Student
from grader.gradebook.roster import Matcher
from grader.lms.table import Table

FILE = "feedback.html"
_IDENTIFIER = re.compile(r"\D*(\d+)")


@dataclass(frozen=True)
class MoodleZip:
    """The zip. count: how many students are in it. missing: pages whose student has no row."""

    data: bytes
    count: int
    missing: tuple[str, ...]


def _whose(cells: Sequence[str], matcher: Matcher) -> Student | None:
    """The student of a row, by the address and by the name in the second column.

    Nothing else in a row is taken for a name: a grade of 12 is not the student 12. Where address
    and name lead to two people, the row is nobody's.
    """
    names = [cell for cell in cells[1:] if "@" in cell] + [cell for cell in cells[1:2] if cell]
    found = {each[0].key: each[0] for each in map(matcher.find, names) if each is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def moodle_zip(
    worksheet: Path, students: Iterable[Student], pages: Mapping[str, bytes]
) -> MoodleZip:
    """Put each student's page where Moodle expects it.

    worksheet: Moodle's grading worksheet of the assignment, whose first column identifies the
    participants. pages: by the student's id. Raises UsageError for a worksheet without identifiers.
    """
    table = Table(worksheet)
    matcher = Matcher([student for student in students if student.id in pages], {})
    files: dict[str, bytes] = {}
    met: set[str] = set()
    numbers = 0
    for cells in table.cells():
        identifier = _IDENTIFIER.fullmatch(cells[0].strip()) if cells else None
        if identifier is None:
            continue
        numbers += 1
        student = _whose(cells, matcher)
        if student is None or student.id in met:
            continue
        met.add(student.id)
        name = re.sub(r"[_/\\]+", " ", student.name or student.id).strip()
        folder = f"{name}_{identifier[1]}_assignsubmission_file_"
        files[f"{folder}/{FILE}"] = pages[student.id]
    if not numbers:
        raise UsageError(
            f"{worksheet} has no column of participants such as `Participant 123`; download the "
            "grading worksheet of this assignment from Moodle"
        )
    missing = tuple(sorted(set(pages) - met))
    return MoodleZip(zip_files(files), len(files), missing)
