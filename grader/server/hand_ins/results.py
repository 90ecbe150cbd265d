"""The result of a hand-in as a page shows it: the report, the code and the pictures."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from grader.course.course import Course
from grader.course.feedback import StudentView
from grader.errors import CourseError, SpecError, StorageFailed, SubmissionError, UsageError
from grader.gradebook import Gradebook
from grader.gradebook.records import Attempt
from grader.reports.grade_sheet import GradeSheet
from grader.reports.pages import Listing, list_code
from grader.reports.pages.view import PageView, view_of
from grader.reports.schema import Report, StaffComment
from grader.server.hand_ins.blobs import Blobs
from grader.server.records import HandIn
from grader.submission.files import read_archive
from grader.submission.program import prepare

MOST_LISTINGS = 64


@dataclass(frozen=True)
class Audience:
    """Who reads a result. seen: what a student sees now; None for staff. sheet: the grade, if it is
    shown and this is the attempt that counts. comments: of staff on the work, as far as they are
    shown."""

    seen: StudentView | None
    name: str
    sheet: GradeSheet | None = None
    comments: tuple[StaffComment, ...] = ()


class Listings:
    """The code of the submissions that were looked at last, by their SHA-256: parsing and colouring
    it costs more than the rest of a page."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Listing] = OrderedDict()

    def of(self, course: Course, hand_in: HandIn) -> Listing:
        """The code that was handed in; empty if it is no longer there."""
        key = hand_in.assignment, hand_in.sha256
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        listing = self._read(course, hand_in)
        with self._lock:
            self._kept[key] = listing
            while len(self._kept) > MOST_LISTINGS:
                self._kept.popitem(last=False)
        return listing

    def _read(self, course: Course, hand_in: HandIn) -> Listing:
        try:
            submission = read_archive(self._blobs.read(hand_in.sha256))
        except StorageFailed:
            return Listing()
        try:
            program = prepare(submission, course.assignment(hand_in.assignment))
        except (SubmissionError, SpecError, CourseError):
            program = None
        return list_code(program, submission)


def report_of(book: Gradebook, attempt: Attempt, reader: Audience) -> Report | None:
    """The report for a reader; None if nothing is graded."""
    staff = reader.seen is None
    try:
        report = book.report(attempt, for_student=not staff, seen=reader.seen)
    except UsageError:
        return None
    added = {"student": reader.name, "grade": reader.sheet, "comments": reader.comments}
    return report.model_copy(update=added)


def page_view(
    report: Report, listing: Listing, pictures: Mapping[str, str], blobs: Blobs
) -> PageView:
    """A report for the template. pictures: the SHA-256 of each by the name in the report."""
    named = {figure.file for check in report.checks for figure in check.figures if figure.file}
    data = {}
    for name in named & pictures.keys():
        with contextlib.suppress(StorageFailed):  # a page without a picture is still a page
            data[name] = blobs.read(pictures[name])
    return view_of(report, listing, data)
