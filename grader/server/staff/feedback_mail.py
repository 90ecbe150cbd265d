"""Tells students by mail that they can see their grade, each once.

Whoever sees their grade in a homework now is told, with a link to it or with the grade itself. What
was sent is kept in the gradebook's history (`grader.gradebook.mails`).
"""

from __future__ import annotations

import smtplib
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.course.course import Course
from grader.gradebook import Gradebook
from grader.gradebook.mails import MailRecord, Mails, MailState
from grader.gradebook.records import Grade, Student
from grader.gradebook.released import shown_by, student_sheet
from grader.gradebook.releases import Release, Releases
from grader.reports.grade_sheet import GradeSheet
from grader.server.mail import connected, message, reason, settings_of

NO_ADDRESS = "the roster has no email address"
WITHDRAWN = "has withdrawn from the course"
INSTEAD = "or write the grades to files with `gradebook reports`"
WIDTH = 72
LINK = """\
Hello {name},

your grade in {title} ({course}) can be seen here:

{link}

If you think that something in it is wrong, ask for another look on that page.
"""
SHEET = """\
Hello {name},

this is your grade in {title} ({course}): {total}.

{parts}
"""


@dataclass(frozen=True)
class Letter:
    """A mail to a student about a homework, and why it is or is not to be sent.

    total: the grade in words. last: the last mail to them about it. why_not: "" if it is to be
    sent. doubtful: it is left out only because they have had one, which may not have arrived, or
    told another grade.
    """

    student: Student
    total: str
    subject: str
    text: str
    last: MailRecord | None
    why_not: str = ""
    doubtful: bool = False

    @property
    def wanted(self) -> bool:
        """Whether it is to be sent."""
        return not self.why_not


@dataclass(frozen=True)
class Delivery:
    """What became of letters. failed: to whom it could not be sent, and why. left: how many are
    still to be sent, because the time was over. taken: how many somebody else was sending."""

    sent: int
    failed: tuple[tuple[Student, str], ...]
    left: int = 0
    taken: int = 0


def letters(
    book: Gradebook,
    course: Course,
    assignment: str,
    now: datetime,
    address: str | None,
    *,
    sheet: bool = False,
    again: bool = False,
    also: Release | None = None,
) -> list[Letter]:
    """A letter for everybody who sees their grade in a homework now, by id.

    address: the server's, for the link. sheet: the grade itself in place of the link; so without an
    address. again: also to those whose last mail told another grade, or may not have arrived.
    also: a release that is taken as made, to see what it would lead to.
    """
    released = [*Releases(book.engine).of(assignment), *([also] if also else [])]
    sent = Mails(book.engine, lambda: now)
    last, feedback = sent.of(assignment), course.feedback(assignment)
    title = course.spec(assignment).title
    subject = f"{course.settings.name}: your grade in {title}"
    found = []
    for grade in book.grades(assignment):
        theirs = any(each.reaches(grade.student) for each in released)
        if not shown_by(feedback, grade, now, released=theirs).grade:
            continue
        total = total_of(grade)
        names = {
            "name": grade.student.name or grade.student.id,
            "title": title,
            "course": course.settings.name,
        }
        if sheet or address is None:
            made = student_sheet(book, course, grade, now, released=theirs)
            assert made is not None, "they see their grade"
            text = _sheet_text(names, made)
        else:
            text = LINK.format(**names, link=f"{address}/homeworks/{assignment}")
        record = last.get(grade.student.id)
        why_not, doubtful = _why_not(grade, record, total, again=again)
        found.append(Letter(grade.student, total, subject, text, record, why_not, doubtful))
    return found


def total_of(grade: Grade) -> str:
    """The points of a grade in words, such as "12 of 16"."""
    if grade.excused and grade.standing is not None:
        return grade.standing.kind.value
    said = f"{grade.so_far:.10g} of {grade.max_points:.10g}"
    return said if grade.points is not None else f"{said}, so far"


def _why_not(grade: Grade, last: MailRecord | None, total: str, *, again: bool) -> tuple[str, bool]:
    """Why a letter is not sent, "" if it is; and whether `again` would send it."""
    if grade.withdrawn:
        return WITHDRAWN, False
    if "@" not in grade.student.email:
        return NO_ADDRESS, False
    if last is None or last.state is MailState.FAILED:
        return "", False
    if last.state is MailState.SENDING:
        return ("" if again else "sending it was interrupted, and it may have arrived"), not again
    if last.total != total:
        return ("" if again else f"has been told {last.total}"), not again
    return "has been told", False


def _sheet_text(names: Mapping[str, str], sheet: GradeSheet) -> str:
    parts = []
    for row in sheet.rows:
        line = f"{row.name.strip()}: {row.value} {row.said}" if row.value else row.said
        if not row.value:
            line = f"{row.name.strip()}: {row.said}"
        parts += textwrap.wrap(line, WIDTH, subsequent_indent="    ")
        parts += [f"    - {item}" for item in row.items]
    parts += [f"still open: {text}" for text in sheet.open]
    of = "" if sheet.points is not None else ", so far"
    points = f"{sheet.so_far:.10g} of {sheet.max_points:.10g} points{of}"
    return SHEET.format(**names, total=sheet.excused or points, parts="\n".join(parts))


def send_letters(
    book: Gradebook,
    course: Course,
    assignment: str,
    wanted: Sequence[Letter],
    *,
    who: str,
    clock: Callable[[], datetime],
    most_s: float | None = None,
) -> Delivery:
    """Send letters, each at most once whoever sends at the same time.

    most_s: begin none after so many seconds. Raises UsageError if the mail server cannot be used.
    """
    settings, mails = settings_of(course, INSTEAD), Mails(book.engine, clock)
    began, sent, taken = time.monotonic(), 0, 0
    failed: list[tuple[Student, str]] = []
    server = connected(settings, INSTEAD)
    try:
        for done, letter in enumerate(wanted):
            if most_s is not None and time.monotonic() - began > most_s:
                return Delivery(sent, tuple(failed), len(wanted) - done, taken)
            student, total = letter.student, letter.total
            if not mails.begin(assignment, student.id, total, letter.last, who):
                taken += 1
                continue
            trouble = ""
            try:
                name = student.name or student.id
                server.send_message(
                    message(settings, name, student.email, letter.subject, letter.text)
                )
                sent += 1
            except (OSError, smtplib.SMTPException, ValueError) as exc:
                trouble = reason(exc)
                failed.append((student, trouble))
            mails.end(assignment, student.id, total, who, trouble)
            if trouble and server.sock is None:  # it has closed the connection
                server = connected(settings, INSTEAD)
    finally:
        server.close()
    return Delivery(sent, tuple(failed), 0, taken)
