"""The roster from an LMS: a proposal, shown and set in the way of a file that was uploaded."""

from __future__ import annotations

from anyio.to_thread import run_sync
from starlette.responses import Response

from grader.errors import TooMany
from grader.gradebook.roster import roster_csv
from grader.server.http.calls import Call
from grader.server.lti.platforms.members import proposed
from grader.server.lti.protocol.records import PlatformFault
from grader.server.pages.student_pages import too_many
from grader.server.problems import Problem, not_found, sentence

ROSTER = ""  # of a kept table: no homework's


async def propose(call: Call) -> Response:
    """Asks the LMS who is in a course, and shows what the roster would become."""
    return await run_sync(_propose, call, limiter=call.site.services)


def _propose(call: Call) -> Response:
    # Slow to load, for who does not need it.
    from grader.server.lti.protocol.services import CourseServices

    site, number = call.site, call.number("key")
    course = next((each for each in site.platforms.courses() if each.key == number), None)
    platform = None if course is None else site.platforms.get(course.platform)
    if course is None or platform is None or not course.used or not platform.confirmed:
        raise not_found()
    try:
        members = CourseServices(platform, course, site.tool_keys, site.clock).members()
    except PlatformFault as exc:
        raise Problem(502, sentence(str(exc)), title="The LMS did not tell") from None
    accounts = {each.key: each.student for each in site.accounts.everyone()}
    subjects = site.platforms.subjects(platform.settings.issuer)
    joined = {
        subject: student
        for key, subject in subjects.items()
        if (student := accounts.get(key)) is not None
    }
    staff = {subject for key, subject in subjects.items() if accounts.get(key, 0) is None}
    found = proposed(
        [each for each in site.book.students() if each.on_roster],
        [each for each in members if each.subject not in staff],
        joined,
        takes_off=call.field("takes_off") == "on",
    )
    data = roster_csv(found.students).encode("utf-8", "replace")
    try:
        made = site.hand_ins.add_draft(ROSTER, call.account, site.blobs.put(data), len(data))
    except TooMany as exc:
        raise too_many(call, exc) from None
    names = ", ".join((each.name or each.subject) for each in found.unusable[:10])
    people = "1 person is" if len(members) == 1 else f"{len(members)} people are"
    told = f"{people} in that course of the LMS."
    if names:
        told += f" The LMS tells nothing that could be the id of: {names}."
    return call.go("roster_table", told, id=made.id)
