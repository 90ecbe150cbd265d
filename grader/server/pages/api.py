"""What programs use, such as `grader submit --to https://...`: JSON, with a personal token."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from grader.errors import TooMany
from grader.server.hand_ins.live import Telling
from grader.server.http.access import own_hand_in
from grader.server.http.calls import Call
from grader.server.http.csrf import require_csrf
from grader.server.http.uploads import NotReceived, TooLarge, bounded
from grader.server.pages.result_pages import reader_of, receipt_of
from grader.server.pages.student_pages import homework_name, too_many
from grader.server.problems import Problem, sentence
from grader.server.records import HandIn, HandInState
from grader.server.site.turns import MOST_UPLOADS

_SMALL = 256 << 10  # bytes
# After how many seconds to ask again, by how many are graded before.
SOONEST_S, EACH_S, LATEST_S = 0.3, 0.05, 10.0


def me(call: Call) -> Response:
    """Whose token it is, and what they can hand in."""
    account, course = call.account, call.site.course
    return call.answer(
        {
            "id": account.id,
            "name": account.name,
            "role": account.role.value,
            "course": course.settings.name,
            "homeworks": course.names,
        }
    )


async def submit(call: Call) -> Response:
    """Takes an archive as the body. Sending the same one again gives the same receipt."""
    assert call.visit is not None, "the route is open to students only"
    require_csrf(call.request, call.visit, "")
    name = homework_name(call)
    site, account = call.site, call.account
    limit = int(site.settings.upload_mb * 1e6)
    with site.turns.one_of(account.key, "uploads", MOST_UPLOADS):
        if _is_small(call):
            data = await _whole(call, limit)
            made, fresh = await run_in_threadpool(_take, call, name, data, site.clock())
        else:
            # Before anything is on the disk: what is refused afterwards lies there for a while.
            await run_in_threadpool(_require_room, call, name)
            stored = await _stored(call, limit)
            made, fresh = await run_in_threadpool(_accept, call, name, *stored)
    answer = {
        "key": made.key,
        "receipt": receipt_of(call, made),
        "page": call.absolute("hand_in", key=made.key),
    }
    return call.answer(answer, 201 if fresh else 200)


def _is_small(call: Call) -> bool:
    """Whether the body is taken into memory: then one thread does all that remains, at once."""
    declared = call.request.headers.get("content-length", "")
    return declared.isdigit() and int(declared) <= _SMALL


def _take(call: Call, name: str, data: bytes, at: datetime) -> tuple[HandIn, bool]:
    _require_room(call, name, hashlib.sha256(data).hexdigest())
    return _accept(call, name, call.site.blobs.put(data), len(data), at)


def _require_room(call: Call, name: str, sha256: str = "") -> None:
    try:
        call.site.hand_ins.require_room(name, call.account, sha256)
    except TooMany as exc:
        raise too_many(call, exc) from None


def _accept(call: Call, name: str, sha256: str, size: int, at: datetime) -> tuple[HandIn, bool]:
    try:
        return call.site.hand_ins.accept_once(name, call.account, sha256, size, at)
    except TooMany as exc:
        raise too_many(call, exc) from None


async def _whole(call: Call, limit: int) -> bytes:
    with _refusing():
        data = b"".join([piece async for piece in bounded(call.request, limit)])
    _require_zip(data[:2])
    return data


async def _stored(call: Call, limit: int) -> tuple[str, int, datetime]:
    """Put the body into its place; its SHA-256 and size, and when it had come. limit: in bytes.

    Raises Problem.
    """
    begin = b""
    # Writing goes to the disk's cache; what takes long, and must not hold the loop, is `commit`.
    with call.site.blobs.writer() as writer:
        with _refusing():
            async for piece in bounded(call.request, limit):
                begin = (begin + piece[:2])[:2]
                await run_in_threadpool(writer.write, piece)
        _require_zip(begin)
        at = call.site.clock()
        return *await run_in_threadpool(writer.commit), at


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Answer a body that is too large, or does not come whole. Raises Problem."""
    try:
        yield
    except TooLarge as exc:
        raise Problem(413, sentence(str(exc))) from None
    except NotReceived as exc:
        raise Problem(400, sentence(str(exc))) from None


def _require_zip(begin: bytes) -> None:
    if begin != b"PK":
        raise Problem(415, "The body is not a zip archive; send one as application/zip.")


def state(call: Call) -> Response:
    """Where a hand-in is, and what has happened since the event `after`."""
    site, found = call.site, own_hand_in(call.site, call.account, call.number("key"))
    text = call.query.get("after", "0")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    events = site.hand_ins.events(0, [found.key])
    told: list[dict[str, object]] = []
    # Of those that were told: one that counted hidden checks, too, would tell when each ended.
    new = after
    if any(
        event.key > after for event in events
    ):  # else there is nothing to tell, and what one may see need not be known
        telling = Telling(reader_of(call, found).seen)
        for event in events:
            said = telling.of(event)
            if said and event.key > after:
                told += said
                new = event.key
    waiting = found.state is HandInState.WAITING
    ahead = (site.hand_ins.position(found.key) or 0) if waiting else 0
    return call.answer(
        {
            "key": found.key,
            "state": found.state.value,
            "ahead": ahead,
            "again_s": min(max(SOONEST_S, ahead * EACH_S), LATEST_S),
            "events": told,
            "last": new,
            "page": call.absolute("hand_in", key=found.key),
        }
    )
