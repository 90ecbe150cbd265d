"""Dynamic registration: an owner pastes one link into the LMS, and both know each other.

The link has a one-time secret. What registers by it is confirmed by an owner before a launch of it
counts, so whoever else gets hold of the link signs nobody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from grader.errors import UsageError
from grader.server.http.calls import Call
from grader.server.lti.pages.launches import FRAMED
from grader.server.lti.protocol.configuration import (
    PLATFORM_CONFIGURATION,
    TOOL_CONFIGURATION,
    ToolAddresses,
    registration_json,
)
from grader.server.lti.protocol.outbound_rules import is_safe
from grader.server.lti.protocol.records import PlatformFault, PlatformSettings
from grader.server.problems import Problem, sentence

LONGEST = 4000
LONGEST_NAME = 500


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
    except PlatformFault as exc:
        raise _failed(502, exc) from None
    except UsageError as exc:
        raise _failed(409, exc) from None
    return call.page("lti_register.html.j2", headers=FRAMED, done=True, name=settings.name)


def _registered(call: Call, address: str, token: str) -> PlatformSettings:
    """Tell the platform of this server; what it says of itself. Raises PlatformFault."""
    # Slow to load, for who does not need it.
    from grader.server.lti.protocol.outbound import ask_object

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    about = ask_object("GET", address, headers=headers)
    endpoint = _address(about, "registration_endpoint")
    said = about.get(PLATFORM_CONFIGURATION)
    family = said.get("product_family_code") if isinstance(said, dict) else ""
    wanted = registration_json(tool_addresses(call), about)
    answer = ask_object("POST", endpoint, headers=headers, body=wanted)
    tool = answer.get(TOOL_CONFIGURATION)
    deployment = str(tool.get("deployment_id") or "") if isinstance(tool, dict) else ""
    issuer = _name(about, "issuer")
    return PlatformSettings(
        name=_usable(family)[:80] or issuer[:80],
        issuer=issuer,
        client_id=_name(answer, "client_id"),
        authorization_url=_address(about, "authorization_endpoint"),
        token_url=_address(about, "token_endpoint"),
        key_set_url=_address(about, "jwks_uri"),
        token_audience=_usable(about.get("authorization_server")),
        deployments=(deployment,) if _usable(deployment) else (),
    )


def _usable(said: Any) -> str:
    """A text that an owner can confirm in a form and a database stores; "" for anything else."""
    is_usable = isinstance(said, str) and len(said) <= LONGEST_NAME and said.isprintable()
    return said if is_usable else ""


def _name(said: Mapping[str, Any], name: str) -> str:
    found = _usable(said.get(name))
    if not found:
        raise PlatformFault(f"the platform gave no usable {name}")
    return found


def _address(about: Mapping[str, Any], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise PlatformFault(f"the platform's configuration has no https address as {name}")
    return address


def _failed(status: int, exc: Exception) -> Problem:
    return Problem(
        status,
        f"The registration did not work: {sentence(str(exc))} Make a new link on the page "
        "“Platforms” and try again.",
        title="The LMS is not connected",
        headers=FRAMED,
    )


def _spent() -> Problem:
    return Problem(
        410,
        "This link has been used or has expired: it works once, for an hour. Make a new one on "
        "the page “Platforms”.",
        headers=FRAMED,
    )
