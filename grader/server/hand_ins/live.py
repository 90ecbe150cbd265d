"""Tells pages what happens to hand-ins while it happens, as server-sent events.

One task looks into the database for everybody who watches, a few times a second and only while
somebody does; so a class that waits costs one query at a time, and the processes that grade need
not know who watches. The same task sees who was signed out meanwhile, and ends their watch.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from grader.course.feedback import StudentView
from grader.reports.schema import CheckResult, Outcome, Visibility
from grader.reports.visible import check_shown
from grader.server.records import Event, EventKind, Visit

PAUSE_S = 0.25
ALIVE_S = 15.0  # proxies end a connection on which nothing comes for long
LOOK_UP_S = 1.0  # how soon a watch ends when the server stops
ADMITTED_S = 2.0  # how soon a watch ends whose reader may see nothing any more
# Then the page connects again, and all else that decides what its reader may see is asked anew.
MAX_WATCHED_S = 60.0

# Events with a key above the given one, in order.
ReadEvents = Callable[[int], Sequence[Event]]
# Those of some visits that still hold.
StillAdmitted = Callable[[Collection[Visit]], Collection[Visit]]


@dataclass(frozen=True)
class _LiveReader:
    """What one reader watches, and where to put it. None in the queue ends it."""

    hand_in: int
    visit: Visit
    queue: asyncio.Queue[Event | None]


class LiveEvents:
    """Hands new events to those who watch. One instance for one event loop."""

    def __init__(
        self,
        read: ReadEvents,
        admitted: StillAdmitted,
        stopping: threading.Event,
        pause_s: float = PAUSE_S,
    ) -> None:
        """read: the events after a key. stopping: ends every watch, when the server stops."""
        self._read = read
        self._admitted = admitted
        self._stopping = stopping
        self._pause_s = pause_s
        self._watches: list[_LiveReader] = []
        self._task: asyncio.Task[None] | None = None
        self._last = 0

    async def watch(
        self, hand_in: int, visit: Visit, since: int, seen: int
    ) -> AsyncIterator[Event | None]:
        """The events of one hand-in after the event `seen`; None where nothing came for a while.

        visit: who watches. since: the newest event of all, from before those up to `seen` were
        read. Ends with the event that ends the grading, and where the visit does not hold any more.
        """
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        mine = _LiveReader(hand_in, visit, queue)
        self._watches.append(mine)
        try:
            if self._task is None or self._task.done():
                self._last = since
                self._task = asyncio.create_task(self._look())
            else:
                self._last = min(self._last, since)
            clock = asyncio.get_running_loop().time
            ends = clock() + MAX_WATCHED_S
            alive = clock()
            while clock() < ends and not self._stopping.is_set():
                try:
                    event = await asyncio.wait_for(queue.get(), LOOK_UP_S)
                except TimeoutError:
                    if clock() > alive + ALIVE_S:
                        alive = clock()
                        yield None
                    continue
                if event is None:
                    return
                if event.key <= seen:
                    continue
                seen = event.key
                yield event
                if event.kind in (EventKind.DONE, EventKind.OPEN):
                    return
        finally:
            self._watches.remove(mine)

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        look_again_at = clock() + ADMITTED_S
        while self._watches:
            # A database that is away for a moment is asked again. Nothing is told before it has
            # said who may still hear it.
            with contextlib.suppress(Exception):
                if clock() >= look_again_at:
                    await self._end_others()
                    look_again_at = clock() + ADMITTED_S
                for event in await run_in_threadpool(self._read, self._last):
                    self._last = max(self._last, event.key)
                    for watch in self._watches:
                        if watch.hand_in == event.hand_in:
                            watch.queue.put_nowait(event)
            await asyncio.sleep(self._pause_s)

    async def _end_others(self) -> None:
        """End the watches whose visits do not hold any more."""
        known = tuple(self._watches)
        still = await run_in_threadpool(self._admitted, {watch.visit for watch in known})
        for watch in known:
            if watch.visit not in still:
                watch.queue.put_nowait(None)


def as_sent(name: str, data: dict[str, Any], key: int | None = None) -> bytes:
    """One server-sent event."""
    lines = [f"id: {key}"] if key is not None else []
    lines += [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    return ("\n".join(lines) + "\n\n").encode("utf-8", "replace")


class Telling:
    """What is told of one hand-in's events, in the order in which it may be told.

    What students see of a check is decided where their report is (`check_shown`). Their code runs
    while a hidden check does and could make the time that it takes speak of the check's inputs; so
    hidden checks are told together, at the end.
    """

    def __init__(self, seen: StudentView | None) -> None:
        """seen: what the reader sees now; None for staff."""
        self._seen = seen
        self._held: list[dict[str, Any]] = []

    def of(self, event: Event) -> list[dict[str, Any]]:
        """What to tell now that this has happened."""
        if event.kind is not EventKind.CHECK:
            ends = event.kind in (EventKind.DONE, EventKind.OPEN)
            held, self._held = (self._held, []) if ends else ([], self._held)
            return [*held, {"kind": event.kind.value}]
        check = CheckResult.model_validate_json(event.text)
        hidden = check.visibility is not Visibility.VISIBLE
        if self._seen is not None:
            theirs = check_shown(check, self._seen)
            if theirs is None:
                return []
            check = theirs
        said = {
            "kind": event.kind.value,
            "title": check.title,
            "passed": check.outcome is Outcome.PASSED,
            "words": check.outcome.words,
            "sign": check.outcome.sign,
            "hidden": hidden,
            "points": check.points,
            "max_points": check.max_points,
        }
        if hidden and self._seen is not None:
            self._held.append(said)
            return []
        return [said]
