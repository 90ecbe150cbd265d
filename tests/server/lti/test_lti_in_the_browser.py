"""From connecting an LMS to a grade in its book, in a real browser."""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest
from books import check
from browser import Browser, find_chromium
from launching import NOTICE_TYPE, PEOPLE, Lms, asking, running_lms, submit
from looking import DOUBLE, beside, grade, mark, write_due_course
from lti_platform import CONTEXT, DEPLOYMENT
from running_server import RunningServer, running_server

from grader.server.lti.protocol.records import PlatformCourse

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0])
    return (folder / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The course, in which ada has handed in and her grade is final."""
    course = write_due_course(tmp_path_factory.mktemp("launched") / "course")
    with running_server(course, "--unsafe", "--jobs", "0") as running:
        seen = beside(running.site)
        grade(seen, "ada", check(DOUBLE, 2.0, 2.0))
        mark(seen, "ada", 3, "Says why (3)")
        yield running


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    """By another name of this machine, so that it is another site to the browser."""
    with running_lms("localhost") as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One that keeps a frame's cookies from a site that is not the page's."""
    opened = Browser(tmp_path_factory.mktemp("profile"), 60, "--test-third-party-cookie-phaseout")
    yield opened
    opened.close()


def wait_for(browser: Browser, expression: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not browser.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < deadline, browser.evaluate("document.body.innerText")
        time.sleep(0.05)


def click(browser: Browser, selector: str) -> None:
    browser.after_load(lambda: browser.evaluate(f"document.querySelector({selector!r}).click()"))


def in_the_frame(
    browser: Browser, lms: Lms, link: str, parts: Sequence[Sequence[str]], asked: str
) -> None:
    """Press keys in the frame of a page of the LMS until it was asked for what they lead to.

    parts: the keys for each page in the frame, one after the other.
    The frame is of another site, so a test cannot see into it, nor when it takes keys.
    """
    deadline = time.monotonic() + 40
    while asked not in lms.book()["asked"]:
        assert time.monotonic() < deadline, lms.book()["asked"]
        browser.open(f"{lms.issuer}/course?{link}")
        time.sleep(0.5)
        for part in parts:
            browser.press(*part)
            time.sleep(0.5)


def wait_for_page(browser: Browser, address: str, text: str) -> None:
    """Load a page until it has a text."""
    deadline = time.monotonic() + 60
    while browser.open(address) and text not in browser.evaluate("document.body.innerText"):
        assert time.monotonic() < deadline, browser.evaluate("document.body.innerText")
        time.sleep(0.2)


def sign_in(browser: Browser, server: RunningServer, name: str) -> None:
    browser.forget()
    browser.open(server.invitation(name))
    click(browser, "main form button")


def test_from_the_connection_to_the_grade(
    browser: Browser, server: RunningServer, lms: Lms, axe: str
) -> None:
    def is_sound() -> None:
        assert browser.violations(axe) == []
        assert not browser.evaluate(SCROLLS)
        assert browser.seen().log == []

    browser.look(width=320)
    sign_in(browser, server, "olga")
    browser.open(f"{server.address}/platforms/connect")
    is_sound()
    settings = lms.settings()
    names = ("name", "issuer", "client_id", "authorization_url", "token_url", "key_set_url")
    values = {name: str(getattr(settings, name)) for name in names}
    for name, value in {**values, "deployments": settings.deployments[0]}.items():
        browser.evaluate(f"document.getElementById({name!r}).value = {json.dumps(value)}")
    browser.evaluate("document.querySelector('[value=email]').checked = true")
    click(browser, "main form button")
    assert "Test LMS is connected" in browser.evaluate("document.body.innerText")

    origin = server.address
    tool = {"login": f"{origin}/lti/login", "launch": f"{origin}/lti/launch"}
    tool["keys"] = server.site.tool_keys.public  # type: ignore[assignment]  # not an address
    lms.set_mood(tool=tool, people=PEOPLE, custom={"homework": "demo"})
    # olga is nobody there yet; she joins herself.
    browser.open(f"{lms.issuer}/begin?user=olga")
    wait_for(browser, "document.body.innerText.includes('can let you in')")
    browser.open(f"{origin}/platforms")
    is_sound()
    browser.evaluate("document.querySelector('input[id^=id-]').value = 'olga'")
    click(browser, "form[action*=people] button")

    # ada follows a link that the LMS shows in a frame: there she finds one button, to a new tab.
    browser.forget()
    lms.set_mood(tool=tool, people=PEOPLE, custom={"homework": "demo"})  # forgets what was asked
    in_the_frame(browser, lms, "user=ada", [("Tab", "Tab", "Enter")], "GET /authorize")
    wait_for_page(browser, f"{origin}/homeworks/demo", "Ada Lovelace")

    # olga comes by the link, uses the course of the LMS, and sends the grades.
    browser.forget()
    browser.open(f"{lms.issuer}/begin?user=olga")
    wait_for(browser, "location.pathname == '/homeworks/demo/hand-ins'")
    browser.open(f"{origin}/platforms")
    click(browser, "button[name=used]")
    ada = {"user_id": "there-ada", "roles": ["Learner"]}
    lms.set_mood(tool=tool, people=PEOPLE, members=[ada])
    browser.open(f"{origin}/homeworks/demo/push")
    is_sound()
    click(browser, "main form button")
    assert "1 sent, 0 refused" in browser.evaluate("document.body.innerText")
    is_sound()
    [score] = lms.book()["scores"]
    assert (score["userId"], score["scoreGiven"]) == ("there-ada", 5)


def test_links_are_chosen_in_the_frame_of_the_lms(
    browser: Browser, server: RunningServer, lms: Lms
) -> None:
    """After the test above: olga is known there."""
    origin = server.address
    tool = {"login": f"{origin}/lti/login", "launch": f"{origin}/lti/launch"}
    tool |= {"deep_launch": f"{origin}/lti/launch/deep-linking"}
    tool["keys"] = server.site.tool_keys.public  # type: ignore[assignment]  # not an address
    lms.set_mood(tool=tool, people=PEOPLE)
    browser.forget()
    # Past “Skip to the content” to the homework, tick it, past the tick below it to the button, and
    # on the page that follows to its button.
    parts = [("Tab", "Tab", " ", "Tab", "Tab", "Enter"), ("Tab", "Tab", "Enter")]
    in_the_frame(browser, lms, "user=olga&hint=deep", parts, "POST /links")
    assert [each["custom"] for each in lms.book()["links"]] == [{"homework": "demo"}]


def test_pages_of_what_is_handed_in_in_the_lms(
    browser: Browser, lms: Lms, axe: str, tmp_path: Path
) -> None:
    """What failed, what waits, what the LMS refused, and the choice of a homework for its files."""
    with running_server(write_due_course(tmp_path), "--unsafe", "--jobs", "0") as running:
        site, origin = running.site, running.address
        tool = {"login": f"{origin}/lti/login", "launch": f"{origin}/lti/launch"}
        tool |= {"deep_launch": f"{origin}/lti/launch/deep-linking"}
        tool["keys"] = site.tool_keys.public  # type: ignore[assignment]  # not an address
        usual = {"tool": tool, "people": PEOPLE, "members": []}
        lms.set_mood(**usual, reports="400")
        platform = site.platforms.add(lms.settings(), who="olga")
        there = PlatformCourse(
            platform.key, DEPLOYMENT, CONTEXT, "Machine learning", f"{lms.issuer}/items",
            f"{lms.issuer}/members",
        )  # fmt: skip
        site.platforms.use(site.platforms.see(there).key, True, who="olga")
        for name in ("ada", "olga"):
            account = site.accounts.account(name)
            assert account is not None
            site.accounts.link(account, lms.issuer, f"there-{name}")
        text_entry = {"": "typed into the form"}
        for body in (
            submit(lms, "ada", first=True),
            submit(lms, "ada", files=text_entry, submission="s:2"),
            submit(lms, "bob"),
            submit(lms, "ada", mood="other_deployment"),
        ):
            httpx2.post(f"{origin}/lti/notices", json=body)

        def look(page: str) -> None:
            for width in (1280, 400):
                browser.look(width=width)
                assert browser.violations(axe) == [], (page, width)
                assert not browser.evaluate(SCROLLS), (page, width)

        sign_in(browser, running, "olga")
        wait_for_page(browser, f"{origin}/platforms", "there-bob")
        assert "Ada Lovelace" in browser.evaluate("document.querySelector('main').innerText")
        look("platforms")
        browser.open(f"{origin}/platforms/{platform.key}")
        look("platform")
        wait_for_page(browser, f"{origin}/homeworks/demo/push", "answered 400")
        look("push")
        kinds = ("ltiAssetProcessor", "ltiResourceLink")
        for asked, status in ((kinds[:1], "404"), (kinds, "")):
            # Canvas refuses to send notices at first, so that nothing is made.
            lms.set_mood(**usual, claims=asking(lms, asked, NOTICE_TYPE), handlers=status)
            browser.open(f"{lms.issuer}/begin?user=olga&hint=deep")
            wait_for(browser, "document.querySelector('form [name=ticket]')")
            look(f"the choice, {status}")
            browser.evaluate("document.querySelector('[name=homework-demo]').click()")
            browser.evaluate("document.querySelector('[value=processors]')?.click()")
            click(browser, "main form button")
            told = browser.evaluate("document.body.innerText")
            assert ("Nothing was made" if status else "What is handed in is for: Demo") in told
            look(f"the answer, {status}")
