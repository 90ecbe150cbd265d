"""A report as its reader gets it: amended by the points that people set by hand, and why.

The report's fields are fixed, so that what is set by hand stands where a reader looks: the check's
points are the person's, its message begins with the reason, and the score follows. The outcome
stays what the grader saw. The report as the grader wrote it stays in the gradebook.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader._internal.text import printable
from grader.gradebook.records import Override
from grader.reports.schema import CheckResult, Message, Report


def amended(report: Report, overrides: Iterable[Override]) -> Report:
    """A staff's or a student's report with overrides. The reason stands in hidden checks too."""
    by_check = {override.check: override for override in overrides}
    checks = tuple(
        _overridden(check, by_check[check.id]) if check.id in by_check else check
        for check in report.checks
    )
    gained = sum(new.points - old.points for new, old in zip(checks, report.checks, strict=True))
    return report.model_copy(update={"checks": checks, "score": report.score + gained})


def _overridden(check: CheckResult, override: Override) -> CheckResult:
    said = f"{override.points:g} of {check.max_points:g} points, set by hand: {override.why}"
    if check.message is None:
        message = Message(summary=said)
    else:
        first = printable(f"{said}\n{check.message.summary}")
        message = check.message.model_copy(update={"summary": first})
    return check.model_copy(update={"points": override.points, "message": message})
