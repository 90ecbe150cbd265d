"""The start page."""

from __future__ import annotations

from starlette.responses import Response

from grader.server.http.calls import Call
from grader.server.pages import student_pages
from grader.server.staff import staff_pages


def start(call: Call) -> Response:
    """Where somebody goes on: to sign in, or to what is theirs."""
    if call.visit is None:
        return call.go("sign_in")
    if not call.account.role.is_staff:
        return student_pages.homeworks(call)
    return staff_pages.start(call)
