"""A course's web application in this process, and clients that are signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from books import roster, student
from starlette.testclient import TestClient

from grader.course.course import find_course
from grader.server.app import create_app
from grader.server.records import Account, Role
from grader.server.site.site import Site, open_site

ADDRESS = "https://grader.example.edu"
PEOPLE = roster(
    student("ada", name="Ada Lovelace", email="ada@example.edu", login="al"),
    student("bob", name="Bob Noyce", email="bob@example.edu"),
    student("eve", name="Eve <script>alert(1)</script>", email="eve@example.edu"),
)


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Serving:
    """A site with staff (olga, an owner, and max, a marker) and students (ada, bob, eve)."""

    site: Site
    clock: Clock
    client: Callable[[], TestClient]

    def account(self, name: str) -> Account:
        found = self.site.accounts.account(name)
        assert found is not None, name
        return found

    def signed_in(self, name: str | None) -> TestClient:
        """A browser in which somebody is signed in; in which nobody is, for None."""
        client = self.client()
        if name is not None:
            secret, _ = self.site.accounts.open_session(self.account(name))
            client.cookies.set("__Host-grader" if self.site.is_secure else "grader_session", secret)
        return client


@contextmanager
def serving(folder: Path, *, demo: bool = False, address: str = ADDRESS) -> Iterator[Serving]:
    """Serve the course in `folder`. Each client sends what a browser does on our own pages."""
    clock = Clock()
    site = open_site(find_course(folder), address, demo=demo, clock=clock)
    site.book.enrol(PEOPLE, who="test")
    site.accounts.sync()
    site.accounts.add_staff("olga", Role.OWNER, "Olga", "olga@example.edu", who="test")
    site.accounts.add_staff("max", Role.MARKER, "Max", who="test")
    app = create_app(site)
    opened: list[TestClient] = []

    def client() -> TestClient:
        made = TestClient(
            app,
            base_url=site.origin,
            root_path="",
            headers={"sec-fetch-site": "same-origin", "origin": site.origin, "accept": "text/html"},
            follow_redirects=False,
        )
        # One event loop for all its requests: starting one for each takes longer than answering.
        opened.append(made.__enter__())
        return made

    try:
        yield Serving(site, clock, client)
    finally:
        for each in opened:
            each.__exit__(None, None, None)
        site.book.close()


def csrf_of(page: httpx2.Response) -> str:
    """The token in a page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def post(client: TestClient, path: str, *, via: str = "/account", **fields: str) -> httpx2.Response:
    """Send a form as a person who has loaded the page `via`."""
    return client.post(path, data={"csrf": csrf_of(client.get(via)), **fields})
