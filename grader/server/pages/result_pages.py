"""The page of one hand-in: its checks while they end, its report, its receipt, its files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from datetime import UTC
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from grader.gradebook.breakdown import sheet_of
from grader.gradebook.records import Attempt, Grade, Student
from grader.gradebook.released import reported_comments, student_sheet
from grader.reports.pages.view import PageView
from grader.reports.schema import Report
from grader.server.hand_ins.live import Telling, as_sent
from grader.server.hand_ins.receipts import signed_receipt
from grader.server.hand_ins.results import Audience, page_view, report_of
from grader.server.http.access import own_hand_in
from grader.server.http.calls import Call
from grader.server.pages import second_looks
from grader.server.pages.comment_pages import commenting_on
from grader.server.pages.homework_views import HomeworkView, homework_of
from grader.server.pages.second_looks import asking_about, require_asker
from grader.server.pages.student_pages import attachment, attempts_of, hand_ins_of
from grader.server.problems import Problem
from grader.server.records import EventKind, HandIn, HandInState
from grader.server.site.turns import MOST_WATCHED

# "open" would be heard as a browser's own event of a connection that was made.
ENDED = "ended"
_UNDONE = (HandInState.WAITING, HandInState.GRADING)


def hand_in(call: Call) -> Response:
    """The checks while it is graded, then its report."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    return call.page("hand_in.html.j2", **page_values(call, found, reader_of(call, found)))


def page_values(call: Call, found: HandIn, reader: Audience) -> dict[str, Any]:
    """What the page of a hand-in shows to a reader."""
    site = call.site
    running = _running(call, found) if found.state in _UNDONE else ""
    view = _view(call, found, reader)
    telling = Telling(reader.seen)
    events = site.hand_ins.events(0, [found.key]) if running else ()
    told = [each for event in events for each in telling.of(event) if each["kind"] == "check"]
    asking = asking_about(call, found, view.report if view else None, reader.seen)
    return {
        "hand_in": found,
        "title": site.course.spec(found.assignment).title,
        "running": running,
        "told": told,
        "view": view,
        "standalone": False,
        "heading": heading(found, call.account.student),
        "label": found.label,
        "asking": asking,
        "commenting": commenting_on(call, found, view),
    }


async def events(call: Call) -> Response:
    """The same as it happens, as server-sent events."""
    site, visit = call.site, call.visit
    assert visit is not None, "the route is open to nobody else"
    found = await run_in_threadpool(own_hand_in, site, call.account, call.number("key"))
    reader = await run_in_threadpool(reader_of, call, found)

    async def sent() -> AsyncIterator[bytes]:
        telling = Telling(reader.seen)
        since = await run_in_threadpool(site.hand_ins.newest_event)
        before = await run_in_threadpool(site.hand_ins.events, 0, [found.key])
        seen = max((event.key for event in before), default=0)
        now = await run_in_threadpool(site.hand_ins.hand_in, found.key)
        if now is None or (now.state not in _UNDONE):
            yield as_sent(ENDED, {})
            return
        if now.state is HandInState.WAITING:
            ahead = await run_in_threadpool(site.hand_ins.position, found.key)
            yield as_sent("waiting", {"ahead": ahead or 0})
        for event in before:
            for each in telling.of(event):
                yield as_sent(_sent_as(each), each, event.key)
        async for event_ in site.feed.watch(found.key, visit, since, seen):
            if event_ is None:
                yield b": still here\n\n"
                continue
            for each in telling.of(event_):
                yield as_sent(_sent_as(each), each, event_.key)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    room = site.turns.one_of(call.account.key, "live pages", MOST_WATCHED)
    return _CountedStream(room, sent(), media_type="text/event-stream", headers=headers)


class _CountedStream(StreamingResponse):
    """One of a person's open answers for as long as it is sent, however that ends."""

    def __init__(self, room: AbstractContextManager[None], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._room:
            await super().__call__(scope, receive, send)


def receipt(call: Call) -> Response:
    """The signed receipt, as a file."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    text = json.dumps(receipt_of(call, found), indent=2, ensure_ascii=False) + "\n"
    return attachment(text.encode(), f"receipt-{found.assignment}-{found.number}.json")


def archive(call: Call) -> Response:
    """What was handed in, as it came."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    data = call.site.blobs.read(found.sha256)
    return attachment(data, f"{found.assignment}-{found.number}.zip", "application/zip")


def report_json(call: Call) -> Response:
    """The report for whoever reads it, as JSON."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    report = _report(call, found, reader_of(call, found))
    if report is None:
        raise Problem(404, "This attempt has no report yet; wait until it is graded.")
    return attachment(report.to_json().encode(), f"{found.assignment}-{found.number}-report.json")


def ask(call: Call) -> Response:
    """Asks for another look at a check or a question."""
    found = require_asker(call, call.number("key"))
    report = _report(call, found, reader_of(call, found))
    if report is None:
        raise Problem(409, "This attempt is not graded yet; wait until its report is there.")
    return second_looks.ask(call, found, report)


# What these share


def receipt_of(call: Call, found: HandIn) -> dict[str, object]:
    """The signed receipt of a hand-in."""
    site = call.site
    return signed_receipt(site.keys, site.course.settings.name, site.address, found)


def reader_of(call: Call, found: HandIn) -> Audience:
    """What whoever asks may see of a hand-in now."""
    site, account = call.site, call.account
    graded = _attempt(call, found)
    if account.role.is_staff:
        sheet = None
        if graded is not None:
            grade = site.book.grade(found.assignment, found.student_id)
            if _counts(grade, graded):
                sheet = sheet_of(grade, site.course.zone or UTC)
        written = () if graded is None else site.comments.of_attempt(graded.key)
        return Audience(None, found.student_id, sheet, reported_comments(written))
    assert account.student is not None, "staff have no homeworks"
    student = site.book.student_by_key(account.student)
    released = site.book.is_released(found.assignment, student)
    view = view_for(call, student, found.assignment, released=released)
    return student_reader(call, view, graded, account.called, released=released)


def student_reader(
    call: Call, view: HomeworkView, graded: Attempt | None, called: str, *, released: bool
) -> Audience:
    """What the student of a homework may see of one attempt at it now. called: their name."""
    site, sheet = call.site, None
    if graded is not None and _counts(view.grade, graded):
        sheet = student_sheet(site.book, site.course, view.grade, site.clock(), released=released)
    comments = reported_comments(view.grade.comments) if sheet is not None else ()
    return Audience(view.seen, called, sheet, comments)


def view_for(call: Call, student: Student, assignment: str, *, released: bool) -> HomeworkView:
    """A homework as one student sees it."""
    site = call.site
    return homework_of(
        site.course,
        site.book.grade(assignment, student.id),
        hand_ins_of(call, student, assignment)[assignment],
        attempts_of(call, student),
        site.clock(),
        released=released,
    )


def heading(found: HandIn, reader: int | None) -> str:
    """Whose attempt it is, for who did not hand it in, and which. reader: the key of a student."""
    return f"Attempt {found.number}" + (
        "" if found.student == reader else f" of {found.student_id}"
    )


def _sent_as(told: dict[str, Any]) -> str:
    """The name of a server-sent event."""
    return ENDED if told["kind"] in (EventKind.DONE, EventKind.OPEN) else str(told["kind"])


def _attempt(call: Call, found: HandIn) -> Attempt | None:
    return None if found.attempt is None else call.site.book.attempt(found.attempt)


def _counts(grade: Grade, attempt: Attempt) -> bool:
    return grade.attempt is not None and grade.attempt.key == attempt.key


def _report(call: Call, found: HandIn, reader: Audience) -> Report | None:
    graded = _attempt(call, found)
    return None if graded is None else report_of(call.site.book, graded, reader)


def _view(call: Call, found: HandIn, reader: Audience) -> PageView | None:
    report = _report(call, found, reader)
    if report is None:
        return None
    site = call.site
    listing = site.listings.of(site.course, found)
    return page_view(report, listing, site.hand_ins.pictures(found.key), site.blobs)


def _running(call: Call, found: HandIn) -> str:
    """What a page says of a hand-in that is not graded yet."""
    if found.state is HandInState.GRADING:
        return "Being graded now"
    ahead = call.site.hand_ins.position(found.key)
    return f"Waiting: {ahead} before yours" if ahead else "Yours is next"
