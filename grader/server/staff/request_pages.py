"""The page of requests for another look: to find them, and to answer one or several together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.corrections import set_points
from grader.gradebook.grades.policy import typed_points
from grader.gradebook.history import Author
from grader.gradebook.records import Attempt, Grade, Student
from grader.gradebook.roster import name_key
from grader.server.hand_ins.requests import AnsweredAlready, Change
from grader.server.http.access import marked_by
from grader.server.http.calls import Call
from grader.server.problems import Problem, sentence
from grader.server.records import HandIn, Request

MOST_ANSWER = 4000
MOST_GROUPS = 50
_CHOSEN = "request-"  # before a request's key: the name of its box in the form
STATES = {"open": "not answered", "answered": "answered", "all": "all"}
# Texts that most courses need; staff keep more of their own.
TEXTS = (
    "You are right, and the points are corrected.",
    "We looked at it again, and the points stay: the check tests what the handout asks for.",
    "The check was wrong. It is corrected for everybody.",
)


@dataclass(frozen=True)
class RequestRow:
    """A request for another look. hand_in: None for work that came by another way. grade: the
    student's now. counts: whether it is about the attempt that counts. yours: whether it concerns
    whoever reads: they have answered it, or marked what it is about."""

    request: Request
    attempt: Attempt
    hand_in: HandIn | None
    student: Student
    grade: Grade | None
    yours: bool

    @property
    def called(self) -> str:
        """The student, for people."""
        return self.student.name or self.student.id

    @property
    def grade_said(self) -> str:
        """The grade now, in words."""
        return "–" if self.grade is None else said(self.grade)

    @property
    def counts(self) -> bool:
        """Whether it is about the attempt that counts."""
        counting = None if self.grade is None else self.grade.attempt
        return counting is not None and counting.key == self.attempt.key


@dataclass(frozen=True)
class RequestGroup:
    """The requests about one check or question of a homework. most: its points; None if nothing
    tells them."""

    assignment: str
    kind: str
    item: str
    title: str
    most: float | None
    rows: tuple[RequestRow, ...]


def requests(call: Call) -> Response:
    """The requests that the filter asks for: those about one check together, the oldest first."""
    state = call.query.get("state", "open")
    homework, asked = call.query.get("homework", ""), call.query.get("q", "").strip()[:100]
    mine = call.query.get("mine") == "on"
    if state not in STATES:
        state = "open"
    site = call.site
    found = site.requests.unanswered() if state == "open" else site.requests.everybodys()
    wanted = [each for each in found if state != "answered" or each.answered_at is not None]
    groups = _groups(call, reversed(wanted), homework)
    chosen = []
    for group in groups:
        rows = tuple(row for row in group.rows if _is_found(group, row, asked, mine=mine))
        if rows:
            chosen.append(RequestGroup(**{**vars(group), "rows": rows}))
    return call.page(
        "requests.html.j2",
        groups=chosen[:MOST_GROUPS],
        left_out=max(0, len(chosen) - MOST_GROUPS),
        homeworks=site.course.by_due_date,
        homework=homework,
        state=state,
        states=STATES,
        asked=asked,
        mine=mine,
        most=MOST_ANSWER,
        texts=TEXTS,
        kept=site.requests.templates(),
    )


def _is_found(group: RequestGroup, row: RequestRow, asked: str, *, mine: bool) -> bool:
    request, student = row.request, row.student
    parts = (student.id, student.name, group.title, group.item, request.reason, request.answer)
    return name_key(asked) in name_key("\n".join(parts)) and (row.yours or not mine)


def answer(call: Call) -> Response:
    """Answers the requests that the form names, with new points where it gives some."""
    site, account = call.site, call.account
    keys = [
        int(name[8:]) for name in call.form if name.startswith("request-") and _is_key(name[8:])
    ]
    found = [each for key in keys[:500] if (each := site.requests.request(key)) is not None]
    if not found:
        raise Problem(422, "No request is chosen; tick those that you answer.")
    text = "\n".join(filter(None, (call.field("text"), call.field("answer", longest=MOST_ANSWER))))
    if not text:
        raise Problem(
            422, "An answer needs a text, which the student reads; write one.", field="answer"
        )
    typed = call.field("points")
    answered, taken = [], []
    for group in _groups(call, found, ""):
        points = _points(typed, group.most) if typed else None
        for row in group.rows:
            change = None if points is None else _change(call, row, points, text)
            try:
                site.requests.answer(row.request.key, text, who=account.id, change=change)
                answered.append(row.called)
            except AnsweredAlready as exc:
                taken.append(f"{row.called}: {exc}")
            except UsageError as exc:
                raise Problem(422, sentence(str(exc))) from None
    if call.field("keep") and call.field("answer", longest=MOST_ANSWER):
        _keep_text(call, call.field("answer", longest=MOST_ANSWER))
    if taken and not answered:
        raise Problem(409, f"Nothing was done. {sentence('; '.join(taken))}")
    return call.go("requests", _told(answered, taken))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _told(answered: Sequence[str], taken: Sequence[str]) -> str:
    named = ", ".join(answered[:5]) + (
        f" and {len(answered) - 5} more" if len(answered) > 5 else ""
    )
    said_ = f"{named} can read your answer now."
    return f"{said_} Not answered by you: {'; '.join(taken)}." if taken else said_


def _keep_text(call: Call, text: str) -> None:
    try:
        call.site.requests.keep_template(text)
    except UsageError as exc:
        raise Problem(422, f"The answer is sent. {sentence(str(exc))}") from None


def drop_text(call: Call) -> Response:
    """Keeps a text for answers no longer."""
    call.site.requests.drop_template(call.field("text", longest=MOST_ANSWER))
    return call.go("requests", "The text is removed.")


def _change(call: Call, row: RequestRow, points: float, why: str) -> Change:
    site, request = call.site, row.request
    author = Author(call.account.id, site.clock(), why)

    def change(connection: Connection) -> tuple[str, str]:
        before, after = set_points(
            connection, site.course, row.attempt, request.kind, request.item, points, author
        )
        return said(before), said(after)

    return change


def _points(typed: str, most: float | None) -> float:
    """The points that a form gives. Raises Problem."""
    points = typed_points(typed)
    if points is None or points < 0 or (most is not None and points > most):
        of = "" if most is None else f" from 0 to {most:.10g}"
        raise Problem(
            422,
            f"{typed[:40]!r} is no number of points{of}; write one such as 2.5.",
            field="points",
        )
    return points


def said(grade: Grade) -> str:
    """A grade in words that the student reads."""
    if grade.excused and grade.standing is not None:
        return grade.standing.kind.value
    return f"{grade.so_far:.10g} of {grade.max_points:.10g}"


def _groups(call: Call, found: Iterable[Request], homework: str) -> list[RequestGroup]:
    """Requests with what a page needs of them, those about one thing together."""
    site = call.site
    people = {each.key: each for each in site.book.students()}
    found = list(found)
    made = site.hand_ins.of_attempts({request.attempt for request in found})
    grades: dict[str, dict[int, Grade]] = {}
    shared: dict[str, frozenset[int] | None] = {}
    rows: dict[tuple[str, str, str], list[RequestRow]] = {}
    for request in found:
        attempt = site.book.attempt(request.attempt)
        if attempt is None or homework not in ("", attempt.assignment):
            continue
        name = attempt.assignment
        if name not in shared:
            shared[name] = marked_by(site, call.account, name)
        theirs = shared[name]
        if theirs is not None and attempt.student not in theirs:
            continue
        if name not in grades:
            grades[name] = {each.student.key: each for each in site.book.grades(name)}
        grade = grades[name].get(attempt.student)
        row = RequestRow(
            request=request,
            attempt=attempt,
            hand_in=made.get(attempt.key),
            student=people[attempt.student],
            grade=grade,
            yours=_concerns(call.account.id, request, grade),
        )
        rows.setdefault((name, request.kind, request.item), []).append(row)
    return [
        RequestGroup(*key, *_title(call, *key, group[0].attempt), tuple(group))
        for key, group in rows.items()
    ]


def _concerns(who: str, request: Request, grade: Grade | None) -> bool:
    marks = () if grade is None or request.kind != "question" else grade.questions
    marked = [each.mark for each in marks if each.question == request.item and each.mark]
    return request.answered_by == who or any(mark.who == who for mark in marked)


def _title(
    call: Call, assignment: str, kind: str, item: str, attempt: Attempt
) -> tuple[str, float | None]:
    """What a request is about, for people, and its points."""
    if kind == "question":
        for question in call.site.course.spec(assignment).questions:
            if question.id == item:
                return f"Question {item}", question.points
        return f"Question {item}", None
    for check in call.site.book.report(attempt).checks:
        if check.id == item:
            return check.title, check.max_points
    return item, None
