"""Claims about a plane with level lines: the path of an iteration, and contours of a function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.look import plane_axes, shown
from grader.checks.figure.sequences import Sequence, is_outline, sequences

Array = np.ndarray[Any, Any]

MATCHED = 0.95
REACHED = 0.9
FEWEST = 8
A_FEW = 20
LIKELY = 0.7
RANGE_TOLERANCE = 1e-4
IN_VIEW = 0.5
FEWEST_LEVELS = 2
LEVEL_VERTICES = 6
LEVEL_SPREAD = 0.06


@dataclass(frozen=True)
class Path:
    """A path that was found, and everything that draws it."""

    sequence: Sequence
    also: tuple[Sequence, ...]

    @property
    def axes(self) -> Axes:
        """The axes in which it is drawn."""
        return self.sequence.axes


@claim
def path_drawn(
    figure: FigureDescription, path: Any, *, name: str = "the path", among: Axes | None = None
) -> Path:
    """The points of `path` are drawn in order, from the start to the end; returns what was found.

    A line, dots, short segments or arrows are equally good, and leaving some iterates out is fine.
    path: (steps + 1, 2), the iterates that the plotting function was given.
    Raises CheckFailed otherwise.
    """
    iterates = np.asarray(path, float).reshape(-1, 2)
    panels = [among] if among is not None else plane_axes(figure)
    found = [sequence for axes in panels for sequence in sequences(axes)]
    drawn = [sequence for sequence in found if _follows(sequence.points, iterates)]
    seen = [sequence for sequence in drawn if sequence.visible and _in_view(sequence)]
    if seen:
        return Path(seen[0], tuple(seen[1:]))
    if drawn:
        raise failure(
            figure,
            f"{name} is in the figure but cannot be seen",
            hint="look at its colour, alpha, what is drawn over it, and the limits of the axes",
        )
    raise failure(
        figure,
        f"{name} is not drawn",
        expected=f"the {len(iterates)} points of the path, in order",
        got=_nearest_miss(found, iterates),
        hint="ax.plot(path[:, 0], path[:, 1])",
    )


def _follows(points: Array, iterates: Array) -> bool:
    """The points are iterates in their order, early ones and late ones among them."""
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return False
    some = points[:: math.ceil(len(points) / A_FEW)]
    gaps = np.abs(some[:, None] - iterates[None]).max(axis=2)
    if not (gaps <= _tolerance(iterates)).any(axis=1).mean() >= LIKELY:
        return False
    distinct = min(FEWEST, len(np.unique(iterates, axis=0)))
    if len(np.unique(points, axis=0)) < distinct:
        return False
    return _in_turn(points, iterates) or _in_turn(points[::-1], iterates)


def _in_turn(points: Array, iterates: Array) -> bool:
    tolerance = _tolerance(iterates)
    allowed = (1 - MATCHED) * len(points)
    first, last, missed = len(iterates), -1, 0
    for point in points:
        rest = np.abs(iterates[max(last, 0) :] - point).max(axis=1) <= tolerance
        if rest.any():
            last = max(last, 0) + int(rest.argmax())
            first = min(first, last)
        else:
            missed += 1
            if missed > allowed:
                return False
    if last < 0 or first > 1:
        return False
    # Late iterates crowd together: the last one that the drawn end cannot be told from counts.
    same = np.abs(iterates - iterates[last]).max(axis=1) <= 2 * tolerance
    return bool(np.flatnonzero(same)[-1] >= REACHED * (len(iterates) - 1))


def _tolerance(iterates: Array) -> float:
    finite = iterates[np.isfinite(iterates).all(axis=1)]
    return RANGE_TOLERANCE * float(np.ptp(finite, axis=0).max(initial=0)) if len(finite) else 0.0


def _in_view(sequence: Sequence) -> bool:
    places = sequence.axes.to_view(sequence.points)
    inside = ((places >= -0.001) & (places <= 1.001)).all(axis=1)
    return bool(inside.mean() >= IN_VIEW)


def _nearest_miss(found: list[Sequence], iterates: Array) -> str:
    if not found:
        return "nothing that could be a path"
    for sequence in found:
        if _follows(sequence.points[:, ::-1], iterates):
            return "the path with its two coordinates swapped"
        points = sequence.points
        if len(points) >= FEWEST and _in_turn(points, iterates[: len(points)]):
            return f"only its first {len(points)} points"
    longest = max(found, key=lambda sequence: len(sequence.points))
    return f"{len(found)} lines or sets of points, the longest with {len(longest.points)} points"


@claim
def contours_drawn(
    figure: FigureDescription,
    function: Callable[[Array], Array],
    *,
    name: str = "f",
    among: Axes | None = None,
) -> Axes:
    """At least two level lines of `function` are drawn; returns the axes.

    Filled or not, at any levels, of f itself or of any monotone function of it (log f).
    function: (n, 2) points -> (n,) values. Raises CheckFailed otherwise.
    """
    best = None
    for axes in [among] if among is not None else plane_axes(figure):
        spreads = [s for lines in _level_lines(axes) for s in [_spread(lines, function)] if s]
        best = min([*spreads, *([] if best is None else [best])], default=None)
        if best is not None and best <= LEVEL_SPREAD:
            return axes
    raise failure(
        figure,
        f"no contours of {name} are drawn",
        expected=f"level lines of {name}, at least {FEWEST_LEVELS}",
        got="no contours"
        if best is None
        else f"contours along which {name} changes: they belong to another function",
        hint="evaluate the function on a grid (np.meshgrid) and call ax.contour(X1, X2, F)",
    )


def _level_lines(axes: Axes) -> Iterator[list[Array]]:
    """Sets of lines that may be levels of one function; each item holds one level's points."""
    loops: list[Array] = []
    for artist in axes.artists:
        if not shown(artist, axes):
            continue
        if artist.kind == "contour":
            yield _levels_of(artist)
        elif (artist.kind == "line" and artist.line) or is_outline(artist):
            loops += [path for path in artist.paths if len(path) >= 4 * LEVEL_VERTICES]
    yield loops


def _levels_of(artist: Artist) -> list[Array]:
    """The points of each level; of a filled layer, those on either of its two sides."""
    levels = [
        np.concatenate([p for p, k in zip(artist.paths, artist.level_of, strict=False) if k == n])
        for n in np.unique(artist.level_of)
    ]
    if artist.filled and levels:
        points = np.concatenate(levels)
        low, high = points.min(axis=0), points.max(axis=0)
        rim = 1e-6 * (high - low)
        levels = [
            level[((level > low + rim) & (level < high - rim)).all(axis=1)] for level in levels
        ]
    return levels


def _spread(levels: list[Array], function: Callable[[Array], Array]) -> float | None:
    """How much the function changes along a level, against how much it changes in all."""
    levels = [level[np.isfinite(level).all(axis=1)] for level in levels]
    heights = [np.asarray(function(level), float).ravel() for level in levels if len(level)]
    heights = [values for values in heights if len(values) >= LEVEL_VERTICES]
    if len(heights) < FEWEST_LEVELS:
        return None
    middle = np.array([np.median(values) for values in heights])
    whole = float(np.ptp(middle)) / len(heights)
    if not whole > 0:
        return None
    inner = [min(_middle_half(values), _two_sided(values)) for values in heights]
    return float(np.median(inner)) / whole


def _middle_half(values: Array) -> float:
    """The width of the middle half: the corners of a coarse grid do not count."""
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low)


def _two_sided(values: Array) -> float:
    """The spread of values that lie round two heights: a filled layer has two edges."""
    values = np.sort(values)
    rim = len(values) // 10
    gaps = np.diff(values)[rim : len(values) - 1 - rim]
    cut = rim + int(gaps.argmax()) + 1
    return max(_middle_half(values[:cut]), _middle_half(values[cut:]))
