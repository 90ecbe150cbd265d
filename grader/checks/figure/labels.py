"""Claims about words: axis labels and legends."""

from __future__ import annotations

import re

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Axes, FigureDescription
from grader.checks.figure.look import data_axes

_WORDLESS = re.compile(r"\\[,;:! ]|[\s${}\\_^]")


def has_words(text: str) -> bool:
    """Whether a label says something: in any language, or TeX with something in it."""
    return bool(_WORDLESS.sub("", text))


@claim
def axes_labelled(figure: FigureDescription, axes: Axes | None = None) -> None:
    """Both axes have a label: those of `axes`, or of at least one axes that holds data.

    A label shared by several panels counts (sharex, supxlabel), and so does a twin's.
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
        f"the {' and the '.join(least)} axis has no label"
        if len(least) == 1
        else "the x axis and the y axis have no label",
        hint=" ".join(f'ax.set_{name}label("...")' for name in least),
    )


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
