"""What a check has called of the student's functions, to tell of when it fails."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.engine.values import in_words, proportion
from grader.errors import CheckFailed

_Call = tuple[str, tuple[Sequence[Any], Mapping[str, Any]]]


@dataclass(frozen=True)
class _Recent:
    """What had been called at one time.

    last: the last call, None if it was many at once. sizes: of the first axes of the arguments.
    """

    last: _Call | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)


class CallLog:
    """The calls of one check.

    A check may catch a failure, call other functions to find out whether those are at fault, and
    raise the failure again: it is still about what was called before.

    names: of the functions. objects: whether anything came that stays in the worker. functions:
    those of the homework, each with its parameters' names.
    """

    def __init__(self, functions: Mapping[str, tuple[str, ...]]) -> None:
        self.names: set[str] = set()
        self.objects = False
        self._functions = functions
        self._made = _Recent()
        self._before: list[tuple[BaseException, _Recent]] = []  # failures that were being handled

    def begin(self) -> None:
        """Another check begins."""
        self.names, self._made, self._before = set(), _Recent(), []
        self.objects = False

    def add(self, name: str, calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]]) -> None:
        """A function is called, once for each of `calls`."""
        self._keep_what_failures_are_about()
        self.names.add(name)
        sizes = dict(self._made.sizes)
        for args, _ in calls[:1]:
            for argument, value in zip(self._functions.get(name, ()), args, strict=False):
                if isinstance(value, np.ndarray) and value.ndim:
                    sizes[argument] = len(value)
        self._made = _Recent((name, calls[0]) if len(calls) == 1 else None, sizes)

    def add_names(self, names: Iterable[str]) -> None:
        """Functions are called together, none of which is the last one by itself."""
        self._keep_what_failures_are_about()
        self.names.update(names)
        self._made = _Recent(None, self._made.sizes)

    def last_in_words(self, raised: BaseException | None) -> str | None:
        """The last call before `raised`, such as "softmax([[0, 1]])"; None if it was many at once.

        raised: what ended the check.
        """
        made = self._until(raised)
        if made.last is None:
            return None
        name, (args, kwargs) = made.last
        given = [in_words(arg) for arg in args]
        given += [f"{key}={in_words(value)}" for key, value in kwargs.items()]
        return f"{name}({', '.join(given)})"

    def proportion(self, raised: BaseException | None) -> str | None:
        """What a wrong value says by itself, such as "It is 1/7 times the right one, and X has 7
        rows"; None for any that says nothing for sure."""
        if not isinstance(raised, CheckFailed):
            return None
        return proportion(raised.factor, self._until(raised).sizes)

    def _keep_what_failures_are_about(self) -> None:
        """Keep what was called before the failures that the check is handling now."""
        handled = sys.exception()
        while handled is not None:
            if not any(handled is known for known, _ in self._before):
                self._before.append((handled, self._made))
            handled = handled.__context__

    def _until(self, raised: BaseException | None) -> _Recent:
        """What had been called when `raised` was raised for the first time."""
        found = [made for known, made in self._before if known is raised]
        return found[0] if found else self._made
