"""Receipts: what was handed in, when, and where. Each is a separate file in `.grader/receipts`.

A receipt names the archive by its SHA-256. It proves nothing by itself; together with the archive
that staff hold, it shows that both are the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from grader._internal.files import write_atomically
from grader.course.course import Course
from grader.errors import CourseError

FOLDER = "receipts"


class Receipt(BaseModel):
    """One delivery.

    time: by this machine's clock, or by that of the course's server. sha256, file: of the archive,
    and where it was put, or the address of its page. work: the digest of the files that were handed
    in, without the figures that were drawn for it. partners: who made it together with the student.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    assignment: str
    student: str
    time: AwareDatetime
    sha256: str
    file: str
    work: str = ""
    partners: tuple[str, ...] = ()

    @property
    def makers(self) -> str:
        """For people: "ada", "ada with bob and eve"."""
        return makers(self.student, self.partners)


def makers(student: str, partners: Sequence[str]) -> str:
    """For people: "ada", "ada with bob and eve"."""
    if not partners:
        return student
    return f"{student} with {' and '.join(filter(None, (', '.join(partners[:-1]), partners[-1])))}"


class State(StrEnum):
    """What has happened to the archive that a receipt names."""

    VALID = "valid"
    SERVER = "server"  # the course's server has it, and signed for it
    GONE = "gone"
    CHANGED = "changed"


def keep_receipt(course: Course, receipt: Receipt) -> Path:
    """Save a receipt, never replacing another one. Raises CourseError if that is impossible."""
    stamp = receipt.time.strftime("%Y%m%dT%H%M%SZ")
    name = f"{receipt.assignment}_{stamp}_{receipt.sha256[:12]}.json"
    path = course.memory / FOLDER / name
    try:
        write_atomically(path, (receipt.model_dump_json(indent=2) + "\n").encode())
    except OSError as exc:
        raise CourseError(f"cannot write {path}: {exc.strerror}") from None
    return path


def keep_text(course: Course, assignment: str, sha256: str, text: str) -> None:
    """Save a server's receipt as it came: its signature holds for exactly that text.

    Raises CourseError if that is impossible.
    """
    path = course.memory / FOLDER / "server" / f"{assignment}_{sha256[:12]}.json"
    try:
        write_atomically(path, (text + "\n").encode())
    except OSError as exc:
        raise CourseError(f"cannot write {path}: {exc.strerror}") from None


def receipts_of(course: Course, assignment: str) -> list[Receipt]:
    """The receipts of one homework, the oldest first. What cannot be read is left out."""
    found = []
    for path in (course.memory / FOLDER).glob("*.json"):
        receipt = _read(path)
        if receipt is not None and receipt.assignment == assignment:
            # The time tells whole seconds; of two in the same one, the later was written later.
            found.append((receipt.time, path.stat().st_mtime_ns, receipt))
    return [receipt for *_, receipt in sorted(found, key=_when)]


def unreadable_receipts(course: Course, assignment: str) -> list[Path]:
    """The files of one homework's receipts that are damaged. See keep_receipt for their names."""
    written = re.compile(re.escape(assignment) + r"_\d{8}T\d{6}Z_[0-9a-f]{12}\.json")
    files = sorted((course.memory / FOLDER).glob("*.json"))
    return [path for path in files if written.fullmatch(path.name) and _read(path) is None]


def _read(path: Path) -> Receipt | None:
    """What a file says; None where it cannot be read."""
    try:
        return Receipt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _when(found: tuple[datetime, int, Receipt]) -> tuple[datetime, int]:
    return found[:2]


def state_of(receipt: Receipt) -> State:
    """Whether the archive is still in its place and unchanged. A server is not asked."""
    if receipt.file.startswith(("https://", "http://")):
        return State.SERVER
    try:
        data = Path(receipt.file).read_bytes()
    except OSError:
        return State.GONE
    same = hashlib.sha256(data).hexdigest() == receipt.sha256
    return State.VALID if same else State.CHANGED
