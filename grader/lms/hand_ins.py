"""Turns what one student handed in into a `Source` for each homework in it.

Every system uses this once it knows whose a file or folder is: what is inside comes from the
student and looks the same everywhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader.lms.protocol import Search
from grader.submission.clutter import JUNK, is_code
from grader.submission.files import (
    MANIFEST_NAME,
    MAX_FILES,
    MAX_MANIFEST_BYTES,
    files_in,
    open_zip,
    own_entries,
    read_bounded,
    read_manifest,
)
from grader.submission.sources import MAX_MEMBERS, Clock, Source
from grader.submission.student_ids import is_named_for, safe_label, valid_id

_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def entries(folder: Path) -> list[Path]:
    """The content of a folder, without files of the system or an editor. Raises OSError."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and not JUNK.search(path.name)
    )


def is_real(path: Path) -> bool:
    """Whether it is a real file or folder. A link may lead elsewhere, and a pipe never ends."""
    return not path.is_symlink() and (path.is_dir() or path.is_file())


def source_of(
    path: Path, student: str, assignment: str | None, warnings: tuple[str, ...] = ()
) -> Source:
    """A file or folder as one submission, received at the time of its newest file."""
    problem = valid_id(student)
    if problem is not None:
        warnings = (*warnings, f"the student id {student[:40]!r} {problem}; it was replaced")
        student = safe_label(student)
    return Source(path, student, assignment, _newest(_files_of(path)), warnings)


def hand_in(
    search: Search,
    path: Path,
    student: str,
    *,
    received_at: datetime | None = None,
    parts: tuple[tuple[str, Path], ...] = (),
    notes: tuple[str, ...] = (),
    members: tuple[str, ...] = (),
    clock: Clock = "",
) -> Iterator[Source]:
    """One attempt of a student, according to a download; one Source for each homework in it.

    path: its file or folder; the first of `parts`, if it is several files among others'.
    received_at: None if only the times of the files are known. notes: what the download says about
    it, for the report. members, clock: see Source.
    """
    pieces = [replace(source_of(path, student, search.assignment), warnings=())]
    files = [part for _, part in parts] or [path]
    if parts and search.assignment is None:
        stems = {PurePosixPath(name).stem for name, _ in parts}
        inside = [name for name in search.names if name in stems]
        pieces = [replace(pieces[0], assignment=inside[0] if len(inside) == 1 else None)]
    elif not parts and path.is_dir():
        with contextlib.suppress(OSError):  # its own report says why it cannot be read
            pieces = list(in_students_folder(path, search))
    elif not parts and path.suffix.lower() == ".zip":
        pieces = [from_zip(path, search)]
    for piece in pieces:
        if piece.path != path or path.is_dir():
            files = _files_of(piece.path)
        warnings = tuple(dict.fromkeys((*notes, *piece.warnings)))
        yield replace(
            source_of(piece.path, student, piece.assignment, warnings),
            received_at=received_at or _newest(files),
            claimed=piece.claimed,
            members=tuple(dict.fromkeys((*members, *piece.members))),
            parts=parts,
            clock=clock,
        )


def from_loose_files(
    search: Search,
    student: str,
    files: Sequence[tuple[Sequence[str], Path]],
    *,
    notes: tuple[str, ...] = (),
    clock: Clock = "",
) -> Iterator[Source]:
    """Files of one student in a flat folder: together one attempt; if none is code, each zip is
    one.

    files: the names that each may have in the submission, the best first and the downloaded one
    last, and where it lies.
    """
    zips = [path for names, path in files if names[-1].lower().endswith(".zip")]
    if any(is_code(names[-1]) for names, _ in files):
        zips = []
    for path in zips:
        beside = [names[-1] for names, other in files if other not in zips]
        left = tuple(f"{each[:80]} is beside the zip and was not opened" for each in beside)
        yield from hand_in(search, path, student, notes=(*notes, *left), clock=clock)
    if not zips:
        parts: dict[str, Path] = {}
        for names, path in files:
            numbered = (f"{number}_{names[-1]}" for number in range(2, len(parts) + 3))
            parts[next(each for each in (*names, *numbered) if each not in parts)] = path
        first = files[0][1]
        yield from hand_in(
            search, first, student, parts=tuple(parts.items()), notes=notes, clock=clock
        )


def in_students_folder(folder: Path, search: Search) -> Iterator[Source]:
    """A student's folder: a folder for each homework in it, the files themselves, or zips in it.

    Raises OSError if it cannot be read.
    """
    names, assignment = search.names, search.assignment
    asked = names if assignment is None else (assignment,)
    inner = [name for name in asked if _is_folder(folder / name)]
    files = [path for path in entries(folder) if path.is_file() and not path.is_symlink()]
    stems = {path.stem.lower() for path in files if is_code(path.name)}
    if assignment is None:
        here = [name for name in names if name.lower() in stems]
    else:
        here = [assignment] if any(stem.startswith(assignment.lower()) for stem in stems) else []
    here = [name for name in here if name not in inner]
    zips = [_from_students_zip(path, search) for path in files if path.suffix.lower() == ".zip"]
    if inner or here:
        taken = [item for item in zips if item.assignment not in (None, *inner, *here)]
    else:  # a zip of data beside code of any name is not a submission
        own = any(is_code(name) for name, _ in files_in(folder))
        taken = [item for item in zips if not own or _holds_code(item.path)]
    left = [item.path.name for item in zips if item not in taken]
    warnings = tuple(f"{name} is beside the code and was not opened" for name in left)
    for name in inner:
        yield source_of(folder / name, folder.name, name, warnings)
    for name in here:
        yield source_of(folder, folder.name, name, warnings)
    if not inner and not here and not taken:
        yield source_of(folder, folder.name, assignment, warnings)
    yield from taken


def from_zip(path: Path, search: Search) -> Source:
    """Student and assignment from the manifest, else from the zip's own name and its files."""
    inside, manifest = _look_into(path)
    stems = {PurePosixPath(entry).stem for entry in inside if is_code(entry)}
    homeworks = [name for name in search.names if name in stems]
    assignment, claimed = search.assignment, manifest.get("assignment")
    if assignment is None and isinstance(claimed, str):
        assignment = claimed
    if assignment is None and len(homeworks) == 1:
        assignment = homeworks[0]
    warnings: tuple[str, ...] = ()
    claimed = manifest.get("student")
    problem = valid_id(claimed) if isinstance(claimed, str) else None
    if problem is not None:
        warnings = (f"the manifest's student id {problem}; the file's name is used instead",)
    if problem is not None or not isinstance(claimed, str):
        claimed = None
    student = claimed or path.stem
    if claimed is not None and not is_named_for(path.stem, claimed):
        warnings = (f"only the manifest names {claimed} as the student; the file is {path.name}",)
        # Where the name of the file is a student's, it tells more than what its author wrote.
        student = path.stem if path.stem.casefold() in search.students else claimed
    found = source_of(path, student, assignment, warnings)
    return replace(found, claimed=claimed, members=_members(manifest))


def _from_students_zip(path: Path, search: Search) -> Source:
    """A zip in a student's folder; the folder tells whose it is."""
    found = from_zip(path, search)
    named = source_of(path, path.parent.name, found.assignment)
    same = (found.claimed or "").casefold() == named.student.casefold()
    return replace(named, claimed=None if same else found.claimed, members=found.members)


def _look_into(path: Path) -> tuple[list[str], dict[str, Any]]:
    """The names in a zip and its manifest; empty if it cannot be read.

    It is read again when it is graded, and its report then says what is wrong.
    """
    try:
        with open_zip(read_bounded(path)) as archive:
            entries = dict(own_entries(archive)[0])
            names = list(entries)[:MAX_FILES]
            if MANIFEST_NAME not in names:
                return names, {}
            with archive.open(entries[MANIFEST_NAME]) as file:
                return names, read_manifest(file.read(MAX_MANIFEST_BYTES))
    except Exception:  # whatever a damaged or hostile zip makes zipfile raise
        return [], {}


def _members(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The makers that a manifest names; anything that is not a student id is skipped."""
    named = manifest.get("members")
    if not isinstance(named, list):
        return ()
    ids = (name for name in named[:MAX_MEMBERS] if isinstance(name, str) and not valid_id(name))
    return tuple(dict.fromkeys(ids))


def _is_folder(path: Path) -> bool:
    # A link in a submission could point at the solution or at another student's work.
    return path.is_dir() and not path.is_symlink()


def _holds_code(path: Path) -> bool:
    return any(is_code(name) for name in _look_into(path)[0])


def _files_of(path: Path) -> list[Path]:
    """The student's own files, which tell when something was handed in.

    A folder's own time tells when it was unpacked, or when somebody looked into it.
    """
    with contextlib.suppress(OSError):  # its own report says why it cannot be read
        if path.is_dir():
            return [inner for _, inner in files_in(path)] or [path]
    return [path]


def _newest(paths: list[Path]) -> datetime:
    newest = max((path.lstat().st_mtime for path in paths), default=0.0)
    return datetime.fromtimestamp(min(max(newest, 0.0), _LATEST), UTC)
