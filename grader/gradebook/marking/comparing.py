"""How the points that markers gave compare: whether somebody's mean clearly differs.

Markers have different students, so their means differ by chance. A marker is compared with all
others together by Welch's test, which does not suppose that both spread alike.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MIN_ANSWERS = 10  # on both sides, before anything is said
CLEAR = 0.01


@dataclass(frozen=True)
class PointsOfMarker:
    """What a marker gave for one question.

    spread: standard deviation, None for one answer. difference: from the mean of all others; None
    if there are too few answers to say. is_clear: chance alone would rarely give such a difference.
    """

    who: str
    count: int
    mean: float
    spread: float | None
    difference: float | None
    is_clear: bool


def compare_markers(points: Mapping[str, Sequence[float]]) -> list[PointsOfMarker]:
    """Each marker beside all others, by name. points: what each gave, at least one."""
    found = []
    for who, given in sorted(points.items()):
        others = [each for name, theirs in points.items() if name != who for each in theirs]
        difference, clear = None, False
        if min(len(given), len(others)) >= MIN_ANSWERS:
            difference = statistics.fmean(given) - statistics.fmean(others)
            clear = _chance(given, others) < CLEAR
        spread = statistics.stdev(given) if len(given) > 1 else None
        found.append(
            PointsOfMarker(who, len(given), statistics.fmean(given), spread, difference, clear)
        )
    return found


def _chance(one: Sequence[float], other: Sequence[float]) -> float:
    """How probable a difference of means as large as this one is by chance."""
    if len({*one}) == 1 and len({*other}) == 1:  # nothing spreads, which no test takes
        return 0.0 if one[0] != other[0] else 1.0
    from scipy.stats import ttest_ind  # slow to load

    return float(ttest_ind(one, other, equal_var=False).pvalue)
