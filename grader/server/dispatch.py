"""Between a route and its endpoint: who asks, whether they may, and what they sent."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import cast
from urllib.parse import parse_qsl

import anyio
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from grader.errors import GraderError
from grader.server.http.calls import Call
from grader.server.http.cookies import session_secret
from grader.server.http.csrf import EarlierVisit, require_csrf, same_site
from grader.server.http.refusals import refilled
from grader.server.http.route import GET
from grader.server.http.uploads import Form
from grader.server.problems import Problem, not_found
from grader.server.records import Visit
from grader.server.routes import ROUTES, Route, Who
from grader.server.site.limits import ADDRESS, PERSON
from grader.server.site.site import Site

BODY_S = 30.0
MOST_FIELDS = 500
SAFE = frozenset({"GET", "HEAD"})
FORM = "application/x-www-form-urlencoded"


def handler(site: Site, route: Route) -> Callable[[Request], Awaitable[Response]]:
    """What Starlette calls for a route."""

    async def handle(request: Request) -> Response:
        request.state.route = route
        if any("\0" in str(value) for value in request.path_params.values()):
            raise not_found()  # nothing has such a name, and PostgreSQL takes no such text
        try:
            visit = await run_sync(_visit, site, route, request)
        except Problem:
            _count(site, route, request, None)  # a token that is none counts for its address
            raise
        request.state.visit = visit
        _count(site, route, request, visit)
        try:
            _admit(route, visit)
        except Problem:
            await _keep_written(site, route, request)
            raise
        body = b"" if route.streams else await _read(request, route)
        form = _form(request, body)
        if request.method not in SAFE:
            if not route.outside:
                same_site(site, request, signed_by_token=_bearer(request) is not None)
            if not (route.streams or route.outside):
                request.state.form = Form(dict(form), (), {})
        call = Call(request, site, visit, form, body, at=site.clock())
        try:
            if request.method not in SAFE and not (route.streams or route.ticket or not visit):
                require_csrf(request, visit, form.get("csrf", ""))
            return await _answer(site, route, call)
        except Problem as problem:
            sent = getattr(request.state, "form", None) or Form({}, (), {})
            if not (route.page and _comes_back(problem, sent)):
                raise
            again = await run_sync(_form_again, route, call, sent, problem, limiter=site.heavy)
            if again is None:
                raise
            return again

    return handle


def _comes_back(problem: Problem, sent: Form) -> bool:
    """Whether a form that was refused comes back as it was filled in.

    Of files that are too large nothing was read, but it is known in which field they were.
    """
    if problem.status == 413:
        return bool(problem.field)
    again = problem.status in (409, 422) or isinstance(problem, EarlierVisit)
    return again and bool(sent.fields)


async def _keep_written(site: Site, route: Route, request: Request) -> None:
    """Keep what stands in a form that is refused unread, such as after a session has ended: its
    page is told what was written, so that nobody has to write it again."""
    if request.method in SAFE or route.streams or route.outside or route.api:
        return
    with contextlib.suppress(Problem):
        same_site(site, request)
        request.state.form = Form(dict(_form(request, await _read(request, route))), (), {})


async def _answer(site: Site, route: Route, call: Call) -> Response:
    if inspect.iscoroutinefunction(route.endpoint):
        return cast(Response, await route.endpoint(call))
    endpoint = cast(Callable[[Call], Response], route.endpoint)
    if route.heavy and call.visit is not None:
        async with site.turns.alone(call.visit.account.key):
            return await run_sync(endpoint, call, limiter=site.heavy)
    return await run_sync(endpoint, call)


def _form_again(route: Route, call: Call, sent: Form, problem: Problem) -> Response | None:
    """The page of a form that was refused, as it was filled in; None where there is none."""
    page = next(each for each in ROUTES if each.name == route.page)
    try:
        answer = cast(Callable[[Call], Response], page.endpoint)(call)
    except (Problem, GraderError):
        return None  # what the form is about is gone: the problem alone is told
    text = refilled(
        bytes(answer.body).decode(),
        call.link(route.name, **call.params),
        sent.fields,
        problem.field,
        problem.detail,
        sent.chosen,
    )
    if text is None:
        return None
    answer.body, answer.status_code = text.encode("utf-8", "replace"), problem.status
    answer.headers["content-length"] = str(len(answer.body))
    return answer


def _bearer(request: Request) -> str | None:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


def _visit(site: Site, route: Route, request: Request) -> Visit | None:
    """Who asks. Raises Problem for a token that does not work."""
    secret = _bearer(request)
    if secret is None:
        cookie = session_secret(site, request)
        return site.accounts.visit(cookie) if cookie else None
    if not route.api:
        raise Problem(401, "A personal token is for programs; sign in here with a browser.")
    account = site.accounts.by_token(secret)
    if account is None:
        raise Problem(
            401,
            "This personal token is unknown, expired or revoked; make another one on your "
            "account's page.",
            headers={"WWW-Authenticate": 'Bearer realm="grader"'},
        )
    return Visit(account, csrf="", session="")


def _count(site: Site, route: Route, request: Request, visit: Visit | None) -> None:
    """Raises Problem for who has asked too often."""
    if visit is not None:
        key, allowance = f"account {visit.account.key}", PERSON
    else:
        key, allowance = f"address {request.client.host if request.client else ''}", ADDRESS
    wait_s = 0 if route.name == "static" else site.limiter.wait_s(key, allowance, site.clock())
    if wait_s:
        raise Problem(
            429,
            "You have sent too many requests in a short time; try again in "
            f"{wait_s} second{'' if wait_s == 1 else 's'}.",
            headers={"Retry-After": str(wait_s)},
        )


def _admit(route: Route, visit: Visit | None) -> None:
    """Raises Problem unless the route is open to them."""
    if route.who.lets_in(visit.account.role if visit else None):
        return
    if visit is None:
        headers = {"WWW-Authenticate": 'Bearer realm="grader"'} if route.api else {}
        if route.api or route.methods == GET:
            raise Problem(401, "Sign in to see this page.", headers=headers)
        raise Problem(
            401, "You are not signed in any more, so nothing was done. Sign in and do it again."
        )
    whom = "students" if route.who is Who.STUDENT else "the course's staff"
    raise Problem(403, f"This page is for {whom}. You are signed in as {visit.account.called}.")


async def _read(request: Request, route: Route) -> bytes:
    """The body, within the route's limit and within BODY_S."""
    if request.method in SAFE:
        return b""
    too_large = Problem(
        413, f"A form on this page may have at most {route.limit >> 10} KB; send less."
    )
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > route.limit:
        raise too_large
    parts, size = [], 0
    try:
        with anyio.fail_after(BODY_S):
            async for part in request.stream():
                size += len(part)
                if size > route.limit:
                    raise too_large
                parts.append(part)
    except TimeoutError:
        raise Problem(408, "The form did not arrive in time; send it again.") from None
    except ClientDisconnect:
        raise Problem(400, "The connection ended before the form had arrived.") from None
    return b"".join(parts)


def _form(request: Request, body: bytes) -> Mapping[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body or kind != FORM:
        return {}
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        if any("\0" in name + value for name, value in pairs):
            raise ValueError("PostgreSQL stores no such text")
    except ValueError:
        raise Problem(
            400, "The form cannot be read; load the page again and send it again."
        ) from None
    return dict(pairs)
