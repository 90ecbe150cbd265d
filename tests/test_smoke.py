"""What runs on every supported Python before anything else: each begins a user's day."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from making import best_isolation
from running import ROOT, run_grader

from grader.reports.schema import Outcome, read_report

pytestmark = pytest.mark.smoke


def test_demo_grades_its_class(real_course: Path, tmp_path: Path) -> None:
    unsafe = () if best_isolation() == "isolated" else ("--unsafe",)
    ran = run_grader("demo", "--to", tmp_path / "demo", *unsafe, cwd=real_course, timeout_s=300)
    assert ran.code == 0, ran.err
    (folder,) = (path for path in (tmp_path / "demo" / "reports").iterdir() if path.is_dir())
    reports = {path.stem: read_report(path) for path in folder.glob("*.json")}
    assert len(reports) >= 12
    assert reports["ada"].score == reports["ada"].max_score > 0
    assert not any(report.faults for report in reports.values())
    outcomes = {check.outcome for report in reports.values() for check in report.checks}
    assert {Outcome.PASSED, Outcome.FAILED, Outcome.TIMEOUT, Outcome.ERROR} <= outcomes
    version = f"{sys.version_info.major}.{sys.version_info.minor}."
    assert all(report.environment.python.startswith(version) for report in reports.values())


def test_sandbox_is_what_this_machine_offers(tmp_path: Path) -> None:
    ran = run_grader("doctor", cwd=ROOT)
    assert (ran.code == 0) == (best_isolation() == "isolated"), ran.said
