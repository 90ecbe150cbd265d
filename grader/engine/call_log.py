"""What a check has called of the student's functions, to tell of when it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.engine.values import in_words, proportion
from grader.errors import CheckFailed


class CallLog:
    """The calls of one check.

    names: of the functions. functions: those of the homework, each with its parameters' names.
    """

    def __init__(self, functions: Mapping[str, tuple[str, ...]]) -> None:
        self.names: set[str] = set()
        self._functions = functions
        self._last: tuple[str, tuple[Sequence[Any], Mapping[str, Any]]] | None = None
        self._sizes: dict[str, int] = {}  # of its arguments' first axes

    def begin(self) -> None:
        """Another check begins."""
        self.names, self._last, self._sizes = set(), None, {}

    def add(self, name: str, calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]]) -> None:
        """A function is called, once for each of `calls`."""
        self.names.add(name)
        self._last = (name, calls[0]) if len(calls) == 1 else None
        for args, _ in calls[:1]:
            for argument, value in zip(self._functions.get(name, ()), args, strict=False):
                if isinstance(value, np.ndarray) and value.ndim:
                    self._sizes[argument] = len(value)

    def add_names(self, names: Iterable[str]) -> None:
        """Functions are called together, none of which is the last one by itself."""
        self.names.update(names)
        self._last = None

    def last_in_words(self) -> str | None:
        """The last call, such as "softmax([[0, 1]])"; None if it was many at once."""
        if self._last is None:
            return None
        name, (args, kwargs) = self._last
        given = [in_words(arg) for arg in args]
        given += [f"{key}={in_words(value)}" for key, value in kwargs.items()]
        return f"{name}({', '.join(given)})"

    def proportion(self, raised: BaseException | None) -> str | None:
        """What a wrong value says by itself, such as "It is 1/7 times the right one, and X has 7
        rows"; None for any that says nothing for sure."""
        return proportion(raised.factor, self._sizes) if isinstance(raised, CheckFailed) else None
