"""A class whose hand-ins are graded, for the pages of staff: without workers, and quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from books import check, reports
from making import DEMO_RIGHT, write_course, zipped
from serving import Clock, Serving, serving
from starlette.testclient import TestClient

from grader.reports.schema import CheckResult
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.records import HandIn
from grader.server.site.site import Site

BEFORE_DUE = datetime(2026, 3, 20, 12, tzinfo=UTC)
SPEC = """\
title = "Demo"
due = 2026-03-27T23:59:00+01:00
data = ["small/numbers.csv"]

[[questions]]
id = "why"
points = 4
text = "Why?"
rubric = ["Says why (3)", "With an example (1)"]
"""
DOUBLE, TOTAL = "checks::test_double", "checks::test_total"


@contextmanager
def serving_graded(
    folder: Path,
    students: Mapping[str, float],
    *,
    settings: str = "",
    address: str | None = None,
) -> Iterator[Serving]:
    """Serve a course in which each of `students` has handed in and got points of 2 for DOUBLE.

    TOTAL gave everybody its 1 point. The homework is due, and its question is not marked.
    """
    course = write_due_course(folder / "course")
    if settings:
        with (course / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
    more = {} if address is None else {"address": address}
    with serving(course, **more) as served:
        now, served.clock.now = served.clock.now, BEFORE_DUE
        for name, points in students.items():
            grade(served, name, check(DOUBLE, points, 2.0), check(TOTAL, 1.0, 1.0))
        served.clock.now = now
        yield served


def write_due_course(folder: Path) -> Path:
    """A course whose homework is due, and has a question."""
    course = write_course(folder)
    (course / "assignments" / "demo" / "assignment.toml").write_text(SPEC, encoding="utf-8")
    return course


def beside(site: Site) -> Serving:
    """For a site that another process serves: to hand in and grade before the due date."""
    clock = Clock(BEFORE_DUE)
    hand_ins = HandIns(site.engine, site.settings, clock)

    def no_client() -> TestClient:
        raise AssertionError("another process serves it")

    return Serving(replace(site, hand_ins=hand_ins, clock=clock), clock, no_client)


def grade(served: Serving, name: str, *checks: CheckResult, text: str = DEMO_RIGHT) -> HandIn:
    """Hand in as somebody, and have it graded with these checks."""
    site = served.site
    data = zipped({"demo.py": f"{text}# {name}\n"})
    made = site.hand_ins.accept("demo", served.account(name), site.blobs.put(data), len(data))
    queue = GradingQueue(site.engine, served.clock)
    held = queue.claim("w", 60, None, ["demo"])
    assert held is not None
    assert held.key == made.key
    attempt = replace(attempt_of(made), label=made.label)
    assert queue.finish(made.key, "w", attempt, reports(name, *checks), {})
    found = site.hand_ins.hand_in(made.key)
    assert found is not None
    return found


def mark(served: Serving, name: str, points: float, *rubric: str) -> None:
    """Mark the answer of somebody's attempt."""
    attempt = served.site.book.grade("demo", name).attempt
    assert attempt is not None
    served.site.book.mark(attempt, "why", points, who="max", rubric=rubric)
