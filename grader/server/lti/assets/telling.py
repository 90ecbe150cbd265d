"""Puts reports beside the files that were handed in in a platform, and keeps them true.

What is to be told is worked out anew from what there is: soon after a hand-in's state changes, and
now and then for all of them, as points change with a mark, a release, or a due date that passes. It
is sent if it differs from what the platform took last.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from grader.course.feedback import StudentView
from grader.errors import CourseError, SpecError, UsageError
from grader.gradebook.records import Grade
from grader.gradebook.released import shown_by
from grader.gradebook.releases import Release, Releases
from grader.server.lti.assets.asset_reports import report_on
from grader.server.lti.assets.collecting import MOST_TRIES, pause
from grader.server.lti.assets.told import AssetTelling, ToldReports, state_of
from grader.server.lti.protocol.access import PlatformAccess
from grader.server.lti.protocol.asset_records import PlatformSubmission
from grader.server.lti.protocol.records import Platform, PlatformCourse, PlatformFault
from grader.server.records import HandIn
from grader.server.site.site import Site

EVERY_S = 60.0
# So many at once are looked up for the whole class.
MANY = 20
# After so many answers that are the platform's own trouble, the rest waits for the next look.
MOST_FAULTS = 3
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
        if not submissions:
            return
        site, told = self._site, self._told.of([each.key for each in submissions])
        platforms = {each.key: each for each in site.platforms.all() if each.confirmed}
        used = {_place(each) for each in site.platforms.courses() if each.used}
        faults: Counter[int] = Counter()
        for name in dict.fromkeys(each.assignment for each in submissions):
            some = [each for each in submissions if each.assignment == name]
            homework = _HomeworkGrades(site, name, whole=len(some) > MANY)
            for each in some:
                # To the teachers of a course that is not used we say nothing.
                platform = platforms.get(each.platform) if _place(each) in used else None
                files = told.get(each.key, ())
                if faults[each.platform] < MOST_FAULTS:
                    faults[each.platform] += self._tell(each, platform, homework, files)

    def _tell(
        self,
        submission: PlatformSubmission,
        platform: Platform | None,
        homework: _HomeworkGrades,
        files: Sequence[AssetTelling],
    ) -> int:
        """Send what is new of one; how often the platform itself failed."""
        faults, hand_in = 0, homework.hand_in(submission)
        if platform is not None:
            report = report_on(submission, homework.title, hand_in, *homework.seen(hand_in))
            text = "" if report is None else json.dumps(report.content, sort_keys=True)
            faults = sum(self._send(submission, platform, each, text) for each in files if text)
        state = state_of(submission) if hand_in is None else hand_in.state.value
        if submission.looked != state:
            self._told.looked(submission.key, state)
        return faults

    def _send(
        self, submission: PlatformSubmission, platform: Platform, file: AssetTelling, text: str
    ) -> bool:
        """Send one report if it is new. Returns whether the platform itself failed at it."""
        now = self._site.clock()
        tries = file.tries if file.tried == text else 0
        if file.told == text and not file.refused:
            return False
        if file.tried == text and file.refused and (file.next_at > now or tries >= MOST_TRIES):
            return False
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
            return is_passing
        self._told.taken(file.key, text, at)
        return False


class _HomeworkGrades:
    """One homework's grades and releases, for as long as its submissions are looked at."""

    def __init__(self, site: Site, name: str, *, whole: bool) -> None:
        self._site = site
        self._name = name
        known = name in site.course.names
        self.title = site.course.spec(name).title if known else name or site.course.settings.name
        self._releases: tuple[Release, ...] = Releases(site.engine).of(name) if known else ()
        self._grades: dict[str, Grade] = {}
        self._hand_ins: dict[int, HandIn] = {}
        if known and whole:
            self._grades = {each.student.id: each for each in site.book.grades(name)}
            self._hand_ins = {each.key: each for each in site.hand_ins.of_homework(name)}

    def hand_in(self, submission: PlatformSubmission) -> HandIn | None:
        """What a submission became."""
        key = submission.hand_in
        if key is None:
            return None
        return self._hand_ins.get(key) or self._site.hand_ins.hand_in(key)

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


def _place(of: PlatformSubmission | PlatformCourse) -> tuple[int, str, str]:
    """A course in a platform."""
    return of.platform, of.deployment, of.context


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
