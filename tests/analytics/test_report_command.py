"""`report` on a class that was graded for real: what the page and the tables say, and to whom."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from class_made import CLASS, MARKUP, all_of, made_course, nodes, parsed, text_of
from justhtml import JustHTML
from making import grade_class, write_files
from running import Ran, run_grader

from grader.analytics.gather import of_folder
from grader.course.course import find_course
from grader.errors import UsageError
from grader.gradebook import open_gradebook

ELEMENTS = {
    *("html", "head", "meta", "link", "title", "style", "body", "header", "main", "footer", "nav"),
    *("section", "div", "p", "span", "a", "h1", "h2", "h3", "h4", "ul", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "code", "bdi", "time"),
    *("details", "summary", "svg", "rect", "path", "text", "#text", "#document", "!doctype"),
}


@dataclass(frozen=True)
class Reported:
    """What one run of `report` left. at: where the class lies."""

    at: Path
    ran: Ran
    page: JustHTML
    checks: list[dict[str, str]]
    mistakes: list[dict[str, str]]

    def pairs(self) -> list[str]:
        """The groups that are listed as alike."""
        return all_of(self.page, "section[aria-labelledby=alike] > details > summary bdi")


def report(course: Path, *options: object, to: Path) -> Reported:
    ran = run_grader("report", "demo", "--to", to, *options, cwd=course)
    assert ran.code == 0, ran.said
    tables = []
    for name in ("checks", "mistakes"):
        with (to / f"demo-{name}.csv").open(newline="", encoding="utf-8") as file:
            tables.append(list(csv.DictReader(file)))
    page = parsed((to / "demo.html").read_bytes())
    return Reported(course.parent, ran, page, *tables)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """The class, graded into the gradebook, and its report."""
    folder = tmp_path_factory.mktemp("class")
    course = made_course(folder / "course")
    write_files(folder / "subs", CLASS)
    options = ("--assignment", "demo", "--jobs", 1)
    grade_class(course, folder / "subs", folder / "out", *options, isolation="none")
    return report(course, to=folder / "report")


def test_header_tells_how_many_and_how_well(made: Reported) -> None:
    names, values = all_of(made.page, ".numbers dt"), all_of(made.page, ".numbers dd")
    told = dict(zip(names, values, strict=True))
    # Five with 10 points, one of them of a group of two; wil has 4, the other three nothing.
    assert told["submissions that count"] == "9"
    assert told["attempts in total"] == "10"
    assert told["students without a submission"] == "1"
    assert told["maximum"] == "10"
    assert told["median"] == "10"
    assert told["mean"] == "6"
    bars = all_of(made.page, "section[aria-labelledby=scores] td")
    assert len(bars) == 10
    assert (bars[0], bars[4], bars[9]) == ("3", "1", "5")
    assert sum(map(int, bars)) == 9


def test_each_check_shows_what_was_earned_of_it(made: Reported) -> None:
    rows = {row["check"].split("::")[1]: row for row in made.checks}
    assert list(rows) == [
        "test_double", "test_total", "test_double_at_random", "test_total_at_random"
    ]  # fmt: skip
    double = rows["test_double"]
    assert (double["passed"], double["failed"], double["error"]) == ("5", "2", "1")
    assert (double["not_attempted"], double["earned_percent"]) == ("1", "55.6")
    assert (double["points"], double["mean_points"]) == ("2", "1.111")
    assert rows["test_total_at_random"]["visibility"] == "hidden"
    heads = all_of(made.page, "table.checks tbody th")
    assert heads[0].startswith("double of three numbers")
    assert "✓ 5 passed" in heads[0]
    assert "hidden" in heads[2]
    assert all_of(made.page, "table.checks tbody td[data-name=earned]")[0] == "56 %"


def test_cells_are_ordered_by_score_and_as_high_as_the_outcome(made: Reported) -> None:
    strip = made.page.query("table.checks svg")[0]
    paths = {node.attrs["class"]: node.attrs["d"] for node in nodes(strip) if node.name == "path"}
    assert [part.split()[0] for part in paths["passed"].split("M")[1:]] == [
        "1", "11", "21", "31", "41"
    ]  # fmt: skip
    assert paths["failed"].count("v-9") == 2
    assert paths["open"].count("v-2") == 1
    assert paths["stopped"].count("v-5") == 1


def test_mistake_is_told_with_who_made_it_and_their_code(made: Reported) -> None:
    named = [row for row in made.mistakes if row["named"] == "yes"]
    assert [(row["mistake"], row["submissions"]) for row in named] == [
        ("Your double squares: multiply by 2.", "2")
    ]
    assert named[0]["function"] == "double"
    first = made.page.query("section[aria-labelledby=mistakes] details")[0]
    said = text_of(first)
    assert "Your double squares: multiply by 2. 2 submissions" in said
    assert "double of random numbers" in said
    # The function alone, by its numbers.
    assert "2 def double(x): 3 return x * x" in said
    assert "y = x * x" in said
    assert "x.sum()" not in said


def test_failure_without_a_name_is_not_told_where_the_mistake_has_one(made: Reported) -> None:
    unnamed = [row for row in made.mistakes if row["named"] == "no"]
    assert not any("wil" in row["students"] for row in unnamed)
    assert any(row["mistake"].startswith("ValueError") for row in unnamed)


def test_renamed_reordered_copy_is_listed(made: Reported) -> None:
    assert made.pairs() == ["eve, sam", "mal"]
    section = made.page.query("section[aria-labelledby=alike]")[0]
    heads = [text_of(node) for node in nodes(section) if node.name == "h4"]
    assert heads == ["eve, sam – mal 100 %, 134 words"]
    said = text_of(section)
    assert "proves nothing" in said
    assert "def pairwise(values):" in said
    assert "def tree(array):" in said
    assert "9 submissions of demo; 2 are similar, please compare them." in made.ran.said


def test_own_lines_are_marked_and_the_others_not(made: Reported) -> None:
    own = all_of(made.page, "section[aria-labelledby=alike] .own .source")
    given = all_of(made.page, "section[aria-labelledby=alike] .given .source")
    assert "while len(values) > 1:" in own
    assert "def double(x):" in given
    assert "def double(x):" not in own


def test_hostile_text_stays_text(made: Reported) -> None:
    for node in nodes(made.page.root):
        assert node.name in ELEMENTS, node.name
        for name in getattr(node, "attrs", None) or {}:
            assert not name.startswith("on"), name
            assert name != "style"
    assert MARKUP in text_of(made.page.root)
    assert "{{ 7 * 7 }}" in text_of(made.page.root)
    policy = made.page.query("meta[http-equiv]")[0].attrs["content"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_no_cell_of_the_tables_is_a_formula(made: Reported) -> None:
    cells = [cell for row in (*made.checks, *made.mistakes) for cell in row.values()]
    assert any("=1+1" in cell for cell in cells)
    assert not any(cell.startswith(("=", "@", "\t", "\r")) for cell in cells)


def test_figures_and_tables_have_words_for_who_cannot_see_them(made: Reported) -> None:
    assert all_of(made.page, "svg[role=img] title")[0].startswith("Histogram of 9 scores")
    for table in made.page.query("table"):
        heads = [node for node in nodes(table) if node.name == "th"]
        assert heads
        assert all(node.attrs.get("scope") in ("col", "row") for node in heads)
    for svg in made.page.query("svg"):
        assert svg.attrs.get("role") == "img" or svg.attrs.get("aria-hidden") == "true"


def test_points_set_by_hand_count(made: Reported, tmp_path: Path) -> None:
    course = shutil.copytree(made.at / "course", tmp_path / "course")
    check = "hidden_checks::test_double_at_random"
    with open_gradebook(find_course(course)) as book:
        book.override("demo", "wil", check, 4, who="staff", why="fair")
    shown = report(course, to=tmp_path / "report")
    row = next(row for row in shown.checks if row["check"] == check)
    assert row["mean_points"] == "2.667"


def test_folder_of_reports_does_as_well(made: Reported, tmp_path: Path) -> None:
    course = made.at / "course"
    shown = report(
        course, "--reports", made.at / "out", "--submissions", made.at / "subs", to=tmp_path
    )
    assert [row["check"] for row in shown.checks] == [row["check"] for row in made.checks]
    # Of the group's two submissions one counts, as the run's table and the gradebook say.
    numbers = all_of(shown.page, ".numbers dd")[:2]
    assert numbers == all_of(made.page, ".numbers dd")[:2] == ["9", "10"]
    assert "students without a submission" not in all_of(shown.page, ".numbers dt")
    section = shown.page.query("section[aria-labelledby=alike]")[0]
    heads = [text_of(node) for node in nodes(section) if node.name == "h4"]
    assert heads == ["mal – sam 100 %, 134 words"]
    without = of_folder(find_course(course), made.at / "out", "demo", None)
    assert without.without_code == len(without.entries) == 9


def test_table_that_somebody_edited_is_not_replaced(made: Reported, tmp_path: Path) -> None:
    course = made.at / "course"
    report(course, to=tmp_path)
    assert report(course, "--reports", made.at / "out", to=tmp_path).ran.code == 0
    edited = tmp_path / "demo-mistakes.csv"
    edited.write_text(edited.read_text("utf-8") + "talk to Sam about this\n", encoding="utf-8")
    ran = run_grader("report", "demo", "--to", tmp_path, cwd=course)
    assert ran.code == 2
    assert "demo-mistakes.csv in" in ran.said
    assert "was not written by this command, or changed since; name another folder" in ran.said
    assert "talk to Sam" in edited.read_text("utf-8")


def test_code_that_is_no_longer_what_was_graded_is_not_shown(
    made: Reported, tmp_path: Path
) -> None:
    moved = made.at / "subs" / "mal.py"
    kept = moved.read_bytes()
    moved.write_text("def double(x):\n    return 'something else'\n", encoding="utf-8")
    try:
        shown = report(made.at / "course", to=tmp_path)
    finally:
        moved.write_bytes(kept)
    assert shown.pairs() == []
    assert "The code of 1 of them was not found" in shown.ran.said
    assert "something else" not in text_of(shown.page.root)


def test_without_reports_the_message_says_what_to_do(tmp_path: Path) -> None:
    course = made_course(tmp_path / "course")
    ran = run_grader("report", "demo", cwd=course)
    assert ran.code == 2
    assert "the gradebook has no report for demo; run `python -m grader grade" in ran.said
    assert not (course / "class-report").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        UsageError, match=r"there are no reports for demo in .*; name the folder that"
    ):
        of_folder(find_course(course), tmp_path / "empty", "demo", None)
