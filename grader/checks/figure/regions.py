"""The claim that the plane is divided among several classes by the largest of linear scores."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.exchanged import class_looks, colour_of
from grader.checks.figure.look import MIN_CONTRAST, difference, face_of, lab, plane_axes, shown
from grader.checks.figure.strokes import STEP, Stroke, strokes

Array = np.ndarray[Any, Any]

GRID = 48  # places in each direction at which colours are compared
TOLERANCE = 0.006  # how far a line may be from a border, in parts of the view
CELL = 0.03  # the same for what follows the cells of a grid
BOX_MARGIN = 0.02
LEAST_BOX = 0.04
PURE = 0.9
COVERED = 0.9
EACH_COVERED = 0.75
RIGHT = 0.99
RARE = 0.01
MOST_COLOURS = 12
MANY_DOTS = 400
SHORT = 0.05
SAME_HUE = 20.0  # degrees
FAINT, CHROMA = 6.0, 15.0  # the least of a hue that tells something, in a region and in a mark


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
    are to be judged too: where all are hues of the examples, none may be that of another class.
    Returns the axes.
    Raises CheckFailed if neither is there, or if the hues of classes are exchanged.
    """
    weights = np.asarray(W, float)
    panels = plane_axes(figure)
    found = _axes_with(panels, weights, X)
    if found is not None:
        plane = None if y is None else _plane(found, weights, np.asarray(X, float))
        if plane is not None and _hues_exchanged(plane, X, y):
            raise failure(
                figure,
                "regions have the colours of other classes' examples",
                expected="for each region the colour of the examples that are predicted there, or "
                "colours that no examples have",
            )
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
    return best[off], _colours_at(plane.axes, places[off])


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
        near = difference(mine[:, None], others[None]).min(axis=1) < MIN_CONTRAST
        wrong += int(near.sum())
    return wrong <= (1 - RIGHT) * len(best)


def _hues_exchanged(plane: _Plane, X: Any, y: Any) -> bool:
    """Whether the regions have the hues of the examples, but of another class's."""
    looks = class_looks(plane.axes, X, y)
    if set(looks) != set(range(len(plane.offsets))):
        return False
    best, colours = _judged(plane)
    kinds = {label: _usual(colours[best == label]) for label in looks}
    if any(len(kind) != 1 for kind in kinds.values()):
        return False
    regions = [_hue(lab(kinds[label][0, :3]), FAINT) for label in sorted(looks)]
    dots = [
        _hue(np.array(colour_of(looks[label][0], plane.axes)), CHROMA) for label in sorted(looks)
    ]
    if None in regions or None in dots:
        return False
    turns = np.subtract.outer(np.array(regions, float), np.array(dots, float))
    away = np.abs((turns + 180) % 360 - 180)  # (regions, examples), in degrees
    nearest = away.argmin(axis=1)
    alike = (away.min(axis=1) <= SAME_HUE).all() and len(set(nearest.tolist())) == len(nearest)
    return bool(alike and (nearest != np.arange(len(nearest))).any())


def _hue(colour: Array, chroma: float) -> float | None:
    """The hue of a colour in L*a*b*, in degrees; None where it is greyer than that."""
    if np.hypot(colour[1], colour[2]) < chroma:
        return None
    return float(np.degrees(np.arctan2(colour[2], colour[1])))


def _usual(colours: Array) -> Array:
    """The different colours, without those of a few places."""
    kinds, counts = np.unique(colours.round(3), axis=0, return_counts=True)
    return kinds[counts > RARE * len(colours)]


def _colours_at(axes: Axes, places: Array) -> Array:
    """What fills the axes at (n, 2) places of the view, one above the other: (n, 4) opaque."""
    seen = np.broadcast_to(face_of(axes), (len(places), 4)).copy()
    for artist in axes.artists:
        if not shown(artist, axes):
            continue
        for inside, colours in _fills(artist, axes, places):
            alpha = colours[:, 3:]
            seen[inside] = colours * alpha + seen[inside] * (1 - alpha)
    seen[:, 3] = 1.0
    return seen


def _fills(artist: Artist, axes: Axes, places: Array) -> Iterator[tuple[Array, Array]]:
    """Where the artist fills the view, (n,) bools, and its colours there."""
    if artist.cells is not None and artist.cells.index is not None:
        yield _cells_at(artist, axes, places)
    elif (artist.kind == "contour" and artist.filled) or artist.kind == "region":
        for number in range(len(artist.paths)) if len(artist.face) else ():
            layer = int(artist.level_of[number]) if artist.kind == "contour" else number
            # The rings of one layer cut holes into each other: they are taken together below.
            if artist.kind == "contour" and layer in artist.level_of[:number]:
                continue
            rings = (
                [p for p, k in zip(artist.paths, artist.level_of, strict=False) if k == layer]
                if artist.kind == "contour"
                else [artist.paths[number]]
            )
            inside = _inside([axes.to_view(ring) for ring in rings], places)
            colour = artist.face[layer % len(artist.face)]
            yield inside, np.broadcast_to(colour, (int(inside.sum()), 4))
    elif artist.kind == "points" and len(artist.xy) >= MANY_DOTS and artist.markers is not None:
        dots, face = axes.to_view(artist.xy), artist.markers.face
        if len(face) in (1, len(dots)):
            nearest, gap = _nearest(places, dots)
            inside = gap <= CELL
            opaque = face[nearest[inside] % len(face)].copy()
            opaque[:, 3] = np.maximum(opaque[:, 3], 0.5)  # between the dots nothing is drawn
            yield inside, opaque


def _cells_at(artist: Artist, axes: Axes, places: Array) -> tuple[Array, Array]:
    cells = artist.cells
    if cells is None or cells.index is None or cells.colours is None:
        return np.zeros(len(places), bool), np.empty((0, 4))
    found, inside = [], np.ones(len(places), bool)
    for column, centres in enumerate((axes.x.to_view(cells.x), axes.y.to_view(cells.y))):
        gaps = np.abs(places[:, column, None] - centres[None])
        found.append(gaps.argmin(axis=1))
        half = np.abs(np.diff(centres)).max(initial=0.0) / 2
        inside &= (gaps.min(axis=1) <= half * 1.01) & (2 * half <= CELL)
    colours = cells.colours[cells.index[found[1][inside], found[0][inside]]]
    return inside, colours


def _inside(rings: list[Array], places: Array) -> Array:
    """Whether each place lies inside an odd number of the rings."""
    odd = np.zeros(len(places), bool)
    x, y = places[:, 0, None], places[:, 1, None]
    for ring in rings:
        ring = ring[np.isfinite(ring).all(axis=1)]
        if len(ring) < 3:
            continue
        (x1, y1), (x2, y2) = ring.T, np.roll(ring, -1, axis=0).T
        between = (y1 > y) != (y2 > y)
        crossing = x1 + (y - y1) * (x2 - x1) / np.where(y2 == y1, 1.0, y2 - y1)
        odd ^= (between & (x < crossing)).sum(axis=1) % 2 == 1
    return odd


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
        and (_nearest(stroke.samples, every)[1] <= _tolerance(stroke) + STEP).mean() >= PURE
    ]
    loose = any(_tolerance(stroke) == CELL for stroke in strokes(plane.axes))
    if not candidates:
        return False
    drawn = np.concatenate(candidates)
    near = [
        _nearest(places, drawn)[1] <= (CELL if loose else TOLERANCE) + 2 * STEP for places in wanted
    ]
    long = [hit.mean() >= EACH_COVERED for hit in near if len(hit) * STEP > SHORT]
    return bool(all(long) and np.concatenate(near).mean() >= COVERED)


def _tolerance(stroke: Stroke) -> float:
    return CELL if stroke.artist.kind == "contour" else TOLERANCE


def _nearest(places: Array, others: Array) -> tuple[Array, Array]:
    """For (n, 2) places the index of the nearest of (m, 2) others and its distance."""
    index, gap = np.empty(len(places), int), np.empty(len(places))
    for start in range(0, len(places), 512):
        part = slice(start, start + 512)
        squares = ((places[part, None] - others[None]) ** 2).sum(axis=-1)
        index[part] = squares.argmin(axis=1)
        gap[part] = np.sqrt(squares.min(axis=1))
    return index, gap
