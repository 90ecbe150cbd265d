"""Asking for another look at one check or one question, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.course.feedback import StudentView
from grader.errors import TooMany, UsageError
from grader.reports.schema import Report
from grader.server.hand_ins.requests import MOST_CHARACTERS
from grader.server.http.access import own_hand_in
from grader.server.http.calls import Call
from grader.server.pages.student_pages import too_many
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import HandIn, Request

KINDS = ("check", "question")


@dataclass(frozen=True)
class RequestView:
    """A request and its answer. title: of the check or question. by: who asked, if it is not who
    reads."""

    title: str
    reason: str
    at: datetime
    by: str
    answer: str
    answered_at: datetime | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Asking:
    """What a page says of requests about one attempt.

    items: what one can still ask about, each a form's value and its text. Empty for staff.
    """

    requests: tuple[RequestView, ...]
    items: tuple[tuple[str, str], ...]
    most: int = MOST_CHARACTERS


def asking_about(
    call: Call, found: HandIn, report: Report | None, seen: StudentView | None
) -> Asking:
    """The requests about a hand-in. report: as whoever asks sees it; None if there is none. seen:
    what they see now, None for staff."""
    if report is None or found.attempt is None:
        return Asking((), ())
    titles = _titles(call, found, report)
    listed = call.site.requests.of_attempt(found.attempt)
    taken = {f"{each.kind}:{each.item}" for each in listed}
    items = () if call.account.role.is_staff else titles.items()
    told = seen is None or _may_read_points(call, found, seen)
    return Asking(
        tuple(_view(call, each, titles, told=told) for each in reversed(listed)),
        tuple((value, text) for value, text in items if value not in taken),
    )


def _may_read_points(call: Call, found: HandIn, seen: StudentView) -> bool:
    """Whether a student may read the points of all checks together, with the marks there are."""
    marked = bool(call.site.course.spec(found.assignment).questions)
    return seen.grade or (seen.public_checks and seen.hidden_outcomes and not marked)


def ask(call: Call, found: HandIn, report: Report) -> Response:
    """Take a request. Sending it twice asks once."""
    value = call.field("item", longest=2000)
    if value not in _titles(call, found, report) or found.attempt is None:
        raise Problem(422, "This check or question is not part of the report; choose another.")
    kind, _, item = value.partition(":")
    reason = call.field("reason", longest=10 * MOST_CHARACTERS)
    try:
        call.site.requests.ask(call.account, found.attempt, kind, item, reason)
    except TooMany as exc:
        raise too_many(call, exc) from None
    except UsageError as exc:
        raise Problem(422, sentence(str(exc)), field="reason") from None
    return call.go("hand_in", "Your course staff will see your request.", key=found.key)


def _titles(call: Call, found: HandIn, report: Report) -> dict[str, str]:
    """Everything one can ask about, by the form's value."""
    titles = {
        f"check:{check.id}": f"{check.title} ({check.points:.10g} of {check.max_points:.10g})"
        for check in report.checks
    }
    for question in call.site.course.spec(found.assignment).questions:
        titles[f"question:{question.id}"] = f"Question: {question.id}"
    return titles


def _view(call: Call, request: Request, titles: dict[str, str], *, told: bool) -> RequestView:
    by = ""
    if request.account != call.account.key:
        account = call.site.accounts.account(request.account)
        by = account.called if account else ""
    return RequestView(
        title=titles.get(f"{request.kind}:{request.item}", request.item),
        reason=request.reason,
        at=request.at,
        by=by,
        answer=request.answer,
        answered_at=request.answered_at,
        before=request.before if told else None,
        after=request.after if told else None,
    )


def require_asker(call: Call, key: int) -> HandIn:
    """The hand-in, for a student whose it is. Raises Problem."""
    found = own_hand_in(call.site, call.account, key)
    if call.account.student is None:
        raise not_found()
    return found
