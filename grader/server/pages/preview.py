"""What will be graded of some files, as `submit` shows it; nothing of them is run."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.submission.answers import TAKEN, find_answers
from grader.submission.choice import attempted, choose, stubs
from grader.submission.files import MANIFEST_NAME, Submission

MAX_LISTED = 100


@dataclass(frozen=True)
class Preview:
    """What somebody is about to hand in.

    files: names and sizes, the first ones. more: how many are not listed. counts: the file that is
    graded, None if there is none. unwritten: functions that are still as in the starter. problem:
    why it cannot be graded. untouched: whether it is the unchanged starter. notes: what its author
    should know.
    """

    files: tuple[tuple[str, int], ...]
    more: int
    counts: str | None
    unwritten: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    asked_for_answers: bool = False
    problem: str | None = None
    untouched: bool = False
    notes: tuple[str, ...] = ()

    @property
    def answers_said(self) -> str:
        """Which files are taken for the written answers, or what is missing; "" if none are asked
        for."""
        if not self.asked_for_answers:
            return ""
        if self.answers:
            return f"The written answers are taken from {', '.join(self.answers[:5])}."
        return f"There are no written answers in these files ({TAKEN} is taken)."


def preview_of(assignment: Assignment, submission: Submission) -> Preview:
    """Look at a submission. Never raises for what a student did."""
    names = sorted(name for name in submission.files if name != MANIFEST_NAME)
    listed = tuple((name, len(submission.files[name])) for name in names[:MAX_LISTED])
    more = len(names) - len(listed)
    if submission.problem is not None:
        said = f"This {submission.problem}."
        return Preview(listed, more, None, problem=said, notes=submission.notes)
    asked = bool(assignment.spec.questions)
    answers = find_answers(submission.files).files
    try:
        main, notes = choose(submission.files, assignment)
    except SubmissionError as exc:
        said = str(exc)
        return Preview(
            listed, more, None, answers=answers, asked_for_answers=asked,
            problem=f"{said[:1].upper()}{said[1:]}.", notes=submission.notes,
        )  # fmt: skip
    data = submission.files[main]
    return Preview(
        listed,
        more,
        main,
        tuple(stubs(main, data, assignment)),
        answers,
        asked,
        untouched=not attempted(main, data, assignment),
        notes=(*submission.notes, *notes),
    )
