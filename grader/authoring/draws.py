"""Whether the checks of a homework accept what is right whatever numbers they draw.

One draw says little: a bound that float32 exceeds for one seed in twenty, or data that suit a check
nearly always, cost a whole class its points where the seed happens to be theirs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from grader._internal.text import counted
from grader.authoring.findings import limited, message_of
from grader.authoring.graders import Graders, Progress, Trials
from grader.authoring.trials import trials_of
from grader.checks.variants import load_variants
from grader.course.course import Course
from grader.engine.context import import_reference
from grader.errors import GraderError
from grader.reports.schema import Outcome


@dataclass(frozen=True)
class Draws:
    """How the reference and the alternatives of a homework were graded again and again.

    gradings: of how many submissions, over all draws. findings: a line for each check that took
    points from one of them.
    """

    name: str
    gradings: int
    findings: tuple[str, ...]
    duration_s: float


@dataclass(frozen=True)
class _Loss:
    """A check that did not pass for something right. seed: of the draw."""

    check: str
    trial: str
    seed: str
    message: str


def draw_again(
    course: Course, name: str, graders: Graders, count: int, *, seed: str, progress: Progress
) -> Draws:
    """Grade what is right in a homework with `count` more draws, of the seeds SEED-1, SEED-2, ...

    progress: called with the name, and how many draws are done and are wanted.
    Raises GraderError where the homework cannot be graded at all.
    """
    began = time.perf_counter()
    assignment = course.assignment(name)
    assert assignment.solution is not None
    variants = load_variants(assignment.solution / "variants.py", import_reference(assignment))
    everything = trials_of(assignment, variants)
    right = tuple(each for each in everything if each.kind in ("reference", "alternative"))
    losses: list[_Loss] = []
    gradings = 0
    for number in range(1, count + 1):
        work = Trials(name, f"{seed}-{number}", right)
        for _, _, tried in graders.run([work], lambda name, done, total: None):
            if isinstance(tried, GraderError):
                raise tried
            for item in tried:
                gradings += 1
                losses += [
                    _Loss(check.id, item.trial.name, work.seed, message_of(check))
                    for report in (item.report, *item.again)
                    for check in report.checks
                    if check.outcome is not Outcome.PASSED
                ]
        progress(name, number, count)
    took_s = time.perf_counter() - began
    return Draws(name, gradings, tuple(limited(_findings(losses, count))), took_s)


def _findings(losses: list[_Loss], count: int) -> Iterator[str]:
    by_check: dict[str, list[_Loss]] = {}
    for each in losses:
        by_check.setdefault(each.check, []).append(each)
    for check, some in by_check.items():
        first = some[0]
        others = len({each.trial for each in some}) - 1
        yield (
            f"{check} takes points from {first.trial}"
            + (f" and {others} more" if others else "")
            + f" in {len({each.seed for each in some})} of {counted(count, 'draw')}, "
            f"first with --seed {first.seed}: {first.message}; widen what it accepts, or draw only "
            "numbers that it can judge"
        )
