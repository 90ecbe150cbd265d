"""Judge a subgradient of a linear SVM's objective: every element of the subdifferential is right.

    f(w, b) = 1/2 |w|^2 + C sum_i max(0, 1 - m_i),     m_i = y_i (w.x_i + b)

The subdifferential is a box seen through a linear map: an example with m_i < 1 contributes
-C y_i (x_i, 1), one with m_i > 1 nothing, and one with m_i = 1, at its kink, a_i times that for
any a_i in [0, 1]. Whether g is such a sum is a least-squares problem with bounds, solved exactly.
Random points y with f(y) >= f(x) + g.(y - x) prove nothing of the kind: a g that is off by one
part in ten thousand passes them all.

Errors are measured entry by entry in units of the absolute contributions, as in
`grader.checks.gradient`. A kink is met where a margin equals 1 to rounding: float64's rounding
first, then float32's, because a float32 submission sees margins with that error only.

scipy is imported only where several examples are at their kinks at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.checks.compare import Floats, Tier, array, floored, number, pair, tier_of
from grader.checks.words import show
from grader.errors import CheckFailed, GraderFault

Bools = NDArray[np.bool_]

EPS = 2.0**-52
EPS_FLOAT32 = 2.0**-23
KINK = 8.0  # roundings that a margin may have met
NEAR = 1e-6  # margins up to 1 + NEAR count in the scale of errors
ABSURD = 1e12  # in units of the scale: wrong, and its square may overflow
STEPS = 10.0 ** np.arange(1, -8, -1)
CLEARLY = 1e-13  # a violated inequality is shown where it is violated by more than rounding


@dataclass(frozen=True)
class Violation:
    """A point that proves that g is not a subgradient.

    w (d,), b: the point. value: the objective there. bound: what the plane f(x) + g.(y - x) says
    there; it is above `value`, and a subgradient's never is.
    """

    w: Floats
    b: float
    value: float
    bound: float


@dataclass(frozen=True)
class HingeObjective:
    """A linear SVM's objective at one point. w (d,), X (n, d), y (n,) of -1 and 1, C positive."""

    w: Floats
    b: float
    X: Floats
    y: Floats
    C: float

    def value(self, w: Floats, b: float) -> float:
        """The objective at any (w, b)."""
        loss = np.maximum(0.0, 1.0 - self.y * (self.X @ w + b)).sum()
        return float(0.5 * (w @ w) + self.C * loss)

    def margins(self) -> Floats:
        """m_i = y_i (w.x_i + b), (n,)."""
        return np.asarray(self.y * (self.X @ self.w + self.b))

    def kinks(self, eps: float) -> Bools:
        """Which margins equal 1 to the rounding of numbers with relative precision eps."""
        sizes = np.abs(self.X) @ np.abs(self.w) + abs(self.b) + 1.0
        return np.asarray(np.abs(self.margins() - 1.0) <= KINK * eps * sizes)

    def scale(self) -> tuple[Floats, Floats]:
        """Absolute contributions to the entries of (gw, gb): (d,) and (1,), all positive."""
        active = self.margins() <= 1.0 + NEAR
        gw = np.abs(self.w) + self.C * np.abs(self.X[active]).sum(axis=0)
        return floored(gw), floored(np.array([self.C * active.sum()]))

    def nearest(self, g: Floats, eps: float) -> Floats:
        """The element of the subdifferential nearest to g, (d + 1,), in units of the scale.

        Raises GraderFault if scipy is needed and not installed.
        """
        at_kink = self.kinks(eps)
        each = -self.C * self.y[:, None] * np.column_stack([self.X, np.ones(len(self.y))])
        base = each[(self.margins() < 1.0) & ~at_kink].sum(axis=0)
        base[:-1] += self.w
        scale = np.concatenate(self.scale())
        columns, target = (each[at_kink] / scale).T, (g - base) / scale
        weights = _weights(columns, target)
        return np.asarray(base + scale * (columns @ weights))

    def errors(self, g: Floats, nearest: Floats) -> Floats:
        """How far g is from `nearest`, entry by entry, in units of the scale, (d + 1,)."""
        return np.asarray(np.abs(g - nearest) / np.concatenate(self.scale()))

    def violation(self, g: Floats, nearest: Floats) -> Violation | None:
        """A point below the plane that g claims to support the objective with.

        From the point in the direction of g - nearest, turned by the scale, the objective rises
        more slowly than g says, because `nearest` is a projection. None if rounding hides it.
        """
        scale = np.concatenate(self.scale())
        turned = (g - nearest) / scale**2
        length = float(np.linalg.norm(turned))
        if not (np.isfinite(length) and length > 0):
            return None
        here, best, found = self.value(self.w, self.b), CLEARLY, None
        for step in STEPS:
            move = step / length * turned
            w, b = self.w + move[:-1], self.b + float(move[-1])
            value, bound = self.value(w, b), here + float(g @ move)
            # NaN where g is so large that this overflows.
            gap = (bound - value) / (1.0 + abs(value) + abs(bound))
            if gap > best:
                best, found = gap, Violation(w, b, value, bound)
        return found


def assert_hinge_subgradient(
    got: object,
    w: object,
    b: float,
    X: object,
    y: object,
    C: float,
    *,
    names: tuple[str, str] = ("gw", "gb"),
    hint: str | None = None,
) -> Tier:
    """Raise CheckFailed unless `got` is a subgradient of the objective at (w, b); return its tier.

    got: what the student's function returned, two blocks of shapes (d,) and ().
    w (d,), b, X (n, d), y (n,) of -1 and 1, C: the arguments it was called with.
    names: of the blocks, as a student knows them.
    The message shows a point where the inequality that defines a subgradient is violated.
    """
    arrays = [np.asarray(value, dtype=np.float64) for value in (w, X, y)]
    point = HingeObjective(arrays[0], float(b), arrays[1], arrays[2], float(C))
    raw_gw, raw_gb = pair(got, names)
    gw = array(raw_gw, names[0], shape=point.w.shape)
    g = np.append(gw, number(raw_gb, names[1]))
    with np.errstate(all="ignore"):
        for eps in (EPS, EPS_FLOAT32):
            error = float(point.errors(g, point.nearest(g, eps)).max())
            tier = tier_of(error)
            if tier is not Tier.WRONG:
                return tier if eps == EPS else Tier.LOW_PRECISION
        raise _failure(point, g, names, hint)


def _weights(columns: Floats, target: Floats) -> Floats:
    """The a in [0, 1] that bring columns @ a nearest to target."""
    count = columns.shape[1]
    if count == 0 or not np.abs(target).max() <= ABSURD:
        return np.zeros(count)
    if count == 1:
        along = columns[:, 0]
        return np.asarray([np.clip(along @ target / (along @ along), 0.0, 1.0)])
    try:
        from scipy.optimize import lsq_linear
    except ImportError:
        raise GraderFault("scipy is missing: install the extra `staff`") from None
    # The default tolerance stops at a residual that is too large for the tier "exact".
    solved = lsq_linear(columns, target, bounds=(0.0, 1.0), method="bvls", tol=1e-20)
    return np.asarray(solved.x, dtype=np.float64)


def _failure(
    point: HingeObjective, g: Floats, names: tuple[str, str], hint: str | None
) -> CheckFailed:
    nearest = point.nearest(g, EPS)
    errors = point.errors(g, nearest)
    wrong = [tier_of(float(part.max())) is Tier.WRONG for part in (errors[:-1], errors[-1:])]
    who = " and ".join(name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong)
    message = f"{who}: no subgradient of the objective"
    shown = point.violation(g, nearest)
    if shown is not None:
        message += (
            f". At w = {show(shown.w, 5)}, b = {shown.b:.5g} the objective is {shown.value:.6g}; "
            f"a subgradient would promise at least {shown.bound:.6g} there"
        )
    if point.kinks(EPS).any():
        return CheckFailed(
            message,
            expected="the margins below 1 count once, those above 1 not at all, and each that "
            f"is 1 with one weight from 0 to 1, the same in {names[0]} and {names[1]}",
            got=f"{names[0]} = {show(g[:-1], 5)}, {names[1]} = {g[-1]:.6g}",
            hint=hint,
        )
    worst = int(errors.argmax())
    if hint is None and not all(wrong):
        hint = f"{names[wrong.index(False)]} is right."
    return CheckFailed(
        message,
        expected=show(float(nearest[worst])),
        got=show(float(g[worst])),
        where=names[1] if worst == len(g) - 1 else f"{names[0]}[{worst}]",
        hint=hint,
    )
