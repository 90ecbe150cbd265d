"""After grading, staff see how the class did and which mistakes it made."""

from __future__ import annotations

import csv
from pathlib import Path

from making import DEMO_RIGHT, DEMO_STARTER, write_course, write_files
from running import run_grader


def test_the_report_counts_the_class_that_was_graded(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    wrong = DEMO_RIGHT.replace("2 * x", "3 * x")
    subs = {
        "ada.py": DEMO_RIGHT,
        "bob.py": wrong,
        "cyn.py": wrong + "# mine\n",
        "dan.py": DEMO_STARTER,
    }
    write_files(tmp_path / "subs", subs)
    options = ("--assignment", "demo", "--unsafe", "--jobs", 1)
    graded = run_grader("grade", tmp_path / "subs", "--out", tmp_path / "out", *options, cwd=course)
    assert graded.code == 0, graded.said
    made = run_grader("report", "demo", "--to", tmp_path / "report", cwd=course)
    assert made.code == 0, made.said
    with (tmp_path / "report" / "demo-checks.csv").open(newline="", encoding="utf-8") as file:
        checks = {row["check"].split("::")[1]: row for row in csv.DictReader(file)}
    double = checks["test_double"]
    assert (double["passed"], double["failed"], double["not_attempted"]) == ("1", "2", "1")
    page = (tmp_path / "report" / "demo.html").read_text(encoding="utf-8")
    assert "double of three numbers" in page
    assert all(name in page for name in ("bob", "cyn"))
    assert "<script" not in page
