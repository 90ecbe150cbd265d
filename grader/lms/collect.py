"""Copies submissions of any origin into one tidy folder.

    TO/collected.jsonl                         one line for each attempt: where it is, and whose
    TO/<homework>/<student>/<received>/...     the original files

Each attempt is copied to a temporary folder, renamed into place, and only then recorded, so that a
run that is killed leaves only complete attempts. Nothing is ever overwritten.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.lms.folder import INDEX, read_index
from grader.submission.files import look_through
from grader.submission.sources import UNKNOWN, Source
from grader.submission.student_ids import folded


@dataclass(frozen=True)
class Collection:
    """How many attempts were new; and those that could not be read, with the reason."""

    new: int
    failed: tuple[tuple[Source, str], ...]


def collect(
    found: Sequence[Source], names: Iterable[str], to: Path, step: Callable[[Source], None]
) -> Collection:
    """Copy the attempts that are not there yet.

    An attempt is there already if one has the same homework, student, time and content, or if the
    student's previous attempt has the same content, because a new download gives files new times.
    Raises UsageError if the folder cannot be written or was not made by `collect`.
    """
    known, new, failed = set(names), 0, []
    try:
        if to.exists() and not (to / INDEX).exists() and any(to.iterdir()):
            raise UsageError(
                f"{to} contains other files; name a new folder, or one that `collect` made"
            )
        to.mkdir(parents=True, exist_ok=True)
        with (to / INDEX).open("ab+") as index:
            index.seek(0)
            if not (index.read() or b"\n").endswith(b"\n"):
                index.write(b"\n")  # the last line is incomplete, because a run was killed
            kept: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
            for entry in read_index(to):
                whose = entry.get("assignment"), folded(entry["student"])
                kept.setdefault(whose, []).append(entry)
            for item in sorted(found, key=lambda item: item.received_at):
                assignment = item.assignment if item.assignment in known else None
                theirs = kept.setdefault((assignment, folded(item.student)), [])
                sha256 = item.read().sha256
                step(item)
                if _is_there(theirs, item.received_at, sha256):
                    continue
                try:
                    # One folder for each student, however the name is written this time.
                    student = theirs[0]["student"] if theirs else item.student
                    theirs.append(_keep(replace(item, student=student), assignment, sha256, to))
                except PermissionError as exc:
                    failed.append((item, str(exc.strerror)))
                    continue
                index.write(json.dumps(theirs[-1]).encode() + b"\n")
                index.flush()
                os.fsync(index.fileno())
                new += 1
    except OSError as exc:
        raise UsageError(f"cannot collect into {to}: {exc.strerror}: {exc.filename}") from None
    return Collection(new, tuple(failed))


def _is_there(theirs: Sequence[dict[str, Any]], at: datetime, sha256: str) -> bool:
    timed = [(datetime.fromisoformat(entry["received_at"]), entry["sha256"]) for entry in theirs]
    before = [each for each in sorted(timed) if each[0] <= at]
    return (at, sha256) in timed or bool(before and sha256 and before[-1][1] == sha256)


def _keep(item: Source, assignment: str | None, sha256: str, to: Path) -> dict[str, Any]:
    """Copy one attempt; returns the entry to record for it."""
    home = to / (assignment or UNKNOWN) / item.student
    home.mkdir(parents=True, exist_ok=True)
    place, number = home / f"{item.received_at:%Y%m%dT%H%M%SZ}", 1
    while place.exists():
        number += 1
        place = home / f"{item.received_at:%Y%m%dT%H%M%SZ}-{number}"
    whole = bool(item.parts) or item.path.is_dir()
    files: Sequence[tuple[str, Path]] = item.parts or [(item.path.name, item.path)]
    gone: Sequence[str] = ()
    if whole and not item.parts:
        files, gone = look_through(item.path)
    with tempfile.TemporaryDirectory(prefix=".collecting-", dir=to) as temporary:
        copy = Path(temporary) / "copy"
        copy.mkdir()
        for name, path in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy / name)
        for name in gone:  # an empty folder, so that its report can tell
            (copy / name).mkdir(parents=True, exist_ok=True)
        copy.rename(place)
    path = place if whole else place / item.path.name
    return {
        "assignment": assignment,
        "student": item.student,
        "received_at": item.received_at.isoformat(),
        "path": path.relative_to(to).as_posix(),
        "sha256": sha256,
        "claimed": item.claimed,
        "members": list(item.members),
    }
