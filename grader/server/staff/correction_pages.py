"""Pages on which many grades are corrected at once: who gains and who loses, before it counts."""

from __future__ import annotations

from starlette.responses import Response

from grader.errors import MarkConflict, UsageError
from grader.gradebook.corrections import CheckRule, Correction, Corrections
from grader.gradebook.desk.together import CORRECTION
from grader.gradebook.grades.policy import count, typed_points
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, not_found, sentence


def corrections_of(call: Call) -> Corrections:
    """The corrections of the course."""
    return Corrections(call.site.course, call.site.book, call.site.clock)


# A rubric


def rubric(call: Call) -> Response:
    """What the rubric as it is now would change."""
    name = homework_name(call)
    changes, correction = corrections_of(call).rubric(name)
    return call.page(
        "rubric.html.j2",
        name=name,
        title=call.site.course.spec(name).title,
        questions=changes,
        correction=correction,
    )


def follow_rubric(call: Call) -> Response:
    """Lets the marks follow it, if that still does what was looked at."""
    name = homework_name(call)
    stamp, why = call.field("stamp"), call.field("why")
    try:
        done = corrections_of(call).follow_rubric(name, stamp, who=call.account.id, why=why)
    except UsageError as exc:
        raise problem_of(exc) from None
    return call.go("rubric", told(done), name=name)


# A check


def checks(call: Call) -> Response:
    """How the checks of a homework ended, and what a correction of one of them would do."""
    name = homework_name(call)
    found = corrections_of(call)
    states = found.checks(name)
    chosen = next((each for each in states if each.id == call.query.get("check")), None)
    rule = _rule(call.query.get("rule", ""))
    typed, trouble, correction = call.query.get("points", "").strip()[:40], "", None
    if chosen is not None and rule is not None:
        try:
            correction = found.check(name, chosen.id, rule, typed_points(typed))
        except UsageError as exc:
            trouble = sentence(str(exc))
    return call.page(
        "checks.html.j2",
        status=422 if trouble else 200,
        name=name,
        title=call.site.course.spec(name).title,
        states=states,
        chosen=chosen,
        rules=CheckRule,
        rule=rule,
        typed=typed,
        trouble=trouble,
        correction=correction,
        corrected=[each for each in call.site.groups.of(name, CORRECTION) if each.left],
    )


def give_check(call: Call) -> Response:
    """Gives the points, if that still does what was looked at."""
    name = homework_name(call)
    rule, check = _rule(call.field("rule")), call.field("check")
    if rule is None:
        raise Problem(422, "Nothing says who gets the points; choose it on the page.")
    try:
        done = corrections_of(call).give_check(
            name, check, rule, typed_points(call.field("points")), call.field("stamp"),
            who=call.account.id, why=call.field("why"),
        )  # fmt: skip
    except UsageError as exc:
        raise problem_of(exc) from None
    return call.go("checks", told(done), name=name, check=check)


def take_back_check(call: Call) -> Response:
    """Takes a correction of a check back: each grade has again what it had before."""
    name, number = homework_name(call), call.field("correction", longest=9)
    why = call.field("why")
    if not why:
        raise Problem(422, "Taking a correction back needs a reason; write one.", field="why")
    known = number.isascii() and number.isdigit()
    group = call.site.groups.group(int(number)) if known else None
    if group is None or (group.assignment, group.kind) != (name, CORRECTION):
        raise not_found()
    done = call.site.groups.undo(group, who=call.account.id, why=why)
    told = f"Taken back for {count(done.changed, 'attempt')}."
    if done.refused:
        told += f" Left as they are: {'; '.join(done.refused)[:300]}."
    return call.go("checks", told, name=name)


def _rule(text: str) -> CheckRule | None:
    return CheckRule(text) if text in set(CheckRule) else None


def problem_of(exc: UsageError) -> Problem:
    """Why a correction was not made."""
    if isinstance(exc, MarkConflict):
        return Problem(409, sentence(str(exc)))
    return Problem(422, sentence(str(exc)), field="why")


def told(done: Correction) -> str:
    """What a correction that was made has done."""
    many = len(done.changes)
    return (
        f"{many} grade{'s are' if many != 1 else ' is'} corrected: {done.gains} gain points, "
        f"{done.losses} lose some."
    )
