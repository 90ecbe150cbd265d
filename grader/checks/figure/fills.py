"""What fills the plane of an axes: which colour and which hatching stand at a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes
from grader.checks.figure.look import MIN_CONTRAST, difference, face_of, shown

Array = np.ndarray[Any, Any]

CELL = 0.03  # how far what follows the cells of a grid may be from a border, in parts of the view
MANY_DOTS = 400
OPAQUE = 0.99


def colours_at(axes: Axes, places: Array) -> Array:
    """What fills the axes at (n, 2) places of the view, one above the other.

    Returns (n, 5): opaque RGBA and the number of the hatching, 0 for none.
    """
    seen = np.zeros((len(places), 5))
    seen[:, :4] = face_of(axes)
    numbers: dict[str, int] = {}
    artists = [artist for artist in axes.artists if shown(artist, axes)]
    near = {
        number: nearest(places, axes.to_view(artist.xy))
        for number, artist in enumerate(artists)
        if _are_dots(artist)
    }
    # Where each class has its own artist, a place is filled by the one that has the nearest dot.
    closest = np.fmin.reduce([gap for _, gap in near.values()], axis=0, initial=CELL)
    for number, artist in enumerate(artists):
        fills = _fills(artist, axes, places)
        if number in near:
            index, gap = near[number]
            fills = _dots_at(artist, index, gap <= closest)
        for inside, colours, hatch in fills:
            alpha = colours[:, 3:]
            seen[inside, :4] = colours * alpha + seen[inside, :4] * (1 - alpha)
            if hatch:
                seen[inside, 4] = numbers.setdefault(hatch, len(numbers) + 1)
            else:
                seen[np.flatnonzero(inside)[alpha[:, 0] >= OPAQUE], 4] = 0
    seen[:, 3] = 1.0
    return seen


def differ(one: Array, other: Array) -> Array:
    """Whether a person tells fills (..., 5) apart: by their colours or their hatching."""
    apart: Array = (difference(one[..., :4], other[..., :4]) >= MIN_CONTRAST) | (
        one[..., 4] != other[..., 4]
    )
    return apart


def _fills(artist: Artist, axes: Axes, places: Array) -> Iterator[tuple[Array, Array, str]]:
    """Where the artist fills the view, (n,) bools, its colours there, and its hatching."""
    if artist.cells is not None and artist.cells.index is not None:
        yield *_cells_at(artist, axes, places), ""
    elif (artist.kind == "contour" and artist.filled) or artist.kind == "region":
        for number in range(len(artist.paths)) if len(artist.face) or artist.hatches else ():
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
            colour = artist.face[layer % len(artist.face)] if len(artist.face) else np.zeros(4)
            colours = np.broadcast_to(colour, (int(inside.sum()), 4))
            yield inside, colours, hatch_of(artist, layer)


def _are_dots(artist: Artist) -> bool:
    """Whether it is many separate dots, drawn by scatter or by plot."""
    separate = artist.kind == "points" or (artist.kind == "line" and not artist.line)
    return separate and len(artist.xy) >= MANY_DOTS and artist.markers is not None


def _dots_at(artist: Artist, index: Array, inside: Array) -> Iterator[tuple[Array, Array, str]]:
    """As `_fills`, of dots. index: (n,) the dot that is nearest to each place."""
    face = artist.markers.face if artist.markers is not None else np.empty((0, 4))
    if len(face) in (1, len(artist.xy)) and face[:, 3].any():
        opaque = face[index[inside] % len(face)].copy()
        opaque[:, 3] = np.maximum(opaque[:, 3], 0.5)  # between the dots nothing is drawn
        yield inside, opaque, ""


def hatch_of(artist: Artist, layer: int) -> str:
    """The pattern of a layer of a contour or a path of a region."""
    return artist.hatches[layer % len(artist.hatches)] if artist.hatches else ""


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


def nearest(places: Array, others: Array) -> tuple[Array, Array]:
    """For (n, 2) places the index of the nearest of (m, 2) others and its distance."""
    index, gap = np.empty(len(places), int), np.empty(len(places))
    for start in range(0, len(places), 512):
        part = slice(start, start + 512)
        squares = ((places[part, None] - others[None]) ** 2).sum(axis=-1)
        index[part] = squares.argmin(axis=1)
        gap[part] = np.sqrt(squares.min(axis=1))
    return index, gap
