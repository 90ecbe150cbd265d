"""Everything that a class report says, computed before any of it is formatted."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.analytics.gather import ClassData
from grader.analytics.mistakes import SHOWN, SHOWN_UNNAMED, Mistake, mistakes_of, with_examples
from grader.analytics.outcomes import (
    CheckSummary,
    Costly,
    Fault,
    Scores,
    costly,
    faults_of,
    scores_of,
    summaries,
)
from grader.analytics.similarity import Alike, CodeSample, SharedCode, common_statements, find_alike
from grader.analytics.statements import Words, pieces_of
from grader.course.assignment import Assignment


@dataclass(frozen=True)
class Study:
    """The analysis of one homework of a class. codes: of the entries, in their order. taken_out:
    statements that do not count as anybody's own."""

    gathered: ClassData
    scores: Scores
    checks: Sequence[CheckSummary]
    mistakes: Sequence[Mistake]
    costly: Sequence[Costly]
    faults: Sequence[Fault]
    codes: Sequence[CodeSample]
    taken_out: set[Words]
    alike: Sequence[Alike]


def study_of(gathered: ClassData) -> Study:
    """Compute it. Raises ModuleNotFoundError if the staff extra is not installed."""
    entries, functions = gathered.entries, tuple(gathered.assignment.functions)
    mistakes = mistakes_of(entries, functions)
    named = sum(each.named for each in mistakes)
    for start, count in ((0, min(named, SHOWN)), (named, SHOWN_UNNAMED)):
        for place in range(start, min(start + count, len(mistakes))):
            mistakes[place] = with_examples(mistakes[place], entries, functions)
    codes = []
    for entry in entries:
        texts = tuple("\n".join(text.lines) for text in entry.texts)
        codes.append(CodeSample(texts, pieces_of(texts, functions), entry.group))
    known = known_of(gathered.assignment)
    taken_out = known.statements | common_statements(codes)
    return Study(
        gathered=gathered,
        scores=scores_of(entries),
        checks=summaries(entries),
        mistakes=mistakes,
        costly=costly(entries),
        faults=faults_of(entries),
        codes=codes,
        taken_out=taken_out,
        alike=find_alike(codes, known, taken_out),
    )


def known_of(assignment: Assignment) -> SharedCode:
    """What a student may have from the course: starter, handout's examples, solution."""
    given = [_read(assignment.starter), *_examples(assignment.folder / "README.md")]
    solution = sorted(assignment.solution.glob("*.py")) if assignment.solution else []
    texts = (*given, *map(_read, solution))
    lines = (line for text in given for line in text.split("\n"))
    return SharedCode(pieces_of(texts, tuple(assignment.functions)), lines)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _examples(handout: Path) -> list[str]:
    try:
        found = doctest.DocTestParser().get_examples(_read(handout))
    except ValueError:
        return []
    return [example.source for example in found]
