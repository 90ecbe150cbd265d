"""What platforms were told of files, and what became of it. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, literal, or_, select, update

from grader.gradebook.connect import reading, writing
from grader.gradebook.models import hand_ins, lti_assets, lti_submissions, students
from grader.server.lti.assets.submissions import COLUMNS, submission_of
from grader.server.lti.protocol.asset_records import PlatformSubmission, SubmissionState

_REPORT = ("key", "asset", "told", "tried", "refused", "tries", "next_at", "at")


@dataclass(frozen=True)
class AssetTelling:
    """What was told of a file. told: the last report that was taken. tried: the last that was sent;
    refused: why it was not taken, "" if it was. at: its time stamp."""

    key: int
    asset: str
    told: str
    tried: str
    refused: str
    tries: int
    next_at: datetime
    at: datetime


@dataclass(frozen=True)
class RefusedReport:
    """A report that a platform did not take. student: the id of whoever handed in, or their name in
    the platform. key: of the submission."""

    key: int
    student: str
    refused: str
    tries: int
    at: datetime


class ToldReports:
    """The reports of all platforms. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def changed(self) -> tuple[PlatformSubmission, ...]:
        """Those of which there may be something new to tell, or to tell again, by their state."""
        again = select(lti_assets.c.submission).where(
            lti_assets.c.refused != "", lti_assets.c.next_at <= self._clock()
        )
        return self._submissions(or_(lti_submissions.c.looked != _now(), _key().in_(again)))

    def all(self) -> tuple[PlatformSubmission, ...]:
        """All of which platforms take reports."""
        return self._submissions()

    def _submissions(self, *where: ColumnElement[bool]) -> tuple[PlatformSubmission, ...]:
        query = select(*(lti_submissions.c[name] for name in COLUMNS))
        query = query.select_from(_with_hand_ins()).where(lti_submissions.c.report_url != "")
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(*where).order_by(_key()))
            return tuple(submission_of(row) for row in rows)

    def of(self, keys: Sequence[int]) -> Mapping[int, Sequence[AssetTelling]]:
        """What was told of the files of these submissions, by their key."""
        columns = [lti_assets.c[name] for name in _REPORT]
        found: dict[int, list[AssetTelling]] = {}
        with reading(self._engine) as connection:
            for begin in range(0, len(keys), 500):
                some = lti_assets.c.submission.in_(keys[begin : begin + 500])
                query = select(lti_assets.c.submission, *columns).where(some)
                for of, *row in connection.execute(query.order_by(lti_assets.c.key)):
                    found.setdefault(of, []).append(AssetTelling(*row))
        return found

    def looked(self, key: int, state: str) -> None:
        """All that there was to tell of a submission in this state was told, or was refused."""
        with writing(self._engine) as connection:
            connection.execute(update(lti_submissions).where(_key() == key).values(looked=state))

    def taken(self, key: int, text: str, at: datetime) -> None:
        """The platform took a report on a file."""
        self._keep(key, {"told": text, "tried": text, "refused": "", "tries": 0, "at": at})

    def refused(
        self, key: int, text: str, at: datetime, why: str, tries: int, next_at: datetime
    ) -> None:
        """The platform did not take a report; what it took before stays known."""
        said = {"tried": text, "refused": why[:500], "tries": tries, "at": at}
        self._keep(key, {**said, "next_at": next_at})

    def _keep(self, key: int, said: Mapping[str, object]) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(lti_assets).where(lti_assets.c.key == key).values(**said))

    def of_homework(self, assignment: str) -> tuple[int, tuple[RefusedReport, ...]]:
        """How many files of a homework have a report in a platform, and what was refused."""
        joined = (
            _with_hand_ins()
            .join(lti_assets, lti_assets.c.submission == lti_submissions.c.key)
            .outerjoin(students, students.c.key == hand_ins.c.student)
        )
        columns = (
            lti_submissions.c.key,
            students.c.id,
            lti_submissions.c.subject,
            lti_assets.c.told,
            lti_assets.c.refused,
            lti_assets.c.tries,
            lti_assets.c.at,
        )
        query = select(*columns).select_from(joined)
        query = query.where(lti_submissions.c.assignment == assignment)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(lti_assets.c.key)).all()
        refused = tuple(
            RefusedReport(row[0], row[1] or row[2], row.refused, row.tries, row.at)
            for row in rows
            if row.refused
        )
        return sum(bool(row.told) for row in rows), refused


def _key() -> Any:
    return lti_submissions.c.key


def _with_hand_ins() -> Any:
    return lti_submissions.outerjoin(hand_ins, hand_ins.c.key == lti_submissions.c.hand_in)


def state_of(submission: PlatformSubmission) -> str:
    """What `looked` is compared with before there is a hand-in; then it is the hand-in's state."""
    return f"{submission.state}: {submission.trouble}"


def _now() -> ColumnElement[str]:
    """The same in the database."""
    before = lti_submissions.c.state + literal(": ") + lti_submissions.c.trouble
    taken = and_(lti_submissions.c.state == SubmissionState.TAKEN, hand_ins.c.state.is_not(None))
    return case((taken, hand_ins.c.state), else_=before)
