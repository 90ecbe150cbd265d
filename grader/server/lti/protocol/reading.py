"""What the verified claims of a launch say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from grader.server.lti.protocol.asset_records import SUBMISSION_NOTICE
from grader.server.lti.protocol.records import (
    AGS,
    CLAIM,
    DEEP_LINK,
    DEEP_LINKING,
    NRPS,
    REPORT_REVIEW,
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
        deep_linking = _deep_linking(claims)
    person, asset = _person(claims, platform, course), ""
    if claims[f"{CLAIM}message_type"] == REPORT_REVIEW:
        asset = text_in(object_in(claims, f"{CLAIM}asset"), "id")
    return Launch(person, course, _homework(claims), deep_linking, asset)


def _person(
    claims: Mapping[str, Any], platform: Platform, course: PlatformCourse | None
) -> PlatformPerson:
    parts = text_in(claims, "given_name"), text_in(claims, "family_name")
    verified = claims.get("email_verified") is not False
    return PlatformPerson(
        platform.key,
        claims["sub"],
        name=text_in(claims, "name") or " ".join(filter(None, parts)),
        email=text_in(claims, "email") if verified else "",
        # Not from custom parameters: in some systems whoever makes a link writes those.
        sourced_id=text_in(object_in(claims, f"{CLAIM}lis"), "person_sourcedid"),
        course=course.title if course is not None else "",
    )


def _course(claims: Mapping[str, Any], platform: Platform) -> PlatformCourse | None:
    context = object_in(claims, f"{CLAIM}context")
    if not text_in(context, "id"):
        return None
    return PlatformCourse(
        platform.key,
        claims[f"{CLAIM}deployment_id"],
        text_in(context, "id"),
        text_in(context, "title") or text_in(context, "label"),
        text_in(object_in(claims, f"{AGS}claim/endpoint"), "lineitems"),
        text_in(object_in(claims, f"{NRPS}claim/namesroleservice"), "context_memberships_url"),
    )


def _homework(claims: Mapping[str, Any]) -> str:
    """The homework that a link names: beside it, where the platform keeps that, or in its address.

    Only where the browser goes; it opens nothing that is not open to whoever is signed in.
    """
    named = text_in(object_in(claims, f"{CLAIM}custom"), "homework")
    if named:
        return named
    query = parse_qs(urlsplit(text_in(claims, f"{CLAIM}target_link_uri")).query)
    return query.get("homework", [""])[0]


def _deep_linking(claims: Mapping[str, Any]) -> DeepLinking:
    settings = object_in(claims, f"{DEEP_LINKING}deep_linking_settings")
    service = object_in(claims, f"{CLAIM}platformnotificationservice")
    known = service.get("notice_types_supported")
    told = isinstance(known, list) and SUBMISSION_NOTICE in known
    address, data = text_in(settings, "deep_link_return_url"), settings.get("data")
    if not address:
        raise LaunchRefused(Reason.CLAIMS, "deep_linking_settings: it has no return address")
    if data is not None and (not isinstance(data, str) or len(data) > LONGEST_DATA):
        raise LaunchRefused(Reason.CLAIMS, "deep_linking_settings: data is no short text")
    kinds = settings.get("accept_types")
    return DeepLinking(
        address,
        isinstance(kinds, list) and "ltiResourceLink" in kinds,
        isinstance(kinds, list) and "ltiAssetProcessor" in kinds,
        text_in(service, "platform_notification_service_url") if told else "",
        settings.get("accept_multiple") is not False,
        settings.get("accept_lineitem") is not False,
        data,
    )


def object_in(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def text_in(value: Mapping[str, Any], name: str) -> str:
    """A short text without what a database does not store; "" for anything else."""
    found = value.get(name)
    if not isinstance(found, str) or len(found) > LONGEST or "\0" in found:
        return ""
    return found.strip()
