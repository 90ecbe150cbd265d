"""Claims about words: axis labels, legends, and names that tell one curve from another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.classes import own_marks
from grader.checks.figure.curves import Curve
from grader.checks.figure.description import Artist, Axes, FigureDescription, LegendEntry
from grader.checks.figure.look import (
    MIN_ALPHA,
    data_axes,
    difference,
    plane_axes,
    require_description,
    shown,
)
from grader.checks.figure.paths import Path, path_drawn

Array = np.ndarray[Any, Any]

SAME_COLOUR = 10.0
BESIDE = 0.08
MANY_COLOURS = 4

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORDLESS = re.compile(r"\\[,;:! ]|[\s${}\\_^]")


def has_words(text: str) -> bool:
    """Whether a label says something: in any language, or TeX with something in it."""
    return bool(_WORDLESS.sub("", text))


def without_remarks(text: str) -> str:
    """A text without what stands in brackets behind or before other words."""
    plain = _BRACKETS.sub(" ", text)
    return plain if has_words(plain) else text


@claim
def axes_labelled(figure: FigureDescription, axes: Axes | None = None) -> None:
    """Both axes have a label: those of `axes`, or of at least one axes that holds data.

    A label shared by several panels counts (sharex, supxlabel), and so does a twin's.
    Raises CheckFailed if one is missing.
    """
    panels = data_axes(figure) if axes is None else [axes]
    if not panels:
        raise failure(figure, "the figure is empty: no axes holds data", words=True)
    missing = [_missing(figure, panel) for panel in panels]
    if not all(missing):
        return
    least = min(missing, key=len)
    raise failure(
        figure,
        f"the {least[0]} axis has no label"
        if len(least) == 1
        else "the x axis and the y axis have no label",
        hint=" and ".join(f'ax.set_{name}label("...")' for name in least)
        + ", or pyplot's "
        + " and ".join(f"plt.{name}label" for name in least),
        words=True,
    )


@claim
def legend_shown(figure: FigureDescription, axes: Axes | None = None, *, least: int = 1) -> None:
    """A legend with at least `least` entries that say something is shown.

    A legend of the figure counts for each of its axes. axes: where; None for anywhere.
    Raises CheckFailed otherwise.
    """
    entries = sum(has_words(entry.text) for entry in entries_of(figure, axes))
    if entries >= least:
        return
    raise failure(
        figure,
        "there is no legend" if not entries else "the legend has too few entries",
        expected=f"at least {least}" if least > 1 else None,
        got=str(entries) if entries else None,
        hint='give what you draw a label="..." and call ax.legend()',
        words=True,
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
    """A reader can tell which path this is: its name is in a legend, beside it or above it.

    names: parts of words that the name may have, lower case; none where any name will do.
    rivals: parts of words of the other paths' names, which it must not have.
    Raises CheckFailed if it is not drawn or not named.
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
    artists, taken = artists_of(found)
    here = entries_of(figure, axes)
    texts = legend_names(figure, found)
    texts += [text for text in _texts_beside(found, axes) if text not in taken]
    right = [text for text in texts if _says(text, names, rivals)]
    twins = {
        entry.text
        for artist in artists
        for entry in alike(artist, here)
        if entry.text not in right and _says_any(entry.text, rivals)
    }
    if right and not twins:
        return
    if not right and any(_says(text, names, rivals) for text in (axes.title, axes.heading)):
        return
    if twins:
        raise failure(
            figure,
            f"{title} looks the same as {listed(sorted(twins))} in the legend",
            expected="a colour or a style of its own, and an entry with its name",
        )
    others = sorted({entry.text for entry in here if has_words(entry.text)})
    raise failure(
        figure,
        f"nothing says which line is {title}",
        expected="a legend with an entry for it",
        got=f"a legend with {listed(others)}" if others else "no legend there",
        hint='ax.plot(..., label="...") for each of them, then ax.legend()',
    )


@claim
def legend_names(figure: FigureDescription, found: Path | Curve) -> list[str]:
    """What the legends, and words of its colour, call a path or a curve; perhaps nothing.

    Where the legend of its own axes says nothing of it, one elsewhere counts.
    """
    axes = found.axes
    artists, taken = artists_of(found)
    here = entries_of(figure, axes)
    mine = {artist.label for artist in artists}
    texts = [entry.text for entry in here if entry.text in mine]
    for artist in artists:
        texts += [text for text in _texts_for(artist, axes, here) if text not in taken]
    if not texts:
        everywhere = entries_of(figure, None)
        texts = [text for artist in artists for text in _texts_for(artist, axes, everywhere)]
    return texts


def look_alikes(figure: FigureDescription, found: Path | Curve) -> set[str]:
    """The legends' words that could be meant for a path or a curve, by the look of the samples."""
    artists, _ = artists_of(found)
    here = entries_of(figure, found.axes)
    return {entry.text for artist in artists for entry in alike(artist, here)}


@claim
def mark_names(figure: FigureDescription, xy: Any) -> list[str]:
    """What the marks at a point are called: in a legend, or by the words that stand there."""
    point = np.asarray(xy, float).reshape(1, 2)
    texts = []
    for axes in plane_axes(figure):
        entries = {entry.text for entry in entries_of(figure, axes)}
        for artist in own_marks(axes, point):
            texts += [artist.text] if artist.text and shown(artist, axes) else []
            texts += [artist.label] if artist.label in entries else []
    return texts


def artists_of(found: Path | Curve) -> tuple[list[Artist], set[str]]:
    """What draws it, and the labels of everything else in its axes."""
    everything = [found.sequence, *found.also]
    artists = [artist for sequence in everything for artist in sequence.artists]
    labels = {other.label for other in found.axes.artists if _has_points(other)}
    return artists, labels - {artist.label for artist in artists}


def _has_points(artist: Artist) -> bool:
    """Whether something of it is drawn: a line of no points only makes a legend's entry."""
    return any(np.isfinite(points).any() for points in (artist.xy, *artist.paths) if len(points))


def _texts_for(artist: Artist, axes: Axes, entries: list[LegendEntry]) -> Iterator[str]:
    """What the legend, and texts of the same colour, say of an artist."""
    for entry in alike(artist, entries):
        yield entry.text
    mine = colours_of(artist)
    for other in axes.artists:
        if other.text and shown(other, axes) and close(mine, other.edge):
            yield other.text


def _texts_beside(found: Path | Curve, axes: Axes) -> list[str]:
    """Texts near a point of the curve."""
    places = axes.to_view(found.sequence.points)
    places = places[np.isfinite(places).all(axis=1)]
    near = []
    for artist in axes.artists:
        if artist.text and shown(artist, axes) and len(artist.xy) and len(places):
            place = axes.to_view(artist.xy[:1])[0]
            if np.hypot(*(places - place).T).min() <= BESIDE:
                near.append(artist.text)
    return near


def _says(text: str, names: Sequence[str], rivals: Sequence[str]) -> bool:
    """Whether a text has one of the names, or any word where none are asked, and no rival's.

    What it says in brackets may be about a rival.
    """
    if _says_any(text, rivals):
        plain = without_remarks(text)
        return plain != text and _says(plain, names, rivals)
    return _says_any(text, names) if names else any(letter.isalpha() for letter in text)


def _says_any(text: str, names: Sequence[str]) -> bool:
    lower = text.lower()
    return any(name in lower for name in names)


def alike(artist: Artist, entries: list[LegendEntry]) -> list[LegendEntry]:
    """The entries whose samples could stand for the artist; those that equal it, where any do.

    Curves often share a colour, such as a black edge or white markers, which tells nothing.
    """
    similar = [entry for entry in entries if _same_look(artist, entry)]
    return [entry for entry in similar if _equal_look(artist, entry)] or similar


def _equal_look(artist: Artist, entry: LegendEntry) -> bool:
    """Whether the sample has the artist's parts, each in the artist's one colour there."""
    parts = [artist.face, artist.edge] if artist.kind == "region" else []
    if artist.kind == "line" and artist.line:
        parts = [artist.edge]
    if artist.markers is not None:
        parts += [artist.markers.face, artist.markers.edge]
    if artist.kind != entry.kind or len(parts) != len(entry.colours):
        return False
    if any(len(part) != 1 for part in parts):
        return False
    mine, theirs = np.concatenate(parts), entry.colours
    unseen = (mine[:, 3] < MIN_ALPHA) & (theirs[:, 3] < MIN_ALPHA)
    return bool((unseen | (difference(mine, theirs) <= SAME_COLOUR)).all())


def _same_look(artist: Artist, entry: LegendEntry) -> bool:
    """Whether a legend's sample could stand for the artist."""
    shapes = artist.markers.shapes if artist.markers is not None else ()
    alike = entry.marker in shapes
    colours = colours_of(artist)
    if len(colours) > MANY_COLOURS and alike:
        return True  # coloured by a value: the sample's own colour says nothing
    if not close(colours, entry.colours):
        return False
    if artist.style and entry.style and artist.style != entry.style:
        return False
    return alike or not (entry.marker and shapes)


def colours_of(artist: Artist) -> Array:
    """The different colours (n, 4) that can be seen of it."""
    parts = [artist.edge, artist.face]
    if artist.markers is not None:
        parts += [artist.markers.face, artist.markers.edge]
    colours = np.unique(np.concatenate(parts), axis=0)
    seen: Array = colours[colours[:, 3] >= MIN_ALPHA]
    return seen


def close(mine: Array, theirs: Array) -> bool:
    theirs = theirs[theirs[:, 3] >= MIN_ALPHA]
    if not len(mine) or not len(theirs):
        return False
    return bool(difference(mine[:, None], theirs[None]).min() <= SAME_COLOUR)


def entries_of(figure: FigureDescription, axes: Axes | None) -> list[LegendEntry]:
    """The entries of all visible legends of the figure and of `axes` (None for every axes)."""
    require_description(figure)
    places = figure.axes if axes is None else [axes]
    found = [*figure.legends, *(legend for place in places for legend in place.legends)]
    return [entry for legend in found if legend.visible for entry in legend.entries]


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
