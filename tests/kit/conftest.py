"""Kits for the tests to look at. They change nothing in them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_course
from running import ROOT, run_grader

from grader.authoring.release.kit import Released


@pytest.fixture(scope="session")
def tiny_kit(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The kit of the tiny course."""
    return tiny_course.make_kit(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def real_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit of this course; its zip lies beside."""
    folder = tmp_path_factory.mktemp("real") / "kit"
    ran = run_grader("release", "--to", folder, cwd=ROOT)
    assert ran.code == 0, ran.err
    return folder
