"""Submissions of AdaGrad, graded by the command that staff use.

right/ holds right ones in many styles. wrong/ holds wrong ones; the first line of each names the
checks that must fail ("# fails:"), and "# says:" lines hold every diagnosis that may be given. The
author's mistakes are graded in pairs here, and one by one by `validate`, which CI runs too.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
from running import ROOT, run_grader

from grader.checks.variants import Variant, load_variants, submission_files
from grader.reports.schema import CheckResult, Outcome, Report, read_report

NAME = "adagrad"
HERE = Path(__file__).parent
SEED = "homework"

# The checks that look at each function.
OWN = {
    "quadratic": {"quadratic_example", "quadratic"},
    "quadratic_gradient": {"gradient_example", "gradient"},
    "gradient_descent": {
        "descent_starts_at_x0", "descent_example", "descent", "descent_takes_every_step",
    },
    "adagrad": {
        "adagrad_starts_at_x0", "first_step_has_the_step_size", "adagrad_example",
        "eps_stands_inside_the_root", "adagrad", "adagrad_with_a_large_eps",
        "adagrad_takes_every_step",
    },
    "steps_to_reach": {
        "steps_to_reach_example", "steps_to_reach_may_fail", "steps_to_reach",
        "steps_to_reach_exactly",
    },
    "plot_comparison": {
        "plot_shows_both_paths", "plot_names_the_paths", "plot_shows_contours",
        "plot_marks_start_and_minimiser", "plot_shows_both_curves", "plot_has_a_logarithmic_axis",
    },
}  # fmt: skip
THROUGH = "follows its rule with your own quadratic_gradient"


def grade(folder: Path, out: Path) -> dict[str, Report]:
    """Every report of one grading run, by submission."""
    done = run_grader(
        "grade", folder, "--out", out, "--assignment", NAME, "--seed", SEED,
        "--figures", "none", cwd=ROOT, timeout_s=900,
    )  # fmt: skip
    assert done.code == 0, done.out + done.err
    paths = [p for p in (out / NAME).glob("*.json") if not p.stem.endswith(".student")]
    return {path.stem: read_report(path) for path in paths}


def lost(report: Report) -> dict[str, CheckResult]:
    """The checks without points, by name without "test_"."""
    return {
        check.id.split("::test_")[1]: check
        for check in report.checks
        if check.outcome is not Outcome.PASSED
    }


def diagnoses(report: Report) -> set[str]:
    return {check.diagnosis for check in report.checks if check.diagnosis}


def names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.iterdir() if not path.name.startswith("_"))


# Right and wrong files


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Every submission in one run: starting one costs as much as grading several."""
    folder = tmp_path_factory.mktemp("submissions")
    for part in ("right", "wrong"):
        shutil.copytree(HERE / part, folder, dirs_exist_ok=True)
    made = {f"{a}-and-{b}": together(BY_NAME[a], BY_NAME[b]) for a, b in PAIRS}
    made["reference"] = {f"{NAME}.py": reference_source()}
    for student, files in made.items():
        (folder / student).mkdir()
        for file, text in files.items():
            (folder / student / file).write_text(text, encoding="utf-8")
    return grade(folder, tmp_path_factory.mktemp("reports"))


@pytest.mark.parametrize("name", names(HERE / "right"))
def test_a_right_submission_gets_every_point(graded, name):
    assert {check: result.text for check, result in lost(graded[name]).items()} == {}
    assert graded[name].score == graded[name].max_score == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", names(HERE / "wrong"))
def test_a_wrong_submission_loses_the_right_points(graded, name):
    lines = (HERE / "wrong" / f"{name}.py").read_text(encoding="utf-8").splitlines()
    fails = lines[0].removeprefix("# fails: ")
    failed = lost(graded[name])
    expected = {check.id.split("::test_")[1] for check in graded[name].checks}
    assert set(failed) == (expected if fails == "everything" else set(fails.split(", ")))
    assert graded[name].score < 100
    says = {line.removeprefix("# says: ") for line in lines if line.startswith("# says: ")}
    assert diagnoses(graded[name]) == says


@pytest.mark.slow
def test_an_untouched_starter_is_not_attempted(graded):
    outcomes = {check.outcome for check in graded["untouched_starter"].checks}
    assert outcomes == {Outcome.NOT_ATTEMPTED}
    assert graded["untouched_starter"].score == 0


# The author's variants


def reference_source() -> str:
    return (ROOT / "solutions" / NAME / f"{NAME}.py").read_text(encoding="utf-8")


def variants() -> tuple[Variant, ...]:
    path = ROOT / "solutions" / NAME / f"{NAME}.py"
    spec = importlib.util.spec_from_file_location(f"variants_of.{NAME}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return load_variants(path.with_name("variants.py"), module)


BY_NAME = {variant.name: variant for variant in variants()}
PAIRS = [
    ("quadratic_without_the_half", "gradient_adds_b"),
    ("quadratic_adds_b", "adagrad_with_eps_outside"),
    ("quadratic_is_negative", "descent_climbs"),
    ("gradient_without_b", "adagrad_without_the_start"),
    ("gradient_doubles_ax", "steps_from_one"),
    ("descent_with_a_shrinking_step", "adagrad_sums_the_current_gradient"),
    ("descent_without_the_start", "adagrad_without_the_start"),
    ("adagrad_is_rmsprop", "steps_with_less_than"),
    ("adagrad_one_gradient_behind", "plot_without_a_logarithmic_axis"),
    ("steps_to_the_best_of_the_path", "plot_with_exchanged_names"),
    ("steps_by_distance", "plot_of_distances"),
    ("quadratic_halves_everything", "steps_to_a_value"),
]


def together(one: Variant, other: Variant) -> dict[str, str]:
    """Files of a submission that makes two mistakes."""
    files = submission_files(one, NAME, reference_source())
    more = f"\n\n{other.source}\n\n{other.target} = {other.name}\n"
    return {**files, f"{NAME}.py": files[f"{NAME}.py"] + more}


def true_of(mistakes: list[Variant], said: str) -> bool:
    """Whether a diagnosis names one of the mistakes that were made."""
    through = any(v.target == "quadratic_gradient" for v in mistakes) and THROUGH in said
    return through or any(v.words in said for v in mistakes)


@pytest.mark.slow
def test_the_reference_gets_every_point(graded):
    assert graded["reference"].score == 100


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids="-and-".join)
def test_two_mistakes_at_once_are_named_rightly(graded, pair):
    mistakes = [BY_NAME[name] for name in pair]
    report = graded["-and-".join(pair)]
    failed = set(lost(report))
    for variant in mistakes:
        assert failed & OWN[variant.target]
    for said in diagnoses(report):
        assert true_of(mistakes, said)
