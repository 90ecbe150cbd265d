"""A rubric or a check is corrected: who gains and loses is seen before it counts."""

from __future__ import annotations

import csv
import html
import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from books import check, hand_in, reports, roster, student
from looking import BEFORE_DUE, DOUBLE, SPEC, TOTAL, mark, serving_graded
from making import DEMO_CHECKS
from running import run_grader
from serving import PEOPLE, Serving, post
from starlette.testclient import TestClient

from grader._internal.clock import now_utc
from grader.gradebook import HistoryEntry
from grader.gradebook.research import research_tables
from grader.reports.schema import Outcome
from grader.server.app import create_app
from grader.server.hand_ins.regrade_runs import RegradeProgress, RegradeRuns
from grader.server.hand_ins.regrades import alone

RUBRIC, CHECKS, REGRADE = (f"/homeworks/demo/{each}" for each in ("rubric", "checks", "regrade"))
CLASS = [f"s{number:02}" for number in range(50)]


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def stamp_of(page: httpx2.Response) -> str:
    found = re.search(r'name="stamp" value="(\w+)"', page.text)
    assert found, page.text
    return found[1]


def rows_of(page: httpx2.Response) -> list[list[str]]:
    """The table of who gains and loses, cell by cell."""
    table = page.text.split('aria-label="Who gains, who loses"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    cells = (re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[words(cell) for cell in row] for row in cells]


def lines(served: Serving, action: str) -> list[HistoryEntry]:
    return [e for e in served.site.book.history(assignment="demo") if e.action == action]


def set_spec(served: Serving, text: str) -> None:
    path = served.site.course.root / "assignments" / "demo" / "assignment.toml"
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Serving]:
    """50 answers are marked: 20 have both items, 25 the first, 5 points that were typed in."""
    with serving_graded(tmp_path, {}) as served:
        book = served.site.book
        book.enrol(roster(*(student(name) for name in CLASS)), who="test")
        texts = reports("any", check(DOUBLE, 2.0, 2.0), check(TOTAL, 1.0, 1.0))
        book.record([(hand_in(name, BEFORE_DUE), texts) for name in CLASS], who="test")
        for number, name in enumerate(CLASS):
            if number < 20:
                mark(served, name, 4, "Says why (3)", "With an example (1)")
            elif number < 45:
                mark(served, name, 3, "Says why (3)")
            else:
                mark(served, name, 1.5)
        yield served


def test_a_changed_rubric_shows_who_changes_before_every_grade_follows(marked: Serving) -> None:
    owner, book = marked.signed_in("olga"), marked.site.book
    assert "by which the answers were marked" in owner.get(RUBRIC).text
    set_spec(marked, SPEC.replace("Says why (3)", "Says why (2)"))
    before = {each.student.id: each.points for each in book.grades("demo")}
    page = owner.get(RUBRIC)
    said = words(page.text)
    assert "Says why (3) → Says why (2)" in said
    assert "0 gain points, 45 lose some, 0 keep the same total" in said
    rows = rows_of(page)
    assert len(rows) == 45
    assert ["s00", "7", "6", "−1", "why: 4 → 3"] in rows
    assert {each.student.id: each.points for each in book.grades("demo")} == before
    assert lines(marked, "rubric") == []
    # Only an owner sees everybody's points, and needs a reason.
    assert marked.signed_in("max").get(RUBRIC).status_code == 403
    stamp = stamp_of(page)
    assert post(owner, RUBRIC, stamp=stamp, why=" ").status_code == 422
    # A mark that was given meanwhile is not corrected unseen.
    mark(marked, "s44", 4, "Says why (2)", "With an example (1)")
    late = post(owner, RUBRIC, stamp=stamp, why="The example is worth more.")
    assert late.status_code == 409
    assert lines(marked, "rubric") == []
    stamp = stamp_of(owner.get(RUBRIC))
    sent = post(owner, RUBRIC, stamp=stamp, why="One point too many.")
    assert sent.status_code == 303
    after = {each.student.id: each.points for each in book.grades("demo")}
    assert [after[name] for name in CLASS[:20]] == [6.0] * 20
    assert [after[name] for name in CLASS[20:44]] == [5.0] * 24
    assert [after[name] for name in CLASS[45:]] == [4.5] * 5
    logged = lines(marked, "rubric")
    assert len(logged) == len({each.student for each in logged}) >= 44
    assert {(each.who, each.why) for each in logged} == {("olga", "One point too many.")}
    assert "by which the answers were marked" in owner.get(RUBRIC).text
    ran = run_grader("mark", "demo", "--rubric", cwd=marked.site.course.root)
    assert "are those by which its answers were marked" in ran.out, ran.said


def test_marks_for_research_say_what_was_ticked_or_that_nothing_was(marked: Serving) -> None:
    site = marked.site
    tables = research_tables(site.book, site.course, anonymous=True, texts=False)
    said = {
        row["points"]: row["rubric"] for row in csv.DictReader(io.StringIO(tables["marks.csv"]))
    }
    assert said == {
        "4": "Says why (3) | With an example (1)", "3": "Says why (3)", "1.5": "points alone"
    }  # fmt: skip


@pytest.fixture
def wrong(tmp_path: Path) -> Iterator[Serving]:
    """DOUBLE: ada passed it, bob failed, eve did not attempt it, and guy has points by hand."""
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        book = served.site.book
        people = replace(PEOPLE, students=(*PEOPLE.students, student("guy")))
        book.enrol(people, who="test")
        missing = check(DOUBLE, 0.0, 2.0, outcome=Outcome.NOT_ATTEMPTED)
        texts = {
            "eve": reports("eve", missing, check(TOTAL, 1.0, 1.0)),
            "guy": reports("guy", check(DOUBLE, 0.0, 2.0), check(TOTAL, 1.0, 1.0)),
        }
        entries = [(hand_in(name, BEFORE_DUE), each) for name, each in texts.items()]
        book.record(entries, who="test")
        book.override("demo", "guy", DOUBLE, 0.5, who="max", why="By hand.")
        yield served


def points(served: Serving) -> dict[str, float]:
    return {each.student.id: each.so_far for each in served.site.book.grades("demo")}


@pytest.mark.parametrize(
    ("rule", "given", "after"),
    [
        ("everybody", "", {"ada": 3, "bob": 3, "eve": 3, "guy": 1.5}),
        ("attempted", "", {"ada": 3, "bob": 3, "eve": 1, "guy": 1.5}),
        ("failed", "1,5", {"ada": 3, "bob": 2.5, "eve": 2.5, "guy": 1.5}),
    ],
)
def test_a_wrong_check_is_corrected_by_a_rule(
    wrong: Serving, rule: str, given: str, after: dict[str, float]
) -> None:
    owner = wrong.signed_in("olga")
    listed = words(owner.get(CHECKS).text)
    assert f"the claim of {DOUBLE} {DOUBLE} 2 1 2 1" in listed  # points, passed, failed, not tried
    before = points(wrong)
    query = f"?check={DOUBLE}&rule={rule}&points={given}"
    page = owner.get(f"{CHECKS}{query}")
    changed = {name for name in after if after[name] != before[name]}
    assert {row[0].split()[0].lower() for row in rows_of(page)} == changed
    assert "Points that somebody set by hand stay: guy" in words(page.text)
    assert points(wrong) == before
    fields = {"check": DOUBLE, "rule": rule, "points": given, "stamp": stamp_of(page)}
    assert post(owner, CHECKS, **fields, why="").status_code == 422
    assert post(owner, CHECKS, **{**fields, "stamp": "0"}, why="It was wrong.").status_code == 409
    assert post(owner, CHECKS, **{**fields, "rule": "nobody"}, why="x").status_code == 422
    assert points(wrong) == before
    assert post(owner, CHECKS, **fields, why="It was wrong.").status_code == 303
    assert points(wrong) == after
    logged = [each for each in lines(wrong, "override") if each.who == "olga"]
    assert {each.student for each in logged} == changed
    assert {each.why for each in logged} == {"It was wrong."}
    # Once more changes nothing.
    assert "0 gain points, 0 lose some" in words(owner.get(f"{CHECKS}{query}").text)


def test_a_correction_of_a_check_is_taken_back_with_its_reason(wrong: Serving) -> None:
    owner, before = wrong.signed_in("olga"), points(wrong)
    page = owner.get(f"{CHECKS}?check={DOUBLE}&rule=everybody")
    fields = {"check": DOUBLE, "rule": "everybody", "stamp": stamp_of(page)}
    assert post(owner, CHECKS, **fields, why="It was wrong.").status_code == 303
    assert points(wrong) != before
    page = owner.get(CHECKS)
    assert "2 of 2 attempts, by olga" in words(page.text)
    found = re.search(r'name="correction" value="(\d+)"', page.text)
    assert found
    back = {"correction": found[1]}
    assert post(owner, f"{CHECKS}/take-back", **back, why=" ").status_code == 422
    assert post(owner, f"{CHECKS}/take-back", correction="99", why="x").status_code == 404
    assert post(wrong.signed_in("max"), f"{CHECKS}/take-back", **back, why="x").status_code == 403
    # What somebody has set since stays.
    wrong.site.book.override("demo", "eve", DOUBLE, 1, who="max", why="Half of it.")
    assert post(owner, f"{CHECKS}/take-back", **back, why="It was right.").status_code == 303
    assert points(wrong) == {**before, "eve": 2}
    last = lines(wrong, "override")[-1]
    assert (last.student, last.who, last.before, last.after) == (
        "bob",
        "olga",
        "2",
        "0 (automatic)",
    )
    assert last.why.endswith(f"olga had set {DOUBLE} together: It was wrong.; It was right.")
    # It is no group of alike mistakes, which has a page of its own.
    assert "Marked as a group" not in owner.get("/homeworks/demo/faults").text


def test_points_that_a_check_does_not_have_are_refused(wrong: Serving) -> None:
    owner = wrong.signed_in("olga")
    for given in ("3", "", "x", "-1"):
        page = owner.get(f"{CHECKS}?check={DOUBLE}&rule=failed&points={given}")
        assert page.status_code == 422
        assert "give 0 to 2" in page.text
    fields = {"check": "nothing", "rule": "everybody", "stamp": "0", "why": "x"}
    refused = post(owner, CHECKS, **fields)
    assert refused.status_code == 422
    assert "No check" in refused.text
    assert points(wrong)["bob"] == 1


def test_partners_who_share_an_attempt_each_have_a_line_of_history(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        pair = roster(student("bob", group="g"), student("eve", group="g"), student("ada"))
        served.site.book.enrol(pair, who="test")
        owner = served.signed_in("olga")
        page = owner.get(f"{CHECKS}?check={DOUBLE}&rule=attempted")
        assert len(rows_of(page)) == 2
        fields = {"check": DOUBLE, "rule": "attempted", "stamp": stamp_of(page)}
        assert post(owner, CHECKS, **fields, why="It was wrong.").status_code == 303
        logged = lines(served, "override")
        assert {each.student for each in logged} == {"bob", "eve"}
        assert {each.before for each in logged} == {"0 (automatic)"}


# Grading again

HARSH = DEMO_CHECKS.replace("np.array([2.0, 4.0, 8.0])", "np.array([2.0, 4.0, 9.0])")


def regrade(served: Serving) -> str:
    ran = run_grader(
        "gradebook", "regrade", "demo", "--unsafe", "--jobs", "1", cwd=served.site.course.root
    )
    assert ran.code == 0, ran.said
    return ran.out


def open_page(client: TestClient) -> httpx2.Response:
    page = client.get(REGRADE)
    assert page.status_code == 200
    return page


def test_what_is_graded_again_counts_once_it_is_accepted(tmp_path: Path) -> None:
    """bob's right work got no points by a check that was wrong, which is corrected by now."""
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        owner, book = served.signed_in("olga"), served.site.book
        assert "No results wait" in open_page(owner).text
        assert post(owner, REGRADE, stamp="0", why="x").status_code == 409
        before = points(served)
        out = regrade(served)
        assert "Nothing counts yet" in out
        assert points(served) == before
        page = open_page(owner)
        assert "2 attempts were graded again" in words(page.text)
        rows = {row[0]: row for row in rows_of(page)}
        # The new checks have hidden ones, too, which the old results had not.
        assert rows["Bob Noyce"][1:4] == ["1, so far", "10, so far", "+9"]
        assert "failed 0/2 → passed 2/2" in rows["Bob Noyce"][4]
        stamp = stamp_of(page)
        assert post(owner, REGRADE, stamp=stamp, why="").status_code == 422
        assert post(owner, REGRADE, stamp="0", why="x").status_code == 409
        assert post(owner, REGRADE, stamp=stamp, why="The check was wrong.").status_code == 303
        assert points(served)["bob"] == 10
        assert "No results wait" in open_page(owner).text
        left = served.site.course.root / ".grader" / "server" / "regrade" / "demo"
        assert not left.exists()  # it holds what students handed in
        again = [each for each in lines(served, "graded") if each.note == "The check was wrong."]
        assert {(each.who, each.student) for each in again} == {("olga", "ada"), ("olga", "bob")}
        assert {(each.student, each.before) for each in again} >= {("bob", "1 of 3")}
        theirs = served.signed_in("bob").get("/hand-ins/2").text
        assert "double of three numbers" in theirs
        assert book.grade("demo", "bob").automatic.points == 10


def test_results_of_checks_that_changed_since_are_not_accepted(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        owner, before = served.signed_in("olga"), points(served)
        regrade(served)
        stamp = stamp_of(open_page(owner))
        checks = served.site.course.root / "assignments" / "demo" / "checks.py"
        checks.write_text(HARSH, encoding="utf-8")
        assert "files have changed since then" in open_page(owner).text
        assert post(owner, REGRADE, stamp=stamp, why="x").status_code == 409
        assert points(served) == before


# Grading again from the page


def with_runs(served: Serving) -> tuple[RegradeRuns, TestClient]:
    """The same site as one that grades, and its owner."""
    course, clock = served.site.course, served.clock
    runs = RegradeRuns(course, unsafe=True, jobs=1, clock=now_utc)
    clock.now = now_utc()
    app = create_app(replace(served.site, regrades=runs))
    owner = served.signed_in("olga")
    client = TestClient(
        app, base_url=served.site.origin, headers=owner.headers, cookies=owner.cookies
    )
    client.follow_redirects = False
    return runs, client


def ended(runs: RegradeRuns) -> RegradeProgress:
    deadline = time.monotonic() + 120
    while (state := runs.state("demo")) is None or state.going:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return state


def test_an_owner_has_it_graded_again_on_the_page(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        runs, owner = with_runs(served)
        assert "Grade it again with the checks" in open_page(owner).text
        assert post(owner, f"{REGRADE}/run").status_code == 303
        page = open_page(owner)
        assert "It is being graded again" in page.text
        assert 'data-again="3"' in page.text
        again = post(owner, f"{REGRADE}/run")
        assert again.status_code == 409
        assert "one runs at a time" in again.text
        state = ended(runs)
        assert (state.done, state.failed, state.who) == (2, "", "olga")
        page = open_page(owner)
        assert "data-again" not in page.text
        assert "2 attempts were graded again by olga" in words(page.text)
        before = points(served)
        sent = post(owner, REGRADE, stamp=stamp_of(page), why="The check was wrong.")
        assert sent.status_code == 303
        assert before["bob"] is None or before["bob"] < 10
        assert points(served)["bob"] == 10
        assert "No results wait" in open_page(owner).text


def test_what_a_run_that_fails_has_said_is_shown(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        runs, owner = with_runs(served)
        checks = served.site.course.root / "assignments" / "demo" / "checks.py"
        checks.write_text("def broken(:\n", encoding="utf-8")
        assert post(owner, f"{REGRADE}/run").status_code == 303
        assert ended(runs).failed
        page = open_page(owner)
        assert "Grading again failed" in page.text
        assert "checks.py" in page.text
        assert "No results wait" in page.text


def test_a_run_ends_with_the_server_and_goes_on_later(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        runs, owner = with_runs(served)
        assert post(owner, f"{REGRADE}/run").status_code == 303
        runs.stop()
        state = runs.state("demo")
        assert state is not None
        assert not state.going
        assert "No results wait" in open_page(owner).text
        assert post(owner, f"{REGRADE}/run").status_code == 303
        assert ended(runs).failed == ""
        assert "1 attempt was graded again" in words(open_page(owner).text)


def test_a_server_without_workers_names_the_command(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        owner = served.signed_in("olga")
        assert "gradebook regrade demo" in open_page(owner).text
        assert post(owner, f"{REGRADE}/run").status_code == 409


def test_nothing_is_graded_again_by_checks_that_the_reference_fails(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        checks = served.site.course.root / "assignments" / "demo" / "checks.py"
        checks.write_text(HARSH, encoding="utf-8")
        ran = run_grader("gradebook", "regrade", "demo", "--unsafe", cwd=served.site.course.root)
        assert ran.code == 2
        assert "the reference does not pass checks::test_double" in ran.err
        assert "No results wait" in open_page(served.signed_in("olga")).text


def test_a_homework_is_graded_again_by_one_at_a_time(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"bob": 0.0}) as served:
        root = served.site.course.root
        regrade(served)
        owner = served.signed_in("olga")
        stamp = stamp_of(open_page(owner))
        with alone(served.site.course, "demo"):
            ran = run_grader("gradebook", "regrade", "demo", "--unsafe", cwd=root)
            assert ran.code == 2
            assert "is being graded again just now" in ran.err
            assert post(owner, REGRADE, stamp=stamp, why="x").status_code == 422
        assert post(owner, REGRADE, stamp=stamp, why="x").status_code == 303
