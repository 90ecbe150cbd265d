"""Tell an answer of float32 from one of float64 whose last digits are wrong.

A tolerance wide enough for float32 also takes what is off by a millionth: a matrix with 1e-6 added
to its diagonal, an iteration that was left too early. Where all sums and products of a check's
numbers are exact in float32, both can be told apart: float32 then gives float32 numbers, and
float64 all its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.compare import EXACT, array
from grader.errors import CheckFailed, StudentFault

ROUNDING = 2.0**-51  # of a product and a quotient in float64, relatively


def is_float32(values: NDArray[np.float64], unit: float = 1.0) -> bool:
    """Whether every one of these numbers is one of float32 times `unit`. values: any shape.

    A logarithm that float32 gave, divided by ln 2, is a float64 number with the digits of float32.
    """
    with np.errstate(all="ignore"):
        units = values / unit
        narrow = units.astype(np.float32).astype(np.float64)
        return bool(
            np.all((units == narrow) | (np.abs(units - narrow) <= ROUNDING * np.abs(units)))
        )


def computes_in_float32(call: Callable[[], Any]) -> bool:
    """Whether a call of the student's gives nothing but float32 numbers.

    Ask for something that float64 gives otherwise. What rests on such a function has the digits of
    float32, even if it goes on in float64. False where the call fails.
    """
    try:
        return _is_narrow(call())
    except StudentFault:
        return False


def _is_narrow(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_narrow, value))
    try:
        return is_float32(array(value))
    except CheckFailed:
        return False


def digits_of(
    values: NDArray[np.float64],
    *,
    single: float,
    double: float = 10 * EXACT,
    units: Sequence[float] = (1.0,),
    given: Sequence[object] | None = (),
) -> float:
    """The tolerance for `values`, as `low` of assert_close: `single` where they are float32's.

    values: any shape, what a student returned for numbers with which float32 computes exactly up
    to the last steps: small whole numbers, and means over a power of two of them. units: what
    float32 numbers may be multiples of. given: the arguments; where float32 does not hold the
    arrays among them, or with None, the tolerance is `single` for every answer.
    """
    if given is None or not all(is_float32(each) for each in given if isinstance(each, np.ndarray)):
        return single
    return single if any(is_float32(values, unit) for unit in units) else double
