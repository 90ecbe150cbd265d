"""What lateness costs, and which of a student's attempts counts: pure functions.

Nothing here reads a clock, a file or a database, and no result is stored. Times are aware. One rule
says what a day is, for lateness and for extensions: it ends at the same time of day in the course's
time zone, also if the clocks change in that night; without a time zone it is 24 hours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import PurePath
from typing import Literal, Protocol, TypeVar

from grader.course.course import LatePolicy
from grader.gradebook.records import Attempt, Late
from grader.submission.student_ids import is_named_for

DAY = timedelta(days=1)
NO_DUE_DATE = Late(0, 0, 0.0, True, "there is no due date")
NOTHING = Late(0, 0, 0.0, True, "")
IN_TIME = Late(0, 0, 0.0, True, "on time")


@dataclass(frozen=True)
class Choice:
    """The attempt that counts (None if none does), how late it is, and why it was chosen."""

    attempt: Attempt | None
    late: Late
    why: str


def extended(due: datetime, days: int, zone: tzinfo | None) -> datetime:
    """A due date `days` later, in UTC.

    With a zone it is the same time of day there. If a change of the clock makes that time happen
    twice or never, the later instant is meant, so that no student loses an hour.
    """
    if zone is None or days == 0:
        return (due + days * DAY).astimezone(UTC)
    local = due.astimezone(zone) + days * DAY
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def days_late(
    received_at: datetime,
    due: datetime,
    grace: timedelta = timedelta(0),
    zone: tzinfo | None = None,
) -> int:
    """Days begun since `due`: 0 if on time or within the grace period, 1 a second after it.

    The last minute of each day late is that of an extension by so many days.
    """
    late_by = received_at - due
    if late_by <= grace or late_by <= timedelta(0):
        return 0
    days = max(1, late_by // DAY)  # a change of the clock moves a day's end by a few hours
    while received_at > extended(due, days, zone):
        days += 1
    return days


def waiting_for(
    policy: LatePolicy,
    due: datetime | None,
    zone: tzinfo | None,
    now: datetime,
    *,
    handed_in: bool,
) -> tuple[str, ...]:
    """Why no grade is final yet: work that is on time may still be handed in. Empty if it may not.

    due: with the student's extension. Without a due date, work that was handed in is taken as the
    last, because nobody could say when to stop waiting; who handed in nothing is waited for.
    """
    if due is None:
        return () if handed_in else ("still waiting, because there is no due date",)
    if now > due + timedelta(minutes=policy.grace_minutes):
        return ()
    return (f"not due until {due.astimezone(zone or UTC):%Y-%m-%d %H:%M %Z}",)


def lateness(
    policy: LatePolicy,
    received_at: datetime,
    due: datetime | None,
    free_days_left: int,
    zone: tzinfo | None = None,
) -> Late:
    """How late an attempt is and what that costs.

    due: with the student's extension; None for none. free_days_left: of the course's budget. zone:
    the course's, where a day ends.
    """
    if due is None:
        return NO_DUE_DATE
    days = days_late(received_at, due, timedelta(minutes=policy.grace_minutes), zone)
    if days == 0:
        return IN_TIME
    said = f"{count(days, 'day')} late"
    cut_off = policy.cut_off_days
    if cut_off is not None and days > cut_off:
        after = f"more than {count(cut_off, 'day')} after" if cut_off else "after"
        return Late(days, 0, 0.0, False, f"{said}; nothing is accepted {after} the due date")
    free = min(days, free_days_left)
    owed = days - free
    if free:
        said += f", {free} of them free" if owed else f", {'all ' if free > 1 else ''}free"
    if owed and policy.free_days and not policy.percent_per_day:
        left = f"only {count(free_days_left, 'free day')}" if free_days_left else "no free days"
        return Late(days, 0, 0.0, False, f"{count(days, 'day')} late, but {left} left")
    percent = min(owed * policy.percent_per_day, policy.max_percent)
    if percent:
        of = "" if policy.percent_of == "earned" else " of the maximum"
        said += f": {percent:g} %{of} taken off"
    return Late(days, free, percent, True, said)


@dataclass(frozen=True)
class Deadlines:
    """The last moments at which work may come, in UTC; each as `lateness` judges it.

    on_time: with the grace period. free: later, but at the cost of free days only; None if there
    are none left. last: at all; None if work is accepted however late it is.
    """

    on_time: datetime
    free: datetime | None
    last: datetime | None


def deadlines(
    policy: LatePolicy, due: datetime | None, free_days_left: int, zone: tzinfo | None = None
) -> Deadlines | None:
    """A student's true last minutes; None without a due date. The arguments are `lateness`'s."""
    if due is None:
        return None
    on_time = due.astimezone(UTC) + timedelta(minutes=policy.grace_minutes)
    free_days, last_days = free_days_left, policy.cut_off_days
    if policy.free_days and not policy.percent_per_day:
        last_days = free_days if last_days is None else min(free_days, last_days)
    if last_days is not None:
        free_days = min(free_days, last_days)
    free = max(on_time, extended(due, free_days, zone)) if free_days else None
    last = None if last_days is None else max(on_time, extended(due, last_days, zone))
    return Deadlines(on_time, free, last)


def penalty(policy: LatePolicy, late: Late, points: float, max_points: float) -> float:
    """Points that lateness takes off `points`, never more than there are."""
    base = points if policy.percent_of == "earned" else max_points
    return max(0.0, min(points, base * late.percent / 100))


def order_of(attempt: Attempt) -> tuple[datetime, float]:
    """A key that sorts attempts in the order received.

    If the times are equal, the number in the label decides; the last attempt has none.
    """
    number = attempt.label.removeprefix(f"{attempt.handed_in_by}~")
    return attempt.received_at, int(number) if number.isdecimal() else math.inf


def by_claim_alone(attempt: Attempt) -> bool:
    """Whether only a manifest says whose an attempt is, and the name of its file does not."""
    claimed = attempt.claimed
    if claimed is None or claimed.casefold() != attempt.handed_in_by.casefold():
        return False
    return not is_named_for(PurePath(attempt.source).stem, claimed)


def without_claims(attempts: Sequence[Attempt]) -> tuple[Sequence[Attempt], Sequence[Attempt]]:
    """A student's attempts that may count, and those that may not.

    What only a manifest says is theirs may count if there is nothing else.
    """
    if all(each.claimed is None for each in attempts):
        return attempts, ()
    named = [each for each in attempts if not by_claim_alone(each)]
    if not named:
        return attempts, ()
    return named, [each for each in attempts if by_claim_alone(each)]


class _HandIn(Protocol):
    """What identifies an attempt."""

    @property
    def received_at(self) -> datetime: ...

    @property
    def sha256(self) -> str: ...


Known = TypeVar("Known", bound=_HandIn)


def same_attempt(known: Sequence[Known], attempt: _HandIn) -> Known | None:
    """The one of a student's known attempts, in the order received, that equals `attempt`, if any.

    It is the one with the same work and time, or the one just before it if that has the same work:
    work that is handed in a second time counts from the first time. Copying a folder of submissions
    loses their times, and must not make anybody late.
    """
    for each in known:
        if (each.received_at, each.sha256) == (attempt.received_at, attempt.sha256):
            return each
    before = [each for each in known if each.received_at <= attempt.received_at]
    again = before and attempt.sha256 and before[-1].sha256 == attempt.sha256
    return before[-1] if again else None


def choose(
    attempts: Sequence[Attempt],
    rule: Literal["last", "best"],
    judge: Callable[[Attempt], Late],
    points: Callable[[Attempt, Late], float],
) -> Choice:
    """The attempt that counts, of one student's in the order received.

    judge: how late each is. points: the points of the checks after the late penalty; below 0 if it
    is not graded yet. An attempt of which nothing could be read takes the place of no other. The
    best is the one with the most points; among equals the one that uses the fewest free days, and
    among those the last.
    """
    if not attempts:
        return Choice(None, NOTHING, "nothing was handed in")
    if len(attempts) == 1:
        (attempt,), late = attempts, judge(attempts[0])
        if late.accepted:
            return Choice(attempt, late, "the only attempt")
        return Choice(None, late, f"handed in, but not accepted: {late.why}")
    judged = [(attempt, judge(attempt)) for attempt in attempts]
    accepted = [(attempt, late) for attempt, late in judged if late.accepted]
    if not accepted:
        first = judged[0][1]
        return Choice(None, first, f"{len(attempts)} attempts, none of them accepted: {first.why}")
    readable = [each for each in accepted if not each[0].unusable] or accepted
    if len(readable) == 1:
        state = "is accepted" if len(accepted) == 1 else "can be used"
        return Choice(*readable[0], f"the only one of {len(attempts)} attempts that {state}")
    of = f"of {len(readable)}"
    if len(readable) < len(attempts):
        of += " accepted" if len(readable) == len(accepted) else " that can be used"
    accepted = readable
    if rule == "last":
        attempt, late = accepted[-1]
        return Choice(attempt, late, f"the last {of}")
    ranked = [
        (points(attempt, late), -late.free_days, number)
        for number, (attempt, late) in enumerate(accepted)
    ]
    best, _, number = max(ranked)
    attempt, late = accepted[number]
    if best < 0:
        return Choice(attempt, late, f"the last {of}; none is graded yet")
    after = " after the late penalty" if late.percent else ""
    return Choice(attempt, late, f"the best {of}: {best:g} points{after}")


def rounded(points: float, step: float) -> float:
    """The nearest multiple of `step`, halves up; `points` at least 0.

    2.675 to 0.01 is 2.68, as on paper, though in binary it is a little less.
    """
    units = math.floor(round(points / step, 6) + 0.5)
    return round(units * step, 10)


def count(number: int, what: str) -> str:
    """ "1 day", "2 days"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def typed_points(text: str) -> float | None:
    """The points that a person typed, with a decimal point or a comma; None for anything else."""
    text = text.strip()
    typed = re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", text, re.ASCII)
    return float(text.replace(",", ".")) if typed else None


def is_points(value: float) -> bool:
    """Whether a number can be points at all."""
    return math.isfinite(value) and abs(value) < 1e6
