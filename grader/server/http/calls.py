"""One request as an endpoint gets it: what came, who sent it, and how to answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import NoMatchFound

from grader.server.problems import Problem, not_found
from grader.server.records import Account, Visit
from grader.server.site.site import Site

MESSAGE_COOKIE = "grader_message"
_MESSAGE_S = 60


@dataclass(frozen=True)
class Call:
    """One request. An endpoint takes it and returns a Response, or raises Problem.

    visit: who is signed in, None for nobody. form: what a form sent; of a name that came twice, the
    last. body: as it came, for other kinds of content; both are empty where the route streams.
    at: when all of it had come, whatever it waits for then.
    """

    request: Request
    site: Site
    visit: Visit | None
    form: Mapping[str, str]
    body: bytes = b""
    at: datetime = field(kw_only=True)

    @property
    def account(self) -> Account:
        """Who is signed in. Only for routes that are open to nobody else."""
        if self.visit is None:
            raise Problem(401, "Sign in to see this page.")
        return self.visit.account

    @property
    def params(self) -> Mapping[str, Any]:
        """The parts of the path that its route names."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark; of a name that is there twice, the last."""
        return self.request.query_params

    def number(self, name: str) -> int:
        """A row's number in the path. What cannot be one is not found."""
        text = str(self.params[name])
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise not_found()
        return int(text)

    def field(self, name: str, *, longest: int = 1000) -> str:
        """What a form's field says, without spaces around it; "" if it is not there."""
        text = self.form.get(name, "").strip()
        if len(text) > longest:
            raise Problem(
                422,
                f"The field {name!r} takes at most {longest} characters; shorten it.",
                field=name,
            )
        return text

    def json(self) -> Mapping[str, Any]:
        """The body as a JSON object."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Problem(400, "The body is not JSON; send a JSON object.") from None
        if not isinstance(value, dict):
            raise Problem(400, "The body is JSON, but not an object; send a JSON object.")
        return value

    def link(self, name: str, /, **params: object) -> str:
        """The address of a route by its name, below this site. Raises KeyError for no such one.

        Parameters that are not in its path go behind the question mark.
        """
        return link(self.site, self.request, name, **params)

    def absolute(self, name: str, /, **params: object) -> str:
        """The whole address, for use outside of the browser."""
        return self.site.origin + self.link(name, **params)

    def page(
        self,
        template: str,
        /,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """A page from a template, which extends site.html.j2.

        It knows `site`, `account` (None for nobody), `csrf`, `link`, `here` (the path) and
        `message`, and the values given.
        """
        return page(self.request, self.site, self.visit, template, status, headers, values)

    def answer(self, value: object, status: int = 200) -> Response:
        """JSON."""
        return JSONResponse(value, status)

    def go(self, name: str, /, message: str = "", **params: object) -> Response:
        """Send the browser to another page after a form. message: what it says at its top."""
        response = RedirectResponse(self.link(name, **params), 303)
        if message:
            response.set_cookie(
                MESSAGE_COOKIE,
                signed_message(self.site, message),
                max_age=_MESSAGE_S,
                path=self.site.root_path or "/",
                secure=self.site.is_secure,
                httponly=True,
                samesite="lax",
            )
        return response


def link(site: Site, request: Request, name: str, /, **params: object) -> str:
    """See `Call.link`."""
    route = request.app.state.by_name[name]
    inside = {key: params.pop(key) for key in route.param_convertors}
    try:
        path = str(route.url_path_for(name, **inside))
    except NoMatchFound:
        raise KeyError(name) from None
    query = f"?{urlencode(params)}" if params else ""
    return site.root_path + quote(path, safe="/:@~!$&'()*+,;=-._") + query


def page(
    request: Request,
    site: Site,
    visit: Visit | None,
    template: str,
    status: int,
    headers: Mapping[str, str] | None,
    values: Mapping[str, object],
) -> Response:
    """See `Call.page`."""

    def linked(name: str, /, **params: object) -> str:
        return link(site, request, name, **params)

    said = read_message(site, request.cookies.get(MESSAGE_COOKIE, ""))
    known = {
        "site": site,
        "account": visit.account if visit else None,
        "csrf": visit.csrf if visit else "",
        "link": linked,
        "here": request.url.path,
        "message": said,
    }
    text = site.pages.get_template(template).render({**known, **values})
    response = HTMLResponse(text.encode("utf-8", "replace"), status, headers)
    if MESSAGE_COOKIE in request.cookies:
        response.delete_cookie(MESSAGE_COOKIE, path=site.root_path or "/")
    return response


def signed_message(site: Site, text: str) -> str:
    """A message for the next page, so that nobody else can have it shown."""
    packed = base64.urlsafe_b64encode(text[:500].encode("utf-8", "replace")).decode()
    return f"{packed}.{site.keys.sign('message', packed)}"


def read_message(site: Site, cookie: str) -> str:
    """What `signed_message` wrote; "" for anything else."""
    packed, _, signature = cookie.partition(".")
    if not packed or not packed.isascii() or not site.keys.verify("message", packed, signature):
        return ""
    return base64.urlsafe_b64decode(packed).decode("utf-8", "replace")
