"""How much of one person's is done at the same time, so that nobody takes up the whole server."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator

import anyio

from grader.server.problems import Problem

# Tabs of a browser that show a hand-in while it is graded.
MOST_WATCHED = 20
MOST_UPLOADS = 4


class Turns:
    """Counts what is going on for each person. For one event loop; keys are of accounts."""

    def __init__(self) -> None:
        self._going_on: Counter[tuple[int, str]] = Counter()
        self._locks: defaultdict[int, anyio.Lock] = defaultdict(anyio.Lock)
        self._waiting: Counter[int] = Counter()

    @contextlib.contextmanager
    def one_of(self, account: int, what: str, most: int) -> Iterator[None]:
        """Raises Problem (429) if `most` of this kind are going on for that person already."""
        key = account, what
        if self._going_on[key] >= most:
            raise Problem(
                429,
                f"{most} {what} of yours are open at the same time already; wait until one has "
                "ended, or close a tab, and try again.",
                headers={"Retry-After": "10"},
            )
        self._going_on[key] += 1
        try:
            yield
        finally:
            self._going_on[key] -= 1
            if not self._going_on[key]:
                del self._going_on[key]

    @contextlib.asynccontextmanager
    async def alone(self, account: int) -> AsyncIterator[None]:
        """Waits until nothing else of that person is done here."""
        self._waiting[account] += 1
        try:
            async with self._locks[account]:
                yield
        finally:
            self._waiting[account] -= 1
            if not self._waiting[account]:
                del self._waiting[account], self._locks[account]
