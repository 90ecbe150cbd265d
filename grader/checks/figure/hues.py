"""Whether the regions of classes have the colours of other classes' examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks.figure.description import Axes
from grader.checks.figure.exchanged import class_looks, colour_of
from grader.checks.figure.look import lab

Array = np.ndarray[Any, Any]

SAME_HUE = 20.0  # degrees
FAINT, CHROMA = 6.0, 15.0  # the least of a hue that tells something, in a region and in a mark
COLOURED = 0.3  # of a region's places have a hue; else it is white or grey
AGREED = 0.9  # of these
SHADES = 3  # in one region; more say how sure the class is, as the shades of a colour map do


def hues_exchanged(axes: Axes, best: Array, colours: Array, X: Any, y: Any) -> bool:
    """Whether regions have one another's hues, as the examples (X, y) tell them.

    White and grey regions say nothing; a region in a hue that no examples have, or in many shades,
    says that the hues mean something else. Of two regions, one may be white and the other still say
    the wrong class.
    best: (n,) the predicted classes 0, ..., k - 1 at places of the view; colours: (n, 4) there.
    X: (m, 2). y: (m,) labels 0, ..., k - 1.
    """
    hues = {
        label: [_hue(np.array(colour_of(look, axes)), CHROMA) for look in some]
        for label, some in class_looks(axes, X, y).items()
    }
    marked = {label: [hue for hue in some if hue is not None] for label, some in hues.items()}
    labels = np.unique(best).tolist()
    said = {}
    for label in labels:
        seen, shades = _hues_of(colours[best == label])
        if shades > SHADES:
            return False
        if len(seen) >= COLOURED * (best == label).sum():
            said[label] = _class_said(seen, marked, label)
    if None in said.values():
        return False
    exchanged = {label: says for label, says in said.items() if says != label}
    mutual = set(exchanged) == set(exchanged.values())
    return bool(exchanged) and (mutual or (len(labels) == 2 and len(said) == 1))


def _hues_of(colours: Array) -> tuple[Array, int]:
    """The hues (m,) in degrees of those of (n, 4) colours that have one; the number of colours."""
    kinds, which = np.unique(colours[:, :3].round(3), axis=0, return_inverse=True)
    hues = np.array([_hue(lab(kind), FAINT) for kind in kinds], float)[which.ravel()]
    seen: Array = hues[np.isfinite(hues)]
    return seen, len(kinds)


def _class_said(seen: Array, marked: Mapping[int, list[float]], own: int) -> int | None:
    """The class whose examples have most of these hues, its own before others; None for none."""
    fitting = {
        label: [np.abs((seen - hue + 180) % 360 - 180) for hue in some]
        for label, some in marked.items()
        if some
    }
    share = {
        label: float((np.min(away, axis=0) <= SAME_HUE).mean()) for label, away in fitting.items()
    }
    says = [label for label, part in share.items() if part >= AGREED]
    if own in says or not says:
        return own if own in says else None
    return min(says, key=lambda label: float(np.min(fitting[label], axis=0).mean()))


def _hue(colour: Array, chroma: float) -> float | None:
    """The hue of a colour in L*a*b*, in degrees; None where it is greyer than that."""
    if np.hypot(colour[1], colour[2]) < chroma:
        return None
    return float(np.degrees(np.arctan2(colour[2], colour[1])))
