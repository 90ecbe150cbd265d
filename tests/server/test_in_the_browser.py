"""A student in a real browser: from the invitation to the graded report."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from making import DEMO_RIGHT, write_course
from running_server import RunningServer, running_server

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")
FORMULAS = r"""# Demo

With $\mathbf x \in \mathbb R^n$:

$$ \begin{aligned} \arg\max_k z_k &= a \\ &= b \end{aligned} $$
"""
ROWS = """[...document.querySelectorAll('mtr')].map(
    row => [...row.children].map(cell => cell.textContent.replace(/[^\\w=]/g, '')))"""
ALIGNED = "[...document.querySelectorAll('mtd')].map(cell => getComputedStyle(cell).textAlign)"
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, which finds what keeps people with disabilities from using a page."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0])
    return (folder / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    course = write_course(tmp_path_factory.mktemp("browsed") / "course")
    (course / "assignments/demo/README.md").write_text(FORMULAS, encoding="utf-8")
    with running_server(course, "--unsafe", "--jobs", "1") as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def wait_for(browser: Browser, expression: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not browser.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < deadline, browser.evaluate("document.body.innerText")
        time.sleep(0.05)


def test_a_student_hands_in_by_keyboard_and_reads_the_report(
    browser: Browser, server: RunningServer, axe: str, tmp_path: Path
) -> None:
    def is_sound() -> None:
        """For people with disabilities, on a telephone, and for the browser's own console."""
        assert browser.violations(axe) == []
        assert not browser.evaluate(SCROLLS)
        assert browser.seen().log == []

    def enter(selector: str) -> None:
        browser.tab_to(selector)
        browser.after_load(lambda: browser.press("Enter"))
        is_sound()

    work = tmp_path / "demo.py"
    work.write_text(DEMO_RIGHT, encoding="utf-8")
    browser.forget()
    browser.look(width=320)
    browser.open(server.invitation("ada"))
    is_sound()
    enter("main button")
    enter("a[href='/homeworks/demo']")
    enter("a[href='/homeworks/demo/handout']")
    assert browser.evaluate("document.querySelector('math').textContent") == "𝐱∈ℝn"
    assert browser.evaluate(ROWS) == [["argmaxkzk", "=a"], ["", "=b"]]
    assert browser.evaluate(ALIGNED) == ["right", "left", "right", "left"]
    enter("a[href='/homeworks/demo']")
    browser.choose_files("#files", work)
    assert "demo.py" in browser.evaluate("document.querySelector('[data-chosen]').innerText")
    enter("form.hand-in button")
    assert "demo.py will be graded" in browser.evaluate("document.querySelector('main').innerText")
    enter("form.buttons button")
    # The checks come one by one, and at the end the page shows the report by itself.
    wait_for(browser, "document.querySelector('#passed, #open')")
    is_sound()
    said = browser.evaluate("document.querySelector('main').innerText")
    assert "double of three numbers" in said
    enter("a[href='/account']")
    enter("header a[href='/']")
    enter("a[href='/total']")


def test_staff_see_what_was_handed_in_and_answer_a_request(
    browser: Browser, server: RunningServer, axe: str
) -> None:
    """After the test above: ada has handed in."""
    ada = server.site.accounts.account("ada")
    assert ada is not None
    (made,) = server.site.hand_ins.of_student(ada.student or 0)
    item = "checks::test_double"
    server.site.requests.ask(ada, made.attempt or 0, "check", item, "Why <i>not</i>?")
    browser.forget()
    browser.look(width=320)
    browser.open(server.invitation("olga"))
    browser.after_load(lambda: browser.evaluate("document.querySelector('main button').click()"))
    pages = (
        *("/", "/homeworks/demo/hand-ins", f"/hand-ins/{made.key}", "/account"),
        *("/students", f"/students/{ada.student}", "/totals", "/people", "/homeworks/demo/class"),
        *("/roster", "/homeworks/demo/lms", "/platforms", "/homeworks/nothing"),
        "/requests",
    )
    for page in pages:
        browser.open(server.address + page)
        browser.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        assert browser.violations(axe) == [], page
        assert not browser.evaluate(SCROLLS), page
    browser.tab_to("textarea")
    browser.press(*"Because.")
    browser.tab_to("main form[method=post] button")
    browser.after_load(lambda: browser.press("Enter"))
    assert "Every request is answered" in browser.evaluate("document.body.innerText")
    assert server.site.requests.of_account(ada)[0].answer == "Because."


def test_what_would_change_and_what_was_written_is_shown_to_everybody(
    browser: Browser, server: RunningServer, axe: str, tmp_path: Path
) -> None:
    """After the test above: olga is signed in."""

    def is_sound() -> None:
        assert browser.violations(axe) == []
        assert not browser.evaluate(SCROLLS)

    tables = {
        "/roster": "id,name,email,login,section\nada,Ada Lovelace,ada@example.edu,al,A\n",
        "/homeworks/demo/lms": (
            "Student,ID,SIS User ID,SIS Login ID,Section,Demo (1)\n"
            "    Points Possible,,,,,3\n"
            '"Lovelace, Ada",1,ada,al,A,\n'
        ),
    }
    for page, text in tables.items():
        table = tmp_path / "table.csv"
        table.write_text(text, encoding="utf-8")
        browser.open(server.address + page)
        browser.choose_files("input[type=file]", table)
        browser.after_load(
            lambda: browser.evaluate("document.querySelector('main button').click()")
        )
        assert "What would change" in browser.evaluate("document.querySelector('h1').innerText")
        is_sound()
    browser.open(f"{server.address}/people")
    olga = server.site.accounts.account("olga")
    assert olga is not None
    server.site.accounts.close_all(olga)
    browser.evaluate(
        "document.querySelector('main #name').value = 'Max Mustermann';"
        "document.querySelector('main #id').value = 'max'"
    )
    send = "document.querySelector('main #name').form.querySelector('button').click()"
    browser.after_load(lambda: browser.evaluate(send))
    assert browser.evaluate("document.querySelector('textarea').value") == "Max Mustermann"
    is_sound()


def drop_a_folder(browser: Browser, content: str) -> None:
    """Drop the folder `work` with a `demo.py`, of what a script calls `content`."""
    browser.evaluate(
        """(() => {
          const file = new File([CONTENT], "demo.py");
          const entry = {isFile: true, isDirectory: false, name: "demo.py", file: (f) => f(file)};
          let told = false;
          const reader = {readEntries: (f) => { f(told ? [] : [entry]); told = true; }};
          const folder = {isFile: false, isDirectory: true, name: "work"};
          folder.createReader = () => reader;
          const event = new Event("drop", {bubbles: true, cancelable: true});
          event.dataTransfer = {items: [{webkitGetAsEntry: () => folder}]};
          document.querySelector("[data-drop]").dispatchEvent(event);
        })()""".replace("CONTENT", content)
    )
    wait_for(browser, "document.querySelector('[data-chosen] li')")


RIGHT = '"def double(x):\\n    return 2 * x\\n"'
SEND = "document.querySelector('form.hand-in button').click()"


def test_a_folder_is_dropped_on_the_page(browser: Browser, server: RunningServer) -> None:
    browser.forget()
    browser.look(width=900)
    browser.open(server.invitation("bob"))
    browser.after_load(lambda: browser.evaluate("document.querySelector('main button').click()"))
    browser.open(f"{server.address}/homeworks/demo")
    drop_a_folder(browser, RIGHT)
    chosen = browser.evaluate("document.querySelector('[data-chosen]').innerText")
    assert chosen == "work/demo.py"
    browser.after_load(lambda: browser.evaluate(SEND))
    said = browser.evaluate("document.querySelector('main').innerText")
    assert "demo.py will be graded" in said


def test_a_dropped_folder_that_was_not_taken_can_be_sent_or_dropped_again(
    browser: Browser, server: RunningServer
) -> None:
    """After the test above: bob is signed in."""
    browser.open(f"{server.address}/homeworks/demo")
    drop_a_folder(browser, "new Uint8Array(33e6)")
    browser.evaluate(SEND)
    wait_for(browser, "document.querySelector('#refused')")
    said = browser.evaluate("document.querySelector('form.hand-in').innerText")
    assert "More than 32.0 MB were sent" in said
    # The form that came back takes folders, too.
    drop_a_folder(browser, RIGHT)
    browser.go_offline(True)
    browser.evaluate(SEND)
    wait_for(browser, "document.body.innerText.includes('the server cannot be reached')")
    browser.go_offline(False)
    browser.after_load(lambda: browser.evaluate(SEND))
    assert "demo.py will be graded" in browser.evaluate("document.querySelector('main').innerText")


def test_the_page_works_without_scripts(browser: Browser, server: RunningServer) -> None:
    browser.forget()
    browser.scripts(on=False)
    try:
        browser.open(server.invitation("eve"))
        browser.tab_to("main button")
        browser.after_load(lambda: browser.press("Enter"))
        browser.open(f"{server.address}/homeworks/demo")
        assert not browser.evaluate("document.querySelector('#files').hidden")
        assert browser.evaluate("document.querySelector('[data-drop-hint]').hidden")
    finally:
        browser.scripts(on=True)
