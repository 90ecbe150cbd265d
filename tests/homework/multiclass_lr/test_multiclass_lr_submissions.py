"""Submissions of multiclass logistic regression, graded by the command that staff use.

right/ holds right ones in many styles. wrong/ holds wrong ones; the first line of each names the
checks that must fail, and no other check may.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from running import ROOT, run_grader

from grader.report import Outcome, Report, read_report

NAME = "multiclass_lr"
HERE = Path(__file__).parent


def grade(folder: Path, out: Path) -> dict[str, Report]:
    """Every report of one grading run, by submission."""
    done = run_grader(
        "grade", folder, "--out", out, "--assignment", NAME, "--seed", "homework",
        "--figures", "none", cwd=ROOT, timeout_s=900,
    )  # fmt: skip
    assert done.code == 0, done.out + done.err
    return {path.stem: read_report(path) for path in (out / NAME).glob("*.json")}


def names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.iterdir() if not path.name.startswith((".", "_")))


def failed(report: Report) -> dict[str, str | None]:
    """The checks without points, with their messages."""
    return {
        check.id.partition("::")[2]: check.message
        for check in report.checks
        if check.outcome is not Outcome.PASSED
    }


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return grade(HERE / "right", tmp_path_factory.mktemp("right"))


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    return grade(HERE / "wrong", tmp_path_factory.mktemp("wrong"))


@pytest.mark.parametrize("name", names(HERE / "right"))
def test_a_right_submission_gets_every_point(right, name):
    assert failed(right[name]) == {}
    assert right[name].score == right[name].max_score == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", names(HERE / "wrong"))
def test_a_wrong_submission_loses_points_where_it_is_wrong(wrong, name):
    report = wrong[name]
    first = (HERE / "wrong" / f"{name}.py").read_text(encoding="utf-8").splitlines()[0]
    asked = first.removeprefix("# fails: ")
    every = {check.id.partition("::")[2] for check in report.checks}
    assert set(failed(report)) == (every if asked == "everything" else set(asked.split(", ")))
    assert report.score < 100
    assert not report.faults
