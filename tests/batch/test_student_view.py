"""A run shows students what the course's choices allow at its moment, and keeps up with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from making import DEMO_RIGHT, DEMO_TOML, write_course, write_files
from running import run_grader

from grader.reports.schema import Report, read_report


def test_hidden_outcomes_come_with_the_due_date_and_nothing_is_lost(tmp_path: Path) -> None:
    course, out = write_course(tmp_path / "course"), tmp_path / "out"
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})

    def grade(due: str, choice: str) -> tuple[Report, Report]:
        spec = DEMO_TOML.replace("due = 2126-12-18T23:59:00+01:00", f"due = {due}")
        text = f'{spec}\n[feedback]\nhidden_outcomes = "{choice}"\n'
        write_files(course, {"assignments/demo/assignment.toml": text})
        options = ("--assignment", "demo", "--unsafe", "--jobs", 1, "--out", out)
        done = run_grader("grade", tmp_path / "subs", *options, cwd=course)
        assert done.code == 0, done.said
        staff = read_report(out / "demo" / "ada.json")
        return staff, read_report(out / "demo" / "student" / "ada.json")

    staff, theirs = grade("2126-01-01T00:00:00+00:00", "due")
    assert (staff.score, len(staff.checks)) == (10, 4)
    assert [check.visibility for check in theirs.checks] == ["visible", "visible"]
    assert theirs.score < staff.score
    assert "The results of hidden checks are shown after the due date." in theirs.warnings
    # The date has passed: the same command brings the rest, with no check run again.
    later, theirs = grade("2026-01-01T00:00:00+00:00", "due")
    assert (theirs.score, len(theirs.checks), theirs.warnings) == (10, 4, staff.warnings)
    assert [each.duration_s for each in later.checks] == [each.duration_s for each in staff.checks]
    # And a course that thinks again is obeyed, too.
    _, theirs = grade("2026-01-01T00:00:00+00:00", "never")
    assert len(theirs.checks) == 2
    # So do the pages that are made later: the choice holds for reports that were there before.
    grade("2026-01-01T00:00:00+00:00", "due")
    spec = course / "assignments" / "demo" / "assignment.toml"
    spec.write_text(spec.read_text().replace('"due"', '"never"'))
    assert run_grader("feedback", out, cwd=course).code == 0
    assert len(read_report(out / "demo" / "student" / "ada.json").checks) == 2
    page = (out / "demo" / "student" / "ada.html").read_text(encoding="utf-8")
    assert "double of random numbers" not in page
    # The gradebook keeps what a student was shown, and the rest with the staff's report.
    final = tmp_path / "final"
    assert run_grader("gradebook", "reports", "demo", "--to", final, cwd=course).code == 0
    told = json.loads((final / "demo" / "student" / "ada.json").read_text(encoding="utf-8"))
    assert len(told["checks"]) == 2


def test_the_due_date_is_each_students_own(tmp_path: Path) -> None:
    course, out = write_course(tmp_path / "course"), tmp_path / "out"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    spec = DEMO_TOML.replace("2126-12-18T23:59:00+01:00", yesterday)
    text = f'{spec}\n[feedback]\nhidden_outcomes = "due"\n'
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": DEMO_RIGHT})
    write_files(course, {"roster.csv": "id,name\nada,Ada\nbob,Bob\n"})
    write_files(course, {"assignments/demo/assignment.toml": text})

    def shown() -> list[int]:
        """How many checks Ada and Bob see."""
        files = [out / "demo" / "student" / f"{name}.json" for name in ("ada", "bob")]
        return [len(read_report(file).checks) for file in files]

    def grade(*more: str) -> list[int]:
        options = ("--assignment", "demo", "--unsafe", "--jobs", 1, "--out", out, *more)
        assert run_grader("grade", tmp_path / "subs", *options, cwd=course).code == 0
        return shown()

    def extend(days: int) -> None:
        words = ("gradebook", "extend", "demo", "bob", days, "--why", "ill")
        assert run_grader(*words, cwd=course).code == 0

    assert run_grader("gradebook", "roster", "roster.csv", cwd=course).code == 0
    assert grade() == [4, 4]
    extend(9)
    assert grade() == [4, 2]
    assert run_grader("feedback", out, cwd=course).code == 0
    assert shown() == [4, 2]
    # Without the gradebook nothing is known of extensions.
    assert grade("--no-gradebook") == [4, 4]
    assert grade() == [4, 2]
    extend(0)
    assert grade() == [4, 4]
