"""Results of grading again that wait in a folder, beside what the server keeps, to be accepted."""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course.course import Course
from grader.errors import CourseError, SpecError, StorageFailed, UsageError
from grader.gradebook.records import Attempt
from grader.gradebook.regrading import Proposal
from grader.reports.schema import read_report
from grader.server.hand_ins.blobs import Blobs
from grader.server.records import HandIn
from grader.submission.sources import Source

ARCHIVES = "hand-ins"  # what was handed in, as long as it is graded
FINISHED = "finished.json"  # beside the reports, once all of them are there
LOCK = "lock"
SAID = "said.txt"  # what a run that was begun on the page has said


@dataclass(frozen=True)
class RegradeRun:
    """A run that has ended. version: of the homework then. labels: of what it graded."""

    at: datetime
    who: str
    version: str
    labels: tuple[str, ...]


@contextlib.contextmanager
def alone(course: Course, name: str) -> Iterator[Path]:
    """The folder of a homework's results, while nobody else works in it.

    Raises UsageError if somebody does, in whatever process.
    """
    folder = regrade_folder(course, name)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(f"{name} is being graded again just now; wait for the end") from None
        yield folder


def regrade_folder(course: Course, name: str) -> Path:
    """Where results of grading a homework again wait."""
    return course.root / course.settings.server.data / "regrade" / name


def drop_results(course: Course, name: str | None = None) -> None:
    """Remove the results that wait, of a homework or of all: they hold what people handed in."""
    folder = regrade_folder(course, name or "")
    shutil.rmtree(folder, ignore_errors=True)


def write_run(folder: Path, run: RegradeRun) -> None:
    """Say that a run has ended."""
    values = {**vars(run), "at": run.at.isoformat()}
    (folder / FINISHED).write_text(json.dumps(values), encoding="utf-8")


def read_run(folder: Path) -> RegradeRun | None:
    """The run whose results wait; None if there is none that has ended."""
    try:
        values = json.loads((folder / FINISHED).read_text("utf-8"))
        at, labels = datetime.fromisoformat(values["at"]), tuple(values["labels"])
        return RegradeRun(at, values["who"], values["version"], labels)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def version_of(course: Course, name: str) -> str:
    """What a homework consists of now; "" if it cannot be read."""
    try:
        return course.assignment(name).version
    except (SpecError, CourseError):
        return ""


def read_proposals(folder: Path, name: str, run: RegradeRun) -> dict[str, Proposal]:
    """The results of a run, by label. What cannot be read is left out."""
    found = {}
    for label in run.labels:
        path = folder / name / f"{label}.json"
        with contextlib.suppress(OSError, UsageError, ValueError):
            theirs = (path.parent / "student" / path.name).read_text("utf-8")
            found[label] = Proposal(read_report(path), (path.read_text("utf-8"), theirs))
    return found


def sources_of(
    blobs: Blobs, folder: Path, attempts: Iterable[Attempt], hand_ins: Iterable[HandIn]
) -> list[Source]:
    """What was handed in as those attempts, as archives in the folder. Without what is gone."""
    came = {each.attempt: each for each in hand_ins if each.attempt is not None}
    place = folder / ARCHIVES
    place.mkdir(parents=True, exist_ok=True)
    found = []
    for attempt in attempts:
        hand_in = came.get(attempt.key)
        if hand_in is None:
            continue
        path = place / f"{attempt.label}.zip"
        with contextlib.suppress(StorageFailed):
            path.write_bytes(blobs.read(hand_in.sha256))
            found.append(
                Source(
                    path=path,
                    student=hand_in.student_id,
                    assignment=attempt.assignment,
                    received_at=attempt.received_at,
                    label=attempt.label,
                    members=attempt.members,
                    source=attempt.source,
                )
            )
    return found
