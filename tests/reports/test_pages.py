"""Pages, as a parser reads them: what is said, to whom and in which order; text stays text."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import HOSTILE, check, hostile, listing, picture, report
from reading import PAGES, all_of, first, nodes, page_of, parsed, text_of

from grader._internal.text import printable
from grader.engine.task import Result
from grader.reports.pages import Listing, Pages
from grader.reports.pages.render import TEMPLATES
from grader.reports.schema import FigureFile, Message, Outcome, Report
from grader.reports.summary import Row
from grader.reports.writer import Outbox
from grader.submission.files import Submission

# Every element that a page is made of; none of them runs, loads or sends anything.
ELEMENTS = {
    *("html", "head", "meta", "link", "title", "style", "body", "header", "main", "footer", "nav"),
    *("section", "article", "div", "p", "span", "a", "h1", "h2", "h3", "h4", "ul", "li", "dl"),
    *("dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "bdi", "strong"),
    *("time", "figure", "figcaption", "img", "svg", "rect", "#text", "#document", "!doctype"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "role"),
    *("aria-hidden", "aria-label", "aria-labelledby", "tabindex", "translate", "viewBox", "src"),
    *("preserveAspectRatio", "width", "height", "alt", "scope", "datetime"),
}
LINKS = r"#[\w-]+|data:,|data:image/png;base64,[\w+/=]+|(\.\./|student/)?[\w%.~-]+\.(html|json)"


# Text stays text


@pytest.mark.parametrize("audience", ["staff", "student"])
def test_hostile_text_in_every_field_stays_text(audience: str) -> None:
    made = hostile()
    data = PAGES.page(getattr(made, audience), made.code, made.pictures, HOSTILE[0])
    page = parsed(data)
    for node in nodes(page.root):
        assert node.name in ELEMENTS, node.name
        for name, value in (getattr(node, "attrs", None) or {}).items():
            assert name in ATTRIBUTES, (node.name, name)
            if name in ("href", "src"):
                assert re.fullmatch(LINKS, value), value
    shown = " ".join(text_of(page.root).split())
    for text in made.texts:
        assert " ".join(printable(text).split())[:1000] in shown
    # Not one invisible or reordering character, whatever field it came in.
    assert all(char.isprintable() or char in "\n\t" for char in data.decode())


def test_hostile_rows_of_the_index_stay_text() -> None:
    rows = [
        Row(text, text, printable(text)[:90], 1, 2, index % 2 == 0, {text: 1}, 0, (text,), text,
            text, text, text)
        for index, text in enumerate(map(printable, HOSTILE))
    ]  # fmt: skip
    page = parsed(PAGES.index(rows))
    assert {node.name for node in nodes(page.root)} <= ELEMENTS | {"script"}
    assert len(page.query("script")) == 1
    links = [node.attrs["href"] for node in page.query("tbody a")]
    assert len(links) == len(rows)
    assert all(re.fullmatch(r"[\w%.~-]+/[\w%.~-]+\.html", link) for link in links), links


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back_from_a_page_as_it_was_shown(title: str, source: str) -> None:
    made = report(check(title, message=title), student=title, stdout=title)
    page = page_of(made, listing(demo=source.encode("utf-8", "replace")))
    assert first(page, "h1") == printable(title).strip()
    assert first(page, "h4") == printable(title).strip()
    shown = [text_of(node) for node in page.query(".source")]
    decoded = source.encode("utf-8", "replace").decode("utf-8-sig")
    lines = re.split(r"\r\n|\r|\n", decoded)
    assert shown == [printable(line) + "\n" for line in (lines if lines[-1] else lines[:-1])]


# Who may see what


def secret_report() -> tuple[Report, dict[str, bytes]]:
    """A hidden and a visible check, each with words, a line of code and a picture."""
    checks = [
        check(
            f"{seen} claim",
            "error",
            message=Message(
                summary=f"{word}Error: {word}", traceback=f"  demo.py, line {line}, in f: x"
            ),
            diagnosis=f"{word} diagnosis",
            visibility=visibility,
            figures=(FigureFile(title=f"{word}_figure", file=f"{word}.png"),),
        )
        for seen, word, line, visibility in (
            ("open", "public", 1, "visible"),
            ("hidden", "secret", 2, "hidden"),
            ("late", "secret", 2, "after_published"),
        )
    ]
    made = report(*checks, warnings=("secret warning",), stdout="secret output", seed="secret seed")
    return made, {"public.png": picture(8, 4), "secret.png": picture(8, 3)}


def test_students_page_holds_nothing_that_their_report_does_not() -> None:
    staff, pictures = secret_report()
    code = listing(demo="first = 1\nsecond = 2\n")
    theirs = PAGES.page(staff.for_student(("early",), "printed"), code, pictures, "ada").decode()
    for word in ("secret", base64.b64encode(pictures["secret.png"]).decode(), "12 ms"):
        assert word not in theirs
    assert "hidden claim" in theirs
    assert "late claim" in theirs
    assert base64.b64encode(pictures["public.png"]).decode() in theirs
    page = parsed(theirs.encode())
    assert all_of(page, ".raised .source") == ["first = 1"]
    assert "This run" not in all_of(page, "h2")
    assert page.query("a") == [a for a in page.query("a") if a.attrs["href"].startswith("#")]


def test_what_could_not_be_judged_is_told_to_a_student_as_open() -> None:
    staff = report(check("a secret", "grader_error", message="our trace", visibility="hidden"))
    theirs = page_of(staff.for_student((), ""))
    text = text_of(theirs.root)
    assert any("Not judged" in title for title in all_of(theirs, "h3"))
    assert "its points stay open until the course staff have looked at it" in text
    assert "our trace" not in text
    assert "Grader error" not in text
    assert any("Grader error" in title for title in all_of(page_of(staff), "h3"))


def test_staffs_page_holds_everything() -> None:
    staff, pictures = secret_report()
    page = page_of(staff, listing(demo="first = 1\nsecond = 2\n"), pictures)
    text = text_of(page.root)
    for word in ("secretError", "secret diagnosis", "secret warning", "secret output"):
        assert word in text
    assert "secret seed" in text
    assert "checks::test_it" in text
    assert "12 ms" in text
    assert all_of(page, ".raised .source") == ["first = 1", "second = 2"]
    assert len(page.query("img")) == 2


# What comes first


def test_summary_comes_first_and_failed_checks_before_passed_ones() -> None:
    page = page_of(
        report(check("fine", "passed"), check("wrong", "failed"), check("late", "timeout"))
    )
    headings = [
        " ".join(text_of(node).split())
        for node in nodes(page.root)
        if re.fullmatch("h[1-6]", node.name)
    ]
    assert headings == [
        *("ada", "What to look at", "✗ Failed", "wrong", "! Timeout", "late", "✓ Passed"),
        "This run",
    ]
    assert first(page, ".score") == "3 of 9 points"
    assert all_of(page, ".counts li") == ["✗ failed 1", "! timeout 1", "✓ passed 1"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_outcome_is_told_by_a_sign_and_a_word(outcome: Outcome) -> None:
    page = page_of(report(check("a claim", outcome.value)))
    assert all_of(page, ".counts li") == [f"{outcome.sign} {outcome.words} 1"]
    (target,) = page.query(f"#{outcome.value}")
    assert outcome.words in text_of(target).lower()


def test_what_several_checks_say_alike_is_told_once() -> None:
    made = report(
        *[check(f"claim {n}", "error", message="the submission cannot be run") for n in range(9)],
        warnings=("cannot be run",),
    )
    page = page_of(made)
    assert all_of(page, "h4") == ["9 checks with the same reason"]
    assert len(page.query(".claims li")) == 9
    assert text_of(page.root).count("cannot be run") == 1


def test_parts_of_a_message_stand_under_their_names() -> None:
    message = Message(
        summary="softmax(Z): wrong values", expected="[[1, 2]\n [3, 4]]", got="5",
        where="[0, 3]", hint="Look again.",
    )  # fmt: skip
    page = page_of(report(check(message=message, diagnosis="You forgot exp.")))
    assert first(page, ".fact") == "softmax(Z): wrong values"
    pairs = zip(all_of(page, "dt"), all_of(page, "dd"), strict=True)
    assert dict(pairs) == {
        "expected": "[[1, 2] [3, 4]]", "got": "5", "where": "[0, 3]", "hint": "Look again."
    }  # fmt: skip
    assert first(page, ".likely") == "Likely: You forgot exp."


def test_submission_that_could_not_be_graded_says_so_and_why() -> None:
    page = page_of(report(warnings=("the submission is not a zip file",)))
    assert first(page, ".score") == "Not graded"
    assert all_of(page, ".warnings li") == ["the submission is not a zip file"]


# Figures


def with_figure(*outcomes: str) -> Report:
    shown = (FigureFile(title="plot_it", file="a.png"),)
    return report(*[check(f"claim {n}", o, figures=shown) for n, o in enumerate(outcomes)])


def test_figure_is_shown_once_with_every_check_that_looked_at_it() -> None:
    page = page_of(with_figure("failed", "passed"), pictures={"a.png": picture()})
    (image,) = page.query("img")
    assert image.attrs["alt"] == "Figure drawn by plot_it"
    assert base64.b64decode(image.attrs["src"].split(",")[1]) == picture()
    assert (image.attrs["width"], image.attrs["height"]) == ("8", "4")
    assert all_of(page, "figcaption li") == ["✗ failed: claim 0", "✓ passed: claim 1"]


@pytest.mark.parametrize(
    "data",
    [
        picture(60_000, 60_000),
        picture(0, 5),
        b"\x89PNG",
        b"<svg onload=alert(1)>",
        picture() + bytes(5 << 20),
    ],
    ids=["huge when unpacked", "no width", "no header", "no PNG", "large file"],
)
def test_picture_that_a_browser_should_not_get_is_left_out(data: bytes) -> None:
    page = page_of(with_figure("failed"), pictures={"a.png": data})
    assert page.query("img") == []
    assert "cannot be shown here" in text_of(page.query("figure")[0])


def test_picture_that_was_not_kept_is_no_part_of_the_page() -> None:
    assert page_of(with_figure("failed")).query("figure") == []


# Reading it


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2 of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_is_legible_on_every_paper(scheme: str) -> None:
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks)
    assert light.keys() == dark.keys()
    colours = light if scheme == "light" else dark
    inks = {name: value for name, value in colours.items() if name.startswith("ink")}
    papers = {name: value for name, value in colours.items() if name.startswith("paper")}
    assert len(inks) > 8
    assert len(papers) > 3
    poor = {
        (ink, paper): round(contrast(inks[ink], papers[paper]), 2)
        for ink in inks
        for paper in papers
        if contrast(inks[ink], papers[paper]) < 4.5
    }
    assert poor == {}
    # No text has a colour that is not one of these.
    assert set(re.findall(r"[{;] color: ([^;]+);", style)) <= {
        "inherit", *(f"var(--{ink})" for ink in inks)
    }  # fmt: skip


def test_times_are_those_of_the_course() -> None:
    """At night it is another day there."""
    staff = with_figure("failed")
    at = datetime(2026, 3, 27, 22, 59, tzinfo=UTC)
    made = staff.model_copy(update={"started_at": at})
    for zone, told in (
        (ZoneInfo("Europe/Berlin"), "Fri 27 Mar 2026, 23:59 CET"),
        (ZoneInfo("Asia/Tokyo"), "Sat 28 Mar 2026, 07:59 JST"),
        (None, "Fri 27 Mar 2026, 22:59 UTC"),
    ):
        page = parsed(Pages(zone=zone).page(made, Listing(), {}, "ada"))
        assert f"Graded {told}." in text_of(page.root)


def test_page_that_cannot_be_made_costs_nothing_but_itself(tmp_path: Path) -> None:
    staff = with_figure("failed")
    broken: dict[str, bytes] = {"a.png": None}  # type: ignore[dict-item]
    outbox = Outbox(tmp_path, html=True)
    result = Result(staff, staff.for_student((), ""), broken)
    outbox.put_pages(result, Submission({}, ""), "ada")
    for path in ("demo/ada.html", "demo/student/ada.html"):
        said = text_of(parsed((tmp_path / path).read_bytes()).root)
        assert "could not be made because of a fault of the grader" in said


def test_index_lists_homeworks_apart_with_mean_and_median_of_what_counts() -> None:
    def row(name: str, label: str, score: float, counts: bool = True) -> Row:
        return Row(name, label, label, score, 10, counts, {"failed": 1}, 0, (), "", "", "", "Why.")

    rows = [row("b", "eve", 1), row("a", "bob", 8), row("a", "ada", 4), row("a", "ada~1", 0, False)]
    page = parsed(PAGES.index(rows))
    assert all_of(page, "h2") == ["a", "b"]
    assert all_of(page, "tbody th") == ["ada", "ada~1", "bob", "eve"]
    assert "mean 6, median 6 of 10 points" in first(page, "main")
    assert "does not count" in all_of(page, "tbody tr")[1]
    assert all_of(page, "tbody tr")[0].endswith("failed Why.")
