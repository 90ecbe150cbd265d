"""A small course with a gradebook, on each engine that there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from books import write_course
from databases import REQUIRED, empty_database, server, url

from grader.course.course import Course, find_course
from grader.gradebook import Gradebook, open_gradebook

__all__ = ["REQUIRED", "empty_database", "server", "url"]  # fixtures, and what tests import


@pytest.fixture
def course(tmp_path: Path, url: str) -> Course:
    """A course of one homework, `demo`, whose gradebook is at `url`."""
    return find_course(write_course(tmp_path / "course", settings=f'gradebook = "{url}"\n'))


@pytest.fixture
def book(course: Course) -> Iterator[Gradebook]:
    """Its gradebook, empty."""
    with open_gradebook(course) as opened:
        yield opened
