"""Right submissions get every point, wrong ones lose theirs where they are wrong, by name.

right/ holds whole submissions in many styles. wrong/ holds pieces that are put behind a right one
and take the place of its functions. Their first lines say which (`base`), where points have to be
lost (`fails`), which mistakes of the catalogue a diagnosis may name (`is`), and other words that it
may hold (`says`). The catalogue itself is graded by `validate`, which CI runs too.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from running import run_grader

from grader.authoring.demo_class import as_notebook
from grader.authoring.handout import run_examples
from grader.checks.variants import Variant, load_variants
from grader.course.assignment import Assignment
from grader.course.course import find_course
from grader.engine.context import import_reference
from grader.errors import SandboxUnavailable
from grader.reports.schema import CheckResult, Outcome, Report, read_report
from grader.sandbox.host.probe import open_launcher

HERE = Path(__file__).parent
NAME = "backprop"
MODULE = f"{NAME}.py"
# Where the functions of the values are wrong, those of the keys may be.
RESTS_ON = {
    "forward": {"activation"},
    "loss": {"activation", "forward"},
    "backprop": {"activation", "activation_gradient", "forward"},
    "train": {"activation", "activation_gradient", "forward", "loss", "backprop"},
    "activation_gradient": {"activation"},
}
# These compare two of a student's own functions, or need both to give numbers.
OWN = {"test_backprop_is_the_slope_of_loss": {"activation", "forward", "loss"}}
NOT_NUMBERS = {"loss_as_an_array", "backprop_in_dicts"}
Files = dict[str, bytes]


@dataclass(frozen=True)
class Wrong:
    """A piece of wrong/: its text and what its first lines say."""

    label: str
    text: str
    fails: set[str]
    mistakes: set[str]
    says: str | None
    files: Files = field(repr=False)


@functools.cache
def homework() -> Assignment:
    return find_course(HERE.parents[2]).assignment(NAME)


def catalogue() -> dict[str, Variant]:
    assignment = homework()
    path = assignment.solution / "variants.py"
    return {v.name: v for v in load_variants(path, import_reference(assignment))}


def right_submissions() -> dict[str, Files]:
    """Label to files: those of right/, and some of them as other editors would save them."""
    found = {}
    for path in sorted((HERE / "right").iterdir()):
        if path.is_dir():
            found[path.name] = {part.name: part.read_bytes() for part in path.glob("*.py")}
        elif path.suffix == ".py":
            found[path.stem] = {MODULE: path.read_bytes()}
    text = {label: files[MODULE] for label, files in found.items()}
    reference = homework().reference.read_text(encoding="utf-8")
    redefined = "def product_circuit(x, y, z):\n    return None\n\n\n" + reference
    book = as_notebook("%%time\n!ls\n\n\n" + redefined).encode()
    found["reference"] = {MODULE: reference.encode()}
    found["notebook"] = {f"{NAME}.ipynb": book}
    found["notebook_beside_the_starter"] = {
        f"{NAME}.ipynb": book,
        MODULE: homework().starter.read_bytes(),
    }
    found["windows_with_bom"] = {
        MODULE: b"\xef\xbb\xbf" + text["joined_bias"].replace(b"\n", b"\r\n")
    }
    accents = "# -*- coding: latin-1 -*-\n# Rückwärts durch das Netz, très bien\n"
    found["latin_1"] = {MODULE: accents.encode("latin-1") + text["scalar_loops"]}
    found["tabs"] = {MODULE: text["float32"].replace(b"    ", b"\t")}
    return found


def wrong_submissions() -> list[Wrong]:
    bases, found = right_submissions(), []
    for path in sorted((HERE / "wrong").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        said = dict(re.findall(r"^# (base|fails|is|says):[ ]?(.*)$", text, re.MULTILINE))
        files = dict(bases[said["base"]])
        files[MODULE] += b"\n\n" + text.encode()
        mistakes = set(filter(None, said["is"].split(", ")))
        fails = set(said["fails"].split(", "))
        found.append(Wrong(path.stem, text, fails, mistakes, said.get("says"), files))
    return found


def grade(course: Path, folder: Path, submissions: dict[str, Files]) -> dict[str, Report]:
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
    starter = {MODULE: homework().starter.read_bytes()}
    everything = {**right, **pieces, "starter": starter}
    return grade(real_course, tmp_path_factory.mktemp("graded"), everything)


def lost(report: Report) -> list[CheckResult]:
    return [check for check in report.checks if check.outcome is not Outcome.PASSED]


def subject_of(check: CheckResult) -> str:
    """The function that a check is about: "test_train_takes_one_step" is about train."""
    name = check.id.split("::test_")[1]
    functions = {function: function for function in homework().functions}
    functions["plot"] = "plot_training"
    return functions[max((f for f in functions if name.startswith(f)), key=len)]


def told(report: Report) -> str:
    return "\n".join(f"{check.id}: {check.outcome}: {check.text}" for check in lost(report))


def diagnoses(report: Report) -> set[str]:
    """What is said, without "as in your f"."""
    said = [check.diagnosis for check in report.checks if check.diagnosis]
    return {re.sub(r"^As in your `\w+`: ", "", text) for text in said}


def rests_on(check: CheckResult, functions: set[str]) -> bool:
    subject = subject_of(check)
    others = RESTS_ON.get(subject, set()) | OWN.get(check.id.split("::")[1], set())
    no_number = (check.text or "").startswith("loss(...): got nan")
    if subject == "gradient_error" and (no_number or check.outcome is Outcome.ERROR):
        others = {"forward", "loss", "backprop"}  # it calls what raises or gives no number
    return bool(functions & ({subject} | others))


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
        alone = piece.fails if piece.label not in NOT_NUMBERS else piece.fails & subjects
        assert alone, piece.label
        assert alone <= subjects, piece.label
        for check in failed:
            assert check.outcome is not Outcome.GRADER_ERROR, f"{piece.label}: {check.text}"
            fits = rests_on(check, piece.fails) or piece.label in NOT_NUMBERS
            assert fits, f"{piece.label}: {check.id} {check.text}"


@pytest.mark.slow
def test_no_diagnosis_is_false(graded):
    words = {name: variant.words for name, variant in catalogue().items()}
    for piece in wrong_submissions():
        allowed = {words[name] for name in piece.mistakes}
        for said in diagnoses(graded[piece.label]):
            fits = piece.says is not None and piece.says in said
            assert said in allowed or fits, f"{piece.label}: {said}"


@pytest.mark.slow
def test_single_mistakes_of_the_catalogue_are_named(graded):
    words = {name: variant.words for name, variant in catalogue().items()}
    for piece in wrong_submissions():
        if piece.mistakes and not piece.label.startswith("pair"):
            allowed = {words[name] for name in piece.mistakes}
            assert diagnoses(graded[piece.label]) & allowed, piece.label


def test_enough_mistakes_are_kept():
    pieces = wrong_submissions()
    assert sum(piece.label.startswith("pair") for piece in pieces) >= 10
    assert sum("not in the catalogue" in piece.text for piece in pieces) >= 10
    kinds = [variant.kind for variant in catalogue().values()]
    assert kinds.count("mistake") >= 20
    assert kinds.count("alternative") >= 8


def test_worked_examples_are_right():
    assignment = homework()
    handout = assignment.folder / "README.md"
    examples = run_examples(handout, NAME, import_reference(assignment), assignment.data)
    assert examples.count > 20
    assert not examples.wrong
    assert not examples.outside
