"""Deep linking: an owner chooses homeworks in the LMS, and their links are made there.

The page may stand in a frame of the LMS, whose cookies a browser may keep from us. So what may be
done is in the form itself: a ticket that we signed for whom the platform had just signed in.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from starlette.responses import Response

from grader.server.http.calls import Call
from grader.server.http.guard import CONTENT_POLICY
from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.protocol.asset_records import MOST_NOTICES, SUBMISSION_NOTICE
from grader.server.lti.protocol.outbound_rules import is_safe
from grader.server.lti.protocol.records import (
    CLAIM,
    DEEP_LINKING,
    NOTICES_SCOPE,
    DeepLinking,
    Platform,
    PlatformCourse,
    PlatformFault,
)
from grader.server.problems import Problem
from grader.server.records import Account, Role

TICKET_S = 3600
PURPOSE = "lti deep linking"
FRAMED_POLICY = CONTENT_POLICY.replace("ancestors 'none'", "ancestors *")


def choose(
    call: Call, account: Account, course: PlatformCourse | None, asked: DeepLinking
) -> Response:
    """The homeworks to choose from; the answer to a launch for deep linking."""
    if account.role is not Role.OWNER:
        raise Problem(
            403, "Only owners of the course make links to its homeworks.", headers=_framed()
        )
    is_useful = asked.accepts_links or asked.accepts_processors
    if course is None or not is_useful or not is_safe(asked.return_url):
        raise Problem(
            422,
            "The LMS does not say for which of its courses the links are, or takes no links.",
            headers=_framed(),
        )
    seen = call.site.platforms.see(course)
    at = int(call.site.clock().timestamp())
    text = json.dumps([account.key, seen.key, asdict(asked), at])
    packed = base64.urlsafe_b64encode(text.encode()).decode()
    names = call.site.course.by_due_date
    return call.page(
        "lti_choose.html.j2",
        headers={"Content-Security-Policy": FRAMED_POLICY},
        course=seen,
        homeworks=[(name, call.site.course.spec(name)) for name in names],
        several=asked.accepts_several,
        processors=asked.accepts_processors,
        links=asked.accepts_links,
        ticket=f"{packed}.{call.site.keys.sign(PURPOSE, packed)}",
    )


async def chosen(call: Call) -> Response:
    """A page whose button takes the links that were chosen to the LMS.

    The LMS is asked something before, so this has threads of its own.
    """
    return await run_sync(_chosen, call, limiter=call.site.services)


def _chosen(call: Call) -> Response:
    account, course, asked = _ticket(call)
    platform = call.site.platforms.get(course.platform)
    assert platform is not None, "its course is there"
    names = [
        name
        for name in call.site.course.by_due_date
        if call.form.get(f"homework-{name}") or call.form.get("homework") == name
    ]
    if not names or (len(names) > 1 and not asked.accepts_several):
        how_many = "at least one homework" if not names else "one homework"
        raise Problem(422, f"Choose {how_many}: go back one page.", headers=_framed())
    processors = asked.accepts_processors
    if processors and asked.accepts_links:
        processors = call.form.get("kind") == "processors"
    if processors:
        _subscribe(call, platform, asked)
    if call.form.get("use"):
        call.site.platforms.use(course.key, True, who=account.id)
        Submissions(call.site.engine, call.site.clock).wake()
    item = _processor if processors else _link
    items = [item(call, name, asked) for name in names]
    parts = urlsplit(asked.return_url)
    policy = FRAMED_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}"
    )
    return call.page(
        "lti_return.html.j2",
        headers={"Content-Security-Policy": policy},
        address=asked.return_url,
        token=_answer(call, platform, course, asked, items),
        processors=processors,
        titles=[call.site.course.spec(name).title for name in names],
    )


def _ticket(call: Call) -> tuple[Account, PlatformCourse, DeepLinking]:
    """Who may make links for which course. Raises Problem (403)."""
    packed, _, signature = call.form.get("ticket", "").partition(".")
    refused = Problem(
        403,
        "This page is too old, or it is not from a launch in the LMS. Begin again there.",
        headers=_framed(),
    )
    if not packed or not call.site.keys.verify(PURPOSE, packed, signature):
        raise refused
    key, course_key, asked, at = _values(packed)
    account = call.site.accounts.account(key)
    found = [each for each in call.site.platforms.courses() if each.key == course_key]
    if not 0 <= call.site.clock().timestamp() - at + 1 <= TICKET_S or not found:
        raise refused
    if account is None or not account.active or account.role is not Role.OWNER:
        raise refused
    return account, found[0], DeepLinking(**asked)


def _answer(
    call: Call,
    platform: Platform,
    course: PlatformCourse,
    asked: DeepLinking,
    items: Sequence[Mapping[str, Any]],
) -> str:
    from grader.server.lti.protocol.tokens import signed  # slow to load, for who does not need it

    settings, now = platform.settings, call.site.clock()
    claims: dict[str, Any] = {
        "iss": settings.client_id,
        "aud": settings.issuer,
        f"{CLAIM}deployment_id": course.deployment,
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": "1.3.0",
        f"{DEEP_LINKING}content_items": list(items),
        "nonce": call.site.keys.new_secret(),
    }
    if asked.data is not None:
        claims[f"{DEEP_LINKING}data"] = asked.data
    return signed(claims, call.site.tool_keys.signing(now), now)


def _subscribe(call: Call, platform: Platform, asked: DeepLinking) -> None:
    """Have the platform tell us what is handed in, before it hears of the processor.

    It keeps one address for each deployment, and ours is always the same. Raises Problem.
    """
    # Slow to load, for who does not need it.
    from grader.server.lti.protocol.access import PlatformAccess

    site = call.site
    wanted = {
        "notice_type": SUBMISSION_NOTICE,
        "handler": call.absolute("lti_notices"),
        "max_batch_size": MOST_NOTICES,
    }
    try:
        if not asked.notices_url:
            raise PlatformFault("the LMS does not tell where it takes the address for its notices")
        access = PlatformAccess(platform, (NOTICES_SCOPE,), site.tool_keys, site.clock)
        access.ask("PUT", asked.notices_url, None, body=wanted, own=access.origins)
    except PlatformFault as exc:
        raise Problem(
            502,
            f"The LMS would not tell this server what is handed in: {exc}. Let its "
            "administrator give this tool the scopes for notices, assets and reports, then begin "
            "again there.",
            title="Nothing was made",
            headers=_framed(),
        ) from None


def _processor(call: Call, name: str, asked: DeepLinking) -> Mapping[str, Any]:
    """What takes the files of an assignment there for a homework here."""
    spec = call.site.course.spec(name)
    return {
        "type": "ltiAssetProcessor",
        "title": spec.title,
        "text": call.site.course.settings.name,
        "custom": {"homework": name},
        "report": {
            "url": call.absolute("lti_launch", homework=name),
            "custom": {"homework": name},
        },
    }


def _link(call: Call, name: str, asked: DeepLinking) -> Mapping[str, Any]:
    """A link to a homework, and its column of grades, by whose resourceId we find it again."""
    spec = call.site.course.spec(name)
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "title": spec.title,
        "url": call.absolute("lti_launch", homework=name),
        "custom": {"homework": name},
        "window": {"targetName": "_blank"},
    }
    if asked.accepts_line_items:
        most = _worth(call, name)
        item["lineItem"] = {"label": spec.title, "scoreMaximum": most, "resourceId": name}
    if spec.due is not None:
        item["submission"] = {"endDateTime": spec.due.isoformat()}
    return item


def _worth(call: Call, name: str) -> float:
    """The points of a homework. If nothing tells them yet, 100: each score says of how many it is.

    Only what was graded tells what the checks are worth, where the homework itself does not.
    """
    graded = [each for each in call.site.book.grades(name) if each.automatic.max_points > 0]
    if graded:
        return max(each.max_points for each in graded)
    spec = call.site.course.spec(name)
    return 100.0 if spec.points is None else spec.points + sum(q.points for q in spec.questions)


def _framed() -> dict[str, str]:
    return {"Content-Security-Policy": FRAMED_POLICY}


def _values(packed: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(packed))
