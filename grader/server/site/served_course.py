"""The course as its pages show it: a slip in one homework's assignment.toml takes no page away.

Of each homework the specification that could be read last is kept, in memory and in a file, so that
it is known after a restart, too. It holds until the file can be read again, and staff are told so
on each of their pages. What grades has a course of its own, and waits until the file is corrected.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from grader._internal import log
from grader._internal.files import write_atomically
from grader.course.assignment import (
    SPEC_NAME,
    Assignment,
    Spec,
    load_assignment,
    parse_spec,
    read_spec,
)
from grader.course.course import Course
from grader.errors import SpecError

_LOG = log.logger("server.course")

# A file that was changed so short a time ago may change again within the same tick of its clock.
SETTLED_S = 2.0


@dataclass(frozen=True)
class _SpecState:
    """A specification as it was read. stamp: of the file then; None if it may have changed since.
    trouble: why the file cannot be read now; the specification is an earlier one then, if any."""

    stamp: tuple[int, int, int] | None
    spec: Spec | None
    trouble: SpecError | None = None


@dataclass(frozen=True)
class SpecTrouble:
    """A homework's file that cannot be read. why: with its path and the remedy. known: whether an
    earlier one holds meanwhile."""

    name: str
    why: str
    known: bool


class KeptSpecs:
    """The last specification of each homework that could be read. folder: for copies of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[str, _SpecState] = {}

    def look(self, name: str, path: Path) -> _SpecState:
        """What there is of a homework now. path: of its file."""
        with self._lock:
            before = self._read.get(name)
            stamp = _stamp_of(path)
            if before is not None and stamp is not None and before.stamp == stamp:
                return before
            found = self._read[name] = self._look(name, path, before)
            return found

    def _look(self, name: str, path: Path, before: _SpecState | None) -> _SpecState:
        stamp = _stamp_of(path)
        if stamp is not None and time.time() - stamp[0] / 1e9 < SETTLED_S:
            stamp = None
        kept = self._folder / f"{name}.toml"
        try:
            data = _bytes_of(path)
            spec = parse_spec(path, data)
        except SpecError as exc:
            if before is None or str(before.trouble) != str(exc):
                _LOG.error("%s", exc)
            return _SpecState(stamp, before.spec if before is not None else _spec_in(kept), exc)
        if before is None or before.spec != spec:
            _keep(kept, data)
        return _SpecState(stamp, spec)


def _keep(path: Path, data: bytes) -> None:
    try:
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data, private=True)  # a rubric gives answers away
    except OSError as exc:
        _LOG.warning("%s cannot be written: %s", path, exc.strerror)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise SpecError(f"{path} cannot be read: {exc.strerror}") from None


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino


def _spec_in(path: Path) -> Spec | None:
    try:
        return read_spec(path)
    except SpecError:
        return None  # there is none, or an older program kept it


@dataclass(frozen=True)
class ServedCourse(Course):
    """A course whose homeworks stay as they were read last. See the top of this module."""

    kept: KeptSpecs

    @property
    def known_names(self) -> list[str]:
        """The homeworks of which there is a specification, if only an earlier one."""
        return [name for name in self.names if self._look(name).spec is not None]

    @property
    def troubles(self) -> tuple[SpecTrouble, ...]:
        """The homeworks whose file cannot be read now."""
        looked = [(name, self._look(name)) for name in self.names]
        return tuple(
            SpecTrouble(name, str(each.trouble), each.spec is not None)
            for name, each in looked
            if each.trouble is not None
        )

    def spec(self, name: str) -> Spec:
        """As it was read last. Raises as `assignment`, but SpecError only if it never was read."""
        self._require(name)
        found = self._look(name)
        if found.spec is None:
            assert found.trouble is not None, "without a specification there is a reason"
            raise found.trouble
        return found.spec

    def assignment(self, name: str) -> Assignment:
        """With the specification that was read last."""
        return load_assignment(*self._places(name), spec=self.spec(name))

    def _look(self, name: str) -> _SpecState:
        return self.kept.look(name, self.root / "assignments" / name / SPEC_NAME)
