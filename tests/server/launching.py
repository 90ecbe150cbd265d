"""A course on the web beside a running LMS, and people who come from there."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
from lti_platform import CLAIM, CLIENT_ID, DEPLOYMENT
from making import DEMO_RIGHT
from running import clean_environment
from serving import Serving
from starlette.testclient import TestClient

from grader._internal.clock import now_utc
from grader.server.lti.protocol.records import JoinedBy, Platform, PlatformSettings

NOTICE_TYPE = "LtiAssetProcessorSubmissionNotice"
CROSS_SITE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


@dataclass(frozen=True)
class Lms:
    """A running LMS. issuer: its address, too."""

    issuer: str

    def set_mood(self, **said: Any) -> None:
        """See `lti_platform`; what is not said is as usual."""
        httpx2.post(f"{self.issuer}/mood", json=said).raise_for_status()

    def book(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.issuer}/book").json()
        return found

    def settings(self, joined_by: JoinedBy = JoinedBy.EMAIL, **more: Any) -> PlatformSettings:
        values = {
            "name": "Test LMS",
            "issuer": self.issuer,
            "client_id": CLIENT_ID,
            "authorization_url": f"{self.issuer}/authorize",
            "token_url": f"{self.issuer}/token",
            "key_set_url": f"{self.issuer}/keys",
            "deployments": (DEPLOYMENT,),
        }
        return PlatformSettings(**{**values, "joined_by": joined_by, **more})


@contextmanager
def running_lms(host: str = "127.0.0.1") -> Iterator[Lms]:
    """The LMS in a process of its own, until the end of the block."""
    program = Path(__file__).with_name("lti_platform.py")
    with subprocess.Popen(
        [sys.executable, str(program), host],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Lms(process.stdout.readline().strip())
        finally:
            process.kill()


def person(name: str, **more: Any) -> dict[str, Any]:
    """What the LMS says of one of the students."""
    return {"sub": f"there-{name}", "email": f"{name}@example.edu", "name": name.title(), **more}


PEOPLE = {name: person(name) for name in ("ada", "bob", "eve", "olga", "mallory")}


def tool_of(served: Serving) -> dict[str, Any]:
    """What the LMS has to know of our server."""
    origin = served.site.origin
    return {
        "login": f"{origin}/lti/login",
        "launch": f"{origin}/lti/launch",
        "deep_launch": f"{origin}/lti/launch/deep-linking",
        "keys": served.site.tool_keys.public,
    }


def connect(served: Serving, lms: Lms, **more: Any) -> Platform:
    """Both know each other."""
    lms.set_mood(tool=tool_of(served), people=PEOPLE, empty=True)
    return served.site.platforms.add(lms.settings(**more), who="olga")


@dataclass(frozen=True)
class Form:
    """A form that a page of the LMS has the browser post to us."""

    path: str
    fields: dict[str, str]

    def post(self, client: TestClient, **more: str) -> httpx2.Response:
        headers = {**CROSS_SITE, "origin": "https://lms.example.edu"}
        return client.post(self.path, data={**self.fields, **more}, headers=headers)


def begin(served: Serving, lms: Lms, client: TestClient, user: str, hint: str = "resource") -> Form:
    """Click a link in the LMS; the form that is to be posted to us in the end."""
    query = urlencode({"user": user, "hint": hint})
    first = httpx2.get(f"{lms.issuer}/begin?{query}")
    assert first.status_code == 302, first.text
    begun = client.get(first.headers["location"].removeprefix(served.site.origin))
    assert begun.status_code == 303, begun.text
    there = httpx2.get(begun.headers["location"])
    assert there.status_code == 200, there.text
    return form_in(there.text, served.site.origin)


def form_in(page: str, origin: str) -> Form:
    """The form on a page that posts to us."""
    action = re.search(r"""action=['"]([^'"]+)['"]""", page)
    assert action, page
    found = re.findall(r"""name=['"]([^'"]+)['"] value=['"]([^'"]*)['"]""", page)
    fields = {name: html.unescape(value) for name, value in found}
    return Form(html.unescape(action[1]).removeprefix(origin), fields)


def launch(
    served: Serving, lms: Lms, user: str, hint: str = "resource"
) -> tuple[TestClient, httpx2.Response]:
    """Somebody comes from the LMS in a browser of their own."""
    client = served.client()
    return client, begin(served, lms, client, user, hint).post(client)


# What is handed in in the LMS


def submit(lms: Lms, who: str = "ada", **more: Any) -> dict[str, Any]:
    """Somebody hands in in the LMS; what it sends to us."""
    at = (now_utc() - timedelta(minutes=3)).isoformat(timespec="seconds")
    said = {"who": f"there-{who}", "files": {"demo.py": DEMO_RIGHT}, "at": at, **more}
    answer = httpx2.post(f"{lms.issuer}/submit", json=said).raise_for_status()
    body: dict[str, Any] = answer.json()
    return body


def asking(lms: Lms, kinds: tuple[str, ...], *types: str) -> dict[str, Any]:
    """What Canvas adds to a request for deep linking from an assignment that takes files."""
    return {
        "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": {
            "deep_link_return_url": f"{lms.issuer}/links",
            "accept_types": list(kinds),
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "auto_create": True,
        },
        f"{CLAIM}activity": {"id": "cefbe1dc-bd58-496b-bf62-75dea59301b8"},
        f"{CLAIM}platformnotificationservice": {
            "service_versions": ["1.0"],
            "platform_notification_service_url": f"{lms.issuer}/api/lti/notice-handlers/132",
            "scope": ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"],
            "notice_types_supported": list(types),
        },
    }
