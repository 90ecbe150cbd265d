"""Fetches what was handed in in a platform, and hands it in here for whom it is.

Theory of operation. A notice is kept before it is answered; from then on the submission waits here
until it is a hand-in, whatever fails meanwhile. What an owner can remove (a course that is not
used, somebody who is nobody here) is waited for without an end; what the platform fails at is tried
ever more rarely and given up at last. The hand-in and the mark that the submission is one are one
transaction, so that no submission is handed in twice.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from grader.errors import StorageFailed, TooMany
from grader.server.http.uploads import NotReceived, archive_of, too_large
from grader.server.lti.assets.submissions import ClaimLost, Submissions
from grader.server.lti.platforms.who import account_of
from grader.server.lti.protocol.access import PlatformAccess
from grader.server.lti.protocol.asset_records import (
    DOWNLOAD_FAILED,
    TOO_LARGE,
    UNSUPPORTED,
    AssetFile,
    PlatformSubmission,
)
from grader.server.lti.protocol.outbound import FILE_S, FileTooLarge
from grader.server.lti.protocol.records import (
    ASSETS_SCOPE,
    REPORTS_SCOPE,
    LaunchRefused,
    Platform,
    PlatformCourse,
    PlatformFault,
    PlatformMember,
    PlatformPerson,
)
from grader.server.lti.protocol.services import CourseServices
from grader.server.records import Account
from grader.server.site.site import Site

FILE_SCOPES = (ASSETS_SCOPE, REPORTS_SCOPE)
CLAIM_S = 600.0
WHOLE_S = CLAIM_S - 3 * FILE_S  # for all files of a submission
MOST_TRIES = 12  # with the pauses below, for some six hours
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# How often to look for what an owner has to do; they wake it themselves where they can.
OWNERS_PAUSE = timedelta(minutes=5)
ROSTER_KEPT_S = 60.0
ALERT = "not fetched"


class HandInWaits(Exception):
    """A submission cannot be handed in yet. until: None for as long as an owner takes."""

    def __init__(self, trouble: str, until: datetime | None = None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.until = until


class HandInImpossible(Exception):
    """A submission cannot be handed in at all. error: the standard's code, "" for none."""

    def __init__(self, trouble: str, error: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.error = error


class AssetCollector:
    """Hands in what waits. Safe for threads."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._store = Submissions(site.engine, site.clock)
        self._lock = threading.Lock()
        self._access: dict[Platform, PlatformAccess] = {}
        self._rosters: dict[int, tuple[float, Mapping[str, PlatformMember]]] = {}

    def step(self) -> bool:
        """See to the next submission that waits. False if none is due."""
        claimed = self._store.claim(CLAIM_S)
        if claimed is None:
            return False
        submission, holder = claimed
        site, key = self._site, submission.key
        try:
            self._hand_in(submission, holder)
            site.alerts.settle(ALERT, submission.assignment, _label(submission))
        except ClaimLost:
            pass
        except HandInWaits as exc:
            until = exc.until or site.clock() + OWNERS_PAUSE
            self._store.put_off(key, holder, exc.trouble, until, tried=False)
        except HandInImpossible as exc:
            self._give_up(submission, holder, exc.trouble, exc.error)
        except (PlatformFault, StorageFailed) as exc:
            if submission.tries + 1 >= MOST_TRIES:
                self._give_up(submission, holder, str(exc), DOWNLOAD_FAILED)
            else:
                until = site.clock() + pause(submission.tries)
                self._store.put_off(key, holder, str(exc), until, tried=True)
        return True

    def access(self, platform: Platform) -> PlatformAccess:
        """The platform's services for files and reports, with the token that there is."""
        with self._lock:
            if platform not in self._access:
                keys = self._site.tool_keys
                made = PlatformAccess(platform, FILE_SCOPES, keys, self._site.clock)
                self._access[platform] = made
            return self._access[platform]

    def _give_up(
        self, submission: PlatformSubmission, holder: str, trouble: str, error: str
    ) -> None:
        if self._store.give_up(submission.key, holder, trouble, error):
            subject = _label(submission)
            text = f"{subject} of the LMS could not be handed in: {trouble}; see “Platforms”"
            self._site.alerts.raise_alert(ALERT, submission.assignment, subject, text)

    def _hand_in(self, submission: PlatformSubmission, holder: str) -> None:
        site, name = self._site, submission.assignment
        platform, course = self._where(submission)
        if name not in site.course.names:
            raise HandInWaits(
                f"no homework is called {name!r} here; choose the homework for that assignment in "
                "the LMS again"
                if name
                else "the assignment in the LMS names no homework; choose one there again"
            )
        account = self._who(platform, course, submission.subject)
        files = self._files(submission, platform)
        try:
            data = archive_of([(each, io.BytesIO(content)) for each, content in files])
        except NotReceived as exc:
            raise HandInImpossible(str(exc), UNSUPPORTED) from None
        try:
            site.hand_ins.accept(
                name,
                account,
                site.blobs.put(data),
                len(data),
                received_at=submission.submitted_at,
                also=lambda connection, made: Submissions.take(
                    connection, submission.key, holder, made
                ),
            )
        except TooMany as exc:
            raise HandInWaits(str(exc), exc.retry_at) from None

    def _where(self, submission: PlatformSubmission) -> tuple[Platform, PlatformCourse]:
        """The platform and the course, if owners have said that both are this course's."""
        site = self._site
        platform = site.platforms.get(submission.platform)
        if platform is None or not platform.confirmed:
            raise HandInWaits("the platform is not connected any more")
        place = submission.platform, submission.deployment, submission.context
        for course in site.platforms.courses():
            if (course.platform, course.deployment, course.context) == place and course.used:
                return platform, course
        raise HandInWaits(
            "an owner has not said that this course of the LMS is used; open a link in it as an "
            "owner, then use it"
        )

    def _who(self, platform: Platform, course: PlatformCourse, subject: str) -> Account:
        site = self._site
        person = PlatformPerson(platform.key, subject, course=course.title)
        if site.platforms.account_of(platform.settings.issuer, subject) is None:
            found = self._roster(platform, course).get(subject)
            if found is not None:
                person = PlatformPerson(
                    platform.key, subject, found.name, found.email, found.sourced_id, course.title
                )
        try:
            account = account_of(site.accounts, site.platforms, platform, person)
        except LaunchRefused as exc:
            raise HandInWaits(exc.reason.words) from None
        if account.student is None:
            raise HandInImpossible(f"{account.called} is of the course's staff, and no student")
        return account

    def _roster(self, platform: Platform, course: PlatformCourse) -> Mapping[str, PlatformMember]:
        """The people of a course, as the platform told a short while ago."""
        if not course.memberships_url:
            return {}
        at, known = self._rosters.get(course.key, (0.0, {}))
        if time.monotonic() - at > ROSTER_KEPT_S or not at:
            services = CourseServices(platform, course, self._site.tool_keys, self._site.clock)
            known = {}
            # Who it is can be said by an owner, too: nothing is given up for want of the list.
            with contextlib.suppress(PlatformFault):
                known = {each.subject: each for each in services.members()}
            self._rosters[course.key] = time.monotonic(), known
        return known

    def _files(
        self, submission: PlatformSubmission, platform: Platform
    ) -> Sequence[tuple[str, bytes]]:
        """The names and contents of the files, each as it was announced."""
        limit, began = int(self._site.settings.upload_mb * 1e6), time.monotonic()
        wanted = [each for each in self._store.files(submission.key) if each.filename]
        if not wanted:
            raise HandInImpossible(
                "it is a text that was typed into the LMS's form; a file has to be handed in",
                UNSUPPORTED,
            )
        if sum(each.size for each in wanted) > limit:
            raise HandInImpossible(too_large(limit), TOO_LARGE)
        access, found = self.access(platform), []
        for each in wanted:
            if time.monotonic() - began > WHOLE_S:
                raise PlatformFault("the files took too long")
            try:
                data = access.file(each.url, limit)
            except FileTooLarge:
                raise HandInImpossible(too_large(limit), TOO_LARGE) from None
            _require_same(each, data)
            limit -= len(data)
            found.append((each.filename, data))
        return found


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


def _require_same(file: AssetFile, data: bytes) -> None:
    """Raises PlatformFault for other content than the signed notice announced."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    if not secrets.compare_digest(digest.encode(), file.sha256.encode()):
        raise PlatformFault(
            f"{file.filename} is not the file that was announced: its SHA-256 is another"
        )


def _label(submission: PlatformSubmission) -> str:
    return f"submission {submission.key}"
