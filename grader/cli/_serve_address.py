"""Where people reach the server that `serve` starts, and to which `serve invite` makes links."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course

PORT = 8000
LOOPBACK = "127.0.0.1"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def named_host(host: str) -> str:
    """A host as an address names it."""
    return f"[{host}]" if ":" in host else host


def address_of(course: Course, local: str, root_path: str, demo: bool) -> str:
    """Where people reach the server. Raises UsageError."""
    address = (None if demo else course.settings.server.address) or local
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            f"address {address!r} in [tool.grader.server] is no address of a website; "
            "write it as https://grader.example.edu"
        )
    path = root_path.strip("/")
    there = parts.path.strip("/")
    if path and there and path != there:
        raise UsageError(
            f"--root-path {root_path} and the path of the address {address} differ; "
            "leave out --root-path"
        )
    path = path or there
    if path and not _usable_path(path):
        raise UsageError(
            f"the path /{path} cannot be told from one of the server's own pages, or contains "
            "signs that a path has to encode; take one such as /ml"
        )
    return f"{parts.scheme}://{parts.netloc}" + (f"/{path}" if path else "")


def _usable_path(path: str) -> bool:
    """Whether the server's pages may be below it, even if a proxy takes it off."""
    from grader.server.routes import ROUTES

    ours = {route.path.split("/")[1] for route in ROUTES}
    pieces = path.split("/")
    return pieces[0] not in ours and all(
        re.fullmatch(r"[\w~-][\w.~-]*", piece, re.ASCII) for piece in pieces
    )
