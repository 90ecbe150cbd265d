"""What platforms have to know of this server, in the forms in which they take it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from grader.server.lti.protocol.records import (
    ASSET_SCOPES,
    CLAIM,
    DEEP_LINK,
    PROCESSOR_SETTINGS,
    REPORT_REVIEW,
    SCOPES,
)

CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
# The placement of what processes the files of an assignment.
PROCESSOR = "ActivityAssetProcessor"


@dataclass(frozen=True)
class ToolAddresses:
    """This server's own addresses, whole. title: of the course."""

    title: str
    start: str
    login: str
    launch: str
    deep_launch: str
    keys: str

    @property
    def host(self) -> str:
        """The name of the server."""
        return urlsplit(self.start).netloc


def canvas_json(tool: ToolAddresses, *, hand_ins: bool = False) -> dict[str, Any]:
    """The configuration that Canvas takes for a developer key ("Paste JSON", or by its address).

    Canvas documents it as "Configuring LTI 1.3 tools" and "Document Processor". hand_ins: with the
    latter, which a Canvas that does not know it would refuse.
    """
    names = ("assignment_selection", "link_selection", *((PROCESSOR,) if hand_ins else ()))
    placements = [
        {
            "placement": name,
            "enabled": True,
            "message_type": "LtiDeepLinkingRequest",
            "target_link_uri": tool.deep_launch,
            "text": tool.title,
        }
        for name in names
    ]
    return {
        "title": tool.title,
        "description": f"Homework of {tool.title}",
        "target_link_uri": tool.launch,
        "oidc_initiation_url": tool.login,
        "redirect_uris": [tool.launch, tool.deep_launch],
        "public_jwk_url": tool.keys,
        "scopes": [*SCOPES, *(ASSET_SCOPES if hand_ins else ())],
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": tool.host,
                "privacy_level": "public",
                "settings": {"text": tool.title, "placements": placements},
            }
        ],
    }


def registration_json(tool: ToolAddresses, about: Mapping[str, Any]) -> dict[str, Any]:
    """The registration that we send to a platform (LTI Dynamic Registration 1.0, section 3.5).

    about: what the platform says of itself. Scopes, messages and placements that it does not name
    are left out, as some platforms refuse the whole registration for them.
    """
    scopes: Sequence[str] = (*SCOPES, *ASSET_SCOPES)
    offered = about.get("scopes_supported")
    scopes = [each for each in scopes if each in offered] if isinstance(offered, list) else SCOPES
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": tool.login,
        "redirect_uris": [tool.launch, tool.deep_launch],
        "client_name": tool.title,
        "client_uri": tool.start,
        "jwks_uri": tool.keys,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL_CONFIGURATION: {
            "domain": tool.host,
            "target_link_uri": tool.launch,
            "claims": [*CLAIMS, f"{CLAIM}lis"],
            "messages": _messages(tool, about),
        },
    }


def _messages(tool: ToolAddresses, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    deep_linking = {"type": DEEP_LINK, "target_link_uri": tool.deep_launch}
    said = about.get(PLATFORM_CONFIGURATION)
    known = said.get("messages_supported") if isinstance(said, dict) else None
    types, placements = set(), set()
    for each in known if isinstance(known, list) else ():
        # The standard has objects; some platforms send the names alone.
        types.add(str(each.get("type") if isinstance(each, dict) else each))
        places = each.get("placements") if isinstance(each, dict) else None
        placements |= {str(place) for place in places} if isinstance(places, list) else set()
    messages: list[dict[str, Any]] = [deep_linking]
    if PROCESSOR in placements:
        messages.append({**deep_linking, "label": tool.title, "placements": [PROCESSOR]})
    messages += [
        {"type": each, "target_link_uri": tool.launch}
        for each in (PROCESSOR_SETTINGS, REPORT_REVIEW)
        if each in types
    ]
    return messages
