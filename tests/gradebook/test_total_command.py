"""`gradebook total`, `excuse`, `zero`, `withdraw` and `export`, as staff type them."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from books import DUE, check, hand_in, reports, scored, write_course
from running import Ran
from typer.testing import CliRunner

from grader.cli import app
from grader.course.course import find_course
from grader.errors import GraderError, UsageError
from grader.gradebook import open_gradebook

ROSTER = "id,name,section\nada,Ada Lovelace,Mon\nbob,Bob [bold],Mon\neve,Eve,Tue\n"
SPEC = 'title = "{}"\npoints = 10\ndue = 2026-03-27T23:59:00+01:00\n'
RULES = """roster = "roster.csv"
[tool.grader.total]
rounding = 0.1
[[tool.grader.total.groups]]
name = "Homework"
weight = 75
drop_lowest = 1
[[tool.grader.total.groups]]
name = "Project"
homeworks = ["three"]
weight = 25
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three homeworks; ada has 10, 2 and 8 points, bob 5 in the first, eve nothing."""
    specs = {name: SPEC.format(name) for name in ("one", "two", "three")}
    root = write_course(tmp_path / "course", specs, RULES)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert gradebook(root, "roster").code == 0
    with open_gradebook(find_course(root)) as book:
        for name, points in (("one", 10), ("two", 2), ("three", 8)):
            texts = scored("ada", points, assignment=name)
            book.record([(hand_in("ada", DUE, name), texts)], who="t")
        late = DUE + timedelta(hours=-2)
        checks = check("c::a", 5), check("c::b", 0, diagnosis="Divides by n twice.")
        book.record([(hand_in("bob", late, "one"), reports("bob", *checks))], who="t")
    return root


def gradebook(home: Path, *args: object) -> Ran:
    with contextlib.chdir(home):
        done = CliRunner().invoke(app, ["gradebook", *map(str, args)], catch_exceptions=False)
    return Ran(done.exit_code, done.stdout, done.stderr)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_totals_of_a_class_and_one_explained(home: Path) -> None:
    shown = gradebook(home, "total")
    assert shown.code == 0
    assert "ada Ada Lovelace 95 % 100 % 80 %" in shown.said
    assert "bob Bob [bold] 37.5 % 50 % 0 %" in shown.said
    assert "3 of 3 totals are final" in shown.said

    one = gradebook(home, "total", "ada lovelace")
    assert "ada Ada Lovelace: 95 %" in one.said
    assert "Homework 100 % 10 of 10 points, weighs 75 %, adds 75 %" in one.said
    assert "two 2 of 10, dropped, the lowest does not count" in one.said
    assert "Project 80 % 8 of 10 points, weighs 25 %, adds 20 %" in one.said

    table = {row["id"]: row for row in rows(gradebook(home, "total", "--csv").out)}
    assert table["ada"]["total"] == "95"
    assert (table["ada"]["two"], table["ada"]["state"]) == ("2", "two: dropped")
    assert table["eve"]["total"] == "0"


def test_excused_zero_and_withdrawn_change_it_and_can_be_undone(home: Path) -> None:
    before = gradebook(home, "total", "--csv").out
    excused = gradebook(home, "excuse", "three", "ada", "--why", "ill", "--note", "certificate")
    assert "three ada: excused" in excused.said
    assert "The student will read: ill" in excused.said
    assert gradebook(home, "zero", "one", "bob", "--why", "copied").code == 0
    withdrawn = gradebook(home, "withdraw", "eve", "--why", "left the university")
    assert withdrawn.said == "eve has withdrawn."

    table = {row["id"]: row for row in rows(gradebook(home, "total", "--csv").out)}
    assert (table["ada"]["total"], table["ada"]["three"]) == ("100", "")
    assert "three: excused" in table["ada"]["state"]
    assert table["bob"]["total"] == "0"
    assert "one: zero by decision" in table["bob"]["state"]
    assert (table["eve"]["total"], table["eve"]["state"]) == ("", "withdrawn")
    words = {"id", "name", "email", "section", "open", "state"}
    for row in table.values():  # a spreadsheet can work with every other column
        assert all(
            value == "" or float(value) >= 0 for key, value in row.items() if key not in words
        )
    shown = gradebook(home, "show", "one")
    assert "zero: copied" in shown.said
    assert "withdrawn: left the university" in shown.said

    for args in (("excuse", "three", "ada"), ("zero", "one", "bob"), ("withdraw", "eve")):
        assert gradebook(home, *args, "--undo", "--why", "a mistake").code == 0
    assert gradebook(home, "total", "--csv").out == before


def test_canvas_excuses_who_is_excused(home: Path, tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.csv"
    canvas.write_text(
        "Student,ID,SIS Login ID,Section,three (77)\n    Points Possible,,,,10\n"
        "Ada Lovelace,1,ada,Mon,\nBob [bold],2,bob,Mon,\nEve,3,eve,Tue,N/A\n",
        encoding="utf-8",
    )
    for name in ("ada", "eve"):
        gradebook(home, "excuse", "three", name, "--why", "ill")
    with contextlib.chdir(home):
        to = tmp_path / "filled.csv"
        args = ["export", "three", str(canvas), "--to", str(to)]
        done = CliRunner().invoke(app, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert to.read_text(encoding="utf-8").splitlines()[2:] == [
        "Ada Lovelace,1,ada,Mon,EX",
        "Bob [bold],2,bob,Mon,0",
        "Eve,3,eve,Tue,N/A",
    ]


def test_the_cells_of_who_has_withdrawn_stay(home: Path, tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.csv"
    canvas.write_text(
        "Student,ID,SIS Login ID,Section,three (77)\n    Points Possible,,,,10\n"
        "Ada Lovelace,1,ada,Mon,4\nBob [bold],2,bob,Mon,\nEve,3,eve,Tue,\n",
        encoding="utf-8",
    )
    gradebook(home, "withdraw", "ada", "--why", "left the university")
    with contextlib.chdir(home):
        to = tmp_path / "filled.csv"
        args = ["export", "three", str(canvas), "--to", str(to)]
        done = CliRunner().invoke(app, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "Ada Lovelace,1,ada,Mon,4" in to.read_text(encoding="utf-8").splitlines()
    assert "withdrawn, left unchanged: ada" in " ".join(done.stdout.split())
    assert "excused" not in done.stdout


def test_tables_for_research_name_nobody(home: Path, tmp_path: Path) -> None:
    gradebook(home, "adjust", "one", "bob", "1", "--why", "Bob asked Ada", "--as", "olga")
    done = gradebook(home, "export", "--anonymous", "--to", tmp_path / "a")
    assert done.code == 0
    texts = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "a").iterdir()}
    together = "".join(texts.values()).casefold()
    for word in ("ada", "bob", "eve", "lovelace", "olga", "mon", "tue", "2026"):
        assert word not in together, word
    people = rows(texts["students.csv"])
    assert len({row["student"] for row in people}) == 3
    (bob,) = [row for row in rows(texts["checks.csv"]) if row["mistake"]]
    assert (bob["check"], bob["mistake"]) == ("c::b", "Divides by n twice.")
    (attempt,) = [row for row in rows(texts["attempts.csv"]) if row["student"] == bob["student"]]
    assert (attempt["received"], attempt["score"], attempt["counts"]) == ("2", "5", "counts")
    assert bob["student"] in {row["student"] for row in people}

    # The same pseudonyms each time, and other ones under another key.
    gradebook(home, "export", "--anonymous", "--to", tmp_path / "b")
    assert (tmp_path / "b" / "grades.csv").read_text(encoding="utf-8") == texts["grades.csv"]
    (home / ".grader" / "key").unlink()
    gradebook(home, "export", "--anonymous", "--to", tmp_path / "c")
    assert bob["student"] not in (tmp_path / "c" / "students.csv").read_text(encoding="utf-8")


def test_with_names_and_texts_everything_is_there(home: Path, tmp_path: Path) -> None:
    gradebook(home, "adjust", "one", "bob", "1", "--why", "=asked")
    assert gradebook(home, "export", "--texts", "--to", tmp_path / "a").code == 0
    (bob,) = [
        row
        for row in rows((tmp_path / "a" / "grades.csv").read_text(encoding="utf-8"))
        if (row["student"], row["assignment"]) == ("bob", "one")
    ]
    assert bob["reasons"] == "'=asked"
    with pytest.raises(UsageError, match="not an empty folder"):
        gradebook(home, "export", "--to", tmp_path / "a")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("total", "zoe"), "zoe"),
        (("total", "ada", "--csv"), "leave the student out"),
        (("excuse", "one", "ada", "--undo", "--why", "x"), "nothing was done"),
        (("excuse", "four", "ada", "--why", "x"), "no assignment `four`"),
        (("withdraw", "ada", "--why", " "), "needs a reason"),
    ],
)
def test_wrong_use(home: Path, args: tuple[str, ...], told: str) -> None:
    with pytest.raises(GraderError, match=told):
        gradebook(home, *args)
