"""Judge the path of an iteration: every iterate in order, one per row, the start included.

A path is compared step by step, and the first step that departs from the rule is named: "the path
leaves the rule at step 3". The iterates before it are right, so the mistake lies in what that step
uses and the earlier ones did not.

Right code in float32 drifts away from the float64 path, and the more so the longer the path and
the more an iteration amplifies small errors. What is allowed therefore grows along the path:

    allowed_k = low * scale_k        scale_k = (1 + k / 10) max_{j <= k} |x_j|

or, where that is more, DRIFTS times what the path moves when its arguments are rounded to float32
(`sensitivity`). A wrong rule differs by a part of a step and is off by far more than either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.compare import EXACT, LOW, Floats, Tier, array, scaled_errors
from grader.checks.precision import digits_of
from grader.checks.words import show
from grader.errors import CheckFailed

GROWTH_STEPS = 10  # after so many steps, rounding may have added up to as much again
DRIFTS = 20.0
MOST_DRIFT = 1e-3  # of the path's size: beyond this the data, not the path, should be changed
FLOAT32_ROUNDING = 2.0**-24
TRIALS = 3
PATH_DIGITS = 1e-7  # what float64 keeps to, even with slopes by central differences


def assert_path(
    got: object,
    expected: object,
    name: str = "the path",
    *,
    drift: Callable[[], Floats] | None = None,
    exact: float = EXACT,
    low: float = LOW,
    hints: Mapping[int, str] | None = None,
    given: Sequence[object] | None = None,
) -> Tier:
    """Raise CheckFailed unless `got` is the path `expected`; return the tier of agreement.

    got: what the student returned: an array, or a list of iterates.
    expected: (steps + 1, d), row 0 the start.
    given: the arguments of the rule. Where float32 holds the arrays among them, a path that is not
    one of float32 is judged to PATH_DIGITS.
    drift: gives (steps + 1,), how far float32 may move each iterate: see `sensitivity`. It is
    called only where `got` agrees less well than `low` says.
    hints: by step, what to look at where the path departs there; 0 is the start. The hint of
    the last step that is not after the departure is taken.

    Fails in words for a path that is too short or too long (which end is missing), that does not
    begin at the start, or that leaves the rule.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    read = read_path(got, wanted, name)
    scale = path_scale(wanted)
    errors = scaled_errors(read, wanted, scale)
    if given is not None:
        low = digits_of(read, single=low, double=PATH_DIGITS, given=given)
        drift = None if low == PATH_DIGITS else drift
    if np.all(errors <= exact):
        return Tier.EXACT
    if np.all(errors <= low):
        return Tier.LOW_PRECISION
    allowed = np.full(len(wanted), low)
    if drift is not None:
        allowed = np.maximum(allowed, drift() / scale[:, 0])
    departed = np.flatnonzero((errors > allowed[:, None]).any(axis=1))
    if not departed.size:
        return Tier.LOW_PRECISION
    raise _departure(read, wanted, int(departed[0]), name, hints or {})


def read_path(got: object, expected: object, name: str = "the path") -> Floats:
    """`got` as a float64 array of the shape of `expected`, (steps + 1, d); NaN may stand in it.

    Raises CheckFailed for anything else. A wrong number of iterates is told as such: which are
    there, and which end is missing.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    read: Floats = array(got, name, finite=False)
    count, d = wanted.shape
    if read.ndim == 2 and read.shape[1] == d and len(read) != count:
        raise _wrong_length(read, wanted, name)
    return array(got, name, shape=(count, d), finite=False)


def path_scale(expected: Floats) -> Floats:
    """What rounding errors are measured against, (steps + 1, 1): it grows along the path."""
    size = np.maximum.accumulate(np.abs(expected).max(axis=1))
    top = float(size.max(initial=0.0))
    size = np.maximum(size, 1e-3 * top) if top > 0 else np.ones(len(expected))
    grown: Floats = size * (1 + np.arange(len(expected)) / GROWTH_STEPS)
    return grown[:, None]


def sensitivity(
    follow: Callable[..., Any], args: Sequence[Any], rng: np.random.Generator
) -> Floats:
    """How far float32 may move each iterate of a path, (steps + 1,).

    follow: the trusted rule, `follow(*args)` -> (steps + 1, d). Its array arguments are moved, by
    rounding to float32 on average, TRIALS times. The largest move up to each iterate, times
    DRIFTS, is what is allowed there, since every step rounds again.

    It is at most MOST_DRIFT of the path's size, so that an iteration that amplifies everything
    does not make every path right.
    """
    right = np.asarray(follow(*args), dtype=np.float64)
    moved = np.zeros(len(right))
    for _ in range(TRIALS):
        other = np.asarray(follow(*(_moved(arg, rng) for arg in args)), dtype=np.float64)
        moved = np.maximum(moved, np.abs(other - right).max(axis=1))
    allowed = DRIFTS * np.maximum.accumulate(moved)
    bound: Floats = np.minimum(allowed, MOST_DRIFT * path_scale(right)[:, 0])
    return bound


def _moved(arg: Any, rng: np.random.Generator) -> Any:
    if not isinstance(arg, np.ndarray) or arg.dtype.kind != "f":
        return arg
    noise: Floats = np.asarray(rng.uniform(-1, 1, size=arg.shape))
    if arg.ndim == 2 and arg.shape[0] == arg.shape[1] and np.array_equal(arg, arg.T):
        noise = (noise + noise.T) / 2  # a symmetric matrix stays one
    return arg * (1 + FLOAT32_ROUNDING * noise)


def _wrong_length(read: Floats, wanted: Floats, name: str) -> CheckFailed:
    count, have = len(wanted), len(read)
    hint = f"{count - 1} steps make {count} iterates: the start, and one after each step."
    if have == count - 1 and have and _near(read, wanted[1:]):
        hint = "The start is missing; the rest is right."
    elif have == count - 1 and have and _near(read, wanted[:-1]):
        hint = "The last iterate is missing; the rest is right."
    elif have > count and _near(read[:count], wanted):
        hint = f"The first {count} are right, and should be all."
    elif 0 < have < count and _near(read, wanted[:have]):
        hint = f"The first {have} are right. All the steps are to be taken, whatever happens."
    return CheckFailed(
        f"{name} has {have} iterate{'' if have == 1 else 's'}, expected {count}",
        expected=f"shape {wanted.shape}",
        got=f"shape {read.shape}",
        hint=hint,
    )


def _near(read: Floats, wanted: Floats) -> bool:
    return bool(np.all(np.abs(read - wanted) <= LOW * path_scale(wanted)))


def _departure(
    read: Floats, wanted: Floats, step: int, name: str, hints: Mapping[int, str]
) -> CheckFailed:
    hint = next((hints[k] for k in sorted(hints, reverse=True) if k <= step), None)
    if len(read) > 1 and (read == read[0]).all():
        message = f"{name} never moves: all of its rows are the same"
        if step == 0:
            hint = "Each row needs an array of its own: one changed in place stands in all rows."
    elif step == 0:
        message = f"{name} does not begin at the start"
        hint = hints.get(0, "Row 0 is the point that was given.")
    else:
        message = f"{name} leaves the rule at step {step}"
        if step > 1:
            right = {2: "step 1 is", 3: "steps 1 and 2 are"}
            message += f": {right.get(step, f'steps 1 to {step - 1} are')} right"
    if not np.isfinite(read[step]).all():
        hint = "Look for a division by 0 and for the root of a negative number."
    return CheckFailed(
        message,
        expected=show(wanted[step]),
        got=show(read[step]),
        where=f"row {step}",
        hint=hint,
    )
