"""Whether a homework is fit to be handed out: its files, its handout, its checks on its variants.

`validate` looks at one homework and says everything that is off, each in one line: the fact, then
the remedy. A homework without findings gives the starter no points and the reference all of them,
refuses no alternative, accepts no mistake and names nearly all of them, needs no solutions/ for its
public checks, adds up, and comes out the same a second time.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.assignment import SPEC_NAME, Assignment
from grader.checks.variants import Variant, load_variants
from grader.course import Course
from grader.errors import GraderError
from grader.handout import run_examples
from grader.inventory import check_sums, inventory, missing_files, shown
from grader.plugin import import_reference
from grader.report import CheckResult, Outcome, Report
from grader.submission import JUNK
from grader.trials import Tried, run_trials, trials_of

NAMED = 0.95  # of the mistakes, at least so many must be named
SEED = "validate"
_WORTH = re.compile(r"worth\s+(\d+(?:\.\d+)?)\s+of\s+(\d+(?:\.\d+)?)\s+points")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verdict:
    """What validating one homework found.

    findings: what is off, a line each. notes: mistakes without a name, a line each; they are off
    only where they are too many. mistakes, named, pictures, alternatives, examples: how many there
    are; `pictures` are mistakes that only a figure shows, which the claim that fails names.
    """

    name: str
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    checks: int = 0
    mistakes: int = 0
    named: int = 0
    pictures: int = 0
    alternatives: int = 0
    examples: int = 0
    duration_s: float = 0.0


def validate(
    course: Course,
    name: str,
    *,
    seed: str = SEED,
    unsafe: bool = False,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Look at one homework. Never raises for what its author did.

    seed: of the hidden checks. unsafe: run the variants without isolation. progress: called with
    how many gradings are done and how many there are.
    """
    began = time.perf_counter()
    verdict = _Verdict(name)
    try:
        _look(verdict, course, seed, unsafe, progress)
    except GraderError as exc:
        verdict.findings.append("; ".join([str(exc), *getattr(exc, "__notes__", ())]))
    return verdict.finished(time.perf_counter() - began)


def validate_datasets(course: Course) -> list[str]:
    """What is off in the folders of data, whether a homework uses them or not."""
    folders = sorted(path for path in course.root.glob("datasets/*") if path.is_dir())
    return [line for folder in folders for line in check_sums(course, folder)]


def stray_folders(course: Course) -> list[str]:
    """Folders of assignments/ and solutions/ that hold files and are no homework."""
    found = []
    for part in ("assignments", "solutions"):
        for folder in sorted(course.root.glob(f"{part}/*")):
            files = (path for path in folder.rglob("*") if path.is_file())
            real = any(not JUNK.search(path.as_posix()) for path in files)
            if folder.name not in course.names and (real or folder.is_file()):
                found.append(
                    f"{shown(course, folder)} belongs to no homework: there is no "
                    f"assignments/{folder.name}/{SPEC_NAME}; write it or take the folder away"
                )
    return found


def _look(
    verdict: _Verdict, course: Course, seed: str, unsafe: bool, progress: Progress
) -> None:
    name = verdict.name
    missing = missing_files(course, name)
    verdict.findings += missing
    assignment = course.assignment(name)
    if assignment.solution is None:
        return
    verdict.findings += inventory(course, assignment)
    if missing:
        return  # what follows would fail for want of a file, in less clear words
    reference = import_reference(assignment)
    verdict.handout(course, assignment, reference)
    variants = load_variants(assignment.solution / "variants.py", reference)
    trials = trials_of(assignment, variants)
    total, done = 0, 0

    def graded() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    total = sum(len(share) for share in shares(trials))
    progress(0, total)
    tried = run_trials(
        course.root, name, trials, seed=seed, unsafe=unsafe, progress=graded
    )
    verdict.judge(course, assignment, tried)
