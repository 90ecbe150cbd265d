"""What staff decide about one student: more days, points, excused, zero, withdrawn; and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.breakdown import sheet_of
from grader.gradebook.course_totals import student_total
from grader.gradebook.grades.policy import typed_points
from grader.gradebook.grades.totals import lines_of
from grader.gradebook.records import Grade, StandingKind, Student
from grader.gradebook.roster import is_called, name_key
from grader.gradebook.standings import decide_standing, take_back_adjustment
from grader.reports.grade_sheet import GradeSheet
from grader.reports.schema import CheckResult
from grader.server.http.calls import Call
from grader.server.problems import Problem, not_found, sentence
from grader.server.site.templating import zone_of

MOST_LISTED = 200
MOST_REASON = 2000
MOST_DAYS = 365  # more days than a course has are a slip of the finger
_STANDINGS = {"excuse": StandingKind.EXCUSED, "zero": StandingKind.ZERO, "count": None}


@dataclass(frozen=True)
class GradeView:
    """A student's grade in one homework, with what can be decided about it.

    checks: of the attempt that counts, in the order of its report.
    """

    name: str
    title: str
    grade: Grade
    sheet: GradeSheet
    checks: tuple[CheckResult, ...]


def students(call: Call) -> Response:
    """The students, found by any of their names, their section or their group."""
    words = name_key(call.query.get("q", "")[:200]).split()
    found = [each for each in call.site.book.students() if is_called(each, words)]
    return call.page(
        "students.html.j2",
        query=call.query.get("q", "")[:200],
        students=found[:MOST_LISTED],
        more=max(0, len(found) - MOST_LISTED),
    )


def person(call: Call) -> Response:
    """One student: total, grades part by part, what can be decided, and what was."""
    site, student = call.site, _student(call)
    zone = zone_of(call.account, site.course)
    total = student_total(site.book, site.course, student)
    views = []
    for grade in site.book.grades_of(student):
        title = site.course.spec(grade.assignment).title
        sheet, checks = sheet_of(grade, zone), _checks(call, grade)
        views.append(GradeView(grade.assignment, title, grade, sheet, checks))
    order = {name: place for place, name in enumerate(site.course.by_due_date)}
    return call.page(
        "person.html.j2",
        student=student,
        total=total,
        lines=tuple(lines_of(total)),
        titles={view.name: view.title for view in views},
        grades=sorted(views, key=lambda view: order[view.name]),
        # A hand-in is recorded when it is graded, and listed when it came.
        history=sorted(site.book.history(student=student.id), key=lambda each: each.at)[::-1],
        most=MOST_REASON,
    )


def _student(call: Call) -> Student:
    try:
        return call.site.book.student_by_key(call.number("person"))
    except UsageError:
        raise not_found() from None


def _checks(call: Call, grade: Grade) -> tuple[CheckResult, ...]:
    if grade.attempt is None:
        return ()
    try:
        return call.site.book.report(grade.attempt).checks
    except UsageError:
        return ()  # it is not graded yet


def decide(call: Call) -> Response:
    """Takes a decision from the form that was sent, with its reason."""
    student, what = _student(call), call.field("what")
    why, note = call.field("why", longest=MOST_REASON), call.field("note", longest=MOST_REASON)
    if not why:
        raise Problem(
            422, "A change by hand needs a reason, which the student reads; write one.", field="why"
        )
    try:
        done = _take(call, student, what, why, note)
    except UsageError as exc:
        wrong = "what" if what in _STANDINGS else "value"
        raise Problem(422, sentence(str(exc)), field=wrong) from None
    return call.go("person", done, person=student.key)


def _take(call: Call, student: Student, what: str, why: str, note: str) -> str:
    """Do what a form asks for; what the next page says."""
    site, who, name = call.site, call.account.id, call.field("homework")
    book = site.book
    if what in ("withdraw", "rejoin"):
        kind = StandingKind.WITHDRAWN if what == "withdraw" else None
        decide_standing(book, site.course, student.id, kind, who=who, why=why, note=note)
        return f"{student.id} has withdrawn." if kind else f"{student.id} is in the course again."
    if name not in site.course.names:
        raise Problem(422, "This homework is not in the course; choose another.")
    given = {"who": who, "why": why, "note": note}
    if what in _STANDINGS:
        decide_standing(
            book, site.course, student.id, _STANDINGS[what], assignment=name, who=who, why=why,
            note=note,
        )  # fmt: skip
    elif what == "extend":
        days = call.field("value")
        if not (days.isascii() and days.isdigit() and len(days) < 6):
            raise Problem(
                422, f"{days[:40]!r} is no number of days; write one such as 3.", field="value"
            )
        if int(days) > MOST_DAYS:
            raise Problem(
                422,
                f"An extension of {days} days is not possible here; give at most {MOST_DAYS}, or "
                "excuse the student from the homework.",
                field="value",
            )
        book.extend(name, student.id, int(days), **given)
    elif what == "adjust":
        book.adjust(name, student.id, _points(call.field("value")), **given)
    elif what == "unadjust":
        take_back_adjustment(
            book, site.course, name, student.id, _moment(call.field("at")), **given
        )
    elif what == "override":
        typed = call.field("value")
        points = None if typed == "" else _points(typed)
        book.override(name, student.id, call.field("check"), points, **given)
    else:
        raise Problem(422, "This form asks for nothing that is known; go back and reload the page.")
    sheet = sheet_of(book.grade(name, student.id), zone_of(call.account, site.course))
    said = f"is {sheet.excused}" if sheet.excused else f"has {sheet.total}"
    return f"{name}: {student.id} {said}."


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Problem(422, "The form does not say which points; go back and reload the page.")
    return moment


def _points(typed: str) -> float:
    points = typed_points(typed)
    if points is None:
        raise Problem(
            422, f"{typed[:40]!r} is no number of points; write one such as 2.5.", field="value"
        )
    return points
