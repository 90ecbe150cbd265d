"""The values of what is handed in in a platform: notices, submissions and their files.

Times are aware and in UTC. An asset is a file that somebody handed in there (LTI Asset Processor).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SUBMISSION_NOTICE = "LtiAssetProcessorSubmissionNotice"
MOST_NOTICES = 50  # in one request
# Codes of the standard for reports of what could not be processed.
UNSUPPORTED, TOO_LARGE, DOWNLOAD_FAILED = (
    "UNSUPPORTED_ASSET_TYPE",
    "ASSET_TOO_LARGE",
    "DOWNLOAD_FAILED",
)


@dataclass(frozen=True)
class AssetFile:
    """A file in the platform. filename: "" for a text that was typed into a form there.

    sha256: in base64. size: in bytes, as the platform says.
    """

    asset: str
    url: str
    filename: str
    sha256: str
    size: int
    key: int = 0


@dataclass(frozen=True)
class SubmissionNotice:
    """A platform's word that somebody handed in there.

    subject: who, as the platform names them. homework: which of ours, "" if it names none.
    report_url: where reports go, "" for nowhere.
    """

    platform: int
    deployment: str
    context: str
    course: str
    subject: str
    homework: str
    submission: str
    submitted_at: datetime
    report_url: str
    files: tuple[AssetFile, ...]


class SubmissionState(StrEnum):
    """How far a submission of a platform has come here."""

    WAITING = "waiting"
    TAKEN = "taken"  # it is a hand-in now
    FAILED = "failed"


@dataclass(frozen=True)
class PlatformSubmission:
    """A submission of a platform. See the table `lti_submissions`.

    trouble: why it is not handed in yet, "" if nothing is in its way. error: the standard's code.
    looked: see `told`.
    """

    key: int
    platform: int
    deployment: str
    context: str
    subject: str
    assignment: str
    report_url: str
    submitted_at: datetime
    state: SubmissionState
    trouble: str
    error: str
    tries: int
    next_at: datetime
    looked: str
    hand_in: int | None
