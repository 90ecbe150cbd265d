"""The desk: several people mark one question, each shown what nobody else has marked or is marking.

It knows the answers of a homework, which are read once, and asks for their marks and claims each
time. The steps are those of a marker at a terminal, so both may mark side by side.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from grader._internal.text import printable
from grader.course.assignment import Question
from grader.course.course import Course
from grader.errors import MarkConflict, UsageError
from grader.gradebook.claims import Marker
from grader.gradebook.connect import reading
from grader.gradebook.desk.shares import ShareMap, load_shares
from grader.gradebook.desk.sheets import sheets
from grader.gradebook.desk.work import WorkReader
from grader.gradebook.grades.policy import typed_points
from grader.gradebook.marking.mark_tables import mark_version
from grader.gradebook.marking.marking import Sheet, in_order, parse_marking
from grader.gradebook.models import attempts, marks
from grader.gradebook.queries import load_claims, load_marks
from grader.gradebook.records import Claim, Mark
from grader.gradebook.store import Gradebook

MOST_HOMEWORKS = 8
MOST_MARKERS = 200
MOST_STEPS = 200


@dataclass(frozen=True)
class MarkEntry:
    """What a marker entered. places: of the ticked items in the rubric. points: as typed, "" where
    the items say it. seen: the version of the mark that was shown; see `mark_version`."""

    places: tuple[int, ...]
    points: str
    comment: str
    seen: str


@dataclass(frozen=True)
class MarkingStep:
    """One answer that a marker marked, to undo it. before: its mark before they came to it."""

    assignment: str
    question: str
    attempt: int
    before: Mark | None
    given: Mark | None


@dataclass(frozen=True)
class QuestionState:
    """One question as it is now, for one marker.

    sheets: every answer that the marker may see, what is shared out to them first. claims: by
    attempt, those of others.
    """

    question: Question
    sheets: tuple[Sheet, ...]
    claims: Mapping[int, Claim]
    shares: ShareMap
    who: str

    @cached_property
    def _places(self) -> dict[int, int]:
        return {sheet.attempt.key: place for place, sheet in enumerate(self.sheets)}

    @property
    def marked(self) -> int:
        """How many answers have a mark."""
        return sum(sheet.mark is not None for sheet in self.sheets)

    @property
    def others(self) -> Counter[str]:
        """Who else is marking it now, and in how many windows."""
        return Counter(claim.who for claim in self.claims.values())

    def place(self, attempt: int) -> int | None:
        """The place of an answer, from 0; None if there is no such answer for this marker."""
        return self._places.get(attempt)

    def sheet(self, attempt: int) -> Sheet | None:
        """An answer by its attempt's key."""
        place = self.place(attempt)
        return None if place is None else self.sheets[place]

    def next_unmarked(self, after: int | None = None) -> Sheet | None:
        """The next answer that nobody has marked or is marking, from an attempt on and around."""
        start = -1 if after is None else self._places.get(after, -1)
        count = len(self.sheets)
        free = [
            (self.shares.place(sheet, self.who), (place - start - 1) % count)
            for place, sheet in enumerate(self.sheets)
            if sheet.mark is None and sheet.attempt.key not in self.claims and place != start
        ]
        if not free:
            return None
        return self.sheets[(min(free)[1] + start + 1) % count]

    def beside(self, attempt: int, step: int) -> Sheet | None:
        """The answer so many places further on, whether it is marked or not."""
        place = self._places.get(attempt)
        if place is None or not 0 <= place + step < len(self.sheets):
            return None
        return self.sheets[place + step]


class MarkingDesk:
    """Where the answers of one course are marked. Safe for threads.

    clock: the present, aware and in UTC.
    """

    def __init__(self, book: Gradebook, course: Course, clock: Callable[[], datetime]) -> None:
        self._book = book
        self._course = course
        self._clock = clock
        self.reader = WorkReader(course)
        self._lock = threading.Lock()
        self._listed: OrderedDict[str, Sequence[Sheet]] = OrderedDict()
        self._steps: OrderedDict[str, list[MarkingStep]] = OrderedDict()

    def question(self, assignment: str, question: str) -> Question:
        """A question by its id. Raises UsageError."""
        for each in self._course.spec(assignment).questions:
            if each.id == question:
                return each
        raise UsageError(f"no question {question!r} in {assignment}; choose another")

    def answers(self, assignment: str, *, fresh: bool) -> Sequence[Sheet]:
        """Every answer of a homework in the order of marking, with the marks there were then.

        fresh: read what was handed in since. Otherwise it is as it was read last.
        """
        with self._lock:
            kept = self._listed.get(assignment)
            if kept is not None and not fresh:
                self._listed.move_to_end(assignment)
                return kept
        if not self._course.spec(assignment).questions:
            return ()
        found = sheets(self._book, self._course, assignment, self.reader)
        listed = in_order(found, assignment, "random")
        with self._lock:
            self._listed[assignment] = listed
            while len(self._listed) > MOST_HOMEWORKS:
                self._listed.popitem(last=False)
        return listed

    def look(
        self, assignment: str, asked: Question, marker: Marker, *, all_of_it: bool, fresh: bool
    ) -> QuestionState:
        """A question as it is now. all_of_it: also what closed shares keep from a marker."""
        question = asked.id
        listed = self._asked(assignment, asked, fresh=fresh)
        with reading(self._book.engine) as connection:
            where = attempts.c.assignment == assignment, marks.c.question == question
            given = {mark.attempt: mark for mark in load_marks(connection, *where)}
            held = load_claims(connection, question, self._clock())
            shares = load_shares(connection, assignment)
        now = [_with_mark(sheet, given.get(sheet.attempt.key)) for sheet in listed]
        if shares.closed and not all_of_it:
            now = [sheet for sheet in now if shares.marker(sheet) == marker.who]
        now.sort(key=lambda sheet: shares.place(sheet, marker.who))
        keys = {sheet.attempt.key for sheet in now}
        others = {
            each.attempt: each
            for each in held
            if each.attempt in keys and each.holder != marker.holder
        }
        return QuestionState(asked, tuple(now), others, shares, marker.who)

    def sheet(
        self, assignment: str, asked: Question, attempt: int, marker: Marker, *, all_of_it: bool
    ) -> Sheet | None:
        """One answer with its mark by now; None if there is none that the marker may see."""
        listed = self._asked(assignment, asked, fresh=False)
        found = next((each for each in listed if each.attempt.key == attempt), None)
        if found is None:
            return None
        with reading(self._book.engine) as connection:
            where = marks.c.attempt == attempt, marks.c.question == asked.id
            given = load_marks(connection, *where)
            shares = None if all_of_it else load_shares(connection, assignment)
        if shares is not None and shares.closed and shares.marker(found) != marker.who:
            return None
        return _with_mark(found, given[0] if given else None)

    def _asked(self, assignment: str, asked: Question, *, fresh: bool) -> list[Sheet]:
        """The answers to a question, which may have another rubric than when they were read."""
        found = [
            sheet
            for sheet in self.answers(assignment, fresh=fresh)
            if sheet.question.id == asked.id
        ]
        if found and found[0].question != asked:
            return [replace(sheet, question=asked) for sheet in found]
        return found

    def take(self, sheet: Sheet, marker: Marker) -> tuple[Claim, Sheet]:
        """Claim an answer. Returns the claim that holds, and the answer with its mark by now."""
        held, mark = self._book.claim(sheet.attempt, sheet.question.id, marker, self._clock())
        return held, _with_mark(sheet, mark)

    def save(self, sheet: Sheet, entry: MarkEntry, marker: Marker) -> Mark | None:
        """Save what a marker entered for an answer that `take` gave them; None removes the mark.

        Nothing entered means no mark. The same mark again changes nothing. Raises MarkConflict if
        somebody else was first, and UsageError for what is no mark.
        """
        question, own = sheet.question, sheet.own_mark
        if entry.seen != mark_version(own):
            said = "the mark was removed" if own is None else f"{own.who} gave {own.points:g}"
            raise MarkConflict(f"the mark of this answer was changed meanwhile: {said}")
        if not entry.places and not entry.points:
            if entry.comment:
                raise UsageError("a comment alone is no mark; tick an item or give points")
            if own is not None:
                who = marker.who
                self._book.unmark(sheet.attempt, question.id, who=who, seen=own)
                self._remember(sheet, marker, None)
            return None
        points, items, comment = entered(question, entry)
        if own is not None and (own.points, own.rubric, own.comment) == (points, items, comment):
            return own
        mark = Mark(
            sheet.attempt.key, question.id, points, items, comment, marker.who, self._clock()
        )
        self._book.mark(
            sheet.attempt, question.id, points, who=marker.who, rubric=items, comment=comment,
            seen=own, marker=marker, at=mark.at,
        )  # fmt: skip
        self._remember(sheet, marker, mark)
        return mark

    def undo(
        self, marker: Marker, sheets_: Callable[[MarkingStep], Sheet | None]
    ) -> MarkingStep | None:
        """Undo the answer that a marker marked last; None if there is nothing to undo.

        sheets_: finds the answer of a step. Raises MarkConflict if somebody else has changed it.
        """
        with self._lock:
            steps = self._steps.get(marker.holder)
            step = steps.pop() if steps else None
        sheet = None if step is None else sheets_(step)
        if step is None or sheet is None:
            return None
        undo_mark(self._book, sheet, step.before, step.given, marker.who, self._clock())
        return step

    def _remember(self, sheet: Sheet, marker: Marker, given: Mark | None) -> None:
        """Keep a step. Several in a row at one answer are one step."""
        where = sheet.attempt.assignment, sheet.question.id, sheet.attempt.key
        before = sheet.own_mark
        with self._lock:
            steps = self._steps.setdefault(marker.holder, [])
            self._steps.move_to_end(marker.holder)
            last = steps[-1] if steps else None
            if last is not None and (last.assignment, last.question, last.attempt) == where:
                before = steps.pop().before
            steps.append(MarkingStep(*where, before, given))
            del steps[:-MOST_STEPS]
            while len(self._steps) > MOST_MARKERS:
                self._steps.popitem(last=False)


def entered(question: Question, entry: MarkEntry) -> tuple[float, tuple[str, ...], str]:
    """Points, items and comment as they are stored. Raises UsageError."""
    if any(not 0 <= place < len(question.rubric) for place in entry.places):
        raise UsageError("the rubric has no such item; load the page again")
    number = ""
    if entry.points:
        points = typed_points(entry.points)
        if points is None:
            raise UsageError(f"{entry.points[:20]!r} is no number; give points such as 2.5")
        number = repr(points)
    letters = " ".join(chr(ord("a") + place) for place in entry.places)
    given, items, comment = parse_marking(f"{letters} {number}/{entry.comment}", question)
    return given, tuple(map(printable, items)), printable(comment)


def undo_mark(
    book: Gradebook,
    sheet: Sheet,
    before: Mark | None,
    given: Mark | None,
    who: str,
    at: datetime,
) -> Mark | None:
    """Put the mark back that an answer had. given: the mark that is there, which must not have
    changed: else MarkConflict. Returns the mark as it is now."""
    question = sheet.question.id
    if before is None:
        book.unmark(sheet.attempt, question, who=who, seen=given)
        return None
    book.mark(
        sheet.attempt, question, before.points, who=before.who, rubric=before.rubric,
        comment=before.comment, why="undone", seen=given, by=who, at=at,
    )  # fmt: skip
    return replace(before, at=at)


def _with_mark(sheet: Sheet, mark: Mark | None) -> Sheet:
    """A sheet with the mark that its attempt has now; what is carried over stays without one."""
    if mark == sheet.own_mark:
        return sheet
    if mark is None and sheet.carried:
        return sheet
    return replace(sheet, mark=mark, carried=False)
