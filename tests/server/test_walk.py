"""Every route as everybody: the table says whom it is open to, and nobody else gets in.

The routes are those of the application, so that a new one is walked as soon as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from making import DEMO_RIGHT, write_course, zipped
from serving import Serving, csrf_of, serving
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
PARAMETER = re.compile(r"\{([^}:]+)[^}]*\}")
OWN = {"key", "id"}  # parameters that name something of one person


@dataclass(frozen=True)
class Walk:
    """A course in which ada has handed in; bob, another student, has nothing.

    examples: for each parameter of a path something of ada's, of the course's, or of nobody's.
    """

    served: Serving
    browsers: Mapping[str | None, TestClient]
    token: str
    examples: Mapping[str, str]

    def address(self, route: Route) -> str:
        return PARAMETER.sub(lambda found: self._example(route, found[1]), route.path)

    def _example(self, route: Route, parameter: str) -> str:
        found = self.examples.get(f"{route.name} {parameter}") or self.examples.get(parameter)
        assert found, f"a new route has {{{parameter}}}, of which `examples` has none; add one"
        return found

    def ask(self, name: str | None, route: Route, method: str, **more: Any) -> httpx2.Response:
        # Else there would be more requests in no time at all than one address may send.
        self.served.clock.pass_by(seconds=1)
        return self.browsers[name].request(method, self.address(route), **more)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with serving(write_course(tmp_path_factory.mktemp("walk") / "course")) as served:
        site, ada = served.site, served.account("ada")
        site.stopping.set()  # else the answer that tells how grading goes on would not end
        data = zipped({"demo.py": DEMO_RIGHT})
        sha256 = site.blobs.put(data)
        made = site.hand_ins.accept("demo", ada, sha256, len(data))
        draft = site.hand_ins.add_draft("demo", ada, sha256, len(data))
        token = site.accounts.new_token(ada, "walk")
        [kept] = site.accounts.tokens(ada)
        style = site.static["style.css"]
        examples = {
            "name": "demo",
            "key": str(made.key),
            "id": draft.id,
            "file": "demo.py",
            "question": "why",
            "place": "0",
            "secret": "of-nobody",
            "person": str(ada.student),
            "comment": "1",
            "account": str(ada.key),
            "static name": style.name,
            "version": style.version,
            "revoke_token key": str(kept.key),
        }
        browsers = {name: served.signed_in(name) for name in (*ROLES, "bob")}
        yield Walk(served, browsers, token, examples)


every_method = pytest.mark.parametrize(
    ("route", "method"),
    [
        pytest.param(route, method, id=f"{method} {route.path}")
        for route in ROUTES
        for method in route.methods
    ],
)


@every_method
def test_a_route_is_open_to_those_whom_its_row_names(walk: Walk, route: Route, method: str) -> None:
    for name, role in ROLES.items():
        answer = walk.ask(name, route, method)
        where = f"{method} {route.path} as {name}: {answer.status_code}"
        if not route.who.lets_in(role):
            assert answer.status_code == (401 if role is None else 403), where
        elif method == "GET":
            assert answer.status_code in (200, 303, 400, 404, 409, 410), where
            assert answer.status_code != 303 or answer.headers["location"].startswith("/"), where
        elif role is not None:
            # No form was loaded before: whoever is signed in has to send its token.
            assert answer.status_code in (400, 403, 413, 415, 422), where
        assert "Traceback" not in answer.text, where


@every_method
def test_what_belongs_to_somebody_else_is_not_there(walk: Walk, route: Route, method: str) -> None:
    """Asked with the right token, so that nothing else is what refuses it."""
    if not OWN & set(PARAMETER.findall(route.path)) or not route.who.lets_in(Role.STUDENT):
        return
    token = csrf_of(walk.browsers["bob"].get("/account"))
    sent: dict[str, Any] = {} if method == "GET" else {"data": {"csrf": token}}
    answer = walk.ask("bob", route, method, **sent)
    assert answer.status_code == 404
    made_up = walk.browsers["bob"].request(method, PARAMETER.sub("999", route.path), **sent)
    assert made_up.text == answer.text
    if method == "GET":
        assert "does not belong to you" not in walk.ask("ada", route, method).text


@every_method
def test_a_form_of_another_website_does_nothing(walk: Walk, route: Route, method: str) -> None:
    if method == "GET":
        return
    stranger = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    sibling = {"sec-fetch-site": "same-site", "origin": "https://www.example.edu"}
    for name, role in ROLES.items():
        for headers in (stranger, sibling):
            answer = walk.ask(name, route, method, headers=headers)
            expected = 403 if route.who.lets_in(role) or role is not None else 401
            assert answer.status_code == expected, f"{route.path} as {name}"


@every_method
def test_every_answer_has_the_headers_that_guard_it(walk: Walk, route: Route, method: str) -> None:
    for name in ("olga", "ada"):
        answer = walk.ask(name, route, method)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        if route.name != "static":
            assert "no-store" in answer.headers["cache-control"]


@every_method
def test_a_token_signs_in_to_programs_routes_alone(walk: Walk, route: Route, method: str) -> None:
    headers = {"authorization": f"Bearer {walk.token}"}
    answer = walk.ask(None, route, method, headers=headers)
    if not route.api:
        assert answer.status_code == 401
    elif not route.who.lets_in(Role.STUDENT):
        assert answer.status_code == 403
    else:
        assert answer.status_code not in (401, 403)
    if route.api and answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_application_has_no_route_beside_the_table(walk: Walk) -> None:
    app = create_app(walk.served.site)
    there = {(route.path, route.name) for route in app.routes}  # type: ignore[attr-defined]
    assert there == {(route.path, route.name) for route in ROUTES}


def test_names_of_routes_are_used_once() -> None:
    names = [route.name for route in ROUTES]
    assert sorted(set(names)) == sorted(names)


def test_a_row_has_one_method_which_pages_and_programs_know() -> None:
    assert {route.methods for route in ROUTES} <= {("GET",), ("POST",), ("PUT",), ("DELETE",)}


def test_an_unknown_path_is_a_page_for_everybody(walk: Walk) -> None:
    for name in ROLES:
        for path in ("/nothing", "/static/../pyproject.toml", "/..%2f..%2fetc/passwd", "/%00"):
            answer = walk.browsers[name].get(path)
            assert answer.status_code == 404, path
            assert "This page does not exist" in answer.text


def test_only_pages_for_anybody_are_for_nobody_who_is_known() -> None:
    assert {who for who in Who if who.lets_in(None)} == {Who.ANYBODY}
