"""`python -m grader gradebook ...` as staff type it."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from books import DEMO, DUE, QUESTIONS, check, hand_in, reports, write_course
from running import ROOT, Ran, run_grader
from typer.testing import CliRunner

from grader.cli import app
from grader.course.course import find_course
from grader.errors import UsageError
from grader.gradebook import open_gradebook
from grader.reports.schema import read_report

ROSTER = "id,name,section,extension_days\n1,=Ada,A,2\n2,Bob [bold],B,\n3,Eve,A,\n"
HOSTILE = "=cmd()|[red]zed[/]"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A course with three hand-ins: one in time, one late, one of nobody on the roster."""
    settings = 'roster = "roster.csv"\ntimezone = "Europe/Berlin"\n[tool.grader.late]\n'
    root = write_course(tmp_path, {"demo": DEMO + QUESTIONS}, settings + "percent_per_day = 10\n")
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with open_gradebook(find_course(root)) as book:
        late = DUE + timedelta(hours=30)
        for name, at in (("1", DUE), ("Bob [bold]", late), (HOSTILE, DUE)):
            texts = reports(name, check("m::a", 5), check("m::b", 0))
            book.record([(hand_in(name, at), texts)], who="t")
    return root


def gradebook(home: Path, *args: object) -> Ran:
    """A command in this process: starting one for each would take longer than the test."""
    with contextlib.chdir(home):
        done = CliRunner().invoke(app, ["gradebook", *map(str, args)], catch_exceptions=False)
    return Ran(done.exit_code, done.stdout, done.stderr)


def test_a_term_in_the_life_of_a_gradebook(home: Path) -> None:
    loaded = gradebook(home, "roster")
    assert loaded.code == 0
    assert "3 students; 3 added" in loaded.said
    assert HOSTILE in loaded.said

    shown = gradebook(home, "show", "demo")
    assert shown.code == 0
    assert "16 not marked yet: why, how" in shown.said
    assert "grades are final (" in shown.said
    assert "2 days late: 20 % taken off" in shown.said
    assert "Bob [bold]" in shown.said
    assert "Submissions under names that are not on the roster" in shown.said

    changed = gradebook(
        home, "override", "demo", "bob [bold]", "b", "4.5", "--why", "[i]right[/i]", "--as", "eve"
    )
    assert changed.code == 0
    assert "m::b 4.5 set by eve: [i]right[/i]" in changed.said
    adjusted = gradebook(home, "adjust", "demo", "2", "--why", "untidy", "--", "-1")
    assert "adjusted -1 by" in adjusted.said
    extended = gradebook(home, "extend", "demo", "2", "1", "--why", "ill", "--as", "eve")
    assert "due 2026-03-28 23:59 CET, 1 day more, granted by eve: ill" in extended.said
    assert "1 day late: 10 % taken off" in extended.said
    matched = gradebook(home, "match", HOSTILE, "3")
    assert matched.out.strip() == f"Submissions under {HOSTILE}: 1, now assigned to 3."

    student = gradebook(home, "student", "2")
    assert student.code == 0
    for told in (
        "2 Bob [bold], section B",
        "demo 2: 7.55 of 16, so far",
        "checks 9.5 of 10, by the checks; 1 check set by hand",
        "late -0.95 1 day late: 10 % taken off",
        "counts 2026-03-29 06:59 CEST Bob [bold] 5 points",
        "open: why: not marked yet",
        "eve override demo 2 m::b in Bob [bold]: 0 (automatic) → 4.5 ([i]right[/i])",
        "eve extend demo 2 days: 0 → 1 (ill)",
    ):
        assert told in student.said
    last = gradebook(home, "history", "-n", "2", "--assignment", "demo")
    assert [line.split("  ")[2] for line in last.out.splitlines() if "demo" in line] == [
        "adjust", "extend",
    ]  # fmt: skip


def test_csv_has_every_part_and_no_formula(home: Path) -> None:
    gradebook(home, "roster")
    gradebook(home, "adjust", "demo", "2", "2", "--why", "x")
    shown = gradebook(home, "show", "demo", "--csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(shown.out))}
    assert list(rows) == ["1", "2", "3", f"'{HOSTILE}"]
    assert rows["1"]["name"] == "'=Ada"
    two = rows["2"]
    assert (two["points"], two["so_far"], two["max_points"]) == ("", "6", "16")
    assert (two["automatic"], two["penalty"], two["adjustments"]) == ("5", "1", "2")
    assert (two["days_late"], two["question why"]) == ("2", "")
    assert two["open"] == "why: not marked yet; how: not marked yet"
    assert rows["3"]["counts"] == "nothing was handed in"
    assert rows["3"]["points"] == "0"


def test_reports_and_pages_show_what_was_set_by_hand(home: Path, tmp_path: Path) -> None:
    gradebook(home, "roster")
    gradebook(home, "override", "demo", "1", "m::b", "5", "--why", "right in its way")
    done = gradebook(home, "reports", "demo", "--to", tmp_path / "final")
    assert done.code == 0
    assert "Reports of 3 students" in done.out
    said = "5 of 5 points, set by hand: right in its way"
    for path, audience in (("1.json", "staff"), ("student/1.json", "student")):
        report = read_report(tmp_path / "final" / "demo" / path)
        assert (report.audience, report.score) == (audience, 10)
        assert report.checks[1].text == f"{said}\nwrong values"
    assert CliRunner().invoke(app, ["feedback", str(tmp_path / "final")]).exit_code == 0
    pages = list((tmp_path / "final").rglob("1.html"))
    assert len(pages) == 2
    assert all(said in page.read_text(encoding="utf-8") for page in pages)


def test_a_report_that_somebody_changed_is_kept(home: Path, tmp_path: Path) -> None:
    gradebook(home, "roster")
    for _ in range(2):
        assert gradebook(home, "reports", "demo", "--to", tmp_path / "final").code == 0
    sheet = tmp_path / "final" / "demo" / "student" / "1.md"
    sheet.write_text("See me on Monday.\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"demo/student/1\.md in .* was not written by this"):
        gradebook(home, "reports", "demo", "--to", tmp_path / "final")
    assert sheet.read_text(encoding="utf-8") == "See me on Monday.\n"


@pytest.mark.smoke
def test_backup_and_restore(home: Path, tmp_path: Path) -> None:
    gradebook(home, "adjust", "demo", "1", "2", "--why", "kept")
    assert gradebook(home, "backup", tmp_path / "b.sqlite").code == 0
    gradebook(home, "adjust", "demo", "1", "3", "--why", "lost")
    refused = run_grader("gradebook", "restore", tmp_path / "b.sqlite", cwd=home)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    restored = gradebook(home, "restore", tmp_path / "b.sqlite", "--replace")
    assert restored.code == 0
    (old,) = (home / ".grader").glob("gradebook-before-*.sqlite")
    assert str(old) in restored.out
    assert "The backup lacks 1 change of the previous gradebook." in restored.said

    def reasons(file: Path) -> list[str]:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            return [why for (why,) in connection.execute("SELECT why FROM adjustments")]

    assert reasons(home / ".grader" / "gradebook.sqlite") == ["kept"]
    assert reasons(old) == ["kept", "lost"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("show", "dema"), "did you mean `demo`?"),
        (("student", "nobody"), "no student 'nobody'"),
        (("adjust", "demo", "1", "x", "--why", "y"), "'x' is not a number of points"),
        (("override", "demo", "1", "m::c", "1", "--why", "y"), "no check 'm::c'"),
        (("roster", "none.csv"), "cannot read the roster none.csv"),
        (("backup", "pyproject.toml"), "already exists"),
        (("reports", "demo", "--to", "run"), "contains the reports of a grading run"),
    ],
)
def test_wrong_use_is_told(home: Path, args: tuple[str, ...], told: str) -> None:
    (home / "run").mkdir()
    (home / "run" / "gradebook.csv").touch()
    with pytest.raises(UsageError) as caught:
        gradebook(home, *args)
    assert told in str(caught.value)


def test_a_change_without_its_reason_is_refused(home: Path) -> None:
    ran = gradebook(home, "adjust", "demo", "1", "1")
    assert ran.code == 2
    assert "Missing option '--why'" in ran.said


def test_without_sqlalchemy_the_remedy_is_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "block").mkdir()
    block = "import sys; sys.modules['sqlalchemy'] = None\n"
    (tmp_path / "block" / "sitecustomize.py").write_text(block, encoding="utf-8")
    ran = run_grader("gradebook", "show", "demo", cwd=home, PYTHONPATH=str(tmp_path / "block"))
    assert ran.code == 2
    assert f"-m pip install -e '{ROOT}[staff]'" in ran.err


def test_who_left_with_work_is_told_and_who_may_have_a_new_id(home: Path) -> None:
    (home / "roster.csv").write_text("id,name,email\n1,Ada,ada@x.org\nBob [bold],Bob,\n3,Eve,\n")
    gradebook(home, "roster")
    gradebook(home, "extend", "demo", "1", "2", "--why", "Ill.")
    (home / "roster.csv").write_text("id,name,email\n9,Ada King,ADA@x.org\n4,Zoe,\n")
    told = gradebook(home, "roster")
    assert "2 added, 0 changed, 3 removed" in told.said
    left = "Removed students who have handed in something: 1, Bob [bold]. Their work is kept"
    assert left in told.said
    remedy = "python -m grader gradebook match 1 9"
    assert "9 has the email address of 1, who was removed." in told.said
    assert remedy in told.said
    assert told.said.count("gradebook match") == 2, "and that for names that nobody has"
    assert "nothing was handed in" in gradebook(home, "student", "9").said

    gradebook(home, "match", "1", "9")
    found = gradebook(home, "student", "9").said
    assert "the only attempt" in found
    assert "2 days more" in found
    again = gradebook(home, "roster").said
    assert "Removed students" not in again
    assert remedy not in again
