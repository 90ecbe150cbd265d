"""What a class report is made from: the reports that count, and the code behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.errors import SubmissionError, UsageError
from grader.gradebook.desk.work import bytes_on_server
from grader.gradebook.records import Attempt, Grade, Student
from grader.gradebook.roster import Matcher, read_roster
from grader.gradebook.store import Gradebook
from grader.reports.pages.listing import parts_of, source_lines
from grader.reports.rebuild import by_digest, counting_in
from grader.reports.schema import Report, read_report
from grader.submission.files import Submission, read_archive, read_submission
from grader.submission.program import prepare
from grader.submission.sources import Source


@dataclass(frozen=True)
class Text:
    """A part of a program. label: as messages call it, a file's name or "cell 3"."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ClassEntry:
    """One submission that counts.

    who: the students' ids. texts: its code; () where it was not found. group: of the roster; ""
    for none.
    """

    who: str
    report: Report
    texts: tuple[Text, ...]
    group: str = ""


@dataclass(frozen=True)
class ClassData:
    """One homework of a class.

    handed_in: all attempts, including those that do not count. not_graded: students whose attempt
    has no report. without_code: submissions that were not found, or have changed since. absent:
    students who handed in nothing; None if it is not known who should.
    """

    assignment: Assignment
    entries: tuple[ClassEntry, ...]
    handed_in: int
    not_graded: tuple[str, ...]
    without_code: int
    absent: int | None = None


def of_gradebook(
    course: Course, book: Gradebook, name: str, submissions: Path | None = None
) -> ClassData:
    """The attempts that count by the gradebook, with what people set by hand.

    submissions: a folder to search for the code, if it is no longer where it was graded. Raises
    UsageError if nothing is graded yet.
    """
    assignment = course.assignment(name)
    grades: dict[int, list[Grade]] = {}
    absent = 0
    for grade in book.grades(name):
        if grade.attempt is not None:
            grades.setdefault(grade.attempt.key, []).append(grade)
        absent += grade.attempt is None
    found = by_digest(course, submissions)
    entries, not_graded, without_code = [], [], 0
    for listed in grades.values():
        attempt = listed[0].attempt
        assert attempt is not None
        who = ", ".join(grade.student.id for grade in listed)
        if attempt.report is None:
            not_graded.append(who)
            continue
        submission = _read(course, attempt, found)
        without_code += submission is None
        texts, group = _texts(submission, assignment), listed[0].student.group.casefold()
        entries.append(ClassEntry(who, book.report(attempt), texts, group))
    if not entries:
        raise UsageError(
            f"the gradebook has no report for {name}; run `python -m grader grade SUBMISSIONS "
            "--out REPORTS` first, or name a folder of reports with --reports"
        )
    leavers = {student.key for student in book.students() if student.left}
    handed_in = sum(attempt.student not in leavers for attempt in book.attempts(name))
    return ClassData(assignment, tuple(entries), handed_in, tuple(not_graded), without_code, absent)


def of_folder(course: Course, reports: Path, name: str, submissions: Path | None) -> ClassData:
    """The reports that count in an output folder of `grade`.

    Raises UsageError if there are none.
    """
    assignment = course.assignment(name)
    found = by_digest(course, submissions)
    group_of, counts = _groups(course), counting_in(reports)
    entries, without_code, handed_in = [], 0, 0
    for path in sorted((reports / name).glob("*.json")):
        try:
            report = read_report(path)
        except (OSError, ValueError):
            continue
        if report.audience != "staff" or report.assignment != name:
            continue
        handed_in += 1
        if not counts(path):
            continue
        item = found.get(report.submission_sha256)
        texts = _texts(None if item is None else item.read(), assignment)
        without_code += item is None
        entries.append(ClassEntry(path.stem, report, texts, group_of(report.student)))
    if not entries:
        raise UsageError(
            f"there are no reports for {name} in {reports}; name the folder that `grade` wrote to"
        )
    return ClassData(assignment, tuple(entries), handed_in, (), without_code)


def _read(course: Course, attempt: Attempt, found: Mapping[str, Source]) -> Submission | None:
    """An attempt's files, if they are found and the ones that were graded.

    What was handed in to the course's server is in its own folder.
    """
    if attempt.sha256 in found:
        return found[attempt.sha256].read()
    kept = bytes_on_server(course, attempt.sha256)
    if kept is not None:
        return read_archive(kept)
    submission = read_submission(Path(attempt.source))
    return submission if submission.sha256 == attempt.sha256 else None


def _texts(submission: Submission | None, assignment: Assignment) -> tuple[Text, ...]:
    if submission is None:
        return ()
    try:
        program = prepare(submission, assignment)
    except SubmissionError:
        program = None
    return tuple(
        Text(part.label, tuple(source_lines(part.source))) for part in parts_of(program, submission)
    )


class _Groups:
    """The group of a student by any name that the roster has of them."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def __call__(self, name: str) -> str:
        found = self._matcher.find(name)
        return "" if found is None else found[0].group.casefold()


def _groups(course: Course) -> _Groups:
    students: tuple[Student, ...] = ()
    if course.settings.roster is not None:
        students = read_roster(course.root / course.settings.roster).students
    return _Groups(Matcher(students, {}))
