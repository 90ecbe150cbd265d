"""Installs a newer kit into a student's folder without touching what they wrote.

A file of the course is replaced; if the student had changed it, their version is kept beside it as
`NAME.mine.EXT`. A starter is replaced only if it is still as it was handed out; if both sides
changed it, the new one is placed beside it as `NAME.new.EXT`. Files that the kit does not know are
never touched.

What to do is decided from the folder as it is, and each file is written atomically. The copy of a
starter under .kit/, which records how it was handed out, is written after the starter itself, and
kit.json comes last. So an update that is interrupted and run again ends in the same state.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from enum import StrEnum
from pathlib import Path, PurePosixPath

from grader._internal.files import write_atomically
from grader._internal.install_hint import FORMER_DISTRIBUTION, installed, pip_install, shown
from grader._internal.zips import unzip
from grader.course.course import Course
from grader.course.kit import (
    CONSTRAINTS,
    KIT_FILE,
    KitInfo,
    read_info,
    running_source,
    sha256,
    source_digest,
    starters_in,
)
from grader.errors import CourseError, UsageError
from grader.submission.files import read_submission


class What(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    REPLACED = "replaced"
    BESIDE = "beside"  # the new starter, beside the student's
    SAVED = "saved"  # what the student had written into a file of the course
    REMOVED = "removed"


MOST_KITS = 50  # that are remembered


@dataclass(frozen=True)
class FileChange:
    """One file that an update writes, or removes where `data` is None. path: from the course."""

    path: str
    what: What
    data: bytes | None
    note: str = ""


@dataclass(frozen=True)
class Update:
    """What an update does. old: the version of the kit that is here, if any. changes: what to tell.
    quiet: what is kept under .kit/, in order. wheel: the new kit's. is_older: this kit was here
    before, and another one has replaced it since. without: the homeworks that the kit that is here
    brought, and that the new one does not have; their folders stay.
    """

    old: str | None
    new: KitInfo
    wheel: bytes
    changes: tuple[FileChange, ...]
    quiet: tuple[FileChange, ...]
    unchanged: int
    is_older: bool = False
    without: tuple[str, ...] = ()


def plan_update(course: Course, kit: Path) -> Update:
    """What installing a kit into this folder would do. Nothing is written.

    Raises UsageError if `kit` is not a kit, or if the folder is not a student's.
    """
    root = course.root
    if (root / "solutions").exists():
        raise UsageError(
            f"{root} is the staff's copy of the course; run `update` in the folder of a student's "
            "kit"
        )
    if kit.resolve() == root:
        raise UsageError(f"{kit} is the folder that you are in; name the newer kit instead")
    info, files = read_kit(kit)
    old = read_info(_read(root / KIT_FILE))
    starters = starters_in(files)
    changes: list[FileChange] = []
    for path, data in files.items():
        if path in starters:
            changes += _update_starter(root, path, data, _read(root / starters[path]))
        elif not path.startswith(".kit/"):
            known = old.files.get(path) if old is not None else None
            changes += _update_course_file(root, path, data, known)
    if old is not None and old.wheel not in files:
        left = _read(root / old.wheel)
        if left is not None and sha256(left) == old.files.get(old.wheel):
            changes.append(FileChange(old.wheel, What.REMOVED, None))
    kept = [path for path in files if path.startswith(".kit/") and path != KIT_FILE]
    quiet = [
        FileChange(path, What.REPLACED, files[path])
        for path in (*kept, KIT_FILE)
        if _read(root / path) != files[path]
    ]
    touched = {change.path for change in changes}
    unchanged = sum(not path.startswith(".kit/") and path not in touched for path in files)
    return Update(
        old.version if old else None,
        info,
        files[info.wheel],
        tuple(changes),
        tuple(quiet),
        unchanged,
        old is not None and old.version != info.version and info.version in _earlier_kits(course),
        () if old is None else tuple(sorted(_homeworks(old.files) - _homeworks(files))),
    )


def _homeworks(paths: Iterable[str]) -> set[str]:
    """The names of the homeworks among the files of a kit."""
    parts = [PurePosixPath(path).parts for path in paths]
    return {part[1] for part in parts if part[0] == "assignments" and len(part) > 2}


def remember_kit(course: Course, update: Update) -> None:
    """Keep which kits were here before, to tell an older one. Raises CourseError."""
    if update.old is not None and update.old != update.new.version:
        kits = [kit for kit in _earlier_kits(course) if kit != update.old]
        course.remember(kits=[*kits, update.old][-MOST_KITS:])


def _earlier_kits(course: Course) -> list[str]:
    """The versions of the kits that were replaced by others, the oldest first."""
    kept = course.remembered().get("kits")
    return [kit for kit in kept if isinstance(kit, str)] if isinstance(kept, list) else []


def apply_update(course: Course, update: Update) -> None:
    """Do what was planned. Raises CourseError if a file cannot be written; it can be run again."""
    for change in (*update.changes, *update.quiet):
        path = course.root / change.path
        try:
            if change.data is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, change.data)
        except OSError as exc:
            raise CourseError(
                f"cannot write {path}: {exc.strerror}; free some disk space or correct the "
                "permissions, then update again"
            ) from None


def _update_course_file(
    root: Path, path: str, data: bytes, known: str | None
) -> Iterator[FileChange]:
    """known: its hash in the kit that was here before."""
    here = _read(root / path)
    if here == data:
        return
    if here is None:
        yield FileChange(path, What.NEW, data)
        return
    if sha256(here) != known:
        saved = _free_name(root, path, "mine", (here,))
        if _read(root / saved) != here:
            yield FileChange(saved, What.SAVED, here, f"you had changed {path}")
    yield FileChange(path, What.REPLACED, data)


def _update_starter(
    root: Path, path: str, data: bytes, handed_out: bytes | None
) -> Iterator[FileChange]:
    """handed_out: the starter as the kit that was here before kept it."""
    here = _read(root / path)
    if here is None:
        yield FileChange(path, What.NEW, data)
    elif same_work(path, here, data):
        return
    elif handed_out is not None and same_work(path, here, handed_out):
        yield FileChange(path, What.REPLACED, data)
    elif handed_out != data:
        beside = _free_name(root, path, "new", (data, handed_out))
        note = f"copy what you need from it into your {PurePosixPath(path).name}"
        if _read(root / beside) != data:
            yield FileChange(beside, What.BESIDE, data, note)


def same_work(path: str, one: bytes, other: bytes) -> bool:
    """Whether two files contain the same work: line endings do not count, nor does what running a
    notebook leaves in it."""
    if one == other:
        return True
    if path.endswith(".ipynb"):
        cells = _cells(one)
        return cells is not None and cells == _cells(other)
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _cells(notebook: bytes) -> list[tuple[str, str]] | None:
    try:
        cells = json.loads(notebook)["cells"]
        return [(cell["cell_type"], "".join(cell["source"]).rstrip()) for cell in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _free_name(root: Path, path: str, word: str, ours: tuple[bytes | None, ...]) -> str:
    """A name beside `path` that is free, or whose file is one that an update wrote."""
    pure = PurePosixPath(path)
    for number in ("", *map(str, range(2, 1000))):
        name = str(pure.with_name(f"{pure.stem}.{word}{number}{pure.suffix}"))
        here = _read(root / name)
        if here is None or here in ours:
            return name
    raise UsageError(f"there are too many old copies beside {root / path}; remove some of them")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise CourseError(f"cannot read {path}: {exc.strerror}; move it out of the way") from None


def pip_commands(course: Course, update: Update) -> list[str]:
    """What to type, line by line, to install the kit's wheel; nothing if it is installed.

    The distribution used to have another name. If it is installed under that name, it must be
    removed first: otherwise two distributions would own the same files, and removing one would
    break the other.
    """
    former = installed(FORMER_DISTRIBUTION) is not None
    if not former and update.new.grader_sha256 == source_digest(running_source()):
        return []
    install = pip_install()
    uninstall = f"{install.removesuffix(' install')} uninstall -y {FORMER_DISTRIBUTION}"
    options = _pip_options(update)
    wheel = shown(course.root / update.new.wheel)
    if CONSTRAINTS in update.new.files and "--no-deps" not in options:
        options += ["-c", shown(course.root / CONSTRAINTS)]
    return [*([uninstall] if former else []), " ".join([install, *options, wheel])]


def _pip_options(update: Update) -> list[str]:
    """Options that make pip install a wheel even if the same version is installed already."""
    files = unzip(update.wheel)
    inside = next((name for name in files if name.endswith(".dist-info/METADATA")), None)
    here = installed()
    if inside is None or here is None:
        return []
    new = message_from_bytes(files[inside])
    if new["Version"] != here.metadata["Version"]:
        return []
    same = new.get_all("Requires-Dist") == here.metadata.get_all("Requires-Dist")
    return ["--force-reinstall", *(["--no-deps"] if same else [])]


def read_kit(path: Path) -> tuple[KitInfo, dict[str, bytes]]:
    """A kit from its folder or zip: what its kit.json says, and its files, kit.json included.

    Raises UsageError if it is not a kit, or if a file in it is missing or changed.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist; name the new kit, as a folder or a zip")
    read = read_submission(path)
    if read.problem is not None:
        # The second half of the message tells a student to hand something in again.
        raise UsageError(f"{path} {read.problem.partition(';')[0]}; download the kit again")
    info = read_info(read.files.get(KIT_FILE))
    if info is None:
        raise UsageError(f"{path} is not a kit: it has no readable {KIT_FILE}; name a kit")
    files = {name: read.files[name] for name in info.files if name in read.files}
    if info.wheel not in info.files:
        raise UsageError(
            f"{path} is not a valid kit: its {KIT_FILE} names no wheel; download the kit again"
        )
    for name, expected in info.files.items():
        if name not in files or sha256(files[name]) != expected:
            what = f"{name} is missing" if name not in files else f"{name} has been changed"
            raise UsageError(f"{path} is damaged: {what}; download the kit again")
    return info, {**files, KIT_FILE: read.files[KIT_FILE]}
