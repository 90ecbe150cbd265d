"""What a student sees of a homework once it is released, for staff to look at before.

The same functions and templates as on the student's own pages make it; only who reads, and whether
it is released, are given.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from grader.errors import UsageError
from grader.server.http.access import marked_by
from grader.server.http.calls import Call
from grader.server.pages.homework_views import HomeworkView
from grader.server.pages.result_pages import heading, page_values, student_reader, view_for
from grader.server.pages.student_pages import homework_name
from grader.server.problems import not_found
from grader.server.records import HandIn


def preview(call: Call) -> Response:
    """A student's homework as they would see it once released, or, on request, see it now."""
    name, site = homework_name(call), call.site
    try:
        student = site.book.student(call.query.get("student", ""))
    except UsageError:
        raise not_found() from None
    shared = marked_by(site, call.account, name)
    if shared is not None and student.key not in shared:
        raise not_found()
    seen_now = site.book.is_released(name, student)
    released = seen_now if call.query.get("when") == "now" else True
    try:
        view = view_for(call, student, name, released=released)
    except UsageError:  # off the roster, and without any attempt
        raise not_found() from None
    account = site.accounts.account(student.id)
    called = account.called if account is not None else student.name or student.id
    # Times, too, are as the student reads them.
    values: dict[str, Any] = {"account": account or call.account, "visitor": call.account}
    values |= {"title": view.title, "hand_in": None, "running": ""}
    if (found := _hand_in(view)) is not None:
        graded = None if found.attempt is None else site.book.attempt(found.attempt)
        reader = student_reader(call, view, graded, called, released=released)
        values |= page_values(call, found, reader)
        values |= {"heading": heading(found, student.key), "commenting": None}
    return call.page(
        "release_preview.html.j2",
        **values,
        preview=True,
        name=name,
        student=student.id,
        called=called,
        homework=view,
        released=released,
        seen_now=seen_now,
    )


def _hand_in(view: HomeworkView) -> HandIn | None:
    """The one that counts, else the newest."""
    if view.counting is not None:
        return view.counting.hand_in
    return view.attempts[0].hand_in if view.attempts else None
