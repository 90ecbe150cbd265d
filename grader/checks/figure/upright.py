"""The claim that a figure marks a place on the x axis, such as the best epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.classes import own_marks
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.look import plane_axes, shown

Array = np.ndarray[Any, Any]

STROKES = ("line", "segments", "arrow", "annotation")
FEW = 3  # a place among more lines of one look is not marked by one of them
REACH = 0.15  # of the height of the view: a shorter stroke is a tick or a marker
NARROW = 2.2  # steps: a wider span says where something begins or ends, with its edge


@claim
def x_marked(
    figure: FigureDescription,
    x: float,
    *,
    heights: Sequence[float] = (),
    step: float = 1.0,
    name: str = "the place",
    among: Axes | None = None,
) -> Axes:
    """The place `x` of the x axis bears a mark that its neighbours lack; returns the axes.

    An upright line or arrow there counts, a narrow span round it, a span that begins or ends there,
    and a mark of its own (a point, a text, an arrow) at one of `heights`.

    heights: of the curves there. step: the distance to the next place; a quarter of it is near
    enough. name: what is marked, for the message. among: look in this axes only.
    Raises CheckFailed if there is no such mark.
    """
    for axes in [among] if among is not None else plane_axes(figure):
        if _has_line(axes, x, step) or _has_span(axes, x, step):
            return axes
        for height in heights:
            if own_marks(axes, np.array([[x, height]])):
                return axes
    raise failure(
        figure,
        f"{name} is not marked",
        expected=f"an upright line at x = {x:g}, or a mark of its own on a curve there",
        got=_lines_there(figure),
        hint=f'ax.axvline({x:g}, linestyle="--", label="...")',
    )


def _has_line(axes: Axes, x: float, step: float) -> bool:
    """One of a few upright lines of one look stands at x."""
    groups: dict[tuple[bytes, str], list[float]] = {}
    for artist, place in _uprights(axes):
        groups.setdefault((artist.edge[:1].tobytes(), artist.style), []).append(place)
    return any(
        len(set(places)) <= FEW and any(abs(place - x) <= step / 4 for place in places)
        for places in groups.values()
    )


def _uprights(axes: Axes) -> Iterator[tuple[Artist, float]]:
    """Every upright stroke with where it stands."""
    for artist in axes.artists:
        if artist.kind not in STROKES or not shown(artist, axes):
            continue
        for path in _straight(artist):
            places = axes.to_view(path)
            level = np.ptp(places[:, 0]) <= 1e-3
            if level and np.ptp(np.clip(places[:, 1], 0, 1)) >= REACH:
                yield artist, float(path[0, 0])


def _straight(artist: Artist) -> Iterator[Array]:
    """What may be one straight stroke: a path, and the pieces of one with few corners."""
    for path in artist.paths:
        if len(path) < 2 or not np.isfinite(path).all():
            continue
        yield path
        if 2 < len(path) <= FEW + 1:  # such as the lines from a point to both axes
            yield from (path[start : start + 2] for start in range(len(path) - 1))


def _has_span(axes: Axes, x: float, step: float) -> bool:
    """A coloured strip across the view is narrow and holds x, or has an edge there."""
    for artist in axes.artists:
        if artist.kind != "region" or not shown(artist, axes) or len(artist.paths) > FEW:
            continue
        for path in artist.paths:
            places = axes.to_view(path)
            if len(path) < 4 or np.ptp(np.clip(places[:, 1], 0, 1)) < 0.9:
                continue
            low, high = float(path[:, 0].min()), float(path[:, 0].max())
            if high - low <= NARROW * step:
                marked = low - step / 4 <= x <= high + step / 4
            else:
                marked = min(abs(low - x), abs(high - x)) <= 0.6 * step
            if marked:
                return True
    return False


def _lines_there(figure: FigureDescription) -> str | None:
    places = sorted({place for axes in plane_axes(figure) for _, place in _uprights(axes)})
    if not places:
        return None
    return "an upright line at x = " + " and ".join(f"{place:g}" for place in places[:3])
