"""Marks at points of the plane: which are there, and what they look like."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes
from grader.checks.figure.look import MIN_ALPHA, contrasting, face_of, lab, over, shown

Array = np.ndarray[Any, Any]

MATCH = 0.002
SAME_PLACE = 1e-6
LARGEST_PATCH = 0.2
CLEARLY = 20.0
LARGER = 1.4
THICKER = 2.0
MOST_LOOKS = 2000


@dataclass(frozen=True)
class Look:
    """How a mark looks: its shape, its area, and its face and edge as they are seen (L*a*b*).

    width: of the edge, in points; 0 where there is none.
    """

    shape: str
    face: tuple[float, ...]
    edge: tuple[float, ...]
    size: float
    width: float = 0.0

    def clearly_differs(self, other: Look, *, sizes: bool = False) -> bool:
        """Whether a person tells the two apart at a glance: by shape, by colour, by size.

        sizes: what is larger, or drawn with a thicker stroke, counts.
        """
        if self.shape != other.shape:
            return True
        ratio = max(self.size, other.size) / max(min(self.size, other.size), 1e-9)
        if sizes and (ratio >= LARGER or self._differs_in_width(other)):
            return True
        return max(math.dist(self.face, other.face), math.dist(self.edge, other.edge)) >= CLEARLY

    def _differs_in_width(self, other: Look) -> bool:
        """Whether both have an edge, and one's is at least twice as thick, by a point or more."""
        thin, thick = sorted((self.width, other.width))
        return thin > 0 and thick >= THICKER * thin and thick - thin >= 1


@dataclass(frozen=True)
class Marks:
    """The marks of one artist. places (n, 2) in the view; look_of (n,) indexes into looks."""

    artist: Artist
    places: Array
    looks: tuple[Look, ...]
    look_of: Array


def marks(axes: Axes) -> Iterator[Marks]:
    """Every visible artist that marks points: dots, markers of lines, small patches, texts."""
    patches: dict[bytes, list[tuple[Artist, Array]]] = {}
    for artist in axes.artists:
        marking = artist.markers is not None or artist.kind in ("text", "annotation", "region")
        if not marking or not shown(artist, axes):
            continue
        if artist.markers is not None and len(artist.xy):
            found = _dots(artist, axes)
            if found is not None:
                yield found
        elif artist.kind in ("text", "annotation") and len(artist.xy):
            (colour,) = _seen(artist.edge[:1], axes)
            shape = "text " + artist.text if artist.kind == "text" else "annotation"
            look = Look(shape, colour, colour, 1.0)
            yield Marks(artist, axes.to_view(artist.xy), (look,), np.zeros(len(artist.xy), int))
        elif artist.kind == "region":
            for path in artist.paths:
                places = axes.to_view(path)
                if len(path) > 3 and (np.ptp(places, axis=0) < LARGEST_PATCH).all():
                    middle = (places.min(axis=0) + places.max(axis=0)) / 2
                    key = artist.edge.tobytes() + artist.face.tobytes()
                    patches.setdefault(key, []).append((artist, middle))
    for group in patches.values():
        artist = group[0][0]
        (face,), (edge,) = _seen(artist.face[:1], axes), _seen(artist.edge[:1], axes)
        look = Look("patch", face, edge, 1.0)
        yield Marks(
            artist, np.array([place for _, place in group]), (look,), np.zeros(len(group), int)
        )


def at(found: Marks, points: Array, axes: Axes, tolerance: float = MATCH) -> Array:
    """For each of (n, 2) data points the look there, as an index into `found.looks`; else -1.

    A mark belongs to the nearest point only (and to others in the same place): in a wide view two
    points may lie within the tolerance of one ring.
    """
    wanted = axes.to_view(points)
    out = np.full(len(wanted), -1)
    for start in range(0, len(found.places), 1000):
        part = found.places[start : start + 1000]
        gap = np.abs(wanted[:, None] - part[None]).max(axis=2)
        gap = np.where(np.isfinite(gap), gap, np.inf)
        gap[gap > gap.min(axis=0, initial=np.inf) + SAME_PLACE] = np.inf
        nearest = gap.argmin(axis=1)
        hit = gap[np.arange(len(wanted)), nearest] <= tolerance
        out[hit] = found.look_of[start + nearest[hit]]
    return out


def _dots(artist: Artist, axes: Axes) -> Marks | None:
    """Each point's own look; points that cannot be seen are left out."""
    style, n = artist.markers, len(artist.xy)
    if style is None:
        return None
    none = np.zeros((1, 4))
    face = _cycle(style.face if len(style.face) else none, n)
    edge = _cycle(style.edge if len(style.edge) else none, n)
    seen = contrasting(face, axes, artist) | contrasting(edge, axes, artist)
    sizes = _cycle(style.sizes if len(style.sizes) else np.ones(1), n)
    widths = _cycle(style.widths if len(style.widths) else np.zeros(1), n)
    widths = np.where(edge[:, 3] >= MIN_ALPHA, np.nan_to_num(widths), 0)
    shape = np.arange(n) % max(len(style.shapes), 1)
    table = np.column_stack([face, edge, np.nan_to_num(sizes), shape, widths])[seen]
    if not len(table):
        return None
    rows, look_of = np.unique(table.round(6), axis=0, return_inverse=True)
    rows = rows[:MOST_LOOKS]
    shapes = [style.shapes[int(number)] if style.shapes else "" for number in rows[:, 9]]
    faces, edges = _seen(rows[:, :4], axes), _seen(rows[:, 4:8], axes)
    looks = tuple(map(Look, shapes, faces, edges, rows[:, 8].tolist(), rows[:, 10].tolist()))
    look_of = np.minimum(look_of.ravel(), len(looks) - 1)
    return Marks(artist, axes.to_view(artist.xy[seen]), looks, look_of)


def _cycle(values: Array, n: int) -> Array:
    out: Array = values[np.arange(n) % len(values)]
    return out


def _seen(colours: Array, axes: Axes) -> list[tuple[float, ...]]:
    """L*a*b* of (n, 4) colours as they are seen; the axes' own where there is none."""
    face = face_of(axes)
    if not len(colours):
        colours = np.zeros((1, 4))
    shown_ones = np.where(colours[:, 3:] >= MIN_ALPHA, over(colours, face), face)
    return [tuple(row) for row in lab(shown_ones[:, :3]).tolist()]
