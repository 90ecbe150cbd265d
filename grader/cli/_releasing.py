"""The command `gradebook release`: students see their grades, and are told by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from grader._internal.clock import now_utc
from grader.api import open_book, who_is
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.gradebook.records import Student
    from grader.server.staff.feedback_mail import Letter


def release(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    section: Annotated[
        str, typer.Option("--section", help="Only this section of the roster.", show_default=False)
    ] = "",
    student: Annotated[
        str, typer.Option("--student", help="Only this student.", show_default=False)
    ] = "",
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Hide again what was released so.")
    ] = False,
    mail: Annotated[
        bool, typer.Option("--mail", help="Also tell them by mail, each once; see --dry-run.")
    ] = False,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Mail the grade itself in place of a link to it.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Mail also those whose grade has changed since, or whose mail was interrupted.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Release and send nothing; say who would get which mail."),
    ] = False,
    who: Annotated[
        str | None, typer.Option("--as", help="Who you are.", show_default="your login")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Let students see their grades on the course's server, or hide them again."""
    whom = f" to section {section}" if section else f" to {student}" if student else ""
    wanted = [flag for flag, on in (("--sheet", sheet), ("--again", again)) if on]
    if (wanted or dry_run) and not mail:
        raise UsageError(f"{[*wanted, '--dry-run'][0]} is about mail; add --mail")
    if mail and take_back:
        raise UsageError("--take-back sends no mail; leave out --mail")
    home = find(course)
    with open_book(home) as book:
        if dry_run:
            _tell_letters(book, home, name, section, student, sheet=sheet, again=again)
            return
        if take_back:
            if not book.take_back(name, who=who_is(who), section=section, student=student):
                raise UsageError(f"the grades in {name} are not released{whom}; nothing was done")
            print(f"The grades in {name} are no longer released{whom}.")
            return
        book.release(name, who=who_is(who), section=section, student=student)
        still_open = sum(not each.is_final for each in book.grades(name))
        print(f"The grades in {name} are released{whom}.")
        if still_open:
            print(f"{still_open} of all grades in it are not final; students see that.")
        if mail:
            _mail_letters(
                book, home, name, section, student, sheet=sheet, again=again, who=who_is(who)
            )


def _tell_letters(
    book: Gradebook,
    course: Course,
    name: str,
    section: str,
    student: str,
    *,
    sheet: bool,
    again: bool,
) -> None:
    """Say who would get which mail if the grades were released."""
    from grader.gradebook.grades.policy import count

    found = _letters(book, course, name, section, student, sheet=sheet, again=again, as_if=True)
    wanted = [each for each in found if each.wanted]
    for each in found:
        said = f"would be sent ({each.total})" if each.wanted else f"not to send: {each.why_not}"
        print(f"{_named(each.student)}: {said}")
    if wanted:
        first = wanted[0]
        print(f"The first of them:\n\nTo: {first.student.email}\nSubject: {first.subject}\n")
        print(first.text)
    print(f"{count(len(wanted), 'mail')} would be sent. Nothing was released or sent.")


def _mail_letters(
    book: Gradebook,
    course: Course,
    name: str,
    section: str,
    student: str,
    *,
    sheet: bool,
    again: bool,
    who: str,
) -> None:
    """Send the mails. Exits with 1 if somebody could not be reached.

    Raises UsageError if the mail server cannot be used.
    """
    from grader.gradebook.grades.policy import count
    from grader.server.staff.feedback_mail import NO_ADDRESS, send_letters

    found = _letters(book, course, name, section, student, sheet=sheet, again=again, as_if=False)
    wanted = [each for each in found if each.wanted]
    done = send_letters(book, course, name, wanted, who=who, clock=now_utc)
    print(f"{count(done.sent, 'mail')} sent.")
    missed = [(each.student, each.why_not) for each in found if each.why_not == NO_ADDRESS]
    for person, why in (*missed, *done.failed):
        typer.echo(f"{_named(person)}: not sent: {why}", err=True)
    if doubtful := sum(each.doubtful for each in found):
        print(
            f"{count(doubtful, 'student')} had a mail before, and their grade has changed since or "
            "it may not have arrived. To send another, add --again."
        )
    if missed or done.failed:
        raise typer.Exit(1)


def _letters(
    book: Gradebook,
    course: Course,
    name: str,
    section: str,
    student: str,
    *,
    sheet: bool,
    again: bool,
    as_if: bool,
) -> list[Letter]:
    """The letters to those whom a release with these words is for."""
    from grader.gradebook.releases import Release
    from grader.server.staff.feedback_mail import letters

    student = book.student(student).id if student else ""
    scope = Release(section, student, now_utc(), "")
    address = course.settings.server.address
    found = letters(
        book, course, name, now_utc(), address.rstrip("/") if address else None,
        sheet=sheet, again=again, also=scope if as_if else None,
    )  # fmt: skip
    return [each for each in found if scope.reaches(each.student)]


def _named(person: Student) -> str:
    return f"{person.name} ({person.id})" if person.name else person.id
