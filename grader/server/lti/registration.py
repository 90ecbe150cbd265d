"""Dynamic registration: an owner pastes one link into the LMS, and both know each other.

The link has a one-time secret. What registers by it is confirmed by an owner before a launch of it
counts, so whoever else gets hold of the link signs nobody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from grader.errors import UsageError
from grader.server.calls import Call
from grader.server.lti.configuration import (
    PLATFORM_CONFIGURATION,
    TOOL_CONFIGURATION,
    ToolAddresses,
    registration_json,
)
from grader.server.lti.launches import FRAMED
from grader.server.lti.outbound_rules import is_safe
from grader.server.lti.records import PlatformFault, PlatformSettings
from grader.server.problems import Problem, sentence

LONGEST = 4000


def tool_addresses(call: Call) -> ToolAddresses:
    """Of this server."""
    return ToolAddresses(
        call.site.course.settings.name,
        call.absolute("start"),
        call.absolute("lti_login"),
        call.absolute("lti_launch"),
        call.absolute("lti_deep_launch"),
        call.absolute("lti_keys"),
    )


def registration(call: Call) -> Response:
    """The page that the LMS opens; looking at it uses nothing up."""
    secret = str(call.params["secret"])
    if not call.site.platforms.invited(secret):
        raise _spent()
    return call.page(
        "lti_register.html.j2",
        headers=FRAMED,
        secret=secret,
        configuration=call.query.get("openid_configuration", ""),
        token=call.query.get("registration_token", ""),
        done=False,
    )


def register(call: Call) -> Response:
    """Registers with the platform, and keeps it until an owner confirms it."""
    address = call.field("openid_configuration", longest=LONGEST)
    token = call.field("registration_token", longest=LONGEST)
    if not is_safe(address):
        raise Problem(
            422,
            "The LMS did not say where its configuration is. Paste the link there, where it "
            "registers tools; it is not for opening.",
            headers=FRAMED,
        )
    platforms = call.site.platforms
    who = platforms.redeem(str(call.params["secret"]))
    if who is None:
        raise _spent()
    try:
        settings = _registered(call, address, token)
        platforms.add(settings, who=who, confirmed=False)
    except (PlatformFault, UsageError) as exc:
        raise Problem(
            502,
            f"The registration did not work: {sentence(str(exc))} Make a new link on the page "
            "“Platforms” and try again.",
            title="The LMS is not connected",
            headers=FRAMED,
        ) from None
    return call.page("lti_register.html.j2", headers=FRAMED, done=True, name=settings.name)


def _registered(call: Call, address: str, token: str) -> PlatformSettings:
    """Tell the platform of this server; what it says of itself. Raises PlatformFault."""
    from grader.server.lti.outbound import ask_object  # slow to load, for who does not need it

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    about = ask_object("GET", address, headers=headers)
    endpoint = _address(about, "registration_endpoint")
    said = about.get(PLATFORM_CONFIGURATION)
    family = said.get("product_family_code") if isinstance(said, dict) else None
    answer = ask_object("POST", endpoint, headers=headers, body=_wishes(call, about))
    client_id, tool = answer.get("client_id"), answer.get(TOOL_CONFIGURATION)
    if not isinstance(client_id, str) or not client_id:
        raise PlatformFault("the platform gave no client id")
    deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
    issuer = about.get("issuer")
    if not isinstance(issuer, str) or not issuer:
        raise PlatformFault("the platform's configuration has no issuer")
    audience = about.get("authorization_server")
    return PlatformSettings(
        name=str(family or issuer)[:80],
        issuer=issuer,
        client_id=client_id,
        authorization_url=_address(about, "authorization_endpoint"),
        token_url=_address(about, "token_endpoint"),
        key_set_url=_address(about, "jwks_uri"),
        token_audience=audience if isinstance(audience, str) else "",
        deployments=(str(deployment),) if deployment else (),
    )


def _wishes(call: Call, about: Mapping[str, Any]) -> dict[str, Any]:
    """Our registration, with only those scopes that the platform has."""
    wanted = registration_json(tool_addresses(call))
    offered = about.get("scopes_supported")
    if isinstance(offered, list):
        scopes = [each for each in wanted["scope"].split() if each in offered]
        wanted["scope"] = " ".join(scopes)
    return wanted


def _address(about: Mapping[str, Any], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise PlatformFault(f"the platform's configuration has no https address as {name}")
    return address


def _spent() -> Problem:
    return Problem(
        410,
        "This link has been used or has expired: it works once, for an hour. Make a new one on "
        "the page “Platforms”.",
        headers=FRAMED,
    )
