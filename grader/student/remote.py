"""Hands work in to a course's server, and follows how its checks end there.

Only the standard library is used, so that a student's installation stays light. A personal token
says who somebody is; it is sent to the address that it was given for and nowhere else.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

import grader
from grader._internal.clock import clock_note, now_utc
from grader._internal.files import write_atomically
from grader._internal.text import printable
from grader.course.course import Course
from grader.errors import UsageError

TIMEOUT_S = 60.0
SOONEST_S, LATEST_S = 0.2, 15.0  # between looks; the server says how long
MAX_REPLY = 8 << 20
_TOKENS = "tokens.json"
_TRIES = 3
_NOT_NOW = (9, 10)  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED


@dataclass(frozen=True)
class RemoteReceipt:
    """What a server confirms: see the server's documentation. page: where to see the result."""

    key: int
    assignment: str
    student: str
    received_at: datetime
    number: int
    sha256: str
    signature: str
    page: str
    text: str  # as the server sent it, to be kept


@dataclass(frozen=True)
class RemoteEvent:
    """One thing that happened while the work was graded.

    kind: "started", "check", "done" or "open". title, passed: of a check. points: what it gave.
    """

    kind: str
    title: str = ""
    passed: bool = False
    points: float | None = None
    max_points: float | None = None


@dataclass(frozen=True)
class RemoteState:
    """Where a hand-in is. ahead: how many are graded before it, while it waits. again_s: after
    how many seconds to look again."""

    state: str
    ahead: int
    again_s: float
    events: tuple[RemoteEvent, ...]
    last: int


def checked_address(text: str) -> str:
    """The address of a server, without a slash at its end.

    Raises UsageError for one that would send a token unprotected.
    """
    parts = urlsplit(text.strip())
    host = parts.hostname or ""
    if not host or parts.username or parts.query or parts.fragment:
        raise UsageError(
            f"{text[:200]!r} is not the address of a server; write it as https://grader.example.edu"
        )
    if parts.scheme.lower() == "http" and not _is_this_machine(host):
        raise UsageError(
            f"{text[:200]} would send your token unprotected; use the address that begins with "
            "https://"
        )
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path.rstrip("/"), "", ""))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def kept_token(course: Course, address: str) -> str | None:
    """The token that was given for this address before."""
    return _tokens(course.memory / _TOKENS).get(address)


def keep_token(course: Course, address: str, token: str) -> None:
    """Keep a token for the next time, readable by its owner only."""
    path = course.memory / _TOKENS
    text = json.dumps({**_tokens(path), address: token}, indent=2, sort_keys=True) + "\n"
    with contextlib.suppress(OSError):  # then it is asked for again
        write_atomically(path, text.encode(), private=True)


def _tokens(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that it was given for."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        return None


class CourseServer:
    """A course's server. Every method raises UsageError with the fact and a remedy."""

    def __init__(self, address: str, token: str) -> None:
        self.address = checked_address(address)
        self.clock_note = ""  # if this machine's clock and the server's disagree
        self._token = token
        self._opener = urllib.request.build_opener(_NoRedirects())

    def who(self) -> str:
        """Whose token it is: the student's id."""
        return _text(self._call("GET", "/api/v1/me"), "id")

    def hand_in(self, assignment: str, data: bytes) -> RemoteReceipt:
        """Send an archive. Sending the same one again gives the same receipt."""
        path = f"/api/v1/hand-ins/{quote(assignment, safe='')}"
        reply = self._call("POST", path, data)
        receipt = reply.get("receipt")
        if not isinstance(receipt, dict):
            raise UsageError(self._odd())
        try:
            received_at = datetime.fromisoformat(_text(receipt, "received_at"))
        except ValueError:
            raise UsageError(self._odd()) from None
        return RemoteReceipt(
            key=int(_number(reply, "key") or 0),
            assignment=_text(receipt, "assignment"),
            student=_text(receipt, "student"),
            received_at=received_at if received_at.tzinfo else received_at.replace(tzinfo=UTC),
            number=int(_number(receipt, "number") or 0),
            sha256=_text(receipt, "sha256"),
            signature=_text(receipt, "signature"),
            page=_text(reply, "page"),
            text=json.dumps(receipt, indent=2, ensure_ascii=False),
        )

    def state(self, key: int, after: int) -> RemoteState:
        """Where a hand-in is, with what happened after the event `after`."""
        reply = self._call("GET", f"/api/v1/hand-ins/{key}?after={after}")
        listed = reply.get("events")
        events = [each for each in listed if isinstance(each, dict)] if listed else []
        return RemoteState(
            state=_text(reply, "state"),
            ahead=int(_number(reply, "ahead") or 0),
            again_s=min(max(SOONEST_S, _number(reply, "again_s") or 1.0), LATEST_S),
            events=tuple(_event(each) for each in events),
            last=int(_number(reply, "last") or after),
        )

    def follow(self, key: int, seconds: float) -> Iterator[RemoteState]:
        """Look again and again until it is graded, or for so many seconds."""
        ends, after = time.monotonic() + seconds, 0
        while True:
            state = self.state(key, after)
            yield state
            after = state.last
            if state.state in ("graded", "open") or time.monotonic() > ends:
                return
            time.sleep(state.again_s)

    def _call(self, method: str, path: str, data: bytes | None = None) -> Mapping[str, Any]:
        request = urllib.request.Request(
            self.address + path,
            data=data,
            method=method,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/json",
                "User-Agent": f"grader/{grader.__version__}",
                **({"Content-Type": "application/zip"} if data is not None else {}),
            },
        )
        for tried in range(1, _TRIES + 1):
            try:
                with self._opener.open(request, timeout=TIMEOUT_S) as response:
                    self._compare_clocks(response.headers.get("Date", ""))
                    return self._object(response.read(MAX_REPLY))
            except urllib.error.HTTPError as exc:
                with exc:
                    if exc.code == 503 and tried < _TRIES:
                        time.sleep(tried)
                        continue
                    raise UsageError(self._refusal(exc)) from None
            except (OSError, HTTPException) as exc:
                # Sending the same again is safe: the server knows it by its SHA-256.
                if tried < _TRIES:
                    time.sleep(0.5 * tried)
                    continue
                reason = getattr(exc, "reason", exc)
                raise UsageError(
                    f"{self.address} cannot be reached: {printable(str(reason))[:200]}; nothing "
                    f"was confirmed, so {_remedy(reason)}, or hand in on the course's page"
                ) from None
        raise AssertionError("the last try returns or raises")

    def _compare_clocks(self, said: str) -> None:
        with contextlib.suppress(ValueError, TypeError):  # no date, or one without an offset
            there = parsedate_to_datetime(said)
            self.clock_note = clock_note(now_utc(), there, self.address)

    def _refusal(self, exc: urllib.error.HTTPError) -> str:
        with contextlib.suppress(OSError, HTTPException, UsageError):
            said = self._object(exc.read(MAX_REPLY)).get("detail")
            if isinstance(said, str) and said:
                return printable(said)[:1000]
        if exc.code in (301, 302, 303, 307, 308):
            there = printable(str(exc.headers.get("Location", "")))[:200]
            return f"{self.address} sends elsewhere, to {there}; give that address with --to"
        return f"{self.address} answered with the status {exc.code}; is it the course's server?"

    def _object(self, data: bytes) -> Mapping[str, Any]:
        try:
            found = json.loads(data)
        except ValueError:
            raise UsageError(self._odd()) from None
        if not isinstance(found, dict):
            raise UsageError(self._odd())
        return found

    def _odd(self) -> str:
        return f"{self.address} did not answer as a course's server does; is the address right?"


def _remedy(reason: object) -> str:
    """What to do where a server cannot be reached."""
    if getattr(reason, "verify_code", None) in _NOT_NOW:
        return f"see whether this machine's clock is right (it says {now_utc():%Y-%m-%d %H:%M} UTC)"
    return "try again"


def _event(found: Mapping[str, Any]) -> RemoteEvent:
    return RemoteEvent(
        kind=_text(found, "kind"),
        title=_text(found, "title"),
        passed=found.get("passed") is True,
        points=_number(found, "points"),
        max_points=_number(found, "max_points"),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return printable(value) if isinstance(value, str) else ""


def _number(found: Mapping[str, Any], name: str) -> float | None:
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
