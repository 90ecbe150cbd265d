"""Claims about straight lines in the plane of the data: a decision boundary and its margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.fills import colours_at
from grader.checks.figure.look import MIN_CONTRAST, difference, face_of, over, plane_axes, shown
from grader.checks.figure.strokes import STEP, Stroke, strokes

Array = np.ndarray[Any, Any]

TOLERANCE = 0.005
COVERED = 0.8
PURE = 0.9
ONE_SIDED = 0.999
BOX_MARGIN = 0.02
CELL = 0.02
FIT = 0.008
CELLS_APART = 1.5
SLIVER = 1e-5  # of the view's area
ASIDE = 0.012
LEAST_CHANGE = 1e-3  # of a channel: levels that lie close together have nearly the same colour

Panel = tuple[Axes, list[Stroke]]


@dataclass(frozen=True)
class _Target:
    """The line w.x + b = c in one axes: a unit normal and an offset in view coordinates, and the
    part of it that must be covered, as distances along the line."""

    axes: Axes
    normal: Array
    offset: float
    first: float
    last: float

    def distance(self, places: Array) -> Array:
        """Signed distances of (n, 2) places from the line."""
        out: Array = places @ self.normal - self.offset
        return out

    def along(self, places: Array) -> Array:
        """How far along the line the places lie."""
        out: Array = places @ np.array([-self.normal[1], self.normal[0]])
        return out


@claim
def boundary_drawn(figure: FigureDescription, w: Any, b: float, X: Any) -> Axes:
    """The line w.x + b = 0 is drawn across the data; returns the axes that shows it.

    A line, a contour level, a row of dots, the edge of a coloured region or of the cells of an
    image are equally good.
    w: (2,). b: a number. X: (n, 2), the data that the figure shows.
    Raises CheckFailed if there is no such line.
    """
    panels = _panels(figure)
    found = _axes_with(panels, w, b, X, (0.0,))
    if found is not None:
        return found
    raise _explain(
        figure, panels, w, b, X, (0.0,), "the decision boundary w.x + b = 0 is not drawn",
        hint="solve w.x + b = 0 for the second coordinate, at two first coordinates",
    )  # fmt: skip


@claim
def margins_drawn(figure: FigureDescription, w: Any, b: float, X: Any) -> Axes:
    """Both lines w.x + b = 1 and w.x + b = -1 are drawn across the data; returns their axes.

    Arguments and errors as for `boundary_drawn`.
    """
    panels = _panels(figure)
    found = _axes_with(panels, w, b, X, (1.0, -1.0))
    if found is not None:
        return found
    drawn = [c for c in (1.0, -1.0) if _axes_with(panels, w, b, X, (c,)) is not None]
    missing = [f"w.x + b = {c:g}" for c in (1.0, -1.0) if c not in drawn]
    which = f"margin {missing[0]} is" if len(missing) == 1 else "margins w.x + b = +-1 are"
    raise _explain(
        figure, panels, w, b, X, (1.0, -1.0), f"the {which} not drawn",
        hint="solve w.x + b = 1 and w.x + b = -1 for the second coordinate",
    )  # fmt: skip


def artists_along(axes: Axes, w: Any, b: float, X: Any, value: float) -> list[Artist]:
    """What shows the line w.x + b = value in one axes, each by itself."""
    target = _target(axes, w, b - value, X)
    if target is None:
        return []
    return [stroke.artist for stroke in strokes(axes) if _is_line(stroke, target)]


def _panels(figure: FigureDescription) -> list[Panel]:
    return [(axes, strokes(axes)) for axes in plane_axes(figure)]


def _axes_with(
    panels: list[Panel], w: Any, b: float, X: Any, values: tuple[float, ...]
) -> Axes | None:
    """The first axes in which w.x + b = c is drawn for every c of `values`."""
    for axes, drawn in panels:
        targets = [_target(axes, w, b - c, X) for c in values]
        if None in targets or not targets:
            continue
        if all(_shows(drawn, target) for target in targets if target is not None):
            return axes
    return None


def _target(axes: Axes, w: Any, b: float, X: Any) -> _Target | None:
    """None if the line does not cross what is shown, or an axis is not linear."""
    weights = np.asarray(w, float).ravel()
    data = np.asarray(X, float)
    if axes.x.scale != "linear" or axes.y.scale != "linear" or weights.shape != (2,):
        return None
    low = np.array([axes.x.limits[0], axes.y.limits[0]])
    size = np.array([axes.x.limits[1], axes.y.limits[1]]) - low
    normal = weights * size
    length = float(np.hypot(*normal))
    if not (np.isfinite(length) and length > 0):
        return None
    normal = normal / length
    offset = -(b + float(weights @ low)) / length
    places = axes.to_view(data)
    spread = np.ptp(places, axis=0) * BOX_MARGIN
    lower = np.maximum(places.min(axis=0) - spread, 0)
    upper = np.minimum(places.max(axis=0) + spread, 1)
    ends = _chord(normal, offset, lower, upper)
    if ends is None:
        ends = _chord(normal, offset, np.zeros(2), np.ones(2))
    return None if ends is None else _Target(axes, normal, offset, *ends)


def _chord(normal: Array, offset: float, lower: Array, upper: Array) -> tuple[float, float] | None:
    """The part of the line in a box, as distances along it; None if it is hardly there."""
    direction = np.array([-normal[1], normal[0]])
    foot = offset * normal
    first, last = -np.inf, np.inf
    for column in (0, 1):
        if abs(direction[column]) < 1e-12:
            if not lower[column] <= foot[column] <= upper[column]:
                return None
            continue
        ends = (np.array([lower[column], upper[column]]) - foot[column]) / direction[column]
        first, last = max(first, ends.min()), min(last, ends.max())
    return (float(first), float(last)) if last - first > 4 * STEP else None


def _shows(drawn: list[Stroke], target: _Target) -> bool:
    return (
        any(_is_line(stroke, target) for stroke in drawn)
        or _pieces_follow(drawn, target)
        or any(_cells_split(artist, target) for artist in target.axes.artists)
    )


def _pieces_follow(drawn: list[Stroke], target: _Target) -> bool:
    """Whether artists that each lie on the line cover it together: drawn piece by piece."""
    near = [
        stroke.samples
        for stroke in drawn
        if not stroke.region
        and (np.abs(target.distance(stroke.samples)) <= TOLERANCE).mean() >= PURE
    ]
    return len(near) > 1 and _covers(target.along(np.concatenate(near)), target)


def _is_line(stroke: Stroke, target: _Target) -> bool:
    if _follows(stroke, target, TOLERANCE):
        return True
    # Contours of predictions go in steps of one cell: then the line through the steps counts.
    return (
        stroke.artist.kind == "contour"
        and _follows(stroke, target, CELL)
        and _runs_along(stroke.samples, target)
    )


def _follows(stroke: Stroke, target: _Target, tolerance: float) -> bool:
    """Whether the stroke lies on the line, or is the outline of an area on one side of it."""
    near = np.abs(target.distance(stroke.samples)) <= tolerance
    if stroke.corners is None:
        return bool(near.mean() >= PURE) and _covers(target.along(stroke.samples[near]), target)
    return (
        _covers(target.along(stroke.samples[near]), target)
        and _lies_on_one_side(stroke, target, tolerance)
        and _fill_changes(target)
    )


def _lies_on_one_side(stroke: Stroke, target: _Target, tolerance: float) -> bool:
    """Whether all of an area that the view shows is on one side of the line.

    A polygon that ends at the rim of the view folds over where the line has left the view.
    """
    assert stroke.corners is not None
    corners = stroke.corners[np.isfinite(stroke.corners).all(axis=1)]
    sides = target.distance(corners)
    if max((sides >= -tolerance).mean(), (sides <= tolerance).mean()) >= ONE_SIDED:
        return True
    if stroke.artist.kind != "region":
        return False  # the corners of several rings
    seen = corners
    for column in (0, 1):
        seen = _cut(seen, seen[:, column])
        seen = _cut(seen, 1 - seen[:, column])
    return any(
        _area(_cut(seen, sign * target.distance(seen) - tolerance)) <= SLIVER for sign in (1, -1)
    )


def _cut(ring: Array, height: Array) -> Array:
    """The part of a polygon (n, 2) where a linear function is positive; height (n,): at its corners
    (Sutherland and Hodgman 1974)."""
    kept = []
    for k in range(len(ring)):
        here, there = height[k - 1], height[k]
        if (here > 0) != (there > 0):
            kept.append(ring[k - 1] + (ring[k] - ring[k - 1]) * (here / (here - there)))
        if there > 0:
            kept.append(ring[k])
    return np.array(kept).reshape(-1, 2)


def _area(ring: Array) -> float:
    x, y = ring.T
    return float(abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2


def _fill_changes(target: _Target) -> bool:
    """Whether what fills the view beside the line is another on either side of it."""
    along = np.arange(target.first, target.last, STEP)[:, None]
    places = target.offset * target.normal + along * [-target.normal[1], target.normal[0]]
    sides = [places + sign * ASIDE * target.normal for sign in (1, -1)]
    seen = np.all([((side >= 0) & (side <= 1)).all(axis=1) for side in sides], axis=0)
    if not seen.any():
        return False
    one, other = (colours_at(target.axes, side[seen]) for side in sides)
    return bool((np.abs(one - other).max(axis=1) > LEAST_CHANGE).mean() >= COVERED)


def _runs_along(samples: Array, target: _Target) -> bool:
    """Whether the straight line fitted to the samples near the target is the target."""
    distance = target.distance(samples)
    near = np.abs(distance) <= CELL
    along = target.along(samples)[near]
    design = np.column_stack([np.ones(len(along)), along])
    fit = np.linalg.lstsq(design, distance[near], rcond=None)[0]
    ends = fit[0] + fit[1] * np.array([target.first, target.last])
    return bool((np.abs(ends) <= FIT).all())


def _covers(along: Array, target: _Target) -> bool:
    """Whether samples at these distances cover enough of the part that counts."""
    wanted = np.arange(target.first, target.last, STEP)
    if not len(along) or not len(wanted):
        return False
    along = np.sort(along)
    after = np.clip(np.searchsorted(along, wanted), 1, len(along) - 1)
    gap = np.minimum(np.abs(along[after - 1] - wanted), np.abs(along[after] - wanted))
    return bool((gap <= 2 * STEP).mean() >= COVERED)


def _cells_split(artist: Artist, target: _Target) -> bool:
    """Whether the colours of a mesh's or an image's cells change exactly across the line."""
    cells = artist.cells
    if cells is None or cells.colours is None or cells.index is None:
        return False
    if not shown(artist, target.axes) or min(len(cells.x), len(cells.y)) < 2:
        return False
    x, y = target.axes.x.to_view(cells.x), target.axes.y.to_view(cells.y)
    size = max(np.abs(np.diff(x)).max(), np.abs(np.diff(y)).max())
    if not size <= CELL:
        return False
    distance = target.distance(
        np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).reshape(-1, 2)
    )
    index = cells.index.ravel()
    apart = np.abs(distance) > CELLS_APART * size
    sides = [set(np.unique(index[apart & (sign * distance > 0)])) for sign in (1, -1)]
    if not all(sides) or sides[0] & sides[1]:
        return False
    near = apart & (np.abs(distance) < 6 * size)
    close = [np.unique(index[near & (sign * distance > 0)]) for sign in (1, -1)]
    seen = over(cells.colours, face_of(target.axes))
    contrast = difference(seen[close[0]][:, None], seen[close[1]][None])
    if not contrast.size or contrast.max() < MIN_CONTRAST:
        return False
    wanted = np.arange(target.first, target.last, STEP)[:, None]
    places = target.offset * target.normal + wanted * [-target.normal[1], target.normal[0]]
    inside = (places >= [x.min() - size, y.min() - size]) & (
        places <= [x.max() + size, y.max() + size]
    )
    return bool(inside.all(axis=1).mean() >= COVERED)


def _explain(
    figure: FigureDescription,
    panels: list[Panel],
    w: Any,
    b: float,
    X: Any,
    values: tuple[float, ...],
    message: str,
    hint: str,
) -> Exception:
    """Look for the usual mistakes: another sign, weights swapped, another distance."""
    weights = np.asarray(w, float).ravel()
    fitting = []
    if weights.shape == (2,):
        for words, (changed, moved, scale) in _mistakes(weights, b, values != (0.0,)).items():
            if _axes_with(panels, changed, moved, X, tuple(c * scale for c in values)) is not None:
                fitting.append(words)
    # Two that give the same lines, for weights that happen to be so, name nothing.
    diagnosis = fitting[0] if len(fitting) == 1 else None
    return failure(figure, message, got=_what_is_there(panels), hint=hint, diagnosis=diagnosis)


def _mistakes(w: Array, b: float, margins: bool) -> dict[str, tuple[Array, float, float]]:
    """By its words: the weights, the bias and the factor of the margins that a mistake leads to."""
    norm = float(np.hypot(*w))
    found: dict[str, tuple[Array, float, float]] = {
        "What you draw has the sign of b wrong.": (w, -b, 1.0),
        "What you draw has w[0] and w[1] swapped.": (w[::-1], b, 1.0),
        "What you draw has the sign of one weight wrong.": (w * [1, -1], b, 1.0),
        "What you draw leaves out b.": (w, 0.0, 1.0),
    }
    if margins and norm > 0:
        upwards = float(abs(w[1]))
        found |= {
            "Your margins are 1 away from the boundary: 1 / ||w|| is right.": (w, b, norm),
            "Your margins are 1 / ||w||^2 away from the boundary: 1 / ||w|| is right.": (
                w, b, 1 / norm,
            ),
            "Your margins are 2 / ||w|| away from the boundary: half of it is right.": (w, b, 2.0),
            "Your margins are half as far from the boundary as 1 / ||w||.": (w, b, 0.5),
            "Your margins are the boundary moved by 1 upwards and downwards: solve w.x + b = 1 "
            "and w.x + b = -1.": (w, b, upwards),
            "Your margins are the boundary moved by 1 / ||w|| upwards and downwards: that is their "
            "distance across, not along the second axis.": (w, b, upwards / norm),
            "Your margins are the boundary moved by 2 / ||w|| upwards and downwards: solve "
            "w.x + b = 1 and w.x + b = -1.": (w, b, 2 * upwards / norm),
        }  # fmt: skip
    return found


def _what_is_there(panels: list[Panel]) -> str:
    if not panels:
        return "no axes with data"
    count = sum(len(drawn) for _, drawn in panels)
    return (
        f"{count} visible lines or edges, none along the whole of it"
        if count
        else "no visible line"
    )
