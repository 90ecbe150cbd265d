"""Whatever a function returns, a check fails in words: it never crashes, and never passes.

The student's side is played in this process, because only the checks are under test here.
"""

import copy
import importlib.util
import inspect
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from grader.checks.diagnose import Diagnoser
from grader.checks.variants import load_variants
from grader.errors import CheckFailed
from grader.sandbox.protocol.wire import Handle

ROOT = Path(__file__).parents[3]
NAME = "multiclass_lr"
ODD = [
    None,
    "text",
    b"bytes",
    7,
    -3.5,
    1e308,
    10**400,
    float("nan"),
    float("inf"),
    1j,
    [],
    [[]],
    [None, None],
    [1.0, 2.0, 3.0],
    [[1.0], [2.0, 3.0]],
    [[1.0, 2.0], "b", None],
    {"W": 1.0},
    np.zeros(0),
    np.zeros((3, 3)),
    np.full((5, 3), np.nan),
    np.array([1e308, -1e308]),
    np.array([1j]),
    np.array(["a"]),
    Handle(1, "Tensor"),
    [Handle(1, "Tensor"), np.zeros(2)],
    [np.zeros((2, 4)), np.zeros((4, 1))],
    [np.full((2, 4), 1e308), np.full(4, 1e308)],
    [np.zeros((64, 10)), np.zeros(10), [np.inf] * 7],
    [np.full((64, 10), 1e308), np.full(10, 1e308), [1e308] * 7],
]


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


REFERENCE = load("reference_of_odd_values", ROOT / "solutions" / NAME / f"{NAME}.py")
CHECKS = [
    pytest.param(function, id=name)
    for path in (ROOT / "assignments" / NAME / "checks.py",
                 ROOT / "solutions" / NAME / "hidden_checks.py")
    for name, function in vars(load(f"odd_values_{path.stem}", path)).items()
    if name.startswith("test_") and "plot" not in name
]  # fmt: skip


class Function:
    """Right, or always the same odd value."""

    def __init__(self, function, *odd):
        self.function, self.odd = function, odd

    def __call__(self, *args):
        if self.odd:
            return self.odd[0]
        value = self.function(*copy.deepcopy(args))
        return list(value) if isinstance(value, tuple) else value

    def map(self, calls):
        return [self(*call) for call in calls]


def student_with(name, odd):
    names = (
        "softmax",
        "log_likelihood",
        "gradient",
        "cross_entropy",
        "objective",
        "fit",
        "predict",
    )
    functions = {each: Function(getattr(REFERENCE, each)) for each in names}
    functions[name] = Function(None, odd)
    return types.SimpleNamespace(**functions)


@pytest.fixture(scope="module")
def digits():
    table = np.loadtxt(ROOT / "datasets" / "digits" / "digits.csv", delimiter=",")[:60]
    return table[:, :64] / 16, table[:, 64].astype(int)


@pytest.fixture(scope="module")
def diagnose():
    return Diagnoser(REFERENCE, load_variants(ROOT / "solutions" / NAME / "variants.py", REFERENCE))


@pytest.mark.parametrize("check", CHECKS)
def test_odd_values_fail_in_words(check, digits, diagnose):
    source = inspect.getsource(check)
    asked = [name for name in ("cross_entropy", "log_likelihood", "softmax", "objective", "fit",
                               "predict", "gradient") if f"student.{name}" in source]  # fmt: skip
    if check.__name__ == "test_gradient_is_the_slope_of_log_likelihood":
        asked.remove("log_likelihood")  # what is wrong with it costs the points of other checks
    if check.__name__ == "test_fit_follows_gradient_descent":
        asked.remove("gradient")  # asked only whether it computes in float32
    given = {"reference": REFERENCE, "digits": digits, "diagnose": diagnose}
    for name in asked or ["gradient"]:
        for odd in ODD:
            given |= {"student": student_with(name, odd), "rng": np.random.default_rng(1)}
            wanted = {key: given[key] for key in inspect.signature(check).parameters}
            with pytest.raises(CheckFailed) as caught:
                check(**wanted)
            assert len(str(caught.value)) < 1500
