"""Compare lists of words, such as the names of the methods that have a property."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.checks.words import describe
from grader.errors import CheckFailed

_SHOWN = 8


def assert_names(got: object, expected: Sequence[str], name: str = "the names") -> None:
    """Raise CheckFailed unless `got` holds exactly these words, in their order.

    Accepts lists, tuples and arrays of words. expected: perhaps none.
    """
    wanted, read = list(expected), _read(got, name)
    if read == wanted:
        return
    raise CheckFailed(
        f"{name}: wrong names",
        expected=", ".join(map(repr, wanted)) or "no name",
        got=", ".join(map(repr, read[:_SHOWN])) or "no name",
        diagnosis="Your names are right but not in the order that is asked for."
        if sorted(read) == sorted(wanted)
        else None,
    )


def _read(value: object, name: str) -> list[str]:
    if isinstance(value, np.ndarray) and value.ndim == 1 and not value.size:
        return []
    if isinstance(value, list | tuple):
        words = [item for item in value if isinstance(item, str)]
        if len(words) == len(value):
            return words
        value = next(item for item in value if not isinstance(item, str))
    raise CheckFailed(
        f"{name}: expected a list of names, got {describe(value)}",
        expected="a list of names",
        got=describe(value),
        hint="Does every path through the function end in `return`?" if value is None else None,
    )
