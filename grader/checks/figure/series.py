"""Claims about several curves at once: each of a dict's series is drawn, and has its name."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Words
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.claims import claim, failure
from grader.checks.figure.curves import (
    BOTH_SIGNS,
    FEWEST,
    LOG_SCALES,
    OFFSETS,
    Curve,
    covers,
    explain,
    fits,
    log_scale,
    unseen,
    without_place,
)
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.look import data_axes, plane_axes
from grader.checks.figure.naming import told_apart
from grader.checks.figure.sequences import SHORT, Sequence, sequences
from grader.errors import CheckFailed, GraderFault

Array = np.ndarray[Any, Any]

MATCHED = 0.95
X_TOLERANCE = 1e-3
LOG_TOLERANCE = 1e-4
VALUE_TOLERANCE = 1e-6
EVEN = 1e-2


@dataclass(frozen=True)
class _Series:
    """One series to look for. x is None for the index; ceiling None where nothing is cut off."""

    name: str
    values: Array
    x: Array | None
    ceiling: float | None

    def places(self, axes: Axes) -> Iterator[tuple[int, Array]]:
        """What x may be, with the number of the first: also where ticks say that it is x."""
        if self.x is not None:
            yield 0, self.x
            at = {number: place for place, number in _numbers_at_ticks(axes)}
            if all(value in at for value in self.x.tolist()):
                yield 0, np.array([at[value] for value in self.x.tolist()])
        else:
            yield from ((offset, np.arange(len(self.values)) + float(offset)) for offset in OFFSETS)

    def needed(self, axes: Axes) -> Array:
        """(n,) bools: which values must be drawn in these axes."""
        shown = np.isfinite(self.values)
        if axes.y.scale in LOG_SCALES and axes.y.scale not in BOTH_SIGNS:
            shown &= self.values > 0
        return shown if self.ceiling is None else shown & (self.values <= self.ceiling)

    def agree(self, drawn: Array, index: Array, axes: Axes) -> Array:
        """(m,) bools: which of the drawn heights show the values at `index`."""
        needed = self.needed(axes)
        expected, seen = self.values[index], self.values[needed]
        if axes.y.scale == "log":
            spread = np.ptp(np.log(seen)) if len(seen) else 0.0
            apart = np.abs(np.log(drawn) - np.log(expected))
            right = apart <= LOG_TOLERANCE * spread + VALUE_TOLERANCE
        else:
            right = fits(drawn, expected, seen)
        # What cannot be shown may be missing, or moved to the rim.
        low, high = seen.min(initial=np.inf), seen.max(initial=-np.inf)
        rim = np.where(expected > high, drawn >= high, drawn <= low)
        free = right | ~np.isfinite(drawn) | rim
        agreed: Array = np.where(needed[index], right, free)
        return agreed


def _numbers_at_ticks(axes: Axes) -> Iterator[tuple[float, float]]:
    """Of the ticks of x with labels of their own that are numbers, the place and that number."""
    for place, text in axes.x.ticks:
        with contextlib.suppress(ValueError):
            yield place, float(text.strip("$ ").replace("\N{MINUS SIGN}", "-"))


@claim
def curves_named(
    figure: FigureDescription,
    curves: Mapping[str, Any],
    *,
    x: Any = None,
    log_y: bool = False,
    bars: bool = False,
    ceiling: float | None = None,
    words: Mapping[str, Words[str]] | None = None,
) -> dict[str, Curve]:
    """Each series of `curves` is drawn and bears its name; returns the curves by name.

    curves: name -> (n,) numbers; the lengths may differ. log_y: the axis of each must have a
    logarithmic scale; drawing logarithms is not enough. x, bars, ceiling: as in `curves_drawn`.
    words: as in `told_apart`.
    Raises CheckFailed where one is missing, has no name or another's, or an axis is linear.
    """
    found = curves_drawn(figure, curves, x=x, bars=bars, ceiling=ceiling)
    if log_y:
        for curve in found.values():
            log_scale(curve)
    told_apart(figure, found, words=words)
    return found


@claim
def curves_drawn(
    figure: FigureDescription,
    curves: Mapping[str, Any],
    *,
    x: Any = None,
    bars: bool = False,
    ceiling: float | None = None,
    among: Axes | None = None,
) -> dict[str, Curve]:
    """Each series of `curves` is drawn, its values unchanged, in one axes or in several.

    On a logarithmic axis, values of 0 and below may be clipped, masked or left out, and the others
    must be right to the eye there. Every second or tenth value is enough. A set of bars may stand
    beside its places, as one of several does.

    curves: name -> (n,) numbers; the lengths may differ. x: where the values stand, (n,) numbers
    for all of them or a dict of such; None for the index, counted from 0 or from 1.
    bars: a set of bars at even distances will do, wherever it stands, upright or lying, and so
    will dots beside their places.
    ceiling: values above it may be clipped, masked or left out. among: look in this axes only.
    Raises CheckFailed, naming the first that is missing.
    """
    panels = [among] if among is not None else plane_axes(figure)
    sides = [*panels, *map(_lying_bars, panels)] if bars else panels
    lengths = {np.size(values) for values in curves.values()} if bars else set()
    candidates = [sequence for axes in sides for sequence in _candidates(axes, lengths)]
    found = {}
    for name, values in curves.items():
        at = x[name] if isinstance(x, Mapping) else x
        wanted = _Series(
            name=name,
            values=np.asarray(values, float).ravel(),
            x=None if at is None else np.asarray(at, float).ravel(),
            ceiling=ceiling,
        )
        found[name] = _find(figure, candidates, wanted, bars)
    _require_one_beginning(figure, found)
    return found


def _require_one_beginning(figure: FigureDescription, found: Mapping[str, Curve]) -> None:
    """Curves over one axis count alike: all from 0 or all from 1. Bars may stand side by side."""
    starts = {name: float(np.nanmin(curve.sequence.points[:, 0])) for name, curve in found.items()}
    for name, curve in found.items():
        for other, rival in found.items():
            apart = starts[other] - starts[name] >= 1 - X_TOLERANCE
            if curve.axes.index == rival.axes.index and curve.offset < rival.offset and apart:
                raise failure(
                    figure,
                    f"the curve of {other!r} is moved by one against that of {name!r}",
                    expected="the first value of each above the same place",
                )


def _lying_bars(axes: Axes) -> Axes:
    """The regions and words of an axes with x and y exchanged: lying bars stand upright there."""
    turned = tuple(
        dataclasses.replace(
            artist,
            paths=tuple(path[:, ::-1] for path in artist.paths),
            xy=artist.xy[:, ::-1],
        )
        for artist in axes.artists
        if artist.kind in ("region", "text")
    )
    return dataclasses.replace(axes, x=axes.y, y=axes.x, artists=turned)


def _candidates(axes: Axes, lengths: set[int]) -> list[Sequence]:
    """Whatever could be a series, then all that has one look, and all that has one label.

    A curve may have been drawn in pieces, and the bars of one set may differ in colour.
    lengths: of the rows of bars that could be series.
    """
    plain = list(sequences(axes))
    plain += _rows_of_bars(plain, lengths)
    for artist in axes.artists:  # the lines of a collection may be curves of their own
        if artist.kind == "segments" and len(artist.paths) > 1:
            plain += [Sequence(path, (artist,), axes) for path in artist.paths if len(path) > SHORT]
    groups: dict[tuple[object, ...], list[Sequence]] = {}
    for sequence in plain:
        for key in _groups_of(sequence.artists[0]) if len(sequence.artists) == 1 else ():
            groups.setdefault(key, []).append(sequence)
    for members in groups.values():
        artists = {id(artist): artist for member in members for artist in member.artists}
        if len(artists) > 1:
            points = np.concatenate([member.points for member in members])
            plain.append(Sequence(points, tuple(artists.values()), axes))
    return plain


def _rows_of_bars(drawn: list[Sequence], lengths: set[int]) -> Iterator[Sequence]:
    """Bars beside each other, of any colours: sets of bars may stand in groups, one for a name."""
    bars = [
        sequence
        for sequence in drawn
        if len(sequence.points) == 1 and sequence.artists[0].kind == "region"
    ]
    bars.sort(key=lambda bar: float(bar.points[0, 0]))
    for length in lengths:
        for start in range(len(bars) - length + 1 if length > 1 else 0):
            row = bars[start : start + length]
            yield Sequence(
                np.concatenate([bar.points for bar in row]),
                tuple(bar.artists[0] for bar in row),
                row[0].axes,
            )


def _groups_of(artist: Artist) -> Iterator[tuple[object, ...]]:
    """What it has in common with others that may belong to the same curve."""
    markers = artist.markers.face[:1].tobytes() if artist.markers is not None else b""
    yield (
        artist.kind,
        artist.style,
        artist.edge[:1].tobytes(),
        artist.face[:1].tobytes(),
        markers,
    )
    if artist.label and not artist.label.startswith("_"):
        yield artist.kind, artist.label
    if artist.kind == "region":
        yield (artist.kind,)


def _find(
    figure: FigureDescription, candidates: list[Sequence], wanted: _Series, bars: bool
) -> Curve:
    drawn = []
    for sequence in [*candidates, *_joined(candidates, wanted)]:
        offset = _offset(sequence, wanted)
        if offset is None and _is_set_of_bars(sequence, wanted, anywhere=bars):
            offset = 0
        if offset is not None:
            drawn.append((sequence, offset))
    seen = [(sequence, offset) for sequence, offset in drawn if sequence.seen]
    if seen:
        (first, offset), *rest = seen
        return Curve(first, "value", offset, tuple(sequence for sequence, _ in rest))
    if drawn:
        raise unseen(figure, [sequence for sequence, _ in drawn], repr(wanted.name))
    raise _missing(figure, candidates, wanted)


def _joined(candidates: list[Sequence], wanted: _Series) -> Iterator[Sequence]:
    """Pieces that show a part each, in colours of their own: such as before and after the best."""
    pieces: dict[tuple[int, int], list[Sequence]] = {}
    for sequence in candidates:
        if len(sequence.points) < 2 or not sequence.seen:
            continue
        for offset, places in wanted.places(sequence.axes):
            index, near = _nearest(sequence.points[:, 0], places)
            if (near & wanted.agree(sequence.points[:, 1], index, sequence.axes)).all():
                pieces.setdefault((sequence.axes.index, offset), []).append(sequence)
    for found in pieces.values():
        if len(found) > 1:
            artists = {id(artist): artist for piece in found for artist in piece.artists}
            points = np.concatenate([piece.points for piece in found])
            yield Sequence(points, tuple(artists.values()), found[0].axes)


def _offset(sequence: Sequence, wanted: _Series) -> int | None:
    """The number of the first x if the sequence shows the series, else None."""
    every = sequence.points[np.isfinite(sequence.points[:, 0])]
    needed = wanted.needed(sequence.axes)
    if len(every) < min(FEWEST, needed.sum()) or not needed.any():
        return None
    rank = np.cumsum(needed) - 1
    for offset, places in wanted.places(sequence.axes):
        index, near = _nearest(every[:, 0], places)
        drawn = near | np.isfinite(every[:, 1])  # a shorter column is filled up with NaN
        points, index, near = every[drawn], index[drawn], near[drawn]
        right = near & wanted.agree(points[:, 1], index, sequence.axes)
        shown = rank[index[right & needed[index]]]
        placeless = without_place(sequence.axes, places[needed])
        if right.sum() >= MATCHED * len(points) and covers(shown, wanted.values[needed], placeless):
            return offset
    return None


def _nearest(x: Array, places: Array) -> tuple[Array, Array]:
    """For each of x the index of the nearest of the places, and whether it stands there."""
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    right = np.minimum(np.searchsorted(ordered, x), len(places) - 1)
    left = np.maximum(right - 1, 0)
    index = order[np.where(np.abs(x - ordered[left]) < np.abs(x - ordered[right]), left, right)]
    # Places at even ratios lie at very different distances, and float32 rounds the large ones.
    distinct = ordered[np.r_[True, ordered[1:] != ordered[:-1]]]
    gaps = np.diff(distinct)
    between = np.minimum(np.r_[np.inf, gaps], np.r_[gaps, np.inf])
    spacing = between[np.searchsorted(distinct, places[index])]
    within = X_TOLERANCE * np.where(np.isfinite(spacing), spacing, 1.0)
    near = np.abs(x - places[index]) <= within + VALUE_TOLERANCE * np.abs(places[index])
    return index, near


def _is_set_of_bars(sequence: Sequence, wanted: _Series, *, anywhere: bool) -> bool:
    """One bar for each value, in order, at the places or at places moved and stretched alike.

    anywhere: whether each bar may be farther from its place than half of the way to the next;
    then dots may stand nearer than that.
    """
    dots = all(artist.markers is not None and not artist.line for artist in sequence.artists)
    if not (anywhere and dots) and any(artist.kind != "region" for artist in sequence.artists):
        return False
    points = sequence.points[np.argsort(sequence.points[:, 0], kind="stable")]
    if len(points) != len(wanted.values) or not np.isfinite(points).all():
        return False
    if not wanted.agree(points[:, 1], np.arange(len(points)), sequence.axes).all():
        return False
    if len(points) < 2:
        return len(points) == 1
    return any(
        _stand_at(points[:, 0], places, anywhere and not dots)
        for offset, places in wanted.places(sequence.axes)
        if dots or offset == 0
    )


def _stand_at(x: Array, places: Array, anywhere: bool) -> bool:
    """Whether x (n,), which rises, are places that were moved alike, and stretched if anywhere."""
    at, steps = x - x[0], places - places[0]
    if at[-1] <= 0 or steps[-1] <= 0:
        return False
    if not anywhere and np.abs(x - places).max() >= np.diff(places).min() / 2:
        return False
    return bool(np.abs(at / at[-1] - steps / steps[-1]).max() <= EVEN / len(at))


def _missing(
    figure: FigureDescription, candidates: list[Sequence], wanted: _Series
) -> CheckFailed | GraderFault:
    """The error that says what was drawn instead."""
    message = f"no curve in the figure shows {wanted.name!r}"
    if not data_axes(figure):
        return failure(figure, "the figure is empty", expected=f"a curve of {wanted.name!r}")
    for word, logarithm in (("log10", np.log10), ("log", np.log), ("log2", np.log2)):
        other = dataclasses.replace(wanted, values=logarithm(wanted.values), ceiling=None)
        if any(_offset(sequence, other) is not None for sequence in candidates):
            return failure(
                figure,
                f"{message}: the heights of a curve are its values' logarithms",
                expected="the values themselves, unchanged",
                got=f"{word} of the values",
                hint='ax.set_yscale("log") makes the axis logarithmic, and the values stay',
            )
    if wanted.x is None:
        return explain(figure, candidates, wanted.values, repr(wanted.name), None)
    by_index = dataclasses.replace(wanted, x=None)
    if any(_offset(sequence, by_index) is not None for sequence in candidates):
        return failure(
            figure,
            f"{message}: the heights are right, x is not",
            expected=f"x from {wanted.x.min():g} to {wanted.x.max():g}, as given",
            got="x counts the values",
        )
    return failure(
        figure,
        message,
        expected=f"{len(wanted.values)} values at the places that the function was given",
        hint="draw the values that the function was given, unchanged",
    )
