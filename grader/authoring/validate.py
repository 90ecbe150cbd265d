"""Whether a homework is ready to be handed out: its files, its handout, its checks and variants.

`validate` examines homeworks and reports every problem in one line: the fact, then the remedy.
In a homework without findings the starter gets no points and the reference all of them, every
alternative is accepted, every mistake fails and nearly all are named, the public checks do not need
solutions/, the points add up, and a second run gives the same results.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from grader.authoring.findings import MistakesOf, judge, limited, one_line, short
from grader.authoring.graders import Graders, Progress, Trials
from grader.authoring.handout import lost_places, run_examples
from grader.authoring.inventory import broken_files, check_sums, inventory, missing_files, shown
from grader.authoring.trials import Trial, TrialResult, trials_of
from grader.checks.variants import load_variants
from grader.course.assignment import SPEC_NAME, Assignment
from grader.course.course import Course
from grader.engine.collection import on_their_word, uneven, untitled
from grader.engine.context import import_reference
from grader.engine.packages import require_packages
from grader.engine.runner import collect_checks
from grader.errors import GraderError
from grader.submission.clutter import JUNK

SEED = "validate"


@dataclass(frozen=True)
class Verdict:
    """What validating one homework found.

    findings: the problems, a line each. notes: mistakes that were not named, a line each, which
    are a problem only if there are too many, points that cases cannot share equally, and checks
    that a submission can forge. mistakes, named, pictures, mutants, alternatives, checks, examples:
    how many there are. `pictures` are mistakes
    that only a figure shows: the claim that fails says what is wrong, and they count neither as
    named nor as not named.
    """

    name: str
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    checks: int = 0
    mistakes: int = 0
    named: int = 0
    pictures: int = 0
    mutants: int = 0
    alternatives: int = 0
    examples: int = 0
    duration_s: float = 0.0


@dataclass
class _Examination:
    """One homework, while it is examined."""

    name: str
    assignment: Assignment | None = None
    found: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    examples: int = 0
    spent_s: float = 0.0  # before its trials were graded


def validate(
    course: Course,
    names: Iterable[str],
    graders: Graders,
    *,
    seed: str = SEED,
    progress: Progress = lambda name, done, total: None,
) -> Iterator[Verdict]:
    """Examine homeworks, each while the trials of the one before are graded; verdicts in order.

    Never raises for a mistake of their author. graders: what grades, for the whole course. seed: of
    the hidden checks. progress: called with a homework's name, and with how many of its gradings
    are done and how many there are.
    """
    waiting: dict[str, _Examination] = {}

    def prepared() -> Iterator[Trials]:
        for name in names:
            waiting[name] = _Examination(name)
            yield Trials(name, seed, tuple(_prepared(course, waiting[name])))

    for name, took_s, tried in graders.run(prepared(), progress):
        yield _verdict(course, waiting.pop(name), took_s, tried)


def _prepared(course: Course, examined: _Examination) -> list[Trial]:
    """The trials of a homework, none if they cannot be graded; with findings on its files."""
    began = time.perf_counter()
    name, found = examined.name, examined.found
    trials: list[Trial] = []
    try:
        missing = missing_files(course, name) + broken_files(course, name)
        found += missing
        assignment = course.assignment(name)
        if assignment.solution is not None:
            found += inventory(course, assignment)
        require_packages(assignment)
        if not missing:
            examined.assignment = assignment
            trials = _opened(course, examined, assignment)
    except (GraderError, OSError, UnicodeDecodeError) as exc:
        found.append(_trouble(course, name, exc))
    examined.spent_s = time.perf_counter() - began
    return trials


def _trouble(course: Course, name: str, exc: Exception) -> str:
    """Why a homework cannot be examined, in one line."""
    if not isinstance(exc, GraderError):
        return f"a file of {name} cannot be read: {exc}; save it as a plain file in UTF-8"
    text = "; ".join([one_line(str(exc)), *getattr(exc, "__notes__", ())])
    text = text.replace(f"{course.root}/", "")
    return text if ";" in text else f"{text}; correct it"


def _opened(course: Course, examined: _Examination, assignment: Assignment) -> list[Trial]:
    """Run the author's code for the first time: the handout's examples, and collecting checks."""
    assert assignment.solution is not None
    reference = import_reference(assignment)
    examined.examples, lines = _handout(course, assignment, reference)
    examined.found += lines
    handout = (assignment.folder / "README.md").read_text(encoding="utf-8")
    collected = collect_checks(assignment, hidden=True)
    examined.found += lost_places(handout, collected)
    examined.found += limited(
        f"{name} has no docstring; write in its first line what it claims, as the title that "
        "students read"
        for name in untitled(check.item for check in collected)
    )
    examined.notes += [*uneven(collected), *limited(on_their_word(collected))]
    variants = load_variants(assignment.solution / "variants.py", reference)
    return trials_of(assignment, variants)


def _verdict(
    course: Course,
    examined: _Examination,
    took_s: float,
    tried: Sequence[TrialResult] | GraderError,
) -> Verdict:
    """took_s: grading the trials. tried: how they were graded, or what went wrong."""
    name, found = examined.name, examined.found
    duration_s = round(examined.spent_s + took_s, 2)
    if isinstance(tried, GraderError):
        found.append(_trouble(course, name, tried))
    if isinstance(tried, GraderError) or not tried or examined.assignment is None:
        return Verdict(name, tuple(found), duration_s=duration_s)
    mistakes = MistakesOf([item for item in tried if item.trial.kind == "mistake"])
    found += judge(course, examined.assignment, tried, mistakes)
    return Verdict(
        name,
        tuple(found),
        notes=(*mistakes.notes(), *examined.notes),
        checks=len(tried[0].report.checks),
        mistakes=len(mistakes.all),
        named=len(mistakes.named),
        pictures=len(mistakes.pictures),
        mutants=len(mistakes.mutants),
        alternatives=sum(item.trial.kind == "alternative" for item in tried),
        examples=examined.examples,
        duration_s=duration_s,
    )


def validate_datasets(course: Course) -> list[str]:
    """The problems in the folders of data, whether a homework uses them or not."""
    folders = sorted(path for path in course.root.glob("datasets/*") if path.is_dir())
    return [line for folder in folders for line in check_sums(course, folder)]


def stray_folders(course: Course) -> list[str]:
    """What is in assignments/ and solutions/ without being a homework's folder."""
    found = []
    for part in ("assignments", "solutions"):
        for path in sorted(course.root.glob(f"{part}/*")):
            files = (path, *path.rglob("*"))
            real = any(file.is_file() and not JUNK.search(file.as_posix()) for file in files)
            if real and path.name not in course.names:
                found.append(
                    f"{shown(course, path)} belongs to no homework: there is no "
                    f"assignments/{path.stem}/{SPEC_NAME}; write it, or remove {path.name}"
                )
    return found


def _handout(
    course: Course, assignment: Assignment, reference: ModuleType
) -> tuple[int, list[str]]:
    """How many examples the handout has, and which of them are wrong."""
    path = assignment.folder / "README.md"
    where = shown(course, path)
    try:
        ran = run_examples(path, assignment.name, reference, assignment.data)
    except (ValueError, OSError) as exc:
        return 0, [f"{where}: the examples cannot be read: {one_line(str(exc))}; correct them"]
    found = [
        f"{where}:{wrong.line}: `{wrong.source}` gives {short(wrong.got)} with the reference and "
        f"{short(wrong.expected)} in the handout; correct one of them"
        for wrong in ran.wrong
    ]
    found += [
        f"{where}:{line}: this example is not run; put it into a ```python block"
        for line in ran.outside
    ]
    if not ran.count:
        found.append(f"{where} has no worked example; add a ```python block with >>> lines")
    return ran.count, found
