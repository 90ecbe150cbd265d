"""Lines as a person sees them: pieces of an artist in view coordinates, inside the view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes
from grader.checks.figure.fills import hatch_of
from grader.checks.figure.look import contrasting, shown

Array = np.ndarray[Any, Any]

STEP = 0.004
LONGEST = 6.0
FEWEST_DOTS = 15
MOST_LAYERS = 12
MOST_PIECES = 100
MOST_SAMPLES = 300_000
FAR = 10.0


@dataclass(frozen=True)
class Stroke:
    """Something that can show a line.

    samples (n, 2): evenly spaced places in the view. region: the samples are the outline of a
    filled area, of which `corners` (m, 2) are the vertices; then only one side of a line may be
    filled, and the rest of the outline may lie anywhere on that side.
    """

    samples: Array
    artist: Artist
    region: bool = False
    corners: Array | None = None


def strokes(axes: Axes) -> list[Stroke]:
    """Every visible line, level, segment, outline and row of dots in `axes`.

    Ends early where there is more than anybody draws, which only a forged description holds.
    """
    found, left = [], MOST_SAMPLES
    for stroke in _strokes(axes):
        found.append(stroke)
        left -= len(stroke.samples)
        if left < 0:
            break
    return found


def _strokes(axes: Axes) -> Iterator[Stroke]:
    for artist in axes.artists:
        if not shown(artist, axes):
            continue
        for paths, colours in _groups(artist):
            if contrasting(colours, axes, artist).any():
                samples = _samples([axes.to_view(path) for path in paths])
                if len(samples):
                    yield Stroke(samples, artist)
        yield from _outlines(artist, axes)
        if len(artist.xy) >= FEWEST_DOTS and artist.kind in ("points", "line"):
            places = axes.to_view(artist.xy)
            samples = _samples([_in_order(places)])
            if len(samples):
                yield Stroke(samples, artist)


def _groups(artist: Artist) -> Iterator[tuple[list[Array], Array]]:
    """Paths that are one line to the eye, with their colours."""
    paths, edge = list(artist.paths), artist.edge
    if artist.kind == "contour" and not artist.filled:
        for level in np.unique(artist.level_of):
            chosen = [path for path, k in zip(paths, artist.level_of, strict=False) if k == level]
            yield chosen, edge[level % len(edge)][None] if len(edge) else edge
    elif artist.kind == "line" and artist.line and not artist.steps:
        yield paths, edge
        pieces = [piece for path in paths for piece in _unbroken(path)][:MOST_PIECES]
        if len(pieces) > 1:
            yield from (([piece], edge) for piece in pieces)
    elif artist.kind in ("segments", "region"):
        if len(paths) > 1:
            yield paths, edge
        for index, path in enumerate(paths[:MOST_PIECES]):
            yield [path], edge[index % len(edge)][None] if len(edge) else edge
    elif artist.kind in ("arrow", "annotation"):
        yield paths, artist.edge if artist.kind == "arrow" else artist.face


def _outlines(artist: Artist, axes: Axes) -> Iterator[Stroke]:
    """Edges of filled areas: each layer of a filled contour plot, each region."""
    if not artist.filled and artist.kind != "region":
        return
    if artist.kind == "contour":
        layers = [np.flatnonzero(artist.level_of == k) for k in np.unique(artist.level_of)]
        if len(layers) > MOST_LAYERS:
            return
    else:
        layers = [np.array([k]) for k in range(min(len(artist.paths), MOST_PIECES))]
    for layer in layers:
        number = int(artist.level_of[layer[0]] if artist.kind == "contour" else layer[0])
        if not _is_painted(artist, number, axes):
            continue
        places = [axes.to_view(_closed(artist.paths[k])) for k in layer]
        samples = _samples(places)
        if len(samples):
            yield Stroke(samples, artist, region=True, corners=np.concatenate(places))


def _is_painted(artist: Artist, number: int, axes: Axes) -> bool:
    """Whether one of the areas of an artist is hatched or has a colour that can be seen."""
    if hatch_of(artist, number):
        return True
    colours = artist.face[number % len(artist.face)][None] if len(artist.face) else artist.face
    return bool(contrasting(colours, axes, artist).any())


def _unbroken(path: Array) -> list[Array]:
    """The parts of a path between its gaps (NaN)."""
    gaps = np.flatnonzero(~np.isfinite(path).all(axis=1))
    return [piece for piece in np.split(path, gaps) if len(piece) > 1]


def _closed(path: Array) -> Array:
    return np.concatenate([path, path[:1]])


def _in_order(places: Array) -> Array:
    """Dots from one end of their main direction to the other."""
    places = places[(np.abs(places) < FAR).all(axis=1)]
    if len(places) < 2:
        return places
    centred = places - places.mean(axis=0)
    direction = np.linalg.svd(centred.T @ centred)[0][:, 0]
    ordered: Array = places[np.argsort(centred @ direction)]
    return ordered


def _samples(paths: list[Array]) -> Array:
    """Points every `STEP` along what of the paths lies in the view. Empty for endless scribble."""
    starts = np.concatenate([path[:-1] for path in paths] or [np.empty((0, 2))])
    stops = np.concatenate([path[1:] for path in paths] or [np.empty((0, 2))])
    starts, stops = _clip(starts, stops)
    lengths = np.hypot(*(stops - starts).T)
    if not len(lengths) or lengths.sum() > LONGEST:
        return np.empty((0, 2))
    counts = np.ceil(lengths / STEP).astype(int) + 1
    segment = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    along = place / np.maximum(counts[segment] - 1, 1)
    # Weighing each sample alike needs no more than one sample per vertex of a fine line.
    samples: Array = starts[segment] + along[:, None] * (stops - starts)[segment]
    return _thin(samples)


def _thin(samples: Array) -> Array:
    """Drop samples that follow the last one too closely, so that length is what counts."""
    if len(samples) < 3:
        return samples
    moved = np.hypot(*np.diff(samples, axis=0, prepend=samples[:1]).T)
    number = np.floor(np.cumsum(moved) / (STEP / 2))
    keep = np.r_[True, np.diff(number) > 0]
    kept: Array = samples[keep]
    return kept


def _clip(starts: Array, stops: Array) -> tuple[Array, Array]:
    """The parts of segments inside the unit square (Liang and Barsky 1984)."""
    whole = np.isfinite(starts).all(axis=1) & np.isfinite(stops).all(axis=1)
    starts, stops = starts[whole], stops[whole]
    move = stops - starts
    enter, leave = np.zeros(len(starts)), np.ones(len(starts))
    inside = np.ones(len(starts), bool)
    for column in (0, 1):
        for sign, bound in ((-1.0, 0.0), (1.0, 1.0)):
            speed = sign * move[:, column]
            room = sign * (bound - starts[:, column])
            with np.errstate(all="ignore"):
                at = room / speed
            enter = np.where(speed < 0, np.maximum(enter, at), enter)
            leave = np.where(speed > 0, np.minimum(leave, at), leave)
            inside &= (speed != 0) | (room >= 0)
    inside &= enter <= leave
    starts, move, enter, leave = starts[inside], move[inside], enter[inside], leave[inside]
    return starts + enter[:, None] * move, starts + leave[:, None] * move
