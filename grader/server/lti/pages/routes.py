"""The addresses of the connection to an LMS; a part of the one table in `server.routes`.

Those that are `outside` are posted to from the platforms' pages; see `launches`.
"""

from __future__ import annotations

from grader.server.http.route import GET, POST, Route, Who
from grader.server.lti.pages import (
    deep_links,
    launches,
    member_pages,
    notices,
    platform_pages,
    push_pages,
    registration,
)

LTI_ROUTES: tuple[Route, ...] = (
    Route("/lti/keys", GET, launches.keys, Who.ANYBODY, "lti_keys", api=True),
    Route("/lti/login", GET, launches.login, Who.ANYBODY, "lti_login"),
    Route(
        "/lti/login", POST, launches.login, Who.ANYBODY, "lti_login_form", ticket=True, outside=True
    ),
    Route(
        "/lti/launch", POST, launches.launch, Who.ANYBODY, "lti_launch", ticket=True, outside=True
    ),
    Route(
        "/lti/launch/deep-linking",
        POST,
        launches.launch,
        Who.ANYBODY,
        "lti_deep_launch",
        ticket=True,
        outside=True,
    ),
    Route(
        "/lti/notices",
        POST,
        notices.notices,
        Who.ANYBODY,
        "lti_notices",
        api=True,
        limit=notices.MOST_BYTES,
        ticket=True,
        outside=True,
    ),
    Route("/lti/deep-links", POST, deep_links.chosen, Who.ANYBODY, "lti_chosen", ticket=True),
    Route("/lti/canvas.json", GET, platform_pages.canvas, Who.ANYBODY, "lti_canvas", api=True),
    Route(
        "/lti/registration/{secret}",
        GET,
        registration.registration,
        Who.ANYBODY,
        "lti_registration",
    ),
    Route("/lti/registration/{secret}", POST, registration.register, Who.ANYBODY, "lti_register"),
    Route("/platforms", GET, platform_pages.platforms, Who.OWNER, "platforms"),
    Route("/platforms/connect", GET, platform_pages.connect, Who.OWNER, "connect_platform"),
    Route(
        "/platforms/connect",
        POST,
        platform_pages.add,
        Who.OWNER,
        "add_platform",
        page="connect_platform",
    ),
    Route("/platforms/registration", POST, platform_pages.invite, Who.OWNER, "invite_platform"),
    Route(
        "/platforms/submissions/{key}", POST, platform_pages.retry, Who.OWNER, "retry_submission"
    ),
    Route("/platforms/refusals", POST, platform_pages.clear_refusals, Who.OWNER, "clear_refusals"),
    Route("/platforms/keys", POST, platform_pages.rotate_keys, Who.OWNER, "rotate_keys"),
    Route("/platforms/{key}", GET, platform_pages.platform, Who.OWNER, "platform"),
    Route(
        "/platforms/{key}",
        POST,
        platform_pages.change,
        Who.OWNER,
        "change_platform",
        page="platform",
    ),
    Route("/platforms/{key}/removal", POST, platform_pages.remove, Who.OWNER, "remove_platform"),
    Route(
        "/platforms/{key}/separation",
        POST,
        platform_pages.separate,
        Who.OWNER,
        "separate_person",
        page="platform",
    ),
    Route(
        "/platforms/people/{key}",
        POST,
        platform_pages.join,
        Who.OWNER,
        "join_person",
        page="platforms",
    ),
    Route("/platforms/courses/{key}", POST, platform_pages.use_course, Who.OWNER, "use_course"),
    Route("/homeworks/{name}/push", GET, push_pages.push_page, Who.OWNER, "push_page"),
    Route("/homeworks/{name}/push", POST, push_pages.push, Who.OWNER, "push_scores"),
    Route(
        "/platforms/courses/{key}/roster",
        POST,
        member_pages.propose,
        Who.OWNER,
        "propose_roster",
    ),
)
