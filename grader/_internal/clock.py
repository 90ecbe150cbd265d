"""The present, and spans of time in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

CLOCKS_AGREE = timedelta(minutes=2)


def now_utc() -> datetime:
    """The present, in UTC, to the millisecond."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def due_in(due: datetime | None, now: datetime) -> str:
    """A due date as what is left: "in 3 days", "2 hours ago"."""
    if due is None:
        return "no due date"
    left = due - now
    return f"in {span(left)}" if left > timedelta(0) else ago(due, now)


def ago(then: datetime, now: datetime) -> str:
    """How long ago: "2 hours ago", or "3 days from now", which comes of a clock that was wrong."""
    return f"{span(now - then)} {'from now' if then - now > CLOCKS_AGREE else 'ago'}"


def clock_note(here: datetime, there: datetime, whose: str) -> str:
    """What to say if this machine's clock is not right by another one; "" if they agree.

    here, there: the same moment by either. whose: the other clock's owner, which counts.
    """
    if abs(here - there) <= CLOCKS_AGREE:
        return ""
    off = "ahead of" if here > there else "behind"
    return (
        f"this machine's clock is {span(here - there)} {off} that of {whose}, which counts; set "
        "yours right, for what is said here of due dates goes by it"
    )


def span(length: timedelta) -> str:
    """The largest unit that fits: "3 days", "1 hour"."""
    seconds = abs(length).total_seconds()
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {name}" + ("s" if count > 1 else "")
    return "less than a minute"
