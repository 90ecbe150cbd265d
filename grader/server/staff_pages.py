"""The pages of course staff: what needs them, what was handed in, requests to answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.policy import typed_points
from grader.gradebook.records import Attempt
from grader.server.calls import Call
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import HandIn, HandInState, Request
from grader.server.student_pages import homework_name

MOST_ANSWER = 4000


@dataclass(frozen=True)
class HomeworkRow:
    """A homework in numbers. students: how many of them have handed in."""

    name: str
    title: str
    due: datetime | None
    students: int
    states: Counter[HandInState]

    def count(self, state: str) -> int:
        """How many hand-ins are in a state."""
        return self.states[HandInState(state)]


@dataclass(frozen=True)
class RequestRow:
    """A request for another look. grade: the student's now, in words."""

    request: Request
    attempt: Attempt
    hand_in: HandIn | None
    title: str
    student: str
    grade: str
    most: float | None


def start(call: Call) -> Response:
    """What needs somebody's attention, and the homeworks in numbers."""
    site = call.site
    found = site.hand_ins.in_state(*HandInState)
    rows = []
    for name in site.course.by_due_date:
        mine = [each for each in found if each.assignment == name]
        spec = site.course.spec(name)
        students, states = len({each.student for each in mine}), Counter(e.state for e in mine)
        rows.append(HomeworkRow(name, spec.title, spec.due, students, states))
    return call.page(
        "staff.html.j2",
        homeworks=rows,
        alerts=site.alerts.open_alerts(),
        unanswered=len(site.requests.unanswered()),
        troubled=[each for each in found if each.state is HandInState.OPEN],
        workers=site.workers() if site.workers is not None else None,
    )


def hand_ins(call: Call) -> Response:
    """Everything that was handed in for a homework, the newest first."""
    name = homework_name(call)
    site = call.site
    scores = {each.key: each for each in site.book.attempts(name)}
    found = [each for each in site.hand_ins.in_state(*HandInState) if each.assignment == name]
    people = {each.key: each for each in site.book.students()}
    return call.page(
        "hand_ins.html.j2",
        name=name,
        title=site.course.spec(name).title,
        hand_ins=found[::-1],
        scores=scores,
        people=people,
    )


def resolve(call: Call) -> Response:
    """Somebody has looked at an alert."""
    call.site.alerts.resolve(call.number("key"))
    return call.go("start", "The alert is resolved.")


def requests(call: Call) -> Response:
    """The requests for another look that nobody has answered, the oldest first."""
    rows = [_row(call, each) for each in reversed(call.site.requests.unanswered())]
    return call.page("requests.html.j2", rows=[row for row in rows if row], most=MOST_ANSWER)


def answer(call: Call) -> Response:
    """Answers a request, and sets the points of its check where the form gives some."""
    site, account = call.site, call.account
    found = site.requests.request(call.number("key"))
    row = None if found is None else _row(call, found)
    if found is None or row is None:
        raise not_found()
    text, typed = call.field("answer", longest=MOST_ANSWER), call.field("points")
    if not text:
        raise Problem(422, "An answer needs a text, which the student reads; write one.")
    points = _points(typed, row.most) if typed else None
    try:
        # First, because of two people who answer at once only one can.
        site.requests.answer(found.key, text, who=account.id)
        if points is not None:
            _set_points(call, row, points, text)
            now = _grade_said(call, row.attempt.assignment, row.student)
            site.requests.tell_change(found.key, before=row.grade, after=now)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("requests", f"{row.student} can read your answer now.")


def _points(typed: str, most: float | None) -> float:
    """The points that a form gives. Raises Problem."""
    points = typed_points(typed)
    if points is None or points < 0 or (most is not None and points > most):
        of = "" if most is None else f" from 0 to {most:.10g}"
        raise Problem(422, f"{typed[:40]!r} is no number of points{of}; write one such as 2.5.")
    return points


def _set_points(call: Call, row: RequestRow, points: float, why: str) -> None:
    book, who = call.site.book, call.account.id
    if row.request.kind == "check":
        check = row.request.item
        book.override(row.attempt.assignment, row.student, check, points, who=who, why=why)
    else:
        book.mark(row.attempt, row.request.item, points, who=who, why=why)


def _row(call: Call, request: Request) -> RequestRow | None:
    site = call.site
    attempt = site.book.attempt(request.attempt)
    if attempt is None:
        return None
    student = site.book.student_by_key(attempt.student)
    title, most = request.item, None
    if request.kind == "check":
        for check in site.book.report(attempt).checks:
            if check.id == request.item:
                title, most = check.title, check.max_points
    else:
        for question in site.course.spec(attempt.assignment).questions:
            if question.id == request.item:
                title, most = f"Question {question.id}", question.points
    mine = site.hand_ins.of_student(attempt.student, attempt.assignment)
    return RequestRow(
        request=request,
        attempt=attempt,
        hand_in=next((each for each in mine if each.attempt == attempt.key), None),
        title=title,
        student=student.id,
        grade=_grade_said(call, attempt.assignment, student.id),
        most=most,
    )


def _grade_said(call: Call, assignment: str, student: str) -> str:
    grade = call.site.book.grade(assignment, student)
    return f"{grade.so_far:.10g} of {grade.max_points:.10g}"
