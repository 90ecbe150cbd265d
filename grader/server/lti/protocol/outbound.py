"""Asking a platform: bounded in size and time, and never over a connection that others can change.

Redirects are not followed, as each would be an address that nobody has chosen, except for files; an
address that nobody has chosen is never within our own network.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx2

from grader.server.lti.protocol.outbound_rules import is_safe
from grader.server.lti.protocol.records import PlatformFault

STEP_S = 5.0  # until a connection, or the next bytes
WHOLE_S = 10.0  # until the whole answer
FILE_S = 60.0  # the same of a file
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 5
_SAID = 200


class FileTooLarge(PlatformFault):
    """An answer is longer than it may be."""


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
    own: Collection[str] | None = None,
) -> PlatformAnswer:
    """Send a request. body: goes as JSON of the media type `kind`. Raises PlatformFault.

    own: see `Target`; None for an address that an owner chose.
    """
    sent: dict[str, Any] = {"headers": dict(headers or {})}
    if form is not None:
        sent["data"] = dict(form)
    elif body is not None:
        sent["content"] = json.dumps(body).encode()
        sent["headers"]["Content-Type"] = kind
    data = bytearray()
    response = _exchange(method, Target.of(address, own), sent, data.extend, MOST_BYTES, WHOLE_S)
    if not response.is_success:
        raise _refusal(address, response, bytes(data))
    try:
        value = json.loads(data) if data.strip() else None
    except (ValueError, RecursionError):
        raise PlatformFault(f"{_host(address)} answered something that is not JSON") from None
    links = {
        str(link["rel"]): str(link["url"]) for link in response.links.values() if "rel" in link
    }
    return PlatformAnswer(value, links)


def download(
    address: str, *, headers: Mapping[str, str], own: Collection[str], limit: int
) -> bytes:
    """A file of at most `limit` bytes. Raises FileTooLarge and other PlatformFaults.

    own: see `Target`. Redirects are followed, as platforms keep files elsewhere, and the headers
    go to the first address alone.
    """
    for _ in range(MOST_REDIRECTS):
        data = bytearray()
        target, sent = Target.of(address, own), {"headers": dict(headers)}
        response = _exchange("GET", target, sent, data.extend, limit, FILE_S)
        if response.is_success:
            return bytes(data)
        if not response.has_redirect_location:
            raise _refusal(address, response, bytes(data))
        address, headers = urljoin(address, response.headers["location"]), {}
    raise PlatformFault(f"{_host(address)} redirected more than {MOST_REDIRECTS} times")


@dataclass(frozen=True)
class Target:
    """Where a request goes: an address, and for an unchosen one the machine that was looked up.

    An address that a platform named may be any: one of a machine behind our own firewall gets
    nothing, unless an owner connected just that one. `own` has the origins that owners entered.
    """

    address: str
    headers: Mapping[str, str]
    extensions: Mapping[str, Any]

    @classmethod
    def of(cls, address: str, own: Collection[str] | None) -> Target:
        """Raises PlatformFault for an address that gets nothing."""
        require_safe(address)
        if own is None or origin_of(address) in own:
            return cls(address, {}, {})
        parts = urlsplit(address)
        host, port = str(parts.hostname), parts.port
        try:
            found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise PlatformFault(f"{_host(address)} cannot be found") from None
        machines = [str(each[4][0]) for each in found]
        if not all(_is_public(each) for each in machines):
            raise PlatformFault(
                f"{_host(address)} is within a private network, and no address of the platform is "
                "there; nothing is asked of it"
            )
        # The machine that was looked at is the one that is asked: a name may mean another soon.
        netloc = f"[{machines[0]}]" if ":" in machines[0] else machines[0]
        pinned = parts._replace(netloc=netloc + (f":{port}" if port else ""))
        return cls(urlunsplit(pinned), {"Host": parts.netloc}, {"sni_hostname": host})


def origin_of(address: str) -> str:
    """Scheme, host and port, as `Target` compares them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_public(machine: str) -> bool:
    try:
        found = ipaddress.ip_address(machine.partition("%")[0])
    except ValueError:
        return False
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (inner or found).is_global and not (inner or found).is_multicast


def _exchange(
    method: str,
    target: Target,
    sent: dict[str, Any],
    keep: Callable[[bytes], None],
    limit: int,
    seconds: float,
) -> httpx2.Response:
    """One request and its answer, whatever its status; the body goes to `keep`."""
    late, host = threading.Event(), target.headers.get("Host") or _host(target.address)
    sent = {**sent, "headers": {**sent["headers"], **target.headers}}
    size = 0
    try:
        with (
            httpx2.Client(timeout=STEP_S, follow_redirects=False, trust_env=False) as client,
            _ended(client, late, seconds),
            client.stream(
                method, target.address, extensions=dict(target.extensions), **sent
            ) as response,
        ):
            for part in response.iter_bytes():
                size += len(part)
                if size > limit:
                    raise FileTooLarge(f"{host} answered more than {limit / 1e6:g} MB")
                keep(part)
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, RuntimeError) as exc:
        if late.is_set():
            raise PlatformFault(f"{host} took longer than {seconds:g} s") from None
        why = str(exc) or type(exc).__name__
        raise PlatformFault(f"{host} cannot be reached: {why[:_SAID]}") from None
    return response


def _refusal(address: str, response: httpx2.Response, data: bytes) -> PlatformFault:
    said = data.decode("utf-8", "replace").strip()[:_SAID]
    return PlatformFault(
        f"{_host(address)} answered {response.status_code}{': ' if said else ''}{said}",
        response.status_code,
    )


@contextmanager
def _ended(client: httpx2.Client, late: threading.Event, seconds: float) -> Iterator[None]:
    """Close the connection after so many seconds.

    The client's own limits are for each step: an answer that came byte by byte would never end.
    """

    def end() -> None:
        late.set()
        client.close()

    timer = threading.Timer(seconds, end)
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
