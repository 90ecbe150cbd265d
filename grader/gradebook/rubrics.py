"""A rubric that is corrected after marking began, and the marks that follow it.

The rubric by which a question is marked is kept with its first mark. If `assignment.toml` says
something else later, marks stay as they are until somebody has seen who would gain and lose, and
confirms it: then the points of ticked items are added up again from the rubric as it is now. Points
that a marker typed in stay, because no rubric explains them.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from grader.course.assignment import Question
from grader.errors import UsageError
from grader.gradebook.marking.rubric_items import item_points, item_text
from grader.gradebook.models import attempts, marks, rubrics
from grader.gradebook.queries import load_attempts, load_marks
from grader.gradebook.records import Attempt, Mark

_ALIKE = 0.6  # from this ratio on, an item that is gone and a new one are taken for one


@dataclass(frozen=True)
class MarkChange:
    """One mark under the corrected rubric. by_hand: its points were typed in, and stay."""

    attempt: Attempt
    before: Mark
    after: Mark
    by_hand: bool


@dataclass(frozen=True)
class RubricChange:
    """What a corrected rubric means for the marks of one question.

    items: the old item and the new one, None for none, of every item that is not as it was.
    max_points: of the question, before and now; now is None if the question is gone. marks: those
    that change, and those whose points were typed in although they ticked an item that changed.
    typed: how many others have points that were typed in, without any item.
    """

    question: str
    items: tuple[tuple[str | None, str | None], ...]
    max_points: tuple[float, float | None]
    marks: tuple[MarkChange, ...]
    typed: int = 0


def keep_rubric(connection: Connection, assignment: str, question: Question, at: datetime) -> None:
    """Keep the rubric with the first mark of a question; later calls change nothing."""
    where = {"assignment": assignment, "question": question.id}
    if connection.execute(select(rubrics.c.at).filter_by(**where)).first() is None:
        row = {"points": question.points, "items": list(question.rubric), "at": at}
        connection.execute(insert(rubrics).values(**where, **row))


def rubric_changes(
    connection: Connection,
    assignment: str,
    questions: Sequence[Question],
    renamed: Mapping[str, str] | None = None,
) -> tuple[RubricChange, ...]:
    """Every question whose rubric or points are no longer those by which it was marked.

    renamed: old texts and new ones, without points, in place of what is guessed; "" for removed.
    Raises UsageError for a text in `renamed` that no rubric holds.
    """
    table = rubrics.c
    query = select(table.question, table.points, table["items"]).where(
        table.assignment == assignment
    )
    kept = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    given: dict[str, list[Mark]] = {}
    for mark in load_marks(connection, attempts.c.assignment == assignment):
        given.setdefault(mark.question, []).append(mark)
    made = {
        each.key: each for each in load_attempts(connection, attempts.c.assignment == assignment)
    }
    asked = {each.id: each for each in questions}
    unused = dict(renamed or {})
    found = []
    for name in (*asked, *sorted(given.keys() - asked.keys())):
        theirs, now = given.get(name, []), asked.get(name)
        if not theirs:
            continue
        points, items = kept.get(name, (None, None))
        change = _change(name, now, points, items, theirs, made, unused)
        if change is not None:
            found.append(change)
    if unused:
        raise UsageError(
            f"no item {next(iter(unused))!r} was changed; give the old text of an item without its "
            "points, as --rubric shows it"
        )
    return tuple(found)


def _change(
    name: str,
    now: Question | None,
    points: float | None,
    kept: Sequence[str] | None,
    theirs: Sequence[Mark],
    made: Mapping[int, Attempt],
    renamed: dict[str, str],
) -> RubricChange | None:
    ticked = [item for mark in theirs for item in mark.rubric]
    old = list(dict.fromkeys([*(kept or ()), *ticked]))
    if now is None:
        most = max(mark.points for mark in theirs) if points is None else points
        return RubricChange(name, (), (most, None), tuple(
            MarkChange(made[mark.attempt], mark, mark, by_hand=True) for mark in theirs
        ))  # fmt: skip
    most = now.points if points is None else points
    became = _matched(old, now.rubric, kept, renamed)
    pairs: list[tuple[str | None, str | None]] = [
        (item, became.get(item)) for item in old if became.get(item) != item
    ]
    if kept is not None:
        pairs += [(None, item) for item in now.rubric if item not in became.values()]
    changes = [_followed(mark, now, became, made[mark.attempt]) for mark in theirs]
    marked = tuple(change for change in changes if change is not None)
    if not pairs and most == now.points and not marked:
        return None
    told = {change.attempt.key for change in marked}
    typed = sum(not mark.rubric and mark.attempt not in told for mark in theirs)
    return RubricChange(name, tuple(pairs), (most, now.points), marked, typed)


def _matched(
    old: Sequence[str], new: Sequence[str], kept: Sequence[str] | None, renamed: dict[str, str]
) -> dict[str, str]:
    """For old items the new item that each became; those without one are gone.

    kept: the rubric of the first mark; what is not in it is new, though a later mark may have it.

    The same text, then the same text with other points, then what `renamed` says (which is used
    up), then the most similar.
    """
    became = {item: item for item in old if item in new}
    left = [item for item in new if item not in (became if kept is None else kept)]
    gone = [item for item in old if item not in became]
    for item in list(gone):
        text = item_text(item)
        wanted = renamed.pop(text, None)
        same = [each for each in left if item_text(each) == (text if wanted is None else wanted)]
        if wanted and not same:
            raise UsageError(f"the rubric has no item {wanted!r} that is new; correct the text")
        if same:
            became[item] = same[0]
            left.remove(same[0])
        if same or wanted is not None:
            gone.remove(item)
    ranked = sorted(
        ((difflib.SequenceMatcher(None, item_text(a), item_text(b)).ratio(), a, b)
         for a in gone for b in left),
        reverse=True,
    )  # fmt: skip
    for ratio, item, new_item in ranked:
        if ratio >= _ALIKE and item in gone and new_item in left:
            became[item] = new_item
            gone.remove(item)
            left.remove(new_item)
    return became


def _followed(
    mark: Mark, question: Question, became: Mapping[str, str], attempt: Attempt
) -> MarkChange | None:
    """A mark under the rubric as it is now; None if nothing about it changes."""
    items = {became[item] for item in mark.rubric if item in became}
    met = tuple(item for item in question.rubric if item in items)
    by_hand = not mark.rubric or _sum(mark.rubric) != mark.points
    total = _sum(met)
    points = mark.points
    if not by_hand and total is not None:
        points = max(0.0, min(total, question.points))
    after = replace(mark, points=points, rubric=met)
    too_many = points > question.points
    if set(mark.rubric) == set(met) and points == mark.points and not too_many:
        return None
    return MarkChange(attempt, mark, after, by_hand=by_hand or total is None)


def _sum(items: Sequence[str]) -> float | None:
    """The points of items together, None if some have none."""
    worth = [item_points(item) for item in items]
    return None if None in worth else sum(each for each in worth if each is not None)


def follow_rubric(
    connection: Connection,
    assignment: str,
    questions: Sequence[Question],
    changes: Sequence[RubricChange],
    at: datetime,
) -> None:
    """Let the marks follow: the rows only, without history. A question that is gone stays."""
    asked = {each.id: each for each in questions}
    for change in changes:
        if change.question not in asked:
            continue
        for each in change.marks:
            row = {"points": each.after.points, "rubric": list(each.after.rubric)}
            where = {"attempt": each.attempt.key, "question": change.question}
            connection.execute(update(marks).filter_by(**where).values(**row))
        where = {"assignment": assignment, "question": change.question}
        connection.execute(delete(rubrics).filter_by(**where))
        keep_rubric(connection, assignment, asked[change.question], at)
