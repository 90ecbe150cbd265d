"""Deep linking makes links with columns of grades, and an LMS's people are proposed as a roster."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from launching import CROSS_SITE, PEOPLE, Lms, connect, launch, running_lms, tool_of
from serving import Serving, post
from starlette.testclient import TestClient

from grader._internal.clock import now_utc
from grader.gradebook.records import Student
from grader.gradebook.roster import name_key
from grader.server.lti.platforms.members import proposed
from grader.server.lti.protocol.records import PlatformMember
from grader.server.records import Role

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    with running_lms() as running:
        yield running


@pytest.fixture
def served(served: Serving, lms: Lms) -> Serving:
    """The course with this LMS, in which olga is known as an owner."""
    served.clock.now = now_utc()
    connect(served, lms)
    launch(served, lms, "olga")
    [stranger] = served.site.platforms.strangers()
    served.site.platforms.join(stranger.key, served.account("olga"), who="olga")
    return served


def choose(served: Serving, lms: Lms, who: str = "olga") -> tuple[TestClient, httpx2.Response]:
    return launch(served, lms, who, "deep")


def fields_of(page: httpx2.Response) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def test_an_owner_chooses_homeworks_and_the_lms_makes_the_links(served: Serving, lms: Lms) -> None:
    lms.set_mood(tool=tool_of(served), people=PEOPLE, data="opaque <&>")
    client, page = choose(served, lms)
    assert page.status_code == 200, page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    form = {**fields_of(page), "homework-demo": "on", "use": "on"}
    answer = client.post("/lti/deep-links", data=form)
    assert answer.status_code == 200, answer.text
    assert f"form-action 'self' {lms.issuer}" in answer.headers["content-security-policy"]
    back = re.search(r'<form method="post" action="([^"]+)">', answer.text)
    assert back
    # The LMS checks the signature with our published key.
    sent = httpx2.post(html.unescape(back[1]), data={"JWT": fields_of(answer)["JWT"]})
    assert sent.status_code == 200, sent.text
    book = lms.book()
    [link] = book["links"]
    assert link["url"] == f"{served.site.origin}/lti/launch?homework=demo"
    assert link["custom"] == {"homework": "demo"}
    assert link["lineItem"]["resourceId"] == "demo"
    assert book["items"]["1"]["resourceId"] == "demo"
    [course] = served.site.platforms.courses()
    assert course.used
    lms.set_mood(tool=tool_of(served), people=PEOPLE, target=link["url"])
    assert launch(served, lms, "ada")[1].headers["location"] == "/homeworks/demo"


def test_whoever_is_no_owner_makes_no_links(served: Serving, lms: Lms) -> None:
    client, page = choose(served, lms, "ada")
    assert page.status_code == 403
    assert "frame-ancestors *" in page.headers["content-security-policy"]  # so that it is seen
    assert client.get("/account").status_code == 401
    for ticket in ("", "x", "e30=." + "0" * 64):
        answer = client.post("/lti/deep-links", data={"ticket": ticket, "homework-demo": "on"})
        assert answer.status_code == 403


def test_a_ticket_runs_out_and_ends_with_its_owner(served: Serving, lms: Lms) -> None:
    client, page = choose(served, lms)
    form = {**fields_of(page), "homework-demo": "on"}
    stranger = client.post("/lti/deep-links", data=form, headers=CROSS_SITE)
    assert stranger.status_code == 403
    assert client.post("/lti/deep-links", data=fields_of(page)).status_code == 422
    served.clock.pass_by(minutes=61)
    assert client.post("/lti/deep-links", data=form).status_code == 403
    served.clock.pass_by(minutes=-61)
    served.site.accounts.add_staff("oskar", Role.OWNER, who="test")
    served.site.accounts.set_role(served.account("olga"), Role.MARKER, who="oskar")
    assert client.post("/lti/deep-links", data=form).status_code == 403


def member(name: str, role: str = LEARNER, **more: Any) -> dict[str, Any]:
    said = {"user_id": f"there-{name}", "name": name.title(), "roles": [role]}
    return {**said, "email": f"{name}@example.edu", **more}


def test_the_people_of_the_lms_are_a_proposal_until_it_is_accepted(
    served: Serving, lms: Lms
) -> None:
    members = [
        member("ada"),
        member("bob", email="BOB@example.edu"),
        member("grace", lis_person_sourcedid="gh1"),
        member("olga", TEACHER),
        member("gone", status="Inactive"),
        {"user_id": "there-nameless", "roles": [LEARNER]},
    ]
    lms.set_mood(tool=tool_of(served), people=PEOPLE, members=members)
    launch(served, lms, "olga")
    [course] = served.site.platforms.courses()
    olga = served.signed_in("olga")
    address = f"/platforms/courses/{course.key}/roster"
    assert post(olga, address).status_code == 404  # nobody said that it is this course
    served.site.platforms.use(course.key, True, who="olga")
    assert address in olga.get("/roster").text
    done = post(olga, address, takes_off="on")
    assert done.status_code == 303, done.text
    page = olga.get(done.headers["location"])
    said = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "1 added, 0 changed, 1 taken off" in said
    assert "gh1 Grace grace@example.edu" in said
    assert "5 people are in that course" in said
    assert "nothing that could be the id of: there-nameless" in said
    before = [each.id for each in served.site.book.students() if each.on_roster]
    assert before == ["ada", "bob", "eve"]
    stamp = fields_of(page)
    accepted = olga.post(done.headers["location"], data=stamp)
    assert accepted.status_code == 303
    after = {each.id: each.name for each in served.site.book.students() if each.on_roster}
    assert list(after) == ["ada", "bob", "gh1"]
    assert after["ada"] == "Ada Lovelace"  # as the roster has it
    # Without the tick nobody is taken off.
    lms.set_mood(tool=tool_of(served), members=[])
    page = olga.get(post(olga, address).headers["location"])
    assert "It is the roster that the course has" in page.text


def test_an_lms_that_does_not_tell_proposes_nothing(served: Serving, lms: Lms) -> None:
    launch(served, lms, "olga")
    [course] = served.site.platforms.courses()
    served.site.platforms.use(course.key, True, who="olga")
    lms.set_mood(tool=tool_of(served), services="403")
    olga = served.signed_in("olga")
    answer = post(olga, f"/platforms/courses/{course.key}/roster", takes_off="on")
    assert answer.status_code == 502
    assert "the course is archived" in answer.text


names = st.sampled_from(["", "ada", "ADA", "bob", "eve@x", "a/b", "zoe"])
members_there = st.lists(
    st.builds(
        PlatformMember,
        st.sampled_from(["1", "2", "3", "4"]),
        names,
        names,
        names,
        st.sampled_from([(), (LEARNER,), (TEACHER,)]),
    ),
    max_size=6,
)


@given(members_there, st.booleans(), st.dictionaries(st.sampled_from("1234"), st.integers(1, 3)))
def test_a_proposal_changes_nobody_and_has_every_id_once(
    members: list[PlatformMember], takes_off: bool, joined: dict[str, int]
) -> None:
    roster = [Student(1, "ada", email="eve@x"), Student(2, "bob"), Student(3, "eve")]
    found = proposed(roster, members, joined, takes_off=takes_off)
    ids = [name_key(each.id) for each in found.students]
    assert len(set(ids)) == len(ids)
    assert all(each in roster for each in found.students if each.key)
    if not takes_off:
        assert list(found.students[:3]) == roster
    learners = [each for each in members if each.is_learner]
    assert len(found.students) <= len(roster) + len(learners)
