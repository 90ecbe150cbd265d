"""How the class stands in a homework now: who is stuck where, and what waits to be graded."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from grader.gradebook.class_state import StudentProgress, by_check, class_progress
from grader.gradebook.roster import name_key
from grader.server.http.access import marked_by
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.records import HandIn, HandInState

MOST_LISTED = 200


def standing(call: Call) -> Response:
    """Who is stuck at which check, found by student, check or mistake."""
    name, site = homework_name(call), call.site
    asked, check = call.query.get("q", "")[:200], call.query.get("check", "")[:400]
    made = site.hand_ins.of_homework(name)
    progress = class_progress(site.book, name)
    mine = marked_by(site, call.account, name)
    if mine is not None:
        made = tuple(each for each in made if each.student in mine)
        progress = tuple(each for each in progress if each.student.key in mine)
    found = [each for each in progress if _is_found(each, asked, check)]
    return call.page(
        "class.html.j2",
        name=name,
        title=site.course.spec(name).title,
        query=asked,
        check=check,
        checks=by_check(progress),
        progress=found[:MOST_LISTED],
        more=max(0, len(found) - MOST_LISTED),
        graded=len(progress),
        waiting=_count(made, HandInState.WAITING),
        grading=_count(made, HandInState.GRADING),
        failed=_count(made, HandInState.OPEN),
        hand_ins={each.attempt: each for each in made if each.attempt is not None},
        workers=site.workers() if site.workers is not None else None,
        now=site.clock(),
    )


def _count(made: Sequence[HandIn], state: HandInState) -> int:
    return sum(each.state is state for each in made)


def _is_found(each: StudentProgress, asked: str, check: str) -> bool:
    """Whether each word is in what is known of them; check: of those who are stuck at it."""
    if not (asked or check):
        return True
    if check and check not in {stuck.id for stuck in each.stuck_at}:
        return False
    student = each.student
    said = [student.id, student.name, student.email, student.section, student.group]
    said += [f"{stuck.id} {stuck.title} {stuck.mistake}" for stuck in each.stuck_at]
    text = name_key("\n".join(said))
    return all(word in text for word in name_key(asked).split())
