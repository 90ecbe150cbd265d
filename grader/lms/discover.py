"""Finds the submissions in a folder: which system made it, and what their reports are called.

A folder may hold anything that a system of `grader.lms.systems` recognises, in any mix, and one
level of `<assignment>/` folders around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from grader.errors import SubmissionError
from grader.lms.folder import collection
from grader.lms.hand_ins import entries, is_real, source_of
from grader.lms.protocol import PLAIN, WHOLE, Lms, Search
from grader.lms.systems import SYSTEMS
from grader.submission.sources import Source
from grader.submission.student_ids import folded, is_named_for


def find_submissions(
    folder: Path,
    names: list[str],
    assignment: str | None,
    settle: Callable[[Source], Source] = lambda found: found,
    zone: tzinfo | None = None,
    students: Iterable[str] = (),
) -> tuple[list[Source], list[Path]]:
    """Every submission under a folder, and the paths that are not submissions.

    names: the course's assignments. assignment: what the command says; it wins over layout and
    manifest. settle: sets the time of each. zone: of local times in a download; None for that of
    this machine. students: ids and other names of students. Raises SubmissionError if the folder
    cannot be read, UsageError for a download that is damaged.
    """
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is not a folder; name a folder of submissions")
    by_layout = assignment or next((n for n in names if n == folder.resolve().name), None)
    known = frozenset(name.casefold() for name in students)
    search = Search(tuple(names), by_layout, zone, known)
    ours = collection(folder, search)
    if ours is not None:
        return _number_attempts(ours[0], names), ours[1]
    try:
        paths = entries(folder)
    except OSError as exc:
        raise SubmissionError(f"{folder} cannot be read: {exc.strerror}") from None
    pieces = list(_look(paths, search))
    told = _without_claims(_fill_in(_sources(pieces), names))
    found = [settle(item) for item in told]
    others = sorted(piece for piece in pieces if isinstance(piece, Path))
    return _number_attempts(found, names), others


def _sources(pieces: list[Source | Path]) -> list[Source]:
    return [piece for piece in pieces if isinstance(piece, Source)]


def _look(paths: list[Path], search: Search) -> Iterator[Source | Path]:
    """The content of one folder: each path goes to the system that recognises it best."""
    theirs: dict[Lms, list[Path]] = {}
    around: list[tuple[Path, Search]] = []  # folders to look into in their turn
    beside: list[Path] = []  # of no download
    for path in paths:
        if not is_real(path):
            yield path
            beside.append(path)
            continue
        if search.assignment is None and path.name in search.names and path.is_dir():
            around.append((path, replace(search, assignment=path.name)))
            beside.append(path)
            continue
        reach, lms = _recognise(path)
        if reach == WHOLE:
            around.append((path, search))
        else:
            theirs.setdefault(lms, []).append(path)
        if reach in (PLAIN, WHOLE):
            beside.append(path)
    for lms, recognised in theirs.items():
        yield from lms.submissions(recognised, beside, search)
    for path, inner in around:
        yield from _look_below(path, inner)


def is_of_a_download(path: Path) -> bool:
    """Whether a file or folder is named as a system names what is in its downloads."""
    return _recognise(path)[0] not in (PLAIN, WHOLE)


def _recognise(path: Path) -> tuple[int, Lms]:
    """The system that recognises a file or folder best, and its answer."""
    answers = ((lms.recognise(path), lms) for lms in SYSTEMS)
    return min(
        ((reach, lms) for reach, lms in answers if reach is not None), key=lambda each: each[0]
    )


def _look_below(folder: Path, search: Search) -> Iterator[Source | Path]:
    """A folder around the students' folders; the folder itself if it contains no submission."""
    try:
        pieces = list(_look(entries(folder), search))
    except OSError:  # its own report says why it cannot be read
        pieces = [source_of(folder, folder.name, search.assignment)]
    yield from pieces
    if not _sources(pieces):
        yield folder


def _without_claims(found: list[Source]) -> list[Source]:
    """A manifest alone does not put work among what is somebody's by the name of its file."""
    named = {_whose(item) for item in found if not _by_claim(item)}
    return [
        replace(
            source_of(item.path, item.path.stem, item.assignment, item.warnings),
            claimed=item.claimed,
            members=item.members,
        )
        if _by_claim(item) and _whose(item) in named
        else item
        for item in found
    ]


def _by_claim(item: Source) -> bool:
    """Whether only the manifest says whose it is."""
    claimed = item.claimed
    return claimed == item.student and not is_named_for(item.path.stem, claimed)


def _whose(item: Source) -> tuple[str | None, str]:
    return item.assignment, folded(item.student)


def _fill_in(found: list[Source], names: list[str]) -> list[Source]:
    """A submission that does not name its assignment belongs to the one that all others belong to,
    or to the only one that there is."""
    told = {item.assignment for item in found if item.assignment in names} or set(names)
    if len(told) != 1:
        return found
    (only,) = told
    if len(names) == 1:
        warnings: tuple[str, ...] = ()
    else:
        warnings = (f"it does not name its assignment; {only} is assumed, as for all others",)
    return [
        replace(item, assignment=only, warnings=(*item.warnings, *warnings))
        if item.assignment is None
        else item
        for item in found
    ]


def _number_attempts(found: list[Source], names: list[str]) -> list[Source]:
    """Give each a label; of several by one student the last one received has no number."""
    groups: dict[tuple[str | None, str], list[Source]] = {}
    for item in found:
        # Work that belongs to no assignment is reported in one folder, whatever it claims to be.
        known = item.assignment if item.assignment in names else None
        groups.setdefault((known, folded(item.student)), []).append(item)
    labelled = []
    for group in groups.values():
        group.sort(key=lambda item: (item.received_at, item.path.name))
        for number, item in enumerate(group, start=1):
            label = item.student if number == len(group) else f"{item.student}~{number}"
            warnings = item.warnings
            if len(group) > 1:
                told = (
                    f"there are {len(group)} submissions by this student; this is number {number}"
                )
                warnings = (*warnings, told)
            labelled.append(replace(item, label=label, warnings=warnings))
    return sorted(labelled, key=lambda item: (item.assignment or "", item.label))
