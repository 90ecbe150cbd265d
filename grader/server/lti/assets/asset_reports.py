"""What a platform is told of a file that was handed in there. Pure.

The names are those of the Asset Report Service as Canvas documents it ("Document Processor").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grader.course.feedback import StudentView
from grader.gradebook.records import Grade
from grader.server.lti.protocol.asset_records import (
    TOO_LARGE,
    UNSUPPORTED,
    PlatformSubmission,
    SubmissionState,
)
from grader.server.records import HandIn, HandInState

# Of several reports on a file with one type, the platform shows the newest.
TYPE = "grading"
DONE = "done"
LONGEST_RESULT = 16  # Canvas cuts longer ones
LONGEST_COMMENT = 1000
FAILED_HERE = (
    "The grader failed, which costs no points; the course’s staff have been told and look at it."
)


class ReportProgress(StrEnum):
    """The standard's `processingProgress`."""

    PROCESSING = "Processing"
    PROCESSED = "Processed"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"


@dataclass(frozen=True)
class AssetReport:
    """What is told. error: the standard's code. result: in a few letters. is_for_owner: whether the
    person who handed in may read it, too."""

    progress: ReportProgress
    title: str
    result: str = ""
    comment: str = ""
    error: str = ""
    is_for_owner: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """As the platform takes it, but for the file and the time."""
        said: dict[str, Any] = {
            "type": TYPE,
            "title": self.title[:200],
            "processingProgress": self.progress.value,
            "priority": 0,
            "visibleToOwner": self.is_for_owner,
        }
        more = {"result": self.result, "comment": self.comment[:LONGEST_COMMENT]}
        more |= {"errorCode": self.error}
        return said | {name: value for name, value in more.items() if value}


def report_on(
    submission: PlatformSubmission,
    title: str,
    hand_in: HandIn | None,
    grade: Grade | None,
    seen: StudentView | None,
) -> AssetReport | None:
    """What a platform is to know now; None while there is nothing to say.

    hand_in: what the submission became. grade: of whoever handed in, and what they see of it now:
    points are told only if they see them, and only beside the attempt that counts.
    """
    if submission.state is SubmissionState.FAILED:
        for_owner = submission.error in (UNSUPPORTED, TOO_LARGE)
        return AssetReport(
            ReportProgress.FAILED,
            title,
            comment=submission.trouble,
            error=submission.error,
            is_for_owner=for_owner,
        )
    if hand_in is None:
        if not submission.trouble:
            return None
        return AssetReport(ReportProgress.PENDING_MANUAL, title, comment=submission.trouble)
    if hand_in.state is HandInState.OPEN:
        return AssetReport(ReportProgress.PENDING_MANUAL, title, comment=FAILED_HERE)
    if hand_in.state is not HandInState.GRADED:
        return AssetReport(ReportProgress.PROCESSING, title)
    result = _result(hand_in, grade, seen)
    return AssetReport(ReportProgress.PROCESSED, title, result=result, is_for_owner=True)


def _result(hand_in: HandIn, grade: Grade | None, seen: StudentView | None) -> str:
    if grade is None or seen is None or not seen.grade or grade.points is None:
        return DONE
    if grade.attempt is None or grade.attempt.key != hand_in.attempt:
        return DONE
    points = f"{grade.points:.10g}/{grade.max_points:.10g}"
    return points if len(points) <= LONGEST_RESULT else DONE
