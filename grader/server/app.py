"""The web application of a site."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from grader.server.dispatch import handler
from grader.server.guard import Guard, problem_of, respond
from grader.server.problems import Problem
from grader.server.routes import ROUTES
from grader.server.site import Site


def create_app(site: Site) -> Starlette:
    """The application, for uvicorn or any other ASGI server. The site stays open."""

    def problem(request: Request, exc: Exception) -> Response:
        return respond(site, request, problem_of(site, exc))

    app = Starlette(
        routes=[
            StarletteRoute(
                route.path, handler(site, route), methods=list(route.methods), name=route.name
            )
            for route in ROUTES
        ],
        middleware=[Middleware(Guard, site)],
        exception_handlers={Problem: problem, HTTPException: problem},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app
