"""The claim that each of several curves or paths bears its own name, told by the longest match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure, listed
from grader.checks.figure.curves import Curve
from grader.checks.figure.description import Artist, Axes, FigureDescription, LegendEntry
from grader.checks.figure.labels import (
    BESIDE,
    alike,
    artists_of,
    close,
    colours_of,
    entries_of,
    has_words,
    without_remarks,
)
from grader.checks.figure.look import difference, over
from grader.checks.figure.paths import Path
from grader.errors import CheckFailed, GraderFault

Array = np.ndarray[Any, Any]

JUST_NOTICEABLE = 2.3
NEARLY_AS_NEAR = 0.02

_BETWEEN = re.compile(r"[\s_\\-]+")


class Names:
    """Reads which of some names a text says.

    first: whether of several names in a text the first counts, what stands in brackets left out:
    "gradient descent (slower than Newton)". Else the longest does.
    """

    def __init__(self, words: Mapping[str, Sequence[str]], *, first: bool = False) -> None:
        self._first = first
        plain = [_plain(word) for some in words.values() for word in some]
        # Capitals and underscores do not matter, unless they are all that tells two names apart.
        self._read = _plain if len(set(plain)) == len(plain) else str
        self._words = [
            (self._read(word), name) for name, some in words.items() for word in some if word
        ]
        self._any = {name for name, some in words.items() if not some}

    def of(self, text: str) -> set[str]:
        """The name that a text holds: the longest of them, or several of one length.

        A name without words of its own is said by any text that says no other.
        """
        said = without_remarks(text) if self._first else text
        read = self._read(said)
        held = [(word, name) for word, name in self._words if word in read]
        if held and self._first:
            begin = min(read.index(word) for word, _ in held)
            held = [(word, name) for word, name in held if read.index(word) == begin]
        if held:
            longest = max(len(word) for word, _ in held)
            return {name for word, name in held if len(word) == longest}
        return set(self._any) if has_words(said) else set()


@claim
def told_apart(
    figure: FigureDescription,
    found: Mapping[str, Path | Curve],
    *,
    words: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Each of the curves or paths bears its name, and none bears another's.

    A name stands in a legend of the axes or of the figure, beside the curve or in its colour, or
    is the title of a panel that shows no other of them, or that of its subfigure, or a label of its
    axes; or it stands at a tick below a set of bars that shares its place with no other. Words
    beside the curves may be in any colours, those of the others too. A name may be part of a longer
    text; of several names in one text the longest counts.

    found: what `curve_drawn` or `path_drawn` returned, by name. words: for each name the parts of
    texts that say it, in any language; none where any other text will do (for one name at most).
    With `words`, a text may also say another's name in brackets or after its own, and one of the
    curves may have any other name that says nothing of the rest.
    Without `words` a name says itself.
    Raises CheckFailed, saying which is not named, or what it is called instead.
    """
    failures = []
    # Words go by their colour first; where that tells the curves wrong, by their places alone.
    for colours_tell in (True, False):
        texts = _texts_owned(found, colours_tell)
        for names in _readings(found, words):
            wrong = _first_wrong(figure, found, names, texts)
            if wrong is None:
                return
            failures.append(wrong)
    raise failures[0]


def _readings(
    found: Mapping[str, Path | Curve], words: Mapping[str, Sequence[str]] | None
) -> Iterator[Names]:
    """The ways to read the texts, each for all curves alike."""
    if words is None:
        yield Names({name: (name,) for name in found})
        return
    # A name that cannot be read, as in a language without a list, is told by the other names.
    told = {name: some for name, some in words.items() if some}
    for first in (False, True):
        yield Names(words, first=first)
        if len(told) == len(words):
            for name in words:
                yield Names({**words, name: ()}, first=first)


def _first_wrong(
    figure: FigureDescription,
    found: Mapping[str, Path | Curve],
    names: Names,
    texts: Mapping[str, Sequence[str]],
) -> CheckFailed | GraderFault | None:
    """What is wrong with the first that is not named rightly. texts: the words that each owns."""
    for name, curve in found.items():
        rivals = {other for other in found if not _same(found[other], curve)}
        legend = [entry.text for entry in _entries(figure, curve)]
        said, twins = _said(names, legend), _said(names, legend) & rivals - {name}
        beside = _said(names, texts[name]) or _of_panel(names, curve, found)
        beside = beside or _said(names, _at_ticks(name, found))
        if name in said and not twins:
            continue
        if beside == {name} and not _entries_near(figure, curve):
            continue  # what another panel's legend says of this look is about that panel
        if (name in said or not said) and name in beside:
            continue
        return _failure(figure, name, said or beside, twins=twins if name in said else set())
    return None


def _said(names: Names, texts: Sequence[str]) -> set[str]:
    return {name for text in texts for name in names.of(text)}


def _same(one: Path | Curve, other: Path | Curve) -> bool:
    """Whether two names stand for the same numbers, so that one line shows both."""
    mine = {id(artist) for artist in artists_of(one)[0]}
    return any(id(artist) in mine for artist in artists_of(other)[0])


def _entries(figure: FigureDescription, found: Path | Curve) -> list[LegendEntry]:
    """The legends' entries whose samples look like it: those of its own axes, else of any."""
    near = _entries_near(figure, found)
    every = entries_of(figure, None)
    return near or [entry for artist in artists_of(found)[0] for entry in _best(artist, every)]


def _entries_near(figure: FigureDescription, found: Path | Curve) -> list[LegendEntry]:
    """The entries whose samples look like it in the legends of its own axes and of the figure."""
    entries = entries_of(figure, found.axes)
    return [entry for artist in artists_of(found)[0] for entry in _best(artist, entries)]


def _best(artist: Artist, entries: list[LegendEntry]) -> list[LegendEntry]:
    """Of the entries with its look those of the nearest colour; else those with its label."""
    similar = alike(artist, entries)
    if not similar:
        unclear = [entry for entry in entries if not len(entry.colours)]
        return [entry for entry in unclear if entry.text == artist.label]
    gaps = [_distance(colours_of(artist), entry.colours) for entry in similar]
    nearest = min(gaps) + JUST_NOTICEABLE
    return [entry for entry, gap in zip(similar, gaps, strict=True) if gap <= nearest]


def _distance(mine: Array, theirs: Array) -> float:
    white = np.ones(4)
    if not len(mine) or not len(theirs):
        return 0.0
    return float(difference(over(mine, white)[:, None], over(theirs, white)[None]).min())


def _texts_owned(found: Mapping[str, Path | Curve], colours_tell: bool) -> dict[str, list[str]]:
    """The words in the axes that belong to each: those in its colour alone, or next to it.

    colours_tell: whether the colour counts before the place.
    """
    owned: dict[str, list[str]] = {name: [] for name in found}
    for axes in {curve.axes.index: curve.axes for curve in found.values()}.values():
        here = {name: curve for name, curve in found.items() if curve.axes.index == axes.index}
        for artist in axes.artists:
            if artist.text and artist.visible:
                for name in _owners(artist, axes, here, colours_tell):
                    owned[name].append(artist.text)
    return owned


def _owners(
    text: Artist, axes: Axes, here: Mapping[str, Path | Curve], colours_tell: bool
) -> set[str]:
    """Whose a text is: of those in its colour, or of all where that tells nothing, the nearest."""
    coloured = {
        name
        for name, curve in here.items()
        if colours_tell
        and any(close(colours_of(artist), text.edge) for artist in artists_of(curve)[0])
    }
    if len(here) == 1 or (len(coloured) == 1 and len(here) > 1):
        return coloured or set(here)
    gaps = {name: _gap(text, here[name], axes) for name in coloured or here}
    nearest = min(gaps.values())
    return {name for name, gap in gaps.items() if gap <= min(BESIDE, nearest + NEARLY_AS_NEAR)}


def _gap(text: Artist, found: Path | Curve, axes: Axes) -> float:
    """How far a text is from the nearest point of the curve, in parts of the view."""
    places = axes.to_view(found.sequence.points)
    places = places[np.isfinite(places).all(axis=1)]
    if not len(text.xy) or not len(places):
        return np.inf
    place = axes.to_view(text.xy[:1])[0]
    return float(np.nan_to_num(np.hypot(*(places - place).T).min(), nan=np.inf))


def _of_panel(names: Names, found: Path | Curve, every: Mapping[str, Path | Curve]) -> set[str]:
    """What the title of its axes says, or else labels that no other has, if it is alone there.

    Where neither says a name, that of the subfigure in which it stands counts.
    """
    others = [other.axes for other in every.values() if not _same(found, other)]
    if any(axes.index == found.axes.index for axes in others):
        return set()
    taken = {label for axes in others for label in _labels(axes)}
    own = [label for label in _labels(found.axes) if label not in taken]
    texts = ([found.axes.title], own, [found.axes.heading])
    return next(filter(None, (_said(names, some) for some in texts)), set())


def _at_ticks(name: str, found: Mapping[str, Path | Curve]) -> list[str]:
    """What the ticks below a set of bars say, and other words there, where no other set stands."""
    curve = found[name]
    low, high = _reach(curve)
    others = [each for each in found.values() if not _same(each, curve)]
    for other in others:
        left, right = _reach(other)
        if other.axes.index == curve.axes.index and left < high and low < right:
            return []
    texts = list(curve.axes.x.ticks)
    for artist in curve.axes.artists:
        if artist.kind == "text" and artist.text and artist.visible and len(artist.xy):
            texts.append((float(artist.xy[0, 0]), artist.text))
    return [text for place, text in texts if low < place < high]


def _reach(found: Path | Curve) -> tuple[float, float]:
    """From where to where the bars of a set stand along x; nowhere for what is no set of bars."""
    at = np.sort(found.sequence.points[:, 0])
    if len(at) < 2 or any(artist.kind != "region" for artist in found.sequence.artists):
        return np.inf, -np.inf
    half = float(at[1] - at[0]) / 2
    return float(at[0]) - half, float(at[-1]) + half


def _labels(axes: Axes) -> tuple[str, str]:
    return axes.x.label, axes.y.label


def _failure(
    figure: FigureDescription, name: str, said: set[str], twins: set[str]
) -> CheckFailed | GraderFault:
    if twins:
        return failure(
            figure,
            f"{name!r} looks the same as {listed(sorted(map(repr, twins)))} in the legend",
            expected="a colour or a style of its own, and an entry with its name",
        )
    if said:
        return failure(
            figure,
            f"{name!r} has another's name in the figure",
            expected=f"{name!r} in a legend, beside the curve or above its panel",
            got=listed(sorted(map(repr, said))),
        )
    return failure(
        figure,
        f"nothing says which curve is {name!r}",
        expected="its name in a legend, beside the curve or above its panel",
        hint="ax.plot(..., label=name) for each of them, then ax.legend()",
    )


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text).strip().casefold()
