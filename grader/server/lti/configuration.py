"""What platforms have to know of this server, in the forms in which they take it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from grader.server.lti.records import CLAIM, SCOPES

CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"


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


def canvas_json(tool: ToolAddresses) -> dict[str, Any]:
    """The configuration that Canvas takes for a developer key ("Paste JSON", or by its address).

    Canvas documents it as "Configuring LTI 1.3 tools". Custom fields are filled in by Canvas.
    """
    placements = [
        {
            "placement": name,
            "enabled": True,
            "message_type": "LtiDeepLinkingRequest",
            "target_link_uri": tool.deep_launch,
            "text": tool.title,
        }
        for name in ("assignment_selection", "link_selection")
    ]
    return {
        "title": tool.title,
        "description": f"Homework of {tool.title}",
        "target_link_uri": tool.launch,
        "oidc_initiation_url": tool.login,
        "redirect_uris": [tool.launch, tool.deep_launch],
        "public_jwk_url": tool.keys,
        "scopes": list(SCOPES),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": tool.host,
                "privacy_level": "public",
                "settings": {"text": tool.title, "placements": placements},
            }
        ],
    }


def registration_json(tool: ToolAddresses) -> dict[str, Any]:
    """The registration that we send to a platform (LTI Dynamic Registration 1.0, section 3.5)."""
    deep_linking = {"type": "LtiDeepLinkingRequest", "target_link_uri": tool.deep_launch}
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
        "scope": " ".join(SCOPES),
        TOOL_CONFIGURATION: {
            "domain": tool.host,
            "target_link_uri": tool.launch,
            "claims": [*CLAIMS, f"{CLAIM}lis"],
            "messages": [deep_linking],
        },
    }
