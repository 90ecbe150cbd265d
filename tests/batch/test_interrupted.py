"""Ctrl-C at the one moment at which a run tells of a result."""

from __future__ import annotations

import csv
import signal
from pathlib import Path

import pytest
from making import DEMO_RIGHT, can_isolate, write_course, write_files

import grader
from grader.reports.summary import Row


def test_ctrl_c_while_a_result_is_told_does_not_lose_it(tmp_path: Path) -> None:
    """The table names exactly the submissions of which the caller has heard in full."""
    course = write_course(tmp_path / "course")
    subs = write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": DEMO_RIGHT})
    heard: list[str] = []

    def progress(row: Row) -> None:
        signal.raise_signal(signal.SIGINT)
        heard.append(row.label)

    with pytest.raises(KeyboardInterrupt):
        grader.grade(
            course, subs, assignment="demo", out=tmp_path / "out", jobs=1,
            unsafe=not can_isolate(), progress=progress,
        )  # fmt: skip
    with (tmp_path / "out" / "gradebook.csv").open(newline="") as file:
        table = [row["student"] for row in csv.DictReader(file)]
    assert len(heard) == 1
    assert table == heard
