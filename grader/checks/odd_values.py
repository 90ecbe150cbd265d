"""What stands in an answer that is no real number, and what to tell of it."""

from __future__ import annotations

import numpy as np

from grader.checks.words import describe


def odd_leaf(value: object) -> tuple[str, str | None] | None:
    """What stands in `value` that is no real number, and a hint; None if there is nothing."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, (np.ndarray, np.generic)):
            if item.dtype.kind == "c":
                return "complex numbers", _real_wanted(bool(np.any(item.imag)))
            if item.dtype.kind not in "biuf":
                return f"an array of type {item.dtype}", None
        elif isinstance(item, complex):
            return "complex numbers", _real_wanted(bool(item.imag))
        elif not isinstance(item, (bool, int, float)):
            inside = "" if item is value else f"{describe(value)} with "
            return inside + describe(item), hint_for(item)
    return None


def _real_wanted(imaginary: bool) -> str:
    wanted = "A real result is asked for"
    if imaginary:
        return f"{wanted}."
    return (
        f"{wanted}: take the real part with `.real`. (From numpy 2.5 on, `np.linalg.eig` always "
        "gives complex numbers; for a symmetric matrix use `np.linalg.eigh`.)"
    )


def hint_for(value: object) -> str | None:
    """What a student may have done who returns this where numbers are asked for."""
    if value is None:
        return "Does every path through the function end in `return`? Printing returns nothing."
    if isinstance(value, dict):
        return "Return a tuple, not a dict."
    return None
