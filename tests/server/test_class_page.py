"""The class now: at which checks students are stuck, by their newest attempts."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from books import DUE, check, hand_in, reports
from looking import serving_graded
from making import write_course, zipped
from serving import Serving, serving
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from grader.gradebook.class_state import by_check, class_progress
from grader.gradebook.connect import writing
from grader.gradebook.models import hand_ins
from grader.reports.schema import Outcome
from grader.server.hand_ins.counts import counts_by_homework
from grader.server.staff.staff_pages import MOST_LISTED

SLOPE = "The slope is <3> times too large."


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Serving]:
    """ada was stuck and is not any more; bob is stuck; eve has not tried one of two checks."""
    with serving(write_course(tmp_path / "course")) as served:
        wrong = check("c::slope", 0, diagnosis=SLOPE), check("c::figure", 5)
        right = check("c::slope", 5), check("c::figure", 5)
        untried = check("c::slope", 0, outcome=Outcome.NOT_ATTEMPTED), check("c::figure", 0)
        work = (
            ("ada", DUE, wrong),
            ("ada", DUE + timedelta(hours=1), right),
            ("bob", DUE, wrong),
            ("eve", DUE, untried),
        )
        entries = [(hand_in(name, at), reports(name, *checks)) for name, at, checks in work]
        served.site.book.record(entries, who="t")
        yield served


def test_hand_ins_are_found_by_whom_and_state_without_a_script(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        page = "/homeworks/demo/hand-ins"
        data = zipped({"demo.py": "# waits"})
        sha256 = served.site.blobs.put(data)
        waits = served.site.hand_ins.accept("demo", served.account("eve"), sha256, len(data))

        def rows(client: TestClient, query: str = "") -> list[str]:
            text = client.get(page + query).text
            return [key for key in ("1", "2", str(waits.key)) if f'href="/hand-ins/{key}"' in text]

        olga, max_ = served.signed_in("olga"), served.signed_in("max")
        for client in (olga, max_):
            assert rows(client) == ["1", "2", "3"]
            assert rows(client, "?q=LOVELACE") == ["1"]
            assert rows(client, "?q=bob") == ["2"]
            assert rows(client, "?state=waiting") == ["3"]
            assert rows(client, "?q=ada&state=waiting") == []
            assert rows(client, "?state=nothing") == ["1", "2", "3"]
        text = max_.get(page).text
        for part in ("<bdi>ada</bdi>", "waiting to be graded", "graded (2)", ": report</a>"):
            assert part in text
        ada = f"/students/{served.account('ada').student}"
        assert ada in olga.get(page).text
        assert ada not in text  # which is not open to a marker
        assert "No hand-in is found" in olga.get(f"{page}?q=<b>zoe").text


def test_of_very_many_hand_ins_a_page_shows_some_and_leads_to_the_rest(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        with writing(served.site.engine) as connection:
            same = hand_ins.c.student == served.account("bob").student
            row = dict(connection.execute(select(hand_ins).where(same)).mappings().one())
            del row["key"]
            more = [{**row, "number": number} for number in range(2, MOST_LISTED + 4)]
            connection.execute(insert(hand_ins), more)
        olga, seen, address = served.signed_in("olga"), set[str](), "/homeworks/demo/hand-ins"
        for shown in (MOST_LISTED, 4):
            text = olga.get(address).text
            keys = set(re.findall(r'href="(/hand-ins/\d+)"', text))
            assert len(keys) == shown
            assert not keys & seen
            seen |= keys
            older = re.search(r'href="([^"]+)">Older<', text)
            address = html.unescape(older[1]) if older else ""
        assert address == ""
        assert f"{MOST_LISTED + 1} to {MOST_LISTED + 4} of {MOST_LISTED + 4}" in text
        assert "Newer</a>" in text
        for first in ("-1", "99999999999", "x", "²"):
            assert olga.get(f"/homeworks/demo/hand-ins?first={first}").status_code == 200
        # In numbers, as on the start page.
        [(name, found)] = counts_by_homework(served.site.engine).items()
        made = served.site.hand_ins.of_homework("demo")
        assert (name, found.students) == ("demo", len({each.student for each in made}))
        assert found.states == Counter(each.state for each in made)
        [attempt] = {each.attempt for each in made if each.student == row["student"]}
        assert served.site.hand_ins.of_attempts({attempt or 0}).keys() == {attempt}


def test_the_newest_attempt_of_each_counts(standing: Serving) -> None:
    progress = class_progress(standing.site.book, "demo")
    assert [(each.student.id, each.attempts) for each in progress] == [
        ("ada", 2), ("bob", 1), ("eve", 1)
    ]  # fmt: skip
    slope, figure = sorted(by_check(progress), key=lambda each: each.id, reverse=True)
    assert [each.student.id for each in slope.stuck] == ["bob"]
    assert (slope.passed, slope.not_attempted) == (1, 1)
    assert [each.student.id for each in figure.stuck] == ["eve"]


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("", {"Ada", "Bob", "Eve"}),
        ("q=noyce", {"Bob"}),
        ("q=SLOPE+times", {"Bob"}),
        ("q=the+claim+of+c::figure", {"Eve"}),
        ("check=c::slope", {"Bob"}),
        ("q=zoe", set()),
    ],
)
def test_students_are_found_by_name_check_or_mistake(
    standing: Serving, asked: str, there: set[str]
) -> None:
    page = standing.signed_in("max").get(f"/homeworks/demo/class?{asked}").text
    listed = page.partition('id="students"')[2]
    assert {name for name in ("Ada", "Bob", "Eve") if name in listed} == there
    assert "<3>" not in page
    assert "<script>alert" not in page


def test_a_marker_sees_only_what_is_shared_out_where_that_is_asked(standing: Serving) -> None:
    site, bob = standing.site, standing.account("bob")
    assert bob.student is not None
    site.shares.close("demo", closed=True, who="olga")
    page = standing.signed_in("max").get("/homeworks/demo/class").text
    assert "Noyce" not in page
    assert "Noyce" in standing.signed_in("olga").get("/homeworks/demo/class").text


def test_before_anything_is_graded(tmp_path: Path) -> None:
    with serving(write_course(tmp_path / "course")) as served:
        assert "Nothing is graded yet" in served.signed_in("max").get("/homeworks/demo/class").text
