"""Claims that what a figure says is not exchanged: labels of axes, names and colours of classes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from grader.checks.figure.boundary import artists_along
from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.curves import Curve
from grader.checks.figure.description import Artist, Axes, FigureDescription, LegendEntry
from grader.checks.figure.fills import MANY_DOTS
from grader.checks.figure.labels import SAME_COLOUR, alike, entries_of
from grader.checks.figure.look import MIN_ALPHA, data_axes, face_of, lab, over, plane_axes
from grader.checks.figure.marks import Look, at, marks

Array = np.ndarray[Any, Any]

COUNTS = ("iter", "step", "epoch", "itér", "étape", "époque", "schritt", "época", "paso", "epoca",
          "passo", "итера", "эпох", "шаг", "迭代")  # fmt: skip
LOSSES = ("loss", "objective", "cost", "error", "entropy", "verlust", "ziel", "kosten", "fehler",
          "perte", "coût", "erreur", "objecti", "pérdida", "coste", "objetiv", "perdita", "errore",
          "потер", "ошиб", "损失")  # fmt: skip

BOUNDARIES = ("boundary", "hyperplane", "separat", "grenz", "trenn", "frontera", "frontière")
MARGINS = ("margin", "marge", "margen")

_ZERO = re.compile(r"=\s*0(?![\d.]*[1-9])")
_ONE = re.compile(r"=\s*(?:\\pm|[-+−–±\s{}$])*1(?![\d.]*[1-9])")
_NUMBER = re.compile(r"([-−–]?)\s*\$?\s*(?<![\d.,])(\d+)(?:\.0+)?(?![\d.,]*\d)")
_DIGITS = re.compile(r"\d+")


@claim
def labels_in_place(
    figure: FigureDescription,
    where: Curve | Axes | None = None,
    *,
    x: Iterable[str] = (),
    y: Iterable[str] = (),
) -> None:
    """The labels of the two axes are not each other's.

    They are if the label to the right says a word for what goes upwards, the one upwards a word
    for what goes to the right, and neither says its own; and so they are if they differ by a
    number alone that is larger to the right, such as x2 and x1, or are the letters y and x.

    where: a curve or an axes; None for any axes that holds data. x, y: parts of words in lower
    case for what goes to the right and upwards, beside those for iterations, steps and epochs and
    for losses, errors and objectives in several languages.
    Raises CheckFailed if the labels are exchanged.
    """
    axes = where.axes if isinstance(where, Curve) else where
    panels = data_axes(figure) if axes is None else [axes]
    pairs = [
        ((panel.x.label or figure.supxlabel), (panel.y.label or figure.supylabel))
        for panel in panels
    ]
    whole = [pair for pair in pairs if all(pair)]
    if not whole or not all(_exchanged(*pair, (*COUNTS, *x), (*LOSSES, *y)) for pair in whole):
        return
    across, upwards = whole[0]
    raise failure(
        figure,
        "the axes have each other's labels",
        expected=f"{upwards!r} to the right, {across!r} upwards",
        got=f"{across!r} to the right, {upwards!r} upwards",
        words=True,
    )


def _exchanged(across: str, upwards: str, x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    right, up = across.casefold().strip("$ "), upwards.casefold().strip("$ ")
    if (right, up) == ("y", "x"):
        return True
    numbers = [_DIGITS.findall(text) for text in (right, up)]
    if _DIGITS.sub("", right) == _DIGITS.sub("", up) and all(len(some) == 1 for some in numbers):
        return int(numbers[0][0]) > int(numbers[1][0])
    return _has(right, y) and _has(up, x) and not _has(right, x) and not _has(up, y)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


@claim
def classes_named_rightly(figure: FigureDescription, X: Any, y: Any) -> None:
    """No legend gives the examples of one class the name of another.

    A name is the class's number, counted from 0 or 1 where the labels are 0, 1, ...; or "positive"
    and "negative" where they are +1 and -1. Other names say nothing here.
    X: (n, 2). y: (n,) whole numbers. Raises CheckFailed if names are exchanged.
    """
    labels = np.asarray(y).ravel().astype(int)
    for axes in plane_axes(figure):
        looks = class_looks(axes, X, labels)
        texts: dict[int, list[str]] = {}
        for entry in entries_of(figure, axes):
            alike = {label for label, some in looks.items() if _sample_of(entry, some, axes)}
            if len(alike) == 1:
                texts.setdefault(alike.pop(), []).append(entry.text)
        said = _labels_said(texts, sorted(set(labels.tolist())))
        for label, names in said.items():
            for other in names if len(names) == 1 else ():
                if other != label and said.get(other) and other not in said[other]:
                    raise failure(
                        figure,
                        "the legend gives classes each other's names",
                        expected=f"the class of y = {label} under its own name",
                        got=listed([repr(text) for text in texts[label]]),
                    )


def class_looks(axes: Axes, X: Any, y: Any) -> Mapping[int, list[Look]]:
    """By label the looks of marks that stand on examples of one class only."""
    data, labels = np.asarray(X, float), np.asarray(y).ravel()
    looks: dict[int, list[Look]] = {}
    for found in marks(axes):
        index = at(found, data, axes)
        if len(found.places) >= MANY_DOTS and (index >= 0).sum() < len(found.places) / 2:
            continue  # dots that colour the plane, of which some meet an example by chance
        for number, look in enumerate(found.looks):
            on = np.unique(labels[index == number])
            if len(on) == 1:
                looks.setdefault(int(on[0]), []).append(look)
    return looks


def colour_of(look: Look, axes: Axes) -> tuple[float, ...]:
    """The colour (L*a*b*) that tells a mark from others: its edge's where it is not filled."""
    background = lab(np.asarray(face_of(axes), float)[None, :3])[0]
    return look.edge if math.dist(look.face, background) < SAME_COLOUR else look.face


def _sample_of(entry: LegendEntry, looks: list[Look], axes: Axes) -> bool:
    """Whether a legend's sample could stand for marks of one of the looks."""
    colours = entry.colours[entry.colours[:, 3] >= MIN_ALPHA]
    if (entry.kind == "line" and not entry.marker) or not len(colours):
        return False
    samples = lab(over(colours, face_of(axes))[:, :3]).tolist()
    return any(
        entry.marker in ("", look.shape)
        and min(math.dist(colour_of(look, axes), sample) for sample in samples) <= SAME_COLOUR
        for look in looks
    )


def _labels_said(texts: Mapping[int, list[str]], labels: list[int]) -> dict[int, set[int]]:
    """By class the labels that its texts say, of those that there are."""
    signed = min(labels) < 0
    numbers: dict[int, set[int]] = {}
    for label, some in texts.items():
        found = numbers.setdefault(label, set())
        for text in some:
            for sign, digits in _NUMBER.findall(text):
                found.add(-int(digits) if sign and signed else int(digits))
            if labels == [-1, 1]:
                lower = text.casefold()
                found |= {1} if "posit" in lower else set()
                found |= {-1} if "negat" in lower else set()
    every = set().union(*numbers.values())
    if labels[0] == 0 and 0 not in every and len(labels) in every:  # counted from 1
        numbers = {label: {number - 1 for number in some} for label, some in numbers.items()}
    return {label: some & set(labels) for label, some in numbers.items()}


@claim
def lines_named_rightly(figure: FigureDescription, w: Any, b: float, X: Any) -> None:
    """No legend calls the line w.x + b = 0 a margin and those of +1 and -1 the boundary.

    Words in several languages and equations count; a name that says both says nothing here.
    w: (2,). b: a number. X: (n, 2), the data that the figure shows.
    Raises CheckFailed if the names are exchanged.
    """
    for axes in plane_axes(figure):
        entries = entries_of(figure, axes)
        middle, *sides = (
            [
                text
                for artist in artists_along(axes, w, b, X, value)
                for text in _names_of(artist, entries)
            ]
            for value in (0.0, 1.0, -1.0)
        )
        edges = [text for side in sides for text in side]
        if _all_say(middle, MARGINS, _ONE, BOUNDARIES, _ZERO) and _all_say(
            edges, BOUNDARIES, _ZERO, MARGINS, _ONE
        ):
            raise failure(
                figure,
                "the legend gives the boundary and the margins each other's names",
                expected=f"the line w.x + b = 0 under {edges[0]!r}",
                got=f"under {middle[0]!r}",
            )


def _names_of(artist: Artist, entries: list[LegendEntry]) -> list[str]:
    """What a legend calls an artist: its own label, or else those of samples that look like it."""
    if any(entry.text == artist.label for entry in entries):
        return [artist.label]
    return [entry.text for entry in alike(artist, entries)]


def _all_say(
    texts: list[str],
    words: tuple[str, ...],
    equation: re.Pattern[str],
    others: tuple[str, ...],
    other: re.Pattern[str],
) -> bool:
    """Whether there are texts, and each says one of the words or the equation and no other one."""
    return bool(texts) and all(
        (_has(text.casefold(), words) or equation.search(text) is not None)
        and not _has(text.casefold(), others)
        and other.search(text) is None
        for text in texts
    )
