"""Students come from an LMS, and nobody comes as somebody else. The LMS is others' program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from launching import CROSS_SITE, PEOPLE, Lms, begin, connect, launch, person, running_lms, tool_of
from lti_platform import CLIENT_ID, FORGERIES, MOODS
from making import write_course
from serving import Serving, post, serving

from grader.server.lti.protocol.key_sets import AGAIN
from grader.server.lti.protocol.records import JoinedBy, Reason


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    with running_lms() as running:
        yield running


@pytest.fixture
def joined(lms: Lms, served: Serving) -> Serving:
    """The course with this LMS, which says who people are by their email; now is now."""
    served.clock.now = now()
    connect(served, lms)
    return served


@pytest.fixture(scope="module")
def shared(lms: Lms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The same, for launches that leave nothing behind."""
    with serving(write_course(tmp_path_factory.mktemp("shared") / "course")) as served:
        served.clock.now = now()
        connect(served, lms)
        yield served


def now() -> Any:
    from grader._internal.clock import now_utc

    return now_utc()


def reasons(served: Serving) -> dict[Reason, str]:
    return {each.reason: each.detail for each in served.site.platforms.refusals()}


def is_nobody(client: Any) -> bool:
    return client.get("/account").status_code == 401


def test_a_student_lands_on_the_homework_signed_in(joined: Serving, lms: Lms) -> None:
    lms.set_mood(people=PEOPLE, custom={"homework": "demo"})
    client, done = launch(joined, lms, "ada")
    assert done.status_code == 303, done.text
    assert done.headers["location"] == "/homeworks/demo"
    page = client.get("/homeworks/demo")
    assert page.status_code == 200
    assert "You are signed in as Ada Lovelace" in page.text
    assert not [name for name in client.cookies if name.startswith("grader_lti")]


def test_a_link_leads_to_its_homework_or_to_the_start(joined: Serving, lms: Lms) -> None:
    origin = joined.site.origin
    leads: list[tuple[dict[str, Any], str]] = [
        ({"target": f"{origin}/lti/launch?homework=demo"}, "/homeworks/demo"),
        ({"target": f"{origin}/lti/launch?homework=nothing"}, "/"),
        ({"custom": {"homework": "../account"}}, "/"),
        ({"custom": {"homework": ["demo"]}}, "/"),
        ({"context": False}, "/"),
        ({}, "/"),
    ]
    for mood, place in leads:
        lms.set_mood(people=PEOPLE, **mood)
        _, done = launch(joined, lms, "ada")
        assert (done.status_code, done.headers["location"]) == (303, place), mood


def test_the_login_asks_for_what_the_platform_needs(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    asked = {"iss": lms.issuer, "client_id": CLIENT_ID, "login_hint": "7", "lti_message_hint": "h"}
    begun = client.post("/lti/login", data=asked, headers=CROSS_SITE)
    assert begun.status_code == 303
    query = {
        name: value for name, [value] in parse_qs(urlsplit(begun.headers["location"]).query).items()
    }
    assert query.pop("state")
    assert query.pop("nonce")
    assert query == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{joined.site.origin}/lti/launch",
        "login_hint": "7",
        "lti_message_hint": "h",
    }
    [cookie] = begun.headers.get_list("set-cookie")
    for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/lti/launch"):
        assert word in cookie


def test_in_a_frame_there_is_one_button_to_a_new_tab(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    first = httpx2.get(f"{lms.issuer}/begin?user=ada").headers["location"]
    path = first.removeprefix(joined.site.origin)
    framed = client.get(path, headers={"sec-fetch-dest": "iframe"})
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "set-cookie" not in framed.headers
    [again] = re.findall(r'href="(/lti/login[^"]+)" target="_blank"', framed.text)
    begun = client.get(again.replace("&amp;", "&"), headers={"sec-fetch-dest": "document"})
    assert begun.headers["location"].startswith(f"{lms.issuer}/authorize?")
    # Deep linking works in the frame alone, where the LMS waits for the answer.
    deep = f"{joined.site.origin}/lti/launch/deep-linking"
    sent = {"iss": lms.issuer, "client_id": CLIENT_ID, "target_link_uri": deep}
    frame = {**CROSS_SITE, "sec-fetch-dest": "iframe"}
    assert client.post("/lti/login", data=sent, headers=frame).status_code == 303


@pytest.mark.parametrize("mood", MOODS)
def test_a_token_that_is_not_for_us_now_signs_nobody_in(
    shared: Serving, lms: Lms, mood: str
) -> None:
    shared.site.platforms.clear_refusals()
    lms.set_mood(tool=tool_of(shared), people=PEOPLE, launch=mood)
    client, done = launch(shared, lms, "ada")
    assert done.status_code == 403
    assert is_nobody(client)
    assert shared.site.platforms.subjects(lms.issuer) == {}
    [(reason, detail)] = reasons(shared).items()
    assert reason is (Reason.DEPLOYMENT if "deployment" in mood else Reason.CLAIMS)
    assert detail


@pytest.mark.parametrize("mood", FORGERIES)
def test_a_token_that_the_platform_did_not_sign_signs_nobody_in(
    shared: Serving, lms: Lms, mood: str
) -> None:
    shared.site.platforms.clear_refusals()
    lms.set_mood(tool=tool_of(shared), people=PEOPLE, launch=mood)
    client, done = launch(shared, lms, "ada")
    assert done.status_code == 403
    assert is_nobody(client)
    assert list(reasons(shared)) == [Reason.SIGNATURE]


def test_a_launch_counts_once_and_in_its_own_browser(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    form = begin(joined, lms, client, "ada")
    kept = dict(client.cookies)
    assert form.post(joined.client()).status_code == 403
    other = joined.client()
    begin(joined, lms, other, "bob")  # has a launch of its own under way
    assert form.post(other).status_code == 403
    assert list(reasons(joined)) == [Reason.STATE]
    assert form.post(client).status_code == 303
    thief = joined.client()
    for name, value in kept.items():
        thief.cookies.set(name, value)
    assert form.post(thief).status_code == 403
    assert is_nobody(thief)
    assert Reason.REPLAY in reasons(joined)


def test_another_launch_s_token_is_not_taken_for_this_one(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    first, second = begin(joined, lms, client, "ada"), begin(joined, lms, client, "bob")
    assert first.post(client, id_token=second.fields["id_token"]).status_code == 403
    assert is_nobody(client)
    assert second.post(client).status_code == 303  # nothing was used up


def test_a_cookie_that_we_did_not_write_is_none(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    form = begin(joined, lms, client, "ada")
    [(name, kept)] = client.cookies.items()
    for signature in ("", "0" * 64, "x"):
        other = joined.client()
        other.cookies.set(name, f"{kept.partition('.')[0]}.{signature}")
        assert form.post(other).status_code == 403
    joined.clock.pass_by(minutes=11)
    assert form.post(client).status_code == 403  # it took too long


def test_a_new_key_is_read_and_unknown_keys_are_not_asked_for_often(
    joined: Serving, lms: Lms
) -> None:
    assert launch(joined, lms, "ada")[1].status_code == 303
    joined.clock.now = now() + AGAIN
    lms.set_mood(people=PEOPLE, new_key=True)
    assert launch(joined, lms, "ada")[1].status_code == 303
    lms.set_mood(people=PEOPLE, launch="forged")
    for _ in range(3):
        assert launch(joined, lms, "ada")[1].status_code == 403
    asked = lms.book()["asked"]
    assert asked.count("GET /keys") <= 1, asked


@pytest.mark.parametrize("keys", ["huge", "garbage"])
def test_keys_that_cannot_be_read_sign_nobody_in(joined: Serving, lms: Lms, keys: str) -> None:
    lms.set_mood(people=PEOPLE, keys=keys)
    client, done = launch(joined, lms, "ada")
    assert done.status_code == 403
    assert "cannot be read just now" in done.text
    assert is_nobody(client)
    assert list(reasons(joined)) == [Reason.KEYS]
    # As soon as they can be read, people come in again.
    lms.set_mood(people=PEOPLE)
    joined.clock.now = now() + AGAIN
    assert launch(joined, lms, "ada")[1].status_code == 303


def test_keys_that_hang_end_the_launch_and_are_not_asked_for_at_once_again(
    joined: Serving, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.server.lti.protocol import outbound

    monkeypatch.setattr(outbound, "STEP_S", 0.3)
    lms.set_mood(people=PEOPLE, keys="hang")
    assert launch(joined, lms, "ada")[1].status_code == 403
    assert launch(joined, lms, "bob")[1].status_code == 403
    assert lms.book()["asked"].count("GET /keys") == 1
    assert "cannot be reached" in reasons(joined)[Reason.KEYS]


def test_one_key_that_is_broken_does_not_spoil_the_others(joined: Serving, lms: Lms) -> None:
    lms.set_mood(people=PEOPLE, keys="one_broken")
    assert launch(joined, lms, "ada")[1].status_code == 303


def test_who_is_joined_is_known_by_the_platform_s_own_name_alone(joined: Serving, lms: Lms) -> None:
    assert launch(joined, lms, "ada")[1].status_code == 303
    changed = {"ada": person("ada", email="new@example.edu")}
    lms.set_mood(people={**changed, "thief": person("thief", email="ada@example.edu")})
    client, done = launch(joined, lms, "ada")
    assert done.status_code == 303
    assert "Ada Lovelace" in client.get("/account").text
    # An address that was given to somebody else is not theirs.
    thief, refused = launch(joined, lms, "thief")
    assert refused.status_code == 403
    assert is_nobody(thief)
    assert Reason.AMBIGUOUS in reasons(joined)


@pytest.mark.parametrize("who", ["olga", "mallory"])
def test_neither_staff_nor_strangers_come_in_by_an_email(
    joined: Serving, lms: Lms, who: str
) -> None:
    client, done = launch(joined, lms, who)
    assert done.status_code == 403
    assert "can let you in" in done.text
    assert is_nobody(client)
    [stranger] = joined.site.platforms.strangers()
    assert (stranger.email, stranger.course) == (f"{who}@example.edu", "Machine learning")


@pytest.mark.parametrize(
    ("rule", "claims", "status"),
    [
        (JoinedBy.HAND, {}, 403),
        (JoinedBy.EMAIL, {"email_verified": False}, 403),
        (JoinedBy.SOURCED_ID, {}, 403),
        (JoinedBy.SOURCED_ID, {"person_sourcedid": "al"}, 303),
        (JoinedBy.SOURCED_ID, {"person_sourcedid": "olga"}, 403),
        (JoinedBy.SOURCED_ID, {"person_sourcedid": "ada@example.edu"}, 403),
    ],
)
def test_the_owner_s_rule_says_who_comes_in(
    lms: Lms, served: Serving, rule: JoinedBy, claims: dict[str, Any], status: int
) -> None:
    served.clock.now = now()
    connect(served, lms, joined_by=rule)
    lis = {"https://purl.imsglobal.org/spec/lti/claim/lis": claims}
    more = claims if "email_verified" in claims else lis
    # What whoever makes a link can write is no proof.
    lms.set_mood(
        people={"ada": person("ada", claims=more)}, custom={"person_sourcedid": "al", "id": "ada"}
    )
    client, done = launch(served, lms, "ada")
    assert done.status_code == status, done.text
    assert is_nobody(client) == (status == 403)


def test_an_owner_says_who_a_stranger_is_and_takes_it_back(joined: Serving, lms: Lms) -> None:
    launch(joined, lms, "olga")
    olga = joined.signed_in("olga")
    page = olga.get("/platforms").text
    assert "olga@example.edu" in page
    [stranger] = joined.site.platforms.strangers()
    address = f"/platforms/people/{stranger.key}"
    assert post(olga, address, id="nobody").status_code == 422
    assert post(olga, address, id="olga").status_code == 303
    client, done = launch(joined, lms, "olga")
    assert done.status_code == 303
    assert client.get("/people").status_code == 200
    told = [entry.after for entry in joined.site.book.history() if "LMS account" in entry.what]
    assert told == ["Olga at Test LMS"]
    [platform] = joined.site.platforms.all()
    assert post(olga, f"/platforms/{platform.key}/separation", id="olga").status_code == 303
    assert launch(joined, lms, "olga")[1].status_code == 403


def test_whose_access_has_ended_does_not_come_in_by_the_lms(joined: Serving, lms: Lms) -> None:
    assert launch(joined, lms, "ada")[1].status_code == 303
    joined.site.accounts.deactivate(joined.account("ada"), who="olga")
    client, done = launch(joined, lms, "ada")
    assert done.status_code == 403
    assert "has ended" in done.text
    assert is_nobody(client)


def test_a_platform_is_known_by_issuer_and_client_id(joined: Serving, lms: Lms) -> None:
    client = joined.client()
    other = lms.settings(client_id="another", authorization_url="https://other.example/authorize")
    joined.site.platforms.add(other, who="olga")
    asked = {"iss": lms.issuer, "client_id": "another", "login_hint": "x"}
    begun = client.get("/lti/login", params=asked)
    assert begun.headers["location"].startswith("https://other.example/authorize?")
    for wrong in ({"client_id": ""}, {"client_id": "third"}, {"iss": "https://elsewhere"}):
        refused = client.get("/lti/login", params={**asked, **wrong})
        assert refused.status_code == 403
    assert reasons(joined)[Reason.PLATFORM] == "issuer 'https://elsewhere', client id 'another'"


def test_a_launch_that_the_platform_refused_says_so(joined: Serving, lms: Lms) -> None:
    lms.set_mood(people=PEOPLE, launch="refused")
    assert launch(joined, lms, "ada")[1].status_code == 403
    assert reasons(joined)[Reason.CLAIMS].startswith("login_required")


def test_what_is_no_launch_is_none(joined: Serving) -> None:
    client = joined.client()
    assert client.get("/lti/login").status_code == 400
    for fields in ({}, {"state": "x"}, {"state": "x", "id_token": "y"}, {"iss": "\ud83d"}):
        sent = {name: value.encode("utf-8", "replace") for name, value in fields.items()}
        assert client.post("/lti/launch", data=sent, headers=CROSS_SITE).status_code == 403
        assert client.post("/lti/login", data=sent, headers=CROSS_SITE).status_code == 403


def test_the_keys_are_published_without_secrets_and_kept(served: Serving) -> None:
    shown = served.client().get("/lti/keys").json()
    [key] = shown["keys"]
    assert set(key) == {"kty", "kid", "n", "e", "use", "alg"}
    assert served.client().get("/lti/keys").json() == shown
    assert served.site.course.memory.joinpath("lti.keys").stat().st_mode & 0o77 == 0
    assert post(served.signed_in("olga"), "/platforms/keys").status_code == 303
    both = served.client().get("/lti/keys").json()["keys"]
    assert [each["kid"] for each in both][1:] == [key["kid"]]
    at = served.clock()
    assert served.site.tool_keys.signing(at)["kid"] == key["kid"]
    served.clock.pass_by(days=1)
    assert served.site.tool_keys.signing(served.clock())["kid"] == both[0]["kid"]


def test_below_a_path_the_addresses_and_cookies_are_below_it(lms: Lms, tmp_path: Path) -> None:
    folder = write_course(tmp_path / "course")
    with serving(folder, address="https://example.edu/ml") as served:
        asked = {"iss": lms.issuer, "client_id": CLIENT_ID}
        served.site.platforms.add(lms.settings(), who="olga")
        begun = served.client().get("/ml/lti/login", params=asked)
        assert (
            "redirect_uri=https%3A%2F%2Fexample.edu%2Fml%2Flti%2Flaunch"
            in begun.headers["location"]
        )
        assert "Path=/ml/lti/launch" in begun.headers["set-cookie"]
