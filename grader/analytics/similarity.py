"""Submissions whose code is alike: a list for a person to look at, never a verdict.

The comparison uses `statements`: code without names, comments, layout and the order of functions.
Statements that anybody may have are removed: those in the starter, in the handout's examples or
anywhere in the solution, and those that many submissions share. What is left of a submission, its
own part, is a sequence of words; two submissions are listed if

    2 * common / (own words of both) >= ALIKE   and   common >= MIN_WORDS

with `common` the length of the longest common subsequence of the two. So two students who both
wrote the obvious three lines of a softmax are not listed for them. In addition, submissions with
identical text, names and comments included, are listed if MIN_LINES lines of it are not the
starter's: students who found the same solution still do not write the same comments.

The comparison is done by RapidFuzz, a well maintained general library whose `cdist` compares half a
million pairs in seconds. No library for this specific purpose is well maintained: the last release
of copydetect is from March 2024, that of pycode_similar from 2020, and Dolos is not written in
Python. What is specific to homework, removing names and what the course provided, is done in
`statements` and here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel, LCSseq

from grader.analytics.statements import CodeBlock, Words

ALIKE = 0.8
MIN_WORDS = 60
MIN_LINES = 20
COMMON = 10  # statements in more submissions than this, and than a tenth of all, are anybody's
MAX_WORDS = 10_000
_ROWS = 500  # compared with all at a time, so that memory stays flat
_FIRST = 0x10000  # words become characters of the planes where no surrogate lies
_LAST = 0x10FFFF


@dataclass(frozen=True)
class CodeSample:
    """A submission's code. group: of students who may work together; "" for none.

    texts: its parts, as handed in. pieces: as `pieces_of` takes them apart.
    """

    texts: tuple[str, ...]
    pieces: tuple[CodeBlock, ...]
    group: str = ""


@dataclass(frozen=True)
class Alike:
    """Submissions that are alike, by their places in the sequence compared.

    left: those that are the same as its first; right likewise. similarity: 0 to 1. common: words.
    to_the_letter: names, comments and layout too.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    similarity: float
    common: int
    to_the_letter: bool = False


class SharedCode:
    """Statements and lines that are nobody's own."""

    def __init__(self, pieces: Iterable[CodeBlock], lines: Iterable[str]) -> None:
        """pieces: of the starter, handout and solution. lines: of the starter and handout."""
        self.statements = {each.words for piece in pieces for each in piece.statements}
        self._lines = {_plain(line) for line in lines}

    def own_lines(self, code: CodeSample) -> tuple[str, ...]:
        """The lines of a submission that the starter does not have, without their margins."""
        lines = (_plain(line) for text in code.texts for line in text.split("\n"))
        return tuple(line for line in lines if line and line not in self._lines)


def _plain(line: str) -> str:
    return " ".join(line.split())


def common_statements(codes: Sequence[CodeSample]) -> set[Words]:
    """Statements that many submissions share; those that are the same in all count once."""
    different = {
        frozenset(each.words for piece in code.pieces for each in piece.statements)
        for code in codes
    }
    counted = Counter(words for statements in different for words in statements)
    many = max(COMMON, len(different) // 10)
    return {words for words, count in counted.items() if count > many}


def find_alike(
    codes: Sequence[CodeSample], known: SharedCode, taken_out: set[Words]
) -> list[Alike]:
    """What to look at, the most alike first. taken_out: statements that are nobody's own."""
    own = [_own_words(code, taken_out) for code in codes]
    found = _same_text(codes, known)
    told = {frozenset((*each.left, *each.right)) for each in found}
    by_words: dict[tuple[str, ...], list[int]] = {}
    for place, words in enumerate(own):
        if len(words) >= MIN_WORDS:
            by_words.setdefault(words, []).append(place)
    for words, places in by_words.items():
        for same in _across_groups(places, codes):
            if frozenset((*same[0], *same[1])) not in told:
                found.append(Alike(*same, 1.0, len(words)))
    found += _nearly(by_words, codes)
    return sorted(found, key=lambda each: (-each.similarity, -each.common, each.left))


def _own_words(code: CodeSample, taken_out: set[Words]) -> tuple[str, ...]:
    words = [
        word
        for piece in code.pieces
        for statement in piece.statements
        if statement.words not in taken_out
        for word in statement.words
    ]
    return tuple(words[:MAX_WORDS])


def _same_text(codes: Sequence[CodeSample], known: SharedCode) -> list[Alike]:
    """Submissions with the same lines of their own, to the letter."""
    by_text: dict[bytes, list[int]] = {}
    sizes: dict[bytes, int] = {}
    for place, code in enumerate(codes):
        lines = known.own_lines(code)
        if len(lines) >= MIN_LINES:
            text = "\n".join(lines)
            key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
            by_text.setdefault(key, []).append(place)
            sizes[key] = len(text.split())
    return [
        Alike(*same, 1.0, sizes[key], to_the_letter=True)
        for key, places in by_text.items()
        for same in _across_groups(places, codes)
    ]


def _across_groups(
    places: Sequence[int], codes: Sequence[CodeSample]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The first of some places with its group, and the others; nothing where there are none."""
    first = codes[places[0]]
    left = tuple(place for place in places[1:] if _together(first, codes[place]))
    right = tuple(place for place in places[1:] if place not in left)
    return [((places[0], *left), right)] if right else []


def _together(one: CodeSample, other: CodeSample) -> bool:
    return bool(one.group) and one.group == other.group


def _nearly(by_words: dict[tuple[str, ...], list[int]], codes: Sequence[CodeSample]) -> list[Alike]:
    """Pairs whose own parts are not the same, and nearly so."""
    sequences, places = _as_strings(list(by_words)), list(by_words.values())
    found = []
    for start in range(0, len(sequences), _ROWS):
        scores = process.cdist(
            sequences[start : start + _ROWS],
            sequences[start:],  # with those before they are compared already
            scorer=Indel.normalized_similarity,
            score_cutoff=ALIKE,
            dtype=np.float32,
            workers=-1,
        )
        for row, column in np.argwhere(scores >= ALIKE):
            one, other = start + int(row), start + int(column)
            if one >= other or _together(codes[places[one][0]], codes[places[other][0]]):
                continue
            common = LCSseq.similarity(sequences[one], sequences[other])
            if common >= MIN_WORDS:
                left, right = tuple(places[one]), tuple(places[other])
                found.append(Alike(left, right, float(scores[row, column]), common))
    return found


def _as_strings(sequences: Sequence[tuple[str, ...]]) -> list[str]:
    """Each word as one character, which is what is compared fastest."""
    numbers: dict[str, int] = {}
    return [
        "".join(chr(min(numbers.setdefault(word, _FIRST + len(numbers)), _LAST)) for word in words)
        for words in sequences
    ]
