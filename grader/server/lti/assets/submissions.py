"""What is kept of submissions in platforms. Each method is one transaction.

A submission is WAITING until its files are a hand-in here (TAKEN), or until that is given up
(FAILED). Whoever fetches one holds it until `next_at`, so that of several servers one does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Update, delete, func, insert, select, update

from grader.gradebook.connect import reading, writing
from grader.gradebook.models import lti_assets, lti_nonces, lti_submissions
from grader.server.keys import ServerKeys
from grader.server.lti.protocol.asset_records import (
    AssetFile,
    PlatformSubmission,
    SubmissionNotice,
    SubmissionState,
)
from grader.server.records import HandIn

# Of those that wait, so that a platform cannot fill the disk.
MOST_WAITING = 20_000
COLUMNS = (
    "key", "platform", "deployment", "context", "subject", "assignment", "report_url",
    "submitted_at", "state", "trouble", "error", "tries", "next_at", "looked", "hand_in",
)  # fmt: skip
_FILE = ("asset", "url", "filename", "sha256", "size", "key")
_UNTOLD = {"told": "", "tried": "", "refused": "", "tries": 0}


class ClaimLost(Exception):
    """Another server has the submission now, or it is a hand-in already."""


class Submissions:
    """The submissions of all platforms. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, notice: SubmissionNotice | None, nonce: str, until: datetime) -> str:
        """Use a notice's nonce and keep what the notice says, for good when this returns.

        notice: None for one that says nothing for us. A second notice of the same submission makes
        nothing new, but what had failed is tried again. until: when the nonce may be forgotten.
        Returns "" if it was kept, "replay" if the nonce was used before, and "full" if too many
        wait.
        """
        now, hashed = self._clock(), ServerKeys.hashed(nonce)
        with writing(self._engine) as connection:
            connection.execute(delete(lti_nonces).where(lti_nonces.c.expires_at <= now))
            used = select(lti_nonces.c.nonce_hash).where(lti_nonces.c.nonce_hash == hashed)
            if connection.execute(used).first() is not None:
                return "replay"
            if notice is not None and not self._keep(connection, notice, now):
                return "full"
            row = {"nonce_hash": hashed, "expires_at": until}
            connection.execute(insert(lti_nonces).values(**row))
            return ""

    def _keep(self, connection: Connection, notice: SubmissionNotice, now: datetime) -> bool:
        same = lti_submissions.c.identity_hash == _identity(notice)
        found = connection.execute(select(lti_submissions.c.key).where(same)).scalar()
        if found is not None:
            self._again(connection, found, now)
            return True
        waiting = select(func.count()).select_from(lti_submissions)
        waiting = waiting.where(lti_submissions.c.state == SubmissionState.WAITING)
        if connection.execute(waiting).scalar_one() >= MOST_WAITING:
            return False
        row = {
            "platform": notice.platform,
            "identity_hash": _identity(notice),
            "deployment": notice.deployment,
            "context": notice.context,
            "subject": notice.subject,
            "assignment": notice.homework,
            "report_url": notice.report_url,
            # A clock that is ahead there makes nothing come later than it came.
            "submitted_at": min(notice.submitted_at, now),
            "state": SubmissionState.WAITING,
            "next_at": now,
        }
        empty = {**dict.fromkeys(("trouble", "error", "holder", "looked"), ""), "tries": 0}
        made = connection.execute(insert(lti_submissions).values(**row, **empty))
        assert made.inserted_primary_key is not None, "the row was inserted"
        key = made.inserted_primary_key[0]
        rows = [
            {
                "submission": key,
                **{name: getattr(each, name) for name in _FILE[:-1]},
                **_UNTOLD,
                "next_at": now,
                "at": now,
            }
            for each in notice.files
        ]
        connection.execute(insert(lti_assets), rows)
        return True

    def _again(self, connection: Connection, key: int, now: datetime) -> None:
        """Try again what failed, and tell the platform again what it may not have."""
        failed = _row(key).where(lti_submissions.c.state == SubmissionState.FAILED)
        fresh = {"trouble": "", "error": "", "tries": 0, "holder": "", "next_at": now}
        connection.execute(failed.values(state=SubmissionState.WAITING, **fresh))
        waiting = _row(key).where(lti_submissions.c.state == SubmissionState.WAITING)
        connection.execute(waiting.where(lti_submissions.c.holder == "").values(next_at=now))
        mine = update(lti_assets).where(lti_assets.c.submission == key)
        connection.execute(mine.values(**_UNTOLD, next_at=now))
        connection.execute(_row(key).values(looked=""))

    def wake(self) -> None:
        """Look at all that wait now: somebody may have removed what was in their way."""
        idle = lti_submissions.c.state == SubmissionState.WAITING, lti_submissions.c.holder == ""
        with writing(self._engine) as connection:
            changed = update(lti_submissions).where(*idle)
            connection.execute(changed.values(next_at=self._clock()))

    def try_again(self, key: int) -> None:
        """Have one that failed, or whose reports were refused, tried anew."""
        with writing(self._engine) as connection:
            self._again(connection, key, self._clock())

    # Fetching

    def claim(self, seconds: float) -> tuple[PlatformSubmission, str] | None:
        """The next to fetch, and the holder as whom it is held for so many seconds."""
        now, holder = self._clock(), secrets.token_hex(8)
        due = lti_submissions.c.state == SubmissionState.WAITING, lti_submissions.c.next_at <= now
        query = select(lti_submissions.c.key).where(*due)
        query = query.order_by(lti_submissions.c.next_at, lti_submissions.c.key).limit(1)
        with reading(self._engine) as connection:
            if connection.execute(query).scalar() is None:
                return None
        with writing(self._engine) as connection:
            key = connection.execute(query).scalar()
            if key is None:
                return None
            held = {"holder": holder, "next_at": now + timedelta(seconds=seconds)}
            connection.execute(_row(key).values(**held))
            row = connection.execute(_all().where(lti_submissions.c.key == key)).one()
            return submission_of(row), holder

    def files(self, key: int) -> tuple[AssetFile, ...]:
        """The files of a submission, in the notice's order."""
        query = select(*(lti_assets.c[name] for name in _FILE))
        query = query.where(lti_assets.c.submission == key).order_by(lti_assets.c.key)
        with reading(self._engine) as connection:
            return tuple(AssetFile(*row) for row in connection.execute(query))

    def put_off(self, key: int, holder: str, trouble: str, until: datetime, *, tried: bool) -> None:
        """Give back one that could not be handed in yet. trouble: why. tried: whether it counts."""
        waits = {"trouble": trouble[:500], "holder": "", "next_at": until}
        with writing(self._engine) as connection:
            tries = lti_submissions.c.tries + int(tried)  # PostgreSQL adds no truth values
            connection.execute(_held(key, holder).values(**waits, tries=tries))

    def give_up(self, key: int, holder: str, trouble: str, error: str) -> bool:
        """End one that cannot be handed in. error: the standard's code. False if it is not held."""
        ended = {"state": SubmissionState.FAILED, "trouble": trouble[:500], "error": error}
        with writing(self._engine) as connection:
            done = connection.execute(_held(key, holder).values(**ended, holder=""))
            return done.rowcount == 1

    @staticmethod
    def take(connection: Connection, key: int, holder: str, hand_in: HandIn) -> None:
        """In the transaction that hands in: this submission is that hand-in. Raises ClaimLost."""
        taken = {"state": SubmissionState.TAKEN, "hand_in": hand_in.key, "holder": ""}
        done = connection.execute(_held(key, holder).values(**taken, trouble="", error=""))
        if done.rowcount != 1:
            raise ClaimLost

    # Looking

    def troubled(self, assignment: str | None = None) -> tuple[PlatformSubmission, ...]:
        """Those that wait or failed for a reason, the oldest first; of one homework, or of all."""
        undone = lti_submissions.c.state != SubmissionState.TAKEN
        query = _all().where(undone, lti_submissions.c.trouble != "")
        if assignment is not None:
            query = query.where(lti_submissions.c.assignment == assignment)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(lti_submissions.c.key))
            return tuple(submission_of(row) for row in rows)

    def hand_in_of(self, platform: int, asset: str) -> int | None:
        """The key of the hand-in with a file of a platform; None if there is none."""
        query = select(lti_submissions.c.hand_in).join_from(lti_assets, lti_submissions)
        query = query.where(lti_submissions.c.platform == platform, lti_assets.c.asset == asset)
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(lti_submissions.c.key.desc()))
            return next((key for key in found.scalars() if key is not None), None)


def _identity(notice: SubmissionNotice) -> str:
    """A submission and its files never change; each processor of it has its own reports."""
    parts = (
        str(notice.platform),
        notice.deployment,
        notice.submission,
        notice.report_url,
        notice.homework,
    )
    return ServerKeys.hashed("\n".join(parts))


def _all() -> Any:
    return select(*(lti_submissions.c[name] for name in COLUMNS))


def submission_of(row: Any) -> PlatformSubmission:
    """From a row of COLUMNS."""
    fields = row._asdict()
    return PlatformSubmission(**{**fields, "state": SubmissionState(fields["state"])})


def _row(key: int) -> Update:
    return update(lti_submissions).where(lti_submissions.c.key == key)


def _held(key: int, holder: str) -> Update:
    waiting = lti_submissions.c.state == SubmissionState.WAITING
    return _row(key).where(waiting, lti_submissions.c.holder == holder)
