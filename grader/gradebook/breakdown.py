"""A grade as rows: every part with its reason. The one place that puts a grade into words.

Staff and the student get the same numbers. The student does not get who decided something, notes
for staff, and what only staff can do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from grader.gradebook.grades.policy import count
from grader.gradebook.records import (
    Adjustment,
    Grade,
    Override,
    QuestionMark,
    Standing,
    StandingKind,
)
from grader.reports.grade_sheet import GradeRow, GradeSheet

_TO_DO = ": grade it again"  # what staff, and not the student, should do about a fault of ours


def sheet_of(grade: Grade, zone: tzinfo, *, titles: Mapping[str, str] | None = None) -> GradeSheet:
    """The grade part by part. titles: of the checks, by id, for a student; None for staff."""
    rows = _for_staff(grade, zone) if titles is None else _for_student(grade, zone, titles)
    still = grade.open
    if titles is not None:
        still = tuple(text.removesuffix(_TO_DO) for text in still)
    return GradeSheet(
        points=grade.points,
        so_far=grade.so_far,
        max_points=grade.max_points,
        rows=tuple(rows),
        open=still,
        excused=grade.standing.kind.value if grade.excused and grade.standing else "",
    )


def _for_staff(grade: Grade, zone: tzinfo) -> Iterator[GradeRow]:
    yield _checks(grade)
    for each in grade.automatic.overrides:
        yield _override(each, each.check, f"set by {each.who}: {_reason(each)}")
    for question in grade.questions:
        by = "" if question.mark is None else f" by {question.mark.who}"
        yield _question(grade, question, by)
    yield from _comments(grade)
    yield from _late(grade)
    for adjustment in grade.adjustments:
        yield _adjustment(adjustment, f"by {adjustment.who}: {_reason(adjustment)}")
    yield from _standing(grade, staff=True)
    yield from _rounding(grade)
    moment = "" if grade.due is None else f"{at(grade.due, zone)}, "
    yield GradeRow(kind="due", name="due", points=None, why=f"{moment}{grade.due_why}")
    yield _attempts(grade)


def _for_student(grade: Grade, zone: tzinfo, titles: Mapping[str, str]) -> Iterator[GradeRow]:
    yield _checks(grade)
    for each in grade.automatic.overrides:
        title = titles.get(each.check, "a check")
        yield _override(each, title, f"set by hand: {each.why}".removesuffix(": "))
    for question in grade.questions:
        yield _question(grade, question, "")
    yield from _comments(grade)
    yield from _late(grade)
    for adjustment in grade.adjustments:
        yield _adjustment(adjustment, adjustment.why or "set by hand")
    yield from _standing(grade, staff=False)
    yield from _rounding(grade)
    if grade.due is not None:
        came = grade.attempt is not None and not grade.late.days
        said = f"{at(grade.due, zone)}, {_due_why(grade)}" + ("; you were on time" if came else "")
        yield GradeRow(kind="due", name="due", points=None, why=said)
    yield _attempts(grade)


def _checks(grade: Grade) -> GradeRow:
    automatic = grade.automatic
    return GradeRow(
        kind="checks", name="checks", points=automatic.points, max_points=automatic.max_points,
        why=automatic.why,
    )  # fmt: skip


def _override(override: Override, name: str, why: str) -> GradeRow:
    # The points are part of those of the checks.
    return GradeRow(kind="override", name=f"  {name}", points=override.points, why=why)


def _reason(decision: Override | Adjustment | Standing) -> str:
    note = f"[for staff: {decision.note}]" if decision.note else ""
    return " ".join(filter(None, (decision.why, note)))


def _question(grade: Grade, question: QuestionMark, by: str) -> GradeRow:
    mark, earlier = question.mark, question.earlier
    if mark is not None:
        why = f"marked{by}"
        why += ", in an earlier attempt with the same answer" if question.carried else ""
    elif grade.attempt is None:
        why = "nothing counts" if grade.attempts else "nothing handed in"
    else:
        why = "not marked yet"
        if earlier is not None:
            why += f"; an earlier attempt with another answer got {earlier.points:g}"
    return GradeRow(
        kind="question", name=question.question, points=question.points,
        max_points=question.max_points, why=why, items=() if mark is None else mark.rubric,
        comment=(mark.comment or None) if mark is not None else None,
    )  # fmt: skip


def _comments(grade: Grade) -> Iterator[GradeRow]:
    if grade.comments:
        points = sum(each.points for each in grade.comments)
        why = f"{count(len(grade.comments), 'comment')} on the work"
        yield GradeRow(kind="comments", name="comments", points=points, why=why)


def _late(grade: Grade) -> Iterator[GradeRow]:
    if grade.late.days or grade.penalty:
        points = -grade.penalty or 0.0
        yield GradeRow(kind="late", name="late", points=points, why=grade.late.why)


def _adjustment(adjustment: Adjustment, why: str) -> GradeRow:
    return GradeRow(kind="adjustment", name="adjusted", points=adjustment.points, why=why)


_WORDS = {
    StandingKind.EXCUSED: "the homework does not count",
    StandingKind.ZERO: "counts as 0, by decision",
    StandingKind.WITHDRAWN: "no longer in the course",
}


def _standing(grade: Grade, *, staff: bool) -> Iterator[GradeRow]:
    """What was decided instead of a grade."""
    standing = grade.standing
    if standing is None:
        return
    by = f" (entered by {standing.who})" if staff else ""
    why = _reason(standing) if staff else standing.why
    is_zero = standing.kind is StandingKind.ZERO
    points = -_sum_of_parts(grade) if is_zero else None
    yield GradeRow(
        kind="standing", name=standing.kind.value, points=points,
        why=f"{_WORDS[standing.kind]}{by}: {why}",
    )  # fmt: skip


def _sum_of_parts(grade: Grade) -> float:
    total = (grade.automatic.points or 0.0) - grade.penalty
    total += sum(each.points or 0.0 for each in grade.questions)
    total += sum(each.points for each in grade.comments)
    return total + sum(each.points for each in grade.adjustments)


def _rounding(grade: Grade) -> Iterator[GradeRow]:
    """What makes the sum of the parts the points, where it is not the same already."""
    if grade.standing is not None and grade.standing.kind is StandingKind.ZERO:
        return
    total = _sum_of_parts(grade)
    added = round(grade.so_far - total, 10)
    if added:
        name, why = "raised", "a grade is never below 0"
        if total >= 0:
            name, why = "rounded", f"rounded to a multiple of {grade.rounding:g}"
        yield GradeRow(kind="rounding", name=name, points=added, why=why)


def _due_why(grade: Grade) -> str:
    """Why the due date is so, for the student."""
    parts = []
    if grade.student.extension_days:
        parts.append(f"{count(grade.student.extension_days, 'day')} more for you")
    if grade.granted is not None:
        why = f": {grade.granted.why}" if grade.granted.why else ""
        parts.append(f"{count(grade.granted.days, 'day')} more for this homework{why}")
    return "; ".join(parts) or "as for everybody"


def _attempts(grade: Grade) -> GradeRow:
    return GradeRow(kind="attempts", name="attempts", points=grade.attempts, why=grade.why)


def at(moment: datetime, zone: tzinfo) -> str:
    """A time for people."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
