"""Staff release, answer and correct in a real browser, by keyboard and on small screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from books import check
from browser import Browser, find_chromium
from looking import DOUBLE, TOTAL, beside, grade, mark, write_due_course
from mailing import Post, post_office
from running_server import RunningServer, running_server
from test_in_the_browser import SCROLLS, axe, browser

__all__ = ["axe", "browser"]  # fixtures of theirs
pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Post, str]]:
    with post_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, office: tuple[Post, str]
) -> Iterator[RunningServer]:
    """ada's and bob's work is graded, and ada's answer is marked; bob and eve ask about a check."""
    course = write_due_course(tmp_path_factory.mktemp("looks") / "course")
    with (course / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(office[1])
    with running_server(course, "--unsafe", "--jobs", "0") as running:
        served = beside(running.site)
        for name, points in (("ada", 2.0), ("bob", 0.0), ("eve", 0.0)):
            made = grade(served, name, check(DOUBLE, points, 2.0), check(TOTAL, 1.0, 1.0))
            if not points:
                asker, attempt = served.account(name), made.attempt or 0
                running.site.requests.ask(asker, attempt, "check", DOUBLE, f"{name}: why?")
        mark(served, "ada", 3, "Says why (3)")
        yield running


def signed_in(browser: Browser, server: RunningServer) -> None:
    browser.forget()
    browser.look(width=320)
    browser.open(server.invitation("olga"))
    browser.after_load(lambda: browser.evaluate("document.querySelector('main button').click()"))


def text(browser: Browser) -> str:
    said: str = browser.evaluate("document.querySelector('main').innerText")
    return said


def test_every_page_is_sound_on_a_telephone_and_in_the_dark(
    browser: Browser, server: RunningServer, axe: str
) -> None:
    signed_in(browser, server)
    wrong = f"/homeworks/demo/checks?check={DOUBLE}"
    pages = (
        "/homeworks/demo/hand-ins", "/homeworks/demo/release", "/homeworks/demo/mail",
        "/homeworks/demo/preview?student=ada", "/homeworks/demo/preview?student=bob&when=now",
        "/totals", "/homeworks/demo/shares", "/homeworks/demo/faults",
        "/requests", "/requests?state=all", "/homeworks/demo/rubric", "/homeworks/demo/checks",
        f"{wrong}&rule=attempted", f"{wrong}&rule=failed&points=x", "/homeworks/demo/regrade",
    )  # fmt: skip
    for dark in (False, True):
        browser.look(width=320, dark=dark)
        for page in pages:
            browser.open(server.address + page)
            assert browser.violations(axe) == [], (page, dark)
            assert not browser.evaluate(SCROLLS), (page, dark)


def test_points_for_the_same_mistake_are_looked_at_first_by_keyboard(
    browser: Browser, server: RunningServer, axe: str
) -> None:
    signed_in(browser, server)
    browser.open(f"{server.address}/homeworks/demo/faults")
    browser.tab_to("#points-1")
    browser.press("1", "Tab", *"Half.")
    browser.after_load(lambda: browser.press("Enter"))
    assert "2 gain points, 0 lose some" in text(browser)
    for width in (320, 400, 1280):
        browser.look(width=width)
        assert browser.violations(axe) == [], width
        assert not browser.evaluate(SCROLLS), width
    browser.tab_to(".buttons a")
    browser.after_load(lambda: browser.press("Enter"))
    assert server.site.book.grade("demo", "eve").automatic.points == 1


def test_a_file_to_choose_again_is_told_beside_its_field(
    browser: Browser, server: RunningServer, axe: str, tmp_path: Path
) -> None:
    signed_in(browser, server)
    browser.open(f"{server.address}/homeworks/demo/release")
    (tmp_path / "worksheet.csv").write_text("a,b\n", encoding="utf-8")
    browser.choose_files("#worksheet", tmp_path / "worksheet.csv")
    send = "document.querySelector('#worksheet').form.querySelector('button').click()"
    browser.after_load(lambda: browser.evaluate(send))
    assert "Choose the file worksheet.csv again." in text(browser)
    for width in (320, 400, 1280):
        browser.look(width=width)
        assert browser.violations(axe) == [], width
        assert not browser.evaluate(SCROLLS), width


def test_grades_are_released_and_told_by_keyboard_alone(
    browser: Browser, server: RunningServer, office: tuple[Post, str]
) -> None:
    signed_in(browser, server)
    browser.open(f"{server.address}/homeworks/demo/release")
    assert "0 of 3 students see their grade now" in text(browser)
    browser.tab_to("#student")
    browser.press(*"ada")
    browser.after_load(lambda: browser.press("Enter"))
    assert "The grades are released to ada." in text(browser)
    browser.tab_to("a[href='/homeworks/demo/mail']")
    browser.after_load(lambda: browser.press("Enter"))
    assert "1 to send" in text(browser)
    browser.tab_to("form.buttons button")
    browser.after_load(lambda: browser.press("Enter"))
    assert "1 mail sent." in text(browser)
    assert office[0].people == ["ada@example.edu"]
    browser.open(f"{server.address}/homeworks/demo/release")
    browser.tab_to("button[aria-label='Take back: ada']")
    browser.after_load(lambda: browser.press("Enter"))
    assert "0 of 3 students see their grade now" in text(browser)


def test_two_requests_are_answered_and_the_check_is_corrected_by_keyboard(
    browser: Browser, server: RunningServer
) -> None:
    signed_in(browser, server)
    browser.open(f"{server.address}/requests")
    browser.tab_to("a[href^='/homeworks/demo/checks']")
    browser.after_load(lambda: browser.press("Enter"))
    browser.tab_to("input[value=everybody]")
    browser.press(" ")
    browser.tab_to("form[method=get] button")
    browser.after_load(lambda: browser.press("Enter"))
    assert "2 gain points" in text(browser)
    browser.tab_to("#why")
    browser.press(*"It was wrong.")
    browser.after_load(lambda: browser.press("Enter"))
    assert "2 grades are corrected" in text(browser)
    browser.open(f"{server.address}/requests")
    browser.tab_to("textarea")
    browser.press(*"Corrected.")
    browser.tab_to("section form[method=post] button[type=submit]")
    browser.after_load(lambda: browser.press("Enter"))
    assert "Every request is answered" in text(browser)
    assert server.site.book.grade("demo", "eve").automatic.points == 3
