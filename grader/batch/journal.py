"""The journal of a folder of reports: which results it contains, and what they were made from.

A text file of JSON lines that only grows: one for each finished submission, written after its
reports, and one for each set of check keys that the entries after it name by its hash. Of several
entries for one report the last holds. A line that was cut off when its writer was killed is
skipped, and what it would have told of is graded again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from grader._internal.files import write_atomically
from grader.batch.cache_keys import joined
from grader.errors import GraderFault
from grader.reports.summary import Row

FILE_NAME = ".journal.jsonl"
_ROW = TypeAdapter(Row)


@dataclass(frozen=True)
class JournalEntry:
    """One finished submission.

    run: its run key. checks: the check keys by function. report: SHA-256 of the staff's report as
    it was written. found: what was odd about finding it, which its report tells. row: its line in
    the summary. shown: what the student's report was allowed to tell: see StudentView.key.
    """

    run: str
    checks: Mapping[str, str]
    report: str
    found: tuple[str, ...]
    row: Row
    shown: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """Assignment and label: which report it tells of."""
        return self.row.assignment, self.row.label

    def holds(self, folder: Path) -> bool:
        """Whether the report that it tells of is there, as it was written."""
        try:
            data = (folder / self.row.report).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(data).hexdigest() == self.report


def read_journal(folder: Path) -> dict[tuple[str, str], JournalEntry]:
    """The entries that hold, by assignment and label. Raises OSError.

    A journal whose entries are mostly outdated is rewritten.
    """
    path = folder / FILE_NAME
    text = path.read_text("utf-8", errors="replace") if path.exists() else ""
    lines = text.splitlines()
    key_sets: dict[str, Mapping[str, str]] = {}
    entries: dict[tuple[str, str], JournalEntry] = {}
    for line in lines:
        _take(line, key_sets, entries)
    if len(lines) > 2 * (len(entries) + len(key_sets)) + 100:
        names: set[str] = set()
        write_atomically(path, b"".join(_lines_of(entry, names) for entry in entries.values()))
    return entries


def _take(
    line: str, key_sets: dict[str, Mapping[str, str]], entries: dict[tuple[str, str], JournalEntry]
) -> None:
    try:
        read = json.loads(line)
        if "row" in read:
            checks, found = key_sets[read["keys"]], tuple(read["found"])
            row = _ROW.validate_python(read["row"])
            seen = str(read.get("shown", ""))
            entry = JournalEntry(read["run"], checks, read["report"], found, row, seen)
            entries[entry.name] = entry
        else:
            key_sets[read["keys"]] = dict(read["checks"])
    except (ValueError, LookupError, TypeError, ValidationError):
        # Incomplete, or not written by us: then there is no result here.
        return


class JournalWriter:
    """Adds entries to the journal of a folder. Several processes may do so at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._told: set[str] = set()

    def add(self, entry: JournalEntry) -> None:
        """Write an entry. What is written stays, whenever this process ends.

        Raises GraderFault if there is no space left on the disk.
        """
        try:
            with self.path.open("ab+", buffering=0) as file:
                # One write, which no other process can come between.
                file.write(_separator(file) + _lines_of(entry, self._told))
        except OSError as exc:
            raise GraderFault(
                f"cannot write {self.path}: {exc.strerror}; free some disk space or correct the "
                "permissions, then run it again"
            ) from None


def _separator(file: FileIO) -> bytes:
    """A line end where the last writer was killed in the middle of a line."""
    if file.seek(0, 2) == 0:
        return b""
    file.seek(-1, 2)
    return b"" if file.read(1) == b"\n" else b"\n"


def _lines_of(entry: JournalEntry, told: set[str]) -> bytes:
    """The line of an entry, after that of its keys where they are not `told` yet."""
    name = joined(f"{check}={key}" for check, key in sorted(entry.checks.items()))
    lines: list[dict[str, Any]] = []
    if name not in told:
        told.add(name)
        lines.append({"keys": name, "checks": dict(entry.checks)})
    head = {"run": entry.run, "keys": name, "report": entry.report, "found": entry.found}
    seen = {"shown": entry.shown} if entry.shown else {}
    lines.append({**head, **seen, "row": _ROW.dump_python(entry.row)})
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)
