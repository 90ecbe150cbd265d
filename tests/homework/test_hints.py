"""Hints: every public check of this course has a few, from the vague to the concrete."""

from __future__ import annotations

import pytest
from running import ROOT

from grader.course.course import find_course
from grader.engine.runner import collect_checks

COURSE = find_course(ROOT)


@pytest.mark.parametrize("name", COURSE.names)
def test_every_public_check_has_graded_hints_and_a_place(name: str) -> None:
    public = [check for check in collect_checks(COURSE.assignment(name)) if not check.hidden]
    assert len(public) > 10
    for check in public:
        assert 2 <= len(set(check.hints)) == len(check.hints) <= 4, check.id
        assert check.see is not None, check.id
