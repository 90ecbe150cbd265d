"""Alike together: what a person marks once for a whole group, takes one out of, and undoes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.chosen_points import ChosenPoints, PointsForMany
from grader.gradebook.claims import Marker
from grader.gradebook.corrections import CHANGED
from grader.gradebook.desk.desk import QuestionState, entered
from grader.gradebook.desk.shared_faults import FaultGroup, fault_groups
from grader.gradebook.desk.together import CORRECTION, GroupOutcome, MarkGroup
from grader.gradebook.grades.policy import count, typed_points
from grader.gradebook.marking.alike import alike_groups
from grader.gradebook.marking.mark_tables import mark_version
from grader.server.http.access import marked_by
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import Role
from grader.server.staff.answer_views import item_views, slug, whose
from grader.server.staff.correction_pages import problem_of, told
from grader.server.staff.marking_pages import (
    MOST_COMMENT,
    MarkingWindow,
    entry_in,
    window_of,
)

MOST_REASON = 400
_MEMBER = "member-"


def alike(call: Call) -> Response:
    """The answers to a question in groups that are alike, and the groups that were marked."""
    window = window_of(call)
    state = _look(call, window, fresh=True)
    names = {each.attempt.key: whose(each, window.hide) for each in state.sheets}
    return call.page(
        "alike.html.j2",
        title=call.site.course.spec(window.name).title,
        window=window,
        place={"name": window.name, "question": slug(window.question.id)},
        state=state,
        groups=alike_groups(state.sheets),
        items=item_views(window.question, ()),
        version=mark_version,
        names=names,
        marked=_own(call, call.site.groups.of(window.name, "question", window.question.id)),
        most=MOST_COMMENT,
    )


def mark_alike(call: Call) -> Response:
    """Give those who are ticked one mark."""
    window = window_of(call)
    place = {"name": window.name, "question": slug(window.question.id)}
    state = _look(call, window, fresh=False)
    members, stale = [], 0
    for key, seen in _members(call):
        sheet = state.sheet(key)
        if sheet is None:
            raise not_found()
        if mark_version(sheet.own_mark) != seen:
            stale += 1
        else:
            members.append((sheet.attempt, sheet.own_mark))
    entry = entry_in(call, window.question, call.field("then"))
    try:
        given = entered(window.question, entry)
        why = call.field("why", longest=MOST_REASON)
        done = call.site.groups.mark(window.question.id, members, given, window.marker, why)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    changed = [f"{count(stale, 'answer')} was marked by somebody else meanwhile"] if stale else []
    told = _told(f"{given[0]:.10g} points for", done, changed)
    return call.go("alike", told, **place, **window.more)


def faults(call: Call) -> Response:
    """The submissions of a homework by named mistake and by failing checks."""
    name = homework_name(call)
    site = call.site
    groups = _visible(call, name, fault_groups(site.book, site.course, name))
    hand_ins = {each.attempt: each.key for each in site.hand_ins.of_homework(name) if each.attempt}
    members = [each for group in groups for each in group.members]
    return call.page(
        "faults.html.j2",
        name=name,
        names={each.attempt.key: ", ".join(each.people) for each in members},
        title=site.course.spec(name).title,
        groups=groups,
        hand_ins=hand_ins,
        marked=_own(call, site.groups.of(name, "check")),
        most=MOST_REASON,
    )


def override_faults(call: Call) -> Response:
    """Show what points for those who are ticked would do; once that was seen, set them."""
    name = homework_name(call)
    chosen, title = _chosen(call, name)
    many = PointsForMany(call.site.course, call.site.book, call.site.clock)
    stamp, why = call.field("stamp"), call.field("why", longest=MOST_REASON)
    try:
        if stamp:
            done = many.give(chosen, stamp, who=call.account.id, why=why)
            said = f"{chosen.points:.10g} points for {len(chosen.attempts)}. {told(done)}"
            return call.go("faults", said, name=name)
        correction = many.look(chosen)
    except UsageError as exc:
        raise problem_of(exc) from None
    return call.page(
        "faults_review.html.j2",
        name=name,
        homework=call.site.course.spec(name).title,
        title=title,
        chosen=chosen,
        correction=correction,
        why=why,
        most=MOST_REASON,
    )


def _chosen(call: Call, name: str) -> tuple[ChosenPoints, str]:
    """Which points for whom, as the form says it, and the check's title. Raises Problem."""
    groups = _visible(call, name, fault_groups(call.site.book, call.site.course, name))
    checks = {check: (title, most) for group in groups for check, title, most in group.checks}
    check, typed = call.field("check"), call.field("points")
    points = typed_points(typed)
    if check not in checks:
        raise Problem(409, sentence(CHANGED))
    title, most = checks[check]
    if points is None or not 0 <= points <= most:
        raise Problem(
            422,
            f"{typed[:20]!r} is no number of points from 0 to {most:.10g}.",
            field="points",
        )
    attempts = frozenset(key for key, _ in _members(call))
    if not attempts:
        raise Problem(422, "Nobody is chosen; tick those whose points are to change.")
    if not attempts <= {each.attempt.key for group in groups for each in group.members}:
        raise Problem(409, sentence(CHANGED))
    return ChosenPoints(name, check, points, attempts), title


def undo_group(call: Call) -> Response:
    """Undo a group, or take one attempt out of it."""
    group = call.site.groups.group(call.number("key"))
    if group is None or group.kind == CORRECTION or not _own(call, [group]):
        raise not_found()
    only = call.field("attempt")
    if only and not (only.isascii() and only.isdigit() and len(only) < 10):
        raise not_found()
    done = call.site.groups.undo(group, who=call.account.id, only=int(only) if only else None)
    told = _told("The mark before is back for", done)
    if group.kind == "check":
        return call.go("faults", told, name=group.assignment)
    return call.go("alike", told, name=group.assignment, question=slug(group.item))


def _members(call: Call) -> Iterable[tuple[int, str]]:
    for name, value in call.form.items():
        number = name.removeprefix(_MEMBER)
        if name.startswith(_MEMBER) and number.isascii() and number.isdigit() and len(number) < 10:
            yield int(number), value


def _own(call: Call, groups: Iterable[MarkGroup]) -> list[MarkGroup]:
    """Those that somebody may undo: an owner all, a marker what they marked themselves."""
    if call.account.role is Role.OWNER:
        return list(groups)
    return [each for each in groups if each.who == call.account.id]


def _visible(call: Call, name: str, groups: list[FaultGroup]) -> list[FaultGroup]:
    """Without those that closed shares keep from a marker."""
    mine = marked_by(call.site, call.account, name)
    if mine is None:
        return groups
    found = []
    for group in groups:
        members = tuple(each for each in group.members if each.student in mine)
        if members:
            found.append(FaultGroup(group.named, group.checks, members))
    return found


def _look(call: Call, window: MarkingWindow, *, fresh: bool) -> QuestionState:
    # A page of many answers claims none: what is saved is what was seen, or it is told.
    nobody = Marker(window.marker.who, f"{call.account.key}-{secrets.token_hex(8)}")
    return call.site.desk.look(
        window.name, window.question, nobody, all_of_it=window.all_of_it, fresh=fresh
    )


def _told(what: str, done: GroupOutcome, more: Iterable[str] = ()) -> str:
    left = [*more, *done.refused]
    told = f"{what} {done.changed}."
    return f"{told} Left as they are: {'; '.join(left)[:300]}." if left else told
