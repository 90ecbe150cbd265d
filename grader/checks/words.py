"""Values and shapes in words, as a student should read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_LONGEST = 300  # characters of an array that stands in a message


def show(value: object, digits: int = 10) -> str:
    """A number or a small array as a student should read it, on one line."""
    if isinstance(value, np.ndarray):
        few = value.size <= _LONGEST  # each entry takes a character at least
        text = _nested(value.tolist(), digits) if few else ""
        return text if 0 < len(text) <= _LONGEST else f"an array of shape {value.shape}"
    if isinstance(value, float | np.floating):
        return f"{float(value):.{digits}g}"
    if isinstance(value, int) and abs(value) > 10**20:
        return "an integer with more than 20 digits"  # str refuses the longest ones
    return str(value)


def _nested(entries: object, digits: int) -> str:
    if isinstance(entries, list):
        return f"[{', '.join(_nested(entry, digits) for entry in entries)}]"
    return show(entries, digits)


def describe(value: object) -> str:
    """What came, in a few words: "None", "a list of 3 values", "an array of shape (10, 1)"."""
    if value is None:
        return "None"
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return f"the number {show(value)}"
    if isinstance(value, str):
        return "text"
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else f"the number {show(value[()])}"
    if isinstance(value, list | tuple):
        return f"a sequence of {len(value)} value{'' if len(value) == 1 else 's'}"
    if isinstance(value, dict):
        return "a dict"
    return f"an object of type {_type_name(value)}"


def _type_name(value: object) -> str:
    # A handle knows the type of what it stands for.
    name = getattr(value, "type_name", None)
    return name if isinstance(name, str) else type(value).__name__


def shape_text(shape: Sequence[int | None]) -> str:
    """A shape as numpy writes it, "any" where a length is free."""
    lengths = ", ".join("any" if length is None else str(length) for length in shape)
    return f"({lengths},)" if len(shape) == 1 else f"({lengths})"


def shape_words(shape: Sequence[int | None]) -> str:
    """A shape in words: "4 rows of 3 numbers", "one row of 5 numbers"."""
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return _counted(shape[0], "number")
    if len(shape) == 2:
        each = _counted(shape[1], "number")
        return f"{_counted(shape[0], 'row')} of {each}"
    return " x ".join("any" if length is None else str(length) for length in shape) + " numbers"


def _counted(count: int | None, what: str) -> str:
    many = what if count == 1 else what + "s"
    return f"any number of {many}" if count is None else f"{count} {many}"
