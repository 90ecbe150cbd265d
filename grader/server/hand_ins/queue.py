"""The queue of what is to be graded: rows that workers claim for a limited time.

A hand-in is WAITING, GRADING under a claim that runs out, and GRADED or OPEN at the end. Every
method is one transaction, and only one transaction writes at a time, so each sees the state that
the one before it left. `finish` records the report in the gradebook and ends the row in one
transaction, and only for who holds the claim: nothing is graded twice, whoever is killed and when.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Update,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from grader.gradebook.connect import reading, writing
from grader.gradebook.enrol import one_student
from grader.gradebook.history import Author
from grader.gradebook.models import attempts, check_events, hand_ins, pictures
from grader.gradebook.recording import record
from grader.gradebook.records import Attempt, ReportTexts
from grader.server.alerts import raise_alert_in, settle_in
from grader.server.hand_ins.hand_ins import UNDONE, load_hand_in, order_at
from grader.server.records import EventKind, HandIn, HandInState

# Grading that fails twice, or is interrupted so often for reasons unknown, is for staff to look at.
MOST_FAILURES = 2
MOST_TRIES = 5
SERVER = "the server"  # who, in the history
OPEN_ALERT = "not graded"


class GradingQueue:
    """The workers' side of the hand-ins. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def claim(
        self, worker: str, seconds: float, prefer: str | None, ready: Collection[str]
    ) -> HandIn | None:
        """The next to grade, which is `worker`'s for so many seconds; None if there is none.

        worker: unique for each process. prefer: the homework whose checks are at hand, which comes
        first among those of equal right. ready: the homeworks that may be graded. A claim that ran
        out is claimed like one that waits. One that was claimed too often becomes OPEN.
        """
        now = self._clock()
        free = or_(
            hand_ins.c.state == HandInState.WAITING,
            and_(hand_ins.c.state == HandInState.GRADING, hand_ins.c.claimed_until < now),
        )
        other = case((hand_ins.c.assignment == prefer, 0), else_=1)
        query = select(hand_ins.c.key, hand_ins.c.tries)
        query = query.where(free, hand_ins.c.assignment.in_(ready))
        again, turn, *when = order_at(now)
        query = query.order_by(again, turn, other, *when)
        while ready:
            # Chosen without the lock that whoever hands in waits for; taken only if it is still so.
            with reading(self._engine) as connection:
                row = connection.execute(query.limit(1)).one_or_none()
            if row is None:
                return None
            with writing(self._engine) as connection:
                same = _row(row.key).where(free, hand_ins.c.tries == row.tries)
                if row.tries >= MOST_TRIES:
                    if connection.execute(same.values(worker="")).rowcount:
                        self._open(connection, row.key, "grading was interrupted again and again")
                    continue
                held = {"worker": worker, "claimed_until": now + timedelta(seconds=seconds)}
                values = {**held, "state": HandInState.GRADING, "tries": row.tries + 1}
                if not connection.execute(same.values(**values)).rowcount:
                    continue  # another worker was faster
                # What an earlier try said is not true of this one.
                old = check_events.c.hand_in == row.key
                connection.execute(delete(check_events).where(old))
                self._tell(connection, row.key, [(EventKind.STARTED, "{}")])
            with reading(self._engine) as connection:
                return load_hand_in(connection, row.key)
        return None

    def give_back(self, key: int, worker: str, trouble: str) -> bool:
        """End a claim without a result. False if it is no longer the worker's.

        trouble: why, for staff. Empty if it was not tried: then it counts for nothing. The second
        failure makes the hand-in OPEN and raises an alert.
        """
        with writing(self._engine) as connection:
            return self._give_back(connection, key, worker, trouble, tried=bool(trouble))

    def release(self, worker: str, trouble: str) -> tuple[int, ...]:
        """Take everything from a worker that has ended. Returns the keys.

        trouble: as for `give_back`, but without one it was tried, and nobody knows how that went.
        """
        with writing(self._engine) as connection:
            held = hand_ins.c.worker == worker, hand_ins.c.state == HandInState.GRADING
            keys = connection.execute(select(hand_ins.c.key).where(*held)).scalars().all()
            for key in keys:
                self._give_back(connection, key, worker, trouble, tried=True)
            return tuple(keys)

    def holders(self, *, overdue: bool = False) -> tuple[str, ...]:
        """The workers that hold claims, or only those whose claims ran out."""
        query = select(hand_ins.c.worker).where(hand_ins.c.state == HandInState.GRADING).distinct()
        if overdue:
            query = query.where(hand_ins.c.claimed_until < self._clock())
        with reading(self._engine) as connection:
            return tuple(connection.execute(query).scalars())

    def tell(
        self, key: int, worker: str, events: Sequence[tuple[EventKind, str]], seconds: float
    ) -> bool:
        """Tell what happened to a hand-in so far, in kinds and texts of JSON, and renew its claim.

        False, with nothing told, if the claim is no longer the worker's.
        """
        with writing(self._engine) as connection:
            until = self._clock() + timedelta(seconds=seconds)
            same = update(hand_ins).where(*_held(key, worker))
            if connection.execute(same.values(claimed_until=until)).rowcount == 0:
                return False
            self._tell(connection, key, events)
            return True

    def finish(
        self,
        key: int,
        worker: str,
        attempt: Attempt,
        texts: ReportTexts,
        pictures_: Mapping[str, str],
        events: Sequence[tuple[EventKind, str]] = (),
    ) -> bool:
        """Record attempt and report in the gradebook and end the row, in one transaction.

        attempt: with its faults and the digests of its answers. pictures_: the SHA-256 of stored
        files by name. events: the last ones. False, with nothing changed, if the claim is no longer
        the worker's. A report with a fault of the grader makes it OPEN and raises an alert.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            held = select(hand_ins.c.student).where(*_held(key, worker))
            student = connection.execute(held).scalar()
            if student is None:
                return False
            self._record(connection, student, attempt, texts)
            connection.execute(delete(pictures).where(pictures.c.hand_in == key))
            if pictures_:
                rows = [{"hand_in": key, "name": n, "sha256": s} for n, s in pictures_.items()]
                connection.execute(insert(pictures), rows)
            state = HandInState.OPEN if attempt.faults else HandInState.GRADED
            trouble = "checks failed through a fault of the grader" if attempt.faults else ""
            self._end(connection, key, state, attempt, trouble)
            self._tell(connection, key, events)
            if attempt.faults:
                text = f"{attempt.label}: {trouble}"
                raise_alert_in(connection, OPEN_ALERT, attempt.assignment, attempt.label, text, now)
            else:
                settle_in(connection, OPEN_ALERT, attempt.assignment, attempt.label, now)
            return True

    def regrade(self, key: int) -> bool:
        """Put a hand-in that is done back into the queue. False if it is not done."""
        with writing(self._engine) as connection:
            same = update(hand_ins).where(hand_ins.c.key == key, ~UNDONE)
            empty = {"tries": 0, "failures": 0, "worker": "", "trouble": "", "turn": 0}
            result = connection.execute(same.values(state=HandInState.WAITING, **empty))
            return result.rowcount == 1

    def _give_back(
        self, connection: Connection, key: int, worker: str, trouble: str, *, tried: bool
    ) -> bool:
        held = select(hand_ins.c.failures, hand_ins.c.tries).where(*_held(key, worker))
        row = connection.execute(held).one_or_none()
        if row is None:
            return False
        failures = row.failures + bool(trouble)
        if failures >= MOST_FAILURES:
            self._open(connection, key, trouble)
            return True
        values = {"state": HandInState.WAITING, "worker": "", "claimed_until": None}
        counts = {"failures": failures, "trouble": trouble, "tries": row.tries - (not tried)}
        connection.execute(_row(key).values(**values, **counts))
        return True

    def _open(self, connection: Connection, key: int, trouble: str) -> None:
        """End a hand-in that we cannot grade. Its grade stays open in the gradebook."""
        hand_in = load_hand_in(connection, key)
        assert hand_in is not None, "the caller has just found it"
        attempt, now = attempt_of(hand_in), self._clock()
        self._record(connection, hand_in.student, attempt, None)
        self._end(connection, key, HandInState.OPEN, attempt, trouble)
        self._tell(connection, key, [(EventKind.OPEN, "{}")])
        text = f"hand-in {hand_in.number} of {hand_in.student_id} could not be graded: {trouble}"
        raise_alert_in(connection, OPEN_ALERT, hand_in.assignment, hand_in.label, text, now)

    def _record(
        self, connection: Connection, student: int, attempt: Attempt, texts: ReportTexts | None
    ) -> None:
        finder = one_student(connection, student)
        record(connection, [(attempt, texts)], Author(SERVER, self._clock()), finder)

    def _end(
        self, connection: Connection, key: int, state: HandInState, attempt: Attempt, trouble: str
    ) -> None:
        recorded = _recorded(connection, attempt)
        ended = {"state": state, "worker": "", "claimed_until": None, "trouble": trouble}
        connection.execute(_row(key).values(**ended, attempt=recorded, graded_at=self._clock()))

    def _tell(
        self, connection: Connection, key: int, events: Sequence[tuple[EventKind, str]]
    ) -> None:
        now = self._clock()
        rows = [{"hand_in": key, "kind": kind, "text": text, "at": now} for kind, text in events]
        if rows:
            connection.execute(insert(check_events), rows)


def attempt_of(hand_in: HandIn) -> Attempt:
    """A hand-in as the gradebook knows it, before it is graded."""
    return Attempt(
        assignment=hand_in.assignment,
        handed_in_by=hand_in.student_id,
        received_at=hand_in.received_at,
        sha256=hand_in.sha256,
        source=f"hand-in {hand_in.number}",
        label=hand_in.label,
        members=hand_in.members,
    )


def _row(key: int) -> Update:
    return update(hand_ins).where(hand_ins.c.key == key)


def _held(key: int, worker: str) -> tuple[ColumnElement[bool], ...]:
    mine = hand_ins.c.key == key, hand_ins.c.worker == worker
    return *mine, hand_ins.c.state == HandInState.GRADING


def _recorded(connection: Connection, attempt: Attempt) -> int:
    """The key of the attempt in the gradebook that is this one: see policy.same_attempt."""
    same = (
        attempts.c.assignment == attempt.assignment,
        attempts.c.handed_in_by == attempt.handed_in_by,
        attempts.c.sha256 == attempt.sha256,
        attempts.c.received_at <= attempt.received_at,
    )
    query = select(attempts.c.key).where(*same).order_by(attempts.c.received_at.desc())
    return int(connection.execute(query.limit(1)).scalar_one())
