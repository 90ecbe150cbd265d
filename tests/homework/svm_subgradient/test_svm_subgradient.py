"""Right submissions get every point, wrong ones lose theirs where they are wrong, by name.

right/ holds whole submissions in many styles. wrong/ holds pieces that are put behind a right one
and take the place of its functions. Their first lines say which (`base`), where points have to be
lost (`fails`), which mistakes of the catalogue a diagnosis may name (`is`), and other words that it
may hold (`says`). The catalogue itself is graded by `validate`, which CI runs too.
"""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from running import run_grader

from grader.checks.variants import Variant, load_variants, submission_files
from grader.errors import SandboxUnavailable
from grader.reports.schema import CheckResult, Outcome, Report, read_report
from grader.sandbox.host.probe import open_launcher

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NAME = "svm_subgradient"
SOLUTION = ROOT / "solutions" / NAME
STARTER = ROOT / "assignments" / NAME / f"{NAME}.py"
FUNCTIONS = ("hinge_loss", "objective", "subgradient", "fit", "margin", "support_vectors")
# Where the functions of the values are wrong, those of the keys are.
RESTS_ON = {
    "objective": {"hinge_loss"},
    "fit": {"hinge_loss", "objective", "subgradient"},
    "plot": {"support_vectors", "margin"},
}
OWN_OBJECTIVE = "test_subgradient_is_the_slope_of_the_objective"
# A picture's mistake is told by the check that fails, and by the message of its claim.
PICTURES = {
    "plot_without_the_boundary": "test_plot_shows_the_boundary",
    "plot_with_b_turned_round": "test_plot_shows_the_boundary",
    "plot_without_the_margins": "test_plot_shows_the_margins",
    "plot_with_margins_at_distance_1": "test_plot_shows_the_margins",
    "plot_without_support_vectors": "test_plot_marks_the_support_vectors",
    "plot_with_classes_alike": "test_plot_shows_the_classes",
    "plot_without_labels": "test_plot_labels_its_axes",
    "plot_without_a_legend": "test_plot_has_a_legend",
}


@dataclass(frozen=True)
class Wrong:
    """A piece of wrong/: its text and what its first lines say."""

    label: str
    text: str
    base: str
    fails: set[str]
    mistakes: set[str]
    says: str | None
    files: dict[str, bytes] = field(repr=False)


def import_solution() -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, SOLUTION / f"{NAME}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue() -> dict[str, Variant]:
    return {v.name: v for v in load_variants(SOLUTION / "variants.py", import_solution())}


def right_submissions() -> dict[str, dict[str, bytes]]:
    """Label to files: those of right/, and some of them as other editors would save them."""
    found = {}
    for path in sorted((HERE / "right").iterdir()):
        if path.is_dir():
            found[path.name] = {part.name: part.read_bytes() for part in path.glob("*.py")}
        elif path.suffix == ".py":
            found[path.stem] = {f"{NAME}.py": path.read_bytes()}
    cells = (HERE / "right" / "cells.txt").read_text(encoding="utf-8").split("--- cell\n")
    found["cells"] = {f"{NAME}.ipynb": notebook(cells)}
    text = {label: next(iter(files.values())) for label, files in found.items()}
    latin = text["differences"].decode().encode("latin-1")
    found["declares_latin_1"] = {f"{NAME}.py": b"# -*- coding: latin-1 -*-\n" + latin}
    found["windows_with_bom"] = {
        f"{NAME}.py": b"\xef\xbb\xbf" + text["augmented"].replace(b"\n", b"\r\n")
    }
    found["reference"] = {f"{NAME}.py": (SOLUTION / f"{NAME}.py").read_bytes()}
    found["beside_the_starter"] = {
        f"{NAME}.py": STARTER.read_bytes(),
        f"{NAME}.ipynb": found["cells"][f"{NAME}.ipynb"],
    }
    return found


def notebook(cells: list[str]) -> bytes:
    listed = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Linear SVM"], "id": "m"},
        *(
            {
                "cell_type": "code",
                "metadata": {},
                "source": text.splitlines(keepends=True),
                "outputs": [],
                "execution_count": None,
                "id": f"c{i}",
            }
            for i, text in enumerate(cells)
        ),
    ]
    whole = {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False).encode()


def wrong_submissions() -> list[Wrong]:
    bases, found = right_submissions(), []
    for path in sorted((HERE / "wrong").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        said = dict(re.findall(r"^# (base|fails|is|says):[ ]?(.*)$", text, re.MULTILINE))
        files = dict(bases[said["base"]])
        kept = "\n\n_right_fit, _right_plot = fit, plot_decision_boundary\n\n"
        files[f"{NAME}.py"] += kept.encode() + text.encode()
        found.append(
            Wrong(
                path.stem,
                text,
                said["base"],
                set(said["fails"].split(", ")),
                set(filter(None, said["is"].split(", "))),
                said.get("says"),
                files,
            )
        )
    return found


def pictures() -> dict[str, dict[str, bytes]]:
    """The catalogue's mistakes in drawing, label to files."""
    source, found = (SOLUTION / f"{NAME}.py").read_text(encoding="utf-8"), catalogue()
    made = {name: submission_files(found[name], NAME, source) for name in PICTURES}
    return {
        name: {path: text.encode() for path, text in files.items()} for name, files in made.items()
    }


def grade(course: Path, folder: Path, submissions: dict[str, dict[str, bytes]]) -> dict:
    """One run of `grade` over these submissions: label to report."""
    for label, files in submissions.items():
        for name, content in files.items():
            path = folder / "in" / label / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    try:
        open_launcher().close()
        options = []
    except SandboxUnavailable:
        options = ["--unsafe"]
    command = ["grade", folder / "in", "--out", folder / "out", "--assignment", NAME, *options]
    ran = run_grader(*command, "--seed", "tests", "--figures", "none", cwd=course, timeout_s=900)
    assert ran.code == 0, ran.said
    reports = {path.stem: read_report(path) for path in (folder / "out" / NAME).glob("*.json")}
    assert set(reports) == set(submissions)
    return reports


@pytest.fixture(scope="module")
def graded(real_course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Every submission in one run: starting one costs as much as grading several."""
    pieces = {piece.label: piece.files for piece in wrong_submissions()}
    right = right_submissions()
    assert not set(pieces) & set(right)
    starter = {f"{NAME}.py": STARTER.read_bytes()}
    everything = {**right, **pieces, **pictures(), "starter": starter}
    return grade(real_course, tmp_path_factory.mktemp("graded"), everything)


def lost(report: Report) -> list[CheckResult]:
    return [check for check in report.checks if check.outcome is not Outcome.PASSED]


def subject_of(check: CheckResult) -> str:
    """The function that a check is about: "test_fit_takes_one_step" is about fit."""
    name = check.id.split("::test_")[1]
    return next(f for f in (*FUNCTIONS, "plot") if name.startswith(f))


def told(report: Report) -> str:
    return "\n".join(f"{check.id}: {check.outcome}: {check.text}" for check in lost(report))


def diagnoses(report: Report) -> set[str]:
    """What is said, without "as in your f"."""
    said = [check.diagnosis for check in report.checks if check.diagnosis]
    return {re.sub(r"^As in your `\w+`: ", "", text) for text in said}


def rests_on(check: CheckResult, functions: set[str]) -> bool:
    subject = subject_of(check)
    own = "plot_decision_boundary" if subject == "plot" else subject
    others = RESTS_ON.get(subject, set())
    if check.id.endswith(OWN_OBJECTIVE):
        others = {"hinge_loss", "objective"}
    return bool(functions & ({own} | others))


@pytest.mark.slow
def test_right_submissions_get_every_point(graded):
    for label in right_submissions():
        report = graded[label]
        assert report.score == report.max_score == 100, f"{label}\n{told(report)}"


@pytest.mark.slow
def test_the_starter_is_not_attempted(graded):
    report = graded["starter"]
    assert report.score == 0
    assert {check.outcome for check in report.checks} == {Outcome.NOT_ATTEMPTED}, told(report)


@pytest.mark.slow
def test_wrong_submissions_lose_points_where_they_are_wrong(graded):
    for piece in wrong_submissions():
        failed = lost(graded[piece.label])
        subjects = {subject_of(check) for check in failed}
        for function in piece.fails:
            assert function.replace("plot_decision_boundary", "plot") in subjects, piece.label
        for check in failed:
            assert rests_on(check, piece.fails), f"{piece.label}: {check.id} {check.text}"


@pytest.mark.slow
def test_no_diagnosis_is_false(graded):
    words = {name: variant.words for name, variant in catalogue().items()}
    for piece in wrong_submissions():
        allowed = {words[name] for name in piece.mistakes}
        for said in diagnoses(graded[piece.label]):
            # Claims about pictures name what they see, in words of their own.
            seen = piece.fails == {"plot_decision_boundary"}
            fits = piece.says is not None and piece.says in said
            assert said in allowed or fits or seen, f"{piece.label}: {said}"


@pytest.mark.slow
def test_single_mistakes_of_the_catalogue_are_named(graded):
    words = {name: variant.words for name, variant in catalogue().items()}
    for piece in wrong_submissions():
        if piece.mistakes and not piece.label.startswith("pair"):
            allowed = {words[name] for name in piece.mistakes}
            assert diagnoses(graded[piece.label]) & allowed, piece.label


@pytest.mark.slow
@pytest.mark.parametrize(("name", "check"), PICTURES.items())
def test_a_mistake_in_a_picture_fails_the_check_of_that_part(graded, name, check):
    failed = lost(graded[name])
    assert check in {each.id.split("::")[1] for each in failed}
    for each in failed:
        assert rests_on(each, {"plot_decision_boundary"}), f"{each.id} {each.text}"


def test_enough_mistakes_are_kept():
    pieces = wrong_submissions()
    assert sum(piece.label.startswith("pair") for piece in pieces) >= 10
    assert sum("not in the catalogue" in piece.text for piece in pieces) >= 10
    kinds = [variant.kind for variant in catalogue().values()]
    assert kinds.count("mistake") >= 20
    assert kinds.count("alternative") >= 8


def test_worked_example_is_right(monkeypatch):
    monkeypatch.setitem(sys.modules, NAME, import_solution())
    handout = ROOT / "assignments" / NAME / "README.md"
    # The closing fence of the code block is not part of the example.
    text = handout.read_text(encoding="utf-8").replace("```python", "").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, NAME, str(handout), 0)
    assert len(examples.examples) > 15
    failures = []
    doctest.DocTestRunner().run(examples, out=failures.append)
    assert not failures, "".join(failures)
