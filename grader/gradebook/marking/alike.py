"""Answers to one question that are alike, so that a person marks them once.

Two answers are compared word by word, without upper case and layout; how alike they are is

    2 * common / (words of both)

with `common` the length of the longest common subsequence of the two. A group has a first answer,
and every other one of it is alike to that one: so nothing is together by a chain of others. A
single word such as "not" may turn an answer round, which is why each shows the words in which it
differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.gradebook.marking.marking import Sheet
from grader.submission.answers import without_pointers

ALIKE = 0.85
MIN_WORDS = 8  # shorter answers are together only if they are the same
MOST_TOGETHER = 400  # of a larger group the rest is a group of its own
_HEADING = re.compile(r"^#{1,6}\s.*$", re.MULTILINE)
_WORD = re.compile(r"\w+|[^\w\s]")
_FIRST = 0x10000  # words become characters of the planes where no surrogate lies
_LAST = 0x10FFFF


@dataclass(frozen=True)
class WordRun:
    """Words in a row. kind: "same", "gone" (only the group's first answer has them) or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class AlikeAnswer:
    """An answer in a group. similarity: to the first one, 0 to 1. runs: its words beside those."""

    sheet: Sheet
    similarity: float
    runs: tuple[WordRun, ...] = ()


@dataclass(frozen=True)
class AlikeGroup:
    """Answers that are alike, the first one being what the others are compared with.

    empty: nothing was written.
    """

    answers: tuple[AlikeAnswer, ...]
    empty: bool = False

    @property
    def least(self) -> float:
        """How alike the least alike of it is to the first."""
        return min(each.similarity for each in self.answers)


def alike_groups(found: Sequence[Sheet], alike: float = ALIKE) -> list[AlikeGroup]:
    """The groups of two or more among the answers to one question, the largest first.

    Answers in a document or picture, and those that cannot be read, are in none.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    texts = [sheet for sheet in found if not sheet.attachments and not sheet.trouble]
    words = {sheet.attempt.key: words_of(sheet.answer) for sheet in texts}
    coded = _as_strings(words)
    by_text: dict[str, list[Sheet]] = {}
    for sheet in texts:
        by_text.setdefault(coded[sheet.attempt.key], []).append(sheet)
    empty = by_text.pop("", [])
    groups: list[list[AlikeAnswer]] = []
    firsts: list[str] = []
    # The longest first: a text is rather compared with one that says as much.
    for text in sorted(by_text, key=lambda each: -len(each)):
        nearest = None
        if len(text) >= MIN_WORDS:
            scorer = Indel.normalized_similarity
            nearest = process.extractOne(text, firsts, scorer=scorer, score_cutoff=alike)
        if nearest is None:
            groups.append([AlikeAnswer(sheet, 1.0) for sheet in by_text[text]])
            firsts.append(text if len(text) >= MIN_WORDS else "")
        else:
            groups[nearest[2]] += [AlikeAnswer(sheet, nearest[1]) for sheet in by_text[text]]
    made = [AlikeGroup(tuple(group)) for group in groups if len(group) > 1]
    if len(empty) > 1:
        made.append(AlikeGroup(tuple(AlikeAnswer(sheet, 1.0) for sheet in empty), empty=True))
    parts = [part for group in made for part in _in_parts(group)]
    return sorted(map(_compared, parts), key=lambda group: -len(group.answers))


def words_of(answer: str | None) -> list[str]:
    """What counts of an answer: its words and signs, without headings."""
    text = unicodedata.normalize("NFC", without_pointers(answer or ""))
    return _WORD.findall(_HEADING.sub("", text).casefold())


def differing(first: Sequence[str], other: Sequence[str]) -> tuple[WordRun, ...]:
    """An answer's words beside the first one's; long runs that are the same are cut."""
    from rapidfuzz.distance import Indel

    runs: list[WordRun] = []
    for step in Indel.opcodes(first, other):
        if step.tag == "equal":
            runs.append(WordRun("same", _shortened(first[step.src_start : step.src_end])))
        elif step.tag == "delete":
            runs.append(WordRun("gone", " ".join(first[step.src_start : step.src_end])))
        else:
            runs.append(WordRun("new", " ".join(other[step.dest_start : step.dest_end])))
    return tuple(runs)


def _compared(group: AlikeGroup) -> AlikeGroup:
    first = words_of(group.answers[0].sheet.answer)
    return replace(
        group,
        answers=tuple(
            each
            if each.similarity == 1.0
            else replace(each, runs=differing(first, words_of(each.sheet.answer)))
            for each in group.answers
        ),
    )


def _in_parts(group: AlikeGroup) -> list[AlikeGroup]:
    starts = range(0, len(group.answers), MOST_TOGETHER)
    parts = [group.answers[start : start + MOST_TOGETHER] for start in starts]
    return [replace(group, answers=part) for part in parts if len(part) > 1]


def _shortened(words: Sequence[str], most: int = 12) -> str:
    if len(words) <= most:
        return " ".join(words)
    return f"{' '.join(words[: most // 2])} … {' '.join(words[-most // 2 :])}"


def _as_strings(words: dict[int, list[str]]) -> dict[int, str]:
    """Each word as one character, which is what is compared fastest."""
    numbers: dict[str, int] = {}
    return {
        key: "".join(
            chr(min(numbers.setdefault(word, _FIRST + len(numbers)), _LAST)) for word in each
        )
        for key, each in words.items()
    }
