"""What students see of their results, and from when on: the one place that decides.

The course decides in [tool.grader.feedback], and an assignment may decide otherwise in [feedback].
Everything that makes a student's report, page or feedback file asks `shown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class When(StrEnum):
    """From when on students see something."""

    AT_ONCE = "at once"
    DUE = "due"
    RELEASED = "released"
    NEVER = "never"


class Feedback(BaseModel):
    """[tool.grader.feedback]: from when on students see what.

    public_checks: how the checks ended that students can see, with messages and figures.
    hidden_outcomes: whether each hidden check passed. hidden_mistakes: the name of a mistake that
    made a hidden check fail. grade: marks, comments, lateness, changes by hand, final points.

    "released" is when staff write the reports with `gradebook reports`; what is shown from the due
    date on is shown then, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_checks: When = When.AT_ONCE
    hidden_outcomes: When = When.AT_ONCE
    hidden_mistakes: When = When.NEVER
    grade: When = When.RELEASED


class FeedbackSpec(BaseModel):
    """[feedback] of an assignment: a key that is left out is as the course has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_checks: When | None = None
    hidden_outcomes: When | None = None
    hidden_mistakes: When | None = None
    grade: When | None = None

    def over(self, course: Feedback) -> Feedback:
        """The course's choices with these in their place."""
        return course.model_copy(update=self.model_dump(exclude_none=True))


@dataclass(frozen=True)
class StudentView:
    """What a student sees at one moment. notes: for the student, what is not shown yet."""

    public_checks: bool = True
    hidden_outcomes: bool = True
    hidden_mistakes: bool = False
    grade: bool = False
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same content; empty for what is usual before a release."""
        return "" if self == StudentView() else repr(self)


_UNTIL = {
    When.DUE: "are shown after the due date",
    When.RELEASED: "are shown when the grades are released",
    When.NEVER: "are not shown",
}


_SUBJECTS = ("the checks", "hidden checks")


def _note(what: str, when: When) -> str:
    return f"The results of {what} {_UNTIL[when]}."


# Every note that there can be, to leave out those of another moment.
NOTES = frozenset(_note(what, when) for what in _SUBJECTS for when in _UNTIL)


def shown(feedback: Feedback, *, due_passed: bool, released: bool) -> StudentView:
    """What a student sees. due_passed: whether their own due date has passed; False for none."""
    there = {
        When.AT_ONCE: True,
        When.DUE: due_passed or released,
        When.RELEASED: released,
        When.NEVER: False,
    }
    subjects = zip(_SUBJECTS, (feedback.public_checks, feedback.hidden_outcomes), strict=True)
    notes = [_note(what, when) for what, when in subjects if not there[when]]
    return StudentView(
        public_checks=there[feedback.public_checks],
        hidden_outcomes=there[feedback.hidden_outcomes],
        hidden_mistakes=there[feedback.hidden_mistakes],
        grade=there[feedback.grade],
        notes=tuple(notes),
    )
