"""Every subgradient of a hinge objective passes, on the kinks and off them; nothing else does."""

import re
import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import linprog

from grader.checks import Tier, assert_hinge_subgradient
from grader.checks.subgradient import EPS, HingeObjective
from grader.errors import CheckFailed, GraderFault


def with_kinks(rng, n, d, kinks):
    """Small binary fractions, so that the first `kinks` margins are exactly 1."""
    w = rng.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0], size=d)
    b, y = rng.integers(-6, 7) / 4, rng.choice([-1.0, 1.0], size=n)
    X = rng.integers(-8, 9, size=(n, d)) / 4
    X[:kinks, -1] = (y[:kinks] - b - X[:kinks, :-1] @ w[:-1]) / w[-1]
    return w, b, X, y, float(rng.choice([0.25, 0.5, 2.0, 3.0]))


def many(seed, count=300):
    """Problems of all sizes, from no kink to nothing but kinks."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        n, d = rng.integers(2, 15), rng.integers(1, 6)
        yield rng, with_kinks(rng, n, d, rng.integers(0, n + 1))


def weighted(weights, w, b, X, y, C):
    return w - C * (weights * y) @ X, -C * np.sum(weights * y)


def margins(w, b, X, y, C):
    return y * (X @ w + b)


def chosen(rng, problem):
    """A subgradient with weights at the kinks that are random, 0, 1 or 1/2."""
    m = margins(*problem)
    weights = (m < 1).astype(float)
    at_kink = m == 1
    choice = rng.integers(4)
    weights[at_kink] = [rng.random(at_kink.sum()), 0.0, 1.0, 0.5][choice]
    return weighted(weights, *problem)


def perturbed(rng, problem, size):
    gw, gb = chosen(rng, problem)
    scale = np.concatenate(HingeObjective(*problem).scale())
    g = np.append(gw, gb) + size * scale * rng.normal(size=len(gw) + 1)
    return g[:-1], g[-1]


def passes(g, problem):
    try:
        assert_hinge_subgradient(g, *problem)
    except CheckFailed:
        return False
    return True


def test_any_weights_at_the_kinks_are_exactly_right():
    for rng, problem in many(1):
        assert assert_hinge_subgradient(chosen(rng, problem), *problem) is Tier.EXACT


def test_float32_is_right_with_low_precision():
    for rng, (w, b, X, y, C) in many(2):
        X = X + 0.01 * rng.normal(size=X.shape)
        low = [np.asarray(part, np.float32) for part in (w, b, X, y)]
        m = low[3] * (low[2] @ low[0] + low[1])
        gw, gb = weighted((m < 1).astype(np.float32), *low, np.float32(C))
        tier = assert_hinge_subgradient((gw, gb), w, b, X, y, C)
        assert tier in (Tier.EXACT, Tier.LOW_PRECISION)


def test_a_margin_that_only_float32_takes_for_1_may_fall_on_either_side():
    w, b, X, y, C = np.array([1.0, 0.3]), 0.1, np.array([[0.9, 1e-7], [3.0, 1.0]]), np.ones(2), 2.0
    assert margins(w, b, X, y, C)[0] > 1 + 1e-9
    assert assert_hinge_subgradient((w, 0.0), w, b, X, y, C) is Tier.EXACT
    counted = weighted(np.array([1.0, 0.0]), w, b, X, y, C)
    assert assert_hinge_subgradient(counted, w, b, X, y, C) is Tier.LOW_PRECISION


def test_kinks_up_to_rounding_are_kinks():
    rng = np.random.default_rng(3)
    for _ in range(200):
        w, X, y = rng.normal(size=3), rng.normal(size=(5, 3)), rng.choice([-1.0, 1.0], size=5)
        b, C = rng.normal(), 0.7
        X[:2] += np.outer(y[:2] - X[:2] @ w - b, w / (w @ w))
        m = margins(w, b, X, y, C)
        weights = np.where(np.arange(5) < 2, rng.random(5), m < 1)
        g = weighted(weights, w, b, X, y, C)
        assert assert_hinge_subgradient(g, w, b, X, y, C) is Tier.EXACT


def test_membership_agrees_with_a_linear_program():
    inside = 0
    for rng, problem in many(4):
        w, _, X, y, C = problem
        g = np.append(*perturbed(rng, problem, 10 ** rng.uniform(-3, 0)))
        m = margins(*problem)
        each = -C * y[:, None] * np.column_stack([X, np.ones(len(y))])
        rest = g - np.append(w, 0) - each[m < 1].sum(axis=0)
        columns = each[m == 1].T
        if columns.size:
            answer = linprog(np.zeros(columns.shape[1]), A_eq=columns, b_eq=rest, bounds=(0, 1))
            is_member = answer.status == 0
        else:
            is_member = bool(np.all(np.abs(rest) < 1e-9))
        inside += is_member
        assert passes((g[:-1], g[-1]), problem) == is_member
    assert inside > 20


def test_every_failure_shows_a_point_that_proves_it():
    failures = 0
    for rng, problem in many(5):
        g = perturbed(rng, problem, 10 ** rng.uniform(-4, 0))
        if passes(g, problem):
            continue
        failures += 1
        objective = HingeObjective(*problem)
        joined = np.append(*g)
        shown = objective.violation(joined, objective.nearest(joined, EPS))
        assert shown is not None
        assert objective.value(shown.w, shown.b) == shown.value
        move = np.append(shown.w - objective.w, shown.b - objective.b)
        promised = objective.value(objective.w, objective.b) + joined @ move
        assert shown.value < promised
        assert shown.bound == pytest.approx(promised)
    assert failures > 150


def test_the_message_tells_the_violated_inequality():
    w, b, X, y = np.array([1.0]), 0.0, np.array([[0.5], [3.0]]), np.ones(2)
    with pytest.raises(CheckFailed) as caught:
        assert_hinge_subgradient((np.array([1.5]), -2.0), w, b, X, y, 2.0)
    found = re.search(
        r"At w = \[(.+)\], b = (\S+) the objective is (\S+); a subgradient .* (\S+) there",
        caught.value.summary,
    )
    at_w, at_b, value, bound = (float(text) for text in found.groups())
    assert value < bound
    objective = HingeObjective(w, b, X, y, 2.0)
    assert objective.value(np.array([at_w]), at_b) == pytest.approx(value, rel=1e-3)
    # w - C x_1 = 0, and only gw is wrong.
    assert caught.value.where == "gw[0]"
    assert (caught.value.expected, caught.value.got) == ("0", "1.5")
    assert caught.value.hint == "gb is right."


def test_one_weight_for_both_parts():
    """gw may count the example at its kink or not, but gb must do the same."""
    X, y = np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([1.0, 1.0])
    problem = np.array([2.0, -1.0]), 0.5, X, y, 0.5
    counted, not_counted = (weighted(np.array([a, 1.0]), *problem) for a in (1.0, 0.0))
    assert passes(counted, problem)
    assert passes(not_counted, problem)
    assert not passes((counted[0], not_counted[1]), problem)
    assert not passes((not_counted[0], counted[1]), problem)


def test_weights_outside_0_and_1_fail():
    for rng, problem in many(6, 100):
        at_kink = margins(*problem) == 1
        if not at_kink.any() or at_kink.sum() > len(problem[0]):
            continue
        for outside in (-0.01, 1.01):
            weights = np.where(at_kink, outside, margins(*problem) < 1)
            X = problem[2][at_kink]
            if np.linalg.matrix_rank(np.column_stack([X, np.ones(len(X))])) < len(X):
                continue
            assert not passes(weighted(weights, *problem), problem), rng


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "gw, gb",
        np.zeros(3),
        [np.zeros(2)],
        (np.zeros(3), 0.0),
        (np.zeros((2, 1)), 0.0),
        (np.zeros(2), np.zeros(1)),
        (np.array([np.nan, 0.0]), 0.0),
        (np.zeros(2), np.inf),
        (np.full(2, 1e300), -1e300),
        (["a", "b"], 0.0),
        {"gw": np.zeros(2), "gb": 0.0},
    ],
    ids=str,
)
def test_odd_answers_fail_in_words(odd):
    for kinks in (0, 1, 4):
        problem = with_kinks(np.random.default_rng(7), 6, 2, kinks)
        with pytest.raises(CheckFailed):
            assert_hinge_subgradient(odd, *problem)


def test_lists_and_0_d_arrays_are_accepted():
    problem = with_kinks(np.random.default_rng(8), 6, 2, 2)
    gw, gb = chosen(np.random.default_rng(9), problem)
    assert_hinge_subgradient([gw.tolist(), np.asarray(gb)], *problem)


WITHOUT_SCIPY = """
import sys
sys.modules["scipy"] = sys.modules["scipy.optimize"] = None
import numpy as np
from grader.checks import assert_hinge_subgradient
from grader.errors import GraderFault
w, b, y = np.array([2.0, -1.0]), 0.5, np.ones(3)
X = np.array([[0.5, 0.5], [0.0, 1.0], [2.0, 0.0]])
assert_hinge_subgradient((w - 0.5 * X[1], -0.5), w, b, X, y, 0.5)
try:
    assert_hinge_subgradient((w, 0.0), w, b, X[[0, 0, 1]], y, 0.5)
except GraderFault as fault:
    print(fault)
"""


def test_scipy_is_needed_for_several_kinks_only():
    """Students' installs lack it, and public checks ask for one kink at most."""
    ran = subprocess.run([sys.executable, "-c", WITHOUT_SCIPY], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "staff" in ran.stdout
    assert issubclass(GraderFault, Exception)
