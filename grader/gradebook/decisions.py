"""What people decide: marks, overrides, adjustments, extensions. Within the caller's transaction.

Marks and overrides belong to one attempt, because another attempt is different work. Adjustments
and extensions belong to the student.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from grader.course.assignment import Spec
from grader.errors import MarkConflict, UsageError
from grader.gradebook.claims import Marker, require_free, require_seen
from grader.gradebook.grades.policy import is_points
from grader.gradebook.history import Author, log
from grader.gradebook.models import adjustments, extensions, marks, overrides, standings
from grader.gradebook.queries import find_student, load_checks, load_marks, student_id, unknown
from grader.gradebook.records import Attempt, Grade, Mark, StandingKind
from grader.gradebook.rubrics import RubricChange, follow_rubric, keep_rubric

MAX_EXTENSION_DAYS = 3650


class _Anything:
    """Stands for a mark whatever it is: who saves one does not mind what was there."""


ANYTHING: Final = _Anything()
Seen = Mark | None | _Anything


def set_mark(
    connection: Connection,
    attempt: Attempt,
    mark: Mark,
    spec: Spec,
    author: Author,
    *,
    seen: Seen = ANYTHING,
    marker: Marker | None = None,
) -> Mark | None:
    """Set a mark, and return the one that it replaces.

    seen: the mark that the marker saw; marker: whose claim this ends. Raises MarkConflict if the
    mark is another one by now, or if somebody else has claimed the answer.
    """
    asked = {each.id: each for each in spec.questions}
    if mark.question not in asked:
        raise UsageError(unknown("question", mark.question, asked))
    most = asked[mark.question].points
    if not (is_points(mark.points) and 0 <= mark.points <= most):
        raise UsageError(
            f"{mark.points:g} points for {mark.question} are not possible; give 0 to {most:g}"
        )
    unasked = [item for item in mark.rubric if item not in asked[mark.question].rubric]
    if unasked and marker is not None:
        raise MarkConflict(
            f"the rubric of {mark.question} was changed meanwhile and has no {unasked[0]!r}; begin "
            "again to see the new one"
        )
    old = _marked(connection, attempt, mark.question)
    if not isinstance(seen, _Anything):
        require_seen(mark.question, old, seen)
    if marker is not None:
        require_free(connection, attempt, mark.question, marker, mark.at)
    keep_rubric(connection, attempt.assignment, asked[mark.question], mark.at)
    where = {"attempt": attempt.key, "question": mark.question}
    _replace(connection, marks, where, {**asdict(mark), "rubric": list(mark.rubric)})
    log_mark(connection, attempt, "marked", old, mark, author)
    return old


def take_mark(
    connection: Connection,
    attempt: Attempt,
    question: str,
    author: Author,
    seen: Seen = ANYTHING,
) -> Mark | None:
    """Remove a mark and return it; None if there was none. Raises MarkConflict as `set_mark`."""
    old = _marked(connection, attempt, question)
    if not isinstance(seen, _Anything):
        require_seen(question, old, seen)
    if old is not None:
        _replace(connection, marks, {"attempt": attempt.key, "question": question}, None)
        log_mark(connection, attempt, "unmarked", old, None, author)
    return old


def follow(
    connection: Connection,
    assignment: str,
    spec: Spec,
    changes: Sequence[RubricChange],
    author: Author,
) -> None:
    """Let marks follow a corrected rubric, with a line of history for each that changes."""
    follow_rubric(connection, assignment, spec.questions, changes, author.at)
    for change in changes:
        for each in change.marks:
            if each.before != each.after:
                log_mark(connection, each.attempt, "rubric", each.before, each.after, author)


def _marked(connection: Connection, attempt: Attempt, question: str) -> Mark | None:
    found = load_marks(connection, marks.c.attempt == attempt.key, marks.c.question == question)
    return found[0] if found else None


def log_mark(
    connection: Connection,
    attempt: Attempt,
    action: str,
    old: Mark | None,
    new: Mark | None,
    author: Author,
) -> None:
    """Write the change of a mark to the history."""
    either = new or old
    assert either is not None
    change = author.change(
        action,
        f"{either.question} in {attempt.label}",
        assignment=attempt.assignment,
        student=student_id(connection, attempt.student),
        before=_mark_said(old),
        after=_mark_said(new),
    )
    log(connection, [change])


def _mark_said(mark: Mark | None) -> str:
    if mark is None:
        return ""
    rubric = f"; rubric: {' | '.join(mark.rubric)}" if mark.rubric else ""
    comment = f"; comment: {mark.comment}" if mark.comment else ""
    return f"{mark.points:g}{rubric}{comment}"


def set_override(
    connection: Connection,
    grade: Grade,
    check: str,
    points: float | None,
    author: Author,
    *,
    signed: Author | None = None,
    partners: Sequence[str] = (),
) -> None:
    """Set the points of a check in the attempt that counts; None restores the automatic ones.

    signed: whose points they are, if not the author's who changes them. partners: the ids of others
    for whom the same attempt counts, who get a line of history, too.
    """
    attempt = grade.attempt
    if attempt is None or attempt.report is None:
        raise UsageError(
            f"{grade.student.id} has no graded attempt that counts; grade one first, or use adjust"
        )
    listed = load_checks(connection, [attempt.report])[attempt.report]
    checks = {each.id: each for each in listed}
    # `test_softmax` is enough for `checks::test_softmax` if only one check has that name.
    short = [name for name in checks if name.endswith(f"::{check}")]
    check = short[0] if check not in checks and len(short) == 1 else check
    if check not in checks:
        raise UsageError(unknown("check", check, checks))
    most = checks[check].max_points
    if points is not None and not (is_points(points) and 0 <= points <= most):
        raise UsageError(
            f"{points:g} points for {check} are not possible; give 0 to {most:g}, or use adjust"
        )
    automatic = f"{checks[check].points:g} (automatic)"
    held = {each.check: each.points for each in grade.automatic.overrides}
    where = {"attempt": attempt.key, "check_id": check}
    row = None if points is None else {"points": float(points), **_signed(signed or author)}
    _replace(connection, overrides, where, row)
    changes = [
        author.change(
            "override",
            f"{check} in {attempt.label}",
            assignment=grade.assignment,
            student=student,
            before=held.get(check, automatic),
            after=automatic if points is None else points,
        )
        for student in (grade.student.id, *partners)
    ]
    log(connection, changes)


def add_adjustment(
    connection: Connection, assignment: str, student: str, points: float, author: Author
) -> None:
    """Add points to a student's homework, or take points off. Earlier adjustments remain."""
    if not is_points(points) or points == 0:
        raise UsageError(f"{points:g} points is not an adjustment; give a number such as 2 or -1.5")
    found = find_student(connection, student)
    where = {"assignment": assignment, "student": found.key}
    before = sum(connection.execute(select(adjustments.c.points).filter_by(**where)).scalars())
    row = {**where, "points": float(points)}
    connection.execute(insert(adjustments).values(**row, **_signed(author)))
    log(
        connection,
        [
            author.change(
                "adjust",
                f"points by {points:+g}",
                assignment=assignment,
                student=found.id,
                before=f"{before:+g}" if before else "0",
                after=f"{before + points:+g}" if before + points else "0",
            )
        ],
    )


def take_adjustment(
    connection: Connection, assignment: str, student: str, at: datetime | None, author: Author
) -> None:
    """Take an adjustment back. at: when it was made; None for all of the homework.

    Raises UsageError if there is none.
    """
    found = find_student(connection, student)
    where = {"assignment": assignment, "student": found.key}
    table = adjustments.c
    rows = connection.execute(select(table.key, table.points, table.at).filter_by(**where)).all()
    gone = [row for row in rows if at is None or row.at == at]
    if not gone:
        raise UsageError(
            f"{found.id} has no such adjustment in {assignment} any more; nothing was done"
        )
    connection.execute(delete(adjustments).where(table.key.in_([row.key for row in gone])))
    before, taken = sum(row.points for row in rows), sum(row.points for row in gone)
    change = author.change(
        "adjust",
        f"adjustment of {taken:+g} taken back",
        assignment=assignment,
        student=found.id,
        before=f"{before:+g}" if before else "0",
        after=f"{before - taken:+g}" if len(gone) < len(rows) and before - taken else "0",
    )
    log(connection, [change])


def set_extension(
    connection: Connection, assignment: str, student: str, days: int, author: Author
) -> None:
    """Grant more days for one homework, instead of those granted before."""
    if not 0 <= days <= MAX_EXTENSION_DAYS:
        raise UsageError(
            f"an extension of {days} days is not possible; give 0 to {MAX_EXTENSION_DAYS}"
        )
    found = find_student(connection, student)
    where = {"assignment": assignment, "student": found.key}
    before = connection.execute(select(extensions.c.days).filter_by(**where)).scalar() or 0
    _replace(connection, extensions, where, {"days": days, **_signed(author)} if days else None)
    change = author.change(
        "extend", "days", assignment=assignment, student=found.id, before=before, after=days
    )
    log(connection, [change])


def set_standing(
    connection: Connection,
    assignment: str,
    student: str,
    kind: StandingKind | None,
    author: Author,
) -> None:
    """Decide on a student's part in a homework, or in the course (""); None takes that back."""
    found = find_student(connection, student)
    where = {"assignment": assignment, "student": found.key}
    before = connection.execute(select(standings.c.kind).filter_by(**where)).scalar()
    if kind is None and before is None:
        of = f" in {assignment}" if assignment else ""
        raise UsageError(f"nothing of the kind was decided about {found.id}{of}; nothing was done")
    row = None if kind is None else {"kind": kind.value, **_signed(author)}
    _replace(connection, standings, where, row)
    change = author.change(
        kind.value if kind else f"not {before}",
        "homework" if assignment else "course",
        assignment=assignment,
        student=found.id,
        before=before,
        after=kind.value if kind else None,
    )
    log(connection, [change])


def _signed(author: Author) -> dict[str, Any]:
    return {"why": author.why, "note": author.note, "who": author.who, "at": author.at}


def _replace(
    connection: Connection, table: Table, where: Mapping[str, Any], row: Mapping[str, Any] | None
) -> None:
    """Replace the row that `where` selects by `row`; None only deletes it."""
    connection.execute(delete(table).filter_by(**where))
    if row is not None:
        connection.execute(insert(table).values(**{**where, **row}))
