"""`python -m grader mark`: marks written answers, one question at a time across students."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.gradebook import Gradebook, Mark
    from grader.gradebook.marking import Sheet

    # The mark that another one replaced, None if there was none; in a tuple, to tell that from
    # nothing at all.
    Before = tuple[Mark | None]

KEYS = "letters: rubric   number: points   /: comment   Enter: skip   u: undo   q: quit"


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    question: Annotated[
        str | None, typer.Option("--question", help="Mark only this question.", show_default="all")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also show answers that are already marked.")
    ] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Hide the names.")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the answers and marks to a CSV file.")
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--import", help="Read the marks from such a file.")
    ] = None,
    who: Annotated[
        str | None, typer.Option("--as", help="Who you are.", show_default="your login")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Mark the written answers by their rubrics. Every mark is saved as you give it."""
    from grader.api import open_book, who_is
    from grader.cli import _terminal as show

    home, out = find(course), show.console()
    with open_book(home) as book:
        from grader.gradebook.marking import sheets

        found = sheets(book, home, name)
        if question is not None and question not in {each.question.id for each in found}:
            asked = ", ".join(each.id for each in home.spec(name).questions)
            raise UsageError(f"no question {question!r} in {name}; there are: {asked}")
        found = [each for each in found if question in (None, each.question.id)]
        if export is not None:
            _export(found, export)
        if from_file is not None:
            _import(book, found, from_file, who_is(who), out)
        if export is None and from_file is None:
            left = [each for each in found if again or each.mark is None]
            _walk(book, left, who_is(who), out, anonymous=anonymous)


def _export(found: list[Sheet], path: Path) -> None:
    from grader._internal.files import write_atomically
    from grader.gradebook.marking import marks_csv

    try:
        write_atomically(path, marks_csv(found).encode())
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror}; name another file") from None
    print(f"{path}: {len(found)} answers. Fill in points or rubric letters, then use --import.")


def _import(book: Gradebook, found: list[Sheet], path: Path, who: str, out: Console) -> None:
    from grader.gradebook.marking import read_marks

    marks = read_marks(path, found, who)
    for sheet, points, rubric, comment, marker in marks:
        book.mark(
            sheet.attempt, sheet.question.id, points, who=marker, rubric=rubric, comment=comment
        )
    out.print(f"{len(marks)} marks read from {path}", markup=False)


def _walk(book: Gradebook, left: list[Sheet], who: str, out: Console, *, anonymous: bool) -> None:
    """Show one answer after the other and handle what is typed."""
    if not left:
        out.print("Everything is marked. To see it again, use --again.")
        return
    if not sys.stdin.isatty():
        raise UsageError("marking needs a terminal; for a file use --export and --import")
    done: list[tuple[int, Before]] = []
    place = 0
    while 0 <= place < len(left):
        sheet = left[place]
        _show(sheet, place, left, out, anonymous=anonymous)
        typed = typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip()
        if typed == "q":
            break
        if typed == "u":
            place = _undo(book, left, done, place, who, out)
        elif typed == "":
            place += 1
        elif (old := _give(book, sheet, typed, who, out)) is not None:
            done.append((place, old))
            place += 1
    out.print(f"{len(done)} answers marked.")


def _show(sheet: Sheet, place: int, left: list[Sheet], out: Console, *, anonymous: bool) -> None:
    from rich.markup import escape

    first = place == 0 or left[place - 1].question.id != sheet.question.id
    name = "" if anonymous else f"  {escape(', '.join(sheet.students))}"
    out.rule()
    out.print(f"[bold]{escape(sheet.question.id)}[/]  {place + 1} of {len(left)}{name}")
    if first:
        out.print(escape(sheet.question.text.strip()), style="dim")
    out.print(sheet.answer or "(no answers.md was handed in, and no other answers)", markup=False)
    if not anonymous:
        out.print(f"submission: {sheet.attempt.source}", style="dim", markup=False, soft_wrap=True)
    out.print()
    for number, item in enumerate(sheet.question.rubric):
        out.print(f"  [bold]{chr(ord('a') + number)}[/]  {escape(item)}")
    if sheet.mark is not None:
        out.print(f"  marked {sheet.mark.points:g} by {escape(sheet.mark.who)}")
    out.print(f"0 to {sheet.question.points:g} points.  {KEYS}", style="dim")


def _give(book: Gradebook, sheet: Sheet, typed: str, who: str, out: Console) -> Before | None:
    """Save a mark. Returns the one it replaces, in a tuple, or None for input that is unclear."""
    from grader.gradebook.marking import parse_marking

    try:
        points, rubric, comment = parse_marking(typed, sheet.question)
    except UsageError as exc:
        out.print(str(exc), style="red", markup=False)
        return None
    old = book.mark(
        sheet.attempt, sheet.question.id, points, who=who, rubric=rubric, comment=comment
    )
    out.print(f"{points:g} points")
    return (old,)


def _undo(
    book: Gradebook,
    left: list[Sheet],
    done: list[tuple[int, Before]],
    place: int,
    who: str,
    out: Console,
) -> int:
    """Undo the last mark; returns the place to continue at."""
    if not done:
        out.print("There is nothing to undo.")
        return place
    place, (old,) = done.pop()
    sheet = left[place]
    if old is None:
        book.unmark(sheet.attempt, sheet.question.id, who=who)
    else:
        book.mark(
            sheet.attempt, sheet.question.id, old.points, who=old.who,
            rubric=old.rubric, comment=old.comment,
        )  # fmt: skip
    out.print("The last mark is undone.")
    return place
