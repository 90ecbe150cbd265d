"""The web application of a site."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from grader.server.dispatch import handler
from grader.server.http.guard import Guard, problem_of, reader_of, respond
from grader.server.problems import Problem
from grader.server.routes import ROUTES, Route
from grader.server.site.site import Site


def create_app(site: Site, table: Sequence[Route] = ROUTES) -> Starlette:
    """The application, for uvicorn or any other ASGI server. The site stays open.

    table: what it serves.
    """

    def problem(request: Request, exc: Exception) -> Response:
        return respond(site, request, problem_of(site, exc, reader_of(request)))

    app = Starlette(
        routes=[
            StarletteRoute(
                route.path, handler(site, route), methods=list(route.methods), name=route.name
            )
            for route in table
        ],
        middleware=[*_other_pages(site), Middleware(Guard, site)],
        exception_handlers={Problem: problem, HTTPException: problem},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    routes = (each for each in app.routes if isinstance(each, StarletteRoute))
    app.state.by_name = {each.name: each for each in routes}
    return app


def _other_pages(site: Site) -> list[Middleware]:
    """Lets pages of the origins that the course has named read answers, without any cookie."""
    if not site.settings.web_pages:
        return []
    cors = Middleware(
        CORSMiddleware,
        allow_origins=site.settings.web_pages,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=3600,
    )
    return [cors]
