"""What platforms tell this server on their own (LTI Platform Notification Service 1.0).

A notice comes from a machine, without a browser: its token is all that stands for it. When the
answer is sent, what it says is kept; everything else happens later, in `collecting`.
"""

from __future__ import annotations

from datetime import timedelta

from anyio.to_thread import run_sync
from starlette.responses import Response

from grader.server.http.calls import Call
from grader.server.http.csrf import same_site
from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.protocol.asset_reading import notice_of
from grader.server.lti.protocol.asset_records import MOST_NOTICES
from grader.server.lti.protocol.records import LaunchRefused, Reason
from grader.server.problems import Problem

MOST_BYTES = 1 << 20
# Longer than a token may be valid, so that it cannot come again after its nonce is forgotten.
NONCE_KEPT = timedelta(hours=24)


async def notices(call: Call) -> Response:
    """Keeps what the notices say. Reading a platform's keys may take seconds, as for a launch."""
    return await run_sync(_notices, call, limiter=call.site.launches)


def _notices(call: Call) -> Response:
    if {"origin", "sec-fetch-site"} & set(call.request.headers):
        # Every browser says one of both, and a page of somebody else's is no platform.
        same_site(call.site, call.request)
    given = call.json().get("notices")
    listed = given if isinstance(given, list) else []
    tokens = [str(each["jwt"]) for each in listed if isinstance(each, dict) and "jwt" in each]
    if len(tokens) != len(listed) or not 0 < len(tokens) <= MOST_NOTICES:
        raise Problem(400, f"Send between 1 and {MOST_NOTICES} notices, each with a jwt.")
    # Each for itself: one that is refused takes no other with it.
    refused = [reason for token in tokens if (reason := _take(call, token)) is not None]
    if not refused:
        return call.answer({})
    told = f"{len(refused)} of {len(tokens)} notices were not taken: {refused[0].words}."
    again = {Reason.KEYS, Reason.FULL} & set(refused)
    raise Problem(503 if again else 403, told, title="Notices were not taken")


def _take(call: Call, token: str) -> Reason | None:
    """Keep one notice; why it was refused, if it was."""
    from grader.server.lti.protocol.tokens import sender_of, verified_notice  # slow to load

    site, key = call.site, 0
    now = site.clock()
    try:
        issuer, client_id = sender_of(token)
        platform = site.platforms.find(issuer, client_id)
        if platform is None:
            detail = f"notice of issuer {issuer[:200]!r}, client id {client_id[:200]!r}"
            raise LaunchRefused(Reason.PLATFORM, detail)
        key = platform.key
        if not platform.confirmed:
            raise LaunchRefused(Reason.UNCONFIRMED, platform.called)
        claims = verified_notice(token, platform, site.platform_keys, now)
        if claims["exp"] - now.timestamp() > NONCE_KEPT.total_seconds() / 2:
            raise LaunchRefused(Reason.CLAIMS, "exp: it is valid for too long")
        notice = notice_of(claims, platform)
        nonce = f"notice\n{platform.key}\n{claims['nonce']}"
        kept = Submissions(site.engine, site.clock).keep(notice, nonce, now + NONCE_KEPT)
        if kept == "full":
            raise LaunchRefused(Reason.FULL)
    except LaunchRefused as exc:
        site.platforms.refused(key, exc.reason, exc.detail)
        return exc.reason
    if kept == "replay":
        # Whoever did not hear our answer sends it again, and it is what was taken.
        site.platforms.refused(key, Reason.REPLAY, "a notice")
    return None
