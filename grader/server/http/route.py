"""What an address of the server is: its path, its endpoint, and whom it is open to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from grader.server.http.calls import Call
from grader.server.records import Role

FORM_BYTES = 64 << 10
GET, POST = ("GET",), ("POST",)


class Who(StrEnum):
    """Whom a route is open to."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    STUDENT = "student"
    STAFF = "staff"
    OWNER = "owner"

    def lets_in(self, role: Role | None) -> bool:
        """Whether somebody of that role may use it; None for nobody who is known."""
        match self:
            case Who.ANYBODY:
                return True
            case Who.SIGNED_IN:
                return role is not None
            case Who.STUDENT:
                return role is Role.STUDENT
            case Who.STAFF:
                return role is not None and role.is_staff
            case Who.OWNER:
                return role is Role.OWNER


@dataclass(frozen=True)
class Route:
    """One address.

    path: as Starlette writes it. A method other than GET changes something, so it needs the form's
    token `csrf` (or the header X-CSRF-Token), unless a personal token signs in. api: for programs,
    with a personal token too; its errors are always JSON. streams: the endpoint is async, reads the
    body itself and calls `csrf.require_csrf` with the token that the body's first part holds.
    limit: of the body in bytes otherwise. heavy: it reads a whole submission, and only a few such
    requests are answered at a time. page: of a form, the name of the route whose page has it: a
    form that is refused comes back on it as it was filled in. ticket: instead of the form's token
    the endpoint verifies something that the server signed. outside: the form comes from another
    site's page, so that such a ticket is all that stands for it.
    """

    path: str
    methods: tuple[str, ...]
    endpoint: Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
    who: Who
    name: str
    api: bool = False
    streams: bool = False
    limit: int = FORM_BYTES
    heavy: bool = False
    page: str = ""
    ticket: bool = False
    outside: bool = False
