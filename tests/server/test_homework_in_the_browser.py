"""A student without an installation: writes, checks, downloads and hands in on a page.

The Python in the page is the real Pyodide; see pyodide.py for what stands in.
"""

from __future__ import annotations

import http.server
import importlib.util
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from making import DEMO_TOML, write_course, write_files
from pyodide import FOLDER, NOT_HERE, write_distribution
from running import run_grader
from running_server import RunningServer, running_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason=NOT_HERE),
    pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here"),
]

STARTER = '''\
"""The demo."""


def double(x):
    """Twice x."""
    raise NotImplementedError
'''
RIGHT = STARTER.replace("raise NotImplementedError", "return 2 * x")
CHECKS = '''\
import pytest


@pytest.mark.points(2)
def test_double(student):
    """double of two"""
    assert student.double(2) == 4


@pytest.mark.points(1)
@pytest.mark.hint("Two times.")
def test_double_of_three(student):
    """double of three"""
    assert student.double(3) == 6
'''
COURSE = {
    "assignments/demo/assignment.toml": DEMO_TOML.replace("call_s = 2.0", "call_s = 1"),
    "assignments/demo/demo.py": STARTER,
    "assignments/demo/checks.py": CHECKS,
    "solutions/demo/demo.py": RIGHT,
    "solutions/demo/hidden_checks.py": CHECKS.replace("(2) == 4", "(20) == 40").replace(
        "test_double", "test_hidden"
    ),
}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files as any web server does."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Pages:
    """The pages at an address, and the course's server to which they hand in."""

    address: str
    server: RunningServer
    site: Path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("pages")
    course, site = write_course(folder / "course"), folder / "site"
    write_files(course, COURSE)
    files = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: QuietHandler(*args, directory=str(site))
    )
    address = f"http://127.0.0.1:{files.server_port}"
    settings = course / "pyproject.toml"
    settings.write_text(
        f'{settings.read_text()}\n[tool.grader.server]\nweb_pages = ["{address}"]\n'
    )
    threading.Thread(target=files.serve_forever, daemon=True).start()
    try:
        with running_server(course, "--unsafe", "--jobs", "1") as server:
            made = run_grader(
                "release", "--web", str(site), "--server", server.address,
                "--interpreter", str(write_distribution(folder / "pyodide")),
                cwd=course,
            )  # fmt: skip
            assert made.code == 0, made
            yield Pages(address, server, site)
    finally:
        files.shutdown()
        files.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(browser: Browser, pages: Pages) -> Page:
    browser.open(f"{pages.address}/index.html")
    browser.after_load(lambda: browser.evaluate("document.querySelector('.homeworks a').click()"))
    opened = Page(browser)
    opened.wait_for("status", "Ready.")
    return opened


class Page:
    """What a student does on it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def text(self, name: str) -> str:
        """What stands in an element; "" where it is not shown."""
        return str(
            self.browser.evaluate(
                f"document.getElementById({name!r}).checkVisibility()"
                f" ? document.getElementById({name!r}).innerText : ''"
            )
        )

    def wait_for(self, name: str, text: str, seconds: float = 120) -> str:
        """Wait until an element says a text; all that it says then."""
        deadline = time.monotonic() + seconds
        while text not in (told := self.text(name)):
            everything = self.browser.evaluate("document.body.innerText")
            assert time.monotonic() < deadline, everything
            time.sleep(0.1)
        return told

    def write(self, source: str) -> None:
        """Replace the code in the editor by what one would paste."""
        self.browser.evaluate("document.querySelector('.cm-content').focus()")
        self.browser.evaluate("document.execCommand('selectAll')")
        self.browser.evaluate(f"document.execCommand('insertText', false, {source!r})")

    def click(self, name: str) -> None:
        """Press a button."""
        self.browser.evaluate(f"document.getElementById({name!r}).click()")

    def check(self, source: str) -> str:
        """Run the checks on a program to their end; the result's text."""
        self.write(source)
        self.click("check")
        self.wait_for("result", "public points.")
        return self.text("result")


def test_what_the_checks_say_is_what_the_command_says(
    page: Page, pages: Pages, tmp_path: Path
) -> None:
    wrong = STARTER.replace("raise NotImplementedError", "print('x is', x)\n    return x * x")
    told = page.check(wrong)
    assert page.text("status") == "The checks have ended."
    course = write_course(tmp_path / "course", staff=False)
    write_files(course, {**COURSE, "assignments/demo/demo.py": wrong})
    said = run_grader("check", "demo", cwd=course)
    assert told.split() == said.out.split()
    assert "x is 3" in told

    assert "3 of 3 public points." in page.check(RIGHT)
    assert page.text("status") == "All public checks pass."


def test_a_loop_that_never_ends_is_ended_and_the_page_goes_on(page: Page) -> None:
    page.write(STARTER.replace("raise NotImplementedError", "while True:\n        pass"))
    page.click("check")
    told = page.wait_for("trouble", "was still running after 3 s")
    assert told == (
        "In “double of two”: `double` was still running after 3 s. Does a loop there ever end?"
    )
    assert "3 of 3 public points." in page.check(RIGHT)
    assert page.text("trouble") == ""


def test_what_was_written_is_handed_in_and_graded(page: Page, pages: Pages) -> None:
    page.write(RIGHT)
    page.browser.evaluate("document.getElementById('token').value = 'wrong'")
    page.browser.evaluate("document.querySelector('#hand-in button').click()")
    page.wait_for("receipt", "Nothing was confirmed")
    token = pages.server.token("ada")
    page.browser.evaluate(f"document.getElementById('token').value = {token!r}")
    page.browser.evaluate("document.querySelector('#hand-in button').click()")
    told = page.wait_for("receipt", "It is graded.")
    assert "attempt 1" in told
    assert "4 of 4 checks that you may see passed." in told


def test_what_is_received_stays_so_when_its_checks_cannot_be_followed(
    page: Page, pages: Pages
) -> None:
    page.write(RIGHT)
    # The network is gone as soon as the receipt has come; and while it sends, nothing else begins.
    page.browser.evaluate(
        "{ const real = window.fetch; window.sending = [];"
        " window.fetch = (address, options) => {"
        "  if (options?.method !== 'POST') return Promise.reject(new TypeError('gone'));"
        "  window.sending.push(document.getElementById('send').disabled);"
        "  return real(address, options); }; }"
    )
    token = pages.server.token("ada")
    page.browser.evaluate(f"document.getElementById('token').value = {token!r}")
    page.browser.evaluate("document.getElementById('send').click()")
    told = page.wait_for("receipt", "cannot be followed here")
    assert told.startswith("Received ")
    assert "cannot be reached." in told
    assert "Nothing was confirmed" not in told
    assert page.browser.evaluate("JSON.stringify(window.sending)") == "[true]"


def test_the_page_keeps_what_was_written(page: Page, pages: Pages) -> None:
    kept = RIGHT + "\n# with a remark\n"
    page.write(kept)
    page.browser.open(f"{pages.address}/assignments/demo/index.html")
    page.wait_for("kept", "It is kept in this browser")
    assert "# with a remark" in page.browser.evaluate(
        "document.querySelector('.cm-content').innerText"
    )


def test_the_page_is_for_everybody(page: Page) -> None:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.submodule_search_locations is not None
    axe = Path(found.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")
    page.wait_for("status", "Ready.")
    page.check(STARTER.replace("raise NotImplementedError", "return x * x"))
    scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for width, dark in ((1280, False), (320, True)):
        page.browser.look(width=width, dark=dark)
        assert page.browser.violations(axe) == []
        assert not page.browser.evaluate(scrolls)
    page.browser.look()
    assert page.browser.seen().log == []


def test_a_package_that_is_not_served_is_told(page: Page, pages: Pages) -> None:
    (wheel,) = (pages.site / "python").glob("numpy-*.whl")
    aside = wheel.rename(wheel.with_suffix(".aside"))
    try:
        page.browser.open(f"{pages.address}/assignments/demo/index.html?again")
        told = page.wait_for("trouble", "Python could not be loaded")
    finally:
        aside.rename(wheel)
    assert "numpy could not be loaded" in told
    assert "You can still write and download." in told
