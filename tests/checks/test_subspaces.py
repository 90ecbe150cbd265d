"""Answers that are unique up to signs and turns are accepted so, and no other ones are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import (
    Tier,
    assert_eigenvectors,
    assert_same_pairs,
    assert_same_subspace,
    assert_up_to_sign,
)
from grader.errors import CheckFailed

seeds = st.integers(0, 2**32 - 1)


def turned(rng, k):
    return np.linalg.qr(rng.normal(size=(k, k)))[0]


@given(seeds)
def test_signs_and_turns_within_equal_values_are_free(seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(9, 4))
    values = np.array([3.0, 2.0, 2.0, 1.0])
    mine = scores * rng.choice([-1.0, 1.0], size=4)
    assert assert_up_to_sign(mine, scores) is Tier.EXACT
    mine[:, 1:3] = scores[:, 1:3] @ turned(rng, 2)
    assert assert_up_to_sign(mine, scores, values=values) is Tier.EXACT
    assert assert_up_to_sign(mine.astype(np.float32), scores, values=values) is Tier.LOW_PRECISION


@given(seeds)
def test_a_turn_of_other_columns_is_refused(seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(9, 3))
    mine = scores.copy()
    mine[:, :2] = scores[:, :2] @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    with pytest.raises(CheckFailed, match="whatever its sign"):
        assert_up_to_sign(mine, scores)
    with pytest.raises(CheckFailed, match="however they are turned"):
        assert_up_to_sign(mine * [1.0, 2.0, 1.0], scores, values=[2.0, 2.0, 1.0])


@given(seeds)
def test_eigenvectors_are_judged_by_what_the_matrix_does(seed):
    rng = np.random.default_rng(seed)
    V, values = turned(rng, 5), np.array([4.0, 4.0, 2.0, 1.0, 0.5])
    matrix = V * values @ V.T
    mine = V * rng.choice([-1.0, 1.0], size=5)
    mine[:, :2] = mine[:, :2] @ turned(rng, 2)
    for k in (1, 2, 4):  # k = 1 takes any direction of the first two
        assert assert_eigenvectors(mine[:, :k], values[:k], matrix) is Tier.EXACT
    for wrong, words in [
        (mine[:, [0, 0]], "twice"),
        (2 * mine[:, :2], "length"),
        (mine[:, [0, 2]], "no eigenvector"),
        (np.eye(5)[:, :2], "no eigenvector"),
        (mine[:, :3], "shape"),
    ]:
        with pytest.raises(CheckFailed, match=words):
            assert_eigenvectors(wrong, values[:2], matrix)


@given(seeds)
def test_a_subspace_has_many_bases(seed):
    rng = np.random.default_rng(seed)
    basis = rng.normal(size=(6, 3))
    mixed = basis @ (turned(rng, 3) * [0.5, 1.0, 3.0])
    assert assert_same_subspace(mixed, basis) is Tier.EXACT
    with pytest.raises(CheckFailed, match="another subspace"):
        assert_same_subspace(mixed + 0.1 * rng.normal(size=(6, 3)), basis)


@given(seeds)
def test_pairs_come_in_any_order_and_stay_together(seed):
    rng = np.random.default_rng(seed)
    values = np.array([2.0, -1.0, 2.0, 5.0])
    vectors = turned(rng, 6)[:, :4]
    order = rng.permutation(4)
    mine = (vectors * rng.choice([-1.0, 1.0], size=4))[:, order]
    assert assert_same_pairs(values[order], mine, values, vectors) is Tier.EXACT
    turn = vectors.copy()
    turn[:, [0, 2]] = vectors[:, [0, 2]] @ turned(rng, 2)
    found = assert_same_pairs(values[order], turn[:, order].astype(np.float32), values, vectors)
    assert found is Tier.LOW_PRECISION
    with pytest.raises(CheckFailed, match="the vectors of"):
        assert_same_pairs(values, vectors[:, [1, 0, 2, 3]], values, vectors)
    with pytest.raises(CheckFailed, match="the values of"):
        assert_same_pairs([2.0, -1.0, 2.0, 4.0], vectors, values, vectors)
    with pytest.raises(CheckFailed, match="shape"):
        assert_same_pairs(values, vectors.T, values, vectors)
