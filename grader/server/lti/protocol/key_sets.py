"""The keys that platforms publish, fetched as rarely as possible and never often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from grader.server.lti.protocol.records import PlatformFault

# A key that was taken back has to stop counting some time.
KEPT = timedelta(hours=12)
# However many tokens name an unknown key, a platform is asked again so often at most.
AGAIN = timedelta(seconds=30)


@dataclass
class _KnownKeys:
    keys: dict[str, Any] | None
    tried_at: datetime
    read_at: datetime
    trouble: str


class PlatformKeys:
    """What each key-set address published last. Safe for threads. clock: the present, in UTC.

    Of several threads that need the same keys, one asks and the others wait for it.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._known: dict[str, _KnownKeys] = {}

    def get(self, address: str, *, unknown: bool = False) -> tuple[dict[str, Any], bool]:
        """A key set as JSON, and whether it was fetched just now.

        unknown: the set that is known lacks a key that was named. Raises PlatformFault.
        """
        with self._lock:
            asking = self._asking.setdefault(address, threading.Lock())
        with asking:
            now, known = self._clock(), self._known.get(address)
            recent = known is not None and now - known.tried_at < AGAIN
            fresh = known is not None and now - known.read_at < KEPT
            if known is not None and known.keys is not None and (recent or (fresh and not unknown)):
                return known.keys, False
            if known is not None and recent:
                raise PlatformFault(known.trouble)
            return self._fetch(address, known, now)

    def _fetch(
        self, address: str, known: _KnownKeys | None, now: datetime
    ) -> tuple[dict[str, Any], bool]:
        # Slow to load, for who does not need it.
        from grader.server.lti.protocol.outbound import ask_object

        try:
            keys = ask_object("GET", address)
        except PlatformFault as exc:
            old = known.keys if known is not None and now - known.read_at < KEPT else None
            read_at = known.read_at if known is not None else now
            self._known[address] = _KnownKeys(old, now, read_at, str(exc))
            if old is None:
                raise
            return old, False
        self._known[address] = _KnownKeys(keys, now, now, "")
        return keys, True
