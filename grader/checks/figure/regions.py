"""The claim that the plane is divided among several classes by the largest of linear scores."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Axes, FigureDescription
from grader.checks.figure.fills import CELL, colours_at, differ, nearest
from grader.checks.figure.hues import hues_exchanged
from grader.checks.figure.look import plane_axes
from grader.checks.figure.strokes import STEP, Stroke, strokes

Array = np.ndarray[Any, Any]

GRID = 48  # places in each direction at which colours are compared
TOLERANCE = 0.006  # how far a line may be from a border, in parts of the view
BOX_MARGIN = 0.02
LEAST_BOX = 0.04
PURE = 0.9
COVERED = 0.9
EACH_COVERED = 0.75
RIGHT = 0.99
RARE = 0.01
MOST_COLOURS = 12
SHORT = 0.05


@dataclass(frozen=True)
class _Plane:
    """An axes with the scores of k classes: weights (2, k) and offsets (k,) of view places."""

    axes: Axes
    weights: Array
    offsets: Array
    lower: Array
    upper: Array

    def winners(self, places: Array) -> tuple[Array, Array]:
        """For (n, 2) places the class with the largest score and how far the next border is."""
        scores = places @ self.weights + self.offsets
        best = scores.argmax(axis=1)
        lead = scores[np.arange(len(best)), best][:, None] - scores
        steep = np.linalg.norm(self.weights[:, best].T[:, :, None] - self.weights[None], axis=1)
        distance = np.where(steep > 0, lead / np.where(steep > 0, steep, 1.0), np.inf)
        return best, distance.min(axis=1)

    def borders(self, lower: Array, upper: Array) -> Iterator[Array]:
        """Places along the border of each two neighbours inside a box."""
        for a, b in itertools.combinations(range(len(self.offsets)), 2):
            normal = self.weights[:, a] - self.weights[:, b]
            length = float(np.hypot(*normal))
            if not length > 0:
                continue
            foot = -(self.offsets[a] - self.offsets[b]) * normal / length**2
            along = np.arange(-3.0, 3.0, STEP)[:, None] * [-normal[1] / length, normal[0] / length]
            places = foot + along
            scores = places @ self.weights + self.offsets
            highest = scores[:, a] >= scores.max(axis=1) - 1e-9 * np.abs(scores).max(axis=1)
            places = places[highest & ((places >= lower) & (places <= upper)).all(axis=1)]
            if len(places):
                yield places


@claim
def regions_drawn(figure: FigureDescription, W: Any, X: Any, y: Any = None) -> Axes:
    """The regions of the classes of a linear classifier, or their borders, are drawn.

    The class of (x1, x2) is the one with the largest of the scores (x1, x2, 1) W. Filled regions,
    a mesh, an image, a grid of coloured dots, contours and lines are equally good. Lines that are
    no borders do not count.
    W: (3, k). X: (n, 2), the data that the figure shows. y: (n,) their labels, if the regions' hues
    are to be judged too: none may have one another's, as the examples tell them.
    Returns the axes.
    Raises CheckFailed if neither is there, or if the hues of classes are exchanged.
    """
    weights = np.asarray(W, float)
    panels = plane_axes(figure)
    found = _axes_with(panels, weights, X)
    if found is not None:
        if y is not None:
            _require_own_hues(figure, found, weights, X, y)
        return found
    fitting = [
        words for words, other in _mistakes(weights) if _axes_with(panels, other, X) is not None
    ]
    raise failure(
        figure,
        "neither the regions of the classes nor their borders are drawn",
        expected="a colour for each class where its score is the largest, or the lines between",
        hint="predict the class at every point of a fine grid, then contourf or pcolormesh",
        diagnosis=fitting[0] if len(fitting) == 1 else None,
    )


@claim
def halves_coloured_rightly(figure: FigureDescription, w: Any, b: float, X: Any, y: Any) -> None:
    """No half of the plane has the colour of the other class's examples.

    Where w.x + b is positive, y = +1 is predicted. Halves without a colour, in greys, and in hues
    that no examples have are right.
    w: (2,). X: (n, 2). y: (n,) of -1 and +1. Raises CheckFailed if the colours are exchanged.
    """
    weights = np.column_stack([np.zeros(3), [*np.asarray(w, float).ravel(), b]])
    for axes in plane_axes(figure):
        _require_own_hues(figure, axes, weights, X, np.asarray(y).ravel() > 0)


def _require_own_hues(figure: FigureDescription, axes: Axes, W: Array, X: Any, y: Any) -> None:
    plane = _plane(axes, W, np.asarray(X, float))
    if plane is not None and hues_exchanged(axes, *_judged(plane), X, np.asarray(y).astype(int)):
        raise failure(
            figure,
            "regions have the colours of other classes' examples",
            expected="for each region the colour of the examples that are predicted there, or "
            "colours that no examples have",
        )


def _axes_with(panels: list[Axes], W: Array, X: Any) -> Axes | None:
    for axes in panels:
        plane = _plane(axes, W, np.asarray(X, float))
        if plane is not None and (_is_filled(plane) or _is_lined(plane)):
            return axes
    return None


def _mistakes(W: Array) -> Iterator[tuple[str, Array]]:
    """Weights that a usual mistake comes to, with what to say of it."""
    yield "What you draw leaves out the last row of W, the offsets.", W * [[1.0], [1.0], [0.0]]
    yield "What you draw has the two coordinates exchanged.", W[[1, 0, 2]]
    yield "What you draw takes the smallest score: the class has the largest.", -W
    yield "What you draw has the sign of the offsets wrong.", W * [[1.0], [1.0], [-1.0]]


def _plane(axes: Axes, W: Array, X: Array) -> _Plane | None:
    """None if an axis is not linear, or if the data fill too little of the view to judge."""
    if axes.x.scale != "linear" or axes.y.scale != "linear":
        return None
    low = np.array([axes.x.limits[0], axes.y.limits[0]])
    size = np.array([axes.x.limits[1], axes.y.limits[1]]) - low
    places = axes.to_view(X)
    spread = np.ptp(places, axis=0) * BOX_MARGIN
    lower = np.maximum(places.min(axis=0) - spread, 0)
    upper = np.minimum(places.max(axis=0) + spread, 1)
    if not (np.isfinite(size).all() and (upper - lower >= LEAST_BOX).all()):
        return None
    return _Plane(axes, W[:2] * size[:, None], low @ W[:2] + W[2], lower, upper)


def _judged(plane: _Plane) -> tuple[Array, Array]:
    """The classes of places of a grid behind the data, off the borders, and the colours there."""
    sides = [
        np.linspace(low, high, GRID) for low, high in zip(plane.lower, plane.upper, strict=True)
    ]
    places = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    best, distance = plane.winners(places)
    off = distance > CELL
    return best[off], colours_at(plane.axes, places[off])


def _is_filled(plane: _Plane) -> bool:
    """Whether the colours behind the data tell the classes apart, and change at the borders."""
    best, colours = _judged(plane)
    kinds = [_usual(colours[best == label]) for label in np.unique(best)]
    if len(kinds) < 2 or any(not 0 < len(kind) <= MOST_COLOURS for kind in kinds):
        return False
    wrong = 0
    for number, label in enumerate(np.unique(best)):
        mine = colours[best == label]
        others = np.concatenate(kinds[:number] + kinds[number + 1 :])
        wrong += int((~differ(mine[:, None], others[None])).any(axis=1).sum())
    return wrong <= (1 - RIGHT) * len(best)


def _usual(colours: Array) -> Array:
    """The different colours, without those of a few places."""
    kinds, counts = np.unique(colours.round(3), axis=0, return_counts=True)
    return kinds[counts > RARE * len(colours)]


def _is_lined(plane: _Plane) -> bool:
    """Whether lines along the borders, and along nothing else, are there."""
    everywhere = list(plane.borders(np.zeros(2), np.ones(2)))
    wanted = list(plane.borders(plane.lower, plane.upper))
    if not everywhere or not wanted:
        return False
    every = np.concatenate(everywhere)
    candidates = [
        stroke.samples
        for stroke in strokes(plane.axes)
        if not stroke.region
        and (nearest(stroke.samples, every)[1] <= _tolerance(stroke) + STEP).mean() >= PURE
    ]
    loose = any(_tolerance(stroke) == CELL for stroke in strokes(plane.axes))
    if not candidates:
        return False
    drawn = np.concatenate(candidates)
    near = [
        nearest(places, drawn)[1] <= (CELL if loose else TOLERANCE) + 2 * STEP for places in wanted
    ]
    long = [hit.mean() >= EACH_COVERED for hit in near if len(hit) * STEP > SHORT]
    return bool(all(long) and np.concatenate(near).mean() >= COVERED)


def _tolerance(stroke: Stroke) -> float:
    return CELL if stroke.artist.kind == "contour" else TOLERANCE
