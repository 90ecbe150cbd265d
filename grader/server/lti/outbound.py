"""Asking a platform: bounded in size and time, and never over a connection that others can change.

Redirects are not followed: each would be an address that nobody has chosen.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from grader.server.lti.outbound_rules import is_safe
from grader.server.lti.records import PlatformFault

STEP_S = 5.0  # until a connection, or the next bytes
WHOLE_S = 10.0  # until the whole answer
MOST_BYTES = 2_000_000
_SAID = 200


@dataclass(frozen=True)
class PlatformAnswer:
    """An answer of success. value: its JSON; None for an empty one. links: by `rel`."""

    value: Any
    links: Mapping[str, str]


def ask(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: object = None,
    kind: str = "application/json",
) -> PlatformAnswer:
    """Send a request. body: goes as JSON of the media type `kind`. Raises PlatformFault."""
    require_safe(address)
    sent: dict[str, Any] = {"headers": dict(headers or {})}
    if form is not None:
        sent["data"] = dict(form)
    elif body is not None:
        sent["content"] = json.dumps(body).encode()
        sent["headers"]["Content-Type"] = kind
    late = threading.Event()
    try:
        with (
            httpx2.Client(timeout=STEP_S, follow_redirects=False, trust_env=False) as client,
            _ended(client, late),
            client.stream(method, address, **sent) as response,
        ):
            data = b""
            for part in response.iter_bytes():
                data += part
                if len(data) > MOST_BYTES:
                    raise PlatformFault(f"{_host(address)} answered more than 2 MB")
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, RuntimeError) as exc:
        if late.is_set():
            raise PlatformFault(f"{_host(address)} took longer than {WHOLE_S:g} s") from None
        why = str(exc) or type(exc).__name__
        raise PlatformFault(f"{_host(address)} cannot be reached: {why[:_SAID]}") from None
    if not 200 <= response.status_code < 300:
        said = data.decode("utf-8", "replace").strip()[:_SAID]
        raise PlatformFault(
            f"{_host(address)} answered {response.status_code}{': ' if said else ''}{said}",
            response.status_code,
        )
    try:
        value = json.loads(data) if data.strip() else None
    except (ValueError, RecursionError):
        raise PlatformFault(f"{_host(address)} answered something that is not JSON") from None
    links = {
        str(link["rel"]): str(link["url"]) for link in response.links.values() if "rel" in link
    }
    return PlatformAnswer(value, links)


@contextmanager
def _ended(client: httpx2.Client, late: threading.Event) -> Iterator[None]:
    """Close the connection after WHOLE_S.

    The client's own limits are for each step: an answer that came byte by byte would never end.
    """

    def end() -> None:
        late.set()
        client.close()

    timer = threading.Timer(WHOLE_S, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def ask_object(method: str, address: str, **more: Any) -> dict[str, Any]:
    """`ask` for a JSON object. Raises PlatformFault."""
    value = ask(method, address, **more).value
    if not isinstance(value, dict):
        raise PlatformFault(f"{_host(address)} answered no JSON object")
    return value


def require_safe(address: str) -> None:
    """Raises PlatformFault unless `is_safe`."""
    if not is_safe(address):
        raise PlatformFault(f"{address[:_SAID]!r} is not the https address of a platform")


def _host(address: str) -> str:
    return urlsplit(address).netloc
