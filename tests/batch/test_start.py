"""What a run of `grade` starts: one sandbox, tried by the canary, and nothing that outlives it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from making import DEMO_RIGHT, best_isolation, can_isolate, options_of, write_course, write_files
from running import clean_environment, run_grader

import grader
from grader.batch.executors import local
from grader.batch.tasks import launcher_at
from grader.errors import GraderFault
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.probe import Opening

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts Linux processes")
needs_sandbox = pytest.mark.skipif(not can_isolate(), reason="no sandbox on this machine")

# Runs a command and prints what still runs of it: an orphan becomes a child of ours.
LEFT_BEHIND = """
import ctypes, os, pathlib, subprocess, sys
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
subprocess.run([sys.executable, "-m", "grader", *sys.argv[1:]], stdout=sys.stderr)
task = pathlib.Path("/proc/self/task").resolve() / str(os.getpid())
for pid in task.joinpath("children").read_text().split():
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    if stat.rpartition(")")[2].split()[0] not in "ZX":
        print(stat)
"""


def class_of(folder: Path, *names: str) -> Path:
    return write_files(folder / "subs", {f"{name}.py": DEMO_RIGHT for name in names})


@needs_sandbox
def test_one_submission_starts_one_sandbox_and_the_canary_tries_it(tmp_path: Path) -> None:
    subs, out = class_of(tmp_path, "ada"), tmp_path / "out"
    command = ("grade", subs, "--out", out, "--assignment", "demo")
    course = write_course(tmp_path / "course")
    assert run_grader("--log", tmp_path / "log", *command, cwd=course, GRADER_LOG="info").code == 0
    log = (tmp_path / "log").read_text()
    boots = re.findall(r"(\d+) INFO +grader\.\S+ level \w+: starting the fork server", log)
    assert len(boots) == 1
    assert re.findall(r"(\d+) INFO +grader\.\S+ level \w+: canary: every attempt", log) == boots
    # The first worker was the canary.
    assert re.search(r"worker 2: started, isolation (full|landlock)", log)


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_outlives_the_command(tmp_path: Path, jobs: int) -> None:
    course = write_course(tmp_path / "course")
    options = ["--out", tmp_path / "out", "--assignment", "demo", "--jobs", str(jobs)]
    options += options_of(best_isolation())
    subs = class_of(tmp_path, "ada", "bob")
    for folder, said in ((subs, "all passed"), (tmp_path / "none", "is not a folder")):
        done = subprocess.run(
            [sys.executable, "-c", LEFT_BEHIND, "grade", folder, *options],
            cwd=course,
            env=clean_environment(),
            capture_output=True,
            text=True,
        )
        assert said in done.stderr
        assert done.stdout == ""


@needs_sandbox
def test_a_level_that_does_not_hold_any_more_is_not_replaced_by_another() -> None:
    with pytest.raises(GraderFault, match="the isolation level here is full, not none at all"):
        launcher_at("none at all")


@needs_sandbox
def test_a_fork_server_that_replaces_a_dead_one_is_tried_before_it_is_used() -> None:
    from grader.sandbox.host.fork_server import ForkServerLauncher

    with Opening() as opening:
        opening.expect(1)
        launcher = opening.finish()
        assert isinstance(launcher, ForkServerLauncher)
        first = launcher.launch(Limits())
        assert first.label == "worker 2"
        os.kill(launcher.zygote_pid, signal.SIGKILL)
        first.discard()
        second = launcher.launch(Limits())
        assert second.label == "worker 4", "the canary was not tried again"
        second.discard()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_however_a_runner_is_started_it_grades_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Systems other than Linux start an interpreter; that way is tried here too."""
    monkeypatch.setattr(local, "_START_METHOD", method)
    course, subs = write_course(tmp_path / "course"), class_of(tmp_path, "ada")
    run = grader.grade(course, subs, assignment="demo", jobs=1, unsafe=not can_isolate())
    assert [report.score for report in run.reports] == [10]
