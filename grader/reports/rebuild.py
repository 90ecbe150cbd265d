"""Makes pages from existing reports: nothing is graded, and no student's code is run."""

from __future__ import annotations

import contextlib
import csv
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.course.feedback import shown
from grader.engine.task import Result
from grader.errors import CourseError, SpecError, SubmissionError, UsageError
from grader.lms.discover import find_submissions
from grader.reports.schema import Report, read_report
from grader.reports.summary import Row, counting_reports, row_of
from grader.reports.visible import student_report
from grader.reports.writer import TABLE, Outbox
from grader.submission.files import Submission
from grader.submission.program import Program, prepare
from grader.submission.sources import Source

_NOTHING = Submission({}, "")


@dataclass(frozen=True)
class Rebuild:
    """The pages that were made.

    without_code: reports whose submission was not found. left_out: files that are not a pair of
    reports.
    """

    rows: tuple[Row, ...]
    without_code: int
    left_out: tuple[Path, ...]


def make_pages_again(
    reports: Path,
    course: Course | None,
    submissions: Path | None,
    progress: Callable[[Row], None],
    people: Callable[[Iterable[str]], Mapping[str, str]] = lambda _: {},
    waiting: Callable[[str, Iterable[str]], frozenset[str]] = lambda name, names: frozenset(),
) -> Rebuild:
    """Make the pages of every report under an output folder of `grade`, and their index.

    course and submissions: where to find the code; without them pages show none. With the course
    the students' reports of a grading run are brought to what they may see now. people: the names
    of people by the names under which they handed in. waiting: of a homework and such names, those
    whose own due date is later than now. Raises UsageError if there is no report, or
    jinja2 is not installed.
    """
    students = _students(reports)
    zone = None if course is None else course.zone
    outbox = Outbox(reports, html=True, people=people(students), zone=zone)
    later = functools.cache(lambda name: waiting(name, students))
    found = by_digest(course, submissions)
    rows: list[Row] = []
    left_out: list[Path] = []
    counts = counting_in(reports)
    without_code = 0
    for path in sorted(reports.glob("*/*.json")):
        try:
            staff = _read(path, "staff")
            student = _read(path.parent / "student" / path.name, "student")
        except (OSError, ValueError):
            left_out.append(path)
            continue
        student = _as_shown_now(reports, course, staff, student, later)
        source = found.get(staff.submission_sha256)
        submission = _NOTHING if source is None else source.read()
        without_code += source is None
        program = None if source is None else _program(course, staff.assignment, submission)
        result = Result(staff, student, _pictures(path.parent, staff), program)
        outbox.put_student(result, path.stem)
        outbox.put_pages(result, submission, path.stem)
        row = row_of(staff, _source_of(path, staff))
        if staff.grade is not None:
            row = replace(row, score=staff.grade.so_far, max_score=staff.grade.max_points)
        rows.append(replace(row, counts=counts(path)))
        progress(rows[-1])
    if not rows:
        raise UsageError(
            f"there are no reports in {reports}; name the folder that `grade` wrote to"
        )
    outbox.put_index(rows)
    return Rebuild(tuple(rows), without_code, tuple(left_out))


def _students(reports: Path) -> set[str]:
    """The students whose reports are in a folder."""
    names = set()
    for path in reports.glob("*/*.json"):
        with contextlib.suppress(OSError, ValueError):
            names.add(read_report(path).student)
    return names


def _as_shown_now(
    reports: Path,
    course: Course | None,
    staff: Report,
    student: Report,
    later: Callable[[str], frozenset[str]],
) -> Report:
    """The student's report of a grading run, as the course's choices allow it today.

    later: of a homework, the names of those whose own due date is later than now.

    What `gradebook reports` wrote is as it was released.
    """
    name = staff.assignment
    if course is None or name not in course.names or not (reports / TABLE).exists():
        return student
    due = course.spec(name).due
    past = due is not None and due < now_utc() and staff.student not in later(name)
    view = shown(course.feedback(name), due_passed=past, released=False)
    return student_report(staff, student, view)


def counting_in(reports: Path) -> Callable[[Path], bool]:
    """A function that tells whether a report in an output folder of `grade` counts.

    The run recorded that at its end. If it was killed before, each student's last submission
    counts, whose file name has no number.
    """
    try:
        table = counting_reports((reports / TABLE).read_text(encoding="utf-8"))
    except (OSError, ValueError, csv.Error):
        table = {}

    def counts(path: Path) -> bool:
        return table.get(path.relative_to(reports).as_posix(), "~" not in path.stem)

    return counts


def by_digest(course: Course | None, submissions: Path | None) -> dict[str, Source]:
    """Where each submission is, by the digest in its report."""
    if course is None or submissions is None:
        return {}
    items, _ = find_submissions(submissions, course.names, None)
    return {item.read().sha256: item for item in items}


def _read(path: Path, audience: str) -> Report:
    """A report for the readers it should be for: a mistake here would show students everything.

    Raises OSError or ValueError.
    """
    report = read_report(path)
    if report.audience != audience:
        raise ValueError(f"{path} is not a report for {audience}")
    return report


def _program(course: Course | None, name: str, submission: Submission) -> Program | None:
    if course is None:
        return None
    try:
        return prepare(submission, course.assignment(name))
    except (CourseError, SpecError, SubmissionError):
        return None


def _pictures(folder: Path, report: Report) -> dict[str, bytes]:
    """The pictures that a report names, as far as they were kept."""
    names = {figure.file for check in report.checks for figure in check.figures if figure.file}
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def _source_of(path: Path, report: Report) -> Source:
    return Source(
        path=path,
        student=report.student,
        assignment=report.assignment,
        received_at=report.started_at,
        label=path.stem,
    )
