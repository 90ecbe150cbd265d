"""Copies of arguments: equal, and nothing that happens to them reaches the original."""

import copy

import numpy as np

from grader.checks.arguments import copied

ARGUMENTS = [
    np.arange(6.0).reshape(2, 3),
    np.asfortranarray(np.ones((2, 3), np.float32)),
    [(np.array([1, 2]), "a"), {"b": [np.zeros(2)]}],
    np.array([[1], None], dtype=object),
    3, 0.5, None, True, np.float64(2.0),
]  # fmt: skip


def test_a_copy_is_what_deepcopy_gives():
    for mine, theirs in zip(copied(ARGUMENTS), copy.deepcopy(ARGUMENTS), strict=True):
        assert type(mine) is type(theirs)
        assert repr(mine) == repr(theirs)
    assert copied(ARGUMENTS[1]).flags.f_contiguous


def test_a_change_of_the_copy_leaves_the_original_alone():
    before = repr(ARGUMENTS)
    changed = copied(ARGUMENTS)
    changed[0][:] = changed[1][:] = 7
    changed[2][0][0][:] = 7
    changed[2][1]["b"][0][:] = 7
    changed[3][0].append(7)
    assert repr(ARGUMENTS) == before
