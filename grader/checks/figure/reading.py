"""Reads plain values that may be forged: each step checks a type and a limit, or raises Refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from grader.errors import Refused

Array = np.ndarray[Any, Any]
T = TypeVar("T")

MAX_TEXT = 300
MAX_VALUES = 300_000
HUGE = 1e300


class Reader:
    """One value of the description and its place, for the message.

    The values of the whole description share one budget, so that many lists, each within its
    limit, cannot add up to gigabytes.
    """

    def __init__(self, value: object, place: str, budget: list[int] | None = None) -> None:
        self.value = value
        self.place = place
        self._budget = [MAX_VALUES] if budget is None else budget

    def refuse(self, why: str) -> Refused:
        """The error to raise."""
        return Refused(f"the worker sent a malformed figure: {self.place} {why}")

    def keys(self, required: str, optional: str = "") -> None:
        """A dict with these keys and no others."""
        if type(self.value) is not dict:
            raise self.refuse("is not a dict")
        keys = set(self.value)
        missing = set(required.split()) - keys
        unknown = keys - set(required.split()) - set(optional.split())
        if missing or unknown:
            raise self.refuse("lacks a key" if missing else "has a key that is not known")

    def __getitem__(self, key: str) -> Reader:
        """The value of a key that `keys` allowed; one of None if it is absent."""
        assert type(self.value) is dict
        return Reader(self.value.get(key), f"{self.place}, {key}", self._budget)

    def optional(self, read: Callable[[Reader], T], default: Any = None) -> T | Any:
        """What `read` makes of it, or `default` for None."""
        return default if self.value is None else read(self)

    def items(self, most: int) -> list[Reader]:
        """The items of a list; none for None."""
        if self.value is None:
            return []
        values = self._list(most)
        return [Reader(item, f"{self.place}[{i}]", self._budget) for i, item in enumerate(values)]

    def flag(self) -> bool:
        """True or False."""
        if type(self.value) is not bool:
            raise self.refuse("is not true or false")
        return self.value

    def text(self, most: int = MAX_TEXT) -> str:
        """A string."""
        if type(self.value) is not str or len(self.value) > most:
            raise self.refuse(f"is not a text of at most {most} characters")
        try:
            self.value.encode("utf-8")
        except UnicodeEncodeError:
            raise self.refuse("is not a text") from None
        return self.value

    def integer(self, least: int = -(1 << 31), most: int = 1 << 31) -> int:
        """A whole number within bounds."""
        if type(self.value) is not int or not least <= self.value <= most:
            raise self.refuse("is not a whole number in its range")
        return self.value

    def number(self) -> float:
        """A finite number."""
        if type(self.value) not in (int, float):
            raise self.refuse("is not a number")
        value: Any = self.value
        if not -HUGE <= value <= HUGE:
            raise self.refuse("is not a finite number")
        return float(value)

    def numbers(self, most: int, *, exactly: bool = False, finite: bool = False) -> Array:
        """(n,) floats, NaN for None. An absent list is empty."""
        if self.value is None and not exactly:
            return np.empty(0)
        values = self._list(most)
        if exactly and len(values) != most:
            raise self.refuse(f"does not have {most} numbers")
        if not {int, float, type(None)}.issuperset(map(type, values)):
            raise self.refuse("holds something that is not a number")
        if not all(item is None or -HUGE <= item <= HUGE for item in values):
            raise self.refuse("holds a number that is not finite")
        array = np.array([math.nan if item is None else item for item in values], float)
        if finite and not np.isfinite(array).all():
            raise self.refuse("holds a number that is not finite")
        return array

    def points(self, most: int) -> Array:
        """[xs, ys] -> (n, 2) floats; (0, 2) where it is absent."""
        if self.value is None:
            return np.empty((0, 2))
        columns = [item.numbers(most) for item in self.items(2)]
        if len(columns) != 2 or len(columns[0]) != len(columns[1]):
            raise self.refuse("is not a list of x and one of y, equally long")
        return np.column_stack(columns)

    def points_list(self, most: int) -> list[Array]:
        """A list of [xs, ys] -> arrays (n, 2) with at most `most` points in all."""
        paths = [item.points(most) for item in self.items(most)]
        if sum(map(len, paths)) > most:
            raise self.refuse(f"has more than {most} points")
        return paths

    def colour(self) -> Array:
        """ "#rrggbbaa" -> (4,) floats from 0 to 1."""
        colour: Array = self._colours([self.value])[0]
        return colour

    def colours(self, most: int) -> Array:
        """A list of colours -> (n, 4); (0, 4) where it is absent."""
        return self._colours([] if self.value is None else self._list(most))

    def _colours(self, texts: list[Any]) -> Array:
        try:
            digits = "".join(text[1:] for text in texts if len(text) == 9 and text[0] == "#")
            data = bytes.fromhex(digits)
        except (TypeError, ValueError, KeyError):
            data = b"?"
        if len(data) != 4 * len(texts):
            raise self.refuse("is not a colour")
        return np.frombuffer(data, np.uint8).reshape(-1, 4) / 255

    def _list(self, most: int) -> list[Any]:
        if type(self.value) is not list or len(self.value) > most:
            raise self.refuse(f"is not a list of at most {most}")
        self._budget[0] -= len(self.value) + 1
        if self._budget[0] < 0:
            raise self.refuse("is too much")
        return self.value
