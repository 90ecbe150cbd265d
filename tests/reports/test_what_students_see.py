"""What is left out of a student's report takes its points along, and bonus points stay on top."""

from __future__ import annotations

import made

from grader.course.feedback import StudentView
from grader.reports.visible import student_report


def test_a_bonus_is_not_in_the_maximum_of_what_is_shown() -> None:
    plain = made.check(outcome="passed")
    bonus = plain.model_copy(update={"id": "checks::test_bonus", "points": 2.0, "bonus": True})
    hidden = made.check(outcome="passed", visibility="hidden")
    staff = made.report(plain, bonus, hidden)
    theirs = student_report(staff, staff, StudentView(hidden_outcomes=False))
    assert [check.id for check in theirs.checks] == [plain.id, bonus.id]
    assert (theirs.score, theirs.max_score) == (5.0, 3.0)
