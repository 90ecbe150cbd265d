"""How many requests one person, or one address that nobody has signed in from, may send."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from datetime import datetime

MOST_KEYS = 10_000


@dataclass(frozen=True)
class Allowance:
    """burst: at once. per_s: requests a second that come back."""

    burst: float
    per_s: float


PERSON = Allowance(300, 10)
# A whole class may sit behind one address, and everybody signs in at the lesson's beginning.
ADDRESS = Allowance(1000, 50)


class Limiter:
    """A leaky bucket for each key, in this process's memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[str, tuple[float, datetime]] = {}

    def wait_s(self, key: str, allowance: Allowance, now: datetime) -> int:
        """Count a request. Returns 0 if it is allowed, else after how many seconds the next is."""
        with self._lock:
            level, since = self._used.get(key, (0.0, now))
            # A clock that was set back makes nobody wait.
            passed_s = max(0.0, (now - since).total_seconds())
            level = max(0.0, level - passed_s * allowance.per_s)
            if level + 1 > allowance.burst:
                self._used[key] = (level, now)
                return math.ceil((level + 1 - allowance.burst) / allowance.per_s)
            if key not in self._used and len(self._used) >= MOST_KEYS:
                self._forget_some()
            self._used[key] = (level + 1, now)
            return 0

    def _forget_some(self) -> None:
        """The longer half of those who have been quiet."""
        quiet = sorted(self._used, key=lambda key: self._used[key][1])
        for key in quiet[: len(quiet) // 2]:
            del self._used[key]
