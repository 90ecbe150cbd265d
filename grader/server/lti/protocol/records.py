"""The values of the connection to an LMS, without a database and without cryptography.

Times are aware and in UTC. `key` is the row's number in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from grader.errors import GraderFault

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SCOPES = (
    f"{AGS}scope/lineitem",
    f"{AGS}scope/result.readonly",
    f"{AGS}scope/score",
    f"{NRPS}scope/contextmembership.readonly",
)
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINK = "LtiDeepLinkingRequest"
PROCESSOR_SETTINGS = "LtiAssetProcessorSettingsRequest"
REPORT_REVIEW = "LtiReportReviewRequest"
MESSAGES = (RESOURCE_LINK, DEEP_LINK, PROCESSOR_SETTINGS, REPORT_REVIEW)
# Asset processors: files that are handed in in the platform, and reports beside them.
NOTICES_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
ASSETS_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/asset.readonly"
REPORTS_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/report"
ASSET_SCOPES = (NOTICES_SCOPE, ASSETS_SCOPE, REPORTS_SCOPE)


class PlatformFault(GraderFault):
    """A platform cannot be reached, or its answer cannot be used.

    status: of HTTP, 0 if there was no answer.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class JoinedBy(StrEnum):
    """By what a platform's account is joined to a student at the first launch."""

    HAND = "hand"
    SOURCED_ID = "sourced_id"
    EMAIL = "email"

    @property
    def words(self) -> str:
        """For owners."""
        return {
            JoinedBy.HAND: "nothing: an owner joins each by hand",
            JoinedBy.SOURCED_ID: "the id of the institution (lis.person_sourcedid)",
            JoinedBy.EMAIL: "the email address that the platform says",
        }[self]


@dataclass(frozen=True)
class PlatformSettings:
    """What an owner, or its registration, says of a platform.

    deployments: the ids of the deployments from which launches are accepted. token_audience: for
    whom our own tokens are; "" for the token URL.
    """

    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    key_set_url: str
    token_audience: str = ""
    deployments: tuple[str, ...] = ()
    joined_by: JoinedBy = JoinedBy.HAND


@dataclass(frozen=True)
class Platform:
    """A learning-management system. confirmed: an owner has seen it; else no launch counts."""

    key: int
    settings: PlatformSettings
    confirmed: bool
    at: datetime

    @property
    def called(self) -> str:
        """For people."""
        return self.settings.name or self.settings.issuer


class Reason(StrEnum):
    """Why a launch was refused."""

    PLATFORM = "platform"
    UNCONFIRMED = "unconfirmed"
    KEYS = "keys"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    DEPLOYMENT = "deployment"
    REPLAY = "replay"
    PERSON = "person"
    AMBIGUOUS = "ambiguous"
    INACTIVE = "inactive"
    STATE = "state"
    FULL = "full"

    @property
    def words(self) -> str:
        """For owners: the fact and the remedy."""
        return {
            Reason.PLATFORM: "it came from a platform that is not connected; compare issuer and "
            "client id with those of your platforms",
            Reason.UNCONFIRMED: "the platform registered itself and waits for your confirmation",
            Reason.KEYS: "the platform's keys could not be read; check the address of its key set",
            Reason.SIGNATURE: "the signature is not of a key that the platform publishes; check "
            "the address of its key set",
            Reason.CLAIMS: "the token is not for this server, or not valid now; check the client "
            "id and the clocks",
            Reason.DEPLOYMENT: "the deployment is not accepted yet; add it to the platform if it "
            "is yours",
            Reason.REPLAY: "the token had been used already; a person has to open the link again, "
            "and a notice was taken the first time",
            Reason.PERSON: "nobody here is joined with that account; see the list of people",
            Reason.AMBIGUOUS: "what the platform says of the person does not mean one student "
            "alone, or that student is joined with another account; see the list of people",
            Reason.INACTIVE: "the person's access here has ended",
            Reason.STATE: "the launch was not begun in that browser, or it took too long; a "
            "browser that blocks cookies does so, too",
            Reason.FULL: "too many hand-ins of the platform wait to be fetched; see to those that "
            "are listed",
        }[self]


class LaunchRefused(Exception):
    """A launch that does not count. detail: more about it, for owners."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.words)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Refusal:
    """How often launches were refused for one reason. platform: its key, 0 for an unknown one."""

    platform: int
    reason: Reason
    detail: str
    count: int
    at: datetime


@dataclass(frozen=True)
class LaunchAttempt:
    """What the browser keeps between the two ends of a launch."""

    platform: int
    state: str
    nonce: str


@dataclass(frozen=True)
class PlatformPerson:
    """Whom a platform signed in. course: the title of theirs. key: 0 if nothing is kept of them."""

    platform: int
    subject: str
    name: str = ""
    email: str = ""
    sourced_id: str = ""
    course: str = ""
    key: int = 0


@dataclass(frozen=True)
class PlatformCourse:
    """A course in a platform. used: an owner said that its grades and people are this course's.

    line_items_url, memberships_url: of its services, "" where it offers none.
    """

    platform: int
    deployment: str
    context: str
    title: str
    line_items_url: str = ""
    memberships_url: str = ""
    used: bool = False
    key: int = 0


@dataclass(frozen=True)
class DeepLinking:
    """Where the chosen links go. data: what the platform wants back unchanged; None for nothing.

    accepts_processors: what is handed in in the platform may be processed here. notices_url: where
    to say that we want its notices, "" for nowhere.
    """

    return_url: str
    accepts_links: bool
    accepts_processors: bool
    notices_url: str
    accepts_several: bool
    accepts_line_items: bool
    data: str | None


@dataclass(frozen=True)
class Launch:
    """A launch whose token was verified. homework: "" if it names none of ours.

    asset: the file in the platform whose report is to be seen, "" for none.
    """

    person: PlatformPerson
    course: PlatformCourse | None
    homework: str
    deep_linking: DeepLinking | None = None
    asset: str = ""


@dataclass(frozen=True)
class SentScore:
    """The last score of a student that was sent; see the table `lti_scores`.

    points: that the platform took last, of max_points. at: its time stamp.
    """

    student: int
    points: float | None
    max_points: float
    pending: bool
    refused: str
    at: datetime


@dataclass(frozen=True)
class PlatformMember:
    """Somebody in a course of a platform. roles: as it names them."""

    subject: str
    name: str
    email: str
    sourced_id: str
    roles: tuple[str, ...]

    @property
    def is_learner(self) -> bool:
        """Whether they are a student there, and not of its staff or an observer."""
        return any(role.endswith("#Learner") or role == "Learner" for role in self.roles)
