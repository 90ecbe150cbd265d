"""Around the whole application: its path, its hosts, its headers, and what happens on errors."""

from __future__ import annotations

import math
import secrets
import time

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader._internal.log import logger
from grader.errors import CourseError, GraderFault, SpecError, StorageFailed, TooMany
from grader.server.http.calls import link, page
from grader.server.problems import Problem, not_found, sentence, unavailable, unreadable
from grader.server.records import Account
from grader.server.site.site import Site, host_of

log = logger("server")

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A browser then names the origin of our own forms, which `no-referrer` would hide.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
YEAR_S = 365 * 24 * 3600


class Guard:
    """ASGI middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site
        self.headers = dict(HEADERS)
        if site.is_secure:
            self.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1000})
            return
        began, status, started = time.monotonic(), 500, False

        async def send_guarded(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                self._add_headers(message)
            await send(message)

        request = Request(self._rooted(scope), receive)
        try:
            problem = self._stranger(request)
            if problem is not None:
                await respond(self.site, request, problem)(request.scope, receive, send_guarded)
                return
            await self.app(request.scope, receive, send_guarded)
        except Exception as exc:
            if started:  # half of an answer is out: only ending the connection says that it failed
                raise
            response = respond(self.site, request, problem_of(self.site, exc, reader_of(request)))
            await response(request.scope, receive, send_guarded)
        finally:
            self._note(request, status, time.monotonic() - began)

    def _rooted(self, scope: Scope) -> Scope:
        """Below the root path, whether the proxy has taken it off or not."""
        root, path = self.site.root_path, scope["path"]
        if path == root:
            path = root + "/"
        elif root and not path.startswith(root + "/"):
            path = root + path
        return {**scope, "path": path, "root_path": root}

    def _stranger(self, request: Request) -> Problem | None:
        """For a request that names another host: see DNS rebinding.

        What watches over servers asks for /healthz by number, and it tells nothing.
        """
        if request.scope["path"] == f"{self.site.root_path}/healthz":
            return None
        if host_of(request.headers.get("host", "")) in self.site.hosts:
            return None
        return Problem(421, f"This server answers at {self.site.address} only; go there.")

    def _add_headers(self, message: Message) -> None:
        there = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [
            *message["headers"],
            *(
                (name.lower().encode(), value.encode())
                for name, value in self.headers.items()
                if name.lower().encode() not in there
            ),
        ]

    def _note(self, request: Request, status: int, took_s: float) -> None:
        # The route's name and not the path, in which an invitation's secret may be.
        route = getattr(request.state, "route", None)
        name = route.name if route else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        self.site.metrics.count(name, method, status, took_s)
        log.info("%s %s: %d in %.0f ms", method, name, status, took_s * 1000)


def problem_of(site: Site, exc: Exception, reader: Account | None = None) -> Problem:
    """What to say of an exception; whatever is our fault is in the log, and there alone.

    reader: who is told, if they are signed in. Only staff can do something about the course's
    files, and are told what is wrong with them.
    """
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, HTTPException):
        if exc.status_code == 404:
            return not_found()
        detail = "This address takes no such request. Go back and use the page's own buttons."
        return Problem(exc.status_code, detail, headers=dict(exc.headers or {}))
    if isinstance(exc, TooMany):
        wait_s = max(1, math.ceil((exc.retry_at - site.clock()).total_seconds()))
        return Problem(429, sentence(str(exc)), headers={"Retry-After": str(wait_s)})
    if isinstance(exc, StorageFailed):
        log.error("%s", exc)
        return Problem(
            507,
            "The server cannot store files just now, so nothing was handed in. Keep your files, "
            "try again in a few minutes, and tell the course's staff if it goes on.",
            headers={"Retry-After": "60"},
        )
    if isinstance(exc, CourseError | SpecError | SQLAlchemyError):
        log.error("the course cannot be used: %s", exc)
        if isinstance(exc, SpecError):
            return unreadable(str(exc) if reader is not None and reader.role.is_staff else "")
        return unavailable()
    number = secrets.token_hex(4)
    if isinstance(exc, GraderFault):
        log.error("error %s: %s", number, exc)
    else:
        log.error("error %s", number, exc_info=exc)
    return Problem(
        500,
        "This is not your fault, and nothing that you have handed in is lost. Try again; if it "
        f"happens again, tell the course's staff the number {number}, by which they find the "
        "reason.",
    )


def reader_of(request: Request) -> Account | None:
    """Who is signed in, as far as it is known."""
    visit = getattr(request.state, "visit", None)
    return None if visit is None else visit.account


def respond(site: Site, request: Request, problem: Problem) -> Response:
    """A problem as a page, or as JSON for a program."""
    if wants_json(request):
        response: Response = JSONResponse(
            problem.as_json, problem.status, media_type="application/problem+json"
        )
        response.headers.update(problem.headers)
        return response
    visit = getattr(request.state, "visit", None)
    values = {
        "problem": problem,
        "written": _written(request),
        "form_page": _form_page(site, request, problem),
    }
    return page(request, site, visit, "problem.html.j2", problem.status, problem.headers, values)


def _written(request: Request) -> list[str]:
    """What stood in the form that was sent, as far as somebody wrote it: more than one word."""
    form = getattr(request.state, "form", None)
    return [] if form is None else [text for text in form.fields.values() if len(text.split()) > 1]


def _form_page(site: Site, request: Request, problem: Problem) -> str:
    """The address of the page of the form that was sent; "" where it would not help."""
    route, params = getattr(request.state, "route", None), request.path_params
    if route is None or not route.page or problem.status in (401, 403, 404):
        return ""
    there = request.app.state.by_name[route.page]
    return link(site, request, route.page, **{key: params[key] for key in there.param_convertors})


def wants_json(request: Request) -> bool:
    """Whether it is a program that asks."""
    route = getattr(request.state, "route", None)
    if route is not None and route.api:
        return True
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept
