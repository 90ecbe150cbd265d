"""How a class did: scores, and each check's outcomes, so that a badly designed check stands out."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.analytics.gather import ClassEntry
from grader.reports.schema import CheckResult, Outcome, Visibility

ENOUGH = 10  # the fewest submissions for which a remark on a check is made
HARD = 0.2
SLOW = 10


@dataclass(frozen=True)
class Scores:
    """Points of the submissions that count.

    top: the maximum, above which bonus points lead. step: how many points one bar spans. bars: how
    many submissions are in each.
    """

    count: int
    top: float
    mean: float
    quartiles: tuple[float, float, float]
    lowest: float
    highest: float
    step: float
    bars: tuple[int, ...]

    @property
    def end(self) -> float:
        """Where the last bar ends: at the maximum, or above it where there are bonus points."""
        return self.step * len(self.bars)


@dataclass(frozen=True)
class CheckSummary:
    """One check over a class.

    mean: points. fit: the correlation, -1 to 1, of its points with the rest of the score; None
    if it cannot be computed. median_s, longest_s: seconds. remark: what is odd about it; "" for
    nothing.
    """

    id: str
    title: str
    max_points: float
    visibility: Visibility
    outcomes: Mapping[Outcome, int]
    mean: float
    fit: float | None
    median_s: float
    longest_s: float
    total_s: float
    remark: str

    @property
    def share(self) -> float:
        """The share of the points that were earned."""
        return self.mean / self.max_points if self.max_points else 0.0

    @property
    def passed(self) -> int:
        return self.outcomes.get(Outcome.PASSED, 0)

    @property
    def counted(self) -> int:
        """Submissions that it judged, without those in which the grader was at fault."""
        return sum(self.outcomes.values()) - self.outcomes.get(Outcome.GRADER_ERROR, 0)


def scores_of(entries: Sequence[ClassEntry]) -> Scores:
    """The distribution of scores."""
    points = [entry.report.score for entry in entries]
    top = max(entry.report.max_score for entry in entries) or 1.0
    step = top / (10 if top < 20 else 20)
    bars = [0] * math.ceil(max(top, *points) / step - 1e-9)
    for value in points:
        place = int(value / step + 1e-9)
        bars[min(max(place, 0), len(bars) - 1)] += 1
    alone = len(points) == 1
    low, middle, high = points * 3 if alone else statistics.quantiles(points, method="inclusive")
    return Scores(
        len(points), top, statistics.fmean(points), (low, middle, high), min(points), max(points),
        step, tuple(bars),
    )  # fmt: skip


def summaries(entries: Sequence[ClassEntry]) -> list[CheckSummary]:
    """Each check, in the order in which the reports have them."""
    results: dict[str, list[tuple[CheckResult, float]]] = {}
    for entry in entries:
        for check in entry.report.checks:
            results.setdefault(check.id, []).append((check, entry.report.score - check.points))
    return [_summary(listed) for listed in results.values()]


def _summary(listed: Sequence[tuple[CheckResult, float]]) -> CheckSummary:
    check = listed[-1][0]
    judged = [(one, rest) for one, rest in listed if one.outcome is not Outcome.GRADER_ERROR]
    points = [one.points for one, _ in judged]
    outcomes = Counter(one.outcome for one, _ in listed)
    fit = _correlation(points, [rest for _, rest in judged])
    times = [one.duration_s or 0.0 for one, _ in listed]
    share = statistics.fmean(points) / check.max_points if points and check.max_points else 0.0
    return CheckSummary(
        id=check.id,
        title=check.title,
        max_points=check.max_points,
        visibility=check.visibility,
        outcomes=outcomes,
        mean=statistics.fmean(points) if points else 0.0,
        fit=fit,
        median_s=statistics.median(times),
        longest_s=max(times),
        total_s=sum(times),
        remark=_remark(len(judged), share, fit) if check.max_points else "",
    )


def _correlation(points: Sequence[float], rest: Sequence[float]) -> float | None:
    if len(points) < ENOUGH or len(set(points)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(points, rest)


def _remark(count: int, share: float, fit: float | None) -> str:
    if count >= ENOUGH and share == 0:
        return "nobody passed it"
    if fit is not None and fit < 0:
        return "students who do well otherwise tend to fail it"
    if count >= ENOUGH and share < HARD:
        return f"less than {100 * HARD:.0f} % of its points were earned"
    if count >= ENOUGH and share == 1:
        return "everybody passed it"
    return ""


@dataclass(frozen=True)
class Costly:
    """A submission that took long or went over a limit. limits: outcomes with their checks."""

    who: str
    duration_s: float
    slowest: CheckResult | None
    limits: Mapping[Outcome, int]


def costly(entries: Sequence[ClassEntry]) -> list[Costly]:
    """The submissions that took longest, and after them those that went over a limit."""
    over = (Outcome.TIMEOUT, Outcome.OUT_OF_MEMORY, Outcome.OVER_LIMIT)
    found = [
        Costly(
            entry.who,
            entry.report.duration_s or 0.0,
            max(entry.report.checks, key=lambda check: check.duration_s or 0, default=None),
            Counter(check.outcome for check in entry.report.checks if check.outcome in over),
        )
        for entry in entries
    ]
    found.sort(key=lambda each: -each.duration_s)
    return found[:SLOW] + [each for each in found[SLOW:] if each.limits][:SLOW]


@dataclass(frozen=True)
class Fault:
    """A check that the grader could not judge."""

    who: str
    check: str
    title: str
    message: str


def faults_of(entries: Sequence[ClassEntry]) -> list[Fault]:
    """Every fault of the grader."""
    return [
        Fault(entry.who, check.id, check.title, check.message.headline if check.message else "")
        for entry in entries
        for check in entry.report.faults
    ]
