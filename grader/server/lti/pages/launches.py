"""From a link in an LMS to a homework here: both ends of a launch.

The platform's page posts to `lti_launch`, so that form comes from another site and without our
session's cookie. What stands for both is the state: random, signed, and in a cookie of the browser
that began the launch here.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from starlette.responses import RedirectResponse, Response

from grader.server.http.access import may_see
from grader.server.http.calls import Call
from grader.server.http.cookies import start_session
from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.pages import deep_links
from grader.server.lti.platforms.who import account_of
from grader.server.lti.protocol.reading import launch_of
from grader.server.lti.protocol.records import (
    Launch,
    LaunchAttempt,
    LaunchRefused,
    Platform,
    Reason,
)
from grader.server.problems import Problem
from grader.server.records import Account, Role

ATTEMPT_S = 600
ASKED = ("iss", "client_id", "login_hint", "lti_message_hint", "target_link_uri")
FRAMES = frozenset({"iframe", "frame", "embed", "object"})
# These pages may stand in a frame of the LMS: they show nothing, and what their one button does can
# be done by any link.
FRAMED = {"Content-Security-Policy": deep_links.FRAMED_POLICY}
TOLD = {
    Reason.PLATFORM: "The system that you come from is not connected to this course.",
    Reason.UNCONFIRMED: "The system that you come from is not connected to this course yet.",
    Reason.KEYS: "The keys of the system that you come from cannot be read just now.",
    Reason.STATE: "This launch was not begun in this browser, it took too long, or the browser "
    "blocks cookies.",
    Reason.REPLAY: "This launch was used already.",
    Reason.PERSON: "Your account there is not known here yet. The course’s staff see that you "
    "came, and can let you in.",
    Reason.AMBIGUOUS: "What your system says of you does not tell who you are here. The course’s "
    "staff see that you came, and can let you in.",
    Reason.INACTIVE: "Your access to this course has ended.",
}
REMEDY = (
    "Open the link in your LMS once more; if it fails again, tell the course’s staff, who see why."
)


def login(call: Call) -> Response:
    """The first end: send the browser back to the platform that sent it, with a state of ours."""
    given = call.form if call.request.method == "POST" else call.query
    if not given and call.request.method == "GET":
        raise Problem(400, "This address is for learning-management systems. Open the link there.")
    asked = {name: given.get(name, "") for name in ASKED}
    try:
        platform = _known(call, asked["iss"], asked["client_id"])
    except LaunchRefused as exc:
        raise _refused(call, 0, exc) from None
    deep = asked["target_link_uri"].partition("?")[0] == call.absolute("lti_deep_launch")
    if call.request.headers.get("sec-fetch-dest") in FRAMES and not deep:
        # Pages of ours show in no frame, and a browser may keep a frame's cookies from us.
        again = call.link("lti_login", **{name: each for name, each in asked.items() if each})
        return call.page("lti_open.html.j2", headers=FRAMED, again=again)
    attempt = LaunchAttempt(platform.key, secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.settings.client_id,
        "redirect_uri": call.absolute("lti_deep_launch" if deep else "lti_launch"),
        "login_hint": asked["login_hint"],
        "state": attempt.state,
        "nonce": attempt.nonce,
    }
    if asked["lti_message_hint"]:
        query["lti_message_hint"] = asked["lti_message_hint"]
    address = platform.settings.authorization_url
    response = RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", 303)
    _set_cookie(call, response, attempt.state, _packed(call, attempt), ATTEMPT_S)
    return response


async def launch(call: Call) -> Response:
    """The second end: whom the platform signed in, and where they go.

    Reading a platform's keys may take seconds, so launches have threads of their own.
    """
    return await run_sync(_launch, call, limiter=call.site.launches)


def _launch(call: Call) -> Response:
    attempt = _unpacked(call, call.form.get("state", ""))
    if attempt is None:
        raise _refused(call, 0, LaunchRefused(Reason.STATE))
    if "error" in call.form:
        detail = f"{call.form['error']} {call.form.get('error_description', '')}"
        raise _refused(call, attempt.platform, LaunchRefused(Reason.CLAIMS, detail))
    try:
        made, account = _verified(call, attempt)
    except LaunchRefused as exc:
        raise _refused(call, attempt.platform, exc) from None
    if account.role is Role.OWNER and made.course is not None:
        call.site.platforms.see(made.course)
    if made.deep_linking is not None:
        response = deep_links.choose(call, account, made.course, made.deep_linking)
    else:
        response = _landing(call, account, made)
        start_session(call.site, call.request, response, account)
    _set_cookie(call, response, attempt.state, "", 0)
    return response


def _known(call: Call, issuer: str, client_id: str) -> Platform:
    platform = call.site.platforms.find(issuer, client_id)
    if platform is None:
        detail = f"issuer {issuer[:200]!r}, client id {client_id[:200]!r}"
        raise LaunchRefused(Reason.PLATFORM, detail)
    if not platform.confirmed:
        raise LaunchRefused(Reason.UNCONFIRMED, platform.called)
    return platform


def _verified(call: Call, attempt: LaunchAttempt) -> tuple[Launch, Account]:
    """The launch, and who that is here. Raises LaunchRefused."""
    from grader.server.lti.protocol.tokens import verified  # slow to load, for who does not need it

    site = call.site
    platform, now = site.platforms.get(attempt.platform), site.clock()
    if platform is None or not platform.confirmed:
        raise LaunchRefused(Reason.PLATFORM)
    token = call.form.get("id_token", "")
    claims = verified(token, platform, attempt.nonce, site.platform_keys, now)
    if not site.platforms.spend(attempt.nonce, now + timedelta(seconds=2 * ATTEMPT_S)):
        raise LaunchRefused(Reason.REPLAY)
    made = launch_of(claims, platform)
    return made, account_of(site.accounts, site.platforms, platform, made.person)


def _landing(call: Call, account: Account, made: Launch) -> Response:
    told, homework = f"You are signed in as {account.called}.", made.homework
    if made.asset:
        store = Submissions(call.site.engine, call.site.clock)
        key = store.hand_in_of(made.person.platform, made.asset)
        found = None if key is None else call.site.hand_ins.hand_in(key)
        if found is not None and may_see(call.site, account, found):
            return call.go("hand_in", told, key=found.key)
    if homework not in call.site.course.names:
        return call.go("start", told)
    return call.go("hand_ins" if account.role.is_staff else "homework", told, name=homework)


def _refused(call: Call, platform: int, exc: LaunchRefused) -> Problem:
    """Note for the owners why, and tell the person as much as is theirs to know."""
    call.site.platforms.refused(platform, exc.reason, exc.detail)
    told = TOLD.get(exc.reason, "The launch cannot be trusted.")
    return Problem(403, f"{told} {REMEDY}", title="You are not signed in", headers=FRAMED)


def _cookie_name(state: str) -> str:
    """One for each attempt, so that two tabs do not disturb each other."""
    kept = "".join(each for each in state if each.isascii() and each.isalnum())
    return f"grader_lti_{kept[:16]}"


def _set_cookie(call: Call, response: Response, state: str, value: str, max_age: int) -> None:
    """With SameSite=None, as the platform's page posts; Partitioned, so that a frame gets it back.

    Written by hand: Python knows no `Partitioned` before 3.14.
    """
    path = call.link("lti_launch")
    response.headers.append(
        "set-cookie",
        f"{_cookie_name(state)}={value}; Max-Age={max_age}; Path={path}; HttpOnly; Secure; "
        "SameSite=None; Partitioned",
    )


def _packed(call: Call, attempt: LaunchAttempt) -> str:
    at = int(call.site.clock().timestamp())
    text = json.dumps([attempt.platform, attempt.state, attempt.nonce, at])
    packed = base64.urlsafe_b64encode(text.encode()).decode()
    return f"{packed}.{call.site.keys.sign('lti', packed)}"


def _unpacked(call: Call, state: str) -> LaunchAttempt | None:
    """What `_packed` wrote into this browser for this state not too long ago; else None."""
    cookie = call.request.cookies.get(_cookie_name(state), "")
    packed, _, signature = cookie.partition(".")
    if not packed or not call.site.keys.verify("lti", packed, signature):
        return None
    platform, kept, nonce, at = _values(packed)
    if not secrets.compare_digest(kept.encode(), state.encode("utf-8", "replace")):
        return None
    if not 0 <= call.site.clock().timestamp() - at + 1 <= ATTEMPT_S:
        return None
    return LaunchAttempt(platform, kept, nonce)


def _values(packed: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(packed))


def keys(call: Call) -> Response:
    """The public keys of this server, for platforms."""
    return call.answer(call.site.tool_keys.public)
