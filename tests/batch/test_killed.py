"""A batch that is killed again and again loses nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from making import DEMO_RIGHT, best_isolation, options_of, write_course, write_files
from running import clean_environment, run_grader

from grader.reports.schema import read_report

KILLS = 20
COUNT = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="kills a process group"),
]


def told(out: Path) -> dict[str, object]:
    """What the reports tell but for times."""
    reports = {}
    for path in sorted(out.glob("**/*.json")):
        report = read_report(path).model_dump(mode="json", exclude={"started_at", "duration_s"})
        for check in report["checks"]:
            del check["duration_s"]
        reports[path.relative_to(out).as_posix()] = report
    return reports


def test_twenty_kills_cost_nothing(tmp_path: Path) -> None:
    moments = random.Random(7)
    subs = tmp_path / "subs"
    slow = DEMO_RIGHT.replace("return 2 * x", "import time; time.sleep(0.02); return 2 * x")
    wrong = slow.replace("2 * x", "3 * x")
    write_files(
        subs, {f"s{n:03}.py": (wrong if n % 3 else slow) + f"# {n}\n" for n in range(COUNT)}
    )
    options = (*options_of(best_isolation()), "--seed", "s", "--assignment", "demo")
    books = []
    for name in ("killed", "whole"):
        course, out = write_course(tmp_path / name / "course"), tmp_path / name / "out"
        if name == "killed":
            for number in range(KILLS):
                # Starting a second grading process each time would take most of this test.
                jobs = ("--jobs", "2" if number % 4 == 0 else "1")
                kill_in_the_middle(course, subs, out, (*options, *jobs), moments)
        assert run_grader("grade", subs, "--out", out, *options, cwd=course).code == 0
        books.append(run_grader("gradebook", "show", "demo", "--csv", cwd=course).out)
    assert told(tmp_path / "killed" / "out") == told(tmp_path / "whole" / "out")
    assert len(told(tmp_path / "whole" / "out")) == 2 * COUNT
    assert books[0] == books[1]
    tables = [
        (tmp_path / name / "out" / "gradebook.csv").read_text() for name in ("killed", "whole")
    ]
    assert tables[0] == tables[1]


def kill_in_the_middle(
    course: Path, subs: Path, out: Path, options: tuple[str, ...], moments: random.Random
) -> None:
    """Start grading and kill all its processes some time after the next few reports."""
    done = len(list(out.glob("demo/*.json")))
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", str(subs), "--out", str(out), *options],
        cwd=course,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wanted = done + moments.randint(0, 2 * (COUNT - 10 - done) // KILLS + 1)
    while process.poll() is None and len(list(out.glob("demo/*.json"))) < wanted:
        time.sleep(0.005)
    time.sleep(moments.uniform(0, 0.1))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
