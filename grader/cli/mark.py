"""`python -m grader mark`: marks written answers, one question at a time across students."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.gradebook.marking.marking import Pseudonyms, Sheet


class Order(StrEnum):
    """In which order the answers to a question are shown."""

    RANDOM = "random"
    STUDENT = "student"
    RECEIVED = "received"


QuestionOption = Annotated[
    str | None, typer.Option("--question", help="Mark only this question.", show_default="all")
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Also show answers that are already marked.")
]
OrderOption = Annotated[
    Order,
    typer.Option(
        "--order",
        help="The order of the answers to a question: the same random one for every marker, "
        "by student, or as received.",
    ),
]
AnonymousOption = Annotated[
    bool, typer.Option("--anonymous", help="Hide the names, also in an exported table.")
]
ExportOption = Annotated[
    Path | None, typer.Option("--export", help="Write the answers and marks to a CSV file.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", help="Write whom each pseudonym of --anonymous stands for."),
]
FromFileOption = Annotated[
    Path | None, typer.Option("--import", help="Read the marks from such a file.")
]
ReplaceOption = Annotated[
    bool,
    typer.Option(
        "--replace", help="With --import: also replace marks that others gave since the export."
    ),
]
RubricOption = Annotated[
    bool,
    typer.Option(
        "--rubric", help="Show what a rubric that was changed means for the marks given before."
    ),
]
RenamedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--renamed",
        metavar="OLD=NEW",
        help="With --rubric: an item that has a new text (OLD= for one that is removed).",
        show_default="by similarity",
    ),
]
ApplyOption = Annotated[
    bool, typer.Option("--apply", help="With --rubric: let the marks follow the rubric.")
]
WhyOption = Annotated[
    str,
    typer.Option(
        "--why", help="Why marks are changed. Only the history keeps it.", show_default=False
    ),
]
WhoOption = Annotated[
    str | None, typer.Option("--as", help="Who you are.", show_default="your login")
]


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    question: QuestionOption = None,
    again: AgainOption = False,
    order: OrderOption = Order.RANDOM,
    anonymous: AnonymousOption = False,
    export: ExportOption = None,
    key: KeyOption = None,
    from_file: FromFileOption = None,
    replace: ReplaceOption = False,
    rubric: RubricOption = False,
    renamed: RenamedOption = None,
    apply: ApplyOption = False,
    why: WhyOption = "",
    who: WhoOption = None,
    course: CourseOption = None,
) -> None:
    """Mark the written answers by their rubrics. Every mark is saved as you give it.

    Several people can mark at the same time: nobody is shown an answer that somebody else has
    marked or is marking.
    """
    from grader.api import open_book, who_is
    from grader.cli import _terminal as show

    home, out = find(course), show.console()
    _require_sense(anonymous, order, apply, rubric, why)
    with open_book(home) as book:
        from grader.gradebook.desk.sheets import sheets
        from grader.gradebook.marking.marking import Pseudonyms, in_order

        if rubric:
            from grader.cli._rubric import tell_rubric

            tell_rubric(book, name, renamed or [], who_is(who) if apply else None, why, out)
            return
        found = _of_question(sheets(book, home, name), home, name, question)
        hidden = Pseudonyms(lambda text: home.pseudonym(name, text))
        if key is not None:
            _write_key(found, key, hidden)
        if export is not None:
            _export(found, export, hidden if anonymous else None)
        if from_file is not None:
            _import(book, found, from_file, who_is(who), why, hidden, replace=replace)
        if export is None and from_file is None and key is None:
            from grader._internal.clock import now_utc
            from grader.cli._marking import MarkingSession
            from grader.gradebook.desk.shares import Shares, mine_first

            shares = Shares(book.engine, now_utc).of(name)
            listed = mine_first(in_order(found, name, order.value), shares, who_is(who))
            session = MarkingSession(book, who_is(who), why, out, hidden if anonymous else None)
            session.walk(name, listed, again=again)


def _require_sense(anonymous: bool, order: Order, apply: bool, rubric: bool, why: str) -> None:
    if anonymous and order is not Order.RANDOM:
        raise UsageError(
            f"--order {order.value} tells who wrote an answer; leave it out with --anonymous"
        )
    if apply and not rubric:
        raise UsageError("--apply lets marks follow a rubric; use it with --rubric")
    if apply and not why.strip():
        raise UsageError("changing marks needs a reason; give one with --why")


def _of_question(found: list[Sheet], home: Course, name: str, question: str | None) -> list[Sheet]:
    asked = [each.id for each in home.spec(name).questions]
    if question is not None and question not in asked:
        raise UsageError(f"no question {question!r} in {name}; there are: {', '.join(asked)}")
    return [each for each in found if question in (None, each.question.id)]


def _write(path: Path, text: str) -> None:
    from grader._internal.files import write_atomically

    try:
        write_atomically(path, text.encode())
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror}; name another file") from None


def _export(found: list[Sheet], path: Path, anonymous: Pseudonyms | None) -> None:
    from grader.gradebook.grades.policy import count
    from grader.gradebook.marking.mark_tables import marks_csv

    _write(path, marks_csv(found, anonymous))
    answers = count(len(found), "answer")
    print(f"{path}: {answers}. Fill in points or rubric letters, then use --import.")
    if anonymous is not None:
        print(
            "Pseudonyms stand for the students, and their names in the answers were replaced. "
            "Files that students attached are not part of the table."
        )


def _write_key(found: list[Sheet], path: Path, anonymous: Pseudonyms) -> None:
    from grader.gradebook.marking.mark_tables import key_csv

    _write(path, key_csv(found, anonymous))
    path.chmod(0o600)
    print(f"{path}: whom each pseudonym stands for. Keep it apart from the table.")


def _import(
    book: Gradebook,
    found: list[Sheet],
    path: Path,
    who: str,
    why: str,
    anonymous: Pseudonyms,
    *,
    replace: bool,
) -> None:
    from grader.gradebook.desk.table_marks import take_marks
    from grader.gradebook.grades.policy import count
    from grader.gradebook.marking.mark_tables import read_marks

    marks = read_marks(path, found, who, anonymous)
    saved, conflicts = take_marks(
        book, marks, why or f"read from {path.name} by {who}", replace=replace
    )
    print(f"{count(len(saved), 'mark')} read from {path}")
    for mark in saved:
        if mark.old is not None:
            print(f"{mark.row}: {mark.old.points:g} → {mark.points:g} points")
    if conflicts:
        for conflict in conflicts:
            print(f"not read: {conflict}")
        raise UsageError(
            "marks that were not read, because the answers were marked meanwhile: "
            f"{len(conflicts)}; export again, or use --replace to replace those marks"
        )
