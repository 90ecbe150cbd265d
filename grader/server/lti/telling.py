"""Puts reports beside the files that were handed in in a platform, and keeps them true.

What is to be told is worked out anew from what there is: soon after a hand-in's state changes, and
now and then for all of them, as points change with a mark, a release, or a due date that passes. It
is sent if it differs from what the platform took last.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from grader.course.feedback import StudentView
from grader.errors import CourseError, SpecError, UsageError
from grader.gradebook.records import Grade
from grader.gradebook.released import shown_by
from grader.gradebook.releases import Release, Releases
from grader.server.lti.access import PlatformAccess
from grader.server.lti.asset_records import PlatformSubmission
from grader.server.lti.asset_reports import report_on
from grader.server.lti.collecting import MOST_TRIES, pause
from grader.server.lti.records import Platform, PlatformFault
from grader.server.lti.told import AssetTelling, ToldReports
from grader.server.records import HandIn
from grader.server.site import Site

EVERY_S = 60.0
# So many at once are looked up for the whole class.
MANY = 20
KIND = "application/json"
# What the platform says of the moment, and not of the report.
PASSING = frozenset({0, 401, 408, 409, 429})


class AssetReporter:
    """Tells platforms of all submissions. access: how a platform is asked."""

    def __init__(self, site: Site, access: Callable[[Platform], PlatformAccess]) -> None:
        self._site = site
        self._access = access
        self._told = ToldReports(site.engine, site.clock)
        self._swept = 0.0

    def step(self) -> None:
        """Tell what is new; from time to time, look at everything."""
        if time.monotonic() - self._swept >= EVERY_S or not self._swept:
            self._swept = time.monotonic()
            self.tell(self._told.all())
        else:
            self.tell(self._told.changed())

    def tell(self, submissions: Sequence[PlatformSubmission]) -> None:
        """Send what the platforms do not have yet of these."""
        told = self._told.of([each.key for each in submissions])
        for name in dict.fromkeys(each.assignment for each in submissions):
            some = [each for each in submissions if each.assignment == name]
            class_ = _HomeworkGrades(self._site, name, whole=len(some) > MANY)
            for each in some:
                self._tell(each, class_, told.get(each.key, ()))

    def _tell(
        self,
        submission: PlatformSubmission,
        homework: _HomeworkGrades,
        files: Sequence[AssetTelling],
    ) -> None:
        site = self._site
        platform = site.platforms.get(submission.platform)
        if platform is None or not platform.confirmed or not self._is_used(submission):
            return
        found = submission.hand_in
        hand_in = None if found is None else site.hand_ins.hand_in(found)
        report = report_on(submission, homework.title, hand_in, *homework.seen(hand_in))
        if report is not None:
            text = json.dumps(report.content, sort_keys=True)
            for each in files:
                self._send(submission, platform, each, text)
        self._told.looked(submission, "" if hand_in is None else hand_in.state)

    def _is_used(self, submission: PlatformSubmission) -> bool:
        """Whether the course is; to another's teachers we say nothing."""
        place = submission.platform, submission.deployment, submission.context
        return any(
            each.used and (each.platform, each.deployment, each.context) == place
            for each in self._site.platforms.courses()
        )

    def _send(
        self, submission: PlatformSubmission, platform: Platform, file: AssetTelling, text: str
    ) -> None:
        now = self._site.clock()
        tries = file.tries if file.tried == text else 0
        if file.told == text and not file.refused:
            return
        if file.tried == text and file.refused and (file.next_at > now or tries >= MOST_TRIES):
            return
        at = max(now, file.at + timedelta(milliseconds=1))
        said = {**json.loads(text), "assetId": file.asset, "timestamp": _stamp(at)}
        try:
            access = self._access(platform)
            url, own = submission.report_url, access.origins
            access.ask("POST", url, None, body=said, kind=KIND, own=own)
        except PlatformFault as exc:
            is_passing = exc.status in PASSING or exc.status >= 500
            count = tries + 1 if is_passing else MOST_TRIES
            self._told.refused(file.key, text, at, str(exc), count, now + pause(tries))
        else:
            self._told.taken(file.key, text, at)


class _HomeworkGrades:
    """One homework's grades and releases, for as long as its submissions are looked at."""

    def __init__(self, site: Site, name: str, *, whole: bool) -> None:
        self._site = site
        self._name = name
        known = name in site.course.names
        self.title = site.course.spec(name).title if known else name or site.course.settings.name
        self._releases: tuple[Release, ...] = Releases(site.engine).of(name) if known else ()
        self._grades: dict[str, Grade] = {}
        if known and whole:
            self._grades = {each.student.id: each for each in site.book.grades(name)}

    def seen(self, hand_in: HandIn | None) -> tuple[Grade | None, StudentView | None]:
        """The grade of whoever handed in, and what they see of it now."""
        if hand_in is None or self._name not in self._site.course.names:
            return None, None
        site = self._site
        try:
            grade = self._grades.get(hand_in.student_id)
            grade = grade or site.book.grade(self._name, hand_in.student_id)
            theirs = any(each.reaches(grade.student) for each in self._releases)
            rules = site.course.feedback(self._name)
        except (UsageError, SpecError, CourseError):
            return None, None  # staff are told elsewhere; nobody learns points by it
        return grade, shown_by(rules, grade, site.clock(), released=theirs)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
