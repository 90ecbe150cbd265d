"""Reading one submission defensively: a zip, a folder or a file becomes names and bytes.

What is read here was written by students: a zip may hold links, paths that climb out, or a bomb.
Nothing is ever unpacked to disk in the trusted process; files are held as bytes and travel to the
worker.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from grader._internal.text import printable
from grader.errors import SubmissionError
from grader.submission.clutter import Content, is_code, left_out, own_paths, worth_telling
from grader.submission.zip_names import name_of

# How a report begins that tells why nothing of a submission could be read.
UNUSABLE = "the submission cannot be used: it "
MANIFEST_NAME = "manifest.json"
MAX_FILES = 500
MAX_ENTRIES = 20_000  # in a zip, with what is left out
MAX_MANIFEST_BYTES = 1 << 20
MAX_TOTAL_BYTES = 64 << 20
MAX_INNER_ZIPS = 10
_WITHOUT = "without installed packages (venv, node_modules) and data"
_TOLD = 5  # how many of the paths left out are named
MAX_PATH = 1000  # characters of a file's path in a submission
MAX_NAME_BYTES = 200  # of one name in it: a file system takes 255, and we add to some
# Stored, deflated, bzip2. What LZMA needs to be unpacked is for whoever packed it to say.
_METHODS = frozenset({0, 8, 12})


@dataclass(frozen=True)
class Submission:
    """One submission as bytes.

    problem: why it cannot be used, or None. notes: what was done to it that its author should know.
    """

    files: Mapping[str, bytes]
    sha256: str
    manifest: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None
    notes: tuple[str, ...] = ()


def why_unusable(told: str | None) -> str:
    """Why a submission could not be read, from what its report tells; "" if that is not so."""
    return told.removeprefix(UNUSABLE) if told and told.startswith(UNUSABLE) else ""


@dataclass(frozen=True)
class _Read:
    """What was read of a folder or a zip. gone: the paths left out that are worth telling."""

    files: dict[str, bytes]
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_submission(path: Path, parts: Sequence[tuple[str, Path]] = ()) -> Submission:
    """The files of a zip, a folder or a single file. Never raises for what a student did.

    parts: instead of `path`, files that lie anywhere, each with its name in the submission.
    """
    try:
        if parts or path.is_dir():
            read = _Read(_read_parts(parts)) if parts else _read_folder(path)
            digest = hashlib.sha256()
            for name, data in sorted(read.files.items()):
                digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
            return _made(read, digest.hexdigest())
        raw = read_bounded(path)
        sha256 = hashlib.sha256(raw).hexdigest()
    except SubmissionError as exc:
        return Submission({}, "", problem=str(exc))
    except OSError as exc:
        inside = ""
        if exc.filename and Path(exc.filename).is_relative_to(path) and path != Path(exc.filename):
            inside = f": {Path(exc.filename).relative_to(path).as_posix()}"
        return Submission({}, "", problem=f"cannot be read: {exc.strerror}{inside}")
    if path.suffix.lower() != ".zip":
        return _made(_Read({path.name: raw}), sha256)
    return read_archive(raw)


def read_archive(raw: bytes) -> Submission:
    """The files of a zip in memory. Never raises for what a student did."""
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        return _made(_read_zip(raw), sha256)
    except SubmissionError as exc:
        return Submission({}, sha256, problem=str(exc))


def _made(read: _Read, sha256: str) -> Submission:
    files, gone = read.files, _listed(read.gone)
    clash = _clash(files)
    if clash is not None:
        problem = f"holds {clash[:80]!r} both as a file and as a folder; rename one of them"
        return Submission({}, sha256, problem=problem)
    manifest = read_manifest(files.pop(MANIFEST_NAME, b""))
    if not files:
        problem = f"holds nothing but {gone}; hand in your own files" if gone else "holds no files"
        return Submission({}, sha256, manifest, problem=problem)
    notes = (f"left out, because it is no work of yours: {gone}",) if gone else ()
    return Submission(files, sha256, manifest, notes=(*read.notes, *notes))


def _listed(paths: Sequence[str]) -> str:
    names = [printable(path[:80]) for path in paths[:_TOLD]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def read_manifest(data: bytes) -> dict[str, Any]:
    """A manifest is the student's word; what cannot be read of it is as good as missing."""
    try:
        manifest = json.loads(data[:MAX_MANIFEST_BYTES])
    except (ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def read_bounded(path: Path) -> bytes:
    """A file's bytes. Raises SubmissionError for one that is too large, or OSError."""
    with path.open("rb") as file:
        data = file.read(MAX_TOTAL_BYTES + 1)
    if len(data) > MAX_TOTAL_BYTES:
        raise SubmissionError(
            f"is larger than {MAX_TOTAL_BYTES >> 20} MB; hand in your own files, {_WITHOUT}"
        )
    return data


def _read_folder(folder: Path) -> _Read:
    own, gone = look_through(folder)
    return _Read(_without_single_folder(_read_parts(own)), gone)


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """The files of a submission that is a folder, each with its path inside. See `look_through`."""
    return look_through(folder)[0]


def look_through(folder: Path) -> tuple[list[tuple[str, Path]], tuple[str, ...]]:
    """The files of a submission that is a folder, each with its path inside; and what is left out.

    Links are left out: one could point at the solution or at another student's work. Raises OSError
    for a folder in it that cannot be read, which is not the same as one that holds nothing.
    """
    found, gone = [], []
    for place, folders, names in os.walk(folder, onerror=_raise):
        here = Path(place)
        inside = here.relative_to(folder).as_posix()
        own_name = "" if inside == "." else here.name
        contents = {name: _content(here / name) for name in folders}
        out = left_out(own_name, contents, names)
        gone += [(here / name).relative_to(folder).as_posix() for name in sorted(out)]
        folders[:] = [name for name in folders if name not in out]
        for name in names:
            path = here / name
            if name not in out and path.is_file() and not path.is_symlink():
                found.append((path.relative_to(folder).as_posix(), path))
    return sorted(found, key=lambda each: each[1]), worth_telling(gone)


def _content(folder: Path) -> Content:
    """What is in a folder, as far as it can be read: it is read again if it is not left out."""
    try:
        entries = [(entry.name, entry.is_dir()) for entry in os.scandir(folder)]
    except OSError:
        return (), ()
    return (
        [name for name, is_dir in entries if is_dir],
        [name for name, is_dir in entries if not is_dir],
    )


def _raise(exc: OSError) -> None:
    raise exc


def _read_parts(parts: Sequence[tuple[str, Path]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for inner, path in parts:
        name = os.fsencode(inner).decode("utf-8", "replace")
        files[name] = read_bounded(path)
        total += len(files[name])
        if total > MAX_TOTAL_BYTES or len(files) > MAX_FILES:
            raise SubmissionError(_too_much())
    return files


def _too_much() -> str:
    return f"holds more than {MAX_FILES} files or {MAX_TOTAL_BYTES >> 20} MB"


def open_zip(raw: bytes) -> zipfile.ZipFile:
    """A zip in memory. Raises SubmissionError, or whatever zipfile does for a damaged one.

    zipfile lists all that a zip holds at once, which for a million entries takes a minute: they
    are counted before, by the mark that each begins with.
    """
    if not raw:
        raise SubmissionError("is an empty file, not a zip; hand it in again")
    if raw.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise SubmissionError(f"{_too_much()}; hand in your own files, {_WITHOUT}")
    return zipfile.ZipFile(io.BytesIO(raw))


def _read_zip(raw: bytes) -> _Read:
    """Every file of a zip, by what unpacks and not by what its header claims.

    If none of them is code, the zips among them are opened too, but none that lies in those.
    """
    budget = _Budget()
    read = _unpacked(raw, budget)
    zips = [name for name in sorted(read.files) if name.lower().endswith(".zip")]
    if any(map(is_code, read.files)):
        shut = tuple(
            f"{printable(name[:80])} is beside the code and was not opened; hand in the files that "
            "are in it, if they are of your work"
            for name in zips[:MAX_INNER_ZIPS]
        )
        return replace(read, notes=(*read.notes, *shut))
    if not zips or len(zips) > MAX_INNER_ZIPS:
        return read
    files, gone = {**read.files}, [*read.gone]
    for name in zips:
        try:
            inner = _unpacked(files.pop(name), budget)
        except SubmissionError as exc:
            raise SubmissionError(f"holds {printable(name[:80])}, which {exc}") from None
        for each, data in inner.files.items():
            beside = len(zips) == 1 and each not in files
            files[each if beside else f"{name[:-4]}/{each}"] = data
        gone += [f"{name}/{path}" for path in inner.gone]
    notes = tuple(f"{printable(name[:80])} inside the zip was opened" for name in zips)
    return _Read(_without_single_folder(files), tuple(gone), notes)


class _Budget:
    """What may still be read of one submission, zips inside it included."""

    def __init__(self) -> None:
        self.files, self.bytes = MAX_FILES, MAX_TOTAL_BYTES

    def take(self, *, files: int = 0, size: int = 0) -> None:
        """Raises SubmissionError if it is more than is left."""
        self.files -= files
        self.bytes -= size
        if self.files < 0 or self.bytes < 0:
            raise SubmissionError(_too_much())


def _unpacked(raw: bytes, budget: _Budget) -> _Read:
    files: dict[str, bytes] = {}
    try:
        with open_zip(raw) as archive:
            entries, gone = own_entries(archive)
            if not _METHODS.issuperset(entry.compress_type for _, entry in entries):
                raise NotImplementedError
            budget.take(files=len(entries))
            for name, entry in entries:
                if not PurePosixPath(name).parts:  # "." and its like name no file
                    continue
                path = _checked(name, entry)
                with archive.open(entry) as file:
                    data = file.read(budget.bytes + 1)
                budget.take(size=len(data))
                files[path] = data
    except zipfile.BadZipFile:
        raise SubmissionError("is not a zip file, or it is damaged; hand it in again") from None
    except NotImplementedError:
        raise SubmissionError(
            "is compressed by a method that is not supported; hand in an ordinary zip file"
        ) from None
    except RuntimeError:
        raise SubmissionError("is locked with a password; hand it in without one") from None
    except SubmissionError:
        raise
    except Exception as exc:
        # zlib, lzma and struct raise their own for damaged data.
        raise SubmissionError(f"is a damaged zip file ({type(exc).__name__})") from None
    return _Read(_without_single_folder(files), gone)


def own_entries(
    archive: zipfile.ZipFile,
) -> tuple[list[tuple[str, zipfile.ZipInfo]], tuple[str, ...]]:
    """The files of a zip that are the student's, each with its name; and the paths left out."""
    named = [(name_of(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    own, gone = own_paths(name for name, _ in named)
    return [each for each in named if each[0] in own], gone


def _checked(name: str, entry: zipfile.ZipInfo) -> str:
    if len(name) > MAX_PATH and "/" in name:
        raise SubmissionError(f"holds a path of more than {MAX_PATH} characters: {name[:80]!r}")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.match(r"^[A-Za-z]:", name):
        raise SubmissionError(f"holds a path that leaves its folder: {name[:80]!r}")
    if entry.external_attr >> 28 == 0o12:
        raise SubmissionError(f"holds a link: {name[:80]!r}; hand in the file itself")
    return "/".join(map(_short, path.parts))


def _clash(files: Mapping[str, bytes]) -> str | None:
    """A path that is a file's and, in another file's path, a folder's."""
    for name in files:
        end = name.find("/")
        while end >= 0:
            if name[:end] in files:
                return name[:end]
            end = name.find("/", end + 1)
    return None


def _short(name: str) -> str:
    """One name of a path, cut to what every file system takes. The extension stays.

    What is cut off tells two such names apart no longer, so their hash does.
    """
    raw = name.encode("utf-8", "replace")
    if len(raw) <= MAX_NAME_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    tail = f"-{hashlib.sha256(raw).hexdigest()[:8]}{suffix if len(suffix) <= 10 else ''}"
    return raw[: MAX_NAME_BYTES - len(tail.encode())].decode("utf-8", "ignore") + tail


def _without_single_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Many tools zip a folder and not its files: take that folder off."""
    while files and all("/" in name for name in files):
        tops = {name.split("/", 1)[0] for name in files}
        if len(tops) != 1 or tops == {"figures"}:
            break
        files = {name.split("/", 1)[1]: data for name, data in files.items()}
    return files
