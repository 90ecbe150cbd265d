"""Which of a student's attempts counts: a run's table, its pages and the gradebook agree."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from books import DUE, attempt, write_course
from making import DEMO_RIGHT, close_homeworks, grade_class, write_files
from making import write_course as write_demo_course
from running import run_grader

from grader.course.course import find_course
from grader.gradebook import Attempt
from grader.gradebook.grades.counting import counting_in_book, counting_in_folder
from grader.gradebook.grades.rules import rules_of

HALF = DEMO_RIGHT.replace("2 * x", "3 * x")


def write_two(subs: Path, first: str, second: str) -> Path:
    """Two attempts of ada's: a file, and a folder handed in a day later."""
    write_files(subs, {"ada.py": first, "ada/demo.py": second})
    for path, day in ((subs / "ada.py", 1), (subs / "ada" / "demo.py", 2)):
        at = datetime(2026, 3, day, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
    return subs


def counted(table: list[dict[str, str]]) -> dict[str, str]:
    return {Path(line["report"]).stem: line["counts"] for line in table}


@pytest.mark.parametrize(
    ("rule", "which"),
    [("best", {"ada~1": "yes", "ada": "no"}), ("last", {"ada~1": "no", "ada": "yes"})],
)
@pytest.mark.parametrize("option", ["--gradebook", "--no-gradebook"])
def test_right_attempt_before_a_worse_one_counts_where_the_best_does(
    tmp_path: Path, rule: str, which: dict[str, str], option: str
) -> None:
    course = close_homeworks(write_demo_course(tmp_path / "course"))
    write_files(course, {"pyproject.toml": f'[tool.grader]\nattempts = "{rule}"\n'})
    subs = write_two(tmp_path / "subs", DEMO_RIGHT, HALF)
    graded = grade_class(course, subs, tmp_path / "out", option, "--html")
    assert (graded["ada~1"].staff.score, graded["ada"].staff.score) == (10, 4)
    assert counted(graded.gradebook) == which
    (label,) = (name for name, counts in which.items() if counts == "no")
    said = {line.split()[0]: line for line in graded.ran.out.splitlines() if line.strip()}
    assert "(does not count)" in said[label]
    assert graded.ran.said.count("(does not count)") == 1
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    points = "10" if rule == "best" else "4"
    assert f"mean {points}, median {points} of 10 points" in " ".join(index.split())
    # Reports are written before all attempts are graded: none says which of them counts.
    for pair in graded.pairs.values():
        assert "there are 2 submissions by this student" in pair.warned
        assert "count" not in pair.warned
    if option == "--gradebook":
        shown = run_grader("gradebook", "student", "ada", cwd=course)
        (line,) = (each for each in shown.out.splitlines() if each.startswith("  counts "))
        assert line.split()[-3] == next(name for name, counts in which.items() if counts == "yes")
        table = run_grader("gradebook", "show", "demo", "--csv", cwd=course).out.splitlines()
        (grade,) = csv.DictReader(table)
        assert (grade["points"], grade["counts"].split()[1]) == (points, rule)


def test_pages_made_again_say_what_the_run_said(tmp_path: Path) -> None:
    course = write_demo_course(tmp_path / "course")
    write_files(course, {"pyproject.toml": '[tool.grader]\nattempts = "best"\n'})
    subs = write_two(tmp_path / "subs", DEMO_RIGHT, HALF)
    grade_class(course, subs, tmp_path / "out", "--no-gradebook")
    ran = run_grader("feedback", tmp_path / "out", cwd=course)
    assert ran.code == 0, ran.err
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "mean 10, median 10 of 10 points" in " ".join(index.split())


def test_an_attempt_that_the_gradebook_alone_knows_counts_in_place_of_a_worse_one(
    tmp_path: Path,
) -> None:
    course = write_demo_course(tmp_path / "course")
    write_files(course, {"pyproject.toml": '[tool.grader]\nattempts = "best"\n'})
    subs = write_files(tmp_path / "one", {"ada.py": DEMO_RIGHT})
    assert counted(grade_class(course, subs, tmp_path / "out").gradebook) == {"ada": "yes"}
    later = write_files(tmp_path / "two", {"ada.py": HALF})
    assert counted(grade_class(course, later, tmp_path / "other").gradebook) == {"ada": "no"}


LATE = 'attempts = "{}"\n[tool.grader.late]\npercent_per_day = 20\ncut_off_days = 2\n'


def folder_counts(
    tmp_path: Path, settings: str, *attempts: Attempt, specs: Mapping[str, str] | None = None
) -> list[bool]:
    course = find_course(write_course(tmp_path / "course", specs, settings))
    rules = {name: rules_of(course, name) for name in course.names}
    return counting_in_folder(attempts, rules)


def handed_in(days: float, score: float, **fields: object) -> Attempt:
    """An attempt at the homework `demo`, so many days after it was due."""
    return attempt(0, DUE + timedelta(days=days), score=score, sha256=f"{days}", **fields)


@pytest.mark.parametrize(
    ("rule", "attempts", "counts"),
    [
        ("last", [(-1, 9), (-2, 10)], [True, False]),
        ("best", [(-1, 9), (-2, 10)], [False, True]),
        ("last", [(-1, 4), (3, 10)], [True, False]),  # after the cut-off nothing is accepted
        ("last", [(3, 10)], [False]),
        ("best", [(-1, 8.5), (1, 10)], [True, False]),  # 2 points are taken off for the day
        ("best", [(-1, 7.5), (1, 10)], [False, True]),
    ],
)
def test_lateness_has_its_say_without_a_gradebook_too(
    tmp_path: Path, rule: str, attempts: list[tuple[float, float]], counts: list[bool]
) -> None:
    made = [handed_in(days, score) for days, score in attempts]
    assert folder_counts(tmp_path, LATE.format(rule), *made) == counts


def test_of_one_time_the_one_without_a_number_is_the_last(tmp_path: Path) -> None:
    made = [
        attempt(0, DUE, label=label, sha256=label) for label in ("ada", "ada~1", "ada~2", "ada~10")
    ]
    assert folder_counts(tmp_path, "", *made) == [True, False, False, False]
    assert folder_counts(tmp_path / "2", "", *made[1:]) == [False, False, True]


def test_of_what_belongs_to_no_homework_the_last_counts(tmp_path: Path) -> None:
    made = [handed_in(days, 0, assignment="unknown") for days in (1, 2)]
    assert folder_counts(tmp_path, 'attempts = "best"\n', *made) == [False, True]


def test_work_that_comes_again_counts_once_as_it_came_first() -> None:
    recorded = [attempt(1, DUE, sha256="a"), attempt(2, DUE + timedelta(days=1), sha256="b")]
    run = [
        attempt(0, DUE + timedelta(days=days), sha256=sha256)
        for days, sha256 in ((0, "a"), (0.5, "a"), (1, "b"))
    ]
    assert counting_in_book(run, recorded, frozenset({1})) == [True, False, False]
    assert counting_in_book(run, recorded, frozenset({2})) == [False, False, True]
    # A copy of the folder lost the times; the gradebook still knows them.
    copied = [attempt(0, DUE + timedelta(days=9), sha256="b")]
    assert counting_in_book(copied, recorded, frozenset({2})) == [True]
    assert counting_in_book(copied, recorded, frozenset({1})) == [False]
