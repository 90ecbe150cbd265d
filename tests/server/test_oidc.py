"""Signing in with an institution's account, at a real provider in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from making import write_course
from oidc_provider import CLIENT_ID, MOODS, SECRET
from running import clean_environment
from serving import Serving, serving
from starlette.testclient import TestClient

from grader.course.course import find_course
from grader.errors import CourseError
from grader.server.site.site import open_site

ADA = {"sub": "a-1", "email": "Ada@Example.edu", "email_verified": True, "name": "A. L."}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    program = Path(__file__).with_name("oidc_provider.py")
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def oidc(issuer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """The course on the web, with this provider; now is now, as the provider's clock is real."""
    monkeypatch.setenv("GRADER_OIDC_SECRET", SECRET)
    folder = write_course(tmp_path / "course")
    settings = f'[tool.grader.server.oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT_ID}"\n'
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    set_mood(issuer)
    with serving(folder) as served:
        served.clock.now = datetime.now(UTC)
        yield served


def set_mood(issuer: str, mood: str = "", person: Any = ADA, **more: Any) -> None:
    said = {"mood": mood, "person": person, **more}
    httpx2.post(f"{issuer}/mood", json=said).raise_for_status()


def come_back(served: Serving, client: TestClient) -> str:
    """Go to the provider and sign in there; the address on which it sends the browser back."""
    begun = client.get("/sign-in/oidc")
    assert begun.status_code == 303, begun.text
    there = httpx2.get(begun.headers["location"])
    assert there.status_code == 302, there.text
    back = there.headers["location"]
    assert back.startswith(f"{served.site.origin}/sign-in/oidc/end?")
    return back.removeprefix(served.site.origin)


def sign_in(served: Serving) -> tuple[TestClient, httpx2.Response]:
    client = served.client()
    return client, client.get(come_back(served, client))


def test_the_button_is_a_link_to_the_provider(oidc: Serving, issuer: str) -> None:
    client = oidc.client()
    page = client.get("/sign-in").text
    assert 'href="/sign-in/oidc"' in page
    assert "Sign in with your institution" in page
    begun = client.get("/sign-in/oidc")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["tenant"] == ["1"]
    assert asked["redirect_uri"] == [f"{oidc.site.origin}/sign-in/oidc/end"]
    assert asked["code_challenge_method"] == ["S256"]
    assert SECRET not in begun.headers["location"]
    [cookie] = begun.headers.get_list("set-cookie")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/sign-in/oidc/end"):
        assert word in cookie


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_who_is_on_the_roster_is_signed_in(oidc: Serving, issuer: str, method: str) -> None:
    set_mood(issuer, methods=[method])
    client, done = sign_in(oidc)
    assert done.status_code == 303, done.text
    assert "Ada Lovelace" in client.get("/account").text
    assert not [name for name in client.cookies if name.startswith("grader_oidc")]


def test_the_subject_counts_once_it_is_known(oidc: Serving, issuer: str) -> None:
    assert sign_in(oidc)[1].status_code == 303
    set_mood(issuer, person={"sub": "a-1", "email": "new-address@example.edu"})
    client, done = sign_in(oidc)
    assert done.status_code == 303
    assert "Ada Lovelace" in client.get("/account").text


def test_an_address_that_was_given_to_somebody_else_is_not_theirs(
    oidc: Serving, issuer: str
) -> None:
    assert sign_in(oidc)[1].status_code == 303
    set_mood(issuer, person={**ADA, "sub": "b-2"})
    client, done = sign_in(oidc)
    assert done.status_code == 403
    assert "with another account of the institution" in done.text
    assert client.get("/account").status_code == 401


def test_what_the_token_leaves_out_is_asked_for(oidc: Serving, issuer: str) -> None:
    set_mood(issuer, "only_userinfo")
    assert sign_in(oidc)[1].status_code == 303


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"sub": "x", "email": "stranger@example.edu"}, "is not on the roster"),
        ({"sub": "x", "email": "<b>@example.edu"}, "&lt;b&gt;@example.edu is not on the roster"),
        ({"sub": "x"}, "did not tell us who you are"),
        ({"sub": "x", "email": ""}, "did not tell us who you are"),
        ({"sub": "x", "email": ["ada@example.edu"]}, "did not tell us who you are"),
        ({**ADA, "email_verified": False}, "has not verified"),
    ],
)
def test_who_is_not_known_is_told_why(
    oidc: Serving, issuer: str, person: dict[str, Any], said: str
) -> None:
    set_mood(issuer, person=person)
    client, done = sign_in(oidc)
    assert done.status_code == 403
    assert said in done.text
    assert client.get("/account").status_code == 401


@pytest.mark.parametrize("mood", [*MOODS, "unsigned", "shared_secret", "forged", "two_people"])
def test_a_token_that_is_not_for_us_now_signs_nobody_in(
    oidc: Serving, issuer: str, mood: str
) -> None:
    set_mood(issuer, mood)
    client, done = sign_in(oidc)
    assert done.status_code == 502
    assert "The sign-in did not work" in done.text
    assert client.get("/account").status_code == 401


def test_a_new_key_of_the_provider_is_fetched(oidc: Serving, issuer: str) -> None:
    assert sign_in(oidc)[1].status_code == 303
    set_mood(issuer, "new_key")
    assert sign_in(oidc)[1].status_code == 303


def test_a_key_of_another_kind_beside_the_one_that_signs_ends_no_sign_in(
    oidc: Serving, issuer: str
) -> None:
    set_mood(issuer, keys=[{"kty": "EC", "crv": "BP-256", "kid": "x", "x": "AA", "y": "AA"}, 7])
    assert sign_in(oidc)[1].status_code == 303


def test_who_says_no_at_the_provider_is_told_so(oidc: Serving, issuer: str) -> None:
    set_mood(issuer, "refused")
    _, done = sign_in(oidc)
    assert done.status_code == 403
    assert "cancelled or refused" in done.text


def test_only_the_browser_that_began_finishes(oidc: Serving) -> None:
    began, other = oidc.client(), oidc.client()
    back = come_back(oidc, began)
    assert other.get(back).status_code == 400
    come_back(oidc, other)  # has a sign-in of its own under way
    assert other.get(back).status_code == 400
    assert other.get("/account").status_code == 401
    assert began.get(back).status_code == 303


@pytest.mark.parametrize("signature", ["", "0" * 64, "x"])
def test_a_cookie_that_we_did_not_write_finishes_nothing(oidc: Serving, signature: str) -> None:
    began = oidc.client()
    back = come_back(oidc, began)
    [(name, kept)] = began.cookies.items()
    other = oidc.client()
    other.cookies.set(name, f"{kept.partition('.')[0]}.{signature}")
    assert other.get(back).status_code == 400
    assert began.get(back).status_code == 303


def test_two_tabs_do_not_disturb_each_other(oidc: Serving) -> None:
    client = oidc.client()
    first, second = come_back(oidc, client), come_back(oidc, client)
    assert client.get(first).status_code == 303
    assert client.get(second).status_code == 303


def test_a_code_works_once(oidc: Serving) -> None:
    client = oidc.client()
    back = come_back(oidc, client)
    kept = dict(client.cookies)
    assert client.get(back).status_code == 303
    thief = oidc.client()
    for name, value in kept.items():
        thief.cookies.set(name, value)
    assert thief.get(back).status_code == 502


def test_a_sign_in_that_took_too_long_begins_again(oidc: Serving) -> None:
    client = oidc.client()
    back = come_back(oidc, client)
    oidc.clock.pass_by(minutes=16)
    answer = client.get(back)
    assert answer.status_code == 400
    assert "it took too long" in answer.text


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=x&code=y", "?code=x", "?error=x", "?iss=x"]
)
def test_an_answer_that_nobody_asked_for_is_none(oidc: Serving, query: str) -> None:
    assert oidc.client().get(f"/sign-in/oidc/end{query}").status_code == 400


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "ftp://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": None},
        {"token_endpoint": "http://127.0.0.1:9/"},
    ],
)
def test_a_provider_that_cannot_be_used_is_our_fault(
    oidc: Serving, issuer: str, about: dict[str, Any]
) -> None:
    set_mood(issuer, about=about)
    client = oidc.client()
    done = client.get("/sign-in/oidc")
    if done.status_code == 303:
        done = client.get(come_back(oidc, client))
    assert done.status_code == 502
    assert "elsewhere" not in done.text


def test_an_issuer_that_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    folder = write_course(tmp_path / "course")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('[tool.grader.server.oidc]\nissuer = "http://login.example.edu"\n')
        file.write('client_id = "grader"\n')
    with pytest.raises(CourseError, match="not encrypted"):
        open_site(find_course(folder), "https://grader.example.edu")


def test_without_a_provider_there_is_no_such_page(served: Serving) -> None:
    assert served.client().get("/sign-in/oidc").status_code == 404
    assert "institution" not in served.client().get("/sign-in").text
