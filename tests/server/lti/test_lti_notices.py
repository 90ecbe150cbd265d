"""What a platform's notice says is read, or refused with a reason. Pure."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader._internal.clock import now_utc
from grader.server.lti.protocol.asset_reading import notice_of
from grader.server.lti.protocol.records import CLAIM, LaunchRefused, Platform

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ("notice", "context", "for_user", "submission", "assetservice", "custom", "assetreport")


@given(st.sampled_from(NAMES), JSON)
def test_whatever_a_platform_signs_is_read_or_refused(name: str, value: Any) -> None:
    claims: dict[str, Any] = {
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}notice": {
            "type": "LtiAssetProcessorSubmissionNotice",
            "timestamp": "2025-08-01T12:45:56Z",
        },
        f"{CLAIM}context": {"id": "c"},
        f"{CLAIM}for_user": {"user_id": "u"},
        f"{CLAIM}submission": {"id": "s"},
        f"{CLAIM}assetservice": {
            "assets": [{"asset_id": "a", "url": "u", "sha256_checksum": "c", "size": 1}]
        },
    }
    platform = Platform(1, None, True, now_utc())  # type: ignore[arg-type]  # nothing of it is read
    assert notice_of(claims, platform) is not None
    with contextlib.suppress(LaunchRefused):
        notice_of({**claims, f"{CLAIM}{name}": value}, platform)
