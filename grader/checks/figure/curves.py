"""Claims about curves: a series of numbers is drawn against its index, on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Axes, FigureDescription
from grader.checks.figure.look import data_axes, plane_axes
from grader.checks.figure.sequences import Sequence, sequences
from grader.errors import CheckFailed, GraderFault

Array = np.ndarray[Any, Any]

OFFSETS = (0, 1)
MATCHED = 0.95
REACHED = 0.9
STARTED = 0.05
FEWEST = 5
X_TOLERANCE = 1e-3
RANGE_TOLERANCE = 1e-4
VALUE_TOLERANCE = 1e-6
INVISIBLE_GAP = 1e-8
BOTH_SIGNS = ("symlog", "asinh")  # logarithmic scales that show negative values too
LOG_SCALES = ("log", *BOTH_SIGNS, "logit")
STRAIGHT = 0.03  # how far an axis that is linear to the eye is off, as a part of the view


@dataclass(frozen=True)
class Curve:
    """A curve that was found. measure: what its height is: "value", "gap" (value - minimum),
    "log" or "log10" of either. offset: the number of the first iteration, 0 or 1. also: whatever
    else draws the same numbers, where that was looked for."""

    sequence: Sequence
    measure: str
    offset: int
    also: tuple[Sequence, ...] = ()

    @property
    def axes(self) -> Axes:
        """The axes in which it is drawn."""
        return self.sequence.axes


@claim
def curve_drawn(
    figure: FigureDescription,
    values: Any,
    *,
    name: str = "the history",
    floor: float | None = None,
    among: Axes | None = None,
) -> Curve:
    """A curve shows `values` against the iteration, counted from 0 or from 1; returns it.

    Its height is the value, the value minus the least one (or minus `floor`), or the logarithm of
    either, on any scale. Every second or tenth value is enough, and lines, dots, steps, stems,
    bars and short segments are equally good. Other curves and panels do not matter.

    values: (n,) numbers, those that the plotting function was given. name: what they are, for the
    message. among: look in this axes only.
    Raises CheckFailed if there is no such curve.
    """
    series = np.asarray(values, float).ravel()
    panels = [among] if among is not None else plane_axes(figure)
    found = [sequence for axes in panels for sequence in sequences(axes)]
    hidden = []
    for sequence in found:
        curve = _recognise(sequence, series, floor)
        if curve is None:
            continue
        if sequence.seen:
            return curve
        hidden.append(sequence)
    if hidden:
        raise unseen(figure, hidden, name)
    raise explain(figure, found, series, name, floor)


@claim
def log_scale(where: Curve | Axes, which: str = "y") -> None:
    """The axis is logarithmic, or the curve's height is a logarithm already."""
    if isinstance(where, Curve) and which == "y" and where.measure.startswith("log"):
        return
    axes = where.axes if isinstance(where, Curve) else where
    axis = axes.y if which == "y" else axes.x
    if axis.scale in BOTH_SIGNS and axis.table is not None and _linear(axis.table):
        raise CheckFailed(
            f"the {which} axis is linear wherever it shows something",
            got=f"scale {axis.scale!r}, whose linear part covers the whole view",
            hint=f'ax.set_{which}scale("log")',
        )
    if axis.scale in LOG_SCALES:
        return
    if axis.table is not None and _log_like(axis.table):
        return
    raise CheckFailed(
        f"the {which} axis is not logarithmic",
        got=f"scale {axis.scale!r}",
        hint=f'ax.set_{which}scale("log")',
    )


def _linear(table: Array) -> bool:
    """Even places of the view lie at even distances of the data."""
    even = np.linspace(table[0], table[-1], len(table))
    return bool(np.abs(table - even).max() <= STRAIGHT * np.ptp(table))


def _log_like(table: Array) -> bool:
    """Even places of the view lie at even ratios of the data."""
    if (table <= 0).any():
        return False
    ratios = np.diff(np.log(table))
    return bool(np.ptp(ratios) <= 0.01 * np.abs(ratios).max())


def _measures(series: Array, floor: float | None) -> Iterator[tuple[str, Array, Array]]:
    """Name, expected heights, and which indices must match (a gap of 0 has no logarithm)."""
    finite = series[np.isfinite(series)]
    always = np.ones(len(series), bool)
    yield "value", series, always
    yield "log", np.log(series), series > 0
    yield "log10", np.log10(series), series > 0
    lows = [] if not len(finite) else [finite.min()]
    for low in lows + ([] if floor is None else [floor]):
        gap = series - low
        seen = gap > INVISIBLE_GAP * max(np.ptp(finite), abs(low) * 1e-6)
        yield "gap", gap, always
        yield "log gap", np.log(gap), seen
        yield "log10 gap", np.log10(gap), seen


def _recognise(sequence: Sequence, series: Array, floor: float | None) -> Curve | None:
    for offset in OFFSETS:
        points = sequence.points[np.isfinite(sequence.points[:, 0])]
        k = np.rint(points[:, 0]) - offset
        whole = np.abs(points[:, 0] - offset - k) <= X_TOLERANCE
        inside = whole & (k >= 0) & (k < len(series))
        drawn = inside | np.isfinite(points[:, 1])  # a shorter column is filled up with NaN
        points, k, inside = points[drawn], k[drawn], inside[drawn]
        index = np.where(inside, k, 0).astype(int)
        placeless = without_place(sequence.axes, np.array([offset]))
        if not covers(index[inside], series, placeless):
            continue
        for measure, heights, needed in _measures(series, floor):
            must = inside & needed[index] if len(series) else inside
            right = fits(points[:, 1], heights[index], heights[needed]) | (inside & ~needed[index])
            matched = inside & right
            if (
                matched.sum() >= MATCHED * len(points)
                and must.any()
                and covers(index[matched], series, placeless)
            ):
                return Curve(sequence, measure, offset)
    return None


def without_place(axes: Axes, x: Array) -> int:
    """How many of x (n,) have no place on a logarithmic x axis."""
    logarithmic = axes.x.scale in LOG_SCALES and axes.x.scale not in BOTH_SIGNS
    return int((x <= 0).sum()) if logarithmic else 0


def covers(index: Array, series: Array, placeless: int = 0) -> bool:
    """Whether the indices begin at the first, reach the end and are many enough to be a curve.

    Where every tenth value is drawn, the ends are within ten of the first and the last.
    placeless: how many of the first values the x axis cannot show.
    """
    finite = np.flatnonzero(np.isfinite(series))
    steps = np.diff(np.unique(index))
    if not len(index) or not len(finite) or len(steps) + 1 < min(len(finite), FEWEST):
        return False
    first, reached, last = index.min() - placeless, index.max(), finite[-1]
    gap = steps.max(initial=1)
    ends = reached >= REACHED * last and reached + gap > last
    return bool(first <= max(1, STARTED * last) and first < gap and ends)


def fits(drawn: Array, expected: Array, heights: Array) -> Array:
    """Equal up to rounding to float32 and what an eye can see. NaN fits NaN."""
    finite = heights[np.isfinite(heights)]
    spread = float(np.ptp(finite)) if len(finite) else 0.0
    tolerance = RANGE_TOLERANCE * spread + VALUE_TOLERANCE * np.abs(expected)
    both = np.isfinite(expected)
    return np.where(both, np.abs(drawn - expected) <= tolerance, ~np.isfinite(drawn))


def unseen(
    figure: FigureDescription, drawn: list[Sequence], name: str
) -> CheckFailed | GraderFault:
    """The error for a curve that is drawn, of which a person sees too little."""
    message = f"the curve of {name} is in the figure but cannot be seen"
    if any(sequence.visible for sequence in drawn):
        return failure(
            figure,
            f"{message} whole: the limits of the axes cut it off",
            hint="leave out set_xlim and set_ylim, or give them wider limits",
        )
    return failure(
        figure,
        message,
        hint="look at its colour, alpha, what is drawn over it, and the limits of the axes",
    )


def explain(
    figure: FigureDescription,
    found: list[Sequence],
    series: Array,
    name: str,
    floor: float | None,
) -> CheckFailed | GraderFault:
    """The error that says what was drawn instead."""
    n = len(series)
    message = f"no curve in the figure shows {name}"
    if not data_axes(figure):
        return failure(figure, "the figure is empty", expected=f"a curve of {name}")
    if not found:
        return failure(figure, f"{message}: nothing is drawn that could be a curve")
    for sequence in found:
        swapped = Sequence(sequence.points[:, ::-1], sequence.artists, sequence.axes)
        if _recognise(swapped, series, floor) is not None:
            return failure(
                figure,
                f"{message}: the axes are the wrong way round",
                expected="the iteration to the right, the value upwards",
            )
    for sequence in found:
        mistake = _misplaced(sequence.points, series)
        if mistake is not None:
            detail, expected, got = mistake
            return failure(figure, f"{message}{detail}", expected=expected, got=got)
    longest = max(found, key=lambda sequence: len(sequence.points))
    return failure(
        figure,
        message,
        expected=f"{n} values, with {_counted(n)}",
        got=_first_difference(longest.points, series),
        hint="draw the values that the function was given, unchanged",
    )


def _misplaced(points: Array, series: Array) -> tuple[str, str, str] | None:
    """Right heights in the wrong place: the end of the message, what was expected, what came."""
    n, m = len(series), len(points)
    x, heights = points[:, 0], points[:, 1]
    whole = f"{n} values, with {_counted(n)}"
    if m == n and fits(heights, series, series).all():
        return (
            ": the heights are right, x is not",
            _counted(n),
            f"x from {x.min():g} to {x.max():g}",
        )
    if 1 < m < n and fits(heights, series[:m], series).all():
        return " whole: the curve stops early", whole, f"the first {m} values"
    if 1 < m < n and fits(heights, series[-m:], series).all():
        came = f"{m} points, from x = {x[0]:g}"
        return " at the right place: its first values are missing", whole, came
    return None


def _counted(n: int) -> str:
    return f"x from 0 to {n - 1} (or from 1 to {n})"


def _first_difference(points: Array, series: Array) -> str:
    size = f"the longest curve has {len(points)} points"
    for x, y in points.tolist():
        k = int(x) if np.isfinite(x) and float(x).is_integer() and 0 <= x < len(series) else None
        if k is not None and not fits(np.array([y]), series[k : k + 1], series)[0]:
            return f"{size}; at {k} it is at {y:.6g}, where the value is {series[k]:.6g}"
    return size
