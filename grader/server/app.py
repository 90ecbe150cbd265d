"""The web application of a site."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from grader.server.dispatch import handler
from grader.server.guard import Guard, problem_of, respond
from grader.server.problems import Problem
from grader.server.routes import ROUTES, Route
from grader.server.site import Site


def create_app(site: Site, table: Sequence[Route] = ROUTES) -> Starlette:
    """The application, for uvicorn or any other ASGI server. The site stays open.

    table: what it serves.
    """

    def problem(request: Request, exc: Exception) -> Response:
        return respond(site, request, problem_of(site, exc))

    app = Starlette(
        routes=[
            StarletteRoute(
                route.path, handler(site, route), methods=list(route.methods), name=route.name
            )
            for route in table
        ],
        middleware=[Middleware(Guard, site)],
        exception_handlers={Problem: problem, HTTPException: problem},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app
