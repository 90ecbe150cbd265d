"""The claim that a figure marks a place on the x axis, such as the best epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.classes import own_marks
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.look import plane_axes, shown

Array = np.ndarray[Any, Any]

STROKES = ("line", "segments", "arrow", "annotation")
FEW = 3  # a place among more lines of one look is not marked by one of them
REACH = 0.15  # of the height of the view: a shorter stroke is a tick or a marker
NARROW = 2.2  # steps: a wider span says where something begins or ends, with its edge
ACROSS = 0.9  # of the height of the view
BESIDE = 0.6  # steps: what is farther off belongs to the next place


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

    An upright line or arrow there counts, a narrow span or a bar round it that those beside it do
    not look like, a span that begins or ends there, and a mark of its own (a point, a text, an
    arrow) at one of `heights`.

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
    """A coloured strip is narrow and holds x, or goes across the view and has an edge there."""
    narrow: dict[tuple[bytes, ...], list[tuple[float, bool]]] = {}
    for artist in axes.artists:
        if artist.kind != "region" or not shown(artist, axes):
            continue
        for number, path in enumerate(artist.paths):
            places = axes.to_view(path)
            height = float(np.ptp(np.clip(places[:, 1], 0, 1))) if len(path) >= 4 else 0.0
            low, high = float(path[:, 0].min()), float(path[:, 0].max())
            if high - low > NARROW * step:
                edges = min(abs(low - x), abs(high - x)) <= BESIDE * step
                if height >= ACROSS and len(artist.paths) <= FEW and edges:
                    return True
            elif height >= (REACH if _is_bar(path) else ACROSS):
                middle = (low + high) / 2
                holds = low - step / 4 <= x <= high + step / 4
                holds &= height >= ACROSS or abs(middle - x) <= BESIDE * step
                narrow.setdefault(_look(artist, number), []).append((middle, holds))
    return _stands_out(list(narrow.values()), x, step)


def _is_bar(path: Array) -> bool:
    """An upright rectangle, as bars and spans are.

    Its sides may have vertices on their way, as those of `fill_betweenx` have.
    """
    x, y = path.T
    sides = np.unique(x)
    if len(path) < 5 or len(sides) > 2:
        return False
    across = np.count_nonzero(np.diff(x))  # at the bottom and at the top only
    return bool(across <= 2) and all(np.ptp(y[x == side]) == np.ptp(y) for side in sides)


def _look(artist: Artist, number: int) -> tuple[bytes, ...]:
    """What one of the areas of a region looks like."""
    colours = (artist.face, artist.edge)
    each = [some[number % len(some)].tobytes() if len(some) else b"" for some in colours]
    return (*each, artist.style.encode())


def _stands_out(looks: list[list[tuple[float, bool]]], x: float, step: float) -> bool:
    """Whether a strip holds x and has a look that the strips beside it lack.

    looks: for each look the strips that have it: their middles, and whether they hold x.
    """
    few = [strips for strips in looks if len({middle for middle, _ in strips}) <= FEW]
    if len(few) > FEW:  # a colour for each says nothing of one
        return False
    return any(
        any(holds for _, holds in strips)
        and not any(not holds and abs(middle - x) < FEW * step for middle, holds in strips)
        for strips in few
    )


def _lines_there(figure: FigureDescription) -> str | None:
    found = [(axes, place) for axes in plane_axes(figure) for _, place in _uprights(axes)]
    rounding = [1e-9 * float(np.ptp(axes.x.limits)) for axes, _ in found]
    places = sorted(
        {
            place if abs(place) > least else 0.0
            for (_, place), least in zip(found, rounding, strict=True)
        }
    )
    if not places:
        return None
    return f"an upright line at x = {listed([f'{place:g}' for place in places], most=3)}"
