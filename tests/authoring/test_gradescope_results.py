"""results.json: what Gradescope may show to students carries nothing of hidden checks."""

from __future__ import annotations

import pytest
from books import check, report

from grader.authoring.release.gradescope import results
from grader.course.feedback import When
from grader.reports.schema import Outcome, Visibility

ENDS = [each for each in Outcome if each not in (Outcome.PASSED, Outcome.GRADER_ERROR)]


@pytest.mark.parametrize("word", [each for each in Visibility if each is not Visibility.VISIBLE])
def test_how_and_how_long_a_hidden_check_failed_is_not_told(word: Visibility) -> None:
    told = []
    for number, outcome in enumerate(ENDS):
        hidden = check("h::b", 0, 3, outcome=outcome, visibility=word, duration_s=10.0 * number)
        staff = report("ada", check("m::a", 5), hidden, duration_s=20.0 + number)
        made = results(staff, staff.for_student((), ""))
        told.append((made["execution_time"], made["tests"][1]["tags"], made["tests"][1]["status"],
                     made["tests"][1]["extra_data"]))  # fmt: skip
    assert told == [(0.1, ["failed"], "failed", {"id": "h::b", "outcome": "failed"})] * len(ENDS)


def test_visible_checks_are_shown_when_the_course_says_so() -> None:
    staff = report("ada", check("m::a", 5), check("h::b", 0, 3, visibility=Visibility.HIDDEN))
    for when, words in (
        (When.AT_ONCE, ["visible", "hidden"]),
        (When.DUE, ["after_due_date", "hidden"]),
        (When.RELEASED, ["after_published", "hidden"]),
        (When.NEVER, ["hidden", "hidden"]),
    ):
        made = results(staff, staff.for_student((), ""), when)
        assert [test["visibility"] for test in made["tests"]] == words
