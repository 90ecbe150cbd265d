"""A homework that uses torch, graded from the reference to each mistake that raises no error.

`python -m grader validate torch_net` in tests/torch_course tries all of its variants.
"""

from __future__ import annotations

import importlib.util
import shutil

import making
import pytest
from making import GradedClass
from running import ROOT

from grader.authoring.trials import trials_of
from grader.checks.variants import load_variants
from grader.course.course import find_course
from grader.engine.context import import_reference

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)

# What each of them should read, by the name of the mistake.
WORDS = {
    "probabilities_along_the_wrong_dim": "along dim 0",
    "loss_of_probabilities": "cross_entropy takes scores",
    "gradient_with_a_cut_graph": "graph is cut",
    "train_without_zero_grad": "call zero_grad()",
    "normalised_in_training_mode": "call eval()",
}
RIGHT = ("reference", "loss_in_float32", "gradient_in_float32", "train_keeping_tensors")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    folder = tmp_path_factory.mktemp("torch")
    course = folder / "course"
    shutil.copytree(ROOT / "tests" / "torch_course", course)
    assignment = find_course(course).assignment("torch_net")
    assert assignment.solution is not None
    variants = load_variants(assignment.solution / "variants.py", import_reference(assignment))
    for trial in trials_of(assignment, variants):
        label = trial.name.removeprefix("the ")
        if label in (*WORDS, *RIGHT):
            making.write_files(folder / "subs" / label, dict(trial.files))
    options = ("--assignment", "torch_net")
    return making.grade_class(
        course, folder / "subs", folder / "out", *options, isolation="isolated"
    )


@pytest.mark.parametrize("name", WORDS)
def test_the_mistake_is_named(graded: GradedClass, name: str) -> None:
    told = [check.diagnosis for check in graded[name].staff.checks if check.diagnosis]
    assert len(told) == 1, graded[name]
    assert WORDS[name] in told[0]


@pytest.mark.parametrize("name", RIGHT)
def test_right_in_any_form_is_full(graded: GradedClass, name: str) -> None:
    report = graded[name].staff
    assert graded[name].full, report
    assert set(report.environment.packages) == {"torch"}
    # float32 is what torch computes in.
    assert not any("float64 is asked for" in warning for warning in report.warnings)
