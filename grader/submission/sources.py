"""Where a submission comes from, before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from grader.submission.files import Submission, read_submission

MAX_MEMBERS = 20
# The folder of what belongs to none of the course's assignments.
UNKNOWN = "unknown"
# What is known of when it came. "" where the time is known; else the files bear the time of the
# download, and all that is known of the hand-in's is the word: "unsure" where the system marks what
# is late, and other files lie among those of its download.
Clock = Literal["", "in time", "late", "unsure", "nothing"]


@dataclass(frozen=True)
class Source:
    """Where one submission lies, before it is read.

    student: from the manifest, or the name of its folder or file. assignment: None if neither the
    command, the manifest nor the layout tells. warnings: what was odd about finding it.
    label: its report's file name.
    claimed, members: the student and their partners as the manifest names them, which proves
    nothing. parts: the files that are the submission together, with the names they have in it,
    where they lie among others'; else `path` is all of it. source: where it came from, as people
    know it, if not `path`. clock: what is known of `received_at`; see Clock.
    """

    path: Path
    student: str
    assignment: str | None
    received_at: datetime
    warnings: tuple[str, ...] = ()
    label: str = ""
    claimed: str | None = None
    members: tuple[str, ...] = ()
    parts: tuple[tuple[str, Path], ...] = ()
    source: str = ""
    clock: Clock = ""

    def read(self) -> Submission:
        """Its files. Never raises for what a student did."""
        return read_submission(self.path, self.parts)
