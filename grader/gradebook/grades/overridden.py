"""The points of an attempt in which a person has set some checks' points: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from grader.gradebook.grades.policy import count
from grader.gradebook.records import Attempt, Automatic, CheckPoints, OutdatedOverride, Override


def overridden_points(
    attempt: Attempt,
    overrides: Iterable[Override],
    checks: Iterable[CheckPoints],
    worth: Mapping[tuple[int, str], float],
) -> Automatic:
    """The points of a graded attempt, with `overrides` in place of what some of `checks` gave.

    worth: by attempt and check, what a check was worth when its points were set.
    """
    known = {check.id: check for check in checks}
    held = tuple(each for each in overrides if each.check in known)
    changed = [(each.points, known[each.check]) for each in held]
    most = attempt.max_score or 0.0
    points = (attempt.score or 0.0) + sum(new - check.points for new, check in changed)
    points = round(points, 10)
    faults = attempt.faults - sum(check.fault for _, check in changed)
    bonus = ", with bonus points" if points > most else ""
    why = f"by the checks{bonus}; {count(len(held), 'check')} set by hand"
    return Automatic(points, most, held, faults, why, tuple(_outdated(held, known, worth)))


def _outdated(
    overrides: Iterable[Override],
    checks: Mapping[str, CheckPoints],
    worth: Mapping[tuple[int, str], float],
) -> Iterator[OutdatedOverride]:
    """Those of checks that are worth another number by now."""
    for each in overrides:
        now = checks[each.check].max_points
        was = worth.get((each.attempt, each.check), now)
        if was != now:
            yield OutdatedOverride(each, was, now)
