"""An owner connects an LMS: by its values, and by a link that the LMS opens."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from launching import PEOPLE, Lms, launch, running_lms
from serving import Serving, csrf_of, post
from starlette.testclient import TestClient

from grader._internal.clock import now_utc
from grader.server.lti.protocol.records import JoinedBy, Reason

CONNECT = "/platforms/connect"


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    with running_lms() as running:
        yield running


@pytest.fixture
def owner(served: Serving) -> TestClient:
    served.clock.now = now_utc()
    return served.signed_in("olga")


def values_of(lms: Lms, **more: str) -> dict[str, str]:
    settings = lms.settings()
    names = ("name", "issuer", "client_id", "authorization_url", "token_url", "key_set_url")
    values = {name: str(getattr(settings, name)) for name in names}
    return {**values, "deployments": "deployment-1\n\n", "joined_by": "email", **more}


def test_an_owner_connects_a_platform_and_students_come(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    page = owner.get(CONNECT).text
    addresses = {name: f"{served.site.origin}/lti/{name}" for name in ("login", "launch")}
    for address in (*addresses.values(), f"{served.site.origin}/lti/keys"):
        assert f"<code>{address}</code>" in page
    assert post(owner, CONNECT, **values_of(lms)).status_code == 303
    lms.set_mood(tool=addresses, people=PEOPLE)
    assert launch(served, lms, "ada")[1].status_code == 303
    assert post(owner, CONNECT, **values_of(lms)).status_code == 422  # it is connected already
    [platform] = served.site.platforms.all()
    assert "Disconnect" in owner.get(f"/platforms/{platform.key}").text
    changed = values_of(lms, deployments="another", token_audience="them")
    assert post(owner, f"/platforms/{platform.key}", **changed).status_code == 303
    assert launch(served, lms, "ada")[1].status_code == 403
    listed = " ".join(re.sub(r"<[^>]+>", " ", owner.get("/platforms").text).split())
    assert "the deployment is not accepted yet" in listed
    assert "deployment-1" in listed  # what to add
    assert post(owner, "/platforms/refusals").status_code == 303
    assert served.site.platforms.refusals() == ()
    assert post(owner, f"/platforms/{platform.key}/removal").status_code == 303
    assert served.site.platforms.all() == ()
    told = [entry for entry in served.site.book.history() if entry.action == "lms"]
    assert [entry.who for entry in told] == ["olga"] * 3
    assert "deployments ('another',)" in told[1].after


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"issuer": ""}, "issuer"),
        ({"client_id": "two words"}, "client_id"),
        ({"key_set_url": "http://lms.example.edu/keys"}, "key_set_url"),
        ({"token_url": "ftp://lms.example.edu"}, "token_url"),
        ({"authorization_url": "https://user:word@lms.example.edu"}, "authorization_url"),
        ({"key_set_url": "https://[::1"}, "key_set_url"),
        ({"deployments": "x" * 300}, "deployments"),
        ({"joined_by": "name"}, "joined_by"),
    ],
)
def test_values_that_cannot_be_are_named_at_their_field(
    served: Serving, owner: TestClient, lms: Lms, wrong: dict[str, str], field: str
) -> None:
    answer = post(owner, CONNECT, via=CONNECT, **values_of(lms, **wrong))
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text), answer.text
    assert served.site.platforms.all() == ()


def test_canvas_gets_its_configuration_as_json(served: Serving, owner: TestClient) -> None:
    assert (
        "https://sso.canvaslms.com/api/lti/security/jwks"
        in owner.get(CONNECT + "?kind=canvas").text
    )
    said = served.client().get("/lti/canvas.json").json()
    origin = served.site.origin
    assert said["oidc_initiation_url"] == f"{origin}/lti/login"
    assert said["public_jwk_url"] == f"{origin}/lti/keys"
    assert said["redirect_uris"] == [f"{origin}/lti/launch", f"{origin}/lti/launch/deep-linking"]
    assert "https://purl.imsglobal.org/spec/lti-ags/scope/score" in said["scopes"]
    [extension] = said["extensions"]
    assert {each["message_type"] for each in extension["settings"]["placements"]} == {
        "LtiDeepLinkingRequest"
    }


def test_a_canvas_in_which_students_hand_in_gets_more(served: Serving, owner: TestClient) -> None:
    address = "/lti/canvas.json?hand_ins=yes"
    assert address in owner.get(CONNECT).text
    said = served.client().get(address).json()
    scope = "https://purl.imsglobal.org/spec/lti/scope/"
    wanted = {f"{scope}{name}" for name in ("noticehandlers", "asset.readonly", "report")}
    assert wanted <= set(said["scopes"])
    [extension] = said["extensions"]
    [placement] = [
        each
        for each in extension["settings"]["placements"]
        if each["placement"] == "ActivityAssetProcessor"
    ]
    assert placement["message_type"] == "LtiDeepLinkingRequest"
    assert placement["target_link_uri"] == f"{served.site.origin}/lti/launch/deep-linking"
    # A Canvas that knows none of it would refuse all of it.
    plain = served.client().get("/lti/canvas.json").json()
    assert not wanted & set(plain["scopes"])
    assert "ActivityAssetProcessor" not in str(plain)


def test_an_lms_is_asked_for_no_more_than_it_says_that_it_has(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    scope = "https://purl.imsglobal.org/spec/lti/scope/report"
    messages = [
        {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", "ActivityAssetProcessor"]},
        {"type": "LtiReportReviewRequest"},
        "LtiResourceLinkRequest",
    ]
    about = {
        "scopes_supported": [scope],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "canvas",
            "messages_supported": messages,
        },
    }
    lms.set_mood(about=about)
    path = invitation(owner)
    client, fields = open_link(served, lms, path)
    assert client.post(path, data=fields).status_code == 200
    asked = lms.book()["mood"]["registered"]
    assert asked["scope"] == scope
    tool = asked["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert [(each["type"], each.get("placements")) for each in tool["messages"]] == [
        ("LtiDeepLinkingRequest", None),
        ("LtiDeepLinkingRequest", ["ActivityAssetProcessor"]),
        ("LtiReportReviewRequest", None),
    ]


def invitation(owner: TestClient) -> str:
    """A link for the LMS, without our address."""
    page = post(owner, "/platforms/registration")
    found = re.search(r">https://[^/]+(/lti/registration/[^<]+)<", page.text)
    assert found, page.text
    return found[1]


def open_link(
    served: Serving, lms: Lms, path: str, **more: str
) -> tuple[TestClient, dict[str, str]]:
    """The LMS opens a link in a frame; the fields of the form that it shows."""
    asked = {
        "openid_configuration": f"{lms.issuer}/.well-known/openid-configuration",
        "registration_token": "once",
        **more,
    }
    client = served.client()
    page = client.get(path, params=asked)
    assert page.status_code == 200, page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return client, {name: html.unescape(value) for name, value in found}


def test_an_lms_registers_itself_once_and_an_owner_confirms_it(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    lms.set_mood(people=PEOPLE)
    path = invitation(owner)
    client, fields = open_link(served, lms, path)
    open_link(served, lms, path)  # looking at it uses nothing up
    done = client.post(path, data=fields)
    assert done.status_code == 200, done.text
    assert "/lti_close.js" in done.text
    assert client.post(path, data=fields).status_code == 410
    assert client.get(path).status_code == 410
    asked = lms.book()["mood"]["registered"]
    assert asked["jwks_uri"] == f"{served.site.origin}/lti/keys"
    assert "lti-ags/scope/score" in asked["scope"]
    assert "contextmembership" not in asked["scope"]  # which it does not offer
    [platform] = served.site.platforms.all()
    assert (platform.confirmed, platform.settings.name) == (False, "testlms")
    assert platform.settings.deployments == ("deployment-1",)
    assert platform.settings.joined_by is JoinedBy.HAND
    # Nobody comes in from there before an owner has seen it.
    refused = served.client().get("/lti/login", params={"iss": lms.issuer, "client_id": "tool-1"})
    assert refused.status_code == 403
    assert [each.reason for each in served.site.platforms.refusals()] == [Reason.UNCONFIRMED]
    address = f"/platforms/{platform.key}"
    assert "registered itself" in owner.get(address).text
    assert post(owner, address, **values_of(lms)).status_code == 303
    assert launch(served, lms, "ada")[1].status_code == 303


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ({"about": {"registration_endpoint": "http://elsewhere.example/"}}, "no https address"),
        ({"about": {"jwks_uri": None}}, "no https address as jwks_uri"),
        ({"about": {"issuer": ""}}, "no usable issuer"),
        ({"about": {"issuer": "https://lms.example/\0"}}, "no usable issuer"),
        ({"about": {"issuer": "https://lms.example/" + "x" * 500}}, "no usable issuer"),
        ({}, "no such registration"),
    ],
)
def test_a_registration_that_fails_leaves_nothing(
    served: Serving, owner: TestClient, lms: Lms, mood: dict[str, Any], said: str
) -> None:
    lms.set_mood(**mood)
    token = {} if mood else {"registration_token": "wrong"}
    path = invitation(owner)
    client, fields = open_link(served, lms, path, **token)
    done = client.post(path, data=fields)
    assert done.status_code == 502
    assert said in html.unescape(done.text)
    assert served.site.platforms.all() == ()


def test_an_lms_that_is_connected_does_not_register_again(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    lms.set_mood(about={"authorization_server": "one\0"})
    for status in (200, 409):
        path = invitation(owner)
        client, fields = open_link(served, lms, path)
        done = client.post(path, data=fields)
        assert done.status_code == status
    assert "is connected already" in html.unescape(done.text)
    assert "frame-ancestors *" in done.headers["content-security-policy"]
    [platform] = served.site.platforms.all()
    assert platform.settings.token_audience == ""


def test_a_link_of_yesterday_or_a_made_up_one_registers_nothing(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    lms.set_mood()
    path = invitation(owner)
    client, fields = open_link(served, lms, path)
    for address in ("file:///etc/passwd", "http://192.0.2.1/", "", "https://a b/"):
        wrong = {**fields, "openid_configuration": address}
        assert client.post(path, data=wrong).status_code == 422  # and the link still works
    assert client.post("/lti/registration/made-up", data=fields).status_code == 410
    served.clock.pass_by(hours=2)
    assert client.post(path, data=fields).status_code == 410
    assert "GET /.well-known/openid-configuration" not in lms.book()["asked"]


def test_what_people_say_of_themselves_is_text(
    served: Serving, owner: TestClient, lms: Lms
) -> None:
    assert post(owner, CONNECT, **values_of(lms, joined_by="hand")).status_code == 303
    named = {"sub": "x", "name": "<script>alert(1)</script>", "email": "=cmd()"}
    login = {
        "login": f"{served.site.origin}/lti/login",
        "launch": f"{served.site.origin}/lti/launch",
    }
    lms.set_mood(tool=login, people={"x": named})
    launch(served, lms, "x")
    page = owner.get("/platforms").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert csrf_of(owner.get("/platforms"))
