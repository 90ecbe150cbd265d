"""What the release page shows: who sees what of a homework now, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.course.feedback import Feedback, When
from grader.gradebook.mails import MailRecord, MailState
from grader.gradebook.records import Grade, Student
from grader.gradebook.released import shown_by
from grader.gradebook.releases import Release
from grader.server.staff.feedback_mail import total_of

NAMED = 8  # so many students are named for one reason; the rest are counted

SUBJECTS = {
    "public_checks": "How the checks ended that students can see, with messages and figures",
    "hidden_outcomes": "Whether each hidden check passed",
    "hidden_mistakes": "The name of the mistake behind a hidden check that failed",
    "grade": "The grade: marks, comments, lateness, changes by hand and the final points",
}
WHEN = {
    When.AT_ONCE: "as soon as it is graded",
    When.DUE: "once their own due date has passed, or it is released",
    When.RELEASED: "once it is released",
    When.NEVER: "never",
}


@dataclass(frozen=True)
class RuleRow:
    """One row of [tool.grader.feedback] in words. seen_by: how many students see it now."""

    subject: str
    when: str
    seen_by: int


@dataclass(frozen=True)
class StudentRow:
    """A student on the release page. total: their grade in words. by: the releases that reach them.
    sees: whether they see the grade now. mail: the last one to them."""

    student: Student
    total: str
    open: tuple[str, ...]
    by: tuple[Release, ...]
    sees: bool
    mail: MailRecord | None

    @property
    def mailed(self) -> str:
        """About the mail, for people; "" for none."""
        if self.mail is None:
            return ""
        if self.mail.state is MailState.SENDING:
            return "sending"
        return f"not sent: {self.mail.why}" if self.mail.state is MailState.FAILED else "sent"


@dataclass(frozen=True)
class Scope:
    """Whom a release is for: everybody, a section, or one student. release: the one in force."""

    section: str
    student: str
    rows: tuple[StudentRow, ...]
    release: Release | None

    @property
    def name(self) -> str:
        """For people."""
        if self.student:
            return self.student
        return f"Section {self.section}" if self.section else "Everybody"

    @property
    def open(self) -> int:
        """How many grades are not final."""
        return sum(bool(row.open) for row in self.rows)

    @property
    def final(self) -> int:
        """How many grades are final."""
        return len(self.rows) - self.open


@dataclass(frozen=True)
class OpenReason:
    """Why grades are open. names: of the first students; more: how many others."""

    why: str
    names: tuple[str, ...]
    more: int


def student_rows(
    feedback: Feedback,
    grades: Sequence[Grade],
    releases: Sequence[Release],
    mails: dict[str, MailRecord],
    now: datetime,
) -> list[StudentRow]:
    """Everybody's row, by id."""
    rows = []
    for grade in grades:
        by = tuple(each for each in releases if each.reaches(grade.student))
        seen = shown_by(feedback, grade, now, released=bool(by))
        mail = mails.get(grade.student.id)
        rows.append(StudentRow(grade.student, total_of(grade), grade.open, by, seen.grade, mail))
    return rows


def rule_rows(
    feedback: Feedback,
    grades: Sequence[Grade],
    releases: Sequence[Release],
    now: datetime,
) -> list[RuleRow]:
    """The course's rules in words, with how many students each lets see something now."""
    views = [
        shown_by(
            feedback, grade, now, released=any(each.reaches(grade.student) for each in releases)
        )
        for grade in grades
    ]
    return [
        RuleRow(text, WHEN[getattr(feedback, name)], sum(getattr(view, name) for view in views))
        for name, text in SUBJECTS.items()
    ]


def scopes_of(rows: Sequence[StudentRow], releases: Sequence[Release]) -> list[Scope]:
    """Everybody, each section, and each student for whom alone there is a release."""
    there = {(each.section, each.student): each for each in releases}
    sections = sorted({row.student.section for row in rows} - {""})
    sections += sorted({section for section, _ in there} - {""} - set(sections))
    found = [Scope("", "", tuple(rows), there.get(("", "")))]
    for section in sections:
        theirs = tuple(row for row in rows if row.student.section == section)
        found.append(Scope(section, "", theirs, there.get((section, ""))))
    for (_, student), release in there.items():
        if student:
            theirs = tuple(row for row in rows if row.student.id == student)
            found.append(Scope("", student, theirs, release))
    return found


def open_reasons(rows: Sequence[StudentRow]) -> list[OpenReason]:
    """Why grades are open, the most frequent first."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for why in row.open:
            found.setdefault(why, []).append(row.student.name or row.student.id)
    ranked = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        OpenReason(why, tuple(names[:NAMED]), max(0, len(names) - NAMED)) for why, names in ranked
    ]
