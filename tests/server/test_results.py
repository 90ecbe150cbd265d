"""What students and staff see of a hand-in that was graded by the server's own workers."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from making import DEMO_RIGHT, write_course
from serving import Serving, csrf_of, serving
from starlette.testclient import TestClient
from test_handing_in import hand_in

from grader.course.feedback import Feedback, When
from grader.server.app import create_app
from grader.server.grading.order import WorkerOrder
from grader.server.grading.supervisor import Supervisor
from grader.server.records import EventKind, HandInState

WRONG = DEMO_RIGHT.replace("return 2 * x", 'print("secret" * 2)\n    return 3 * x')


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A right hand-in of ada (1) and a wrong one of bob (2), graded by a worker."""
    folder = write_course(tmp_path_factory.mktemp("graded") / "course")
    with serving(folder) as served:
        site = served.site
        for name, text in (("ada", DEMO_RIGHT), ("bob", WRONG)):
            hand_in(served.signed_in(name), [("demo.py", text.encode())])
        order = WorkerOrder(
            root=str(folder),
            database=site.engine.url.render_as_string(hide_password=False),
            files=str(folder / site.settings.data / "blobs"),
            started=secrets.token_hex(8),
            unsafe=True,
        )
        with Supervisor(site.course, site.engine, site.hand_ins, order, 1):
            deadline = time.monotonic() + 120
            while site.hand_ins.in_state(HandInState.WAITING, HandInState.GRADING):
                assert time.monotonic() < deadline, site.hand_ins.waiting()
                time.sleep(0.05)
        yield served


def test_a_student_reads_the_report_and_what_counts(graded: Serving) -> None:
    client = graded.signed_in("bob")
    page = client.get("/hand-ins/2").text
    assert "double of three numbers" in page
    assert "return <span" in page or "return" in page  # the code is listed
    listed = client.get("/homeworks/demo").text
    assert "counts</strong>" in listed
    start = client.get("/").text
    assert "points by the checks" in start


def test_times_are_those_of_whoever_reads(graded: Serving) -> None:
    client = graded.signed_in("bob")
    form = {"csrf": csrf_of(client.get("/account")), "timezone": "Asia/Tokyo"}
    assert client.post("/account/time-zone", data=form).status_code == 303
    graded_at = re.search(r"Graded <time [^>]+>([^<]+)</time>", client.get("/hand-ins/2").text)
    assert graded_at
    assert graded_at[1].endswith(" JST")
    client.post("/account/time-zone", data={**form, "timezone": ""})


def test_nothing_of_a_hidden_check_but_its_outcome_reaches_a_student(graded: Serving) -> None:
    report = json.loads(graded.signed_in("bob").get("/hand-ins/2/report").content)
    staff = json.loads(graded.signed_in("max").get("/hand-ins/2/report").content)
    assert (report["audience"], staff["audience"]) == ("student", "staff")
    hidden = [check for check in report["checks"] if check["id"].startswith("hidden")]
    assert hidden
    for check in hidden:
        assert check["message"] is None
        assert check["diagnosis"] is None
    assert report["seed"] is None
    seen = graded.signed_in("bob").get("/hand-ins/2").text
    assert staff["seed"] not in seen
    assert staff["seed"] in graded.signed_in("olga").get("/hand-ins/2").text


def test_checks_are_told_as_they_ended_and_hidden_ones_last(graded: Serving) -> None:
    site = graded.site
    kinds = [event.kind for event in site.hand_ins.events(0, [2])]
    assert kinds[0] is EventKind.STARTED
    assert kinds[-1] is EventKind.DONE
    told = graded.signed_in("bob").get("/api/v1/hand-ins/2").json()
    assert told["state"] == "graded"
    checks = [each for each in told["events"] if each["kind"] == "check"]
    assert [each["hidden"] for each in checks] == sorted(each["hidden"] for each in checks)
    assert {each["words"] for each in checks if each["hidden"]} <= {"passed", "failed"}
    stream = graded.signed_in("bob").get("/hand-ins/2/events").text
    assert stream.startswith("event: ended")
    # What was told before is not told again.
    later = graded.signed_in("bob").get(f"/api/v1/hand-ins/2?after={told['last']}").json()
    assert later["events"] == []


def test_another_look_is_asked_for_once(graded: Serving) -> None:
    client = graded.signed_in("bob")
    page = client.get("/hand-ins/2")
    item = "check:checks::test_double"
    assert f'value="{item}"' in page.text
    form = {"csrf": csrf_of(page), "item": item, "reason": "3 < 4 & <b>"}
    for _ in range(2):
        assert client.post("/hand-ins/2/requests", data=form).status_code == 303
    page = client.get("/hand-ins/2")
    assert "3 &lt; 4 &amp; &lt;b&gt;" in page.text
    assert f'value="{item}"' not in page.text
    staff = graded.signed_in("max")
    listed = staff.get("/requests")
    assert "1 request for another look" in staff.get("/").text
    assert "double of three numbers" in listed.text
    (request,) = graded.site.requests.unanswered()
    chosen = {"csrf": csrf_of(listed), f"request-{request.key}": "on"}
    wrong = {**chosen, "answer": "Right.", "points": "two"}
    assert staff.post("/requests", data=wrong).status_code == 422
    sent = staff.post("/requests", data={**wrong, "points": "2"})
    assert sent.status_code == 303
    assert "Every request is answered" in staff.get("/requests").text
    again = staff.post("/requests", data={**wrong, "points": "1"})
    assert again.status_code == 409
    told = client.get("/hand-ins/2").text
    assert "Right." in told
    grade = graded.site.book.grade("demo", "bob")
    assert grade.automatic.overrides[0].points == 2
    assert f"is {grade.so_far:g} of {grade.max_points:g} now" in told
    for reason, about in (("", "check:checks::test_total"), ("x", "check:nothing")):
        sent = {"csrf": csrf_of(page), "item": about, "reason": reason}
        assert client.post("/hand-ins/2/requests", data=sent).status_code == 422
    other = graded.signed_in("ada")
    token = csrf_of(other.get("/hand-ins/1"))
    sent = {"csrf": token, "item": item, "reason": "mine now"}
    assert other.post("/hand-ins/2/requests", data=sent).status_code == 404


def test_the_grade_is_shown_once_it_is_released(graded: Serving) -> None:
    client = graded.signed_in("ada")
    assert "Your grade" not in client.get("/hand-ins/1").text
    graded.site.book.release("demo", who="olga", student="ada")
    assert "Your grade" in client.get("/hand-ins/1").text
    assert "Your grade" not in graded.signed_in("bob").get("/hand-ins/2").text
    graded.site.book.take_back("demo", who="olga", student="ada")
    assert "Your grade" not in client.get("/hand-ins/1").text


def test_what_students_may_not_see_yet_is_neither_shown_nor_told(graded: Serving) -> None:
    feedback = Feedback(hidden_outcomes=When.RELEASED)
    settings = graded.site.course.settings.model_copy(update={"feedback": feedback})
    site = replace(graded.site, course=replace(graded.site.course, settings=settings))
    with TestClient(create_app(site), base_url=site.origin) as client:
        secret, _ = site.accounts.open_session(graded.account("bob"))
        client.cookies.set("__Host-grader", secret)
        told = client.get("/api/v1/hand-ins/2").json()["events"]
        assert any(each["kind"] == "check" for each in told)
        assert not any(each.get("hidden") for each in told)
        page = client.get("/hand-ins/2").text
        assert '<span class="tag">hidden</span>' not in page
        assert "shown when the grades are released" in page
        assert "points by the checks" not in client.get("/").text
