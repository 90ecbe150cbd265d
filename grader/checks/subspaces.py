"""Answers that are unique only up to a sign, a turn or their order, as eigenvectors are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from grader.checks.compare import Floats, Tier, array, assert_close, require, tier_of
from grader.checks.words import show
from grader.errors import CheckFailed

INDEPENDENT = 1e-3  # the least singular value of directions of length 1
EQUAL = 1e-6  # of the largest: values that differ by less count as equal


def assert_up_to_sign(
    got: object, expected: object, name: str = "the result", *, values: object = None
) -> Tier:
    """Compare columns that may each have the opposite sign; return the worst tier.

    expected: (n, k). values: (k,), the eigenvalue of each column, falling: the columns of equal
    values may be turned among themselves by any orthogonal matrix, as far as all of that value are
    there. Without it only signs are free.
    Raises CheckFailed, naming the first column that differs.
    """
    wanted = np.asarray(expected, np.float64)
    read: Floats = array(got, name, shape=wanted.shape)
    tier = Tier.EXACT
    for start, stop in _groups(wanted.shape[1], values):
        mine, right = read[:, start:stop], wanted[:, start:stop]
        if stop - start == 1:
            turned = right * (1.0 if float((mine * right).sum()) >= 0 else -1.0)
        else:  # the orthogonal matrix that brings `right` nearest (Procrustes)
            left, _, across = np.linalg.svd(right.T @ mine)
            turned = right @ left @ across
        scale = max(float(np.abs(right).max(initial=0.0)), np.finfo(float).tiny)
        error = float(np.abs(mine - turned).max(initial=0.0)) / scale
        if tier_of(error) is Tier.WRONG:
            raise CheckFailed(
                f"{name}: column {start} is wrong, whatever its sign"
                if stop - start == 1
                else f"{name}: columns {start} to {stop - 1} are wrong, however they are turned",
                expected=f"+ or - {show(right[:6, 0])}" if stop - start == 1 else None,
                got=show(mine[:6, 0]),
                where=None if len(right) <= 6 else f"the first 6 of {len(right)} rows",
            )
        tier = max(tier, tier_of(error))
    return tier


def assert_same_pairs(
    values: object,
    vectors: object,
    expected_values: object,
    expected_vectors: object,
    name: str = "the pairs",
) -> Tier:
    """Compare pairs of a value and a column, in any order; return the worst tier.

    values: (k,), vectors: (n, k), and so the expected ones; column i belongs to value i. Each
    column may have the opposite sign, and the columns of equal values may be turned among
    themselves. Raises CheckFailed, naming what differs.
    """
    right, wanted = np.asarray(expected_values, np.float64), np.asarray(expected_vectors, float)
    read: Floats = array(values, f"the values of {name}", shape=right.shape)
    columns: Floats = array(vectors, f"the vectors of {name}", shape=wanted.shape)
    mine, theirs = np.argsort(-read, kind="stable"), np.argsort(-right, kind="stable")
    tier = assert_close(read[mine], right[theirs], f"the values of {name}, the largest first")
    return max(
        tier,
        assert_up_to_sign(
            columns[:, mine],
            wanted[:, theirs],
            f"the vectors of {name}, by falling values",
            values=right[theirs],
        ),
    )


def assert_eigenvectors(
    got: object, values: object, matrix: object, name: str = "the eigenvectors"
) -> Tier:
    """Columns of length 1 that `matrix` only stretches, by `values`, none of them there twice.

    values: (k,), of the symmetric `matrix` (d, d), in the order in which the columns should come.
    So signs are free, and so is any choice of independent directions within equal values: some
    libraries do not give them at right angles. Returns the tier.
    Raises CheckFailed, saying what is not so.
    """
    A, stretched = np.asarray(matrix, np.float64), np.asarray(values, np.float64)
    V: Floats = array(got, name, shape=(len(A), len(stretched)))
    lengths = np.linalg.norm(V, axis=0)
    require(
        bool((np.abs(lengths - 1) <= 1e-5).all()),
        f"{name}: not every column has the length 1",
        got=f"lengths {show(lengths)}",
    )
    require(
        not V.size or float(np.linalg.svd(V, compute_uv=False).min()) > INDEPENDENT,
        f"{name}: a direction is there twice",
        got="columns that are not independent",
    )
    size = max(float(np.abs(A).max(initial=0.0)), np.finfo(float).tiny)
    off = np.abs(A @ V - V * stretched).max(axis=0, initial=0.0) / size
    worst = int(off.argmax())
    tier = tier_of(float(off[worst]))
    require(
        tier is not Tier.WRONG,
        f"{name}: column {worst} is no eigenvector of the value {stretched[worst]:.6g}",
        got=show(V[:6, worst]),
        where=None if len(V) <= 6 else f"the first 6 of {len(V)} entries",
    )
    return tier


def assert_same_subspace(got: object, expected: object, name: str = "the basis") -> Tier:
    """The columns of `got` span what those of `expected` span; lengths and angles are free.

    expected: (n, k) of rank k. Returns the tier. Raises CheckFailed if a direction is missing.
    """
    wanted = np.asarray(expected, np.float64)
    read: Floats = array(got, name, shape=wanted.shape)
    right, mine = np.linalg.qr(wanted)[0], np.linalg.qr(read)[0]
    error = float(np.abs(right - mine @ (mine.T @ right)).max(initial=0.0))
    require(
        tier_of(error) is not Tier.WRONG,
        f"{name}: the columns span another subspace",
        got=f"a direction that is {np.degrees(np.arcsin(min(error, 1.0))):.3g} degrees off",
    )
    return tier_of(error)


def _groups(count: int, values: object) -> Iterator[tuple[int, int]]:
    """Ranges of columns with equal values."""
    if values is None:
        yield from ((k, k + 1) for k in range(count))
        return
    read = np.asarray(values, np.float64)
    apart = np.abs(np.diff(read)) > EQUAL * max(float(np.abs(read).max(initial=0.0)), 1e-300)
    edges = [0, *(np.flatnonzero(apart) + 1).tolist(), count]
    yield from itertools.pairwise(edges)
