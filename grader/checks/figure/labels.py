"""Claims about words: axis labels, legends, and names that tell one curve from another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.curves import Curve
from grader.checks.figure.description import (
    Artist,
    Axes,
    FigureDescription,
    Legend,
    LegendEntry,
)
from grader.checks.figure.look import MIN_ALPHA, data_axes, difference
from grader.checks.figure.paths import Path, path_drawn

Array = np.ndarray[Any, Any]

SAME_COLOUR = 10.0
BESIDE = 0.08

_WORDLESS = re.compile(r"\\[,;:! ]|[\s${}\\_^]")


def has_words(text: str) -> bool:
    """Whether a label says something: in any language, or TeX with something in it."""
    return bool(_WORDLESS.sub("", text))


@claim
def axes_labelled(figure: FigureDescription, axes: Axes | None = None) -> None:
    """Both axes have a label: those of `axes`, or of at least one axes that holds data.

    A label shared by several panels counts (sharex, supxlabel), and so does a twin's.
    Raises CheckFailed where one is missing.
    """
    panels = data_axes(figure) if axes is None else [axes]
    if not panels:
        raise failure(figure, "the figure is empty: no axes holds data")
    missing = [_missing(figure, panel) for panel in panels]
    if not all(missing):
        return
    least = min(missing, key=len)
    raise failure(
        figure,
        f"the {least[0]} axis has no label"
        if len(least) == 1
        else "the x axis and the y axis have no label",
        hint=" ".join(f'ax.set_{name}label("...")' for name in least),
    )


@claim
def legend_shown(figure: FigureDescription, axes: Axes | None = None, *, least: int = 1) -> None:
    """A legend with at least `least` entries that say something is shown.

    A legend of the figure counts for each of its axes. axes: where; None for anywhere.
    Raises CheckFailed otherwise.
    """
    entries = sum(
        has_words(entry.text) for legend in _legends(figure, axes) for entry in legend.entries
    )
    if entries >= least:
        return
    raise failure(
        figure,
        "there is no legend" if not entries else "the legend has too few entries",
        expected=f"at least {least}" if least > 1 else None,
        got=str(entries) if entries else None,
        hint='give what you draw a label="..." and call ax.legend()',
    )


@claim
def path_labelled(
    figure: FigureDescription,
    path: Any,
    names: Sequence[str],
    rivals: Sequence[str] = (),
    *,
    title: str = "the path",
) -> None:
    """A reader can tell which path this is: its name stands in a legend, beside it or above it.

    names: parts of words that the name may have, lower case; none where any name will do.
    rivals: parts of words of the other paths' names, which it must not have.
    Raises CheckFailed where it is not drawn or not named.
    """
    named(figure, path_drawn(figure, path, name=title), names, rivals, title=title)


@claim
def named(
    figure: FigureDescription,
    found: Path | Curve,
    names: Sequence[str],
    rivals: Sequence[str] = (),
    *,
    title: str = "the curve",
) -> None:
    """As `path_labelled`, for a path or a curve that was found before."""
    axes = found.axes
    everything = [found.sequence, *(found.also if isinstance(found, Path) else ())]
    artists = [artist for sequence in everything for artist in sequence.artists]
    entries = [entry for legend in _legends(figure, None) for entry in legend.entries]
    here = [entry.text for legend in _legends(figure, axes) for entry in legend.entries]
    texts = [artist.label for artist in artists if artist.label in here]
    texts += [text for artist in artists for text in _texts_for(artist, axes, entries)]
    texts += _texts_beside(found, axes)
    right = [text for text in texts if _says(text, names, rivals)]
    twins = [
        entry.text
        for artist in artists
        for entry in entries
        if right and entry.text not in right and _says(entry.text, rivals, ()) and rivals
        if _same_look(artist, entry)
    ]
    if right and not twins:
        return
    if not right and _says(axes.title, names, rivals):
        return
    others = sorted({entry.text for entry in entries if has_words(entry.text)})
    raise failure(
        figure,
        f"{title} looks the same as {listed(twins)} in the legend"
        if twins
        else f"nothing says which line is {title}",
        expected="a colour or a style of its own" if twins else "a legend with an entry for it",
        got=None if twins else f"a legend with {listed(others)}" if others else "no legend",
        hint='ax.plot(..., label="...") for each of them, then ax.legend()',
    )


def _texts_for(artist: Artist, axes: Axes, entries: list[LegendEntry]) -> Iterator[str]:
    """What the legend, and texts of the same colour, say of an artist."""
    for entry in entries:
        if _same_look(artist, entry):
            yield entry.text
    mine = _colours(artist)
    for other in axes.artists:
        if other.text and other.visible and _close(mine, other.edge):
            yield other.text


def _texts_beside(found: Path | Curve, axes: Axes) -> list[str]:
    """Texts near a point of the curve."""
    places = axes.to_view(found.sequence.points)
    places = places[np.isfinite(places).all(axis=1)]
    near = []
    for artist in axes.artists:
        if artist.text and artist.visible and len(artist.xy) and len(places):
            place = axes.to_view(artist.xy[:1])[0]
            if np.hypot(*(places - place).T).min() <= BESIDE:
                near.append(artist.text)
    return near


def _says(text: str, names: Sequence[str], rivals: Sequence[str]) -> bool:
    """Whether a text has one of the names, or any words where none are asked, and no rival's."""
    lower = text.lower()
    if not has_words(text) or any(rival in lower for rival in rivals):
        return False
    return not names or any(name in lower for name in names)


def _same_look(artist: Artist, entry: LegendEntry) -> bool:
    """Whether a legend's sample could stand for the artist."""
    if not _close(_colours(artist), entry.colours):
        return False
    if artist.style and entry.style and artist.style != entry.style:
        return False
    shapes = artist.markers.shapes if artist.markers is not None else ()
    return not (entry.marker and shapes and entry.marker not in shapes)


def _colours(artist: Artist) -> Array:
    parts = [artist.edge[:1], artist.face[:1]]
    if artist.markers is not None:
        parts += [artist.markers.face[:1], artist.markers.edge[:1]]
    colours = np.concatenate(parts)
    seen: Array = colours[colours[:, 3] >= MIN_ALPHA]
    return seen


def _close(mine: Array, theirs: Array) -> bool:
    theirs = theirs[theirs[:, 3] >= MIN_ALPHA]
    if not len(mine) or not len(theirs):
        return False
    return bool(difference(mine[:, None], theirs[None]).min() <= SAME_COLOUR)


def _legends(figure: FigureDescription, axes: Axes | None) -> list[Legend]:
    places = figure.axes if axes is None else [axes]
    found = [*figure.legends, *(legend for place in places for legend in place.legends)]
    return [legend for legend in found if legend.visible]


def _missing(figure: FigureDescription, axes: Axes) -> list[str]:
    """Which of x and y has no label."""
    found = {"x": has_words(figure.supxlabel), "y": has_words(figure.supylabel)}
    for other in figure.axes:
        twins = axes.index in (other.index, other.twin_of) or axes.twin_of == other.index
        for name in ("x", "y"):
            if twins or _shared(axes, other, name):
                label = other.x.label if name == "x" else other.y.label
                found[name] = found[name] or has_words(label)
    return [name for name, labelled in found.items() if not labelled]


def _shared(axes: Axes, other: Axes, name: str) -> bool:
    """Whether two axes show the same x (or y), so that one label is enough."""
    one, two = (axes.x, other.x) if name == "x" else (axes.y, other.y)
    mine = axes.index if one.shares is None else one.shares
    theirs = other.index if two.shares is None else two.shares
    return mine == theirs
