"""Whether the packages that a homework names are installed where it is graded or checked."""

from __future__ import annotations

from grader._internal.install_hint import install
from grader.course.assignment import Assignment
from grader.errors import PackagesMissing
from grader.sandbox.protocol.packages import lacks


def require_packages(*assignments: Assignment) -> None:
    """Raise PackagesMissing, with the remedy, unless each package that these homeworks name is
    installed in a version that they name."""
    found = {lack: each.name for each in reversed(assignments) for lack in lacks(each.packages)}
    if found:
        facts = "; ".join(f"{lack.fact} ({name} needs it)" for lack, name in found.items())
        raise PackagesMissing(f"{facts}; run: {install(lack.requirement for lack in found)}")
