"""The present, and spans of time in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


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
    """How long ago: "2 hours ago"."""
    return f"{span(now - then)} ago"


def span(length: timedelta) -> str:
    """The largest unit that fits: "3 days", "1 hour"."""
    seconds = abs(length).total_seconds()
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {name}" + ("s" if count > 1 else "")
    return "less than a minute"
