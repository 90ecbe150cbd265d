"""What can be wrong with a request, as an answer: a fact and a remedy, as a page and as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

TITLES = {
    400: "This request cannot be understood",
    401: "Please sign in",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "This cannot be done here",
    408: "The request came too slowly",
    409: "Something has changed meanwhile",
    410: "This is no longer there",
    413: "That is too large",
    415: "This kind of content is not taken here",
    421: "This is not the server's address",
    422: "This cannot be used",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "The server cannot answer just now",
    507: "The server's disk is full",
}


class Problem(Exception):
    """An answer that is not what was asked for. Raise it anywhere below an endpoint.

    status: of HTTP. detail: whole sentences for whoever asked, a fact and a remedy. title: the
    page's heading; by default the usual one of the status. headers: of the answer, such as
    Retry-After. field: of a form, with which something is wrong; "" for the whole of it.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        title: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        field: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.title = title or TITLES.get(status, TITLES[400 if status < 500 else 500])
        self.headers = dict(headers)
        self.field = field

    @property
    def as_json(self) -> dict[str, object]:
        """As application/problem+json has it (RFC 9457)."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


def sentence(message: str) -> str:
    """An error's message, "a fact; a remedy", as a sentence on a page.

    The name of a file or a machine at its beginning stays as it is.
    """
    if not re.match(r"\S*[.:/_]\w", message):
        message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "?", "!")) else message + "."


def not_found() -> Problem:
    """The same for what does not exist and for what belongs to somebody else."""
    return Problem(
        404,
        "This page does not exist, or it does not belong to you. "
        "Check the address, or begin again at the start page.",
    )


def unavailable() -> Problem:
    """For when the database or the course's files cannot be used for the moment."""
    return Problem(
        503,
        "The server cannot reach its data just now. Nothing that you have handed in is lost. "
        "Please try again in a minute.",
        headers={"Retry-After": "10"},
    )


def unreadable(why: str) -> Problem:
    """For when a homework's files cannot be used. why: what is wrong, for staff; "" for others."""
    if why:
        detail = (
            f"{sentence(why)} Pages that need this homework come back when it is corrected. "
            "Nothing that was handed in is lost."
        )
    else:
        detail = (
            "The files of a homework cannot be used just now. Nothing that was handed in is lost. "
            "Try again later, and tell the course's staff if it goes on."
        )
    return Problem(503, detail, headers={"Retry-After": "60"})
