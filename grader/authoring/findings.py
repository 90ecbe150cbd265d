"""What the graded trials of a homework say of its checks: a line for each problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from grader._internal.text import counted
from grader.authoring.inventory import shown
from grader.authoring.trials import TrialResult
from grader.course.assignment import SPEC_NAME, Assignment
from grader.course.course import Course
from grader.reports.schema import CheckResult, Outcome, Report

NAMED = 0.95  # the least share of the mistakes that must be named
MOST_LINES = 5  # on the checks of one submission
_WORTH = re.compile(r"worth\s+(\d+(?:\.\d+)?)\s+of\s+(\d+(?:\.\d+)?)\s+points")


def judge(
    course: Course, assignment: Assignment, tried: Sequence[TrialResult], mistakes: MistakesOf
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
            + f": {short(reason)}; {remedy}"
        )


def _starter(report: Report) -> Iterator[str]:
    if report.score:
        points = counted(report.score, "point")
        yield f"the starter gets {points}; change the checks so that it gets none"
    odd = [c for c in report.checks if c.outcome not in (Outcome.NOT_ATTEMPTED, *_OURS)]
    yield from limited(
        f"for the starter, {check.id} ends as \"{check.outcome.words}\", not as \"not attempted\"; "
        + (
            "let it call a function that is still a stub in the starter"
            if check.outcome is Outcome.PASSED
            else f"a stub must only raise NotImplementedError ({message_of(check)})"
        )
        for check in odd
    )  # fmt: skip
    if not report.checks:
        yield "there are no checks; write some"


def _reference(report: Report) -> Iterator[str]:
    yield from limited(
        f"the reference loses {counted(check.max_points, 'point')} in {check.id}: "
        f"{message_of(check)}; correct the check or the reference"
        for check in _not_passed(report)
    )
    for warning in report.warnings:
        yield f"the reference gets a warning: {short(warning)}; correct the reference or the check"


def _public(alone: Report, beside: Report) -> Iterator[str]:
    """What the reference loses in a course without solutions/ but not in one with them."""
    known = {check.id for check in _not_passed(beside)}
    yield from limited(
        f"without solutions/, as on a student's machine, {check.id} fails: {message_of(check)}; "
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
            f"the alternative {item.trial.name} fails {lost[0].id}{more}: {message_of(lost[0])}; "
            "change the check so that it accepts it, or correct the alternative"
        )


class MistakesOf:
    """The mistakes of a homework, sorted by how they were graded."""

    def __init__(self, tried: Sequence[TrialResult]) -> None:
        self.mutants = [item for item in tried if not item.trial.words]
        self.all = [item for item in tried if item.trial.words]
        self._texts = {item.trial.words for item in self.all}
        self.accepted = [item for item in tried if not _caught(item.report)]
        caught = [item for item in self.all if _caught(item.report)]
        self.named = [item for item in caught if self._is_named(item)]
        unnamed = [item for item in caught if not self._is_named(item)]
        # A picture is not compared with those of known mistakes: the claim says what is missing.
        self.pictures = [item for item in unnamed if _only_pictures(item.report)]
        self.unnamed = [item for item in unnamed if not _only_pictures(item.report)]

    def findings(self) -> Iterator[str]:
        for item in self.accepted:
            kind = "mistake" if item.trial.words else "mutant"
            yield (
                f"the {kind} {item.trial.name} gets full marks; add a check of "
                f"`{item.trial.target}` that fails for it"
            )
        for item in self.unnamed:
            wrong = [text for text in _diagnoses(item.report) if self._is_anothers(text)]
            if wrong:
                yield (
                    f"the mistake {item.trial.name} is named as a different one: "
                    f"{short(wrong[0])!r}; add a probe for which the two differ, or merge them "
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
            told = f"it says {short(said[0])!r}" if said else message_of(first)
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
                    f"{short(str(first[key]))!r}, then {short(str(second[key]))!r}; do not "
                    "depend on anything that changes from run to run"
                )


def _worded(check: Mapping[str, Any], key: str) -> str:
    """A value of a check of a report, as a person reads it."""
    return short(" ".join(str(check["text" if key == "message" else key]).split()))


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


def message_of(check: CheckResult) -> str:
    """What a failed check says, without what it advises."""
    if check.message is None:
        return check.outcome.words
    facts = check.message.model_copy(update={"hint": None, "see": None})
    return short(", ".join(line.strip() for line in facts.rendered().splitlines()))


def limited(lines: Iterable[str]) -> Iterator[str]:
    """The first few lines, and the number of the others."""
    every = list(lines)
    yield from every[:MOST_LINES]
    if len(every) > MOST_LINES:
        yield f"... and {counted(len(every) - MOST_LINES, 'more check')} in the same way"


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def one_line(text: str) -> str:
    return " ".join(text.split())


def short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 200 else line[:199] + "…"
