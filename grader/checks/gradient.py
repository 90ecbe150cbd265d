"""Judge a gradient: against the reference's, or against the slope of the student's own loss.

Against the reference (`assert_gradient`) the error of every entry is measured in units of A, the
sum of the absolute contributions to that entry. Rounding grows with A and not with the entry
itself, which may be small because large terms cancel; an error in units of A is therefore about
1e-14 for right float64 code and 1e-5 for float32, whatever the data.

Against the student's own loss (`assert_own_gradient`) the slope comes from Ridders' method:
central differences at steps h, h/2, ..., h/64, extrapolated to step 0, with an estimate of the
error (C. Ridders, Advances in Engineering Software 4, 1982). It needs no reference and says
nothing about the loss itself, so compare the loss with worked numbers first.

Both hold for float32 as they are. Half precision, which an author has to allow (`dtype`), leaves
Ridders' small steps nothing but rounding; there the slope is fitted over sixteen long ones.
Measured on six functions (least squares, logistic, softmax, a tanh layer, a quadratic, an
exponential), each rounded after every step, at 12 or 20 random points: right gradients accepted 72
of 72 (float32), 119 of 120 (float16), 69 of 72 (bfloat16; the three are of the tanh layer);
gradients that are zero, of the opposite sign, or twice or 1.5 times the right one refused, all of
them; ten percent too much refused always in float32, 118 of 120 times in float16 and 49 of 72 in
bfloat16.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from grader.checks.compare import (
    LOW,
    Floats,
    Tier,
    array,
    floored,
    number,
    scaled_errors,
    sequence,
    tier_of,
)
from grader.checks.words import show
from grader.errors import CheckFailed

NOISY = 1e-7  # relative bounds of slopes of float64 code are about 1e-9
LEVELS = 7
FIRST_STEP = 0.05  # relative to the size of what is moved
LEAST_SIZE = 0.1  # of an entry, relative to the root mean square of its block
MOST_COORDINATES = 16  # of a block with more entries no message names one
UNJUDGED = 0.05  # a slope whose error bound exceeds this part of its size says nothing

Precision = Literal["float32", "float16", "bfloat16"]
_EPS: Mapping[str, float] = {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
# Of half precision: many long steps, over which rounding is small beside what changes; how many
# standard errors a fitted slope may be off; and a right gradient, in units of its eps.
HALF_STEP: Mapping[str, float] = {"float16": 0.2, "bfloat16": 0.5}
HALF_LEVELS, HALF_UNJUDGED, HALF_SIGMAS, HALF_SLACK = 16, 0.4, 4.0, 4.0


class Remote(Protocol):
    """A function of the student that answers many calls in one message."""

    def map(self, calls: list[tuple[Any, ...]], /) -> list[Any]: ...


@dataclass(frozen=True)
class Slope:
    """The slope of a function along one direction.

    value: the slope. bound: the truth is within this of it. kink: the function bends here, so
    that it has no slope; value and bound then say nothing.
    """

    value: float
    bound: float
    kink: bool


@dataclass(frozen=True)
class _Line:
    """A direction in which one block of the point is moved, and the entry it stands for."""

    block: int
    direction: Floats
    first_step: float
    index: tuple[int, ...] | None


def assert_gradient(
    got: object,
    expected: Sequence[object],
    scales: Sequence[object],
    names: Sequence[str],
    *,
    hint: str | None = None,
    dtype: Precision = "float32",
) -> Tier:
    """Raise CheckFailed unless `got` is the gradient; return the worst tier of its blocks.

    got: what the student's function returned, one value per block: `(dW, db)`. A single block
    may come alone, not in a tuple.
    expected, scales: the reference's blocks and the absolute contributions to their entries, of
    the same shapes. An entry of a scale counts as at least 1e-6 of the largest of its block, so
    that an entry to which nothing contributes is not divided by zero.
    names: of the blocks, as a student knows them. dtype: the least precise numbers whose gradient
    is right.
    """
    low = _slack(dtype)
    blocks = [got] if len(names) == 1 else sequence(got, len(names), _tuple_of(names))
    tier, right = Tier.EXACT, []
    failure: CheckFailed | None = None
    for raw, wanted, scale, name in zip(blocks, expected, scales, names, strict=True):
        try:
            tier = max(
                tier, _judge_block(raw, np.asarray(wanted, np.float64), scale, name, hint, low)
            )
            right.append(name)
        except CheckFailed as exc:
            failure = failure or exc
    if failure is not None:
        if failure.hint is None and right:
            failure.hint = f"{' and '.join(right)} {'is' if len(right) == 1 else 'are'} right."
        raise failure
    return tier


def assert_own_gradient(
    loss: Remote,
    got: object,
    point: Sequence[object],
    call: Callable[..., tuple[Any, ...]],
    *,
    names: Sequence[str],
    loss_name: str,
    rng: np.random.Generator,
    directions: int = 3,
    dtype: Precision = "float32",
) -> None:
    """Raise CheckFailed unless `got` is the gradient of the student's own `loss` at `point`.

    loss: the student's function. All its values are asked for in one message.
    got: what the student's gradient returned, one value per block.
    point: one array or number per block, of the size at which the loss varies.
    call: the arguments of `loss` for given blocks: `lambda W, b: (W, b, X, y)`.
    directions: random directions per block. A failure is told by its entry where a block has at
    most 16 of them. dtype: the least precise numbers in which loss and gradient may be computed.

    Fails as well where the loss ignores a block, is not deterministic, or is too rough near the
    point for a slope. Compare the loss with known values before: a loss that is wrong and a
    gradient that fits it pass.
    """
    blocks = [np.asarray(block, dtype=np.float64) for block in point]
    raw = [got] if len(names) == 1 else sequence(got, len(names), _tuple_of(names))
    claims = [
        array(value, name, shape=block.shape) if block.ndim else np.asarray(number(value, name))
        for value, name, block in zip(raw, names, blocks, strict=True)
    ]
    judge = _Judge(loss, call, blocks, claims, names, loss_name, dtype)
    numbered = list(enumerate(blocks))
    with np.errstate(all="ignore"):  # values of 1e308 overflow; no bound then holds
        try:
            lines = [line for b, x in numbered for line in _random_lines(b, x, directions, rng)]
            judge.along(lines)
        except CheckFailed:
            # Few directions settle whether it is right; where it is wrong takes every entry.
            entries = [line for b, x in numbered for line in _entry_lines(b, x)]
            if entries:
                judge.along(entries)
            raise


@dataclass(frozen=True)
class _Judge:
    """What `assert_own_gradient` was given, read."""

    loss: Remote
    call: Callable[..., tuple[Any, ...]]
    blocks: list[Floats]
    claims: list[Floats]
    names: Sequence[str]
    loss_name: str
    dtype: Precision

    def along(self, lines: list[_Line]) -> None:
        """Raise CheckFailed unless the claims are the slopes along `lines`."""
        parts: Floats = 0.5 ** np.arange(LEVELS, dtype=np.float64)
        if self.dtype != "float32":
            parts = np.arange(HALF_LEVELS, 0, -1) / HALF_LEVELS
            longer = HALF_STEP[self.dtype] / FIRST_STEP
            lines = [replace(line, first_step=longer * line.first_step) for line in lines]
        values = _values(self.loss, self.blocks, lines, self.call, self.loss_name, parts)
        centre, around = values[0], values[2:].reshape(len(lines), len(parts), 2)
        if values[1] != centre:
            raise CheckFailed(
                f"{self.loss_name} gives different values for the same arguments",
                expected=show(float(centre)),
                got=show(float(values[1])),
                hint="It must not depend on random numbers or on earlier calls.",
            )
        eps = _eps_of(values, self.dtype)
        if self.dtype == "float32":
            slopes = self._slopes(lines, around, float(centre), eps)
            if _median([slope.bound / (abs(slope.value) or 1.0) for slope in slopes]) > NOISY:
                # Smooth float64 code does better: some of it was computed in float32.
                slopes = self._slopes(lines, around, float(centre), 2.0**-23)
        else:
            steps = [line.first_step * parts for line in lines]
            slopes = [fitted(*pair, eps=eps) for pair in zip(around, steps, strict=True)]
        for b, (claim, name) in enumerate(zip(self.claims, self.names, strict=True)):
            mine = [i for i, line in enumerate(lines) if line.block == b]
            if mine and np.all(around[mine] == centre):
                raise CheckFailed(
                    f"{self.loss_name} does not change with what {name} is the gradient for",
                    hint=f"Does {self.loss_name} use all of its arguments?",
                )
            if mine:
                along, slope = [lines[i] for i in mine], [slopes[i] for i in mine]
                point = self.blocks[b]
                _judge_slopes(claim, along, slope, name, self.loss_name, self.dtype, point)

    @staticmethod
    def _slopes(lines: list[_Line], around: Floats, centre: float, eps: float) -> list[Slope]:
        return [
            ridders(around[i], centre, line.first_step, eps=eps) for i, line in enumerate(lines)
        ]


def ridders(values: Floats, centre: float, first_step: float, *, eps: float = 2**-52) -> Slope:
    """The slope at 0 of a function of one variable, by Ridders' method.

    values: (levels, 2), the function at (+h, -h) for h = first_step / 2**level. centre: at 0.
    eps: the relative rounding error of the values.
    """
    levels = len(values)
    steps = first_step * 0.5 ** np.arange(levels)
    size = max(abs(centre), float(np.abs(values).max()))
    table = np.full((levels, levels), np.nan)
    table[0] = (values[:, 0] - values[:, 1]) / (2 * steps)
    best, error = float(table[0, 0]), np.inf
    for order in range(1, levels):
        for i in range(order, levels):
            better, worse = table[order - 1, i], table[order - 1, i - 1]
            table[order, i] = better + (better - worse) / (4.0**order - 1)
            guess = max(abs(table[order, i] - better), abs(table[order, i] - worse))
            guess += 4 * eps * size / steps[i]
            if guess <= error:
                best, error = float(table[order, i]), float(guess)
    # The estimate itself may be too small; ten times it held in 20,000 trials of 20,000.
    return Slope(best, 10 * error + 1e-12 * abs(best), _has_kink(values, centre, size, eps))


def fitted(values: Floats, steps: Floats, *, eps: float) -> Slope:
    """The slope at 0 of a function of one variable whose values are rounded coarsely.

    A least squares fit of a h + b h^3 to the odd part of the function, in which roundings average
    out. values: (m, 2), the function at +h and -h for each of `steps`. eps: of the values' dtype.
    """
    odd = (values[:, 0] - values[:, 1]) / 2
    basis = np.stack([steps, steps**3], axis=1) / steps.max() ** np.array([1, 3])
    found, *_ = np.linalg.lstsq(basis, odd, rcond=None)
    left = odd - basis @ found
    # Two roundings of at most eps / 2 each, halved; a function that does not fit is off by more.
    noise = eps * float(np.abs(values).max()) / np.sqrt(6) / 2
    spread = max(noise, float(np.sqrt((left**2).sum() / (len(steps) - 2))))
    error = spread * float(np.sqrt(np.linalg.inv(basis.T @ basis)[0, 0]))
    return Slope(float(found[0]) / steps.max(), HALF_SIGMAS * error / steps.max(), kink=False)


def _has_kink(values: Floats, centre: float, size: float, eps: float) -> bool:
    """Does the function bend within the smallest steps?

    For a smooth function the second difference c(h) falls as h squared; across a kink as h.
    """
    second = values.sum(axis=1) - 2 * centre
    for i in (-3, -2):
        excess = abs(second[i] - 4 * second[i + 1])
        if excess <= max(512 * eps * size, 256 * eps * size + 0.2 * abs(second[i + 1])):
            return False
    return True


def _entry_lines(block: int, x: Floats) -> list[_Line]:
    """One line for each entry of a small block, none for a large one."""
    if x.size > MOST_COORDINATES:
        return []
    lines, sizes = [], _sizes(x)
    for index in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[index] = 1.0
        lines.append(_Line(block, unit, FIRST_STEP * float(sizes[index]), index))
    return lines


def _random_lines(block: int, x: Floats, count: int, rng: np.random.Generator) -> list[_Line]:
    drawn = rng.normal(size=(count, *x.shape))
    return [_Line(block, v * _sizes(x), FIRST_STEP, None) for v in drawn]


def _sizes(x: Floats) -> Floats:
    """By how much each entry is moved: in proportion to itself.

    So the weights of features that are measured in different units are moved alike.
    """
    rms = float(np.sqrt(np.mean(x**2)))
    return np.maximum(np.abs(x), LEAST_SIZE * rms) if rms > 0 else np.ones(x.shape)


def _values(
    loss: Remote,
    blocks: list[Floats],
    lines: list[_Line],
    call: Callable[..., tuple[Any, ...]],
    loss_name: str,
    parts: Floats,
) -> Floats:
    """The loss at the point, again at the point, then at +-h for every line and level."""
    calls = [_arguments(call, blocks), _arguments(call, blocks)]
    for line in lines:
        for part in parts:
            for sign in (1.0, -1.0):
                moved = list(blocks)
                step = sign * line.first_step * part
                moved[line.block] = blocks[line.block] + step * line.direction
                calls.append(_arguments(call, moved))
    answers = loss.map(calls)
    return np.array([number(answer, f"{loss_name}(...)") for answer in answers])


def _median(values: Sequence[float]) -> float:
    """np.median imports masked arrays, which takes longer than a whole check."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _arguments(call: Callable[..., tuple[Any, ...]], blocks: list[Floats]) -> tuple[Any, ...]:
    return call(*(block.copy() if block.ndim else float(block) for block in blocks))


def _eps_of(values: Floats, dtype: Precision) -> float:
    # A float that is also a float32, every time, was computed as one.
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
        if not bool(np.all(narrow.astype(np.float64) == values)):
            return 2.0**-52
        if dtype == "float16" and bool(np.all(narrow.astype(np.float16) == narrow)):
            return _EPS[dtype]
        if dtype == "bfloat16" and not (narrow.view(np.uint32) & 0xFFFF).any():
            return _EPS[dtype]
    return 2.0**-23


def _slack(dtype: Precision) -> float:
    """How far a right gradient may be off, relative to what it is made of."""
    return LOW if dtype == "float32" else HALF_SLACK * _EPS[dtype]


def _judge_slopes(
    claim: Floats,
    lines: list[_Line],
    slopes: list[Slope],
    name: str,
    loss_name: str,
    dtype: Precision,
    point: Floats,
) -> None:
    claimed = np.array([float(np.sum(claim * line.direction)) for line in lines])
    measured = np.array([slope.value for slope in slopes])
    bounds = np.array([slope.bound for slope in slopes])
    sizes = np.array([float(np.sum(np.abs(claim * line.direction))) for line in lines])
    sound = np.array([not slope.kink for slope in slopes]) & np.isfinite(bounds)
    top = float(max(np.abs(measured[sound]).max(initial=0.0), sizes.max(initial=0.0)))
    sound &= bounds <= (UNJUDGED if dtype == "float32" else HALF_UNJUDGED) * top
    if not sound.any():
        raise CheckFailed(
            f"{loss_name} is too rough near this point for a slope",
            hint=f"Nearby points should give nearby values: does {loss_name} round or use noise?",
        )
    allowed = bounds + _slack(dtype) * np.maximum(sizes, top)
    if dtype != "float32":
        # The function rounds the point too, and so steps not quite where it was told to.
        rounded = _EPS[dtype] * float(np.abs(claim * point).sum())
        allowed += np.array([rounded / line.first_step for line in lines])
    excess = np.where(sound, np.abs(claimed - measured) / allowed, 0.0)
    worst = int(excess.argmax())
    if excess[worst] <= 1:
        return
    index = lines[worst].index
    raise CheckFailed(
        f"{name} is not the gradient of your {loss_name}",
        expected=f"{show(float(measured[worst]))}, the slope of your {loss_name}",
        got=show(float(claimed[worst])),
        where=_place(name, index) if index is not None else "along a random direction",
        hint=_factor(claimed[sound], measured[sound], allowed[sound], name, loss_name),
        factor=float(claimed[sound] @ measured[sound] / (measured[sound] @ measured[sound])),
    )


def _factor(
    claimed: Floats, measured: Floats, allowed: Floats, name: str, loss_name: str
) -> str | None:
    """Says so where the claim is the slope times one number."""
    if not np.any(np.abs(claimed) > allowed):
        return f"{name} is zero, while {loss_name} changes."
    factor = float(claimed @ measured / (measured @ measured))
    off = np.abs(claimed - factor * measured) > 2 * allowed
    if len(claimed) < 2 or off.any() or abs(factor - 1) < 0.01:
        return f"Either {name} or {loss_name} is wrong: work one example out by hand."
    if abs(factor + 1) < 1e-3:
        return f"{name} has the opposite sign."
    return f"{name} is {factor:.4g} times the slope, everywhere."


def _judge_block(
    raw: object, wanted: Floats, scale: object, name: str, hint: str | None, low: float
) -> Tier:
    if wanted.ndim:
        read: Floats = array(raw, name, shape=wanted.shape)
    else:
        read = np.asarray(number(raw, name))
    errors = scaled_errors(read, wanted, floored(scale))
    if not errors.size:
        return Tier.EXACT
    tier = tier_of(float(errors.max()), low=low)
    if tier is Tier.WRONG:
        index = tuple(int(i) for i in np.unravel_index(int(errors.argmax()), errors.shape))
        raise CheckFailed(
            f"{name}: wrong values",
            expected=show(float(wanted[index])),
            got=show(float(read[index])),
            where=_place(name, index),
            hint=hint,
        )
    return tier


def _tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)})"


def _place(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]" if index else name
