"""Files by their content: what was handed in, and the pictures of reports.

A file is known by its SHA-256 and lies at `ab/cdef...` below one folder. It is there completely and
on the disk, or not at all: it is written under another name, synced, and renamed. The same content
is stored once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from grader._internal.files import UNFINISHED
from grader.errors import StorageFailed

_NAME = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"


class Blobs:
    """The files below one folder, which is made if it is missing.

    Raises StorageFailed if the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / _INCOMING
        with _telling(folder):
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            # All at once: whoever hands in would have to wait for the disk to know a new one.
            for number in range(256):
                (folder / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)
            _sync_folder(folder)

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder

    def writer(self) -> BlobWriter:
        """A context manager to write one file with; without `commit` nothing is left of it."""
        return BlobWriter(self._folder, self._incoming)

    def put(self, data: bytes) -> str:
        """Store bytes and return their SHA-256. Raises StorageFailed."""
        with self.writer() as writer:
            writer.write(data)
            return writer.commit()[0]

    def path(self, sha256: str) -> Path:
        """Where a file lies. Raises ValueError for what is no SHA-256."""
        if not _NAME.fullmatch(sha256):
            raise ValueError(f"{sha256[:80]!r} is not a SHA-256")
        return self._folder / sha256[:2] / sha256[2:]

    def open(self, sha256: str) -> BinaryIO:
        """A file for reading. Raises StorageFailed if it is not there."""
        with _telling(self._folder):
            return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """All of a file. Raises StorageFailed if it is not there."""
        with self.open(sha256) as file:
            return file.read()

    def delete(self, sha256: str) -> None:
        """Remove a file if it is there. Raises StorageFailed."""
        with _telling(self._folder):
            self.path(sha256).unlink(missing_ok=True)

    def sweep(self, known: Collection[str], older_than: float) -> int:
        """Remove files that nobody knows, and those half written; return how many.

        known: the SHA-256 of everything that is still needed. older_than: only what was written so
        many seconds ago, because a newer file may be about to become known.
        """
        before, removed = time.time() - older_than, 0
        for path in self._folder.glob("*/*"):
            unfinished = path.parent == self._incoming
            name = path.parent.name + path.name
            if not unfinished and (name in known or not _NAME.fullmatch(name)):
                continue
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    removed += 1
        return removed


class BlobWriter:
    """One file that is being written. Leaving the block without `commit` removes it."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        self._folder = folder
        self._incoming = incoming
        self._digest = hashlib.sha256()
        self._size = 0
        self._file: BinaryIO | None = None
        self._temporary: Path | None = None

    def __enter__(self) -> BlobWriter:
        with _telling(self._folder):
            handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=self._incoming)
        self._file, self._temporary = os.fdopen(handle, "wb"), Path(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # closing writes what is buffered
                self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Add bytes. Raises StorageFailed, for example if the disk is full."""
        assert self._file is not None, "write inside the block"
        with _telling(self._folder):
            self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    @property
    def size(self) -> int:
        """How many bytes were written so far."""
        return self._size

    def commit(self) -> tuple[str, int]:
        """Put the file in its place, on the disk; return its SHA-256 and size in bytes.

        Raises StorageFailed; then nothing is left.
        """
        assert self._file is not None, "commit inside the block"
        assert self._temporary is not None, "commit once"
        sha256 = self._digest.hexdigest()
        target = self._folder / sha256[:2] / sha256[2:]
        with _telling(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            # Also over a file that is there: this one is known to be complete.
            self._temporary.replace(target)
            self._temporary = None
            _sync_folder(target.parent)
        return sha256, self._size


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if os.name == "nt":
        return  # Windows cannot open a folder, and needs no such thing
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise StorageFailed(
            f"the server's folder {folder} cannot be used: {exc.strerror}; free some space on its "
            "disk or correct its permissions"
        ) from None
