"""What stands around every page: hosts, a proxy's path, limits, errors that tell nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from making import write_course
from serving import Serving, csrf_of, post, serving
from starlette.testclient import TestClient

from grader.course.server_settings import ServerSettings
from grader.server import dispatch
from grader.server.app import create_app
from grader.server.http.calls import Call
from grader.server.http.guard import problem_of
from grader.server.problems import TITLES, Problem
from grader.server.routes import ROUTES
from grader.server.site.limits import ADDRESS, PERSON, Allowance, Limiter

JSON = {"accept": "application/json"}


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("grader.example.edu", 401),
        ("GRADER.EXAMPLE.EDU:443", 401),
        ("127.0.0.1:8000", 401),
        ("[::1]:8000", 401),
        ("localhost", 401),
        ("evil.example", 421),
        ("grader.example.edu.evil.example", 421),
        ("grader.example.edu@evil.example", 421),
        ("", 421),
        ("[::1", 421),
        ("127.0.0.1.nip.io", 421),
    ],
)
def test_it_answers_under_its_own_names_alone(served: Serving, host: str, code: int) -> None:
    assert served.client().get("/account", headers={"host": host}).status_code == code


def test_its_health_is_told_under_any_name(served: Serving) -> None:
    answer = served.client().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert answer.json()["status"] == "ok"


def test_a_proxy_may_take_the_path_off_or_leave_it(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with serving(course, address="https://example.edu/ml") as served:
        client = served.client()
        for path in ("/sign-in", "/ml/sign-in"):
            assert client.get(path).status_code == 200
        page = client.get("/sign-in").text
        assert 'href="/ml/static/' in page
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert client.get(style).status_code == 200
        assert client.get(style.removeprefix("/ml")).status_code == 200
        assert client.get("/").headers["location"] == "/ml/sign-in"
        assert client.get("/ml").headers["location"] == "/ml/sign-in"
        assert client.get("/mlx/sign-in").status_code == 404
        link = f"/ml/invitation/{served.site.accounts.invite(served.account('ada'))}"
        done = client.post(link)
        assert done.headers["location"] == "/ml/"
        [session] = [c for c in done.headers.get_list("set-cookie") if "session" in c]
        assert "Path=/ml;" in session
        assert "Ada Lovelace" in client.get("/ml/account").text


@pytest.mark.parametrize("named", ["proxy", "10.0.0.1/8", "*", ""])
def test_a_proxy_that_would_never_be_recognised_is_refused(named: str) -> None:
    with pytest.raises(ValueError, match="is neither an address"):
        ServerSettings(trusted_proxies=(named,))
    known = ("127.0.0.1", "::1", "10.0.0.0/8")
    assert ServerSettings(trusted_proxies=known).trusted_proxies == known


def test_headers_of_a_proxy_that_nobody_named_mean_nothing(served: Serving) -> None:
    """Behind uvicorn's own code, which is not asked to believe any."""
    client = served.client()
    said = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "forwarded": "host=e"}
    page = client.get("/sign-in", headers=said)
    assert page.status_code == 200
    assert "evil.example" not in page.text
    assert "strict-transport-security" in page.headers


# Errors


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [
        ("/nothing", "GET", 404),
        ("/account", "GET", 401),
        ("/sign-in", "POST", 405),
        ("/sign-in", "DELETE", 405),
        ("/sign-in", "TRACE", 405),
        ("/sign-in", "OPTIONS", 405),
        ("/sign-in", "BREW", 405),
        ("/sign-in/demo", "GET", 405),
        ("/invitation/x", "GET", 410),
        ("/static/x/style.css", "GET", 404),
    ],
)
def test_an_error_is_a_page_for_people_and_json_for_programs(
    served: Serving, path: str, method: str, code: int
) -> None:
    page = served.client().request(method, path)
    assert page.status_code == code
    assert page.headers["content-type"].startswith("text/html")
    assert f"<h1>{TITLES.get(code, TITLES[400])}" in page.text.replace("&#39;", "'")
    said = served.client().request(method, path, headers=JSON)
    assert said.status_code == code
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["status"] == code
    assert said.json()["detail"].endswith(".")


def failing(served: Serving, error: Exception) -> TestClient:
    """A client of an application whose account page raises."""

    def fail(call: Call) -> Any:
        raise error

    table = [
        replace(route, endpoint=fail) if route.name == "account" else route for route in ROUTES
    ]
    client = TestClient(create_app(served.site, table), base_url=served.site.origin)
    secret, _ = served.site.accounts.open_session(served.account("ada"))
    client.cookies.set("__Host-grader", secret)
    return client


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_error_of_ours_is_a_number_for_people_and_a_traceback_in_the_log(
    served: Serving, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    client = failing(served, ZeroDivisionError("the secret of ada"))
    answer = client.get("/account", headers={"accept": accept})
    assert answer.status_code == 500
    for word in ("secret of ada", "ZeroDivision", "Traceback", ".py"):
        assert word not in answer.text
    number = answer.text.split("the number ")[1][:8]
    assert number in caplog.text
    assert "ZeroDivisionError: the secret of ada" in caplog.text


def test_a_database_that_is_away_is_503_and_comes_back(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with serving(course) as served:
        client = served.signed_in("ada")
        token = csrf_of(client.get("/account"))
        file, away = course / ".grader" / "gradebook.sqlite", course / ".grader" / "away"
        served.site.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            if (course / ".grader" / f"gradebook.sqlite{suffix}").exists():
                (course / ".grader" / f"gradebook.sqlite{suffix}").rename(f"{away}{suffix}")
        file.mkdir()  # nothing can be opened there
        for path in ("/account", "/healthz", "/"):
            for headers in (None, JSON):
                answer = client.get(path, headers=headers)
                assert answer.status_code == 503, path
                assert int(answer.headers["retry-after"]) > 0
                assert "gradebook.sqlite" not in answer.text
        answer = client.post("/account/time-zone", data={"csrf": token, "timezone": "UTC"})
        assert answer.status_code == 503
        assert "Nothing that you have handed in is lost" in answer.text
        assert client.get("/sign-in").status_code == 503  # who asks cannot be looked up
        assert served.client().get("/sign-in").status_code == 200
        file.rmdir()
        for suffix in ("", "-wal", "-shm"):
            if Path(f"{away}{suffix}").exists():
                Path(f"{away}{suffix}").rename(f"{file}{suffix}")
        assert client.get("/account").status_code == 200


def test_a_message_of_an_error_is_for_whom_it_may_concern(served: Serving) -> None:
    from sqlalchemy.exc import OperationalError

    from grader.errors import CourseError, GraderFault, SpecError, StorageFailed, UsageError

    for error, code in (
        (CourseError("/srv/course/secret.toml is broken"), 503),
        (SpecError("/srv/course/secret.toml is broken"), 503),
        (OperationalError("SELECT secret", {}, Exception("secret")), 503),
        (StorageFailed("/srv/secret is full"), 507),
        (GraderFault("secret"), 500),
        (UsageError("no student `secret`; did you mean bob?"), 500),
        (RecursionError("secret"), 500),
    ):
        problem = problem_of(served.site, error)
        assert problem.status == code
        assert "secret" not in problem.detail


def test_what_is_wrong_with_a_homeworks_files_is_told_to_staff_alone(served: Serving) -> None:
    data = served.site.course.root / "datasets" / "small" / "numbers.csv"
    text = data.read_bytes()
    staff, student = served.signed_in("olga"), served.signed_in("ada")
    data.unlink()
    answers = {who: who.get("/homeworks/demo/handout") for who in (staff, student)}
    assert [answer.status_code for answer in answers.values()] == [503, 503]
    assert "numbers.csv" in answers[staff].text
    assert "numbers.csv" not in answers[student].text
    for answer in answers.values():
        assert "Nothing that was handed in is lost" in answer.text
        assert "cannot reach its data" not in answer.text
    data.write_bytes(text)
    for answer in (staff.get("/homeworks/demo/handout"), student.get("/homeworks/demo")):
        assert answer.status_code == 200


# Limits


def test_ten_thousand_requests_of_one_person_are_answered_and_nobody_else_waits(
    served: Serving,
) -> None:
    ada, bob = served.signed_in("ada"), served.signed_in("bob")
    limiter, key = served.site.limiter, f"account {served.account('ada').key}"
    for _ in range(10_000):
        limiter.wait_s(key, PERSON, served.clock.now)
    answer = ada.get("/account")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == 1
    assert "try again in 1 second." in answer.text
    assert bob.get("/account").status_code == 200
    assert ada.get("/static/x/y").status_code == 404  # a page that is refused needs its style
    served.clock.pass_by(seconds=2)
    assert ada.get("/account").status_code == 200


def test_a_session_that_is_none_counts_for_its_address(served: Serving) -> None:
    client = served.client()
    for _ in range(int(ADDRESS.burst)):
        served.site.limiter.wait_s("address testclient", ADDRESS, served.clock.now)
    assert client.get("/account", headers={"cookie": "__Host-grader=forged"}).status_code == 429
    assert served.signed_in("ada").get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/me", "/account"])
def test_a_token_that_is_none_counts_for_its_address(served: Serving, path: str) -> None:
    client, forged = served.client(), {"authorization": "Bearer grader_forged"}
    assert client.get(path, headers=forged).status_code == 401
    for _ in range(int(ADDRESS.burst)):
        served.site.limiter.wait_s("address testclient", ADDRESS, served.clock.now)
    assert client.get(path, headers=forged).status_code == 429
    assert served.signed_in("ada").get("/account").status_code == 200


def test_a_clock_that_goes_back_makes_nobody_wait(served: Serving) -> None:
    client = served.signed_in("ada")
    assert client.get("/account").status_code == 200
    served.clock.pass_by(days=-400)
    assert client.get("/account").status_code == 200
    served.clock.pass_by(days=400)
    assert client.get("/account").status_code == 200


def test_the_limiter_forgets_those_who_are_quiet(served: Serving) -> None:
    limiter, allowance = Limiter(), Allowance(2, 1)
    for index in range(25_000):
        limiter.wait_s(str(index), allowance, served.clock.now)
    assert len(limiter._used) <= 10_000


def test_a_form_that_does_not_come_is_ended(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "BODY_S", 0.05)
    secret, _ = served.site.accounts.open_session(served.account("ada"))
    sent: list[dict[str, Any]] = []

    async def slow() -> dict[str, Any]:
        await asyncio.sleep(30)
        raise AssertionError("it waited for the body")

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/account/tokens",
        "query_string": b"",
        "headers": [
            (b"host", b"grader.example.edu"),
            (b"cookie", f"__Host-grader={secret}".encode()),
            (b"accept", b"application/json"),
            (b"sec-fetch-site", b"same-origin"),
        ],
    }
    asyncio.run(create_app(served.site)(scope, slow, keep))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["detail"].startswith("The form did not arrive in time")


# Two tabs, the back button, a double click


def test_two_tabs_and_the_back_button_do_no_harm(served: Serving) -> None:
    client = served.signed_in("ada")
    token = csrf_of(client.get("/account"))  # in both tabs
    for name in ("UTC", "Asia/Tokyo", "Asia/Tokyo"):
        form = {"csrf": token, "timezone": name}
        assert client.post("/account/time-zone", data=form).status_code == 303
    assert served.account("ada").timezone == "Asia/Tokyo"
    post(client, "/sign-out")
    # The page of before is still in the browser, and its buttons, too.
    for path in ("/account/time-zone", "/sign-out", "/account/tokens"):
        assert client.post(path, data={"csrf": token, "label": "x"}).status_code == 401
    served.site.accounts.open_session(served.account("ada"))
    assert served.site.accounts.tokens(served.account("ada")) == ()


@pytest.fixture
def metrics(served: Serving) -> TestClient:
    return served.signed_in("olga")


def test_metrics_are_in_the_format_of_prometheus(served: Serving, metrics: TestClient) -> None:
    served.client().get("/invitation/a-secret")
    served.client().request("BREW", "/sign-in")
    text = metrics.get("/metrics").text
    assert "a-secret" not in text
    assert 'grader_http_requests_total{route="invitation",method="GET",status="410"} 1' in text
    assert 'grader_hand_ins{state="waiting"} 0' in text
    for line in text.splitlines():
        assert line.startswith("# ") or float(line.rsplit(" ", 1)[1]) >= 0
    buckets = [line for line in text.splitlines() if 'route="invitation",le=' in line]
    counts = [float(line.rsplit(" ", 1)[1]) for line in buckets]
    assert counts == sorted(counts)
    assert counts[-1] == 1


def test_the_log_has_no_secret(served: Serving, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="grader")
    client = served.client()
    secret = served.site.accounts.invite(served.account("ada"))
    client.get(f"/invitation/{secret}")
    client.post(f"/invitation/{secret}")
    token = post(client, "/account/tokens", label="x").text.split('class="secret">')[1][:50]
    for word in (secret, client.cookies["__Host-grader"], token):
        assert word not in caplog.text
    assert "POST redeem: 303" in caplog.text


def test_every_problem_says_a_fact_and_a_remedy() -> None:
    assert all(title[0].isupper() for title in TITLES.values())
    assert Problem(418, "x").title == TITLES[400]
    assert Problem(599, "x").title == TITLES[500]
