"""Reads ordered points out of whatever they were drawn with: one line, many short ones, dots,
stems, bars, arrows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes
from grader.checks.figure.look import MIN_ALPHA, shown

Array = np.ndarray[Any, Any]

SHORT = 3
RECTANGLE = 4  # sides
IN_VIEW = 0.75
WIDTH_IN_VIEW = 0.9


@dataclass(frozen=True)
class Sequence:
    """Points in the order of drawing, (n, 2) data coordinates, and the artists that hold them."""

    points: Array
    artists: tuple[Artist, ...]
    axes: Axes

    @property
    def visible(self) -> bool:
        """Whether a person sees it."""
        return any(shown(artist, self.axes) for artist in self.artists)

    @property
    def seen(self) -> bool:
        """Whether a person sees it, and most of what the axes can show lies within their limits.

        A few heights may be cut off. What is cut off to the left or the right is a curve that
        begins late or ends early, of which less is forgiven: little more than the first point.
        """
        places = self.axes.to_view(self.points)
        places = places[np.isfinite(places).all(axis=1)]
        low, high = places < -0.001, places > 1.001
        few = (1 - WIDTH_IN_VIEW) * len(places)
        whole = low[:, 0].sum() <= max(1, few) and high[:, 0].sum() <= few
        out = (low | high).any(axis=1).sum()
        most = len(places) > out and out <= (1 - IN_VIEW) * len(places)
        return bool(whole and most and self.visible)

    @property
    def simplified(self) -> bool:
        """Whether points were left out that lie on the straight lines between the others."""
        return any(artist.simplified for artist in self.artists)


def sequences(axes: Axes) -> Iterator[Sequence]:
    """Every ordered set of points in `axes`.

    Short pieces of one look are put together, and those of all looks.
    """
    pieces: dict[tuple[object, ...], list[tuple[Array, Artist]]] = {}
    for artist in axes.artists:
        for what, points in _points_of(artist):
            yield Sequence(points, (artist,), axes)
            if len(points) <= SHORT:
                pieces.setdefault((what, *_look(artist)), []).append((points, artist))
                pieces.setdefault((what, artist.kind), []).append((points, artist))
        for part in _by_colour(artist):
            yield Sequence(part.xy, (part,), axes)
    for found in pieces.values():
        if len(found) > 1:
            points = _chain([points for points, _ in found])
            yield Sequence(points, tuple(artist for _, artist in found), axes)


def _by_colour(artist: Artist) -> Iterator[Artist]:
    """Of dots in a few colours, such as those of seaborn's `hue`, the dots of each colour."""
    style, count = artist.markers, len(artist.xy)
    if artist.kind != "points" or style is None or len(style.face) < 2:
        return
    cycle = np.arange(count)
    colours, which = np.unique(style.face[cycle % len(style.face)], axis=0, return_inverse=True)
    # As many colours as dots are a colour map over the values and no names.
    if not 1 < len(colours) <= count / SHORT:
        return
    for number in range(len(colours)):
        own = cycle[which.ravel() == number]
        look = replace(
            style,
            shapes=tuple(style.shapes[at % len(style.shapes)] for at in own),
            sizes=style.sizes[own % len(style.sizes)],
            widths=style.widths[own % len(style.widths)] if len(style.widths) else style.widths,
            face=colours[number : number + 1],
            edge=style.edge[own % len(style.edge)] if len(style.edge) else style.edge,
        )
        yield replace(artist, xy=artist.xy[own], markers=look)


def _look(artist: Artist) -> tuple[str, bytes]:
    # An annotation's edge is the colour of its words, its face that of its arrow.
    ordered = (
        [artist.face, artist.edge] if artist.kind == "annotation" else [artist.edge, artist.face]
    )
    colours = next((some for some in ordered if len(some)), artist.edge)
    if artist.markers is not None and not len(colours):
        colours = artist.markers.face
    return artist.kind, colours[:1].tobytes()


def _points_of(artist: Artist) -> Iterator[tuple[str, Array]]:
    """Each set of points with a word for what they are."""
    if artist.kind in ("line", "points", "quiver") and len(artist.xy):
        yield "dots", artist.xy
    if artist.kind == "line":
        yield from (("path", path) for path in artist.paths)
    elif artist.kind in ("segments", "arrow", "annotation", "quiver"):
        if artist.paths:
            yield "pieces", _chain(list(artist.paths))
        yield from (("tops", points) for points in _upright_ends(artist))
    elif artist.kind == "region":
        if is_outline(artist):
            yield from (("path", path) for path in artist.paths)
        yield from (("tops", points) for points in _tops(artist))
    outlines = artist.corners or (artist.paths if artist.kind == "region" else ())
    yield from (("treads", points) for points in map(_treads, outlines) if len(points))


def _upright_ends(artist: Artist) -> Iterator[Array]:
    """The upper ends of upright strokes that stand on one level, as those of `vlines` do."""
    if len(artist.paths) > 1 and all(len(path) == 2 for path in artist.paths):
        strokes = np.stack(artist.paths)  # (n, 2, 2)
        if not np.ptp(strokes[:, :, 0], axis=1).any() and not np.ptp(strokes[:, 0, 1]):
            yield strokes[:, 1]


def _treads(outline: Array) -> Array:
    """The middles of the level parts of steps, without the base line: a histogram's outline."""
    moves = np.diff(outline, axis=0)
    if len(moves) <= RECTANGLE or (moves != 0).all(axis=1).any():
        return np.empty((0, 2))
    level = (moves[:, 0] != 0) & (outline[1:, 1] != 0)
    middles: Array = (outline[1:] + outline[:-1])[level] / 2
    return middles


def is_outline(artist: Artist) -> bool:
    """Whether a region is not filled: its edge is a line like any other."""
    return artist.kind == "region" and not (artist.face[:, 3] >= MIN_ALPHA).any()


def _tops(artist: Artist) -> Iterator[Array]:
    """Of a bar its upper end; of a filled area its outline without the base line."""
    for path in artist.paths:
        if len(path) == 5 and np.array_equal(path[0], path[-1]):
            low, high = path.min(axis=0), path.max(axis=0)
            top = high[1] if high[1] > 0 else low[1]
            yield np.array([[(low[0] + high[0]) / 2, top]])
        elif len(path) > 5:
            edge = _edge_of_area(path)
            if edge is not None:
                yield edge
                yield from _without_steps(edge)
                continue
            rest = path[path[:, 1] != 0]
            yield rest[: len(rest) // 2] if len(rest) > len(path) // 2 + 2 else rest


def _edge_of_area(outline: Array) -> Array | None:
    """The edge (n, 2) of an outline made of two curves over the same x, as `fill_between` makes it.

    That of the first curve, or of the second where the first is level: a base line. None where the
    outline is made otherwise.
    """
    ring = outline[:-1] if np.array_equal(outline[0], outline[-1]) else outline
    half, odd = divmod(len(ring), 2)
    first, second = ring[1:half], ring[half + 1 :][::-1]
    if odd or len(first) < 2 or not np.array_equal(first[:, 0], second[:, 0]):
        return None
    if not (np.diff(first[:, 0]) >= 0).all() or ring[0, 0] != first[0, 0]:
        return None
    return second if not np.ptp(first[:, 1]) and np.ptp(second[:, 1]) else first


def _without_steps(edge: Array) -> Iterator[Array]:
    """The points between which a stepped edge was drawn: by `step="pre"`, "post" or "mid"."""
    moves = np.diff(edge, axis=0)
    if len(moves) < SHORT or (moves != 0).all(axis=1).any():
        return
    if len(edge) % 2:
        yield edge[::2]
    # Each step stands halfway between two places, and the first place is where the edge begins.
    elif not np.diff(edge[:, 1].reshape(-1, 2), axis=1).any():
        places = [edge[0, 0]]
        for middle in edge[1:-1:2, 0].tolist():
            places.append(2 * middle - places[-1])
        if np.isclose(places[-1], edge[-1, 0], rtol=0, atol=1e-6 * np.ptp(edge[:, 0])):
            yield np.column_stack([places, edge[::2, 1]])


def _chain(paths: list[Array]) -> Array:
    """Pieces one after the other; a point where one ends and the next begins comes once."""
    points = np.concatenate(paths) if paths else np.empty((0, 2))
    if len(points) < 2:
        return points
    moved = (points[1:] != points[:-1]).any(axis=1)
    return points[np.r_[True, moved]]
