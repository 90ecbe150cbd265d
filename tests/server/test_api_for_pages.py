"""Pages of other origins that hand in with a token: those that the course named, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_course, zipped
from serving import Serving, serving

from grader.course.server_settings import ServerSettings

PAGES = "https://pages.example.edu"
HAND_IN = "/api/v1/hand-ins/demo"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    course = write_course(tmp_path / "course")
    settings = course / "pyproject.toml"
    allowed = f'[tool.grader.server]\nweb_pages = ["{PAGES}"]\n'
    settings.write_text(f"{settings.read_text()}\n{allowed}")
    with serving(course) as site:
        yield site


def from_page(origin: str, token: str = "") -> dict[str, str]:
    """What a browser sends for a page of this origin."""
    signed = {"authorization": f"Bearer {token}"} if token else {}
    return {"origin": origin, "sec-fetch-site": "cross-site", **signed}


def test_a_page_that_was_named_hands_in(served: Serving) -> None:
    token = served.site.accounts.new_token(served.account("ada"), "page")
    asked = served.client().options(
        HAND_IN,
        headers={
            **from_page(PAGES),
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGES
    assert "access-control-allow-credentials" not in asked.headers
    made = served.client().post(
        HAND_IN, content=zipped({"demo.py": DEMO_RIGHT}), headers=from_page(PAGES, token)
    )
    assert made.status_code == 201, made.text
    assert made.headers["access-control-allow-origin"] == PAGES
    assert made.json()["receipt"]["student"] == "ada"


def test_a_page_that_was_not_named_does_not(served: Serving) -> None:
    token = served.site.accounts.new_token(served.account("ada"), "page")
    for origin in ("https://evil.example", f"{PAGES}.evil.example", "null"):
        made = served.client().post(
            HAND_IN, content=zipped({"demo.py": DEMO_RIGHT}), headers=from_page(origin, token)
        )
        assert made.status_code == 403
        assert "access-control-allow-origin" not in made.headers


def test_a_session_is_worth_nothing_from_such_a_page(served: Serving) -> None:
    made = served.signed_in("ada").post(
        HAND_IN, content=zipped({"demo.py": DEMO_RIGHT}), headers=from_page(PAGES)
    )
    assert made.status_code == 403
    assert served.site.hand_ins.known_files() == set()


@pytest.mark.parametrize("origin", ["pages.example.edu", "https://pages.example.edu/", "*"])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="an origin is a scheme and a host"):
        ServerSettings(web_pages=(origin,))
