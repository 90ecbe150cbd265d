"""Every element of a sum of simplices is accepted, and nothing beside it."""

import numpy as np
import pytest

from grader.checks import Tier, assert_subgradient
from grader.errors import CheckFailed


def problem(seed, p=12, sizes=(2, 3, 2, 4)):
    rng = np.random.default_rng(seed)
    smooth = rng.normal(size=p) * 10.0 ** rng.integers(-2, 3, size=p)
    groups = [rng.integers(-4, 5, size=(m, p)) / 4 * 10.0 ** rng.integers(-1, 2) for m in sizes]
    scale = np.abs(smooth) + sum(np.abs(group).max(axis=0) for group in groups)
    return rng, smooth, groups, scale


def inside(rng, smooth, groups, concentration=1.0):
    weights = [rng.dirichlet(np.full(len(group), concentration)) for group in groups]
    return smooth + sum(w @ group for w, group in zip(weights, groups, strict=True))


def judge(g, smooth, groups, scale):
    return assert_subgradient(g, (smooth,), [(group,) for group in groups], (scale,), ("g",))


@pytest.mark.parametrize("seed", range(40))
def test_any_convex_combination_is_exact(seed):
    rng, smooth, groups, scale = problem(seed)
    for concentration in (0.05, 1.0, 30.0):
        g = inside(rng, smooth, groups, concentration)
        assert judge(g, smooth, groups, scale) is Tier.EXACT
        narrow = judge(g.astype(np.float32), smooth, groups, scale)
        assert narrow in (Tier.EXACT, Tier.LOW_PRECISION)
    corners = smooth + sum(group[0] for group in groups)
    assert judge(corners, smooth, groups, scale) is Tier.EXACT


@pytest.mark.parametrize("seed", range(20))
def test_what_is_no_subgradient_fails(seed):
    rng, smooth, groups, scale = problem(seed)
    g = inside(rng, smooth, groups)
    outside = [
        g + 1e-3 * scale * rng.choice([-1.0, 1.0], size=len(g)),
        smooth,  # weights of 0
        g + sum(group.mean(axis=0) for group in groups),  # weights that sum to 2
        smooth + sum(1.5 * group[0] - 0.5 * group[1] for group in groups),  # a negative weight
        np.full(len(g), 1e200),
    ]
    for wrong in outside:
        with pytest.raises(CheckFailed):
            judge(wrong, smooth, groups, scale)


def test_more_ties_than_entries():
    rng, smooth, groups, scale = problem(3, p=2, sizes=(5, 4, 3, 3, 2))
    assert judge(inside(rng, smooth, groups), smooth, groups, scale) is Tier.EXACT


def test_several_blocks_share_one_weight():
    smooth = (np.zeros(2), 0.0)
    hinge = (np.array([[0.0, 0.0], [-1.0, 2.0]]), np.array([0.0, -1.0]))
    scales = (np.ones(2), 1.0)
    right = (np.array([-0.25, 0.5]), -0.25)
    assert assert_subgradient(right, smooth, [hinge], scales, ("gw", "gb")) is Tier.EXACT
    with pytest.raises(CheckFailed, match="no subgradient"):
        assert_subgradient((right[0], -0.5), smooth, [hinge], scales, ("gw", "gb"))


def test_without_ties_it_is_a_gradient():
    smooth = (np.array([[1.0, 2.0], [3.0, 4.0]]),)
    assert_subgradient([[1, 2], [3, 4]], smooth, [], smooth, ("G",))
    with pytest.raises(CheckFailed, match="wrong values") as caught:
        assert_subgradient([[1, 2], [3, 5]], smooth, [], smooth, ("G",))
    assert caught.value.where == "G[1, 1]"
    for odd in (None, "text", [1.0], [[np.nan, 2], [3, 4]]):
        with pytest.raises(CheckFailed):
            assert_subgradient(odd, smooth, [], smooth, ("G",))
