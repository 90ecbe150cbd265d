"""What is graded again when something changed, and what `grade --diff` shows of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import DEMO_HIDDEN, write_course, write_files
from running import run_grader

from grader.batch import Options, grade_folder
from grader.batch.cache_keys import check_keys
from grader.batch.journal import FILE_NAME, JournalEntry, JournalWriter, read_journal
from grader.course.course import find_course
from grader.lms.discover import find_submissions
from grader.reports.schema import Report, read_report
from grader.reports.summary import Row

# Says which of its functions were called, in a file that outlives the worker.
SPY = """\
import pathlib

import numpy as np


def told(name):
    with open({log!r}, "a") as file:
        file.write(name + "\\n")


def double(x):
    told("double")
    return 2 * x


def total(x):
    told("total")
    return float(np.sum(x))
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course, and a class of two whose functions tell when they are called."""
    course = write_course(tmp_path / "course")
    log = str(tmp_path / "log")
    spy = SPY.format(log=log)
    write_files(tmp_path / "subs", {"ada.py": spy, "bob.py": spy.replace("2 * x", "3 * x")})
    return course


def grade(course: Path, **changes: object) -> list[str]:
    """Grade the class; the functions that were called, sorted."""
    home = find_course(course)
    log = course.parent / "log"
    log.unlink(missing_ok=True)
    found, _ = find_submissions(course.parent / "subs", home.names, "demo")
    options = replace(Options(course.parent / "out", "none", seed="s"), **changes)
    grade_folder(home, found, options, lambda row: None)
    return sorted(log.read_text().split()) if log.exists() else []


def report(course: Path, label: str, audience: str = "") -> Report:
    return read_report(course.parent / "out" / "demo" / audience / f"{label}.json")


def change(course: Path, path: str, old: str, new: str) -> None:
    file = course / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


HIDDEN = "solutions/demo/hidden_checks.py"


def test_nothing_is_run_where_nothing_changed(course: Path) -> None:
    assert grade(course)
    assert grade(course) == []
    change(course, HIDDEN, "import pytest\n", "import pytest\n\n# A comment.\n")
    change(course, "assignments/demo/README.md", "# Demo", "# The demo")
    assert grade(course) == []


def test_a_changed_hidden_check_runs_alone(course: Path) -> None:
    grade(course)
    before = report(course, "bob")
    change(course, HIDDEN, "size=7", "size=9")
    assert grade(course) == ["total", "total"]
    after = report(course, "bob")
    assert [c.id for c in after.checks] == [c.id for c in before.checks]
    assert after.score == before.score
    assert grade(course) == []


def test_a_merged_report_is_that_of_a_whole_run(course: Path, tmp_path: Path) -> None:
    grade(course)
    change(course, HIDDEN, "points(3)", "points(6)")
    grade(course)
    merged = [report(course, "bob"), report(course, "bob", "student")]
    grade(course, out=tmp_path / "whole")
    for audience, got in zip(("", "student"), merged, strict=True):
        whole = read_report(tmp_path / "whole" / "demo" / audience / "bob.json")
        assert _without_times(got) == _without_times(whole)


def _without_times(report: Report) -> dict[str, object]:
    told = report.model_dump(mode="json", exclude={"started_at", "duration_s"})
    for check in told["checks"]:
        del check["duration_s"]
    return told


@pytest.mark.parametrize(
    ("path", "old", "new", "runs"),
    [
        ("assignments/demo/checks.py", "points(1)", "points(2)", ["double", "total"]),
        ("solutions/demo/demo.py", "2 * x", "x + x", ["double", "total"]),
        ("assignments/demo/assignment.toml", "call_s = 2.0", "call_s = 3.0", None),
        ("datasets/small/numbers.csv", "3,4", "3,5", None),
        (HIDDEN, "from grader.checks import assert_close", "import math\n", ["double", "total"]),
    ],
)
def test_what_a_result_rests_on_makes_it_anew(
    course: Path, path: str, old: str, new: str, runs: list[str] | None
) -> None:
    everything = grade(course)
    if path == HIDDEN:
        new += old
    change(course, path, old, new)
    assert grade(course) == (everything if runs is None else sorted(2 * runs))


def test_a_check_depends_on_what_it_uses_of_its_file_and_no_more(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    hidden = course / HIDDEN
    helper = "\n\ndef sizes():\n    return small()\n\n\ndef small():\n    return 7\n"
    hidden.write_text(DEMO_HIDDEN.replace("size=7", "size=sizes()") + helper)
    before = check_keys(find_course(course).assignment("demo"))
    hidden.write_text(hidden.read_text().replace("return 7", "return 8"))
    after = check_keys(find_course(course).assignment("demo"))
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"hidden_checks::test_total_at_random"}


def test_diff_and_out_are_not_named_together(course: Path) -> None:
    for options in (("--out", "a", "--diff", "b"), ("--out", "a", "--apply"), ()):
        ran = run_grader("grade", course.parent / "subs", *options, cwd=course)
        assert ran.code == 2
        assert "--out" in ran.err


def test_a_result_lost_through_our_fault_is_made_again(course: Path) -> None:
    change(course, HIDDEN, "x = rng.normal(size=7)", "x = rng.wrong(size=7)")
    grade(course)
    assert report(course, "ada").faults
    assert grade(course) == []  # it fails before it calls anything
    change(course, HIDDEN, "rng.wrong", "rng.normal")
    assert grade(course) == ["total", "total"]
    assert not report(course, "ada").faults


# The journal


def entry(number: int, checks: dict[str, str]) -> JournalEntry:
    row = Row(
        assignment="demo", student=f"s{number}", label=f"s{number}", score=1.0, max_score=2.0,
        counts=True, outcomes={"passed": 1}, faults=0, warnings=("ü\u2028",), sha256="0",
        received_at="", report=f"demo/s{number}.json", diagnosis=None,
    )  # fmt: skip
    return JournalEntry("run", checks, "hash", ("found",), row)


def test_the_last_entry_of_a_report_holds(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    for number in (1, 2, 1):
        writer.add(entry(number, {"a": str(number)}))
    JournalWriter(tmp_path).add(entry(2, {"a": "new"}))
    read = read_journal(tmp_path)
    assert [each.checks["a"] for each in read.values()] == ["1", "new"]
    assert read["demo", "s1"] == entry(1, {"a": "1"})


def test_a_journal_that_grew_is_written_anew(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    for _ in range(200):
        writer.add(entry(1, {"a": "1"}))
    assert read_journal(tmp_path) == {("demo", "s1"): entry(1, {"a": "1"})}
    assert len((tmp_path / FILE_NAME).read_text().splitlines()) == 2


@given(cut=st.integers(min_value=0), junk=st.binary(max_size=20))
def test_a_cut_off_journal_loses_only_its_end(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    writer = JournalWriter(folder)
    for number in range(3):
        writer.add(entry(number, {"a": str(number % 2)}))
    path = folder / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)] + junk)
    kept = read_journal(folder)
    assert all(
        kept[name] == entry(int(name[1][1:]), {"a": str(int(name[1][1:]) % 2)}) for name in kept
    )
    JournalWriter(folder).add(entry(9, {"a": "9"}))
    assert read_journal(folder) == {**kept, ("demo", "s9"): entry(9, {"a": "9"})}
