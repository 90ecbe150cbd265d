"""Where artists lie: data coordinates, view coordinates, and fewer vertices that say the same."""

from __future__ import annotations

import contextlib
import math
import random
from typing import Any

import numpy as np

from grader.sandbox.guest.describing.plain import Array, Json, numbers

MAX_VERTICES = 4_000
TOLERANCE = 0.0005
CURVE_UNITS = 64.0


class AxesView:
    """The view of one axes: where data coordinates fall, from 0 to 1 in each direction."""

    def __init__(self, axes: Any) -> None:
        self.data = axes.transData
        self._to_view = axes.transData - axes.transAxes
        self.limits = [axes.get_xlim(), axes.get_ylim()]

    def of(self, points: Array) -> Array:
        """(n, 2) data coordinates -> (n, 2) view coordinates."""
        with np.errstate(all="ignore"):
            return np.asarray(self._to_view.transform(points))

    def to_data(self, transform: Any, points: Any) -> Array:
        """(n, 2) points of `transform` -> (n, 2) data coordinates, exact where it is transData."""
        xy: Array = np.ma.filled(np.ma.asarray(points, float), np.nan).reshape(-1, 2)
        if transform == self.data or len(xy) == 0:
            return xy
        with np.errstate(all="ignore"):
            return np.asarray(self.data.inverted().transform(transform.transform(xy)))

    def table(self, column: int) -> list[float | None] | None:
        """Data values at 257 evenly spaced places of the view, for scales without a formula."""
        places = np.linspace(0, 1, 257)
        points = np.full((257, 2), 0.5)
        points[:, column] = places
        with contextlib.suppress(Exception), np.errstate(all="ignore"):
            return numbers(self._to_view.inverted().transform(points)[:, column])
        return None


def simplify(points: Array, view: AxesView, tolerance: float) -> Array:
    """Ramer-Douglas-Peucker in view coordinates; keeps a subset of the given points."""
    seen = view.of(points)
    whole = np.isfinite(seen).all(axis=1)
    points, seen = points[whole], seen[whole]
    if len(points) > 2:
        cell = np.round(seen / (tolerance / 2))
        moved = np.r_[True, (np.diff(cell, axis=0) != 0).any(axis=1)]
        moved[-1] = True
        points, seen = points[moved], seen[moved]
    keep = np.zeros(len(points), bool)
    keep[[0, -1] if len(points) else []] = True
    stack = [(0, len(points) - 1)]
    while stack:
        start, stop = stack.pop()
        if stop - start < 2:
            continue
        inner = seen[start + 1 : stop] - seen[start]
        chord = seen[stop] - seen[start]
        length = math.hypot(*chord)
        if length > 0:
            along = np.clip(inner @ chord / length**2, 0, 1)
            inner = inner - along[:, None] * chord
        distance = np.hypot(inner[:, 0], inner[:, 1])
        worst = int(distance.argmax())
        if distance[worst] > tolerance:
            middle = start + 1 + worst
            keep[middle] = True
            stack += [(start, middle), (middle, stop)]
    return points[keep]


def paths_of(paths: list[Array], view: AxesView, *, always: bool = False) -> Json:
    """`paths` within the limit on vertices: simplified where that is needed, then cut."""
    total = sum(map(len, paths))
    out: Json = {}
    if always or total > MAX_VERTICES:
        paths = [simplify(path, view, TOLERANCE) for path in paths]
        out["simplified"] = True
    left = MAX_VERTICES
    kept: list[list[list[float | None]]] = []
    for path in paths:
        if len(path) > left or len(kept) == MAX_VERTICES:
            out["cut"] = True
            path = path[:left]
        left -= len(path)
        kept.append([numbers(path[:, 0]), numbers(path[:, 1])])
        if not left:
            out["cut"] = out.get("cut", False) or len(kept) < len(paths)
            break
    return {"paths": kept, **out}


def split(path: Any) -> list[Array]:
    """A compound path's connected pieces, curves flattened, closed ones ending at their start."""
    from matplotlib.path import Path

    if path.codes is None:
        return [np.asarray(path.vertices, float)]
    if np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any():
        return _flattened(path)
    vertices = np.array(path.vertices, float)
    starts = np.flatnonzero(path.codes == Path.MOVETO)
    pieces: list[Array] = []
    if not len(starts):  # a contour's level without lines
        return pieces
    for start, stop in zip(starts, [*starts[1:], len(vertices)], strict=True):
        if path.codes[stop - 1] == Path.CLOSEPOLY:
            vertices[stop - 1] = vertices[start]
        pieces.append(vertices[start:stop])
    return pieces


def _flattened(path: Any) -> list[Array]:
    """The pieces of a path with curves as lines. matplotlib flattens to a part of a unit, which
    would leave 16 corners of a circle of radius 1: it is done on a scale of 64 units."""
    from matplotlib.transforms import Affine2D

    whole = path.vertices[np.isfinite(path.vertices).all(axis=1)]
    size = float(np.ptp(whole, axis=0).max()) if len(whole) else 0.0
    scale = CURVE_UNITS / size if size > 0 else 1.0
    pieces = path.transformed(Affine2D().scale(scale)).to_polygons(closed_only=False)
    return [np.asarray(piece, float) / scale for piece in pieces]


def points_of(points: Array) -> Json:
    """Separate points within the limit, in their order."""
    kept = points[:MAX_VERTICES]
    out: Json = {"xy": [numbers(kept[:, 0]), numbers(kept[:, 1])]}
    if len(points) > MAX_VERTICES:
        out["cut"] = True
    return out


def spread(count: int) -> Array:
    """The indices of those of `count` points that are described, in their order.

    Where there are too many, they come from everywhere among them: the first of a grid of dots
    would all be on one side of the plane.
    """
    if count <= MAX_VERTICES:
        return np.arange(count)
    return np.array(sorted(random.Random(0).sample(range(count), MAX_VERTICES)))


def spread_points_of(points: Array) -> Json:
    """As `points_of`, of those that `spread` takes."""
    kept = spread(len(points))
    return {**points_of(points[kept]), "cut": len(kept) < len(points)}
