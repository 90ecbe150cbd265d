"""A report as its reader gets it: with the points that people set by hand, and why.

The report's format is fixed, so what was set by hand is shown where a reader looks: the check has
the points that the person gave, its message begins with the reason, and the score is adjusted. The
outcome remains what the grader found. The gradebook keeps the report as the grader wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader._internal.text import printable
from grader.gradebook.records import Override
from grader.reports.schema import CheckResult, Message, Report


def amended(report: Report, overrides: Iterable[Override]) -> Report:
    """A staff's or a student's report with overrides. Hidden checks show the reason as well."""
    by_check = {override.check: override for override in overrides}
    checks = tuple(
        _overridden(check, by_check[check.id]) if check.id in by_check else check
        for check in report.checks
    )
    gained = sum(new.points - old.points for new, old in zip(checks, report.checks, strict=True))
    return report.model_copy(update={"checks": checks, "score": round(report.score + gained, 10)})


def _overridden(check: CheckResult, override: Override) -> CheckResult:
    said = f"{override.points:g} of {check.max_points:g} points, set by hand: {override.why}"
    if check.message is None:
        message = Message(summary=said)
    else:
        first = printable(f"{said}\n{check.message.summary}")
        message = check.message.model_copy(update={"summary": first})
    return check.model_copy(update={"points": override.points, "message": message})
