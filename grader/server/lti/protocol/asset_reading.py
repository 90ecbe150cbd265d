"""What the verified claims of a platform's notice say. Pure.

The names are those of LTI Asset Processor as Canvas documents it ("Document Processor").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from grader.server.lti.protocol.asset_records import SUBMISSION_NOTICE, AssetFile, SubmissionNotice
from grader.server.lti.protocol.reading import object_in, text_in
from grader.server.lti.protocol.records import CLAIM, LaunchRefused, Platform, Reason
from grader.submission.files import MAX_FILES

LONGEST_NAME = 255


def notice_of(claims: Mapping[str, Any], platform: Platform) -> SubmissionNotice | None:
    """A notice from claims that were verified; None for one of another kind, which is no fault.

    Raises LaunchRefused.
    """
    notice = object_in(claims, f"{CLAIM}notice")
    if text_in(notice, "type") != SUBMISSION_NOTICE:
        return None
    context = object_in(claims, f"{CLAIM}context")
    return SubmissionNotice(
        platform=platform.key,
        deployment=claims[f"{CLAIM}deployment_id"],
        context=_needed(context, "id", "context"),
        course=text_in(context, "title") or text_in(context, "label"),
        subject=_needed(object_in(claims, f"{CLAIM}for_user"), "user_id", "for_user"),
        homework=text_in(object_in(claims, f"{CLAIM}custom"), "homework"),
        submission=_needed(object_in(claims, f"{CLAIM}submission"), "id", "submission"),
        submitted_at=_time(notice),
        report_url=text_in(object_in(claims, f"{CLAIM}assetreport"), "report_url"),
        files=_files(object_in(claims, f"{CLAIM}assetservice").get("assets")),
    )


def _files(said: Any) -> tuple[AssetFile, ...]:
    if not isinstance(said, list) or not said:
        raise LaunchRefused(Reason.CLAIMS, "assetservice: it names no assets")
    if len(said) > MAX_FILES:
        raise LaunchRefused(Reason.CLAIMS, f"assetservice: more than {MAX_FILES} assets")
    return tuple(_file(each) for each in said)


def _file(said: Any) -> AssetFile:
    if not isinstance(said, dict):
        raise LaunchRefused(Reason.CLAIMS, "assetservice: an asset is no object")
    size = said.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**60:
        raise LaunchRefused(Reason.CLAIMS, "assetservice: the size of an asset is no number")
    asset, url, checksum = (
        _needed(said, name, "assetservice") for name in ("asset_id", "url", "sha256_checksum")
    )
    return AssetFile(asset, url, text_in(said, "filename")[:LONGEST_NAME], checksum, size)


def _needed(value: Mapping[str, Any], name: str, claim: str) -> str:
    found = text_in(value, name)
    if not found:
        raise LaunchRefused(Reason.CLAIMS, f"{claim}: it has no {name}")
    return found


def _time(notice: Mapping[str, Any]) -> datetime:
    """When it happened. A time without a zone would be a guess."""
    try:
        at = datetime.fromisoformat(text_in(notice, "timestamp"))
        if at.tzinfo is None:
            raise ValueError("it has no zone")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise LaunchRefused(Reason.CLAIMS, "notice: its timestamp is no time") from None
