"""Tell an answer of float32 from one of float64 whose last digits are wrong.

A tolerance wide enough for float32 also takes what is off by a millionth: a matrix with 1e-6 added
to its diagonal, an iteration that was left too early. Where all sums and products of a check's
numbers are exact in float32, both can be told apart: float32 then gives float32 numbers, and
float64 all its digits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grader.checks.compare import EXACT


def is_float32(values: NDArray[np.float64]) -> bool:
    """Whether float32 holds every one of these numbers. values: any shape."""
    with np.errstate(over="ignore"):
        return bool(np.array_equal(values, values.astype(np.float32)))


def digits_of(values: NDArray[np.float64], *, single: float, double: float = 10 * EXACT) -> float:
    """The tolerance for `values`, as `low` of assert_close: `single` where they are float32's.

    values: any shape, what a student returned for numbers with which float32 computes exactly up
    to the last steps: small whole numbers, and means over a power of two of them.
    """
    return single if is_float32(values) else double
