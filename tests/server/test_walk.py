"""Every route as everybody: the table says whom it is open to, and nobody else gets in.

The routes are those of the application, so that a new one is walked as soon as it is there.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from serving import Serving
from starlette.testclient import TestClient

from grader.server.app import create_app
from grader.server.records import Role
from grader.server.routes import ROUTES, Route, Who

ROLES: dict[str | None, Role | None] = {
    None: None,
    "ada": Role.STUDENT,
    "max": Role.MARKER,
    "olga": Role.OWNER,
}
# What fills a parameter where nothing of that kind is there: nobody may get anything by it.
NOTHING = "0"


def address(route: Route) -> str:
    return re.sub(r"\{[^}]+\}", NOTHING, route.path)


def every_method() -> list[Any]:
    return [
        pytest.param(route, method, id=f"{method} {route.path}")
        for route in ROUTES
        for method in route.methods
    ]


def ask(client: TestClient, route: Route, method: str, **more: Any) -> Any:
    return client.request(method, address(route), **more)


@pytest.mark.parametrize(("route", "method"), every_method())
def test_a_route_is_open_to_those_whom_its_row_names(
    walked: Serving, route: Route, method: str
) -> None:
    for name, role in ROLES.items():
        client = walked.signed_in(name)
        answer = ask(client, route, method)
        where = f"{method} {route.path} as {name}: {answer.status_code}"
        if not route.who.lets_in(role):
            assert answer.status_code == (401 if role is None else 403), where
        elif method == "GET":
            assert answer.status_code in (200, 303, 404, 410), where
            assert answer.status_code != 303 or answer.headers["location"].startswith("/"), where
        elif role is not None:
            # No form was loaded before: whoever is signed in has to send its token.
            # A body that streams is not read for what is not there.
            known = (403, 404, 413, 415) if route.streams else (403,)
            assert answer.status_code in known, where
        assert "Traceback" not in answer.text, where


@pytest.mark.parametrize(("route", "method"), every_method())
def test_a_form_of_another_website_does_nothing(walked: Serving, route: Route, method: str) -> None:
    if method == "GET":
        return
    stranger = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    old = {"sec-fetch-site": "", "origin": "https://elsewhere.example"}
    for name, role in ROLES.items():
        client = walked.signed_in(name)
        for headers in (stranger, old):
            answer = ask(client, route, method, headers=headers)
            expected = 403 if route.who.lets_in(role) or role is not None else 401
            assert answer.status_code == expected, f"{route.path} as {name}"


@pytest.mark.parametrize(("route", "method"), every_method())
def test_every_answer_has_the_headers_that_guard_it(
    walked: Serving, route: Route, method: str
) -> None:
    answer = ask(walked.signed_in("olga"), route, method)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    if route.name != "static":
        assert answer.headers["cache-control"] == "no-store"


@pytest.fixture(scope="module")
def token(walked: Serving) -> str:
    """A personal token of ada."""
    return walked.site.accounts.new_token(walked.account("ada"), "walk")


@pytest.mark.parametrize(("route", "method"), every_method())
def test_a_token_signs_in_to_programs_routes_alone(
    walked: Serving, token: str, route: Route, method: str
) -> None:
    answer = ask(walked.client(), route, method, headers={"authorization": f"Bearer {token}"})
    if not route.api:
        assert answer.status_code == 401
    elif not route.who.lets_in(Role.STUDENT):
        assert answer.status_code == 403
    else:
        assert answer.status_code not in (401, 403)
    if route.api and answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_application_has_no_route_beside_the_table(walked: Serving) -> None:
    app = create_app(walked.site)
    there = {(route.path, route.name) for route in app.routes}  # type: ignore[attr-defined]
    assert there == {(route.path, route.name) for route in ROUTES}


def test_names_of_routes_are_used_once() -> None:
    names = [route.name for route in ROUTES]
    assert sorted(set(names)) == sorted(names)


def test_what_changes_something_is_no_get() -> None:
    """Every other method is guarded by a token; a form's answer must not come from a link."""
    assert {method for route in ROUTES for method in route.methods} <= {
        "GET", "POST", "PUT", "DELETE",
    }  # fmt: skip
    assert all(len(set(route.methods)) == 1 for route in ROUTES)


def test_an_unknown_path_is_a_page_for_everybody(walked: Serving) -> None:
    for name in ROLES:
        for path in ("/nothing", "/static/../pyproject.toml", "/..%2f..%2fetc/passwd", "/%00"):
            answer = walked.signed_in(name).get(path)
            assert answer.status_code == 404, path
            assert "This page does not exist" in answer.text


def test_a_page_is_for_a_role_that_the_table_knows() -> None:
    assert {who.lets_in(None) for who in Who if who is not Who.ANYBODY} == {False}
