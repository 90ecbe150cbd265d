"""Judge a subgradient of a sum of maxima: every element of the subdifferential is right.

    f(x) = smooth(x) + sum_i max_a f_ia(x)

Where one f_ia is the largest, the maximum has its gradient. Where several are, any convex
combination of their gradients is a subgradient of it: weights that are not negative and sum to 1,
for each maximum by itself. Whether g is the gradient of the smooth part plus one such combination
for each maximum is a least-squares problem over simplices, solved exactly.

A hinge max(0, 1 - m) at its corner is a maximum of two, and so is |m| at 0. The largest of many
scores and a maximum over structured labels are others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.checks.compare import Floats, Tier, array, floored, number, sequence, tier_of
from grader.checks.words import show
from grader.errors import CheckFailed, GraderFault

ABSURD = 1e12  # in units of the scale: wrong, and its square may overflow
HEAVY = 1e3  # how much more the sums of weights count than the entries of a subgradient


def assert_subgradient(
    got: object,
    smooth: Sequence[object],
    choices: Sequence[Sequence[object]],
    scales: Sequence[object],
    names: Sequence[str],
    *,
    hint: str | None = None,
) -> Tier:
    """Raise CheckFailed unless `got` is `smooth` plus a convex combination of each choice.

    got: what the student's function returned, one value per block; a single one may come alone.
    smooth: the gradient of everything whose gradient is unique, one array per block.
    choices: one item for each maximum with ties. It holds an array per block, with one more axis in
    front: the gradients of the m functions that are the largest, (m, *shape of the block).
    scales: absolute contributions to the entries of each block, as for `assert_gradient`.
    names: of the blocks, as a student knows them.
    Returns the worst tier of the blocks. Raises GraderFault if scipy is needed and missing.
    """
    base = [np.asarray(block, dtype=np.float64) for block in smooth]
    raw = [got] if len(names) == 1 else sequence(got, len(names), f"({', '.join(names)})")
    read = [
        array(value, name, shape=block.shape) if block.ndim else np.asarray(number(value, name))
        for value, name, block in zip(raw, names, base, strict=True)
    ]
    g, fixed = _flat(read), _flat(base)
    scale = np.concatenate([floored(np.ravel(np.asarray(s, np.float64))) for s in scales])
    groups = [_flat_rows(choice) for choice in choices]
    with np.errstate(all="ignore"):
        near = nearest(g, fixed, groups, scale)
        errors = np.abs(g - near) / scale
    tier = tier_of(float(np.nan_to_num(errors, nan=np.inf).max(initial=0.0)))
    if tier is Tier.WRONG:
        raise _failure(read, near, errors, names, bool(groups), hint)
    return tier


def nearest(g: Floats, fixed: Floats, groups: Sequence[Floats], scale: Floats) -> Floats:
    """The element of fixed + sum of the groups' convex hulls nearest to g, in units of `scale`.

    g, fixed, scale (p,). groups: arrays (m, p) of gradients, one for each maximum.
    """
    centre = fixed + sum((group.mean(axis=0) for group in groups), np.zeros(len(g)))
    if not groups or not np.abs((g - centre) / scale).max(initial=0.0) <= ABSURD:
        return np.asarray(centre)
    try:
        from scipy.optimize import nnls
    except ImportError:
        raise GraderFault("scipy is missing: install the extra `staff`") from None
    vertices = np.concatenate(groups) / scale
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    heavy = HEAVY * max(1.0, float(np.abs(vertices).max()))
    sums = heavy * (owner == np.arange(len(groups))[:, None])
    target = np.concatenate([(g - fixed) / scale, np.full(len(groups), heavy)])
    weights, _ = nnls(np.concatenate([vertices.T, sums]), target)
    # Rounding and a g outside leave sums that are not quite 1: what is compared lies inside.
    total = np.bincount(owner, weights, len(groups))
    weights = weights / np.where(total > 0, total, 1.0)[owner]
    return np.asarray(fixed + scale * (weights @ vertices))


def _flat(blocks: Sequence[Floats]) -> Floats:
    return np.concatenate([np.ravel(block) for block in blocks])


def _flat_rows(choice: Sequence[object]) -> Floats:
    parts = [np.asarray(part, dtype=np.float64) for part in choice]
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def _failure(
    read: Sequence[Floats],
    near: Floats,
    errors: Floats,
    names: Sequence[str],
    ties: bool,
    hint: str | None,
) -> CheckFailed:
    worst = int(errors.argmax())
    ends = np.cumsum([block.size for block in read])
    which = int(np.searchsorted(ends, worst, side="right"))
    block, inside = read[which], worst - int(ends[which] - read[which].size)
    index = ", ".join(str(int(i)) for i in np.unravel_index(inside, block.shape))
    return CheckFailed(
        f"{names[which]}: no subgradient" if ties else f"{names[which]}: wrong values",
        expected=f"{show(float(near[worst]))}, the nearest subgradient's"
        if ties
        else show(float(near[worst])),
        got=show(float(block.ravel()[inside])),
        where=f"{names[which]}[{index}]" if block.ndim else names[which],
        hint=hint
        or (
            "Where several terms of a maximum are the largest, their weights are at least 0 and "
            "sum to 1."
            if ties
            else None
        ),
    )
