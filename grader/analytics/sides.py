"""Submissions that are alike, in groups of connected pairs, and side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.analytics.gather import Text
from grader.analytics.similarity import Alike, CodeSample
from grader.analytics.statements import CodeBlock, Words
from grader.analytics.study import Study
from grader.reports.pages.listing import MAX_LINE

MAX_SIDES = 40  # pairs side by side on a page, and
MAX_SIDES_EACH = 3  # of one cluster
MAX_LINES = 300


@dataclass(frozen=True)
class SourceLine:
    """A line of a student's code. own: it was not removed before the comparison."""

    number: int
    text: str
    own: bool


Row = tuple[tuple[SourceLine, ...], tuple[SourceLine, ...]]


@dataclass(frozen=True)
class Pair:
    """Submissions that are alike, by their students. rows: the first of either side, a row for
    each function; () if they are not shown."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    alike: Alike
    rows: tuple[Row, ...]

    @property
    def percent(self) -> int:
        """Rounded down: 100 only if nothing differs."""
        return int(self.alike.similarity * 100 + 1e-6)


@dataclass(frozen=True)
class Cluster:
    """Submissions that are connected by pairs that are alike, the most alike first."""

    who: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def said(self) -> str:
        """How alike, in a word or two."""
        if all(pair.alike.to_the_letter for pair in self.pairs):
            return "identical"
        low, high = self.pairs[-1].percent, self.pairs[0].percent
        return f"{high} %" if low == high else f"{low} to {high} %"


def clusters_of(study: Study) -> list[Cluster]:
    """What to look at, the most alike first."""
    found: list[tuple[set[int], list[Alike]]] = []
    for alike in study.alike:
        members, listed = {*alike.left, *alike.right}, [alike]
        touched = [each for each in found if each[0] & members]
        for each in touched:
            members |= each[0]
            listed = [*each[1], *listed]
            found.remove(each)
        found.append((members, listed))
    order = {id(alike): place for place, alike in enumerate(study.alike)}
    clusters = []
    left = MAX_SIDES
    for members, listed in sorted(found, key=lambda each: min(order[id(one)] for one in each[1])):
        listed.sort(key=lambda one: order[id(one)])
        shown = min(left, MAX_SIDES_EACH)
        pairs = tuple(_pair(study, one, shown=place < shown) for place, one in enumerate(listed))
        left -= min(shown, len(pairs))
        who = tuple(study.gathered.entries[place].who for place in sorted(members))
        clusters.append(Cluster(who, pairs))
    return clusters


def _pair(study: Study, alike: Alike, *, shown: bool) -> Pair:
    entries = study.gathered.entries
    first, second = alike.left[0], alike.right[0]
    rows: tuple[Row, ...] = ()
    if shown:
        rows = _side_by_side(
            (study.codes[first], study.codes[second]),
            (entries[first].texts, entries[second].texts),
            study.taken_out,
        )
    left, right = (tuple(entries[at].who for at in side) for side in (alike.left, alike.right))
    return Pair(left, right, alike, rows)


def _side_by_side(
    codes: tuple[CodeSample, CodeSample],
    texts: tuple[Sequence[Text], Sequence[Text]],
    known: Collection[Words],
) -> tuple[Row, ...]:
    """Function by function, those that were asked for by their names; the others by their size."""
    left, right = (_by_key(code.pieces) for code in codes)
    rows = []
    any_own = any(_has_own(piece, known) for code in codes for piece in code.pieces)
    for key in dict.fromkeys((*left, *right)):
        pieces = left.get(key), right.get(key)
        if any_own and not any(piece and _has_own(piece, known) for piece in pieces):
            continue
        one, other = (_lines(piece, text, known) for piece, text in zip(pieces, texts, strict=True))
        rows.append((one, other))
    return tuple(rows)


def _by_key(pieces: Sequence[CodeBlock]) -> dict[tuple[str, int], CodeBlock]:
    counts: dict[str, int] = {}
    keyed = {}
    for piece in pieces:
        if piece.statements:
            counts[piece.name] = counts.get(piece.name, 0) + 1
            keyed[piece.name, counts[piece.name]] = piece
    return keyed


def _has_own(piece: CodeBlock, known: Collection[Words]) -> bool:
    return any(statement.words not in known for statement in piece.statements)


def _lines(
    piece: CodeBlock | None, texts: Sequence[Text], known: Collection[Words]
) -> tuple[SourceLine, ...]:
    """The lines of a piece; of a function the comments and empty lines between too."""
    if piece is None:
        return ()
    source = texts[piece.part].lines
    own: dict[int, bool] = {}
    if piece.whole:
        lines = range(piece.statements[0].first, max(each.last for each in piece.statements) + 1)
        own = dict.fromkeys(lines, False)
    for statement in piece.statements:
        for number in range(statement.first, statement.last + 1):
            own[number] = own.get(number, False) or statement.words not in known
    return tuple(
        SourceLine(number, source[number - 1][:MAX_LINE], flag)
        for number, flag in sorted(own.items())[:MAX_LINES]
        if number <= len(source)
    )
