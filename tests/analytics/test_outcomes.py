"""What a class report works out of reports alone, and the page of it, also of a large class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CONTRASTS, Browser, find_chromium
from class_made import MARKUP, OTHER, OWN, RENAMED, all_of, made_course, nodes, parsed, text_of
from justhtml import JustHTML

from grader._internal.clock import now_utc
from grader.analytics.gather import ClassData, ClassEntry, Text
from grader.analytics.outcomes import costly, faults_of, scores_of, summaries
from grader.analytics.page import make_page
from grader.analytics.study import study_of
from grader.analytics.tables import checks_csv
from grader.course.assignment import Assignment
from grader.course.course import find_course
from grader.reports.schema import CheckResult, Environment, Message, Outcome, Report, Visibility

ENVIRONMENT = Environment(
    python="3", numpy="2", matplotlib="3", platform="t", grader="0", grader_sha256="0" * 64
)


def check(name: str, outcome: Outcome = Outcome.PASSED, **fields: object) -> CheckResult:
    passed = outcome is Outcome.PASSED
    return CheckResult.model_validate(
        {
            "id": f"checks::test_{name}",
            "title": f"the claim of {name}",
            "max_points": 5,
            "points": 5 if passed else 0,
            "outcome": outcome,
            "message": None if passed else Message(summary="wrong"),
            "diagnosis": None,
            "visibility": Visibility.VISIBLE,
            "duration_s": 0.1,
            **fields,
        }
    )


def entry(who: str, *checks: CheckResult, code: str = "", duration_s: float = 0.5) -> ClassEntry:
    report = Report(
        audience="staff", assignment="demo", assignment_version="1", submission_sha256="2",
        student=who, seed="3", environment=ENVIRONMENT, isolation="full", started_at=now_utc(),
        duration_s=duration_s, score=sum(each.points for each in checks),
        max_score=sum(each.max_points for each in checks), checks=checks, warnings=(),
        stdout_tail="",
    )  # fmt: skip
    texts = (Text("demo.py", tuple(code.split("\n"))),) if code else ()
    return ClassEntry(who, report, texts)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return find_course(made_course(tmp_path_factory.mktemp("course"))).assignment("demo")


def page_of(demo: Assignment, *entries: ClassEntry) -> JustHTML:
    return parsed(make_page(study_of(ClassData(demo, entries, len(entries), (), 0))))


def graded(count: int) -> list[ClassEntry]:
    """A class in which `good` goes with the score, `odd` against it, and nobody passes `dead`."""
    entries = []
    for place in range(count):
        able = place < count * 0.6
        good, odd = (Outcome.PASSED, Outcome.FAILED) if able else (Outcome.FAILED, Outcome.PASSED)
        other = Outcome.PASSED if able or place % 2 else Outcome.TIMEOUT
        worth = 20 if other is Outcome.PASSED else 0
        heavy = check("other", other, max_points=20, points=worth)
        checks = (check("good", good, max_points=10, points=10 * able), check("odd", odd), heavy)
        entries.append(entry(f"s{place}", *checks, check("dead", Outcome.ERROR), check("free")))
    return entries


def test_checks_that_are_badly_set_stand_out(demo: Assignment) -> None:
    remarks = {each.title: each.remark for each in summaries(graded(20))}
    assert remarks == {
        "the claim of good": "",
        "the claim of odd": "students who do well otherwise tend to fail it",
        "the claim of other": "",
        "the claim of dead": "nobody passed it",
        "the claim of free": "everybody passed it",
    }
    listed = all_of(page_of(demo, *graded(20)), "section[aria-labelledby=checks] > ul.lead li")
    assert listed[0] == "the claim of odd: students who do well otherwise tend to fail it"
    assert len(listed) == 3
    # Of a few submissions nothing is said.
    assert not any(each.remark for each in summaries(graded(5)))


def test_fault_of_ours_counts_in_no_share_and_is_told_apart(demo: Assignment) -> None:
    ours = check(
        "good", Outcome.GRADER_ERROR, message=Message(summary=f"no data {MARKUP}", traceback="more")
    )
    entries = [entry("ada", check("good")), entry("bob", ours)]
    (summary,) = summaries(entries)
    assert (summary.share, summary.counted, summary.passed) == (1.0, 1, 1)
    assert [(each.who, each.check) for each in faults_of(entries)] == [("bob", "checks::test_good")]
    page = page_of(demo, *entries)
    assert all_of(page, "section[aria-labelledby=faults] tbody th") == ["bob"]
    assert all_of(page, "section[aria-labelledby=faults] tbody td")[1] == f"no data {MARKUP}"
    assert "1 result could not be determined" in text_of(page.query("ul.warnings")[0])
    assert all_of(page, "section[aria-labelledby=mistakes] details") == []
    assert page_of(demo, entries[0]).query("section[aria-labelledby=faults]") == []


def test_slowest_and_those_over_a_limit_are_told() -> None:
    slow = check("big", duration_s=9)
    over = check("deep", Outcome.OUT_OF_MEMORY)
    entries = [entry(f"s{n}", slow, check("good"), duration_s=10 + n) for n in range(12)]
    entries += [entry("greedy", over, over, duration_s=0.1), entry("quick", check("good"))]
    found = costly(entries)
    assert [each.who for each in found] == [f"s{n}" for n in range(11, 1, -1)] + ["greedy"]
    assert found[0].slowest == slow
    assert found[-1].limits == {Outcome.OUT_OF_MEMORY: 2}


def test_every_score_stands_in_one_bar() -> None:
    scores = scores_of([entry("a", check("x"), check("y", Outcome.FAILED)), entry("b", check("x"))])
    assert sum(scores.bars) == scores.count == 2
    alone = scores_of([entry("a", check("x"))])
    assert alone.quartiles == (5, 5, 5)
    assert alone.bars[-1] == 1
    nothing = scores_of([entry("zip")])
    assert (nothing.top, nothing.bars[0]) == (1.0, 1)


def test_large_class_has_a_cell_for_each_slice(demo: Assignment) -> None:
    page = page_of(demo, *reversed(graded(400)))
    strips = page.query("table.checks svg")
    assert strips[0].attrs["viewBox"] == "0 0 1000 20"
    good, odd, _, dead, free = (
        next(node.attrs["d"] for node in nodes(strip) if node.name == "path") for strip in strips
    )
    # The highest scores on the left, each cell as high as the share that was earned.
    assert good == "".join(f"M{10 * n} 20v-20.0h10v20.0z" for n in range(60))
    assert odd == "".join(f"M{10 * n} 20v-20.0h10v20.0z" for n in range(60, 100))
    assert (dead, free.count("M")) == ("", 100)
    assert "each cell stands for a hundredth of the class" in text_of(page.root)


def test_csv_has_a_line_for_each_check() -> None:
    lines = checks_csv(summaries(graded(20))).splitlines()
    assert lines[0].startswith(
        "check,title,visibility,points,mean_points,earned_percent,fit,passed"
    )
    assert lines[1].startswith("checks::test_good,the claim of good,visible,10,6.000,60.0,")
    assert len(lines) == 6


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("Chromium is not installed; try: apt-get install chromium")
    running = Browser(tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


def test_page_is_legible_and_fits_in_a_browser(
    demo: Assignment, browser: Browser, tmp_path: Path
) -> None:
    wrong = check("double", Outcome.FAILED, diagnosis="Your double squares.")
    broken = check("total", Outcome.GRADER_ERROR)
    entries = [entry("eve", wrong, broken, code=OWN), entry("mal", wrong, check("x"), code=RENAMED)]
    entries += [entry(f"<b>{MARKUP}", wrong, code=OTHER + f"# {MARKUP} {'x' * 400}"), *graded(12)]
    path = tmp_path / "demo.html"
    path.write_bytes(make_page(study_of(ClassData(demo, tuple(entries), 15, ("lost",), 1))))
    for width, dark in ((1280, False), (1280, True), (360, False)):
        browser.look(width=width, dark=dark)
        seen = browser.open(path)
        assert (seen.log, seen.scripts, seen.dialogs) == ([], [], [])
        assert [each for each in seen.requests if not each.startswith("data:")] == [path.as_uri()]
        browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        faint = {name: at for name, at in browser.evaluate(CONTRASTS).items() if at < 4.5}
        assert faint == {}
        assert browser.evaluate("document.querySelectorAll('.own').length") > 20
