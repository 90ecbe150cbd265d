"""Tells students by mail that their grades are released, for `gradebook release --mail`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader._internal.clock import now_utc

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.gradebook.records import Student
    from grader.server.feedback_mail import Letter


def tell_letters(
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
    from grader.gradebook.policy import count

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


def mail_letters(
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
    import typer

    from grader.gradebook.policy import count
    from grader.server.feedback_mail import send_letters

    found = _letters(book, course, name, section, student, sheet=sheet, again=again, as_if=False)
    wanted = [each for each in found if each.wanted]
    done = send_letters(book, course, name, wanted, who=who, clock=now_utc)
    print(f"{count(done.sent, 'mail')} sent.")
    missed = [(each.student, each.why_not) for each in found if "@" not in each.student.email]
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
    from grader.server.feedback_mail import letters

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
