"""A platform's services for one of its courses: the column of grades, scores, results, members.

Asked with an access token, which the platform gives for a token that our own key signs (LTI
Assignment and Grade Services 2.0, Names and Role Provisioning Services 2.0).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from grader.server.lti.protocol.access import PlatformAccess
from grader.server.lti.protocol.records import (
    SCOPES,
    Platform,
    PlatformCourse,
    PlatformFault,
    PlatformMember,
)
from grader.server.lti.protocol.tool_keys import ToolKeys

ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ITEM = "application/vnd.ims.lis.v2.lineitem+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MOST_PAGES = 200
PAGE = 200


@dataclass(frozen=True)
class LineItem:
    """A column of the platform's book of grades. address: of it, with its query."""

    address: str
    label: str
    max_points: float | None


class CourseServices:
    """The services of one course of a platform. Every method raises PlatformFault.

    clock: the present, aware and in UTC.
    """

    def __init__(
        self,
        platform: Platform,
        course: PlatformCourse,
        keys: ToolKeys,
        clock: Callable[[], datetime],
    ) -> None:
        self._course = course
        self._access = PlatformAccess(platform, SCOPES, keys, clock)

    def line_item(self, resource_id: str) -> LineItem | None:
        """The column that we made for a homework; None if there is none."""
        if not self._course.line_items_url:
            raise PlatformFault("the platform offers no service for grades in this course")
        address = _with_query(self._course.line_items_url, resource_id=resource_id)
        # Not every platform heeds the filter.
        found = [
            item
            for page in self._pages(address, ITEMS)
            for item in _objects(page)
            if item.get("resourceId") == resource_id
        ]
        if len(found) > 1:
            raise PlatformFault(
                f"the platform has {len(found)} columns for this homework; delete all but one there"
            )
        return _line_item(found[0]) if found else None

    def create_line_item(self, resource_id: str, label: str, max_points: float) -> LineItem:
        """A new column. Look for it with `line_item` first."""
        body = {"label": label, "scoreMaximum": max_points, "resourceId": resource_id}
        answer = self._access.ask("POST", self._course.line_items_url, ITEM, body=body, kind=ITEM)
        if not isinstance(answer.value, dict):
            raise PlatformFault("the platform did not say which column it made")
        return _line_item(answer.value)

    def results(self, item: LineItem) -> dict[str, float]:
        """What the book of grades has: by `sub`, as a part of the most that can be had there."""
        found: dict[str, float] = {}
        for page in self._pages(_below(item.address, "results"), RESULTS):
            for each in _objects(page):
                score, most = _number(each.get("resultScore")), _number(each.get("resultMaximum"))
                if score is not None:
                    most = item.max_points if most is None else most
                    found[str(each.get("userId", ""))] = score / (most or 1.0)
        return found

    def send(self, item: LineItem, score: Mapping[str, Any]) -> None:
        """Send a score. PlatformFault has the status by which the platform refused it."""
        self._access.ask("POST", _below(item.address, "scores"), None, body=dict(score), kind=SCORE)

    def members(self) -> tuple[PlatformMember, ...]:
        """Everybody in the course whom the platform calls active."""
        if not self._course.memberships_url:
            raise PlatformFault("the platform does not tell who is in this course")
        found = []
        for page in self._pages(_with_query(self._course.memberships_url, limit=PAGE), MEMBERS):
            said = page.get("members") if isinstance(page, dict) else None
            for each in _objects(said):
                if each.get("status", "Active") == "Active" and each.get("user_id"):
                    found.append(_member(each))
        return tuple(found)

    def _pages(self, address: str, kind: str) -> Iterator[Any]:
        """Page after page, each as JSON, as the header `Link` names them."""
        seen: set[str] = set()
        while address and address not in seen:
            if len(seen) >= MOST_PAGES:
                raise PlatformFault(f"the platform answered more than {MOST_PAGES} pages")
            seen.add(address)
            answer = self._access.ask("GET", address, kind)
            yield answer.value
            following = answer.links.get("next", "")
            address = urljoin(address, following) if following else ""


def _below(address: str, name: str) -> str:
    """The address of a part of a line item: its path goes on, and its query stays."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _with_query(address: str, **more: object) -> str:
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *more.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _line_item(said: Mapping[str, Any]) -> LineItem:
    address = said.get("id")
    if not isinstance(address, str) or not address:
        raise PlatformFault("the platform named no address of its column")
    return LineItem(address, str(said.get("label", "")), _number(said.get("scoreMaximum")))


def _member(said: Mapping[str, Any]) -> PlatformMember:
    roles = said.get("roles")
    return PlatformMember(
        str(said["user_id"]),
        str(said.get("name") or ""),
        str(said.get("email") or ""),
        str(said.get("lis_person_sourcedid") or ""),
        tuple(str(role) for role in roles) if isinstance(roles, list) else (),
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
