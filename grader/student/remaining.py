"""What a homework is worth besides its public checks, and whether the student has done it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.course.assignment import Assignment
from grader.submission.answers import TAKEN, find_answers


def told_of_answers(files: Mapping[str, bytes]) -> str:
    """Which files are taken for the written answers, or what is missing."""
    found = find_answers(files)
    if found.files:
        return f"the written answers are taken from {', '.join(found.files[:5])}"
    if found.empty is not None:
        return f"{found.empty} is empty, so the written questions are not answered"
    return f"answers.md is missing, so the written questions are not answered ({TAKEN} is taken)"


def remaining(
    assignment: Assignment, files: Mapping[str, bytes], public_points: float
) -> Iterator[str]:
    """A sentence for each part of a homework that its public checks say nothing about."""
    spec = assignment.spec
    if spec.points is not None and spec.points > public_points:
        hidden = spec.points - public_points
        yield f"Checks that run when your work is graded are worth {hidden:.10g} more points."
    if spec.questions:
        worth = sum(question.points for question in spec.questions)
        state = told_of_answers(files)
        yield f"Written questions are worth {worth:.10g} points: {state}."


def is_answered(assignment: Assignment, files: Mapping[str, bytes]) -> bool:
    """Whether the written questions are answered, or there are none."""
    return not assignment.spec.questions or bool(find_answers(files).files)
