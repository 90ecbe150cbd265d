"""Comments of staff on lines of code and figures, written beside the report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.desk.comments import MOST_CHARACTERS, BankEntry, CommentPlace
from grader.gradebook.grades.policy import count, typed_points
from grader.gradebook.records import Attempt, Comment
from grader.reports.pages.view import PageView
from grader.server.http.access import own_hand_in
from grader.server.http.calls import Call
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import HandIn

_LINE = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Commenting:
    """What a page offers to whoever comments on an attempt.

    comments: those that there are. places: each a form's value and its words. bank: what was
    written in this homework before.
    """

    comments: tuple[Comment, ...]
    places: tuple[tuple[str, str], ...]
    bank: tuple[BankEntry, ...]
    most: int = MOST_CHARACTERS


def commenting_on(call: Call, found: HandIn, view: PageView | None) -> Commenting | None:
    """For staff, once there is a report; None for everybody else."""
    if view is None or found.attempt is None or not call.account.role.is_staff:
        return None
    files = ((f"file:{file.name}", file.name) for file in view.files)
    figures = ((f"figure:{each.title}", f"figure {each.title}") for each in view.pictures)
    return Commenting(
        comments=call.site.comments.of_attempt(found.attempt),
        places=(("", "the whole work"), *files, *figures),
        bank=call.site.comments.bank(found.assignment),
    )


def add(call: Call) -> Response:
    """Writes a comment on an attempt."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    attempt = _attempt(call, found)
    text, points = _written(call)
    if not text:
        text, points = _from_bank(call, found)
    _require_possible(call, attempt, points)
    try:
        call.site.comments.add(attempt, _place(call, found), text, points, who=call.account.id)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("hand_in", "The comment is saved.", key=found.key)


def _require_possible(call: Call, attempt: Attempt, points: float) -> None:
    """One comment gives or takes no more than there is to get: 1000 is a slip for 1.000."""
    questions = call.site.course.spec(attempt.assignment).questions
    most = (attempt.max_score or 0.0) + sum(question.points for question in questions)
    if most and abs(points) > most:
        raise Problem(
            422,
            f"The homework has {most:g} points, and one comment changes no more than that.",
            field="points",
        )


def change(call: Call) -> Response:
    """Changes a comment, or takes it away where the form says so."""
    found = own_hand_in(call.site, call.account, call.number("key"))
    attempt, key = _attempt(call, found), call.number("comment")
    if key not in {each.key for each in call.site.comments.of_attempt(attempt.key)}:
        raise not_found()
    try:
        if call.field("remove"):
            call.site.comments.remove(key, who=call.account.id)
            return call.go("hand_in", "The comment is gone.", key=found.key)
        text, points = _written(call)
        _require_possible(call, _attempt(call, found), points)
        call.site.comments.change(key, text, points, who=call.account.id)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("hand_in", "The comment is changed.", key=found.key)


def _attempt(call: Call, found: HandIn) -> Attempt:
    attempt = None if found.attempt is None else call.site.book.attempt(found.attempt)
    if attempt is None:
        raise Problem(409, "This hand-in is not graded yet; comment on it once it is.")
    return attempt


def _place(call: Call, found: HandIn) -> CommentPlace:
    """Where a comment belongs. Raises Problem for a place that the work does not have."""
    kind, _, name = call.field("place", longest=400).partition(":")
    if kind == "figure":
        return CommentPlace(figure=name)
    if kind != "file":
        return CommentPlace()
    line = call.field("line")
    if not _LINE.fullmatch(line):
        raise Problem(
            422, f"A comment on {name[:80]} needs the number of its line; write it.", field="line"
        )
    lengths = {
        each.name: len(each.lines) for each in call.site.listings.of(call.site.course, found).files
    }
    if name not in lengths:
        raise Problem(
            422, f"The work has no file {name[:80]}; choose one that is listed.", field="place"
        )
    if int(line) > lengths[name]:
        raise Problem(
            422,
            f"{name[:80]} has {count(lengths[name], 'line')}, and so no line {line}; write one of "
            "them, or choose the whole work.",
            field="line",
        )
    return CommentPlace(file=name, line=int(line))


def _written(call: Call) -> tuple[str, float]:
    typed = call.field("points")
    points = typed_points(typed) if typed else 0.0
    if points is None:
        raise Problem(
            422, f"{typed[:40]!r} is no number of points; write one such as -0.5.", field="points"
        )
    return call.field("text", longest=MOST_CHARACTERS), points


def _from_bank(call: Call, found: HandIn) -> tuple[str, float]:
    """What was chosen in the bank, by its place in it and its beginning, as the page wrote it."""
    chosen = call.field("bank", longest=MOST_CHARACTERS + 40)
    for entry in call.site.comments.bank(found.assignment):
        if chosen == f"{entry.points:.10g}:{entry.text}":
            return entry.text, entry.points
    raise Problem(422, "Write a comment, or choose one that was written before.", field="text")
