"""What the gradebook costs: a made-up class in a gradebook of its own, for `bench`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL

from grader.course.course import Course
from grader.gradebook.connect import connect, reading
from grader.gradebook.migrate import migrate
from grader.gradebook.queries import load_facts
from grader.gradebook.records import Attempt, ReportTexts, Student
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.reports.schema import CheckResult, Environment, Message, Outcome, Report, Visibility

RUNS = 5
WHO = "bench"
_START = datetime(2026, 1, 1, tzinfo=UTC)
_CHECKS = 40


@dataclass(frozen=True)
class GradebookCost:
    """Milliseconds of each question, the median of some runs, and seconds of recording.

    facts: reading everything that grades depend on. grades: the same, plus computing the grades.
    grade, student: of one student, in one homework and in all.
    """

    submissions: int
    record_s: float
    record_again_s: float
    attempts_ms: float
    facts_ms: float
    grades_ms: float
    grade_ms: float
    student_ms: float
    history_ms: float
    unmatched_ms: float


def measure_gradebook(course: Course, folder: Path, submissions: int = 10_000) -> GradebookCost:
    """Record `submissions` made-up ones in a new SQLite file in `folder`, then ask and time.

    The homework is the course's first.
    """
    name = course.names[0]
    # The course's own gradebook is left alone, whatever its setting or environment says.
    engine = connect(URL.create("sqlite", database=str(folder / "bench.sqlite")))
    migrate(engine)
    questions = course.spec(name).questions
    with Gradebook(course, engine) as book:
        book.enrol(Roster(tuple(_roster(submissions)), ()), who=WHO)
        entries = list(made_up_entries(name, [f"s{number}" for number in range(submissions)]))
        record_s = seconds_of(lambda: _record(book, entries))
        record_again_s = seconds_of(lambda: _record(book, entries))
        attempts = book.attempts(name)
        for attempt in attempts[:50]:
            for question in questions:
                book.mark(attempt, question.id, question.points, who=WHO, comment="good")
        for number in range(20):
            book.override(name, f"s{number}", "check-0", 1.0, who=WHO, why="an unusual form")
        names = (name,)

        def facts() -> None:
            with reading(book.engine) as connection:
                load_facts(connection, names)

        return GradebookCost(
            submissions=submissions,
            record_s=record_s,
            record_again_s=record_again_s,
            attempts_ms=_median_ms(lambda: book.attempts(name)),
            facts_ms=_median_ms(facts),
            grades_ms=_median_ms(lambda: book.grades(name)),
            grade_ms=_median_ms(lambda: book.grade(name, "s7")),
            student_ms=_median_ms(lambda: book.grades_of(book.student("s7"))),
            history_ms=_median_ms(lambda: book.history(last=100)),
            unmatched_ms=_median_ms(book.unmatched),
        )


def _record(book: Gradebook, entries: Sequence[tuple[Attempt, ReportTexts]]) -> None:
    for start in range(0, len(entries), 1000):
        book.record(entries[start : start + 1000], who=WHO)


def seconds_of(action: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _median_ms(action: Callable[[], object]) -> float:
    return statistics.median(seconds_of(action) for _ in range(RUNS)) * 1e3


def _roster(count: int) -> Iterable[Student]:
    for number in range(count):
        name = f"s{number}"
        yield Student(0, name, f"Student {number}", f"{name}@example.org", section="A")


def made_up_entries(
    assignment: str, students: Sequence[str]
) -> Iterable[tuple[Attempt, ReportTexts]]:
    """A graded attempt of each student."""
    report = _report(assignment)
    for number, student in enumerate(students):
        own = report.model_copy(update={"student": student, "score": float(number % 100)})
        at = _START + timedelta(seconds=number)
        attempt = Attempt(assignment, student, at, f"{number:064x}", f"drop/{student}.zip", student)
        yield attempt, (own.to_json(), own.to_json())


def _report(assignment: str) -> Report:
    message = Message(
        summary="softmax(Z): wrong values", expected="0.25", got="0.857", where="[0, 3]"
    )
    return Report(
        audience="staff",
        assignment=assignment,
        assignment_version="0" * 64,
        submission_sha256="0" * 64,
        student=WHO,
        seed="0" * 32,
        environment=Environment(
            python="3.11.0",
            numpy="2.0.0",
            matplotlib="3.9.0",
            platform="bench",
            grader="0",
            grader_sha256="0" * 64,
        ),
        isolation="full",
        started_at=_START,
        duration_s=0.1,
        score=0.0,
        max_score=100.0,
        checks=tuple(
            CheckResult(
                id=f"check-{number}",
                title=f"the {number}th property of the function",
                max_points=2.5,
                points=0.0 if number % 4 == 0 else 2.5,
                outcome=Outcome.FAILED if number % 4 == 0 else Outcome.PASSED,
                message=message if number % 4 == 0 else None,
                diagnosis=None,
                visibility=Visibility.VISIBLE,
                duration_s=0.001,
            )
            for number in range(_CHECKS)
        ),
        warnings=(),
        stdout_tail="",
    )
