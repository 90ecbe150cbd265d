"""A course with grades, for all who fill them into tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import hand_in, roster, scored, student, write_course

from grader.course.course import find_course
from grader.gradebook import open_gradebook


@pytest.fixture
def graded_course(tmp_path: Path) -> Path:
    """Ada has 7.25 of 10, Bob 10, Cyn 4; Dan handed something in that is not graded yet."""
    home = write_course(tmp_path / "course", settings="rounding = 0.5\n")
    with open_gradebook(find_course(home)) as book:
        book.enrol(
            roster(
                student("1", name="Ada Lovelace", login="ada", email="ada@x.org"),
                student("2", name="Bob Müller", login="bob", email="bob@x.org"),
                student("3", name="Cyn Zu Hause", login="cyn"),
                student("4", name="Dan", login="dan"),
            ),
            who="t",
        )
        items = [(hand_in(name), scored(name, points)) for name, points in
                 (("ada", 7.25), ("bob", 10), ("cyn", 4))]  # fmt: skip
        book.record([*items, (hand_in("dan"), None)], who="t")
    return home
