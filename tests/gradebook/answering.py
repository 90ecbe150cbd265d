"""A class with written answers, and people who mark them at terminals of their own."""

from __future__ import annotations

import signal
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect
from books import DEMO, DUE, hand_in, reports, write_course
from running import clean_environment

from grader.course.course import Course, find_course
from grader.gradebook import Gradebook, open_gradebook
from grader.submission.files import read_submission

WHY = """
[[questions]]
id = "why"
points = 4
text = "Why?"
rubric = ["Says why (3)", "Names the cause (1)"]
"""


def course_with(folder: Path, questions: str = WHY, settings: str = "") -> Course:
    return find_course(write_course(folder / "course", {"demo": DEMO + questions}, settings))


def submit(
    book: Gradebook,
    folder: Path,
    name: str,
    text: str | None,
    at: datetime = DUE - timedelta(days=1),
    **fields: Any,
) -> None:
    """Record an attempt with these answers, as `grade` does once it is graded."""
    path = folder / f"{name}-{at:%d%H%M}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo.py", f"x = {at.timestamp()}\n")
        if text is not None:
            archive.writestr("answers.md", text)
    work = replace(hand_in(name, at, **fields), source=str(path))
    work = replace(work, sha256=read_submission(path).sha256)
    book.record([(work, reports(name))], who="t")


def answered(folder: Path, texts: Mapping[str, str | None], **settings: str) -> Course:
    """A course in which everybody has handed in their text."""
    course = course_with(folder, **settings)
    with open_gradebook(course) as book:
        for name, text in texts.items():
            submit(book, folder, name, text)
    return course


def marker(course: Course, who: str, *options: str) -> pexpect.spawn:
    """A person who begins to mark in a process of their own."""
    return pexpect.spawn(
        sys.executable, ["-m", "grader", "mark", "demo", "--as", who, *options],
        cwd=str(course.root), env=clean_environment(TERM="dumb", COLUMNS="200"),
        encoding="utf-8", timeout=60, preexec_fn=_with_a_terminal_that_closes,
    )  # fmt: skip


def _with_a_terminal_that_closes() -> None:
    """As a terminal starts it, also where these tests run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
