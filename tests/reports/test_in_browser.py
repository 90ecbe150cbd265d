"""Pages in a real browser: nothing runs, nothing is asked for, and all can be read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CONTRASTS, Browser, find_chromium
from made import HOSTILE, check, hostile, listing, picture, report
from reading import PAGES

from grader._internal.text import printable
from grader.reports.schema import FigureFile, Message
from grader.reports.summary import Row

pytestmark = pytest.mark.skipif(
    find_chromium() is None, reason="Chromium is not installed; try: apt-get install chromium"
)

# What got in would leave one of these behind.
TRACES = "[window.pwned, document.querySelectorAll('iframe, [onerror], [onload], base').length]"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all of these tests."""
    running = Browser(tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile submission's two pages, a plain one's, and a hostile index."""
    folder = tmp_path_factory.mktemp("pages")
    made = hostile()
    rows = [
        Row("demo", text, printable(text)[:90], 9 - index, 9, True, {text: 1}, 0, (text,), text,
            text, text, text)
        for index, text in enumerate(map(printable, HOSTILE))
    ]  # fmt: skip
    plain = report(
        *[check(outcome, outcome, diagnosis="A mistake.") for outcome in ("failed", "error")],
        check("hidden", "blocked", visibility="hidden"),
        check("drawn", "passed", figures=(FigureFile(title="plot_it", file="a.png"),)),
        check(
            "ours",
            "grader_error",
            message=Message(summary="E: x", traceback="  demo.py, line 2, in f: y = 1"),
        ),
        warnings=("demo.py, line 1: E: x",),
        stdout="printed",
    )
    code = listing(demo='def f():\n    y = 1  # one\n    return "text"\n')
    for name, data in {
        "staff": PAGES.page(made.staff, made.code, made.pictures, "ada"),
        "student": PAGES.page(made.student, made.code, made.pictures, "ada"),
        "plain": PAGES.page(plain, code, {"a.png": picture()}, "ada"),
        "index": PAGES.index(rows),
    }.items():
        (folder / f"{name}.html").write_bytes(data)
    return folder


@pytest.mark.parametrize("name", ["staff", "student", "index"])
def test_hostile_text_runs_nothing_and_asks_for_nothing(
    browser: Browser, pages: Path, name: str
) -> None:
    seen = browser.open(pages / f"{name}.html")
    own = (pages / f"{name}.html").as_uri()
    assert {url for url in seen.requests if not url.startswith("data:")} == {own}
    assert seen.scripts == ([own] if name == "index" else [])
    assert seen.log == []
    assert seen.dialogs == []
    assert browser.evaluate(TRACES) == [None, 0]


@pytest.mark.parametrize("name", ["plain", "index"])
def test_policy_stops_what_would_slip_through_all_the_same(
    browser: Browser, pages: Path, tmp_path: Path, name: str
) -> None:
    smuggled = (
        "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
        "<img src='http://127.0.0.1:9/'><b id=b style='color: red'>b</b><base href='http://a/'>"
        "<link rel=stylesheet href='http://127.0.0.1:9/'><iframe src='http://127.0.0.1:9/'></iframe>"
        "<form action='http://127.0.0.1:9/'></form><script src='http://127.0.0.1:9/'></script>"
    )
    text = (pages / f"{name}.html").read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace("<main>", f"<main>{smuggled}"), encoding="utf-8")
    browser.open(changed)
    browser.evaluate("document.forms[0].submit()")
    seen = browser.wait_until(lambda seen: any("form-action" in entry for entry in seen.log))
    assert browser.evaluate("window.pwned") is None
    assert browser.evaluate("getComputedStyle(b).color !== 'rgb(255, 0, 0)'")
    assert browser.evaluate("location.href") == changed.as_uri()
    assert browser.evaluate("document.baseURI") == changed.as_uri()
    for part in ("script", "style", "img-src", "frame", "base-uri"):
        assert any(part in entry for entry in seen.log), (part, seen.log)
    # And the test would see what is not stopped.
    changed.write_text("<script>window.pwned = 1</script><img src='http://127.0.0.1:9/'>")
    seen = browser.open(changed)
    assert "http://127.0.0.1:9/" in seen.requests
    assert seen.scripts == [changed.as_uri()]
    assert browser.evaluate("window.pwned") == 1


@pytest.mark.parametrize("name", ["staff", "student", "plain", "index"])
def test_no_page_is_wider_than_a_phone(browser: Browser, pages: Path, name: str) -> None:
    browser.look(width=375)
    browser.open(pages / f"{name}.html")
    assert browser.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [375, 375]
    # Nor does anything in it hide what it holds.
    clipped = (
        "[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).overflowX !== 'visible' && e.className !== 'unseen')"
        ".map(e => e.className)"
    )
    assert browser.evaluate(clipped) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["plain", "index"])
def test_all_text_has_contrast_in_both_schemes(
    browser: Browser, pages: Path, name: str, dark: bool
) -> None:
    browser.look(dark=dark)
    browser.open(pages / f"{name}.html")
    shade = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shade == ("rgb(23, 25, 29)" if dark else "rgb(255, 255, 255)")
    found = browser.evaluate(CONTRASTS)
    assert len(found) > (12 if name == "plain" else 4)
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


def test_print_is_dark_on_white_even_where_the_screen_is_dark(
    browser: Browser, pages: Path, tmp_path: Path
) -> None:
    browser.look(dark=True, media="print")
    browser.open(pages / "plain.html")
    assert (
        browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert min(browser.evaluate(CONTRASTS).values()) >= 4.5
    browser.pdf(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_screen_reader_is_given_landmarks_headings_tables_and_pictures_by_name(
    browser: Browser, pages: Path
) -> None:
    browser.look()
    browser.open(pages / "plain.html")
    assert browser.evaluate("document.documentElement.lang") == "en"
    named: dict[str, list[str]] = {}
    for node in browser.accessibility_tree():
        name = node.get("name", {}).get("value", "")
        named.setdefault(node["role"]["value"], []).append(name)
    for landmark in ("banner", "main", "contentinfo"):
        assert len(named[landmark]) == 1, landmark
    assert all(named["region"]), "a region without a name"
    headings = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]"
    levels = browser.evaluate(f"{headings}.map(heading => +heading.tagName[1])")
    assert len(levels) == len(named["heading"])
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert named["columnheader"] == ["Check", "Points"]
    assert "seed" in named["rowheader"]
    assert named["image"] == ["Figure drawn by plot_it"]
    assert browser.evaluate("document.querySelector('.note').textContent") == "Line 1: E: x"
    # What scrolls can be reached without a mouse.
    assert browser.evaluate("document.querySelector('.output').tabIndex") == 0


def test_index_is_sorted_by_a_click_and_says_how(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html")
    scores = "[...document.querySelectorAll('tbody td:nth-child(2)')].map(e => +e.textContent)"
    before = browser.evaluate(scores)
    assert before != sorted(before)
    for direction in ("ascending", "descending"):
        browser.evaluate("document.querySelectorAll('thead button')[1].click()")
        assert browser.evaluate("document.querySelector('[aria-sort]').ariaSort") == direction
        assert browser.evaluate(scores) == sorted(before, reverse=direction == "descending")
