"""Two students hand in late; one was ill. The course's rule, an extension, and the grade."""

from __future__ import annotations

import csv
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from making import DEMO_RIGHT, DEMO_TOML, write_course, write_files
from running import run_grader

DUE = datetime(2026, 3, 27, 22, 59, tzinfo=UTC)
SETTINGS = """\
[tool.grader]
name = "Tiny"
roster = "roster.csv"

[tool.grader.late]
percent_per_day = 10
"""


def grades(course: Path) -> dict[str, dict[str, str]]:
    shown = run_grader("gradebook", "show", "demo", "--csv", cwd=course)
    assert shown.code == 0, shown.err
    return {row["id"]: row for row in csv.DictReader(io.StringIO(shown.out))}


def test_late_work_costs_what_the_course_says_until_it_is_excused(tmp_path: Path) -> None:
    course, subs = write_course(tmp_path / "course"), tmp_path / "subs"
    spec = DEMO_TOML.replace("2126-12-18T23:59:00+01:00", DUE.isoformat())
    roster = "id,name\nada,Ada\nbob,Bob\ncyn,Cyn\n"
    write_files(
        course,
        {
            "assignments/demo/assignment.toml": spec,
            "pyproject.toml": SETTINGS,
            "roster.csv": roster,
        },
    )
    write_files(subs, dict.fromkeys(("ada.py", "bob.py", "cyn.py"), DEMO_RIGHT))
    for name, hours in (("ada", -1), ("bob", 30), ("cyn", 30)):
        at = (DUE + timedelta(hours=hours)).timestamp()
        os.utime(subs / f"{name}.py", (at, at))
    options = ("--assignment", "demo", "--unsafe", "--jobs", 1)
    assert run_grader("grade", subs, "--out", tmp_path / "out", *options, cwd=course).code == 0
    assert {who: row["points"] for who, row in grades(course).items()} == {
        "ada": "10",
        "bob": "8",
        "cyn": "8",
    }

    extended = run_grader(
        *("gradebook", "extend", "demo", "bob", "2", "--why", "ill", "--as", "eve"), cwd=course
    )
    assert extended.code == 0, extended.said
    after = grades(course)
    assert (after["bob"]["points"], after["bob"]["days_late"]) == ("10", "0")
    assert (after["cyn"]["points"], after["cyn"]["days_late"]) == ("8", "2")
    told = run_grader("gradebook", "student", "bob", cwd=course)
    assert "ill" in told.said
