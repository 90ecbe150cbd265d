"""How Otter shares out the points of a question among its tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OtterTest:
    """A test of a question. points: those that its own settings name."""

    source: str
    points: float | None
    hidden: bool


def points_of_tests(settings: Mapping[str, Any], tests: Sequence[OtterTest]) -> list[float]:
    """The points of each test, as "Resolving Point Values" of Otter's guide says.

    A number is shared equally by the tests that name none; without one a question is worth 1.
    Raises ValueError for points that contradict each other.
    """
    told = settings.get("points")
    own = [test.points for test in tests]
    if isinstance(told, Mapping):
        told = told.get("each", 1) * len(tests)
    if isinstance(told, list):
        if len(told) != len(tests):
            raise ValueError(f"{len(told)} points are listed for {len(tests)} tests")
        own, told = list(told), None
    numbers = [each for each in (*own, told) if each is not None]
    if any(not isinstance(each, int | float) or isinstance(each, bool) for each in numbers):
        raise ValueError("points are numbers")
    if any(each < 0 for each in numbers):
        raise ValueError("points are not negative")
    named = sum(each for each in own if each is not None)
    open_ones = sum(each is None for each in own)
    if told is not None and named > told:
        raise ValueError(f"its tests are worth {named:g} and the question {told:g}")
    rest = told - named if told is not None else (0.0 if named else 1.0)
    return [rest / open_ones if each is None else float(each) for each in own]
