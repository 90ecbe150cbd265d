"""`bench`: what it measures, on small real runs; what it makes of its figures, on canned ones."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from making import can_isolate, write_course
from rich.console import Console
from rich.table import Table
from running import clean_environment, run_grader

from grader.benchmark import whole_class
from grader.benchmark.waiting import Waiting
from grader.benchmark.whole_class import ClassCost, Executors, Milestone, ProcessUsage
from grader.cli.bench import class_table, executors_table, waiting_table
from grader.course.course import find_course

# Fewer repetitions of what a student waits for: their median is of no interest here.
QUICKLY = (
    "from grader.benchmark import waiting\nwaiting.REPEATS, waiting.PAUSE_S = 1, 0.3\n"
    "from grader.cli import main\nmain()\n"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("bench"), "demo")


def options(course: Path, *more: object) -> list[str]:
    unsafe = [] if can_isolate() else ["--unsafe"]
    figures = ["--json", str(course / "figures.json")]
    return ["bench", "demo", *map(str, more), *unsafe, *figures]


def bench(course: Path, *more: object) -> tuple[str, dict[str, Any]]:
    """What `bench` says, and what it writes as JSON."""
    ran = run_grader(*options(course, *more), cwd=course, timeout_s=300)
    assert ran.code == 0, ran.said
    return ran.said, json.loads((course / "figures.json").read_text())


def shown(table: Table) -> dict[str, str]:
    """What a table says, by the words of each line."""
    console = Console(width=120)
    with console.capture() as captured:
        console.print(table)
    lines = [line.strip() for line in captured.get().splitlines()]
    cut = [[part for part in line.split("  ") if part] for line in lines]
    return {parts[0]: parts[1].strip() for parts in cut if len(parts) > 1}


def test_a_submission_is_measured_beside_its_floor(course):
    done = subprocess.run(
        [sys.executable, "-c", QUICKLY, *options(course, "-n", 3, "--growth", 20)],
        cwd=course,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads((course / "figures.json").read_text())
    assert "CPU, as a multiple of the floor" in done.stdout
    for run in (figures["saved"], figures["unsaved"]):
        assert run["score"] == 10
        parts = run["trusted_cpu_s"] + run["server_cpu_s"] + run["worker_cpu_s"]
        assert run["cpu_s"] == pytest.approx(parts)
        assert run["worker_cpu_s"] > 0
    assert 0 < figures["round_trip_ms"] < figures["life_ms"]
    growth = figures["growth"]
    assert growth["submissions"] == 20
    for name in ("descriptors", "processes", "mounts"):
        before, after = growth[name]
        assert before > 0
        if name != "processes":  # of the whole machine, which others use too
            assert after == before, name
    student = figures["student"]
    assert 0 < student["judging_s"] < student["check_s"]
    assert 0 < student["typer_s"] < student["check_s"]
    assert min(student["help_s"], student["save_s"]) > 0


def test_a_class_is_graded_twice_by_the_real_command(course):
    said, figures = bench(course, "--class", 20, "--jobs", 1)
    assert "the same run again, nothing changed" in said
    run = figures["class"]["run"]
    assert run["marks"][-1]["done"] == run["submissions"] == 20
    spent = [mark["cpu_s"] for mark in run["marks"]]
    assert spent == sorted(spent)
    assert all(mark["memory_mb"] > 0 for mark in run["marks"])
    assert not (course / ".grader" / "gradebook.sqlite").exists(), "the course's own is left alone"


def test_a_gradebook_is_measured(course):
    said, figures = bench(course, "--gradebook", 30)
    assert "one student's grades in all homeworks" in said
    assert figures["gradebook"]["submissions"] == 30


# A class of 40 that takes a second at first and then gets slower and larger.
MARKS = tuple(
    Milestone(done, at_s=1 + done / 10 + done**2 / 400, cpu_s=done**2 / 100, memory_mb=100 + done)
    for done in (1, 2, 4, 8, 16, 24, 32, 40)
)
SLOWING = ProcessUsage(40, wall_s=10.0, marks=MARKS)


def test_rates_are_those_between_two_marks():
    first, last = MARKS[3], MARKS[-1]
    assert SLOWING.rate(0.2) == pytest.approx((40 - 8) / (last.at_s - first.at_s))
    assert SLOWING.rate(0.8, 1.0) == pytest.approx((40 - 32) / (last.at_s - MARKS[6].at_s))
    assert SLOWING.cpu_ms(0.8, 1.0) == pytest.approx((16 - 10.24) / 8 * 1000)
    assert SLOWING.memory_mb(0.1) == 104
    told = shown(class_table(ClassCost("demo", 2, SLOWING, again_s=0.25)))
    assert told["from start to end"] == "10.0"
    assert told["memory of all processes at the end"] == "140.0"
    rates = [float(told[f"submissions per second, {part} fifth"]) for part in ("first", "last")]
    assert rates[0] > rates[1]
    ratio = float(told["last fifth / first fifth"].split()[0])
    assert ratio == pytest.approx(rates[1] / rates[0], abs=0.02)


@pytest.mark.parametrize(
    ("marks", "first", "last"),
    [
        pytest.param(MARKS[-1:], 40 / 9, 40 / 9, id="all 40 at the first look"),
        pytest.param((MARKS[3], MARKS[-1]), 8 / 1.96, 32 / (9 - 1.96), id="8, then the rest"),
        pytest.param((MARKS[4], MARKS[-1]), 16 / 3.24, 24 / (9 - 3.24), id="16, then the rest"),
    ],
)
def test_a_class_that_is_over_between_two_looks_has_rates(marks, first, last):
    run = ProcessUsage(40, wall_s=10.0, marks=marks)
    assert run.rate(0.0, 0.2) == pytest.approx(first)
    assert run.rate(0.8, 1.0) == pytest.approx(last)
    assert run.cpu_ms(0.8, 1.0) > 0


def test_executors_are_compared_round_by_round():
    compared = Executors("demo", 20, one=(10.0, 4.0, 8.0), two=(15.0, 8.0, 8.0), dask=(12, 8, 16))
    assert compared.two_for_one == 1.5
    assert compared.dask_for_two == 1.0
    told = shown(executors_table(compared))
    assert told["two workers of a Dask cluster"].split()[0] == "12.0"
    assert told["two workers / one worker, median of rounds"].split()[0] == "1.50"
    assert told["Dask's two workers / two workers here"].split()[0] == "1.00"


def test_each_round_runs_each_executor_once_and_their_order_turns(course, tmp_path, monkeypatch):
    home, runs = find_course(course), []

    def watch(command, folder, out, count, progress):
        jobs = command[command.index("--jobs") + 1]
        runs.append("dask" if command[-2:] == ["--scheduler", "local"] else jobs)
        assert len(list((folder / "submissions").iterdir())) == count == 8
        return ProcessUsage(
            8, 1.0, (Milestone(2, 1.0, 1.0, 1.0), Milestone(8, 1.0 + len(runs), 1.0, 1.0))
        )

    monkeypatch.setattr(whole_class, "_watch", watch)
    measure = functools.partial(whole_class.measure_executors, home, home.assignment("demo"))
    compared = measure(tmp_path, 8, 2, lambda done: None)
    assert runs == ["1", "2", "dask", "2", "dask", "1"]
    assert compared.one == (6.0, 1.0)
    assert compared.two == (3.0, 1.5)
    assert compared.dask == (2.0, 1.2)


def test_what_a_student_waits_for_is_told_beside_a_bare_import():
    told = shown(
        waiting_table(Waiting(0.25, help_s=0.5, check_s=1.5, judging_s=0.125, save_s=0.75))
    )
    assert told["the help, as a multiple of importing typer"] == "2.00"
    assert told["check --watch, from a save to its result"] == "0.75"


def test_the_server_is_measured_beside_an_endpoint_that_only_writes(course):
    said, figures = bench(course, "--server", 3, "--jobs", 1)
    cost = figures["server"]
    assert (cost["hand_ins"], cost["graded"], cost["open"]) == (3, 3, 0)
    assert 0 < cost["floor_p50_ms"] <= cost["floor_p99_ms"]
    assert 0 < cost["accept_p50_ms"] <= cost["accept_p99_ms"]
    assert cost["cpu_s"] > 0
    assert 20 < cost["idle_mb"] < 150
    assert "from the first hand-in to the last result" in said


def test_the_class_page_is_measured_beside_its_query(course):
    said, figures = bench(course, "--class-page", 30)
    cost = figures["class_page"]
    assert (cost["students"], cost["homeworks"]) == (30, 1)
    assert cost["first_ms"] > 0
    assert 0 < cost["bare_p50_ms"] < cost["page_p50_ms"] <= cost["page_p95_ms"]
    assert "as a multiple of the query" in said
