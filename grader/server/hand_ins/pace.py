"""How often somebody may hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from grader.errors import TooMany

HOUR = timedelta(hours=1)


def last_hour(now: datetime) -> dict[str, datetime]:
    """What is later than now was before the clock was set back, and must not keep anybody waiting
    until it is that late again."""
    return {"since": now - HOUR, "now": now}


def require_fewer(times: Sequence[datetime], most: int, what: str, now: datetime) -> None:
    """Raise TooMany if there were `most` or more in the last hour. times: of those that were."""
    if len(times) < most:
        return
    retry_at = sorted(times)[-most] + HOUR
    minutes = max(1, -int((now - retry_at).total_seconds() // 60))
    raise TooMany(
        f"at most {most} {what} of one homework are taken in an hour; wait {minutes} "
        f"minute{'s' if minutes > 1 else ''} and try again",
        retry_at,
    )
