"""Starters as the course handed them out: puts one in place, or puts it back.

A student's kit keeps a copy of each in `.kit/starters/<homework>/`. If a starter is put back, the
file that was in its place is kept beside it, under a name with a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader._internal.files import write_atomically
from grader.course.assignment import STARTERS, Assignment
from grader.course.course import Course
from grader.errors import UsageError


@dataclass(frozen=True)
class StarterPlacement:
    """A starter that was put into place. backup: the new path of a file that was there before."""

    path: Path
    written: bool
    backup: Path | None = None


def pristine(course: Course, assignment: Assignment, *, notebook: bool) -> bytes:
    """The starter as it was handed out. Raises UsageError if there is no copy."""
    name = f"{assignment.name}{'.ipynb' if notebook else '.py'}"
    data = assignment.kept_starter(name)
    if data is None:
        path = course.root / STARTERS / assignment.name / name
        raise UsageError(
            f"there is no unchanged copy of {name} here, because {path} is missing; "
            "take the file from the course's kit again"
        )
    return data


def start(course: Course, assignment: Assignment, *, notebook: bool) -> StarterPlacement:
    """Put the starter where it is missing; what is there stays. Raises UsageError."""
    path = _target(assignment, notebook)
    if path.exists():
        return StarterPlacement(path, written=False)
    _write(path, pristine(course, assignment, notebook=notebook))
    return StarterPlacement(path, written=True)


def reset(course: Course, assignment: Assignment, *, notebook: bool) -> StarterPlacement:
    """Put the starter back and keep what was there. Raises UsageError."""
    path = _target(assignment, notebook)
    data = pristine(course, assignment, notebook=notebook)
    backup = None
    if path.exists():
        if path.is_file() and path.read_bytes() == data:
            return StarterPlacement(path, written=False)
        backup = _set_aside(path)
    _write(path, data)
    return StarterPlacement(path, written=True, backup=backup)


def _target(assignment: Assignment, notebook: bool) -> Path:
    return assignment.starter.with_suffix(".ipynb") if notebook else assignment.starter


def _set_aside(path: Path) -> Path:
    """Rename a file to a backup name that is free."""
    number = 1
    while True:
        backup = path.with_name(f"{path.name}.backup-{number}")
        try:
            # Making a link fails if the name is taken; renaming would replace what is there.
            backup.hardlink_to(path)
        except FileExistsError:
            number += 1
            continue
        except OSError:  # a file system without links
            if backup.exists():
                number += 1
                continue
            _rename(path, backup)
            return backup
        path.unlink()
        return backup


def _rename(path: Path, backup: Path) -> None:
    try:
        path.rename(backup)
    except OSError as exc:
        raise UsageError(f"cannot keep {path} as {backup.name}: {exc.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    try:
        write_atomically(path, data)
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror}") from None
