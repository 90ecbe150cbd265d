"""Read and compare what a student's function returned.

A returned value may be anything: None, a list where an array was asked for, text, a handle for an
object that cannot travel. The readers (`number`, `array`, `labels`, `sequence`, `pair`) turn it
into a plain float or array where its meaning is plain, and raise CheckFailed where it is not.
Nothing here raises another exception because of a student's value.

Comparing has three tiers. With e = max |got - expected| / scale:

    e <= 1e-10   exact
    e <= 1e-5    low precision: what float32 gives; full points
    otherwise    wrong
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.checks.odd_values import hint_for, odd_leaf
from grader.checks.words import describe, shape_text, shape_words, show
from grader.errors import CheckFailed, StudentFault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT = 1e-10
LOW = 1e-5

SEEN_IN_6 = 1e-4  # a larger error shows itself in six digits
_NOT_FINITE = {
    "nan": "nan comes of 0 / 0, inf / inf, inf - inf or 0 * inf. exp of a large number is inf, "
    "log of 0 is -inf.",
    "inf": "exp of a large number is inf, and so is a division by 0.",
    "-inf": "log of 0 is -inf.",
}
_SHOWN_WHOLE = 6  # arrays up to this size stand in a message whole


class Tier(IntEnum):
    """How well two values agree. A larger value is worse, so `max` of several is their tier."""

    EXACT = 0
    LOW_PRECISION = 1
    WRONG = 2


def tier_of(error: float, *, exact: float = EXACT, low: float = LOW) -> Tier:
    """The tier of a scaled error; NaN is wrong."""
    if error <= exact:
        return Tier.EXACT
    return Tier.LOW_PRECISION if error <= low else Tier.WRONG


def require(
    condition: bool | np.bool_,
    message: str,
    *,
    expected: str | None = None,
    got: str | None = None,
    where: str | None = None,
    hint: str | None = None,
) -> None:
    """Raise CheckFailed with `message` unless `condition` holds."""
    if not condition:
        raise CheckFailed(message, expected=expected, got=got, where=where, hint=hint)


def number(value: object, name: str = "the result", *, finite: bool = True) -> float:
    """`value` as a float.

    Accepts Python and numpy numbers, bools and 0-d arrays. Raises CheckFailed for everything
    else, and for NaN and infinity unless `finite` is False.
    """
    if type(value) is float and math.isfinite(value):
        return value  # by far the most common, and some checks read thousands
    read = _numeric(value, name, "a number")
    if read.ndim:
        raise CheckFailed(
            f"{name} has shape {read.shape}, expected a single number",
            expected="a single number",
            got=f"shape {read.shape}",
            hint="Return one number, not an array.",
        )
    if finite:
        _require_finite(read, name)
    return float(read)


def integer(value: object, name: str = "the result") -> int:
    """`value` as an int. Accepts what `number` accepts, where it is a whole number."""
    read = number(value, name)
    if not read.is_integer():
        raise CheckFailed(f"{name} is not an integer", expected="an integer", got=show(read))
    return int(read)


def array(
    value: object,
    name: str = "the result",
    *,
    shape: tuple[int | None, ...] | None = None,
    kind: Literal["float", "int"] = "float",
    finite: bool = True,
    hint: str | None = None,
) -> NDArray[Any]:
    """`value` as a new float64 (kind "float") or int64 (kind "int") array.

    shape: the shape that is asked for, None for a free length; None as a whole asks for nothing.
    hint: for numbers that are not whole where they must be.
    Accepts lists, tuples, nested ones too, every real dtype, bools as 0 and 1, and for kind "int"
    floats that are whole numbers. Raises CheckFailed for everything else, and for NaN and
    infinity unless `finite` is False.
    """
    read = _numeric(value, name, "an array of numbers")
    if shape is not None:
        _require_shape(read, name, shape)
    if kind not in ("float", "int"):
        raise ValueError(f"kind is {kind!r}; give 'float' or 'int'")
    if kind == "int":
        return _whole(read, name, hint)
    floats = read.astype(np.float64)
    if finite:
        _require_finite(floats, name)
    return floats


def labels(value: object, n: int, k: int, name: str = "the labels") -> Ints:
    """`value` as n class labels, integers from 0 to k - 1."""
    meaning = f"A label is the number of a class, from 0 to {k - 1}."
    read: Ints = array(value, name, shape=(n,), kind="int", hint=meaning)
    outside = np.flatnonzero((read < 0) | (read >= k))
    if outside.size:
        first = int(outside[0])
        raise CheckFailed(
            f"{name}: not all between 0 and {k - 1}",
            expected=f"integers from 0 to {k - 1}",
            got=str(read[first]),
            where=f"[{first}]",
            hint="Classes are numbered from 0.",
        )
    return read


def sequence(value: object, n: int, name: str = "the result") -> list[Any]:
    """`value` as a list of n items, which are not looked at.

    Accepts a tuple, a list, and an array whose first axis has n entries.
    """
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        items = list(value)
    else:
        raise CheckFailed(
            f"{name}: expected {n} values, got {describe(value)}",
            expected=f"{n} values",
            got=describe(value),
            hint=hint_for(value),
        )
    if len(items) != n:
        raise CheckFailed(
            f"{name}: expected {n} values, got {describe(value)}",
            expected=f"{n} values",
            got=describe(value),
            hint=_form_of(name, len(items) > n),
        )
    return items


def _form_of(name: str, too_many: bool) -> str:
    """How to return several values, of which some may be tuples of their own: `f, (dx, dy)`."""
    if too_many and name.startswith("(") and name.count("(") > 1:
        return f"Some of them belong together, in a tuple of their own: {name}."
    return "Return them all, in this order, with commas between them."


def pair(value: object, names: tuple[str, str]) -> tuple[Any, Any]:
    """`value` as two items, which are not looked at: `return dW, db`."""
    first, second = sequence(value, 2, f"({names[0]}, {names[1]})")
    return first, second


def assert_close(
    got: object,
    expected: object,
    name: str = "the result",
    *,
    scale: object = None,
    exact: float = EXACT,
    low: float = LOW,
    hint: str | None = None,
) -> Tier:
    """Raise CheckFailed unless `got` agrees with `expected`; return the tier of agreement.

    got: the student's value, as it came. expected: a number or an array; its shape is asked for.
    scale: what an error is measured against, a number or an array of the shape of `expected`
    (entries must be positive). Left out, it is max |expected|, or 1 where that is 0: entries far
    smaller than the largest are then hardly judged, so give a scale where sizes differ much.
    Infinite entries of `expected` must be met exactly.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    read: Floats
    finite = bool(np.isfinite(wanted).all())
    if wanted.ndim:
        read = array(got, name, shape=wanted.shape, finite=finite)
    else:
        read = np.asarray(number(got, name, finite=finite))
    errors = scaled_errors(read, wanted, scale)
    if not errors.size:
        return Tier.EXACT
    tier = tier_of(float(errors.max()), exact=exact, low=low)
    if tier is Tier.WRONG:
        raise _wrong_values(read, wanted, errors, low, name, hint)
    return tier


def assert_labels(
    got: object, scores: object, name: str = "the labels", *, hint: str | None = None
) -> None:
    """Raise CheckFailed unless every label is one of the best classes.

    scores: (n, k), larger is better. A class within 1e-6 of the best score of its row, relative to
    the largest score of the row, counts as tied: any of them is right.
    """
    table = np.asarray(scores, dtype=np.float64)
    n, k = table.shape
    read = labels(got, n, k, name)
    best = table.max(axis=1)
    slack = 1e-6 * np.maximum(np.abs(table).max(axis=1), 1.0)
    wrong = np.flatnonzero(table[np.arange(n), read] < best - slack)
    if wrong.size:
        i = int(wrong[0])
        raise CheckFailed(
            f"{name}: wrong for {wrong.size} of {n} examples",
            expected=f"class {int(table[i].argmax())}",
            got=f"class {int(read[i])}",
            where=f"[{i}]",
            hint=hint,
        )


def assert_indices(
    got: object, expected: object, name: str = "the indices", *, why: str = ""
) -> None:
    """Raise CheckFailed unless `got` holds exactly these indices, in their order.

    expected: (n,) increasing integers. why: follows them in the message, after a colon.
    """
    wanted = np.asarray(expected, dtype=np.int64)
    read = array(got, name, kind="int")
    if np.array_equal(read, wanted):
        return
    shuffled = read.shape == wanted.shape and np.array_equal(np.sort(read), wanted)
    raise CheckFailed(
        f"{name}: wrong indices",
        expected=show(wanted) + (f": {why}" if why else ""),
        got=show(read) if read.ndim == 1 else f"an array of shape {read.shape}",
        diagnosis="Your indices are right but not in increasing order." if shuffled else None,
    )


def scaled_errors(got: Floats, expected: Floats, scale: object = None) -> Floats:
    """|got - expected| / scale, entry by entry.

    Infinite where the two differ and either is not finite.
    got, expected: of one shape. scale: as in `assert_close`. On a scale that is not finite nothing
    but the expected value agrees. Raises ValueError for a negative scale: any value would agree.
    """
    by = np.asarray(_default_scale(expected) if scale is None else scale, dtype=np.float64)
    if (by < 0).any():
        raise ValueError("a scale is negative; give the size of what is compared")
    with np.errstate(all="ignore"):
        errors = np.abs(got - expected) / by
    errors = np.where(np.isnan(errors) | np.isinf(by), np.inf, errors)
    return np.asarray(np.where(got == expected, 0.0, errors), dtype=np.float64)


def floored(scale: object, floor: float = 1e-6) -> Floats:
    """`scale` with every entry at least `floor` times its largest, and positive."""
    sizes = np.abs(np.asarray(scale, dtype=np.float64))
    top = float(sizes.max(initial=0.0))
    return np.maximum(sizes, max(floor * top, 1e-300) if top > 0 else 1.0)


def _default_scale(expected: Floats) -> float:
    finite = np.abs(expected[np.isfinite(expected)])
    top = float(finite.max(initial=0.0))
    return top if top > 0 else 1.0


def _numeric(value: object, name: str, wanted: str) -> NDArray[Any]:
    """`value` as an array of a real dtype, or CheckFailed in words."""
    odd = odd_leaf(value)
    if odd is not None:
        raise CheckFailed(
            f"{name}: expected {wanted}, got {odd[0]}", expected=wanted, got=odd[0], hint=odd[1]
        )
    try:
        read = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        read = np.asarray(None)
    if read.dtype.kind == "O":
        got = "an integer too large" if _is_flat(value) else "rows of different lengths"
        raise CheckFailed(f"{name}: expected {wanted}, got {got}", expected=wanted, got=got)
    return read


def _is_flat(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return True
    return not any(isinstance(v, list | tuple) or np.ndim(v) for v in value)


def _require_finite(read: NDArray[Any], name: str) -> None:
    bad = ~np.isfinite(read)
    if not bad.any():
        return
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    first = str(read[index])
    raise CheckFailed(
        f"{name}: got {first}, expected a finite value",
        expected="finite numbers" if read.ndim else "a finite number",
        got=f"{first}, which stands for no number" if first == "nan" else first,
        where=_places(index, int(bad.sum()), bad.size, "nan or infinite") if read.ndim else None,
        hint=_NOT_FINITE.get(first),
    )


def _require_shape(read: NDArray[Any], name: str, shape: tuple[int | None, ...]) -> None:
    fits = len(shape) == read.ndim and all(
        want is None or want == have for want, have in zip(shape, read.shape, strict=True)
    )
    if fits:
        return
    hint = None
    if len(shape) == 2 and tuple(reversed(read.shape)) == shape:
        hint = "It looks transposed."
    elif None not in shape and read.size == int(np.prod([s or 0 for s in shape])) and shape:
        hint = "The number of entries is right: reshape or ravel it."
    wanted, came = shape_text(shape), shape_text(read.shape)
    raise CheckFailed(
        f"{name} has shape {came}, expected {wanted}" if read.ndim else
        f"{name} is a single number, expected an array of shape {wanted}",
        expected=f"{shape_words(shape)}: shape {wanted}",
        got=f"{shape_words(read.shape)}: shape {came}" if read.ndim else "a single number",
        hint=hint,
    )  # fmt: skip


def _whole(read: NDArray[Any], name: str, hint: str | None) -> Ints:
    if read.dtype.kind == "f":
        _require_finite(read, name)
        off = read != np.round(read)
        if off.any():
            index = tuple(int(i) for i in np.argwhere(off)[0])
            raise CheckFailed(
                f"{name}: expected integers, got {show(read[index])}",
                expected="integers",
                got=show(read[index]),
                where=_places(index, int(off.sum()), off.size, "fractions") if read.ndim else None,
                hint=hint,
            )
    if read.size and (read.max() > 2**62 or read.min() < -(2**62)):
        raise CheckFailed(f"{name}: got an integer too large", expected="integers below 2**62")
    return read.astype(np.int64)


def _wrong_values(
    got: Floats, expected: Floats, errors: Floats, low: float, name: str, hint: str | None
) -> CheckFailed:
    if not expected.ndim:
        return CheckFailed(
            f"{name}: wrong value",
            expected=show(float(expected)),
            got=show(float(got)),
            hint=hint,
            factor=_factor(got, expected),
        )
    wrong = errors > low
    digits = 6 if float(errors[wrong].min()) > SEEN_IN_6 else 10
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    whole = expected.size <= _SHOWN_WHOLE
    return CheckFailed(
        f"{name}: wrong values",
        expected=show(expected if whole else float(expected[first]), digits),
        got=show(got if whole else float(got[first]), digits),
        where=_places(first, int(wrong.sum()), wrong.size),
        hint=hint,
        factor=_factor(got, expected),
    )


def _factor(got: Floats, expected: Floats) -> float | None:
    """The number by which all that was expected was multiplied, if there is one."""
    whole = float(np.vdot(expected, expected))
    if not 0 < whole < np.inf:
        return None
    factor = float(np.vdot(expected, got)) / whole
    if not 0 < abs(factor) < np.inf:  # numbers near the largest add up to infinity
        return None
    off = float(np.abs(got - factor * expected).max())
    return factor if off <= 1e-6 * float(np.abs(got).max()) else None


def passes(check: Callable[..., object], *args: object, **kwargs: object) -> bool:
    """Whether a check, or a claim about a figure, finds nothing to fault."""
    try:
        check(*args, **kwargs)
    except StudentFault:
        return False
    return True


def _places(first: Sequence[int], wrong: int, of: int, what: str = "wrong") -> str:
    place = f"[{', '.join(map(str, first))}]"
    if of == 1:
        return place
    if wrong == 1:
        return f"{place}, the only one of {of} that is {what}"
    return f"first at {place}; {'all' if wrong == of else f'{wrong} of'} {of} are {what}"
