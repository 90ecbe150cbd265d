"""Claims about marked points: two classes told apart, support vectors, a start and an end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.look import plane_axes, shown
from grader.checks.figure.marks import MATCH, Look, Marks, at, marks

Array = np.ndarray[Any, Any]

MATCHED = 0.98
OUTSIDE = 0.2
SLACK = 0.02
FEW = 3
POINT_TOLERANCE = 0.005
TEXT_TOLERANCE = 0.03
BESIDE = 0.06
ACROSS = 0.9
MOST_SIGNATURES = 100
MOST_LOOKS = 8
SUPPORT_LABEL = re.compile(
    r"support|\bsvs?\b|опорн|支持|サポート|서포트|stütz|soporte|vettori", re.I
)
CONTOUR_LABEL = re.compile(r"[\s+−-]*[\d.,]+([eE][+−-]?\d+)?")

Signature = frozenset[Look]


@claim
def classes_distinguishable(figure: FigureDescription, X: Any, y: Any) -> Axes:
    """Every example is drawn, and a person can tell the classes apart; returns the axes.

    Different colours (dE at least 20) or different markers, however they were drawn.
    X: (n, 2). y: (n,) labels. Raises CheckFailed otherwise.
    """
    data, labels = np.asarray(X, float), np.asarray(y).ravel()
    best = 0.0
    for axes in plane_axes(figure):
        signatures = _signatures(axes, data)
        drawn = np.array([bool(signature) for signature in signatures])
        places = axes.to_view(data)
        if ((places < -0.01) | (places > 1.01)).any(axis=1).mean() > OUTSIDE:
            continue
        best = max(best, float(drawn.mean()))
        if drawn.mean() >= MATCHED and _told_apart(signatures, labels):
            return axes
    if best < MATCHED:
        raise failure(
            figure,
            "the examples are not drawn where they are",
            expected=f"a mark at each of the {len(data)} rows of X",
            got=f"{round(best * len(data))} of them have one that can be seen",
            hint="ax.scatter(X[:, 0], X[:, 1], ...)",
        )
    which = "the two" if len(np.unique(labels)) == 2 else "two of the"
    raise failure(
        figure,
        f"{which} classes cannot be told apart",
        got="their marks look alike",
        hint="give each class its own colour or marker",
    )


@claim
def support_vectors_marked(
    figure: FigureDescription, w: Any, b: float, X: Any, y: Any, *, chosen: Any = None
) -> Axes:
    """The support vectors, y (w.x + b) <= 1, have a mark that the others lack; returns the axes.

    A ring, another marker, colour, size or a thicker edge are equally good, and so are words or
    numbers beside them. Marking only those on the margin is accepted too. A margin within 0.02 of 1
    may count either way.
    chosen: the indices of the examples to be marked, where these are not the support vectors.
    Raises CheckFailed otherwise.
    """
    data, labels = np.asarray(X, float), np.asarray(y, float).ravel()
    margins = labels * (data @ np.asarray(w, float).ravel() + b)
    inner = margins < 1 - SLACK
    border = ~inner & (margins <= 1 + SLACK)
    if chosen is not None:
        inner = np.isin(np.arange(len(data)), chosen)
        border = np.zeros(len(data), bool)
    panels = plane_axes(figure)
    for axes in panels:
        signatures = _signatures(axes, data)
        if chosen is None and _labelled_wrongly(axes, data, margins):
            continue
        if inner.any() and _marked(signatures, labels, inner, border):
            return axes
        if border.any() and _some_marked(signatures, labels, border):
            return axes
    raise failure(
        figure,
        "the support vectors are not marked",
        expected=f"a mark that only the {int((inner | border).sum())} examples with "
        "y (w.x + b) <= 1 have",
        got=_what_is_marked(panels, data, labels, inner | border),
        hint='for instance a ring round each: a scatter with facecolors="none" and a large s',
    )


@claim
def point_marked(
    figure: FigureDescription, xy: Any, *, name: str = "the point", among: Axes | None = None
) -> Axes:
    """A mark of its own stands at `xy`; returns the axes.

    A marker that a whole path has at every step is no mark of its own. A text or an arrow that
    points there is one.
    """
    point = np.asarray(xy, float).reshape(1, 2)
    for axes in [among] if among is not None else plane_axes(figure):
        if _cross_hairs(axes, point) or own_marks(axes, point):
            return axes
    place = ", ".join(f"{value:.4g}" for value in point[0])
    raise failure(
        figure,
        f"{name} is not marked",
        expected=f"a marker of its own at ({place})",
        hint=f'ax.plot({place}, "k*", markersize=12, label="...")',
    )


def _cross_hairs(axes: Axes, point: Array) -> bool:
    """A level line and an upright one across the view meet in the point."""
    place = axes.to_view(point)[0]
    crossed = [False, False]
    for artist in axes.artists:
        if artist.kind in ("line", "segments") and shown(artist, axes):
            for path in artist.paths:
                places = axes.to_view(path)
                for column in (0, 1):
                    near = np.abs(places[:, column] - place[column]) <= POINT_TOLERANCE
                    reach = np.ptp(np.clip(places[:, 1 - column], 0, 1))
                    crossed[column] |= bool(near.all() and reach >= ACROSS)
    return all(crossed)


def own_marks(axes: Axes, point: Array) -> list[Artist]:
    """What marks a point, (1, 2), and at most a few others."""
    artists = []
    for found in marks(axes):
        wide = found.artist.kind == "text"
        if wide and CONTOUR_LABEL.fullmatch(found.artist.text):
            continue
        index = at(found, point, axes, TEXT_TOLERANCE if wide else POINT_TOLERANCE)[0]
        # Few marks of the artist look like this one, and the others look different.
        if index >= 0 and (found.look_of == index).sum() <= FEW:
            artists.append(found.artist)
    return artists


def _signatures(axes: Axes, data: Array) -> list[Signature]:
    """For each data point the looks of all marks on it."""
    signatures: list[set[Look]] = [set() for _ in data]
    texts: dict[Look, list[Marks]] = {}
    lying_on: list[Marks] = []
    for found in marks(axes):
        if found.artist.kind == "text":
            texts.setdefault(found.looks[0], []).append(found)
        else:
            lying_on.append(found)
    for look, words in _grouped(texts):
        beside = _beside(np.array([found.places[0] for found in words]), axes.to_view(data))
        for number in beside:
            signatures[number].add(look)
        if not len(beside):  # otherwise it is chance where one of them lies on another point
            lying_on += words
    for found in lying_on:
        for number, index in enumerate(at(found, data, axes)):
            if index >= 0 and len(signatures[number]) < MOST_LOOKS:
                signatures[number].add(found.looks[index])
    return [frozenset(signature) for signature in signatures]


def _grouped(texts: Mapping[Look, list[Marks]]) -> list[tuple[Look, list[Marks]]]:
    """Texts that belong together: those of equal words, and those of one colour that are all
    different, as the numbers of examples are."""
    alone: dict[Look, list[Marks]] = {}
    for look, words in texts.items():
        if len(words) == 1:
            alone.setdefault(replace(look, shape="text"), []).extend(words)
    return [item for item in texts.items() if len(item[1]) > 1] + list(alone.items())


def _beside(places: Array, points: Array) -> Array:
    """The points that texts at `places` stand beside, all of them in the same direction.

    Places and points in the view, (n, 2). Empty where there is no such direction, or one text only.
    """
    shifts = places[0] - points
    near = shifts[np.abs(shifts).max(axis=1) <= BESIDE]
    for shift in near[np.argsort(np.hypot(*near.T))] if len(places) > 1 else ():
        gap = np.abs((places - shift)[:, None] - points).max(axis=2)
        nearest: Array = gap.argmin(axis=1)
        if (gap.min(axis=1) <= MATCH).all() and len(set(nearest.tolist())) == len(places):
            return nearest
    return np.empty(0, int)


def _differ(one: Signature, other: Signature, *, sizes: bool = False) -> bool:
    """Whether one has a mark that is clearly unlike every mark of the other."""
    return any(
        all(look.clearly_differs(rival, sizes=sizes) for rival in rivals)
        for mine, rivals in ((one, other), (other, one))
        for look in mine - rivals
    )


def _counted(signatures: list[Signature], chosen: Array) -> list[tuple[Signature, int]]:
    counts: dict[Signature, int] = {}
    for number in np.flatnonzero(chosen):
        counts[signatures[number]] = counts.get(signatures[number], 0) + 1
    return sorted(counts.items(), key=lambda item: -item[1])[:MOST_SIGNATURES]


def _told_apart(signatures: list[Signature], labels: Array) -> bool:
    """Nearly every pair of examples of two classes looks different."""
    classes = [_counted(signatures, labels == label) for label in np.unique(labels)]
    for number, mine in enumerate(classes):
        for theirs in classes[number + 1 :]:
            pairs = sum(m * n for _, m in mine for _, n in theirs)
            apart = sum(m * n for s, m in mine for t, n in theirs if s != t and _differ(s, t))
            if apart < MATCHED**2 * pairs:
                return False
    return True


def _marked(signatures: list[Signature], labels: Array, must: Array, may: Array) -> bool:
    """Within each class, those that must be marked have a mark that those that must not lack."""
    for label in np.unique(labels):
        mine = labels == label
        marked = _counted(signatures, mine & must)
        others = _counted(signatures, mine & ~must & ~may)
        for signature, _ in marked:
            for other, _ in others:
                if signature < other or not _differ(signature, other, sizes=True):
                    return False
        if marked and not others and not _crosses(signatures, labels, must, may, label):
            return False
    return True


def _crosses(
    signatures: list[Signature], labels: Array, must: Array, may: Array, label: float
) -> bool:
    """Where all of a class are support vectors, the mark of another class's ones says so."""
    others = [s for s, _ in _counted(signatures, (labels != label) & ~must & ~may)]
    mine = [s for s, _ in _counted(signatures, (labels == label) & must)]
    return all(len(signature) > min(map(len, others), default=0) for signature in mine) or all(
        _differ(signature, other, sizes=True) for signature in mine for other in others
    )


def _some_marked(signatures: list[Signature], labels: Array, border: Array) -> bool:
    """At least one example on the margin has a mark that no example off it has."""
    for label in np.unique(labels):
        mine = labels == label
        others = [signature for signature, _ in _counted(signatures, mine & ~border)]
        for signature, _ in _counted(signatures, mine & border):
            if others and all(
                _differ(signature, other, sizes=True) and not signature < other for other in others
            ):
                return True
    return False


def _labelled_wrongly(axes: Axes, data: Array, margins: Array) -> bool:
    """Marks whose label says "support vectors" stand on the other examples only."""
    for found in marks(axes):
        if SUPPORT_LABEL.search(found.artist.label) and found.artist.kind != "text":
            index = at(found, data, axes)
            on_others = index[margins > 1 + SLACK] >= 0
            if on_others.any() and not (index[margins <= 1 + SLACK] >= 0).any():
                return True
    return False


def _what_is_marked(panels: list[Axes], data: Array, labels: Array, wanted: Array) -> str:
    """How many examples have a mark beyond the plainest look of their class."""
    for axes in panels:
        signatures = _signatures(axes, data)
        usual = {
            label: min(_counted(signatures, labels == label), key=lambda it: (len(it[0]), -it[1]))[
                0
            ]
            for label in np.unique(labels)
        }
        other = np.array([s != usual[label] for s, label in zip(signatures, labels, strict=True)])
        if other.any():
            return (
                f"{int(other.sum())} examples have a mark that others of their class lack; "
                f"{int((other & wanted).sum())} of them are support vectors"
            )
    return "all examples of a class look alike"
