"""The arguments of a call: copied, drawn anew, and told apart."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

_UNCHANGING = (int, float, str, bool, type(None))  # values that need no copy


def copied(value: Any) -> Any:
    """What `copy.deepcopy` gives, but for an array that occurs twice, which becomes two.

    Of arrays and sequences it is much faster, and copying is a third of trying a mistake.
    """
    if type(value) in (list, tuple):
        return type(value)([copied(item) for item in value])
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return value.copy(order="K")
    return value if type(value) in _UNCHANGING else copy.deepcopy(value)


def ordinary(call: Sequence[Any], seed: int) -> list[Any]:
    """The arguments with random numbers of size 1 in their arrays, but for labels of -1 and 1."""
    rng = np.random.default_rng(seed)

    def drawn(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(drawn(item) for item in value)
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            return value
        return value if np.all(np.abs(value) == 1) else rng.normal(size=value.shape)

    return [drawn(value) for value in call]


def digest(value: object) -> bytes:
    """SHA-256 of arguments: equal for equal arrays, numbers and nested sequences of them."""
    if isinstance(value, list | tuple):
        content = b"".join(digest(item) for item in value)
    elif isinstance(value, np.ndarray):
        content = f"{value.dtype}{value.shape}".encode() + value.tobytes()
    else:
        content = repr(value).encode()
    return hashlib.sha256(content).digest()
