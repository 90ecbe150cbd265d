"""The folder that a release writes: replaced as a whole, and only while it holds nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader._internal.own_files import named, others_in
from grader.course.kit import sha256
from grader.errors import UsageError


def refuse_others(
    to: Path, what: str, record: str, written: Callable[[bytes], Mapping[str, str] | None]
) -> None:
    """Raise UsageError for a folder that holds more than what an earlier release wrote into it.

    what: what such a folder is, as in "a kit". record: the path of the file in it that names the
    others; written: the SHA-256 of each by its path as that file tells, None if it cannot be read.
    """
    try:
        if not to.exists() or (to.is_dir() and not any(to.iterdir())):
            return
        path = to / record
        data = path.read_bytes() if path.is_file() else b""
        known = written(data)
        if known is None:
            raise not_ours(to, what)
        others = others_in(to, {**known, record: sha256(data)})
    except OSError as exc:
        raise UsageError(
            f"cannot read {exc.filename}: {exc.strerror}; name another folder"
        ) from None
    if others:
        raise changed(to, what, others)


def not_ours(to: Path, what: str) -> UsageError:
    """That something else has this name."""
    return UsageError(f"{to} already exists and is not {what}; name another folder or remove it")


def changed(to: Path, what: str, others: Sequence[str]) -> UsageError:
    """That replacing it would lose what somebody put there."""
    were = "was" if len(others) == 1 else "were"
    return UsageError(
        f"{to} is {what} in which {named(others)} {were} added or changed after its release; name "
        "another folder, or move what is yours out of it"
    )


def write_folder(to: Path, files: Mapping[str, bytes]) -> None:
    """Replace the old folder by a new one in a single step. Raises OSError."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{to.name}-", dir=to.parent) as scratch:
        new = Path(scratch) / "new"
        for path, data in files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if to.exists():
            to.rename(Path(scratch) / "old")
        new.rename(to)
