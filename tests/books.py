"""Makes courses, rosters, hand-ins and reports for the gradebook's tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.gradebook import Attempt, Student
from grader.gradebook.records import ReportTexts
from grader.gradebook.roster import Roster
from grader.reports.schema import CheckResult, Environment, Message, Outcome, Report, Visibility

DUE = datetime(2026, 3, 27, 22, 59, tzinfo=UTC)  # 23:59 in Berlin, two nights before summer time
DEMO = 'title = "Demo"\npoints = 10\ndue = 2026-03-27T23:59:00+01:00\n'
QUESTIONS = """
[[questions]]
id = "why"
points = 4
text = "Why?"
rubric = ["Says why (4)"]

[[questions]]
id = "how"
points = 2
text = "How?"
"""
ENVIRONMENT = Environment(
    python="3.11.0", numpy="2.0.0", matplotlib="3.9.0", platform="t", grader="0.1.0",
    grader_sha256="0" * 64,
)  # fmt: skip


def write_course(folder: Path, specs: Mapping[str, str] | None = None, settings: str = "") -> Path:
    """A course's folder with assignment.toml files and [tool.grader] alone."""
    for name, spec in (specs or {"demo": DEMO}).items():
        path = folder / "assignments" / name / "assignment.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(spec, encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"[tool.grader]\n{settings}", encoding="utf-8")
    return folder


def roster(*students: Student) -> Roster:
    return Roster(students, ())


def student(id_: str, **fields: Any) -> Student:
    return Student(0, id_, **fields)


def hand_in(
    name: str, received_at: datetime = DUE, assignment: str = "demo", **fields: Any
) -> Attempt:
    """A hand-in; its hash follows from the rest."""
    said = repr((name, received_at, assignment, fields))
    digest = hashlib.sha256(said.encode()).hexdigest()
    label = fields.pop("label", name)
    return Attempt(assignment, name, received_at, digest, f"drop/{name}.zip", label, **fields)


def check(id_: str, points: float, max_points: float = 5.0, **fields: Any) -> CheckResult:
    passed = points == max_points
    given: dict[str, Any] = {
        "id": id_,
        "title": f"the claim of {id_}",
        "max_points": max_points,
        "points": points,
        "outcome": Outcome.PASSED if passed else Outcome.FAILED,
        "message": None if passed else Message(summary="wrong values"),
        "diagnosis": None,
        "visibility": Visibility.VISIBLE,
        "duration_s": 0.1,
    }
    return CheckResult(**{**given, **fields})


def report(name: str, *checks: CheckResult, **fields: Any) -> Report:
    """A staff's report with these checks; two that passed where none are named."""
    checks = checks or (check("a", 5.0), check("b", 5.0))
    given: dict[str, Any] = {
        "audience": "staff",
        "assignment": "demo",
        "assignment_version": "1" * 64,
        "submission_sha256": "2" * 64,
        "student": name,
        "seed": "3" * 32,
        "environment": ENVIRONMENT,
        "isolation": "full",
        "started_at": DUE,
        "duration_s": 0.5,
        "score": sum(each.points for each in checks),
        "max_score": sum(each.max_points for each in checks),
        "checks": checks,
        "warnings": (),
        "stdout_tail": "",
    }
    return Report(**{**given, **fields})


def reports(name: str, *checks: CheckResult, **fields: Any) -> ReportTexts:
    staff = report(name, *checks, **fields)
    return staff.to_json(), staff.for_student((), "").to_json()


def scored(name: str, points: float, **fields: Any) -> ReportTexts:
    """Reports in which check `a` got `points` of 10."""
    return reports(name, check("a", points, 10.0), **fields)


def attempt(key: int, received_at: datetime, **fields: Any) -> Attempt:
    """One as the gradebook keeps it, made without a gradebook."""
    given: dict[str, Any] = {
        "key": key, "assignment": "demo", "student": 1, "handed_in_by": "ada", "matched_by": "id",
        "received_at": received_at, "sha256": f"{key:064x}", "source": "", "label": f"ada~{key}",
        "claimed": None, "members": (), "score": 10.0, "max_score": 10.0, "report": key,
    }  # fmt: skip
    return Attempt(**{**given, **fields})
