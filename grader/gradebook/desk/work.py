"""The files of an attempt, wherever they lie, and the written answers among them.

What was handed in to the course's server lies in its folder, by its SHA-256. What was graded by
command lies where it was found then. Either may be gone by now, which is told and is no answer of
nobody's.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.course import Course
from grader.gradebook.records import Attempt
from grader.submission.answers import answers_for_marking, attached
from grader.submission.files import Submission, read_archive, read_submission

MOST_KEPT = 20_000
GONE = "the files of this submission are no longer at {source}; put them back to mark it"


@dataclass(frozen=True)
class WrittenWork:
    """The written answers of one attempt.

    text: None if there is none. attachments: the names of documents and pictures that hold answers.
    trouble: why nothing could be read; "" if it could.
    """

    text: str | None
    attachments: tuple[str, ...] = ()
    trouble: str = ""


class WorkReader:
    """Reads attempts of one course. What was read as text is kept in memory. Safe for threads."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, str], WrittenWork] = OrderedDict()

    def files(self, attempt: Attempt) -> Submission:
        """Everything that was handed in. `problem` says so if it cannot be read any more."""
        return read_work(self._course, attempt)

    def written(self, attempt: Attempt) -> WrittenWork:
        """The written answers of an attempt."""
        key = attempt.key, attempt.sha256
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        submission = self.files(attempt)
        work = _written(submission.files, submission.problem or "")
        if not work.trouble:  # what is gone may come back
            with self._lock:
                self._kept[key] = work
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return work


def read_work(course: Course, attempt: Attempt) -> Submission:
    """The files of an attempt. Never raises for what a student did; see `Submission.problem`."""
    kept = bytes_on_server(course, attempt.sha256)
    if kept is not None:
        return read_archive(kept)
    for path in (Path(attempt.source), course.root / attempt.source):
        if attempt.source and path.exists():
            return read_submission(path)
    gone = GONE.format(source=attempt.source or "the place where they were")
    return Submission({}, attempt.sha256, problem=gone)


def bytes_on_server(course: Course, sha256: str) -> bytes | None:
    """What was handed in to the server, as it came; None if it was not or is no longer there."""
    folder = course.root / course.settings.server.data / "blobs"
    try:
        return (folder / sha256[:2] / sha256[2:]).read_bytes()
    except OSError:
        return None


def _written(files: Mapping[str, bytes], problem: str) -> WrittenWork:
    if problem:
        return WrittenWork(None, trouble=problem)
    return WrittenWork(answers_for_marking(files), attached(files))
