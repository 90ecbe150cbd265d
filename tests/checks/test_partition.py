"""A split into parts is judged by what it divides, and its usual mistakes are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import assert_partition
from grader.errors import CheckFailed

NAMES = ("train", "valid", "test")


@given(st.permutations(range(9)), st.integers(0, 9), st.integers(0, 9))
def test_every_division_is_accepted(order, one, other):
    low, high = sorted((one, other))
    parts = [order[:low], np.array(order[low:high]), tuple(order[high:])]
    sizes = [len(part) for part in parts]
    read = assert_partition(parts, 9, sizes, NAMES)
    assert [part.tolist() for part in read] == [list(part) for part in parts]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (([1, 2, 3], [4, 5], [6]), "holds 6"),
        (([0, 1, 2], [2, 3], [4]), "train and valid set overlap"),
        (([0, 1, 1], [3, 4], [5]), "with replacement"),
        (([0, 1], [3, 4], [5]), "leaves examples out"),
        (([True, True, True, False, False, False],) * 3, "returns masks"),
        (([0, 1], [2, 3], [4, 5]), "other sizes"),
        (([0.5, 1, 2], [3, 4], [5]), "expected integers"),
        (([[0], [1], [2]], [3, 4], [5]), "shape"),
        (([0, 1, 2], [3, 4, 5]), "3 values"),
        (None, "train, valid, test"),
    ],
)
def test_anything_else_is_told(parts, words):
    with pytest.raises(CheckFailed) as caught:
        assert_partition(parts, 6, (3, 2, 1), NAMES)
    assert words in f"{caught.value} {caught.value.diagnosis}"


def test_parts_in_another_order_are_named_and_rounding_is_not():
    order = list(range(12))
    with pytest.raises(CheckFailed) as caught:
        assert_partition((order[:2], order[2:5], order[5:]), 12, (7, 2, 3), NAMES)
    assert "another order" in caught.value.diagnosis
    with pytest.raises(CheckFailed) as caught:
        assert_partition((order[:4], order[4:7], order[7:]), 12, (5, 3, 4), NAMES)
    assert caught.value.diagnosis is None
