"""A plain folder of submissions, and the folders that the command `collect` writes.

A plain folder contains zips, `<student>/` folders, and `<student>.py` or `<student>.ipynb` files.
There may be one level of `<assignment>/` folders around or inside the students' folders.

A folder of `collect` is recognised by its index. The index only counts at the top, so that a
student's folder cannot contain one.

The teacher's own table of times has the columns `student` and `received_at`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from grader.errors import SubmissionError, UsageError
from grader.lms.hand_ins import from_zip, in_students_folder, source_of
from grader.lms.protocol import PLAIN, Export, Search, TimeRow, Timesheet
from grader.submission.sources import Source

if TYPE_CHECKING:
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

INDEX = "collected.jsonl"
_TIMES = ("student", "received_at")


class Folder:
    """A folder that no system made (see the module)."""

    key = "folder"
    title = "a plain folder"
    table: str | None = None

    def recognise(self, path: Path) -> int | None:
        """Anything may be in a plain folder."""
        return PLAIN

    def recognise_table(self, header: Sequence[str]) -> bool:
        """False: a folder takes no grades."""
        return False

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """Each student's folder, zip, module or notebook."""
        for path in paths:
            yield from plain(path, search)

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """The columns `student`, with any name that the student goes by, and `received_at`."""
        if not all(name in header for name in _TIMES):
            return None
        whom, when = (header.index(name) for name in _TIMES)
        listed = [
            TimeRow(line, row[when], row[whom], name=row[whom], email=row[whom])
            for line, row in enumerate(rows, start=2)
            if len(row) > max(whom, when)
        ]
        return Timesheet(when, tuple(listed))

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """Raises UsageError: a folder takes no grades."""
        raise UsageError(
            f"{table.path} is not a table of a known system; print the course's own instead: "
            "python -m grader gradebook show NAME --csv"
        )


def plain(path: Path, search: Search) -> Iterator[Source | Path]:
    """The submissions in a folder or file; if unreadable, the path itself: its report says why."""
    try:
        pieces = list(_pieces(path, search))
    except OSError:
        pieces = [source_of(path, path.name, search.assignment)]
    yield from pieces
    if not pieces:
        yield path


def _pieces(path: Path, search: Search) -> Iterator[Source]:
    suffix = path.suffix.lower()
    if path.is_dir():
        yield from in_students_folder(path, search)
    elif suffix == ".zip":
        yield from_zip(path, search)
    elif suffix in (".py", ".ipynb"):
        yield source_of(path, path.stem, search.assignment)


def read_index(folder: Path) -> list[dict[str, Any]]:
    """The entries of `collect` in a folder, in order; incomplete lines are skipped.

    Raises SubmissionError.
    """
    try:
        lines = (folder / INDEX).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise SubmissionError(f"{folder / INDEX} cannot be read: {exc.strerror}") from None
    noted = []
    for line in lines:
        try:
            entry = json.loads(line)
            datetime.fromisoformat(entry["received_at"]).astimezone(UTC)
            path, _ = PurePosixPath(entry["path"]), entry["student"] + entry["sha256"]
        except (ValueError, KeyError, TypeError, OverflowError):
            continue
        if not path.is_absolute() and ".." not in path.parts:
            noted.append(entry)
    return noted


def collection(folder: Path, search: Search) -> tuple[list[Source], list[Path]] | None:
    """The attempts in a folder that `collect` made, or in one of its homeworks' folders.

    Also returns the paths of those that are gone. None for any other folder. Raises
    SubmissionError.
    """
    folder = folder.resolve()
    home = next((each for each in (folder, folder.parent) if (each / INDEX).is_file()), None)
    if home is None:
        return None
    found, gone = [], []
    for entry in read_index(home):
        path = home / entry["path"]
        if not path.is_relative_to(folder):
            continue
        if path.exists():
            found.append(_of_entry(path, entry, search))
        else:
            gone.append(path)
    return found, gone


def _of_entry(path: Path, entry: dict[str, Any], search: Search) -> Source:
    assignment = search.assignment or entry.get("assignment")
    return replace(
        source_of(path, str(entry["student"]), assignment),
        received_at=datetime.fromisoformat(entry["received_at"]).astimezone(UTC),
        claimed=entry.get("claimed"),
        members=tuple(dict.fromkeys(entry.get("members") or ())),
    )
