"""Written answers, from the files that were handed in to the final grade."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from making import DEMO_RIGHT, DEMO_TOML, close_homeworks, write_course, write_files, zipped
from running import run_grader

QUESTION = '[[questions]]\nid = "why"\npoints = 4\ntext = "Why?"\nrubric = ["One (1)", "Two (2)"]\n'


def test_marks_given_in_a_table_are_part_of_the_grade(tmp_path: Path) -> None:
    course, table = write_course(tmp_path / "course"), tmp_path / "marks.csv"
    write_files(course, {"assignments/demo/assignment.toml": f"{DEMO_TOML}\n{QUESTION}"})
    close_homeworks(course)
    for name in ("ada", "bob"):
        answers = f"# Why\nBecause {name} says so.\n"
        files = zipped({"demo.py": DEMO_RIGHT, "answers.md": answers})
        write_files(tmp_path / "subs", {f"{name}.zip": files})
    options = ("--assignment", "demo", "--unsafe", "--jobs", 1)
    graded = run_grader("grade", tmp_path / "subs", "--out", tmp_path / "out", *options, cwd=course)
    assert graded.code == 0, graded.said
    assert run_grader("mark", "demo", "--export", table, cwd=course).code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [row["student"] for row in rows] == ["ada", "bob"]
    assert "Because ada says so." in rows[0]["answer"]
    rows[0].update(rubric="ab", comment="well said")
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    taken = run_grader("mark", "demo", "--import", table, "--as", "eve", cwd=course)
    assert "1 mark read" in taken.said, taken.said
    shown = run_grader("gradebook", "show", "demo", "--csv", cwd=course)
    book = {row["id"]: row for row in csv.DictReader(io.StringIO(shown.out))}
    assert (book["ada"]["points"], book["ada"]["question why"]) == ("13", "3")
    assert (book["bob"]["points"], book["bob"]["open"]) == ("", "why: not marked yet")
