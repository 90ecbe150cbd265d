"""Claims about graphs of functions: several of them in one figure, each with a name of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Words
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.curves import LOG_SCALES, Curve
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.labels import BESIDE, has_words, legend_names, look_alikes
from grader.checks.figure.look import data_axes, plane_axes, shown
from grader.checks.figure.sequences import Sequence, sequences

Array = np.ndarray[Any, Any]

HEIGHT = 0.01  # of the range of a function's judged heights
APART = 0.05  # dots farther apart than this part of the range are no graph
IN_VIEW = 0.9

# What only says how a formula is set, and dashes that stand for a minus.
_SETTING = re.compile(
    r"\\(left|right|big|bigg|math[a-z]+|text[a-z]*|operatorname|displaystyle)(?![a-z])"
    r"|\\[,;:! ]|[\s${}\\]"
)
_DASHES = re.compile("[\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]")


@claim
def functions_drawn(
    figure: FigureDescription, x: Any, values: Mapping[str, Any], *, top: float | None = None
) -> dict[str, Curve]:
    """The graph of every function is drawn against x; returns the curves by name.

    A line, dots, steps and a graph in several pieces are equally good, and so is any other curve
    beside them. On a logarithmic axis heights of 0 are not judged.
    x: (m,) increasing places at which the graphs are judged; keep them off jumps. values: by the
    name of each function, (m,) heights there, NaN where nothing is asked for. top: above it, if it
    is not None, a graph may be cut off by the limits of the axes, or by leaving out or levelling
    what is higher; what can be seen of it there is still to be right.
    Raises CheckFailed if one is missing.
    """
    places, highest = np.asarray(x, float), np.inf if top is None else top
    found, hidden = {}, set()
    drawn = [(axes, [*sequences(axes), *_stepped(axes)]) for axes in plane_axes(figure)]
    for name, heights in values.items():
        for axes, candidates in drawn:
            wanted = np.asarray(heights, float)
            curve = _graph(axes, candidates, places, wanted, highest)
            if curve is None:
                continue
            low = np.where(wanted > highest, np.nan, wanted)
            if curve.sequence.visible and _in_view(axes, places, low):
                found[name] = curve
                break
            hidden.add(name)
    missing = [name for name in values if name not in found]
    if not missing:
        return found
    if not data_axes(figure):
        raise failure(figure, "the figure is empty", expected=f"curves of {listed(list(values))}")
    if set(missing) <= hidden:
        raise failure(
            figure,
            f"the curve of {listed(missing)} is in the figure but cannot be seen",
            hint="look at its colour, alpha, what is drawn over it, and the limits of the axes",
        )
    raise failure(
        figure,
        f"no curve in the figure shows {listed(missing)}",
        got=f"{listed(list(found))}" if found else None,
        hint="draw the value of the function at each of the given places, in their order",
    )


@claim
def functions_named(
    figure: FigureDescription,
    found: Mapping[str, Curve],
    *,
    words: Mapping[str, Words[str]] | None = None,
) -> None:
    """A reader can tell which curve is which: each has a name that no other one has.

    The name stands in a legend, beside the curve, or in the title, on the y axis or above the
    subfigure of a panel with one curve. It may be in any language; where it holds one of the names
    of `found`, that must be the curve's.
    found: what `functions_drawn` returned. words: for each name regular expressions of what else
    says it, in other languages or as a formula. They are looked for in lower case, without accents,
    blanks and what only sets a formula: `$\\max\\{0, 1 - t\\}$` is read as "max0,1-t".
    Raises CheckFailed if a curve has no name, or one of another curve.
    """
    sayings = {name: () if words is None else tuple(words.get(name, ())) for name in found}
    names = _names_of(figure, found)
    alike = {name: look_alikes(figure, curve) for name, curve in found.items()}
    for name, texts in names.items():
        said = {text: _mentioned(text, found) | _told(text, sayings) for text in texts}
        right = {text for text, mentioned in said.items() if not mentioned or name in mentioned}
        if not texts:
            raise failure(
                figure,
                f"nothing says which curve is {name}",
                expected="a legend with an entry for it",
                hint='ax.plot(..., label="...") for each of them, then ax.legend()',
            )
        if not right:
            raise failure(
                figure,
                f"the curve of {name} is called {listed(sorted(texts))}",
                expected=f"the name of {name}",
                hint="are the labels in the order of the curves?",
            )
        for other, others in names.items():
            twins = others & alike[name] and texts & alike[other]
            if other != name and (others == texts or twins):
                raise failure(
                    figure,
                    f"nothing tells the curves of {name} and {other} apart",
                    expected="a colour or a style of its own for each, and a name of its own",
                    got=f"they are {listed(sorted(texts | others))}, and look the same"
                    if twins
                    else f"both are {listed(sorted(texts))}",
                )


def _stepped(axes: Axes) -> Iterator[Sequence]:
    """Lines in steps as they are drawn: a few points are enough for a function that jumps."""
    for artist in axes.artists:
        for corners in artist.corners:
            yield Sequence(corners, (replace(artist, steps=False),), axes)


def _graph(
    axes: Axes, candidates: list[Sequence], x: Array, heights: Array, top: float
) -> Curve | None:
    """A candidate that shows the function, or several that show parts of it and the whole."""
    judged = np.isfinite(heights) & (heights <= top)
    if axes.y.scale in LOG_SCALES and axes.y.scale != "symlog":
        judged &= heights > 0
    if not judged.any():
        return None
    spread = float(np.ptp(heights[judged])) or 1.0
    pieces, covered = [], np.zeros(len(x), bool)
    for sequence in candidates:
        at, drawn = _heights_at(sequence, x)
        close = np.abs(drawn - heights) <= HEIGHT * spread
        within = at & judged
        if not within.any() or not close[within].all():
            continue
        if _is_wrong_above(axes, x, drawn, heights, at & (heights > top)):
            continue
        if within.sum() == judged.sum():
            return Curve(sequence, "value", 0)
        pieces.append(sequence)
        covered |= within
    if not covered[judged].all():
        return None
    artists = tuple(artist for piece in pieces for artist in piece.artists)
    points = np.concatenate([piece.points for piece in pieces])
    return Curve(Sequence(points, artists, axes), "value", 0)


def _is_wrong_above(axes: Axes, x: Array, drawn: Array, heights: Array, above: Array) -> bool:
    """Whether a graph shows other heights where it may be cut off. above: (m,) those places."""
    if not above.any():
        return False
    slack = HEIGHT * float(np.ptp(heights[np.isfinite(heights)]))
    level = (drawn >= drawn[above].max() - slack) & (drawn < heights)
    seen = axes.to_view(np.column_stack([x, drawn]))[:, 1]
    wrong = above & ~level & (np.abs(drawn - heights) > slack)
    return bool((wrong & (seen >= 0) & (seen <= 1)).any())


def _heights_at(sequence: Sequence, x: Array) -> tuple[Array, Array]:
    """Which places the sequence reaches, and its heights there, both (m,)."""
    points = sequence.points[np.isfinite(sequence.points).all(axis=1)]
    points = points[np.argsort(points[:, 0], kind="stable")]
    if not len(points):
        return np.zeros(len(x), bool), np.full(len(x), np.nan)
    slack = 1e-6 * float(np.ptp(x))
    after = np.clip(np.searchsorted(points[:, 0], x - slack), 0, len(points) - 1)
    before = np.maximum(after - 1, 0)
    left, right = points[before, 0], points[after, 0]
    met = np.abs(right - x) <= slack
    joined = all(_joins(artist) for artist in sequence.artists)
    near = (left <= x) & (x <= right) & (joined | (right - left <= APART * np.ptp(x)))
    share = np.where(met, 1.0, (x - left) / np.maximum(right - left, slack))
    drawn = points[before, 1] + share * (points[after, 1] - points[before, 1])
    return met | near, drawn


def _joins(artist: Artist) -> bool:
    """Whether straight lines join the points of an artist."""
    return artist.kind in ("segments", "region") or (artist.line and not artist.steps)


def _in_view(axes: Axes, x: Array, heights: Array) -> bool:
    seen = axes.to_view(np.column_stack([x, heights])[np.isfinite(heights)])
    seen = seen[np.isfinite(seen).all(axis=1)]
    inside = ((seen >= -0.001) & (seen <= 1.001)).all(axis=1)
    return bool(len(seen) and inside.mean() >= IN_VIEW)


def _names_of(figure: FigureDescription, found: Mapping[str, Curve]) -> dict[str, set[str]]:
    """What legends, texts beside it and the title of its panel call each curve."""
    names = {name: set(legend_names(figure, curve)) for name, curve in found.items()}
    claimed = [text for texts in names.values() for text in texts]
    for name, curve in found.items():
        axes, here = curve.axes, {artist.text for artist in curve.axes.artists}
        # Words of a colour that several curves have belong to the nearest.
        shared = {text for text in names[name] & here if claimed.count(text) > 1}
        names[name] = {text for text in names[name] - shared if has_words(text)}
        alone = len([other for other in found.values() if other.axes is axes]) == 1
        if alone:
            names[name] |= {axes.title} if has_words(axes.title) else set()
            label = axes.y.label
            others = {other.axes.y.label for other in found.values() if other.axes is not axes}
            # Another panel's legend may say something of the same colour.
            if has_words(label) and (not names[name] or _mentioned(label, found)):
                names[name] |= {label} - others
        names[name] |= _beside(name, found) if not names[name] else set()
        if alone and not names[name] and has_words(axes.heading):
            names[name] = {axes.heading}
    return names


def _beside(name: str, found: Mapping[str, Curve]) -> set[str]:
    """The texts in the curve's panel to which it is the nearest of the curves."""
    axes = found[name].axes
    texts = set()
    for artist in axes.artists:
        if not (artist.text and shown(artist, axes) and len(artist.xy)):
            continue
        place = axes.to_view(artist.xy[:1])[0]
        far = {
            other: _distance(curve, place) for other, curve in found.items() if curve.axes is axes
        }
        if far[name] <= BESIDE and far[name] == min(far.values()):
            texts.add(artist.text)
    return texts


def _distance(curve: Curve, place: Array) -> float:
    places = curve.axes.to_view(curve.sequence.points)
    places = places[np.isfinite(places).all(axis=1)]
    return float(np.hypot(*(places - place).T).min(initial=np.inf))


def _mentioned(text: str, names: Mapping[str, Any]) -> set[str]:
    """Which names stand in a text; one inside a longer one does not count."""
    left, mentioned = _plain(text), set()
    for name in sorted(names, key=len, reverse=True):
        if _plain(name) in left:
            mentioned.add(name)
            left = left.replace(_plain(name), "\n")
    return mentioned


def _told(text: str, sayings: Mapping[str, Words[str]]) -> set[str]:
    """Which names a text says by their words; what stands inside another's does not count."""
    letters = unicodedata.normalize("NFKD", _DASHES.sub("-", text).casefold())
    plain = _SETTING.sub("", "".join(each for each in letters if not unicodedata.combining(each)))
    found = [
        (match.start(), match.end(), name)
        for name, patterns in sayings.items()
        for pattern in patterns
        for match in re.finditer(pattern, plain)
    ]
    return {
        name
        for start, end, name in found
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
    }


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower())
