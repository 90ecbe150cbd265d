"""Grades go to an LMS: what changed, over nothing that was changed there, whatever it refuses."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from launching import PEOPLE, Lms, connect, launch, running_lms, tool_of
from looking import mark, serving_graded
from running import run_grader
from serving import Serving, csrf_of, post
from starlette.testclient import TestClient

from grader._internal.clock import now_utc
from grader.gradebook.records import StandingKind
from grader.gradebook.standings import decide_standing
from grader.server.lti.protocol.records import PlatformCourse

PUSH = "/homeworks/demo/push"


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    with running_lms() as running:
        yield running


@pytest.fixture
def served(tmp_path: Path, lms: Lms) -> Iterator[Serving]:
    """ada's grade is final with 6 of 7 points, eve's with 0; bob's is to be marked.

    All three have come from the LMS, whose course an owner uses.
    """
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        mark(served, "ada", 3, "Says why (3)")
        served.clock.now = now_utc()
        connect(served, lms)
        for name in ("ada", "bob", "eve"):
            assert launch(served, lms, name)[1].status_code == 303
        use_course(served, lms)
        yield served


def use_course(served: Serving, lms: Lms) -> PlatformCourse:
    """An owner came from the LMS, and says that its course is this one."""
    launch(served, lms, "olga")
    [stranger] = served.site.platforms.strangers()
    served.site.platforms.join(stranger.key, served.account("olga"), who="olga")
    assert launch(served, lms, "olga")[1].status_code == 303
    [course] = served.site.platforms.courses()
    assert not course.used
    olga = served.signed_in("olga")
    assert "No course of an LMS is used" in olga.get(PUSH).text
    assert post(olga, f"/platforms/courses/{course.key}", used="yes").status_code == 303
    return course


@pytest.fixture
def owner(served: Serving) -> TestClient:
    return served.signed_in("olga")


def set_mood(served: Serving, lms: Lms, **more: Any) -> None:
    members = [
        {"user_id": f"there-{name}", "roles": ["http://x#Learner"], "name": name}
        for name in ("ada", "bob", "eve", "olga")
    ]
    lms.set_mood(**{"tool": tool_of(served), "people": PEOPLE, "members": members, **more})


@pytest.fixture(autouse=True)
def usual(served: Serving, lms: Lms) -> None:
    set_mood(served, lms)


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def send(owner: TestClient, **more: str) -> str:
    """Press the button; what the page then says."""
    page = owner.get(PUSH)
    [course] = re.findall(r'name="course" value="(\d+)"', page.text)
    done = owner.post(PUSH, data={"csrf": csrf_of(page), "course": course, **more})
    assert done.status_code == 200, done.text
    return words(done)


def results(lms: Lms) -> dict[str, Any]:
    """What the book of grades there has, by the LMS's names."""
    book = lms.book()
    [item] = book["items"]
    return {who: kept.get("score") for who, kept in book["results"].get(item, {}).items()}


def test_grades_arrive_and_what_is_open_is_to_be_marked(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    said = words(owner.get(PUSH))
    assert "where a column is made" in said
    assert "To be sent: 3" in said
    assert "ada Ada Lovelace – 6" in said
    assert "bob Bob Noyce – to be marked" in said
    assert lms.book()["items"] == {}  # looking makes nothing
    assert "3 sent, 0 refused" in send(owner)
    book = lms.book()
    [item] = book["items"].values()
    assert (item["label"], item["scoreMaximum"], item["resourceId"]) == ("Demo", 7, "demo")
    scores = {each["userId"]: each for each in book["scores"]}
    assert scores["there-ada"]["scoreGiven"] == 6
    assert scores["there-ada"]["gradingProgress"] == "FullyGraded"
    assert scores["there-ada"]["activityProgress"] == "Completed"
    assert scores["there-bob"]["gradingProgress"] == "PendingManual"
    assert "scoreGiven" not in scores["there-bob"]
    assert scores["there-eve"]["activityProgress"] == "Initialized"
    # A column has one maximum: that nothing of eve's was graded makes hers no other.
    assert {scores[f"there-{name}"]["scoreMaximum"] for name in ("ada", "eve")} == {7}
    assert all(re.fullmatch(r"\S+\.\d{3}\+00:00", each["timestamp"]) for each in scores.values())


def test_only_what_changed_is_sent_and_later_than_before(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    send(owner)
    page = words(owner.get(PUSH))
    assert "The LMS has 3 of 3 already" in page
    assert "Send 0" not in page
    mark(served, "bob", 4, "Says why (3)", "With an example (1)")
    served.clock.pass_by(minutes=-2)  # a clock that was set back delays nothing
    assert "To be sent: 1" in words(owner.get(PUSH))
    assert "1 sent, 0 refused" in send(owner)
    book = lms.book()
    assert len(book["scores"]) == 4
    assert len(book["items"]) == 1  # the column was found again
    assert results(lms) == {"there-ada": 6, "there-bob": 5, "there-eve": 0}
    times = [each["timestamp"] for each in book["scores"] if each["userId"] == "there-bob"]
    assert times == sorted(set(times))
    told = [
        each.after for each in served.site.book.history(assignment="demo") if each.action == "lms"
    ]
    assert told == ["3 sent, 0 refused", "1 sent, 0 refused"]


def test_a_grade_that_was_changed_there_stays_until_an_owner_has_seen_it(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    send(owner)
    [item] = lms.book()["items"]
    set_mood(served, lms, grades=[[item, "there-ada", 50, 100]])
    served.site.book.adjust("demo", "ada", 1, who="olga", why="found")
    page = owner.get(PUSH)
    assert "was changed in the lms, left unchanged: 1" in words(page).lower()
    assert "ada Ada Lovelace 3.5 7" in words(page)
    [(field, value)] = re.findall(r'name="(overwrite-\d+)" value="([^"]+)"', page.text)
    assert value == "3.5"
    send(owner)
    assert results(lms)["there-ada"] == 50
    # Changed once more after the owner looked: what they agreed to is no longer what is there.
    set_mood(served, lms, grades=[[item, "there-ada", 60, 100]])
    send(owner, **{field: value})
    assert results(lms)["there-ada"] == 60
    send(owner, **{f"overwrite-{'1' * 5000}": "4.2"})  # nobody's key
    assert "1 sent" in send(owner, **{field: "4.2"})
    assert results(lms)["there-ada"] == 7
    assert "has 3 of 3 already" in words(owner.get(PUSH))


def test_a_column_of_another_worth_is_told_and_its_grades_are_ours(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    send(owner)
    # The LMS converts what it was sent to the points of its column.
    set_mood(served, lms, worth=100, grades=[["1", "there-ada", 6 / 7 * 100, 100]])
    said = words(owner.get(PUSH))
    assert "the column is worth 100, but the homework is worth 7" in said
    assert "has 3 of 3 already" in said


def test_a_grade_that_was_there_before_us_is_not_lost(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    send(owner)
    [item] = lms.book()["items"]
    set_mood(served, lms, grades=[[item, "there-bob", 3, 7]])
    mark(served, "bob", 0)
    assert "changed in the lms, left unchanged: 1" in words(owner.get(PUSH)).lower()
    # The same as ours is no difference, whoever gave it.
    set_mood(served, lms, grades=[[item, "there-bob", 1.0001, 7]])
    assert "has 3 of 3 already" in words(owner.get(PUSH))


def test_whom_the_lms_refuses_is_named_and_the_rest_arrives(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    set_mood(served, lms, refused_people=["there-ada"])
    said = send(owner)
    assert "2 sent, 1 refused" in said
    assert "ada Ada Lovelace" in said
    assert "answered 400: this person is not enrolled" in said
    page = words(owner.get(PUSH))
    assert "To be sent: 1" in page
    assert "this person is not enrolled" in page
    set_mood(served, lms)
    assert "1 sent, 0 refused" in send(owner)
    assert results(lms)["there-ada"] == 6


def test_an_lms_that_dies_in_the_middle_gets_the_rest_later(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    set_mood(served, lms, dies_after=1)
    assert "1 sent, 2 refused" in send(owner)
    set_mood(served, lms)
    assert "2 sent, 0 refused" in send(owner)
    assert results(lms) == {"there-ada": 6, "there-bob": None, "there-eve": 0}
    assert len(lms.book()["scores"]) == 3


def test_an_lms_that_cannot_be_asked_gets_nothing(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    page = owner.get(PUSH)
    [course] = re.findall(r'name="course" value="(\d+)"', page.text)
    form = {"csrf": csrf_of(page), "course": course}
    moods: list[tuple[dict[str, Any], str]] = [
        ({"services": "403"}, "answered 403: the course is archived"),
        ({"services": "garbage"}, "is not JSON"),
        ({"services": "huge"}, "more than 2 MB"),
        ({"services": "500", "where": "items"}, "answered 500"),
        ({"services": "garbage", "where": "items"}, "is not JSON"),
    ]
    for mood, said in moods:
        set_mood(served, lms, **mood)
        trouble = owner.get(PUSH)
        assert trouble.status_code == 502, mood
        assert said in words(trouble), mood
        assert owner.post(PUSH, data=form).status_code == 502, mood
    assert lms.book()["scores"] == []


def test_who_is_excused_unknown_or_elsewhere_is_left_and_told(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    [platform] = served.site.platforms.all()
    served.site.platforms.separate(served.account("ada"), platform.key, who="olga")
    site, excused = served.site, StandingKind.EXCUSED
    decide_standing(site.book, site.course, "eve", excused, assignment="demo", who="o", why="ill")
    set_mood(served, lms, members=[])
    said = words(owner.get(PUSH)).lower()
    assert "it is not known who they are there: 1 " in said
    assert "not in this course of the lms: 1 " in said
    assert "excused, left unchanged: 1 " in said
    assert "send " not in said.split("here")[-1]


def test_a_column_that_was_made_twice_is_not_guessed(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    send(owner)
    set_mood(served, lms, twice=True)
    assert "2 columns for this homework" in words(owner.get(PUSH))


def test_two_that_send_at_once_make_one_column(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    page = owner.get(PUSH)
    [course] = re.findall(r'name="course" value="(\d+)"', page.text)
    set_mood(served, lms, column_waits=True)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(
            run_grader, "lms", "push", "demo", "--as", "max", cwd=served.site.course.root
        )
        while "POST /items" not in lms.book()["asked"]:
            assert not first.done(), first.result().said
            time.sleep(0.02)
        second = owner.post(PUSH, data={"csrf": csrf_of(page), "course": course})
        assert second.status_code == 409
        assert "These grades are being sent to the LMS already, by max; try again when" in words(
            second
        )
        again = run_grader("lms", "push", "demo", cwd=served.site.course.root)
        assert again.code == 2
        assert "sent to the LMS already, by max" in again.said
        set_mood(served, lms)
        assert "3 sent, 0 refused" in first.result().said
    assert len(lms.book()["items"]) == 1
    assert "has 3 of 3 already" in words(owner.get(PUSH))


def test_the_command_does_the_same(served: Serving, lms: Lms) -> None:
    root = served.site.course.root
    looked = run_grader("lms", "push", "demo", "--dry-run", cwd=root)
    assert looked.code == 0, looked.said
    assert "ada: – there, 6 here" in looked.said
    assert "Nothing was sent" in looked.said
    assert lms.book()["items"] == {}
    set_mood(served, lms, refused_people=["there-eve"])
    sent = run_grader("lms", "push", "demo", cwd=root)
    assert sent.code == 1, sent.said
    assert "2 sent, 1 refused" in sent.said
    assert "eve: " in sent.said
    assert results(lms)["there-ada"] == 6
    assert run_grader("lms", "push", "demo", "--to", "Nothing", cwd=root).code == 2
