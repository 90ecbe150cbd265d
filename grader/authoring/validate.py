"""Whether a homework is ready to be handed out: its files, its handout, its checks and variants.

`validate` examines one homework and reports every problem in one line: the fact, then the remedy.
In a homework without findings the starter gets no points and the reference all of them, every
alternative is accepted, every mistake fails and nearly all are named, the public checks do not need
solutions/, the points add up, and a second run gives the same results.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from grader.authoring.handout import lost_places, run_examples
from grader.authoring.inventory import check_sums, inventory, missing_files, shown
from grader.authoring.trials import Graders, TrialResult, shares, trials_of
from grader.checks.variants import load_variants
from grader.course.assignment import SPEC_NAME, Assignment
from grader.course.course import Course
from grader.engine.collection import untitled
from grader.engine.context import import_reference
from grader.engine.runner import collect_checks
from grader.errors import GraderError
from grader.reports.schema import CheckResult, Outcome, Report
from grader.submission.clutter import JUNK

NAMED = 0.95  # the least share of the mistakes that must be named
SEED = "validate"
MOST_LINES = 5  # on the checks of one submission
_WORTH = re.compile(r"worth\s+(\d+(?:\.\d+)?)\s+of\s+(\d+(?:\.\d+)?)\s+points")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verdict:
    """What validating one homework found.

    findings: the problems, a line each. notes: mistakes that were not named, a line each; they are
    a problem only if there are too many. mistakes, named, pictures, alternatives, checks, examples:
    how many there are. `pictures` are mistakes that only a figure shows: the claim that fails says
    what is wrong, and they count neither as named nor as not named.
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
    graders: Graders,
    *,
    seed: str = SEED,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Examine one homework. Never raises for a mistake of its author.

    graders: what grades, for the whole course. seed: of the hidden checks. progress: called with
    how many gradings are done and how many there are.
    """
    began = time.perf_counter()
    found: list[str] = []
    counts: dict[str, Any] = {}
    try:
        found += missing_files(course, name)
        assignment = course.assignment(name)
        if assignment.solution is not None:
            found += inventory(course, assignment)
        if not missing_files(course, name):
            counts = _run(course, assignment, found, graders, seed, progress)
    except GraderError as exc:
        text = "; ".join([_one_line(str(exc)), *getattr(exc, "__notes__", ())])
        text = text.replace(f"{course.root}/", "")
        found.append(text if ";" in text else f"{text}; correct it")
    except (OSError, UnicodeDecodeError) as exc:
        found.append(f"a file of {name} cannot be read: {exc}; save it as a plain file in UTF-8")
    return Verdict(name, tuple(found), **counts, duration_s=round(time.perf_counter() - began, 2))


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


def _run(
    course: Course,
    assignment: Assignment,
    found: list[str],
    graders: Graders,
    seed: str,
    progress: Progress,
) -> dict[str, Any]:
    """Everything that runs the author's code. Adds findings; returns what a verdict counts."""
    assert assignment.solution is not None
    reference = import_reference(assignment)
    examples, lines = _handout(course, assignment, reference)
    found += lines
    handout = (assignment.folder / "README.md").read_text(encoding="utf-8")
    collected = collect_checks(assignment, hidden=True)
    found += lost_places(handout, collected)
    found += _limited(
        f"{name} has no docstring; write in its first line what it claims, as the title that "
        "students read"
        for name in untitled(check.item for check in collected)
    )
    variants = load_variants(assignment.solution / "variants.py", reference)
    trials = trials_of(assignment, variants)
    total = sum(len(share) for share in shares(trials))
    done = 0

    def graded() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    progress(0, total)
    tried = graders.run(assignment.name, trials, seed, graded)
    mistakes = _Mistakes([item for item in tried if item.trial.kind == "mistake"])
    found += _judge(course, assignment, tried, mistakes)
    return {
        "notes": tuple(mistakes.notes()),
        "checks": len(tried[0].report.checks),
        "mistakes": len(mistakes.all),
        "named": len(mistakes.named),
        "pictures": len(mistakes.pictures),
        "alternatives": sum(item.trial.kind == "alternative" for item in tried),
        "examples": examples,
    }


def _judge(
    course: Course, assignment: Assignment, tried: Sequence[TrialResult], mistakes: _Mistakes
) -> Iterator[str]:
    """All problems in how a homework's trials were graded."""
    single = {item.trial.kind: item.report for item in tried}
    yield from _grader_errors(tried)
    yield from _starter(single["starter"])
    yield from _reference(single["reference"])
    yield from _public(single["public"], single["reference"])
    yield from _points(course, assignment, single["reference"])
    for item in tried:
        if item.trial.kind == "alternative":
            yield from _alternative(item)
    yield from mistakes.findings()
    yield from _second_run(tried)


def _handout(
    course: Course, assignment: Assignment, reference: ModuleType
) -> tuple[int, list[str]]:
    """How many examples the handout has, and which of them are wrong."""
    path = assignment.folder / "README.md"
    where = shown(course, path)
    try:
        ran = run_examples(path, assignment.name, reference, assignment.data)
    except (ValueError, OSError) as exc:
        return 0, [f"{where}: the examples cannot be read: {_one_line(str(exc))}; correct them"]
    found = [
        f"{where}:{wrong.line}: `{wrong.source}` gives {_short(wrong.got)} with the reference and "
        f"{_short(wrong.expected)} in the handout; correct one of them"
        for wrong in ran.wrong
    ]
    found += [
        f"{where}:{line}: this example is not run; put it into a ```python block"
        for line in ran.outside
    ]
    if not ran.count:
        found.append(f"{where} has no worked example; add a ```python block with >>> lines")
    return ran.count, found


def _grader_errors(tried: Sequence[TrialResult]) -> Iterator[str]:
    """Checks that themselves broke, each with the first submission that broke it."""
    broken: dict[str, list[tuple[str, str]]] = {}
    always: set[str] = set()
    for item in tried:
        for report in (item.report, *item.again):
            for check in report.faults:
                told = check.message
                reason = "no reason given" if told is None else told.traceback or told.summary
                always |= {check.id} if item.trial.kind == "reference" else set()
                broken.setdefault(check.id, []).append((item.trial.name, _last_line(reason)))
    for name, cases in broken.items():
        first, reason = cases[0]
        # What breaks for a right solution too has nothing to do with an odd value.
        remedy = (
            "correct it"
            if name in always
            else "test a student's value before you use it in the check"
        )
        yield (
            f"the check {name} itself raises an error for {first}"
            + (f" and {len(cases) - 1} more" if len(cases) > 1 else "")
            + f": {_short(reason)}; {remedy}"
        )


def _starter(report: Report) -> Iterator[str]:
    if report.score:
        yield f"the starter gets {report.score:g} points; change the checks so that it gets none"
    odd = [c for c in report.checks if c.outcome not in (Outcome.NOT_ATTEMPTED, *_OURS)]
    yield from _limited(
        f"for the starter, {check.id} ends as \"{check.outcome.words}\", not as \"not attempted\"; "
        + (
            "let it call a function that is still a stub in the starter"
            if check.outcome is Outcome.PASSED
            else f"a stub must only raise NotImplementedError ({_message(check)})"
        )
        for check in odd
    )  # fmt: skip
    if not report.checks:
        yield "there are no checks; write some"


def _reference(report: Report) -> Iterator[str]:
    yield from _limited(
        f"the reference loses {check.max_points:g} points in {check.id}: {_message(check)}; "
        "correct the check or the reference"
        for check in _not_passed(report)
    )
    for warning in report.warnings:
        yield f"the reference gets a warning: {_short(warning)}; correct the reference or the check"


def _public(alone: Report, beside: Report) -> Iterator[str]:
    """What the reference loses in a course without solutions/ but not in one with them."""
    known = {check.id for check in _not_passed(beside)}
    yield from _limited(
        f"without solutions/, as on a student's machine, {check.id} fails: {_message(check)}; "
        "change the check so that it needs nothing from solutions/"
        for check in _not_passed(alone)
        if check.id not in known
    )


def _points(course: Course, assignment: Assignment, report: Report) -> Iterator[str]:
    """Whether the points of the checks agree with the specification and the handout."""
    promised = assignment.spec.points
    if promised is not None and abs(report.max_score - promised) > 1e-9:
        where = shown(course, assignment.folder / SPEC_NAME)
        yield (
            f"{where}: `points` is {promised:g}, but the checks add up to {report.max_score:g}; "
            "make them agree"
        )
    counted = (c for c in report.checks if c.id.startswith("checks::") and not c.bonus)
    public = round(sum(c.max_points for c in counted), 2)
    path = assignment.folder / "README.md"
    text = path.read_text(encoding="utf-8")
    for match in _WORTH.finditer(text):
        if (float(match[1]), float(match[2])) != (public, report.max_score):
            line = text.count("\n", 0, match.start()) + 1
            yield (
                f'{shown(course, path)}:{line} says "{" ".join(match[0].split())}", but the public '
                f"checks are worth {public:g} of {report.max_score:g}; correct the text or the "
                "points"
            )


def _alternative(item: TrialResult) -> Iterator[str]:
    lost = _not_passed(item.report)
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        yield (
            f"the alternative {item.trial.name} fails {lost[0].id}{more}: {_message(lost[0])}; "
            "change the check so that it accepts it, or correct the alternative"
        )


class _Mistakes:
    """The mistakes of a homework, sorted by how they were graded."""

    def __init__(self, tried: Sequence[TrialResult]) -> None:
        self.all = tried
        self._texts = {item.trial.words for item in tried}
        self.accepted = [item for item in tried if not _caught(item.report)]
        caught = [item for item in tried if _caught(item.report)]
        self.named = [item for item in caught if self._is_named(item)]
        unnamed = [item for item in caught if not self._is_named(item)]
        # A picture is not compared with those of known mistakes: the claim says what is missing.
        self.pictures = [item for item in unnamed if _only_pictures(item.report)]
        self.unnamed = [item for item in unnamed if not _only_pictures(item.report)]

    def findings(self) -> Iterator[str]:
        for item in self.accepted:
            yield (
                f"the mistake {item.trial.name} gets full marks; add a check of "
                f"`{item.trial.target}` that fails for it"
            )
        for item in self.unnamed:
            wrong = [text for text in _diagnoses(item.report) if self._is_anothers(text)]
            if wrong:
                yield (
                    f"the mistake {item.trial.name} is named as a different one: "
                    f"{_short(wrong[0])!r}; add a probe for which the two differ, or merge them "
                    "into one"
                )
        total = len(self.named) + len(self.unnamed)
        if total and len(self.named) < NAMED * total:
            yield (
                f"only {len(self.named)} of {total} mistakes are named, less than {NAMED:.0%}; "
                "wrap the comparison that catches them in `with diagnose(...)`"
            )

    def notes(self) -> Iterator[str]:
        for item in self.unnamed:
            first = _caught(item.report)[0]
            said = _diagnoses(item.report)
            told = f"it says {_short(said[0])!r}" if said else _message(first)
            yield f"{item.trial.name} is not named; {first.id} fails: {told}"

    @staticmethod
    def _is_named(item: TrialResult) -> bool:
        # "As in your `softmax`:" may stand before the author's words.
        return any(item.trial.words in text for text in _diagnoses(item.report))

    def _is_anothers(self, text: str) -> bool:
        return any(text.endswith(words) for words in self._texts)


def _second_run(tried: Sequence[TrialResult]) -> Iterator[str]:
    """Where two gradings of one submission differ: each check once, with an example."""
    told: set[str] = set()
    twice = [(one, again) for one in tried for again in one.again]
    for item, again in twice:
        first, second = (_timeless(report) for report in (item.report, again))
        pairs = zip(first.pop("checks"), second.pop("checks"), strict=False)
        for one, other in pairs:
            if one != other and one["id"] not in told:
                told.add(one["id"])
                key = next(key for key in one if one[key] != other[key])
                yield (
                    f"a second run gives a different {key} for {one['id']} on {item.trial.name}: "
                    f"{_worded(one, key)!r}, then {_worded(other, key)!r}; draw random "
                    "numbers only from `rng`, and do not depend on the order of a set or on an "
                    "earlier check"
                )
        for key in first:
            # Points follow from the checks.
            if first[key] != second[key] and not told and key not in told:
                told.add(key)
                yield (
                    f"a second run gives a different {key} for {item.trial.name}: "
                    f"{_short(str(first[key]))!r}, then {_short(str(second[key]))!r}; do not "
                    "depend on anything that changes from run to run"
                )


def _worded(check: Mapping[str, Any], key: str) -> str:
    """A value of a check of a report, as a person reads it."""
    return _short(" ".join(str(check["text" if key == "message" else key]).split()))


def _timeless(report: Report) -> dict[str, Any]:
    # The environment is the same, whatever has happened to its files in the meantime.
    without = {"started_at", "duration_s", "environment"}
    kept = report.model_dump(mode="json", exclude=without)
    for check in kept["checks"]:
        del check["duration_s"]
    return kept


_OURS = (Outcome.GRADER_ERROR,)  # reported by _grader_errors


def _not_passed(report: Report) -> list[CheckResult]:
    return [check for check in report.checks if check.outcome not in (Outcome.PASSED, *_OURS)]


_caught = _not_passed


def _only_pictures(report: Report) -> bool:
    return all(check.figures for check in _caught(report))


def _diagnoses(report: Report) -> list[str]:
    return [check.diagnosis for check in report.checks if check.diagnosis]


def _message(check: CheckResult) -> str:
    """What a failed check says, without what it advises."""
    if check.message is None:
        return check.outcome.words
    facts = check.message.model_copy(update={"hint": None, "see": None})
    return _short(", ".join(line.strip() for line in facts.rendered().splitlines()))


def _limited(lines: Iterable[str]) -> Iterator[str]:
    """The first few lines, and the number of the others."""
    every = list(lines)
    yield from every[:MOST_LINES]
    if len(every) > MOST_LINES:
        yield f"... and {len(every) - MOST_LINES} more checks in the same way"


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= 200 else line[:199] + "…"
