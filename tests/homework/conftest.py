"""One session for each homework's kept submissions."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from grader.reports.schema import Report

pytest.register_assert_rewrite("kept")


@pytest.fixture(scope="class")
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Report]:
    """Every submission of the class's homework, graded: label to report."""
    folder = tmp_path_factory.mktemp("kept")
    reports: Mapping[str, Report] = request.cls.grade_everything(folder)
    return reports
