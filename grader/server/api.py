"""What programs use, such as `grader submit --to https://...`: JSON, with a personal token."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from grader.errors import TooMany
from grader.server.access import own_hand_in
from grader.server.calls import Call
from grader.server.csrf import require_csrf
from grader.server.live import Telling
from grader.server.problems import Problem, sentence
from grader.server.records import HandIn, HandInState
from grader.server.result_pages import reader_of, receipt_of
from grader.server.student_pages import homework_name, too_many
from grader.server.turns import MOST_UPLOADS
from grader.server.uploads import NotReceived, TooLarge, bounded

# Whoever sends the same again so soon has not heard the answer.
_SAME_WITHIN = timedelta(minutes=10)
_ZIP = b"PK"
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
    try:
        # Before anything is on the disk: what is refused afterwards lies there for a while.
        await run_in_threadpool(site.hand_ins.require_room, name, account)
    except TooMany as exc:
        raise too_many(call, exc) from None
    with site.turns.one_of(account.key, "uploads", MOST_UPLOADS):
        sha256, size = await _stored(call, limit)

    def accept() -> tuple[HandIn, bool]:
        assert account.student is not None, "the route is open to students only"
        for each in site.hand_ins.of_student(account.student, name)[:1]:
            if each.sha256 == sha256 and site.clock() - each.received_at < _SAME_WITHIN:
                return each, False
        try:
            return site.hand_ins.accept(name, account, sha256, size), True
        except TooMany as exc:
            raise too_many(call, exc) from None

    made, fresh = await run_in_threadpool(accept)
    answer = {
        "key": made.key,
        "receipt": receipt_of(call, made),
        "page": call.absolute("hand_in", key=made.key),
    }
    return call.answer(answer, 201 if fresh else 200)


async def _stored(call: Call, limit: int) -> tuple[str, int]:
    """Put the body into its place; its SHA-256 and size. limit: in bytes. Raises Problem."""
    begin = b""
    # Writing goes to the disk's cache; what takes long, and must not hold the loop, is `commit`.
    with call.site.blobs.writer() as writer:
        try:
            async for piece in bounded(call.request, limit):
                begin = (begin + piece[:2])[:2]
                await run_in_threadpool(writer.write, piece)
        except TooLarge as exc:
            raise Problem(413, sentence(str(exc))) from None
        except NotReceived as exc:
            raise Problem(400, sentence(str(exc))) from None
        if begin != _ZIP:
            raise Problem(415, "The body is not a zip archive; send one as application/zip.")
        return await run_in_threadpool(writer.commit)


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
