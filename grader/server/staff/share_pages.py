"""Who marks what: shares, progress, and how the markers' points compare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from grader.course.assignment import Question
from grader.errors import UsageError
from grader.gradebook.claims import Marker
from grader.gradebook.desk.desk import QuestionState
from grader.gradebook.grades.policy import count
from grader.gradebook.marking.comparing import PointsOfMarker, compare_markers
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, sentence
from grader.server.records import Account, Role


@dataclass(frozen=True)
class MarkerRow:
    """One marker of one question. shared: answers that are theirs to mark; done: those of them that
    are marked, by anybody. given: marks that they gave. beside: their mean beside the others'."""

    who: str
    shared: int
    done: int
    given: int
    mean: float | None
    spread: float | None
    beside: str


@dataclass(frozen=True)
class QuestionRow:
    """One question, and its markers. nobodys: answers that are shared out to nobody."""

    question: Question
    count: int
    marked: int
    nobodys: int
    markers: tuple[MarkerRow, ...]


def shares(call: Call) -> Response:
    """Who marks what of a homework, and how far they are."""
    name = homework_name(call)
    site = call.site
    marker = Marker(call.account.id, "")
    site.desk.answers(name, fresh=True)
    rows = [
        _row(site.desk.look(name, each, marker, all_of_it=True, fresh=False))
        for each in site.course.spec(name).questions
    ]
    return call.page(
        "shares.html.j2",
        name=name,
        title=site.course.spec(name).title,
        rows=rows,
        owns=call.account.role is Role.OWNER,
        closed=name in site.shares.closed(),
        sections=sorted({each.section for each in site.book.students()} - {""}),
        staff=_staff(call),
    )


def set_shares(call: Call) -> Response:
    """Share out what a form names."""
    name = homework_name(call)
    questions = [
        question.id
        for place, question in enumerate(call.site.course.spec(name).questions)
        if f"question-{place}" in call.form
    ]
    if not questions:
        raise Problem(422, "No question is ticked; tick those to share out.")
    keys, whose = _students(call)
    markers = [each.id for each in _staff(call) if f"marker-{each.key}" in call.form]
    by = call.account.id
    try:
        if call.field("act") == "free":
            call.site.shares.assign(name, questions, keys, "", who=by, whose=whose)
        else:
            call.site.shares.split(name, questions, keys, markers, who=by, whose=whose)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    to = "nobody" if call.field("act") == "free" else ", ".join(markers)
    asked = count(len(questions), "question")
    told = f"Shared out to {to}: {count(len(keys), 'student')} of {asked}"
    there = _handed_in(call, name, questions, keys)
    return call.go("shares", f"{told}, with {count(there, 'answer')} so far.", name=name)


def _handed_in(call: Call, name: str, questions: Collection[str], students: Collection[int]) -> int:
    """How many answers there are of students by now; of work done together, one."""
    return sum(
        sheet.question.id in questions and any(each.key in students for each in sheet.people)
        for sheet in call.site.desk.answers(name, fresh=True)
    )


def close_shares(call: Call) -> Response:
    """Let markers see only what is shared out to them, or everything."""
    name, closed = homework_name(call), call.field("closed") == "1"
    call.site.shares.close(name, closed=closed, who=call.account.id)
    return call.go("shares", "What markers see is changed.", name=name)


def _staff(call: Call) -> list[Account]:
    return [each for each in call.site.accounts.everyone() if each.active and each.role.is_staff]


def _students(call: Call) -> tuple[Collection[int], str]:
    """The keys of whom a form names, and who that is in words. Raises Problem."""
    everybody = [each for each in call.site.book.students() if not each.left]
    named = call.field("students", longest=20_000).replace(",", " ").split()
    section = call.field("section")
    if named:
        by_id = {each.id: each.key for each in everybody}
        unknown = [each for each in named if each not in by_id]
        if unknown:
            raise Problem(
                422,
                f"Nobody in the gradebook has the id {unknown[0][:40]!r}; correct it.",
                field="students",
            )
        return {by_id[each] for each in named}, count(len(set(named)), "student")
    if section:
        return {each.key for each in everybody if each.section == section}, f"section {section}"
    return {each.key for each in everybody}, "everybody"


def _row(state: QuestionState) -> QuestionRow:
    shared: dict[str, list[bool]] = {}
    points: dict[str, list[float]] = {}
    for sheet in state.sheets:
        shared.setdefault(state.shares.marker(sheet), []).append(sheet.mark is not None)
        if sheet.mark is not None:
            points.setdefault(sheet.mark.who, []).append(sheet.mark.points)
    compared = {each.who: each for each in compare_markers(points)}
    nobodys = shared.pop("", [])
    return QuestionRow(
        question=state.question,
        count=len(state.sheets),
        marked=state.marked,
        nobodys=len(nobodys),
        markers=tuple(
            _marker_row(who, shared.get(who, []), compared.get(who))
            for who in sorted(shared.keys() | points.keys())
        ),
    )


def _marker_row(who: str, shared: Sequence[bool], given: PointsOfMarker | None) -> MarkerRow:
    beside = ""
    if given is not None and given.difference is not None:
        more = "more" if given.difference > 0 else "less"
        clearly = "clearly " if given.is_clear else ""
        beside = f"{clearly}{abs(given.difference):.2f} {more}" + (
            "" if given.is_clear else ", perhaps by chance"
        )
    elif given is not None:
        beside = "too few answers to say"
    return MarkerRow(
        who=who,
        shared=len(shared),
        done=sum(shared),
        given=0 if given is None else given.count,
        mean=None if given is None else given.mean,
        spread=None if given is None else given.spread,
        beside=beside,
    )
