"""What a change of the course's files leaves behind in the gradebook is told to staff."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from books import DUE, check, hand_in, report, reports, write_course
from running import Ran
from typer.testing import CliRunner

from grader._internal.clock import now_utc
from grader.cli import app
from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.gradebook.regrading import Proposal, Regrades

SPEC = 'title = "{}"\npoints = 10\ndue = 2026-03-27T23:59:00+01:00\n'
AGAIN = "python -m grader gradebook override one ada c::a POINTS --why TEXT"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two homeworks; of ada's first, check `c::a` was set by hand to 3 of 5 points."""
    root = write_course(
        tmp_path / "course", {"one": SPEC.format("one"), "two": SPEC.format("two")},
        'roster = "roster.csv"\n',
    )  # fmt: skip
    (root / "roster.csv").write_text("id,name\nada,Ada\nbob,Bob\n", encoding="utf-8")
    assert gradebook(root, "roster").code == 0
    grade_again(root, check("c::a", 0), check("c::b", 5))
    with open_gradebook(find_course(root)) as book:
        two = reports("bob", check("c::a", 4, 10), assignment="two")
        book.record([(hand_in("bob", DUE, "two"), two)], who="t")
    assert gradebook(root, "override", "one", "ada", "c::a", 3, "--why", "Nearly.").code == 0
    return root


def grade_again(root: Path, *checks: object) -> None:
    """Record a result of ada's one attempt."""
    with open_gradebook(find_course(root)) as book:
        texts = reports("ada", *checks, assignment="one", started_at=now_utc())
        book.record([(hand_in("ada", DUE, "one"), texts)], who="t")


def gradebook(home: Path, *args: object) -> Ran:
    with contextlib.chdir(home):
        done = CliRunner().invoke(app, ["gradebook", *map(str, args)], catch_exceptions=False)
    return Ran(done.exit_code, done.stdout, done.stderr)


def said(ran: Ran) -> str:
    return " ".join(ran.out.split())


EVERYWHERE = (("show", "one"), ("student", "ada"), ("total",), ("total", "ada"))


@pytest.mark.parametrize("args", EVERYWHERE, ids=" ".join)
def test_points_set_by_hand_are_told_when_their_check_is_worth_another_number(
    home: Path, args: tuple[str, ...]
) -> None:
    assert "by hand to" not in said(gradebook(home, *args))
    grade_again(home, check("c::a", 0, 5), check("c::b", 5, 5))  # once more, as it was
    assert "by hand to" not in said(gradebook(home, *args))
    grade_again(home, check("c::a", 0, 2), check("c::b", 8, 8))
    told = said(gradebook(home, *args))
    assert "c::a was set by hand to 3 of 5 points and stays, but is worth 2 now" in told
    assert AGAIN in told
    assert "ada" in told
    # Looked at: whatever the number, the remark goes.
    assert gradebook(home, "override", "one", "ada", "c::a", 2, "--why", "Right.").code == 0
    assert "by hand to" not in said(gradebook(home, *args))


def test_a_regrade_says_it_before_it_counts(home: Path) -> None:
    course = find_course(home)
    with open_gradebook(course) as book:
        (attempt,) = book.attempts("one")
        new = check("c::a", 0, 2), check("c::b", 8, 8)
        fields = {"assignment": "one", "submission_sha256": attempt.sha256}
        proposal = Proposal(report("ada", *new, **fields), reports("ada", *new, **fields))
        found = Regrades(course, book.engine, now_utc).look("one", {attempt.label: proposal})
    (change,) = found.correction.changes
    assert "c::a was set by hand to 3 of 5 points and stays, but is worth 2 now" in change.why


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("total",), "two was handed in by 1 student, but assignments/two is not there"),
        (("student", "bob"), "two was handed in 1 time and is no homework of the course now"),
    ],
)
def test_a_homework_that_is_removed_does_not_vanish_without_a_word(
    home: Path, args: tuple[str, ...], told: str
) -> None:
    assert told not in said(gradebook(home, *args))
    shutil.rmtree(home / "assignments" / "two")
    assert told in said(gradebook(home, *args))
    assert "two was handed in" not in said(gradebook(home, "student", "ada"))
