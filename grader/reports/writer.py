"""Writes the output folder of a run: reports, pictures, pages and the table of them all.

Each file is written atomically, the staff's report of a submission last: if it is there, everything
else for that submission is there too.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType

from grader._internal.files import UNFINISHED, write_atomically
from grader.engine.task import Result, Task
from grader.errors import GraderFault, UsageError
from grader.reports.pages import Pages, list_code
from grader.reports.summary import Row, gradebook_csv
from grader.submission.files import Submission

INDEX, TABLE = "index.html", "gradebook.csv"
WRITTEN_S = 60.0  # writing a file never takes as long as this
_NO_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>No page</title>
<p>This page could not be made because of a fault of the grader ({}). The report itself is
complete.</p>
"""


class Outbox:
    """The output folder. html: whether submissions get pages too. people, zone: see Pages."""

    def __init__(
        self,
        folder: Path,
        *,
        html: bool = False,
        people: Mapping[str, str] = MappingProxyType({}),
        zone: tzinfo | None = None,
    ) -> None:
        """Raises UsageError if pages are wanted but jinja2 is not installed."""
        self._folder = folder
        self._pages = Pages(people, zone) if html else None

    def require_writable(self) -> None:
        """Create the folder if it is missing, and remove what a killed run left unfinished.

        Raises UsageError if it cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            probe = self._folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as exc:
            raise UsageError(
                f"cannot write to {self._folder}: {exc.strerror}; name another folder with --out"
            ) from None
        # Another run may be writing into this folder now: its files are recent.
        oldest = time.time() - WRITTEN_S
        for path in self._folder.rglob(f"{UNFINISHED}*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def holds_pages(self, assignment: str, label: str) -> bool:
        """Whether a submission has the pages that it should have."""
        paths = self._page_paths(assignment, label)
        return self._pages is None or all(path.is_file() for path in paths)

    def put(self, task: Task, result: Result) -> str:
        """Write all results of a submission; returns the SHA-256 of the staff's report.

        Raises GraderFault if they cannot be written.
        """
        label = task.source.label
        folder = self._folder / result.staff.assignment
        theirs = {figure.file for check in result.student.checks for figure in check.figures}
        for name, data in result.pictures.items():
            _write(folder / name, data)
            if name in theirs:
                _write(folder / "student" / name, data)
        self.put_student(result, label)
        if self._pages is None:
            self.take_pages_away(result.staff.assignment, label)
        else:
            self.put_pages(result, task.read(), label)
        data = result.staff.to_json().encode()
        _write(folder / f"{label}.json", data)
        return hashlib.sha256(data).hexdigest()

    def put_student(self, result: Result, label: str) -> None:
        """Write the student's report of one submission."""
        folder = self._folder / result.staff.assignment / "student"
        _write(folder / f"{label}.json", result.student.to_json().encode())

    def put_pages(self, result: Result, submission: Submission, label: str) -> None:
        """Write the pages of the staff's and the student's report of one submission.

        If a page cannot be made, nothing else is lost.
        """
        assert self._pages is not None
        try:
            code = list_code(result.program, submission)
            pages = [
                self._pages.page(report, code, result.pictures, label)
                for report in (result.staff, result.student)
            ]
        except Exception as exc:
            pages = [_NO_PAGE.format(type(exc).__name__).encode()] * 2
        paths = self._page_paths(result.staff.assignment, label)
        for path, page in zip(paths, pages, strict=True):
            _write(path, page)

    def take_pages_away(self, assignment: str, label: str) -> None:
        """Those of an earlier run, and their index: they would tell of another report."""
        for path in (*self._page_paths(assignment, label), self._folder / INDEX):
            _remove(path)

    def put_tables(self, rows: list[Row]) -> None:
        """Write the table of a whole run, and with pages their index."""
        _write(self._folder / TABLE, gradebook_csv(rows).encode())
        if self._pages is not None:
            self.put_index(rows)

    def put_index(self, rows: list[Row]) -> None:
        """Write the index of all pages."""
        assert self._pages is not None
        _write(self._folder / INDEX, self._pages.index(rows))

    def _page_paths(self, assignment: str, label: str) -> tuple[Path, Path]:
        """The staff's and the student's."""
        folder = self._folder / assignment
        return folder / f"{label}.html", folder / "student" / f"{label}.html"


def _write(path: Path, data: bytes) -> None:
    with _telling(path):
        write_atomically(path, data)


def _remove(path: Path) -> None:
    with _telling(path):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise GraderFault(
            f"cannot write {path}: {exc.strerror}; free some disk space or correct the "
            "permissions, then run it again"
        ) from None
