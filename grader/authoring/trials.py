"""What of a homework can be graded: the starter, the reference, alternatives and mistakes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.checks.variants import Variant, submission_files
from grader.course.assignment import Assignment
from grader.reports.schema import Report

Kind = Literal["starter", "reference", "alternative", "mistake", "public"]


@dataclass(frozen=True)
class Trial:
    """Something to grade as if a student had handed it in.

    kind "public": the reference, with public checks only, in a course without solutions.
    name: as messages call it. target, words: a variant's.
    """

    kind: Kind
    name: str
    files: tuple[tuple[str, bytes], ...]
    target: str = ""
    words: str = ""


@dataclass(frozen=True)
class TrialResult:
    """A graded trial. again: the reports of further times, where there were any."""

    trial: Trial
    report: Report
    again: tuple[Report, ...] = ()


def trials_of(assignment: Assignment, variants: Sequence[Variant]) -> list[Trial]:
    """Everything of a homework that can be graded, in the order of its files."""
    assert assignment.reference is not None
    name = assignment.name
    right = assignment.reference.read_text(encoding="utf-8")
    main = ((f"{name}.py", right.encode()),)
    trials = [
        Trial("starter", "the starter", ((f"{name}.py", assignment.starter.read_bytes()),)),
        Trial("reference", "the reference", main),
        Trial("public", "the reference without solutions/", main),
    ]
    for variant in variants:
        files = submission_files(variant, name, right)
        encoded = tuple((file, text.encode()) for file, text in files.items())
        trials.append(Trial(variant.kind, variant.name, encoded, variant.target, variant.words))
    return trials


def shares(trials: Sequence[Trial], processes: int | None = None) -> list[tuple[Trial, ...]]:
    """What each process grades: together everything, and some of it twice.

    Twice: the starter, and the first mistake and the first alternative of each function. The
    reference comes first in each, and once more at the end of the last.
    processes: as many as there are cores, from 2 to 4, where left out.
    """
    count = processes or min(max(os.cpu_count() or 1, 2), 4)
    reference = [trial for trial in trials if trial.kind == "reference"]
    piles: list[list[Trial]] = [[] for _ in range(count)]
    seen: set[tuple[Kind, str]] = set()
    for index, trial in enumerate(trial for trial in trials if trial.kind != "reference"):
        piles[index % count].append(trial)
        if trial.kind != "public" and (trial.kind, trial.target) not in seen:
            seen.add((trial.kind, trial.target))
            piles[(index + 1) % count].append(trial)
    for place, pile in enumerate(piles):
        pile[:] = [*reference, *(pile[::-1] if place % 2 else pile)]
    piles[-1] += reference
    return [tuple(pile) for pile in piles]
