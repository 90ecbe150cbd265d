"""Submissions of multiclass logistic regression, graded by the command that staff use.

right/ holds right ones in many styles. wrong/ holds wrong ones, whole or as pieces that take the
place of functions of a right one. Their first lines say which one (`added to`), which checks fail,
and no other may (`fails`), and what a diagnosis may say, all else being false (`named`). None of
the pieces is a mistake of the catalogue, but for one half of some pairs.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from running import ROOT, run_grader

from grader.reports.schema import Outcome, Report, read_report

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
        check.id.partition("::")[2]: check.text
        for check in report.checks
        if check.outcome is not Outcome.PASSED
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Every submission in one run: starting one costs as much as grading several."""
    folder = tmp_path_factory.mktemp("graded")
    shutil.copytree(HERE / "right", folder / "in")
    for name in names(HERE / "wrong"):
        assert not (folder / "in" / f"{name}.py").exists()
        text = (HERE / "wrong" / f"{name}.py").read_text(encoding="utf-8")
        base = said(name, "added to")
        if base:
            text = (HERE / "right" / f"{base}.py").read_text(encoding="utf-8") + "\n\n" + text
        (folder / "in" / f"{name}.py").write_text(text, encoding="utf-8")
    return grade(folder / "in", folder / "out")


@pytest.fixture(scope="module")
def wrong(graded):
    return {name: graded[name] for name in names(HERE / "wrong")}


def said(name: str, word: str) -> str:
    """What the first lines of a wrong submission say under `word`, or nothing."""
    text = (HERE / "wrong" / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(rf"^# {word}: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def diagnoses(report: Report) -> set[str]:
    return {check.diagnosis for check in report.checks if check.diagnosis}


@pytest.mark.parametrize("name", names(HERE / "right"))
def test_a_right_submission_gets_every_point(graded, name):
    assert failed(graded[name]) == {}
    assert graded[name].score == graded[name].max_score == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", names(HERE / "wrong"))
def test_a_wrong_submission_loses_points_where_it_is_wrong(wrong, name):
    report = wrong[name]
    asked = said(name, "fails")
    every = {check.id.partition("::")[2] for check in report.checks}
    assert set(failed(report)) == (every if asked == "everything" else set(asked.split(", ")))
    assert report.score < 100
    assert not report.faults


@pytest.mark.slow
def test_no_diagnosis_is_false(wrong):
    for name, report in wrong.items():
        allowed = list(filter(None, said(name, "named").split(" | ")))
        for text in diagnoses(report):
            assert any(words in text for words in allowed), f"{name}: {text}"


@pytest.mark.slow
def test_names_of_mistakes_that_no_catalogue_holds(wrong):
    """Prints the rate (pytest -rP): what is said is judged by the test above."""
    chosen = [name for name in wrong if said(name, "added to")]
    pairs = {name for name in chosen if name.startswith("pair")}
    for kind, group in (("single", set(chosen) - pairs), ("pairs", pairs)):
        named = sum(bool(diagnoses(wrong[name])) for name in group)
        print(f"{kind}: {named} rightly named, {len(group) - named} without a name, 0 wrongly")
        assert len(group) >= 10
