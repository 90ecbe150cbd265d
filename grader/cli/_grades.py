"""How grades look on a terminal. Names and texts may come from students, so all are escaped."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from grader.gradebook.breakdown import at as moment_of
from grader.gradebook.breakdown import sheet_of
from grader.reports.rich_text import encodable, points

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from grader.gradebook import Attempt, Grade, Gradebook, HistoryEntry, Student
    from grader.gradebook.leavers import Leaver
    from grader.gradebook.rubrics import RubricChange

MOST_NAMES = 20


def grades_table(grades: Sequence[Grade]) -> Table:
    """One line for each student."""
    table = Table(box=None, pad_edge=False)
    for header in ("student", "name", "points", "of", "remarks"):
        justify = "right" if header in ("points", "of") else "left"
        table.add_column(header, overflow="fold", justify=justify)  # type: ignore[arg-type]
    for grade in grades:
        got = points(grade.so_far) + ("" if grade.is_final else "…")
        got = "–" if grade.excused else got
        table.add_row(
            escape(grade.student.id), escape(grade.student.name), got, points(grade.max_points),
            escape("; ".join(_remarks(grade))),
        )  # fmt: skip
    return table


def tell_how_many(out: Console, grades: Sequence[Grade]) -> None:
    """How many of a homework's grades are final."""
    final = sum(grade.is_final for grade in grades)
    nothing = sum(grade.attempts == 0 for grade in grades)
    left = len(grades) - final
    still = f" (still open, and marked with …: {left})" if left else ""
    out.print(
        f"{final} of {len(grades)} grades are final{still}; students without a submission: "
        f"{nothing}."
    )


def tell_rubrics(out: Console, name: str, changed: Sequence[RubricChange]) -> None:
    """Say which rubrics were changed after marking began, and how to go on."""
    if changed:
        out.print(
            f"The rubric of {', '.join(each.question for each in changed)} is not the one by which "
            f"answers were marked. See what that changes: python -m grader mark {name} --rubric",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip


def _remarks(grade: Grade) -> Iterable[str]:
    if grade.standing is not None:
        yield f"{grade.standing.kind.value}: {grade.standing.why}"
        return
    unmarked = [each.question for each in grade.questions if each.mark is None]
    one_by_one = {f"{question}: not marked yet" for question in unmarked}
    yield from (text for text in grade.open if text not in one_by_one)
    if grade.attempt is not None and unmarked:
        yield f"not marked yet: {', '.join(unmarked)}"
    if grade.attempt is None:
        yield grade.why
    elif grade.late.days:
        yield grade.late.why
    if grade.attempt is not None and grade.attempts > 1:
        yield f"{grade.why} counts"
    yield from grade.notes


def tell_unmatched(out: Console, attempts: Sequence[Attempt]) -> None:
    """List the names that are not on the roster; none is ever dropped."""
    names = Counter(attempt.handed_in_by for attempt in attempts)
    if not names:
        return
    out.print("[yellow]Submissions under names that are not on the roster:[/]")
    for name, count in sorted(names.items())[:MOST_NAMES]:
        times = f", {count} times" if count > 1 else ""
        out.print(f"  {name}{times}", markup=False, soft_wrap=True)
    if len(names) > MOST_NAMES:
        out.print(f"  and {len(names) - MOST_NAMES} more")
    out.print(
        "Assign each to a student: python -m grader gradebook match HANDED-IN-AS STUDENT",
        soft_wrap=True,
    )


def tell_student(out: Console, student: Student) -> None:
    """Show who a student is."""
    named = [student.name, student.email, student.login]
    placed = [
        f"{word} {value}"
        for word, value in (("section", student.section), ("group", student.group))
        if value
    ]
    parts = [part for part in (*named, *placed) if part]
    out.print(f"[bold]{escape(student.id)}[/] {escape(', '.join(parts))}".rstrip())


def tell_grade(out: Console, grade: Grade, attempts: Sequence[Attempt], zone: tzinfo) -> None:
    """Every part of a grade, each with its reason."""
    sheet = sheet_of(grade, zone)
    out.print(f"\n[bold]{escape(grade.assignment)}[/] {escape(grade.student.id)}: {sheet.total}")
    for row in sheet.rows:
        out.print(f"  {row.name:<22}{row.value:>8}  {row.said}", markup=False, soft_wrap=True)
        for item in row.items:
            out.print(f"{'':<34}{encodable('✓')} {item}", markup=False, soft_wrap=True)
    for attempt in attempts:
        counts = grade.attempt is not None and attempt.key == grade.attempt.key
        score = "not graded" if attempt.score is None else f"{points(attempt.score)} points"
        said = f"{moment_of(attempt.received_at, zone)}  {attempt.label}  {score}"
        out.print(f"  {'counts' if counts else '':<8}{said}", markup=False, soft_wrap=True)
    for text in grade.open:
        out.print(f"  [yellow]open:[/] {escape(text)}", soft_wrap=True)
    for text in grade.notes:
        out.print(f"  note: {text}", markup=False, soft_wrap=True)


def tell_changes(out: Console, changes: Sequence[HistoryEntry], zone: tzinfo) -> None:
    """The history, a line each."""
    if changes:
        out.print("\nHistory", style="bold")
    for each in changes:
        sides = [each.before or "–", each.after or "–"]
        turned = f": {' → '.join(sides)}" if each.before or each.after else ""
        why = f" ({each.why})" if each.why else ""
        why += f" [for staff: {each.note}]" if each.note else ""
        named = [moment_of(each.at, zone), each.who, each.action, each.assignment, each.student]
        line = "  ".join([*filter(None, named), f"{each.what}{turned}{why}"])
        out.print(line, markup=False, soft_wrap=True)


def tell_enrolled(out: Console, book: Gradebook, path: Path, who: str) -> None:
    """Load a roster and say what that changed."""
    from grader.gradebook.grades.policy import count
    from grader.gradebook.roster import read_roster

    roster = read_roster(path)
    done = book.enrol(roster, who=who, why=f"roster {path.name}")
    for note in roster.notes:
        out.print(f"roster: {note}", markup=False, soft_wrap=True)
    out.print(
        f"Roster: {count(len(roster.students), 'student')}; {done.added} added, "
        f"{done.changed} changed, {done.left} removed; names of submissions newly matched: "
        f"{done.matched}."
    )
    _tell_leavers(out, done.leavers)


def _tell_leavers(out: Console, leavers: Sequence[Leaver]) -> None:
    """Name those who left with work, and who may be somebody that the roster has under a new id."""
    gone = [each.id for each in leavers if each.handed_in]
    if gone:
        more = f" and {len(gone) - MOST_NAMES} more" if len(gone) > MOST_NAMES else ""
        out.print(
            "[yellow]Removed students who have handed in something:[/] "
            f"{escape(', '.join(gone[:MOST_NAMES]))}{more}. Their work is kept, but counts for "
            "nobody on the roster.",
            soft_wrap=True,
        )
    renamed = [each for each in leavers if each.alike]
    for each in renamed[:MOST_NAMES]:
        command = shlex.join(["match", each.id, each.alike])
        out.print(
            f"{each.alike} has the {each.by} of {each.id}, who was removed. If they are one person "
            f"with a new id, everything of {each.id} follows with: python -m grader gradebook "
            f"{command}",
            markup=False,
            soft_wrap=True,
        )
    if len(renamed) > MOST_NAMES:
        out.print(f"and {len(renamed) - MOST_NAMES} more that may have a new id")
