"""What the verified claims of a launch say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from grader.server.lti.records import (
    AGS,
    CLAIM,
    DEEP_LINK,
    DEEP_LINKING,
    NRPS,
    DeepLinking,
    Launch,
    LaunchRefused,
    Platform,
    PlatformCourse,
    PlatformPerson,
    Reason,
)

LONGEST = 2000
LONGEST_DATA = 20_000


def launch_of(claims: Mapping[str, Any], platform: Platform) -> Launch:
    """A launch from claims that were verified. Raises LaunchRefused."""
    course = _course(claims, platform)
    deep_linking = None
    if claims[f"{CLAIM}message_type"] == DEEP_LINK:
        deep_linking = _deep_linking(_object(claims, f"{DEEP_LINKING}deep_linking_settings"))
    return Launch(_person(claims, platform, course), course, _homework(claims), deep_linking)


def _person(
    claims: Mapping[str, Any], platform: Platform, course: PlatformCourse | None
) -> PlatformPerson:
    parts = _text(claims, "given_name"), _text(claims, "family_name")
    verified = claims.get("email_verified") is not False
    return PlatformPerson(
        platform.key,
        claims["sub"],
        name=_text(claims, "name") or " ".join(filter(None, parts)),
        email=_text(claims, "email") if verified else "",
        # Not from custom parameters: in some systems whoever makes a link writes those.
        sourced_id=_text(_object(claims, f"{CLAIM}lis"), "person_sourcedid"),
        course=course.title if course is not None else "",
    )


def _course(claims: Mapping[str, Any], platform: Platform) -> PlatformCourse | None:
    context = _object(claims, f"{CLAIM}context")
    if not _text(context, "id"):
        return None
    return PlatformCourse(
        platform.key,
        claims[f"{CLAIM}deployment_id"],
        _text(context, "id"),
        _text(context, "title") or _text(context, "label"),
        _text(_object(claims, f"{AGS}claim/endpoint"), "lineitems"),
        _text(_object(claims, f"{NRPS}claim/namesroleservice"), "context_memberships_url"),
    )


def _homework(claims: Mapping[str, Any]) -> str:
    """The homework that a link names: beside it, where the platform keeps that, or in its address.

    Only where the browser goes; it opens nothing that is not open to whoever is signed in.
    """
    named = _text(_object(claims, f"{CLAIM}custom"), "homework")
    if named:
        return named
    query = parse_qs(urlsplit(_text(claims, f"{CLAIM}target_link_uri")).query)
    return query.get("homework", [""])[0]


def _deep_linking(settings: Mapping[str, Any]) -> DeepLinking:
    address, data = _text(settings, "deep_link_return_url"), settings.get("data")
    if not address:
        raise LaunchRefused(Reason.CLAIMS, "deep_linking_settings: it has no return address")
    if data is not None and (not isinstance(data, str) or len(data) > LONGEST_DATA):
        raise LaunchRefused(Reason.CLAIMS, "deep_linking_settings: data is no short text")
    kinds = settings.get("accept_types")
    return DeepLinking(
        address,
        isinstance(kinds, list) and "ltiResourceLink" in kinds,
        settings.get("accept_multiple") is not False,
        settings.get("accept_lineitem") is not False,
        data,
    )


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, Any], name: str) -> str:
    """A short text without what a database does not store; "" for anything else."""
    found = value.get(name)
    if not isinstance(found, str) or len(found) > LONGEST or "\0" in found:
        return ""
    return found.strip()
