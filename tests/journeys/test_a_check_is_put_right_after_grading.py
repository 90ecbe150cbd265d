"""A hidden check was wrong: staff see who gains and who loses, and only then regrade the class."""

from __future__ import annotations

import json
import re
from pathlib import Path

from making import DEMO_RIGHT, write_course, write_files
from running import run_grader

from grader.batch import regrade
from grader.reports.schema import read_report


def test_diff_shows_who_gains_and_changes_nothing_until_applied(tmp_path: Path) -> None:
    course, log = write_course(tmp_path / "course"), tmp_path / "log"
    spy = f"open({str(log)!r}, 'a').close()\n" + DEMO_RIGHT
    write_files(tmp_path / "subs", {"ada.py": spy, "bob.py": spy.replace("2 * x", "3 * x")})
    subs, out = course.parent / "subs", course.parent / "out"
    options = ("--seed", "s", "--unsafe", "--jobs", 1, "--html")
    assert run_grader("grade", subs, "--out", out, *options, cwd=course).code == 0
    before = {path: path.read_bytes() for path in out.rglob("*.*ml")}
    before |= {path: path.read_bytes() for path in out.rglob("*.json")}
    assert len(before) == 9
    hidden = course / "solutions" / "demo" / "hidden_checks.py"
    hidden.write_text(hidden.read_text().replace("reference.double(x), ", "3 * x, "))
    shown = run_grader("grade", subs, "--diff", out, *options, cwd=course)
    assert shown.code == 0
    assert "ada (demo) 10 -> 6" in shown.said
    assert "bob (demo) 4 -> 8" in shown.said
    assert "double of random numbers: passed 4/4 -> failed 0/4" in shown.said
    assert "points gained in 1, lost in 1, unchanged in 0" in shown.said
    assert {path: path.read_bytes() for path in before} == before
    # What was graded to be shown is not graded again to be applied.
    log.unlink()
    applied = run_grader("grade", subs, "--diff", out, "--apply", "--json", *options, cwd=course)
    assert applied.code == 0
    rows = json.loads(applied.out)["rows"]
    assert {row["label"]: row["score"] for row in rows} == {"ada": 6.0, "bob": 8.0}
    assert not log.exists()
    assert read_report(out / "demo" / "ada.json").score == 6
    for page in ("demo/ada.html", "demo/student/ada.html", "index.html"):
        assert re.search(r"\b6\b", (out / page).read_text(encoding="utf-8")), page
        assert (out / page).read_bytes() != before[out / page], page
    assert not (out / regrade.STAGING).exists()
    book = run_grader("gradebook", "show", "demo", "--csv", cwd=course).out
    assert "ada" in book
    again = run_grader("grade", subs, "--diff", out, "--json", *options, cwd=course)
    assert json.loads(again.out)["differences"] == []
