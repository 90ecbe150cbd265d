"""Grades to an LMS: first what would be sent and what not, then the sending, and what was refused.

A platform is asked while these pages are made, so they have threads of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.responses import Response

from grader.errors import UsageError
from grader.server.http.calls import Call
from grader.server.lti.assets.told import ToldReports
from grader.server.lti.protocol.records import PlatformCourse, PlatformFault
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, not_found, sentence

if TYPE_CHECKING:
    from grader.server.lti.grades.pushing import ScorePush

MOST_LISTED = 500
# Of one request; what is not sent by then is sent by pressing the button again.
WITHIN_S = 40.0


async def push_page(call: Call) -> Response:
    """What would be sent to a course of an LMS, and what not and why."""
    return await run_sync(_show, call, limiter=call.site.services)


async def push(call: Call) -> Response:
    """Sends, and says what was refused."""
    return await run_sync(_push, call, limiter=call.site.services)


def _show(call: Call) -> Response:
    from grader.server.lti.grades import pushing, scores  # slow to load, for who does not need them

    name, courses = homework_name(call), _used(call)
    chosen = _chosen(courses, call.query.get("course", ""))
    planned, trouble = None, ""
    if chosen is not None:
        try:
            planned = _push_of(call, chosen).plan(name)
        except PlatformFault as exc:
            trouble = str(exc)
    listed = planned.scores if planned is not None else ()
    sections = [
        (action, [each for each in listed if each.action is action])
        for action in scores.ScoreAction
        if action is not scores.ScoreAction.SAME
    ]
    told, refused = ToldReports(call.site.engine, call.site.clock).of_homework(name)
    return call.page(
        "lti_push.html.j2",
        status=502 if trouble else 200,
        name=name,
        title=call.site.course.spec(name).title,
        courses=courses,
        chosen=chosen,
        planned=planned,
        trouble=trouble,
        same=sum(each.action is scores.ScoreAction.SAME for each in listed),
        sections=[(action, found) for action, found in sections if found],
        shown=pushing.shown,
        most=MOST_LISTED,
        told=told,
        refused=refused,
    )


def _push(call: Call) -> Response:
    name = homework_name(call)
    chosen = _chosen(_used(call), call.field("course"))
    if chosen is None:
        raise not_found()
    seen = {
        int(key): value
        for field, value in call.form.items()
        if (key := field.removeprefix("overwrite-")) != field
        and (key.isascii() and key.isdigit() and len(key) < 16)
    }
    try:
        done = _push_of(call, chosen).push(name, seen, WITHIN_S)
    except PlatformFault as exc:
        raise Problem(502, sentence(str(exc)), title="Nothing was sent") from None
    except UsageError as exc:
        raise Problem(409, sentence(str(exc)), title="Nothing was sent") from None
    return call.page(
        "lti_pushed.html.j2",
        name=name,
        title=call.site.course.spec(name).title,
        chosen=chosen,
        done=done,
    )


def _push_of(call: Call, chosen: PlatformCourse) -> ScorePush:
    from grader.server.lti.grades.pushing import ScorePush  # slow to load, for who does not need it

    return ScorePush(call.site.course, call.site.book, chosen, call.site.clock, call.account.id)


def _used(call: Call) -> tuple[PlatformCourse, ...]:
    return tuple(each for each in call.site.platforms.courses() if each.used)


def _chosen(courses: tuple[PlatformCourse, ...], key: str) -> PlatformCourse | None:
    """The course that is asked for; if none is, the only one."""
    if not key:
        return courses[0] if len(courses) == 1 else None
    return next((each for each in courses if str(each.key) == key), None)
