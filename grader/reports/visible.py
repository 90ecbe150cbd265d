"""The student's report as the course's choices of the moment allow it."""

from __future__ import annotations

from typing import Any

from grader.course.feedback import NOTES, StudentView
from grader.reports.schema import CheckResult, Outcome, Report, Visibility


def student_report(staff: Report, theirs: Report, shown: StudentView) -> Report:
    """The student's report with what they may see now.

    theirs: a student's report of the same run, which has the warnings and the output that student
    code cannot have filled with a hidden check's inputs. If checks are left out, so are their
    points, and a warning says so.
    """
    checks = [check_shown(check, shown) for check in staff.checks]
    kept = tuple(check for check in checks if check is not None)
    notes = shown.notes if len(kept) < len(checks) else ()
    told = [warning for warning in theirs.warnings if warning not in NOTES]
    update: dict[str, Any] = {"checks": kept, "warnings": (*told, *notes)}
    if len(kept) < len(checks):
        update["score"] = round(sum(check.points for check in kept), 2)
        most = sum(check.max_points for check in kept if not check.bonus)
        update["max_score"] = round(most, 2)
    return theirs.model_copy(update=update)


def check_shown(check: CheckResult, shown: StudentView) -> CheckResult | None:
    """A check as a student sees it; None if they do not see it at all."""
    if check.visibility is Visibility.VISIBLE:
        return check.for_student() if shown.public_checks else None
    if not shown.hidden_outcomes:
        return None
    theirs = check.for_student()
    if shown.hidden_mistakes and theirs.outcome is Outcome.FAILED:
        return theirs.model_copy(update={"diagnosis": check.diagnosis})
    return theirs
