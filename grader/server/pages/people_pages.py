"""The page of somebody's own account: their time zone, their personal tokens, their data."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo, available_timezones

from starlette.responses import Response

from grader.errors import UsageError
from grader.server.http.calls import Call
from grader.server.problems import Problem, not_found, sentence


def account(call: Call) -> Response:
    """Who I am here, and what belongs to me."""
    return _page(call)


def _page(call: Call, new_token: str = "") -> Response:
    return call.page(
        "account.html.j2",
        tokens=call.site.accounts.tokens(call.account),
        new_token=new_token,
        zones=_zones(),
        course_zone=call.site.course.settings.timezone or "UTC",
    )


@functools.cache
def _zones() -> tuple[str, ...]:
    """Looking for them reads hundreds of files, each time."""
    return tuple(sorted(available_timezones()))


def time_zone(call: Call) -> Response:
    """Show times in another time zone."""
    name = call.field("timezone", longest=100)
    if name and not _is_zone(name):
        raise Problem(422, f"The time zone {name!r} is unknown; choose one such as Europe/Berlin.")
    call.site.accounts.set_timezone(call.account, name)
    return call.go("account", "Your time zone is saved.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def make_token(call: Call) -> Response:
    """Make a personal token, which is shown on the answer and never again."""
    label = call.field("label", longest=80)
    if not label:
        raise Problem(
            422, "A token needs a name, such as the device that it is for; give one.", field="label"
        )
    try:
        token = call.site.accounts.new_token(call.account, label)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return _page(call, token)


def revoke(call: Call) -> Response:
    """End one of my tokens."""
    if not call.site.accounts.revoke(call.account, call.number("key")):
        raise not_found()
    return call.go("account", "The token is revoked. Programs that use it must sign in anew.")
