"""No grade is final before the student's own due date has passed, extensions included."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from books import DEMO, DUE, hand_in, roster, scored, student, write_course
from running import run_grader

from grader.course.course import LatePolicy, find_course
from grader.gradebook import Gradebook, open_gradebook
from grader.gradebook.grades.policy import waiting_for

FAR = DEMO.replace("2026-03-27", "2126-03-27")
NEVER = 'title = "Demo"\npoints = 10\n'
CANVAS = (
    "Student,ID,SIS Login ID,Section,Demo (4711)\n    Points Possible,,,,10\n"
    "Ada,1,ada,A,\nBob,2,bob,A,\nCyn,3,cyn,A,\nDan,4,dan,A,\n"
)
MOODLE = (
    "Identifier,Full name,Email address,Grade,Maximum grade\n"
    'Participant 1,A,ada@x.org,,"10"\nParticipant 2,B,bob@x.org,,"10"\n'
    'Participant 3,C,cyn@x.org,,"10"\nParticipant 4,D,dan@x.org,,"10"\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Demo Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n"
    "#ada,#ada,,#\n#bob,#bob,,#\n#cyn,#cyn,,#\n#dan,#dan,,#\n"
)
TABLES = {"canvas": CANVAS, "moodle": MOODLE, "brightspace": BRIGHTSPACE}


def course_of_four(folder: Path, spec: str, settings: str = "") -> Path:
    """ada and bob handed in, cyn and dan did not; dan has an extension of ten years."""
    home = write_course(folder / "course", {"demo": spec}, settings)
    everybody = [student(name, email=f"{name}@x.org") for name in ("ada", "bob", "cyn", "dan")]
    with open_gradebook(find_course(home)) as book:
        book.enrol(roster(*everybody), who="t")
        book.record(
            [(hand_in(name, DUE - timedelta(1)), scored(name, 7)) for name in ("ada", "bob")],
            who="t",
        )
        book.extend("demo", "dan", 3650, who="eve", why="ill")
        book.extend("demo", "bob", 3650, who="eve", why="away")
    return home


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(find_course(course_of_four(tmp_path, DEMO))) as book:
        yield book


def points_of(home: Path) -> dict[str, str]:
    said = run_grader("gradebook", "show", "demo", "--csv", cwd=home).out
    return {row["id"]: row["points"] for row in csv.DictReader(io.StringIO(said))}


def filled(home: Path, system: str, *options: str) -> tuple[str, list[str]]:
    """What `export` said, and the cells of the four students."""
    table, to = home / f"{system}.csv", home / "out.csv"
    table.write_text(TABLES[system], encoding="utf-8")
    ran = run_grader("export", "demo", f"--{system}", table, "--to", to, *options, cwd=home)
    assert ran.code == 0, ran.said
    rows = list(csv.reader(io.StringIO(to.read_text(encoding="utf-8"))))[-4:]
    place = {"canvas": -1, "moodle": -2, "brightspace": -2}[system]
    return ran.said, [row[place] for row in rows]


def test_after_the_due_date_only_those_with_more_time_are_open(opened: Gradebook) -> None:
    ada, bob, cyn, dan = opened.grades("demo")
    assert (ada.points, ada.open) == (7, ())
    # Bob handed in early, and may hand in again.
    assert (bob.points, bob.so_far, bob.open) == (
        None,
        7,
        ("not due until 2036-03-24 22:59 UTC",),
    )
    assert (cyn.points, cyn.open, cyn.why) == (0, (), "nothing was handed in")
    assert (dan.points, dan.so_far, dan.open) == (None, 0, bob.open)
    opened.extend("demo", "bob", 0, who="eve", why="is back")
    assert opened.grade("demo", "bob").points == 7


def test_who_is_not_on_the_roster_is_held_to_the_common_date(tmp_path: Path) -> None:
    home = write_course(tmp_path / "course", {"demo": FAR})
    with open_gradebook(find_course(home)) as book:
        book.record([(hand_in("zed"), scored("zed", 7))], who="t")
        assert book.grade("demo", "zed").points is None


def test_before_the_due_date_nobodys_grade_is_final_and_no_table_gets_a_number(
    tmp_path: Path,
) -> None:
    home = course_of_four(tmp_path, FAR, 'timezone = "Europe/Berlin"\n')
    shown = run_grader("gradebook", "show", "demo", cwd=home).said
    assert "0 of 4 grades are final" in shown
    assert "not due until 2126-03-27 23:59 CET; nothing was handed in" in shown
    assert points_of(home) == dict.fromkeys(("ada", "bob", "cyn", "dan"), "")
    for system in TABLES:
        said, cells = filled(home, system)
        assert cells == [""] * 4
        assert "0 grades filled" in said
        assert "not final yet, left unchanged: ada, bob, cyn, dan" in said
    said, cells = filled(home, "canvas", "--so-far")
    # What is there so far is no zero for those who may still hand in.
    assert cells == ["7", "7", "", ""]
    assert "not final yet, left unchanged: cyn, dan" in said


def test_after_the_due_date_the_tables_get_what_is_final(tmp_path: Path) -> None:
    home = course_of_four(tmp_path, DEMO)
    for system in TABLES:
        assert filled(home, system)[1] == ["7", "", "0", ""]


def test_without_a_due_date_work_is_final_and_nothing_is_waited_for(tmp_path: Path) -> None:
    home = course_of_four(tmp_path, NEVER)
    assert points_of(home) == {"ada": "7", "bob": "7", "cyn": "", "dan": ""}
    with open_gradebook(find_course(home)) as book:
        assert book.grade("demo", "cyn").open == ("still waiting, because there is no due date",)
        book.adjust("demo", "cyn", 4, who="eve", why="an oral exam")
        assert book.grade("demo", "cyn").points == 4


def test_a_moved_due_date_opens_and_closes_every_grade(tmp_path: Path) -> None:
    home = course_of_four(tmp_path, DEMO)
    assert points_of(home)["cyn"] == "0"
    write_course(home, {"demo": FAR})
    assert set(points_of(home).values()) == {""}
    write_course(home, {"demo": DEMO})
    assert points_of(home)["ada"] == "7"


def test_a_grade_closes_after_the_last_moment_that_is_on_time() -> None:
    due, second = datetime(2026, 5, 1, 12, tzinfo=UTC), timedelta(seconds=1)
    said = ("not due until 2026-05-01 12:00 UTC",)
    for minutes in (0, 5):
        policy, last = LatePolicy(grace_minutes=minutes), due + timedelta(minutes=minutes)
        for handed_in in (True, False):
            assert waiting_for(policy, due, None, last, handed_in=handed_in) == said
            assert waiting_for(policy, due, None, last + second, handed_in=handed_in) == ()


def test_a_class_without_any_submission_is_not_filled_with_zeros(tmp_path: Path) -> None:
    home = write_course(tmp_path / "course")
    with open_gradebook(find_course(home)) as book:
        book.enrol(roster(student("ada"), student("bob")), who="t")
    table = home / "canvas.csv"
    table.write_text(CANVAS, encoding="utf-8")
    args = ("export", "demo", "--canvas", table, "--to", home / "out.csv")
    ran = run_grader(*args, cwd=home)
    assert ran.code != 0
    assert "grade the submissions first" in ran.said
    assert not (home / "out.csv").exists()
    assert run_grader(*args, "--so-far", cwd=home).code == 0
