"""What check authors import. Everything raises grader.errors.CheckFailed, and nothing else.

from grader.checks import array, assert_close, number, pair
"""

from grader.checks.compare import (
    Tier,
    array,
    assert_close,
    assert_labels,
    describe,
    floored,
    integer,
    labels,
    number,
    pair,
    require,
    scaled_errors,
    sequence,
    show,
    tier_of,
)
from grader.checks.gradient import assert_gradient, assert_own_gradient

__all__ = [
    "Tier",
    "array",
    "assert_close",
    "assert_gradient",
    "assert_labels",
    "assert_own_gradient",
    "describe",
    "floored",
    "integer",
    "labels",
    "number",
    "pair",
    "require",
    "scaled_errors",
    "sequence",
    "show",
    "tier_of",
]
