"""Records a grading run while it runs, a few submissions per transaction.

Whatever is killed, and whenever, the gradebook contains only complete submissions; the next run of
the same command records what is missing, because it recognises what is recorded already.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import CourseError
from grader.gradebook.grades.counting import attempt_of, counting_in_book
from grader.gradebook.marking.marking import digests_of, written
from grader.gradebook.records import Attempt, ReportTexts
from grader.gradebook.store import Gradebook
from grader.reports.summary import Row
from grader.submission.sources import Source

# Each transaction looks up everybody once, however few submissions it records.
BATCH_CHARACTERS = 32_000_000
BATCH_S = 2.0


class Recorder:
    """Takes each submission when its reports are written, and records it soon after.

    A gradebook that fails in the middle does not stop the grading: `trouble` says why, and
    nothing more is recorded.
    """

    def __init__(self, book: Gradebook, out: Path, who: str) -> None:
        self.trouble: str | None = None
        self._book = book
        self._out = out
        self._who = who
        self._waiting: list[tuple[Attempt, ReportTexts | None]] = []
        self._characters = 0
        self._flushed_at = time.monotonic()

    def add(self, source: Source, row: Row) -> None:
        """Take one submission. Its reports are read from the folder of reports."""
        staff = self._out / row.report
        theirs = staff.parent / "student" / staff.name
        texts = _text(staff), _text(theirs)
        attempt = attempt_of(source, row)
        if questions := self._book.questions(row.assignment):
            answers = digests_of(written(source.read().files), questions)
            attempt = replace(attempt, answers=answers)
        self._waiting.append((attempt, texts if texts[0] else None))
        self._characters += len(texts[0]) + len(texts[1])
        late = time.monotonic() - self._flushed_at > BATCH_S
        if late or self._characters >= BATCH_CHARACTERS:
            self.flush()

    def counting(self, attempts: Sequence[Attempt]) -> list[bool] | None:
        """For each attempt of the run, whether it counts according to the gradebook.

        None if the gradebook can no longer be used.
        """
        self.flush()
        if self.trouble is not None:
            return None
        recorded: list[Attempt] = []
        chosen: set[int] = set()
        try:
            for assignment in sorted({attempt.assignment for attempt in attempts}):
                recorded += self._book.attempts(assignment)
                grades = self._book.grades(assignment)
                chosen |= {grade.attempt.key for grade in grades if grade.attempt is not None}
        except CourseError as exc:
            self.trouble = str(exc)
            return None
        return counting_in_book(attempts, recorded, frozenset(chosen))

    def flush(self) -> None:
        """Record everything that is waiting."""
        waiting, self._waiting, self._characters = self._waiting, [], 0
        self._flushed_at = time.monotonic()
        if not waiting or self.trouble is not None:
            return
        try:
            self._book.record(waiting, who=self._who)
        except CourseError as exc:
            self.trouble = str(exc)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
