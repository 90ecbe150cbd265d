"""Marks at points of the plane: which are there, and what they look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes
from grader.checks.figure.look import (
    MIN_ALPHA,
    contrasting,
    difference,
    face_of,
    over,
    shown,
)

Array = np.ndarray[Any, Any]

MATCH = 0.002
SAME_PLACE = 1e-6
LARGEST_PATCH = 0.2
CLEARLY = 20.0
LARGER = 1.4


@dataclass(frozen=True)
class Look:
    """How a mark looks: its shape and, laid over the axes' colour, its face and edge (RGB)."""

    shape: str
    face: tuple[float, float, float]
    edge: tuple[float, float, float]
    size: float

    def clearly_differs(self, other: Look, *, sizes: bool = False) -> bool:
        """Whether a person tells the two apart at a glance: by shape, by colour, by size."""
        if self.shape != other.shape:
            return True
        ratio = max(self.size, other.size) / max(min(self.size, other.size), 1e-9)
        if sizes and ratio >= LARGER:
            return True
        pairs = ((self.face, other.face), (self.edge, other.edge))
        return any(difference(np.array(a), np.array(b)) >= CLEARLY for a, b in pairs)


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
        if not shown(artist, axes):
            continue
        if artist.markers is not None and len(artist.xy):
            found = _dots(artist, axes)
            if found is not None:
                yield found
        elif artist.kind in ("text", "annotation") and len(artist.xy):
            colour = _plain(artist.edge, axes)
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
        look = Look("patch", _plain(artist.face, axes), _plain(artist.edge, axes), 1.0)
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
    shape = np.arange(n) % max(len(style.shapes), 1)
    table = np.column_stack([face, edge, np.nan_to_num(sizes), shape])[seen]
    if not len(table):
        return None
    rows, look_of = np.unique(table.round(6), axis=0, return_inverse=True)
    looks = tuple(
        Look(
            style.shapes[int(row[9])] if style.shapes else "",
            _plain(row[None, :4], axes),
            _plain(row[None, 4:8], axes),
            float(row[8]),
        )
        for row in rows[:2000]
    )
    look_of = np.minimum(look_of.ravel(), len(looks) - 1)
    return Marks(artist, axes.to_view(artist.xy[seen]), looks, look_of)


def _cycle(values: Array, n: int) -> Array:
    out: Array = values[np.arange(n) % len(values)]
    return out


def _plain(colours: Array, axes: Axes) -> tuple[float, float, float]:
    """The first colour as it is seen; where there is none, the axes' own."""
    face = face_of(axes)
    if len(colours) and colours[0, 3] >= MIN_ALPHA:
        face = over(colours[:1], face)[0]
    red, green, blue = (float(value) for value in face[:3])
    return red, green, blue
