"""The course's total: everybody's for staff, and a student's own, each explained line by line."""

from __future__ import annotations

from starlette.responses import Response

from grader.gradebook.course_totals import course_totals, names_in, shown_total
from grader.gradebook.grades.totals import lines_of, totals_csv
from grader.server.http.calls import Call
from grader.server.pages.student_pages import student_of
from grader.server.problems import not_found


def totals(call: Call) -> Response:
    """Everybody's total, and the rules by which it is made."""
    course = call.site.course
    found = course_totals(call.site.book, course)
    return call.page(
        "totals.html.j2",
        totals=found,
        rules=course.settings.total,
        members=course.settings.total.members(names_in(course)),
        left_out=course.settings.total.left_out(course.names),
        final=sum(total.percent is not None for total in found),
    )


def totals_table(call: Call) -> Response:
    """Everybody's total as a CSV file."""
    text = totals_csv(course_totals(call.site.book, call.site.course))
    headers = {"Content-Disposition": 'attachment; filename="totals.csv"'}
    return Response(text.encode("utf-8", "replace"), media_type="text/csv", headers=headers)


def own_total(call: Call) -> Response:
    """A student's total so far, from the grades that they see."""
    site, student = call.site, student_of(call)
    if not site.course.settings.total.shown:
        raise not_found()
    total = shown_total(site.book, site.course, student, site.clock())
    titles = {name: name for name in site.course.names}
    titles |= {name: site.course.spec(name).title for name in site.course.known_names}
    return call.page("total.html.j2", total=total, lines=tuple(lines_of(total)), titles=titles)
