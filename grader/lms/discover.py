"""Finding submissions in a folder: whose they are, which homework, and which of several counts.

Understood: a folder of zips, of `<student>/` folders, of `<student>.py` or `<student>.ipynb` files,
and one level of `<assignment>/` folders around or inside the students'; and what `downloads` knows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader.errors import SubmissionError
from grader.lms.downloads import EXPORT, HandedIn, collected, sort_out
from grader.submission.files import (
    JUNK,
    MANIFEST_NAME,
    MAX_FILES,
    MAX_MANIFEST_BYTES,
    files_in,
    open_zip,
    read_bounded,
    read_manifest,
)
from grader.submission.sources import MAX_MEMBERS, Source
from grader.submission.student_ids import safe_label, valid_id

_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def find_submissions(
    folder: Path,
    names: list[str],
    assignment: str | None,
    settle: Callable[[Source], Source] = lambda found: found,
) -> tuple[list[Source], list[Path]]:
    """Every submission under a folder, and the paths that are none.

    Takes zips, `<student>/` folders, `<student>.py` and `<student>.ipynb`. `names`: the course's
    assignments. `assignment`: what the command says; it wins over layout and manifest. `settle`:
    gives each the time that it came. Raises SubmissionError if the folder cannot be read.
    """
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is not a folder of submissions")
    by_layout = assignment or next((n for n in names if n == folder.resolve().name), None)
    found: list[Source] = []
    others: list[Path] = []
    ours = collected(folder)
    if ours is not None:
        there = [item for item in ours if item.path.exists()]
        found = [piece for item in there for piece in _from_download(item, names, by_layout)]
        gone = [item.path for item in ours if not item.path.exists()]
        return _number_attempts(found, names), gone
    try:
        paths = _inside(folder)
    except OSError as exc:
        raise SubmissionError(f"{folder} cannot be read: {exc.strerror}") from None
    sorted_out = sort_out(folder, paths)
    others += sorted_out.left
    for item in sorted_out.handed_in:
        found.extend(_from_download(item, names, by_layout))
    for path in sorted_out.rest:
        found += _find_or_name(path, names, by_layout, others)
    found = [settle(item) for item in _fill_in(found, names)]
    return _number_attempts(found, names), others


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder, without what the system or an editor put there."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and not JUNK.search(path.name)
    )


def _is_folder(path: Path) -> bool:
    # A link in a submission could point at the solution or at another student's work.
    return path.is_dir() and not path.is_symlink()


def _find_in(
    path: Path, names: list[str], assignment: str | None, others: list[Path]
) -> Iterator[Source]:
    suffix = path.suffix.lower()
    if path.is_symlink() or not (path.is_dir() or path.is_file()):
        return  # a link leads to what is another's, and a pipe never ends
    if path.is_dir():
        if EXPORT.fullmatch(path.name) or (assignment is None and path.name in names):
            # Layout <assignment>/<student>..., or a whole export of Gradescope's.
            told = assignment or (path.name if path.name in names else None)
            yield from _find_below(path, names, told, others)
            return
        yield from _find_in_student_folder(path, names, assignment)
    elif suffix == ".zip":
        yield _from_zip(path, names, assignment)
    elif suffix in (".py", ".ipynb"):
        yield _found(path, path.stem, assignment)


def _find_below(
    folder: Path, names: list[str], assignment: str | None, others: list[Path]
) -> Iterator[Source]:
    sorted_out = sort_out(folder, _inside(folder))
    others += sorted_out.left
    for item in sorted_out.handed_in:
        yield from _from_download(item, names, assignment)
    for path in sorted_out.rest:
        yield from _find_or_name(path, names, assignment, others)


def _find_or_name(
    path: Path, names: list[str], assignment: str | None, others: list[Path]
) -> list[Source]:
    """What is in a folder or file; it itself where it cannot be read, and its report says why."""
    try:
        pieces = list(_find_in(path, names, assignment, others))
    except OSError:
        pieces = [_found(path, path.name, assignment)]
    if not pieces:
        others.append(path)
    return pieces


def _from_download(item: HandedIn, names: list[str], assignment: str | None) -> Iterator[Source]:
    """Whose it is and when it came as the download says, the rest as for any other."""
    told = assignment or item.assignment
    files = [path for _, path in item.parts] or [item.path]
    pieces = [replace(_found(item.path, item.name, told), warnings=())]
    if item.parts and told is None:
        stems = {PurePosixPath(name).stem for name, _ in item.parts}
        inside = [name for name in names if name in stems]
        pieces = [replace(pieces[0], assignment=inside[0] if len(inside) == 1 else None)]
    elif not item.exact and item.path.is_dir():
        with contextlib.suppress(OSError):  # its own report says why it cannot be read
            pieces = list(_find_in_student_folder(item.path, names, told))
    elif not item.exact and item.path.suffix.lower() == ".zip":
        pieces = [_from_zip(item.path, names, told)]
    for piece in pieces:
        if piece.path != item.path or item.path.is_dir():
            # The folder's own time is that of the unpacking.
            files = [piece.path]
            with contextlib.suppress(OSError):  # as above; and a file holds none
                files = [path for _, path in files_in(piece.path)] or files
        notes = tuple(dict.fromkeys((*item.notes, *piece.warnings)))
        named = _found(piece.path, item.name, piece.assignment, notes)
        yield replace(
            named,
            received_at=item.received_at or _newest(files),
            claimed=item.claimed or piece.claimed,
            members=tuple(dict.fromkeys((*item.members, *piece.members))),
            parts=item.parts,
            clock=item.clock,
        )


def _find_in_student_folder(
    folder: Path, names: list[str], assignment: str | None
) -> Iterator[Source]:
    """A student's folder: nbgrader's layout below it, the files themselves, or zips in it."""
    asked = names if assignment is None else [assignment]
    inner = [name for name in asked if _is_folder(folder / name)]
    files = [path for path in _inside(folder) if path.is_file() and not path.is_symlink()]
    stems = {path.stem.lower() for path in files if _is_code(path.name)}
    if assignment is None:
        here = [name for name in names if name.lower() in stems]
    else:
        here = [assignment] if any(stem.startswith(assignment.lower()) for stem in stems) else []
    here = [name for name in here if name not in inner]
    zips = [
        _from_students_zip(path, names, assignment)
        for path in files
        if path.suffix.lower() == ".zip"
    ]
    if inner or here:
        taken = [item for item in zips if item.assignment not in (None, *inner, *here)]
    else:  # data beside code of any name is no submission
        own = any(_is_code(path.name) for path in folder.rglob("*"))
        taken = [item for item in zips if not own or _holds_code(item.path)]
    left = [item.path.name for item in zips if item not in taken]
    warnings = tuple(f"{name} lies beside the code; it was not opened" for name in left)
    for name in inner:
        yield _found(folder / name, folder.name, name, warnings)
    for name in here:
        yield _found(folder, folder.name, name, warnings)
    if not inner and not here and not taken:
        yield _found(folder, folder.name, assignment, warnings)
    yield from taken


def _is_code(name: str) -> bool:
    return name.lower().endswith((".py", ".ipynb"))


def _holds_code(path: Path) -> bool:
    return any(_is_code(name) for name in _look_into(path)[0])


def _from_students_zip(path: Path, names: list[str], assignment: str | None) -> Source:
    """A zip in a student's folder, which tells whose it is."""
    found = _from_zip(path, names, assignment)
    named = _found(path, path.parent.name, found.assignment)
    return replace(named, claimed=found.claimed, members=found.members)


def _from_zip(path: Path, names: list[str], assignment: str | None) -> Source:
    """Student and assignment from the manifest, else from the zip's own name and its files."""
    entries, manifest = _look_into(path)
    stems = {PurePosixPath(entry).stem for entry in entries if _is_code(entry)}
    inside = [name for name in names if name in stems]
    claimed = manifest.get("assignment")
    if assignment is None and isinstance(claimed, str):
        assignment = claimed
    if assignment is None and len(inside) == 1:
        assignment = inside[0]
    warnings: tuple[str, ...] = ()
    claimed = manifest.get("student")
    problem = valid_id(claimed) if isinstance(claimed, str) else None
    if problem is not None:
        warnings = (f"the manifest's student id {problem}; the file's name stands for it",)
    if problem is not None or not isinstance(claimed, str):
        claimed = None
    found = _found(path, claimed or path.stem, assignment, warnings)
    return replace(found, claimed=claimed, members=_members(manifest))


def _look_into(path: Path) -> tuple[list[str], dict[str, Any]]:
    """The names in a zip and its manifest; nothing of what cannot be read.

    It is read again, with its reason told, when its turn to be graded comes.
    """
    try:
        with open_zip(read_bounded(path)) as archive:
            entries = archive.namelist()[:MAX_FILES]
            if MANIFEST_NAME not in entries:
                return entries, {}
            with archive.open(MANIFEST_NAME) as file:
                return entries, read_manifest(file.read(MAX_MANIFEST_BYTES))
    except Exception:  # whatever a damaged or hostile zip makes zipfile raise
        return [], {}


def _members(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Whom a manifest names as those who made it; what is no student id is nobody."""
    named = manifest.get("members")
    if not isinstance(named, list):
        return ()
    ids = (name for name in named[:MAX_MEMBERS] if isinstance(name, str) and not valid_id(name))
    return tuple(dict.fromkeys(ids))


def _found(
    path: Path, student: str, assignment: str | None, warnings: tuple[str, ...] = ()
) -> Source:
    problem = valid_id(student)
    if problem is not None:
        warnings = (*warnings, f"the student id {student[:40]!r} {problem}; it was changed")
        student = safe_label(student)
    received_at = _newest([path, *path.glob("*")])
    return Source(path, student, assignment, received_at, warnings)


def _newest(paths: list[Path]) -> datetime:
    newest = max((path.lstat().st_mtime for path in paths), default=0.0)
    return datetime.fromtimestamp(min(max(newest, 0.0), _LATEST), UTC)


def _fill_in(found: list[Source], names: list[str]) -> list[Source]:
    """What does not tell its assignment belongs to the one that all the others belong to, or to
    the only one that there is."""
    told = {item.assignment for item in found if item.assignment in names} or set(names)
    if len(told) != 1:
        return found
    (only,) = told
    if len(names) == 1:
        warnings: tuple[str, ...] = ()
    else:
        warnings = (f"its assignment was not told; {only} was taken, as for all the others",)
    return [
        replace(item, assignment=only, warnings=(*item.warnings, *warnings))
        if item.assignment is None
        else item
        for item in found
    ]


def _number_attempts(found: list[Source], names: list[str]) -> list[Source]:
    """Label each; of several of one student the one received last counts."""
    groups: dict[tuple[str | None, str], list[Source]] = {}
    for item in found:
        # What belongs to no assignment is reported in one folder, whatever it claims to be.
        known = item.assignment if item.assignment in names else None
        groups.setdefault((known, item.student.casefold()), []).append(item)
    labelled = []
    for group in groups.values():
        group.sort(key=lambda item: (item.received_at, item.path.name))
        for number, item in enumerate(group, start=1):
            counts = number == len(group)
            label = item.student if counts else f"{item.student}~{number}"
            warnings = item.warnings
            if len(group) > 1:
                role = "counts, as the last" if counts else "does not count: a later one does"
                warnings = (*warnings, f"{len(group)} submissions of this student; this {role}")
            labelled.append(replace(item, counts=counts, label=label, warnings=warnings))
    return sorted(labelled, key=lambda item: (item.assignment or "", item.label))
