"""The start page: what is theirs for a student; for staff, what to look at."""

from __future__ import annotations

from starlette.responses import Response

from grader.server import student_pages
from grader.server.alerts import Alerts
from grader.server.calls import Call
from grader.server.records import HandInState


def start(call: Call) -> Response:
    """Where somebody goes on: to sign in, or to what is theirs."""
    if call.visit is None:
        return call.go("sign_in")
    if not call.account.role.is_staff:
        return student_pages.homeworks(call)
    site = call.site
    return call.page(
        "start.html.j2",
        alerts=_alerts(call).open_alerts(),
        queue=site.hand_ins.waiting(),
        troubled=site.hand_ins.in_state(HandInState.OPEN),
        workers=site.workers() if site.workers is not None else None,
    )


def resolve_alert(call: Call) -> Response:
    """Somebody has looked at it."""
    _alerts(call).resolve(call.number("key"))
    return call.go("start", "The alert is resolved.")


def _alerts(call: Call) -> Alerts:
    return Alerts(call.site.engine, call.site.clock)
