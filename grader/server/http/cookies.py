"""The session's cookie: its name, and setting and deleting it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grader.server.records import Account
from grader.server.site.site import Site

DAY_S = 24 * 3600


def cookie_name(site: Site) -> str:
    """With the prefix a browser takes it from nobody but this very host, by https."""
    return "__Host-grader" if site.is_secure and not site.root_path else "grader_session"


def session_secret(site: Site, request: Request) -> str:
    """What the browser sent; "" for nothing."""
    return request.cookies.get(cookie_name(site), "")


def start_session(site: Site, request: Request, response: Response, account: Account) -> None:
    """Sign `account` in, with a new secret, and end the session that this browser had."""
    old = session_secret(site, request)
    if old:
        site.accounts.close_session(old)
    secret, _ = site.accounts.open_session(account)
    response.set_cookie(
        cookie_name(site),
        secret,
        max_age=site.settings.session_days * DAY_S,
        path=site.root_path or "/",
        secure=site.is_secure,
        httponly=True,
        samesite="lax",
    )


def end_session(site: Site, request: Request, response: Response) -> None:
    """Sign this browser out."""
    secret = session_secret(site, request)
    if secret:
        site.accounts.close_session(secret)
    response.delete_cookie(
        cookie_name(site),
        path=site.root_path or "/",
        secure=site.is_secure,
        httponly=True,
        samesite="lax",
    )
