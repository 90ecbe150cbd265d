"""Which addresses of a platform are asked, or get anything from us."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_safe(address: str) -> bool:
    """Whether nobody between can change what is said there: https, or on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.username is not None or not host or any(not " " < each < "\x7f" for each in address):
        return False
    here = host in ("127.0.0.1", "::1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and here)
