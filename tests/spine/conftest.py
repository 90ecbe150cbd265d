"""Fixtures of the spine's tests."""

from __future__ import annotations

from pathlib import Path

import making
import pytest


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A tiny course of one homework, `demo`, as staff have it."""
    return making.write_course(tmp_path / "course")


@pytest.fixture
def student_course(tmp_path: Path) -> Path:
    """The same course as a student has it: no solutions."""
    return making.write_course(tmp_path / "course", staff=False)


@pytest.fixture
def demo_folder(student_course: Path) -> Path:
    """The homework's folder at a student's."""
    return student_course / "assignments" / "demo"
