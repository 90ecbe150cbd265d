"""A batch that is killed again and again loses nothing."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_course, write_files
from running import clean_environment, run_grader
from write_points import asking

from grader.reports.schema import read_report

KILLS = 2
COUNT = 10

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


def class_of(count: int) -> dict[str, str]:
    """Two of three are wrong, and each differs from the others."""
    wrong = DEMO_RIGHT.replace("2 * x", "3 * x")
    return {f"s{n:03}.py": (wrong if n % 3 else DEMO_RIGHT) + f"# {n}\n" for n in range(count)}


def grade(course: Path, subs: Path, *options: str, **env: str) -> int:
    """Grade a class; the exit code. The reports lie beside the course."""
    command = ("grade", subs, "--out", course.parent / "out", "--seed", "s", "--assignment", "demo")
    return run_grader(*command, *options, cwd=course, **env).code


def everything(course: Path) -> tuple[object, ...]:
    """What a run left behind: its reports, its table and the gradebook."""
    out = course.parent / "out"
    book = run_grader("gradebook", "show", "demo", "--csv", cwd=course).out
    return told(out), (out / "gradebook.csv").read_text(), book


def test_a_kill_at_any_write_costs_nothing(tmp_path: Path) -> None:
    """At each moment when a run is about to write, it is killed once; the next one goes on."""
    options, subs = ("--unsafe", "--jobs", "1"), tmp_path / "subs"
    whole, killed = (write_course(tmp_path / name / "course") for name in ("whole", "killed"))
    submissions = iter(class_of(200).items())
    write_files(subs, dict(itertools.islice(submissions, 2)))
    assert grade(whole, subs, *options, **asking(whole.parent, tmp_path / "points")) == 0
    points = list(dict.fromkeys((tmp_path / "points").read_text().splitlines()))
    seen = "\n".join(points)
    for expected in (
        "os.rename out/demo/sN.json",
        "os.rename out/demo/student/sN.json",
        "open out/demo/.writing",
        "os.rename out/gradebook.csv",
        "open out/.journal.jsonl",
        "sqlite CREATE",
        "sqlite INSERT INTO attempts",
        "sqlite COMMIT after INSERT INTO",
    ):
        assert expected in seen, (expected, points)
    for point in points:
        # So that there is always something left to grade.
        write_files(subs, dict([next(submissions)]))
        asked = asking(killed.parent, tmp_path / "log", kill_at=point)
        assert grade(killed, subs, *options, **asked) == -signal.SIGKILL, (point, points)
        told(killed.parent / "out")
    for course in (killed, whole):
        assert grade(course, subs, *options) == 0
    assert everything(killed) == everything(whole)
    assert len(told(whole.parent / "out")) == 2 * len(list(subs.iterdir()))


def test_kills_at_random_cost_nothing(tmp_path: Path) -> None:
    """All processes at once, of real runs with several grading processes."""
    moments = random.Random(7)
    subs = tmp_path / "subs"
    slow = {
        name: text.replace("return", "import time; time.sleep(0.02); return", 1)
        for name, text in class_of(COUNT).items()
    }
    write_files(subs, slow)
    options = ("--unsafe",)
    whole, killed = (write_course(tmp_path / name / "course") for name in ("whole", "killed"))
    command = (*options, "--seed", "s", "--assignment", "demo", "--jobs", "2")
    for _ in range(KILLS):
        kill_in_the_middle(killed, subs, killed.parent / "out", command, moments)
    for course in (killed, whole):
        assert grade(course, subs, *options) == 0
    assert everything(killed) == everything(whole)
    assert len(told(whole.parent / "out")) == 2 * COUNT


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
    wanted = done + moments.randint(0, (COUNT - 4) // KILLS)
    while process.poll() is None and len(list(out.glob("demo/*.json"))) < wanted:
        time.sleep(0.005)
    time.sleep(moments.uniform(0, 0.1))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
