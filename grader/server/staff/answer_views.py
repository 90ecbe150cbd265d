"""One answer to mark, as a page shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.course.assignment import Question
from grader.gradebook.desk.desk import MarkEntry, QuestionState
from grader.gradebook.marking.mark_tables import mark_version
from grader.gradebook.marking.marking import Pseudonyms, Sheet
from grader.gradebook.marking.rubric_items import item_points, item_text
from grader.gradebook.records import Claim, Mark
from grader.submission.answers import without_pointers

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
# A file is what it begins with, whatever its name says.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)


@dataclass(frozen=True)
class AttachmentView:
    """A document or picture that holds answers. place: from 0. shown: as a picture on the page."""

    place: int
    name: str
    shown: bool


@dataclass(frozen=True)
class ItemView:
    """An item of the rubric. number: of its key, from 1. worth: its points, None for none."""

    number: int
    text: str
    worth: float | None
    ticked: bool


@dataclass(frozen=True)
class AnswerView:
    """One answer beside its rubric.

    whose: who wrote it, or their pseudonym. text: None for no answer. trouble: why the files cannot
    be read. mark: as it is saved. held_by: who else is marking it now; "" for nobody. until: when
    the claim runs out, in ISO format. shared_to: whose it is to mark, if not the reader's. points:
    as typed. problem: why what was entered is not saved; note: what else happened.
    """

    key: int
    whose: str
    text: str | None
    files: tuple[AttachmentView, ...]
    trouble: str
    items: tuple[ItemView, ...]
    points: str
    comment: str
    seen: str
    mark: Mark | None
    carried: bool
    earlier: Mark | None
    held_by: str
    until: str
    place: int
    shared_to: str
    problem: str = ""
    note: str = ""

    @property
    def total(self) -> float:
        """The points of the ticked items together."""
        return sum(item.worth or 0.0 for item in self.items if item.ticked)


def answer_view(
    state: QuestionState,
    sheet: Sheet,
    held: Claim,
    mine: bool,
    hide: Pseudonyms | None,
    entry: MarkEntry | None = None,
    problem: str = "",
    note: str = "",
) -> AnswerView:
    """An answer for a page.

    mine: whether the claim is the reader's own. entry: what was entered and is not saved, in place
    of the mark.
    """
    mark, shared_to = sheet.mark, state.shares.marker(sheet)
    if entry is None:
        entry = entry_of(sheet.question, mark)
    text = None if sheet.answer is None else without_pointers(sheet.answer) or None

    def plain(text: str) -> str:
        return text if hide is None else hide.text(text, sheet)

    return AnswerView(
        key=sheet.attempt.key,
        whose=whose(sheet, hide),
        text=None if text is None else plain(text),
        files=_files(sheet.attachments, hide),
        trouble=sheet.trouble if hide is None or not sheet.trouble else "its files are gone",
        items=item_views(sheet.question, entry.places),
        points=entry.points,
        comment=plain(entry.comment),
        seen=mark_version(sheet.own_mark),
        mark=mark,
        carried=sheet.carried,
        earlier=sheet.earlier,
        held_by="" if mine else held.who,
        until=held.until.isoformat(),
        place=state.place(sheet.attempt.key) or 0,
        shared_to=shared_to if shared_to != state.who else "",
        problem=problem,
        note=note,
    )


def item_views(question: Question, ticked: Sequence[int]) -> tuple[ItemView, ...]:
    """The rubric for a page. ticked: the places of its items."""
    return tuple(
        ItemView(place + 1, item_text(item), item_points(item), place in ticked)
        for place, item in enumerate(question.rubric)
    )


def whose(sheet: Sheet, hide: Pseudonyms | None) -> str:
    """Who wrote an answer, for people; their pseudonym where names are hidden."""
    if hide is not None:
        return hide.student(sheet)
    return ", ".join(person.name or person.id for person in sheet.people)


def entry_of(question: Question, mark: Mark | None) -> MarkEntry:
    """What to enter for a mark. Points are typed where the items do not say them."""
    if mark is None:
        return MarkEntry((), "", "", "")
    places = tuple(place for place, item in enumerate(question.rubric) if item in mark.rubric)
    worth = [item_points(question.rubric[place]) for place in places]
    told = bool(places) and None not in worth and sum(filter(None, worth)) == mark.points
    return MarkEntry(places, "" if told else f"{mark.points:.10g}", mark.comment, "")


def full_entry(question: Question, comment: str, seen: str) -> MarkEntry:
    """All points: the items that give them, if they do, else the number."""
    worth = [item_points(item) or 0.0 for item in question.rubric]
    places = tuple(place for place, points in enumerate(worth) if points > 0)
    if places and sum(worth[place] for place in places) == question.points:
        return MarkEntry(places, "", comment, seen)
    return MarkEntry((), f"{question.points:.10g}", comment, seen)


def kind_of(data: bytes) -> str | None:
    """The kind of a file that a browser may show; None for any other, which is only saved."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def slug(question: str) -> str:
    """A question in an address: its id, or a hash of one that no address can hold."""
    if "/" not in question and question not in (".", ".."):
        return question
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def _files(names: Sequence[str], hide: Pseudonyms | None) -> tuple[AttachmentView, ...]:
    found = []
    for place, name in enumerate(names):
        suffix = PurePosixPath(name).suffix.lower()
        called = name if hide is None else f"File {place + 1} ({suffix.lstrip('.').upper()})"
        found.append(AttachmentView(place, called, suffix in PICTURES))
    return tuple(found)
