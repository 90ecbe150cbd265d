"""Arguments and answers of the student's functions: their types, and how messages show them."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks.tensors import dtype_name
from grader.checks.words import describe, show
from grader.sandbox.protocol import wire

_TOLERANCE = 1e-4  # of a factor that was estimated from slopes
MAX_SHOWN = 80  # characters of an argument
# complex64 is a pair of float32.
_NARROW = {np.float16: "float16", np.float32: "float32", np.complex64: "float32"}


def in_words(value: object) -> str:
    """An argument of a call, written out if it is small."""
    if isinstance(value, list | tuple):
        text = f"({', '.join(map(in_words, value))})"
    elif isinstance(value, str):
        text = repr(value)
    else:
        text = show(value, 6)
    return text if len(text) <= MAX_SHOWN else describe(value)


def how_to_draw(got: str) -> str:
    """got: what a plotting function returned in place of a figure, as the worker names it."""
    _, of, library = got.partition(" of ")
    if of:
        return f"This is a figure of {library[:50]}; only one of matplotlib can be looked at."
    return "Draw with pyplot or make a Figure, and return it."


def is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


# What these compute in, unless they are told otherwise.
LIBRARIES_OF_FLOAT32 = frozenset({"torch", "jax", "tensorflow", "keras"})


def narrow_float(value: object) -> str | None:
    """The first type among a value's numbers that holds fewer digits than float64, if any does."""
    if isinstance(value, (np.ndarray, np.generic)):
        narrow = _NARROW.get(value.dtype.type)
        if narrow and dtype_name(value).split(".")[0] in LIBRARIES_OF_FLOAT32:
            return None
        return narrow
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return next(filter(None, map(narrow_float, value[:8])), None)
    return None


def widened(value: Any) -> Any:
    """A value with float64 for float16, in which a check's own sums would overflow."""
    if isinstance(value, np.ndarray) and value.dtype == np.float16:
        return value.astype(np.float64)
    if isinstance(value, dict):
        return {key: widened(item) for key, item in value.items()}
    return [widened(item) for item in value] if isinstance(value, list) else value


def proportion(factor: float | None, sizes: Mapping[str, int]) -> str | None:
    """What a factor between a value and the right one says, as far as that is sure.

    sizes: by the name of an argument, how many entries its first axis has.
    """
    if factor is None:
        return None
    if abs(factor + 1) < _TOLERANCE:
        return "It has the opposite sign."
    sign = "-" if factor < 0 else ""
    for name, size in sizes.items():
        if size < 3:
            continue  # 2 and 1/2 have many other reasons
        for value, text in ((1 / size, f"1/{size}"), (float(size), f"{size}")):
            if abs(abs(factor) / value - 1) < _TOLERANCE:
                return f"It is {sign}{text} times the right one, and {name} has {size} rows."
    return None


def holds_objects(value: object) -> bool:
    """Whether arguments hold something that stays in the worker, and may change there."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(holds_objects, value))
    return isinstance(value, wire.StandsIn)
