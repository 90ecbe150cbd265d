"""Marking written answers, in the terminal and by a table."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from pathlib import Path

import pexpect
import pytest
from books import DEMO, DUE, QUESTIONS, hand_in, reports, roster, student, write_course
from running import clean_environment, run_grader

from grader.course.assignment import Question
from grader.course.course import find_course
from grader.errors import UsageError
from grader.gradebook import open_gradebook
from grader.gradebook.marking.marking import parse_marking, section

QUESTION = Question(
    id="why-so", points=4, text="Why?", rubric=("One (1)", "Two (2)", "Says it well")
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two students with answers to both questions, one without."""
    root = write_course(tmp_path, {"demo": DEMO + QUESTIONS})
    with open_gradebook(find_course(root)) as book:
        for name in ("ada", "bob", "cyn"):
            path = tmp_path / f"{name}.zip"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("demo.py", "x = 1\n")
                if name != "cyn":
                    text = f"# 1. Why\n=because {name} \x1b[31m\n\n# 2. How\nlike so\n"
                    archive.writestr("answers.md", text)
            item = hand_in(name, DUE)
            item = type(item)(**{**item.__dict__, "source": str(path)})
            book.record([(item, reports(name))], who="t")
    return root


def marks(home: Path) -> dict[tuple[str, str], float | None]:
    with open_gradebook(find_course(home)) as book:
        return {
            (grade.student.id, each.question): each.points
            for grade in book.grades("demo")
            for each in grade.questions
        }


@pytest.mark.parametrize(
    ("typed", "points", "items"),
    [
        ("ab", 3, 2), ("b", 2, 1), ("2.5", 2.5, 0), ("2,5", 2.5, 0),
        ("a 4", 4, 1), ("ba / well done", 3, 2),
        ("0", 0, 0), ("c 1", 1, 1), ("B A", 3, 2),
    ],
)  # fmt: skip
def test_what_a_marker_types(typed: str, points: float, items: int) -> None:
    got, met, comment = parse_marking(typed, QUESTION)
    assert (got, len(met)) == (points, items)
    assert comment == ("well done" if "/" in typed else "")


@pytest.mark.parametrize("typed", ["x", "5", "-1", "1 2", "", "/ only this", "c", "nan", "inf"])
def test_what_is_no_mark(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_marking(typed, QUESTION)


def test_an_answer_is_found_by_id_number_or_order() -> None:
    assert section("# Why so\nA\n# x\nB", QUESTION, 2, 3) == "# Why so\nA"
    assert section("# Question 1\nA\n# Question 2\nB", QUESTION, 2, 2) == "# Question 2\nB"
    assert section("# eins\nA\n# zwei\nB", QUESTION, 1, 2) == "# eins\nA"
    assert section("just text", QUESTION, 1, 2) == "just text"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_walk_through_the_answers(home: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "grader", "mark", "demo", "--question", "why", "--as", "eve", "--order", "student"],
        cwd=str(home), env=clean_environment(TERM="dumb"), encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect("1 of 3.*ada.*because ada.*Says why.*> ")
    assert "\x1b[31m" not in child.after
    child.sendline("a / good")
    child.expect("4 points.*2 of 3.*because bob.*> ")
    child.sendline("9")
    child.expect("give 0 to 4.*2 of 3.*> ")
    child.sendline("u")
    child.expect("mark is undone.*1 of 3.*> ")
    child.sendline("3")
    child.expect("2 of 3.*> ")
    child.sendline("")
    child.expect("3 of 3.*no answers.md.*> ")
    child.sendline("q")
    child.expect("1 answer marked")
    child.expect(pexpect.EOF)
    assert marks(home)["ada", "why"] == 3
    assert marks(home)["bob", "why"] is None


def test_several_people_work_in_a_table(home: Path) -> None:
    table = home / "marks.csv"
    assert run_grader("mark", "demo", "--export", table, cwd=home).code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [(row["question"], row["student"]) for row in rows][:3] == [
        ("why", "ada"), ("why", "bob"), ("why", "cyn"),
    ]  # fmt: skip
    rows[0].update(points="2", comment="short", marked_by="eve")
    rows[1].update(rubric="a")
    write(table, rows)
    ran = run_grader("mark", "demo", "--import", table, "--as", "fay", cwd=home)
    assert "2 marks read" in ran.said
    assert marks(home)["ada", "why"] == 2
    assert marks(home)["bob", "why"] == 4
    assert "0 marks read" in run_grader("mark", "demo", "--import", table, cwd=home).said
    # One line that fits nothing, and nothing is marked.
    rows[0]["points"] = "3"
    rows[2]["points"] = "99"
    write(table, rows)
    ran = run_grader("mark", "demo", "--import", table, cwd=home)
    assert ran.code == 2
    assert re.search(r"row 4: .*99 points are not possible; give 0 to 4", ran.err)
    assert marks(home)["ada", "why"] == 2


def test_who_handed_in_together_is_marked_once(home: Path) -> None:
    with open_gradebook(find_course(home)) as book:
        book.enrol(
            roster(student("ada", group="g"), student("bob"), student("dan", group="g")), who="t"
        )
    table = home / "marks.csv"
    run_grader("mark", "demo", "--export", table, "--question", "why", cwd=home)
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [row["student"] for row in rows] == ["ada", "bob", "cyn"]
    rows[0].update(student="dan", points="2")  # by either name
    write(table, rows)
    assert run_grader("mark", "demo", "--import", table, cwd=home).code == 0
    assert (marks(home)["ada", "why"], marks(home)["dan", "why"]) == (2, 2)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
