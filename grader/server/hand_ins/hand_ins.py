"""What was handed in: accepting it, and looking at it. See `queue` for its grading.

Every method is one transaction, and only one transaction writes at a time, in all processes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from grader.course.server_settings import ServerSettings
from grader.errors import TooMany, UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import check_events, drafts, hand_ins, pictures, students
from grader.server.hand_ins.pace import HOUR, last_hour, require_fewer
from grader.server.records import (
    Account,
    Event,
    EventKind,
    HandIn,
    HandInDraft,
    HandInState,
    QueueState,
)

# Whoever sends the same again so soon has not heard the answer.
SAME_WITHIN = timedelta(minutes=10)
PATIENCE = timedelta(minutes=15)
DRAFT_LASTS = timedelta(days=1)
# Of a student's drafts for one homework in an hour, so many for each hand-in.
DRAFTS_PER_HAND_IN = 3
# Of one person in a day, so many times the largest upload: for all homeworks together.
FULL_SIZE_A_DAY = 40

_HAND_IN = (
    hand_ins.c.key, hand_ins.c.assignment, hand_ins.c.student, students.c.id.label("student_id"),
    hand_ins.c.account, hand_ins.c.members, hand_ins.c.received_at, hand_ins.c.number,
    hand_ins.c.sha256, hand_ins.c.size, hand_ins.c.state, hand_ins.c.turn, hand_ins.c.tries,
    hand_ins.c.failures, hand_ins.c.trouble, hand_ins.c.attempt, hand_ins.c.graded_at,
)  # fmt: skip
_STATE = [column.name for column in _HAND_IN].index("state")
_DRAFT = (
    drafts.c.id, drafts.c.account, drafts.c.assignment, drafts.c.sha256, drafts.c.size, drafts.c.at,
    drafts.c.expires_at, drafts.c.hand_in,
)  # fmt: skip
UNDONE = hand_ins.c.state.in_((HandInState.WAITING, HandInState.GRADING))

# What handing in needs is made once: building it anew would take longer than the database does.
_MINE = (
    hand_ins.c.assignment == bindparam("assignment"),
    hand_ins.c.student == bindparam("student"),
)
_RECENT = select(hand_ins.c.key, hand_ins.c.sha256, hand_ins.c.received_at).where(
    *_MINE,
    hand_ins.c.received_at > bindparam("since"),
    hand_ins.c.received_at <= bindparam("now"),
)
# The student's id, the number of the next hand-in, and how many of the student's wait before it.
_PLACE = select(
    students.c.id,
    select(func.coalesce(func.max(hand_ins.c.number), 0) + 1).where(*_MINE).scalar_subquery(),
    select(func.count()).select_from(hand_ins).where(_MINE[1], UNDONE).scalar_subquery(),
).where(students.c.key == bindparam("student"))
_INSERT = insert(hand_ins)


def _sizes(table: Table, at: Column[datetime]) -> Select[Any]:
    """Each file that somebody sent in a certain time, with its size and when it came first."""
    mine = table.c.account == bindparam("account")
    columns = table.c.sha256, func.max(table.c.size), func.min(at)
    within = at > bindparam("since"), at <= bindparam("now")
    return select(*columns).where(mine, *within).group_by(table.c.sha256)


_SIZES = _sizes(hand_ins, hand_ins.c.received_at)
_DRAFT_SIZES = _sizes(drafts, drafts.c.at)
_UNTRIED = {"tries": 0, "failures": 0, "worker": "", "trouble": ""}


class HandIns:
    """The hand-ins of one course. clock: the present, aware and in UTC."""

    def __init__(
        self, engine: Engine, settings: ServerSettings, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock

    # Handing in

    def accept(
        self,
        assignment: str,
        account: Account,
        sha256: str,
        size: int,
        *,
        members: Sequence[str] = (),
        student: int | None = None,
        received_at: datetime | None = None,
        also: Callable[[Connection, HandIn], None] | None = None,
    ) -> HandIn:
        """Take a file that is stored already; when this returns, it is handed in.

        student: whose it is, if not the account's own. received_at: when, if not now. also: done in
        the same transaction. Raises TooMany, and UsageError if the account is no student's.
        """
        whose = _student_of(account, student)
        received_at = received_at or self._clock()  # and not when the others have written
        with writing(self._engine) as connection:
            what = assignment, account.key, whose, sha256, size, members
            recent = self._recent(connection, assignment, whose)
            made = self._accept(connection, *what, recent, received_at)
            if also is not None:
                also(connection, made)
            return made

    def accept_once(
        self,
        assignment: str,
        account: Account,
        sha256: str,
        size: int,
        at: datetime | None = None,
    ) -> tuple[HandIn, bool]:
        """The same for a program that sends a file again if it hears no answer.

        at: when it had come, if not now. Of the same file soon after, the hand-in that there is.
        The second value: whether it is new.
        """
        student, at = _student_of(account, None), at or self._clock()
        with writing(self._engine) as connection:
            recent = self._recent(connection, assignment, student)
            if (same := self._same_again(recent, sha256)) is not None:
                found = load_hand_in(connection, same)
                assert found is not None, "it was just read"
                return found, False
            what = assignment, account.key, student, sha256, size, ()
            return self._accept(connection, *what, recent, at), True

    def add_draft(self, assignment: str, account: Account, sha256: str, size: int) -> HandInDraft:
        """Keep a stored file for a day, to be looked at and handed in. Raises TooMany."""
        now = self._clock()
        with writing(self._engine) as connection:
            self._require_fewer_drafts(connection, assignment, account, now)
            row = {"account": account.key, "assignment": assignment, "sha256": sha256, "size": size}
            draft = HandInDraft(secrets.token_hex(16), **row, at=now, expires_at=now + DRAFT_LASTS)  # type: ignore[arg-type]  # mixed
            connection.execute(
                insert(drafts).values(id=draft.id, **row, at=now, expires_at=draft.expires_at)
            )
            return draft

    def require_room(self, assignment: str, account: Account, sha256: str = "") -> None:
        """Raise what `accept` would, before a file is stored for nothing.

        sha256: the file's, if it is known; then not for one that `accept_once` has taken already.
        """
        with reading(self._engine) as connection:
            whose, now = _student_of(account, None), self._clock()
            recent = self._recent(connection, assignment, whose)
            if self._same_again(recent, sha256) is not None:
                return
            self._require_fewer_hand_ins(recent, now)
            self._require_fewer_bytes(connection, _SIZES, account, now)

    def require_room_for_draft(self, assignment: str, account: Account) -> None:
        """Raise what `add_draft` would, before a file is stored for nothing."""
        with reading(self._engine) as connection:
            self._require_fewer_drafts(connection, assignment, account, self._clock())

    def _recent(self, connection: Connection, assignment: str, student: int) -> Sequence[Any]:
        """Key, SHA-256 and time of a student's hand-ins of one homework in the last hour."""
        mine = {"assignment": assignment, "student": student}
        return connection.execute(_RECENT, {**mine, **last_hour(self._clock())}).all()

    def _same_again(self, recent: Sequence[Any], sha256: str) -> int | None:
        """The key of the last of these, if it is the same file, sent again soon after."""
        last = max(recent, key=lambda row: row.key, default=None)
        if last is None or last.sha256 != sha256:
            return None
        return last.key if self._clock() - last.received_at < SAME_WITHIN else None

    def _require_fewer_hand_ins(self, recent: Sequence[Any], now: datetime) -> None:
        most = self._settings.hand_ins_per_hour
        require_fewer([row.received_at for row in recent], most, "hand-ins", now)

    def _require_fewer_drafts(
        self, connection: Connection, assignment: str, account: Account, now: datetime
    ) -> None:
        mine = drafts.c.account == account.key, drafts.c.assignment == assignment
        within = drafts.c.at > now - HOUR, drafts.c.at <= now
        times = select(drafts.c.at).where(*mine, *within)
        most = DRAFTS_PER_HAND_IN * self._settings.hand_ins_per_hour
        require_fewer(connection.execute(times).scalars().all(), most, "uploads", now)
        self._require_fewer_bytes(connection, _DRAFT_SIZES, account, now)

    def _require_fewer_bytes(
        self, connection: Connection, sizes: Select[Any], account: Account, now: datetime
    ) -> None:
        """Nobody fills the disk: of one person so many bytes are kept in a day."""
        day = {"account": account.key, "since": now - DRAFT_LASTS, "now": now}
        rows = connection.execute(sizes, day).all()
        most_mb = FULL_SIZE_A_DAY * self._settings.upload_mb
        if sum(size for _, size, _ in rows) < most_mb * 1e6:
            return
        retry_at = min(first for _, _, first in rows) + DRAFT_LASTS
        hours = max(1, -int((now - retry_at).total_seconds() // 3600))
        raise TooMany(
            f"at most {most_mb:g} MB of one person are taken in a day; wait {hours} "
            f"hour{'s' if hours > 1 else ''} and try again, or ask the course's staff",
            retry_at,
        )

    def draft(self, id_: str, account: Account) -> HandInDraft | None:
        """One of the account's own drafts, if it has not run out."""
        with reading(self._engine) as connection:
            return self._draft(connection, id_, account)

    def accept_draft(self, id_: str, account: Account, at: datetime | None = None) -> HandIn | None:
        """Hand a draft in. The second time, it is the same hand-in. None: there is no such draft.

        at: when somebody said so, if not now. Raises as `accept`.
        """
        at = at or self._clock()
        with writing(self._engine) as connection:
            draft = self._draft(connection, id_, account)
            if draft is None:
                return None
            if draft.hand_in is not None:
                return load_hand_in(connection, draft.hand_in)
            name, student = draft.assignment, _student_of(account, None)
            what = name, account.key, student, draft.sha256, draft.size, ()
            made = self._accept(connection, *what, self._recent(connection, name, student), at)
            same = update(drafts).where(drafts.c.id == id_)
            connection.execute(same.values(hand_in=made.key))
            return made

    def drop_drafts(self) -> int:
        """Forget the drafts that have run out; return how many."""
        with writing(self._engine) as connection:
            old = drafts.c.expires_at <= self._clock()
            return connection.execute(delete(drafts).where(old)).rowcount

    def _draft(self, connection: Connection, id_: str, account: Account) -> HandInDraft | None:
        mine = drafts.c.id == id_, drafts.c.account == account.key
        query = select(*_DRAFT).where(*mine, drafts.c.expires_at > self._clock())
        row = connection.execute(query).one_or_none()
        return None if row is None else HandInDraft(*row)

    def _accept(
        self,
        connection: Connection,
        assignment: str,
        account: int,
        student: int,
        sha256: str,
        size: int,
        members: Sequence[str],
        recent: Sequence[Any],
        received_at: datetime,
    ) -> HandIn:
        """As few statements as can be: all others who write wait meanwhile."""
        now = self._clock()
        self._require_fewer_hand_ins(recent, now)
        mine = {"assignment": assignment, "student": student}
        student_id, number, turn = connection.execute(_PLACE, mine).one()
        row: dict[str, Any] = {
            **mine,
            "account": account,
            "members": tuple(members),
            "received_at": received_at,
            "number": number,
            "sha256": sha256,
            "size": size,
            "state": HandInState.WAITING,
            "turn": turn,
        }
        made = connection.execute(_INSERT, {**row, **_UNTRIED}).inserted_primary_key
        assert made is not None, "one row was made"
        return HandIn(key=int(made[0]), student_id=student_id, **row)

    # Looking

    def hand_in(self, key: int) -> HandIn | None:
        """By key. Whose it is, the caller has to look at."""
        with reading(self._engine) as connection:
            return load_hand_in(connection, key)

    def of_student(self, student: int, assignment: str | None = None) -> tuple[HandIn, ...]:
        """A student's, the newest first; of one homework, if it is named."""
        query = _all().where(hand_ins.c.student == student)
        if assignment is not None:
            query = query.where(hand_ins.c.assignment == assignment)
        order = hand_ins.c.received_at.desc(), hand_ins.c.key.desc()
        with reading(self._engine) as connection:
            return tuple(_record(row) for row in connection.execute(query.order_by(*order)))

    def of_homework(self, assignment: str) -> tuple[HandIn, ...]:
        """Everybody's for a homework, the oldest first."""
        query = _all().where(hand_ins.c.assignment == assignment).order_by(hand_ins.c.key)
        with reading(self._engine) as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def of_attempts(self, keys: Collection[int]) -> dict[int, HandIn]:
        """Those that became these attempts of the gradebook, by the attempt's key: the last."""
        query = _all().where(hand_ins.c.attempt.in_(keys)).order_by(hand_ins.c.key)
        with reading(self._engine) as connection:
            found = map(_record, connection.execute(query))
            return {each.attempt: each for each in found if each.attempt is not None}

    def in_state(self, *states: HandInState) -> tuple[HandIn, ...]:
        """Everybody's in these states, the oldest first."""
        query = _all().where(hand_ins.c.state.in_(states)).order_by(hand_ins.c.key)
        with reading(self._engine) as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def position(self, key: int) -> int | None:
        """How many are graded before this one; None if it does not wait."""
        with reading(self._engine) as connection:
            found = load_hand_in(connection, key)
            if found is None or found.state is not HandInState.WAITING:
                return None
            order = order_at(self._clock())
            own = connection.execute(select(*order).where(hand_ins.c.key == key)).one()
            values = (literal(value, column.type) for value, column in zip(own, order, strict=True))
            earlier = tuple_(*order) < tuple_(*values)
            before = or_(hand_ins.c.state == HandInState.GRADING, earlier)
            query = select(func.count()).select_from(hand_ins).where(UNDONE, before)
            return int(connection.execute(query).scalar_one())

    def waiting(self) -> QueueState:
        """The queue in numbers."""
        with reading(self._engine) as connection:
            counted = select(hand_ins.c.state, func.count()).group_by(hand_ins.c.state)
            counts = {row[0]: row[1] for row in connection.execute(counted)}
            oldest = select(func.min(hand_ins.c.received_at))
            oldest = oldest.where(hand_ins.c.state == HandInState.WAITING)
            first = connection.execute(oldest).scalar()
        waiting, grading, graded, open_ = (counts.get(state, 0) for state in HandInState)
        return QueueState(waiting, grading, graded, open_, first)

    def events(self, after: int, keys: Collection[int] | None = None) -> tuple[Event, ...]:
        """What happened since the event `after`, in order; to these hand-ins, if they are named."""
        columns = (
            check_events.c.key,
            check_events.c.hand_in,
            check_events.c.kind,
            check_events.c.text,
        )
        query = select(*columns).where(check_events.c.key > after).order_by(check_events.c.key)
        if keys is not None:
            query = query.where(check_events.c.hand_in.in_(keys))
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(1000)).all()
        return tuple(Event(key, of, EventKind(kind), text) for key, of, kind, text in rows)

    def newest_event(self) -> int:
        """The key of the newest event of all; 0 if there is none."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.max(check_events.c.key))).scalar() or 0)

    def pictures(self, key: int) -> dict[str, str]:
        """The SHA-256 of each picture of a hand-in's report, by its name in the report."""
        query = select(pictures.c.name, pictures.c.sha256).where(pictures.c.hand_in == key)
        with reading(self._engine) as connection:
            return {row.name: row.sha256 for row in connection.execute(query)}

    def keep_pictures(self, key: int, made: Mapping[str, str]) -> None:
        """The pictures of a new report of a hand-in, in place of those of the one before."""
        rows = [{"hand_in": key, "name": name, "sha256": sha} for name, sha in made.items()]
        with writing(self._engine) as connection:
            connection.execute(delete(pictures).where(pictures.c.hand_in == key))
            if rows:
                connection.execute(insert(pictures), rows)

    def known_files(self) -> set[str]:
        """The SHA-256 of every file that is still needed."""
        with reading(self._engine) as connection:
            return {
                sha256
                for table in (hand_ins, drafts, pictures)
                for sha256 in connection.execute(select(table.c.sha256)).scalars()
            }


def order_at(now: datetime) -> tuple[ColumnElement[Any], ...]:
    """By what the queue is sorted, lowest first.

    What has been interrupted twice may be why, and does not hold up the others. Then comes how many
    of the student's wait before it. One that has waited long comes first, so that a stream of
    others' first ones cannot hold up anybody's second for ever.
    """
    again = case((hand_ins.c.tries > 1, 1), else_=0)
    turn = case((hand_ins.c.received_at < now - PATIENCE, 0), else_=hand_ins.c.turn)
    return again, turn, hand_ins.c.received_at, hand_ins.c.key


def load_hand_in(connection: Connection, key: int) -> HandIn | None:
    """A hand-in within the caller's transaction."""
    row = connection.execute(_all().where(hand_ins.c.key == key)).one_or_none()
    return None if row is None else _record(row)


def _all() -> Select[Any]:
    return select(*_HAND_IN).join_from(hand_ins, students)


def _record(row: Any) -> HandIn:
    fields = list(row)
    fields[_STATE] = HandInState(fields[_STATE])
    return HandIn(*fields)


def _student_of(account: Account, student: int | None) -> int:
    found = account.student if student is None else student
    if found is None:
        raise UsageError(
            f"{account.called} is not on the roster, so this cannot be handed in as theirs; "
            "sign in as a student"
        )
    return found
