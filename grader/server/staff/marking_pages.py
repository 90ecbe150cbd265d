"""Marking one question over all: one answer after the other, beside others who do the same.

Each window of a browser has a name of its own, by which its claims are told from those of others.
It is part of the address, so that everything works without a script. A script asks for the next
answer alone (the header X-Part) instead of the whole page.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from starlette.responses import Response

from grader.course.assignment import Question
from grader.errors import MarkConflict, UsageError
from grader.gradebook.claims import Marker
from grader.gradebook.desk.desk import MarkEntry, MarkingStep, QuestionState
from grader.gradebook.marking.marking import Pseudonyms, Sheet
from grader.gradebook.records import Claim
from grader.server.http.calls import Call
from grader.server.pages.student_pages import attachment, homework_name
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import Role
from grader.server.staff.answer_views import answer_view, full_entry, kind_of, slug

MOST_COMMENT = 4000
MOST_TRIES = 50
# A browser's own viewer is an embedded object to it; everything else stays forbidden.
_FOR_PDF = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
_WINDOW = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class MarkingWindow:
    """One window in which somebody marks. hide: where names are hidden."""

    name: str
    question: Question
    marker: Marker
    window: str
    hide: Pseudonyms | None
    all_of_it: bool

    @property
    def more(self) -> dict[str, str]:
        """What each address carries on."""
        return {"window": self.window} | ({"names": "hidden"} if self.hide else {})


def questions(call: Call) -> Response:
    """The questions of a homework, and how far each is marked."""
    name = homework_name(call)
    site = call.site
    marker = Marker(call.account.id, "")
    site.desk.answers(name, fresh=True)
    states = [
        site.desk.look(name, each, marker, all_of_it=sees_all(call), fresh=False)
        for each in site.course.spec(name).questions
    ]
    return call.page(
        "questions.html.j2",
        name=name,
        title=site.course.spec(name).title,
        states=states,
        slug=slug,
        owns=call.account.role is Role.OWNER,
    )


def begin(call: Call) -> Response:
    """The next answer that nobody has marked or is marking."""
    window = window_of(call)
    after = call.query.get("after", "")
    state = _look(call, window, fresh=True)
    found = _next(call, window, state, int(after) if _is_key(after) else None)
    if found is None:
        return _done(call, window, state)
    if not _in_part(call):
        return _go(call, window, found[1].attempt.key)
    return _show(call, window, state, found[1], found[0])


def answer(call: Call) -> Response:
    """One answer, which whoever opens it claims, if nobody else has: also from another window."""
    window, key = window_of(call), call.number("key")
    state = _look(call, window, fresh="window" not in call.query)
    sheet = state.sheet(key)
    if sheet is None:
        state = _look(call, window, fresh=True)
        sheet = state.sheet(key)
    if sheet is None:
        raise not_found()
    held, sheet = call.site.desk.take(sheet, replace(window.marker, takes_over=True))
    return _show(call, window, state, sheet, held)


def save(call: Call) -> Response:
    """Save what was entered, and go on, if that is wanted."""
    window, key = window_of(call), call.number("key")
    desk, sheet = call.site.desk, _sheet(call, window, key)
    then = call.field("then")
    entry = entry_in(call, window.question, then)
    try:
        desk.save(sheet, entry, window.marker)
    except (MarkConflict, UsageError) as exc:
        held, sheet = desk.take(sheet, window.marker)
        problem = f"Not saved. {sentence(str(exc))}"
        conflict = isinstance(exc, MarkConflict)
        return _show(
            call, window, _look(call, window), sheet, held, entry=entry, problem=problem,
            status=409 if conflict else 422,
        )  # fmt: skip
    state = _look(call, window)
    if then == "stay":
        return _stay(call, window, state, key)
    following = _next(call, window, state, key)
    if following is None:  # somebody may have handed in since
        state = _look(call, window, fresh=True)
        following = _next(call, window, state, key)
    if following is None:
        return _done(call, window, state)
    if not _in_part(call):
        return _go(call, window, following[1].attempt.key)
    return _show(call, window, state, following[1], following[0])


def undo(call: Call) -> Response:
    """Undo the answer that was marked last in this window, and go back to it."""
    window = window_of(call)
    found: list[MarkingWindow] = []

    def sheet_of(step: MarkingStep) -> Sheet | None:
        found.append(window_of(call, step.assignment, step.question))
        return _look(call, found[0]).sheet(step.attempt)

    problem, step = "", None
    try:
        step = call.site.desk.undo(window.marker, sheet_of)
    except MarkConflict as exc:
        problem = f"Not undone. {sentence(str(exc))}"
    if step is None:
        note = problem or "There is nothing to undo in this window."
        at = call.field("at")
        state = _look(call, window)
        sheet = state.sheet(int(at)) if _is_key(at) else None
        if sheet is None:
            return call.go("questions", note, name=window.name)
        held, sheet = call.site.desk.take(sheet, window.marker)
        status = 409 if problem else 200
        return _show(call, window, state, sheet, held, problem=note, status=status)
    state = _look(call, found[0])
    sheet = state.sheet(step.attempt)
    assert sheet is not None, "it was just there"
    held, sheet = call.site.desk.take(sheet, window.marker)
    return _show(call, found[0], state, sheet, held, note="The last mark is undone.")


def renew(call: Call) -> Response:
    """Keep an answer claimed while its page is open. Says who has it."""
    window, key = window_of(call), call.number("key")
    sheet = _sheet(call, window, key)
    held, _ = call.site.desk.take(sheet, window.marker)
    mine = held.holder == window.marker.holder
    until = held.until.isoformat() if mine else ""
    return call.answer({"mine": mine, "who": "" if mine else held.who, "until": until})


def leave(call: Call) -> Response:
    """A page was closed: what it had claimed is free again.

    A page that is loaded again may claim before it is heard that it was left, so that only claims
    which the left page knew are given back.
    """
    window = window_of(call)
    try:
        until = datetime.fromisoformat(call.field("until"))
    except ValueError:
        raise Problem(422, "The form does not say which claim ends; load the page again.") from None
    if until.tzinfo is not None:
        call.site.book.give_back(window.marker, until)
    return call.go("questions", name=window.name)


def answer_file(call: Call) -> Response:
    """A document or picture that holds an answer. Only what a browser shows safely is shown."""
    window, key = window_of(call), call.number("key")
    sheet = _sheet(call, window, key)
    place = call.number("place")
    if place >= len(sheet.attachments):
        raise not_found()
    name = sheet.attachments[place]
    data = call.site.desk.reader.files(sheet.attempt).files.get(name)
    if data is None:
        raise not_found()
    kind = kind_of(data)
    if kind is None:
        suffix = PurePosixPath(name).suffix
        called = name if window.hide is None else f"file-{place + 1}{suffix}"
        return attachment(data, PurePosixPath(called).name, "application/octet-stream")
    # Students' bytes in our origin: they are no document that could run anything.
    headers = {"Content-Disposition": "inline"}
    if kind == "application/pdf":
        headers["Content-Security-Policy"] = _FOR_PDF
    return Response(data, media_type=kind, headers=headers)


# What these pages share


def sees_all(call: Call) -> bool:
    """Whether somebody sees also what is not shared out to them."""
    return call.account.role is Role.OWNER


def question_of(call: Call, name: str) -> Question:
    """The question that the address names. Raises Problem (404)."""
    for each in call.site.course.spec(name).questions:
        if slug(each.id) == call.params["question"]:
            return each
    raise not_found()


def window_of(
    call: Call, assignment: str | None = None, question: str | None = None
) -> MarkingWindow:
    """The window from which a request comes; a new one where none is named. Raises Problem."""
    name = assignment or homework_name(call)
    course = call.site.course
    asked = call.site.desk.question(name, question) if question else question_of(call, name)
    given = {**call.query, **call.form}
    window = given.get("window", "")
    if not _WINDOW.fullmatch(window):
        window = secrets.token_hex(8)
    hidden = call.site.settings.anonymous_marking or given.get("names") == "hidden"
    return MarkingWindow(
        name=name,
        question=asked,
        # With the account in it, nobody can take another's claims for their own.
        marker=Marker(call.account.id, f"{call.account.key}-{window}"),
        window=window,
        hide=Pseudonyms(lambda text: course.pseudonym(name, text)) if hidden else None,
        all_of_it=sees_all(call),
    )


def _look(call: Call, window: MarkingWindow, *, fresh: bool = False) -> QuestionState:
    return call.site.desk.look(
        window.name, window.question, window.marker, all_of_it=window.all_of_it, fresh=fresh
    )


def _sheet(call: Call, window: MarkingWindow, key: int) -> Sheet:
    """One answer with its mark by now. Raises Problem (404)."""
    found = call.site.desk.sheet(
        window.name, window.question, key, window.marker, all_of_it=window.all_of_it
    )
    if found is None:
        raise not_found()
    return found


def _next(
    call: Call, window: MarkingWindow, state: QuestionState, after: int | None
) -> tuple[Claim, Sheet] | None:
    """The next answer with its claim; None if there is none that is free."""
    for _ in range(MOST_TRIES):
        sheet = state.next_unmarked(after)
        if sheet is None:
            return None
        held, sheet = call.site.desk.take(sheet, window.marker)
        if held.holder == window.marker.holder and sheet.mark is None:
            return held, sheet
        state = _look(call, window)  # somebody was faster
    return None


def entry_in(call: Call, question: Question, then: str) -> MarkEntry:
    """What a form says of a mark. then: "full" or "zero" for these, whatever is ticked."""
    comment, seen = call.field("comment", longest=MOST_COMMENT), call.field("seen")
    if then == "full":
        return full_entry(question, comment, seen)
    if then == "zero":
        return MarkEntry((), "0", comment, seen)
    places = tuple(place for place in range(len(question.rubric)) if f"item-{place}" in call.form)
    return MarkEntry(places, call.field("points"), comment, seen)


def _stay(call: Call, window: MarkingWindow, state: QuestionState, key: int) -> Response:
    if not _in_part(call):
        return _go(call, window, key)
    sheet = state.sheet(key)
    if sheet is None:
        raise not_found()
    held, sheet = call.site.desk.take(sheet, window.marker)
    return _show(call, window, state, sheet, held)


def _show(
    call: Call,
    window: MarkingWindow,
    state: QuestionState,
    sheet: Sheet,
    held: Claim,
    *,
    entry: MarkEntry | None = None,
    problem: str = "",
    note: str = "",
    status: int = 200,
) -> Response:
    mine = held.holder == window.marker.holder
    view = answer_view(state, sheet, held, mine, window.hide, entry, problem, note)
    key = sheet.attempt.key
    before, after = state.beside(key, -1), state.beside(key, 1)
    where = _address(call, window, key)
    return _page(
        call, window, state, status, where, answer=view,
        before=before and _address(call, window, before.attempt.key),
        after=after and _address(call, window, after.attempt.key),
    )  # fmt: skip


def _done(call: Call, window: MarkingWindow, state: QuestionState) -> Response:
    """Nothing is left that this marker could mark now."""
    call.site.book.give_back(window.marker)
    here = call.link(
        "mark_question", name=window.name, question=slug(window.question.id), **window.more
    )
    return _page(call, window, state, 200, here, answer=None)


def _page(
    call: Call,
    window: MarkingWindow,
    state: QuestionState,
    status: int,
    where: str,
    **values: Any,
) -> Response:
    template = "answer.html.j2" if _in_part(call) else "marking.html.j2"
    place = {"name": window.name, "question": slug(window.question.id)}
    return call.page(
        template,
        status=status,
        headers={"X-Address": where},
        title=call.site.course.spec(window.name).title,
        window=window,
        place=place,
        to=lambda route, **more: call.link(route, **place, **window.more, **more),
        state=state,
        most=MOST_COMMENT,
        always_hidden=call.site.settings.anonymous_marking,
        **values,
    )


def _address(call: Call, window: MarkingWindow, key: int) -> str:
    return call.link("mark_answer", **_place(window, key), **window.more)


def _go(call: Call, window: MarkingWindow, key: int) -> Response:
    return call.go("mark_answer", **_place(window, key), **window.more)


def _place(window: MarkingWindow, key: int) -> dict[str, str]:
    return {"name": window.name, "question": slug(window.question.id), "key": str(key)}


def _in_part(call: Call) -> bool:
    """Whether a script asks, which shows the answer in the page that it has."""
    return call.request.headers.get("x-part") == "answer"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
