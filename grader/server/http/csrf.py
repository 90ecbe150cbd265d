"""Whether a form was sent from our own page, and from this visit of whoever is signed in."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from grader.server.problems import Problem
from grader.server.records import Visit
from grader.server.site.site import Site


class EarlierVisit(Problem):
    """A form that was sent from our own page, with the token of a session that has ended."""

    def __init__(self) -> None:
        super().__init__(
            403,
            "This form is from an earlier visit, so nothing was done. "
            "Look at the page as it is now, and send it again.",
        )


class OthersForm(Problem):
    """A form of somebody else, who was signed in in this browser before."""

    def __init__(self) -> None:
        super().__init__(
            403,
            "This form is from a page of somebody else, who was signed in in this browser before, "
            "so nothing was done. Close their page, and begin again on yours.",
        )


def same_site(site: Site, request: Request, *, signed_by_token: bool = False) -> None:
    """Raises Problem for a form that was sent from another site's page.

    Every browser says one of both headers. A program that signs in by a token need not: nobody
    can make a browser send a token. Pages whose origin the course has named send one, too.
    """
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if signed_by_token and fetched is None and origin is None:
        return
    if signed_by_token and origin in site.settings.web_pages:
        return
    if fetched in ("same-origin", "none"):
        return
    if fetched is None and origin is not None and origin in _own_origins(site, request):
        return
    raise Problem(
        403,
        "This form was sent from another website's page, so nothing was done. "
        "Open the page here and send the form again.",
    )


def _own_origins(site: Site, request: Request) -> set[str]:
    """The address, and the one on this machine under which it was asked just now."""
    return {site.origin, f"{request.url.scheme}://{request.headers.get('host', '')}"}


def require_csrf(request: Request, visit: Visit, token: str) -> None:
    """Raises EarlierVisit unless the form came with the session's token, and OthersForm if the
    token is another person's: nobody else may read what they wrote, or send it as their own.

    A personal token needs none. A route that streams calls it with its body's first part.
    """
    if not visit.session:
        return
    given = token or request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), visit.csrf.encode()):
        whose, dot, _ = given.partition(".")
        if dot and whose != str(visit.account.key):
            request.state.form = None
            raise OthersForm
        raise EarlierVisit
