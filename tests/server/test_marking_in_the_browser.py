"""Marking in real browsers: by keyboard, side by side, on a telephone, with a browser that ends."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from books import check, reports
from browser import Browser, find_chromium
from marking import PAGE, Serving, hand_in_answers, write_marking_course
from running import run_grader
from running_server import RunningServer, running_server
from test_in_the_browser import SCROLLS, axe, wait_for

from grader._internal.clock import now_utc
from grader.gradebook.claims import LASTS, Marker
from grader.server.records import Role

__all__ = ["axe"]  # a fixture

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")
CLASS = {
    f"s{number:02}": f"# why\nbecause {number}\n\n# how\nso {number}\n" for number in range(12)
}
SHOWN = "document.querySelector('[data-form]').getAttribute('action')"
READY = "document.documentElement.dataset.markingReady"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    course = write_marking_course(tmp_path_factory.mktemp("marked") / "course")
    with running_server(course, "--unsafe", "--jobs", "0") as running:
        for name in ("max", "fay"):
            running.site.accounts.add_staff(name, Role.MARKER, name.title(), who="test")
        hand_in_answers(Serving(running.site, None, None), CLASS)  # type: ignore[arg-type]  # neither is used
        yield running


def sign_in(browser: Browser, server: RunningServer, who: str) -> None:
    browser.forget()
    browser.open(server.invitation(who))
    browser.after_load(lambda: browser.evaluate("document.querySelector('main button').click()"))


def begin(browser: Browser, server: RunningServer, page: str = PAGE) -> None:
    browser.open(server.address + page)
    wait_for(browser, READY)


def act(browser: Browser, key: str) -> None:
    """Press a key and wait until the next answer is shown."""
    browser.evaluate(
        "window.wasShown = false; document.addEventListener('answer-shown',"
        " () => { window.wasShown = true; }, {once: true})"
    )
    browser.press(key)
    wait_for(browser, "window.wasShown")


def times_marked(server: RunningServer) -> Counter[str]:
    history = server.site.book.history(assignment="demo")
    return Counter(
        f"{each.what.split()[0]} {each.student}" for each in history if each.action == "marked"
    )


def test_two_browsers_side_by_side_mark_each_answer_once(
    server: RunningServer, tmp_path: Path, axe: str
) -> None:
    with closing(Browser(tmp_path / "one")) as one, closing(Browser(tmp_path / "two")) as two:
        for browser, who in ((one, "max"), (two, "fay")):
            browser.look(width=1280)
            sign_in(browser, server, who)
            begin(browser, server)
        assert one.evaluate(SHOWN) != two.evaluate(SHOWN)
        assert one.violations(axe) == []
        for _ in range(len(CLASS)):
            for browser, key in ((one, "f"), (two, "z")):
                if browser.evaluate("Boolean(document.querySelector('[data-form]'))"):
                    act(browser, key)
        assert "Everything is marked" in two.evaluate("document.body.innerText")
        assert one.seen().log == two.seen().log == []
    marks = [grade.questions[0].mark for grade in server.site.book.grades("demo")]
    given = Counter((mark.who, mark.points) for mark in marks if mark is not None)
    assert given == {("max", 4): 6, ("fay", 0): 6}
    assert set(times_marked(server).values()) == {1}
    # The command sees that nothing of this question is left.
    ran = run_grader("mark", "demo", "--question", "why", cwd=server.site.course.root)
    assert "Everything is marked" in ran.said


def test_one_answer_is_marked_by_keyboard_alone_on_a_small_screen(
    server: RunningServer, tmp_path: Path, axe: str
) -> None:
    """After the test above: its marks are there to be changed."""
    book = server.site.book
    with closing(Browser(tmp_path / "profile")) as browser:
        browser.look(width=320)
        sign_in(browser, server, "max")
        attempt = next(
            each.attempt
            for each in book.grades("demo")
            if each.attempt is not None and each.questions[0].points == 0
        )
        begin(browser, server, f"{PAGE}/answers/{attempt.key}")
        browser.press("e")
        browser.evaluate("document.querySelector('#points').select()")
        browser.press("1", "Escape", "c", *"Why so?", "Escape")
        wait_for(browser, "/Saved: 1 points by max/.test(document.body.innerText)")  # by itself
        assert browser.violations(axe) == []
        assert not browser.evaluate(SCROLLS)
        assert browser.evaluate("document.querySelector('#comment').value") == "Why so?"
        browser.press("e")
        browser.evaluate("document.querySelector('#points').select()")
        browser.press("Backspace", "Escape", "1", "2")
        wait_for(browser, "/Saved: 4 points by max/.test(document.body.innerText)")
        mark = (
            next(each for each in book.grades("demo") if each.attempt == attempt).questions[0].mark
        )
        assert mark is not None
        assert (mark.points, mark.comment, len(mark.rubric)) == (4, "Why so?", 2)
        act(browser, "u")
        assert "The last mark is undone" in browser.evaluate("document.body.innerText")
        act(browser, "x")
        assert browser.evaluate(SHOWN) != f"{PAGE}/answers/{attempt.key}"
        act(browser, "p")
        assert browser.evaluate(SHOWN) == f"{PAGE}/answers/{attempt.key}"
        # Single keys disturb some people, who turn them off.
        browser.evaluate("document.querySelector('[data-keys]').click()")
        browser.press("z")
        assert "Not marked" not in browser.evaluate(
            "document.querySelector('[data-saved]').innerText"
        )


def test_what_is_entered_when_the_session_ends_is_saved_after_the_next_sign_in(
    server: RunningServer, tmp_path: Path
) -> None:
    book, saved = server.site.book, "document.querySelector('[data-saved]').innerText"
    attempt = book.grades("demo")[5].attempt
    assert attempt is not None
    max_ = server.site.accounts.account("max")
    assert max_ is not None
    with closing(Browser(tmp_path)) as browser:
        sign_in(browser, server, "max")
        begin(browser, server, f"{PAGE}/answers/{attempt.key}")
        browser.evaluate("document.querySelector('#points').value = '1'")
        server.site.accounts.close_all(max_)
        browser.press("c", *"Well")
        wait_for(browser, f"{saved}.startsWith('Not saved')")
        assert browser.evaluate(saved) == (
            "Not saved: You are not signed in any more, so nothing was done. Sign in and do it "
            "again. What you entered is still here; try again."
        )
        link = server.invitation("max")
        browser.evaluate(f"fetch('{link}', {{method: 'POST'}}).then(() => {{ window.back = 1; }})")
        wait_for(browser, "window.back")
        browser.press("!")
        wait_for(browser, f"{saved}.startsWith('Saved')")
    mark = book.grades("demo")[5].questions[0].mark
    assert mark is not None
    assert (mark.who, mark.comment) == ("max", "Well!")


def test_what_one_person_entered_is_not_saved_as_the_next_ones(
    server: RunningServer, tmp_path: Path
) -> None:
    """olga signs in in a tab of the browser in which max has an answer open."""
    book, saved = server.site.book, "document.querySelector('[data-saved]').innerText"
    attempt, before = book.grades("demo")[6].attempt, book.grades("demo")[6].questions
    max_ = server.site.accounts.account("max")
    assert attempt is not None
    assert max_ is not None
    with closing(Browser(tmp_path)) as browser:
        sign_in(browser, server, "max")
        begin(browser, server, f"{PAGE}/answers/{attempt.key}")
        browser.evaluate("document.querySelector('#points').value = '1'")
        server.site.accounts.close_all(max_)
        link = server.invitation("olga")
        browser.evaluate(f"fetch('{link}', {{method: 'POST'}}).then(() => {{ window.back = 1; }})")
        wait_for(browser, "window.back")
        browser.press("c", *"Well")
        wait_for(browser, f"{saved}.startsWith('Not saved')")
        assert "somebody else, who was signed in" in browser.evaluate(saved)
    assert book.grades("demo")[6].questions == before


def test_the_pages_around_it_are_sound_on_a_small_screen(
    server: RunningServer, tmp_path: Path, axe: str
) -> None:
    book = server.site.book
    failing = check("checks::mean", 0.0, 5.0, diagnosis="The mean is taken over columns.")
    entries = [(each, reports(each.label, failing)) for each in book.attempts("demo")[:3]]
    book.record(entries, who="test")
    with closing(Browser(tmp_path / "profile")) as browser:
        browser.look(width=320)
        sign_in(browser, server, "olga")
        for page in ("questions", "questions/why/alike", "questions/how", "shares", "faults"):
            browser.open(f"{server.address}/homeworks/demo/{page}")
            assert browser.violations(axe) == [], page
            assert not browser.evaluate(SCROLLS), page
        assert "The mean is taken over columns" in browser.evaluate("document.body.innerText")


def test_without_a_script_the_forms_do_it(server: RunningServer, tmp_path: Path) -> None:
    with closing(Browser(tmp_path / "profile")) as browser:
        sign_in(browser, server, "fay")
        browser.scripts(on=False)
        browser.open(f"{server.address}/homeworks/demo/questions/how")
        first = browser.evaluate(SHOWN)
        browser.tab_to("#points")
        browser.press("2")
        browser.after_load(lambda: browser.press("Enter"))
        assert "1 of 12 marked" in browser.evaluate("document.body.innerText")
        assert browser.evaluate(SHOWN) != first


def test_the_claim_of_a_killed_browser_runs_out(server: RunningServer, tmp_path: Path) -> None:
    with closing(Browser(tmp_path / "profile")) as browser:
        sign_in(browser, server, "max")
        begin(browser, server, "/homeworks/demo/questions/how")
        key = int(browser.evaluate(SHOWN).rpartition("/")[2])
    book, eve = server.site.book, Marker("eve", "a terminal")
    attempt = book.attempt(key)
    assert attempt is not None
    assert book.claim(attempt, "how", eve)[0].who == "max"
    assert book.claim(attempt, "how", eve, now_utc() + LASTS)[0].who == "eve"
    book.give_back(eve)


def test_a_closed_page_gives_its_answer_back_at_once(server: RunningServer, tmp_path: Path) -> None:
    book, eve = server.site.book, Marker("eve", "a terminal")
    with closing(Browser(tmp_path / "profile")) as browser:
        sign_in(browser, server, "fay")
        begin(browser, server, "/homeworks/demo/questions/how")
        attempt = book.attempt(int(browser.evaluate(SHOWN).rpartition("/")[2]))
        assert attempt is not None
        assert book.claim(attempt, "how", eve)[0].who == "fay"
        browser.open(f"{server.address}/account")
        deadline = time.monotonic() + 30
        while book.claim(attempt, "how", eve)[0].who != "eve":
            assert time.monotonic() < deadline
            time.sleep(0.05)
    book.give_back(eve)
