"""Reports that version 1 of the schema wrote, which are stored here: every command reads them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_course, write_files
from reading import all_of, first, parsed, text_of
from running import run_grader

from grader.reports.schema import Message, read_report

STORED = Path(__file__).parent / "version_1"
STAFF, STUDENT = STORED / "demo/ada.json", STORED / "demo/student/ada.json"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A copy of the stored folder."""
    return Path(shutil.copytree(STORED, tmp_path / "out"))


def messages_of(path: Path) -> list[str | None]:
    """The messages as they stand in a file of version 1."""
    return [check["message"] for check in json.loads(path.read_bytes())["checks"]]


@pytest.mark.parametrize("path", [STAFF, STUDENT], ids=["staff", "student"])
def test_message_of_version_1_is_the_summary_whole(path: Path) -> None:
    report, said = read_report(path), messages_of(path)
    assert report.schema_version == 2
    assert any(said)
    assert [check.text for check in report.checks] == said
    assert [check.message for check in report.checks] == [
        None if text is None else Message(summary=text) for text in said
    ]
    stored = json.loads(path.read_bytes())
    written = json.loads(report.to_json())
    stored["environment"] |= {"packages": {}}  # of a homework that names none
    for name in stored.keys() - {"schema_version", "checks"}:
        assert written[name] == stored[name]


def test_what_was_null_for_the_student_stays_null() -> None:
    hidden = [check for check in read_report(STUDENT).checks if check.visibility == "hidden"]
    assert len(hidden) == 2
    assert {(check.message, check.text, check.duration_s) for check in hidden} == {
        (None, None, None)
    }


def test_report_that_is_of_no_version_is_refused(tmp_path: Path) -> None:
    stored = json.loads(STAFF.read_bytes())
    for version in (0, 2, 3, "1", None):
        path = tmp_path / "report.json"
        path.write_text(json.dumps({**stored, "schema_version": version}), encoding="utf-8")
        with pytest.raises(ValueError, match=r"schema_version|message"):
            read_report(path)


def test_pages_are_made_again_from_them(out: Path, tmp_path: Path) -> None:
    ran = run_grader("feedback", out, cwd=tmp_path)
    assert ran.code == 0, ran.said
    page = parsed((out / "demo/ada.html").read_bytes())
    assert first(page, ".fact") == "double(x): wrong values"
    assert "expected: [2, 4, 8]" in all_of(page, ".trace li")
    theirs = text_of(parsed((out / "demo/student/ada.html").read_bytes()).root)
    assert "[-1.08411" in text_of(page.root)
    assert "[-1.08411" not in theirs


def test_class_report_counts_them(out: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    ran = run_grader("report", "demo", "--to", tmp_path / "to", "--reports", out, cwd=course)
    assert ran.code == 0, ran.said
    assert "1 submission of demo" in ran.said
    mistakes = (tmp_path / "to" / "demo-mistakes.csv").read_text(encoding="utf-8")
    assert "double(x): wrong values" in mistakes
    assert "expected:" not in mistakes


def test_differences_to_them_are_shown(out: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    subs = write_files(tmp_path / "subs", {"demo/ada.py": DEMO_RIGHT})
    options = ("--seed", "v1", "--unsafe", "--jobs", 1)
    ran = run_grader("grade", subs, "--diff", out, *options, cwd=course)
    assert ran.code == 0, ran.said
    assert "ada (demo) 0 -> 10" in ran.said
    assert "double of three numbers: failed 0/2 -> passed 2/2" in ran.said
