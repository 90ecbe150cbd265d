"""`bench`: the real command measures real runs, and its figures fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from making import can_isolate, write_course
from running import run_grader


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("bench"), "demo")


def bench(course: Path, *options: object) -> tuple[str, dict[str, Any]]:
    """What `bench` says, and what it writes as JSON."""
    figures = course / "figures.json"
    unsafe = [] if can_isolate() else ["--unsafe"]
    command = ["bench", "demo", *options, *unsafe, "--json", figures]
    ran = run_grader(*command, cwd=course, timeout_s=300)
    assert ran.code == 0, ran.said
    return ran.said, json.loads(figures.read_text())


def test_a_submission_is_measured_beside_its_floor(course):
    said, figures = bench(course, "-n", 3, "--growth", 20)
    assert "CPU, times the floor" in said
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


def test_a_class_is_graded_twice_by_the_real_command(course):
    said, figures = bench(course, "--class", 20, "--jobs", 1)
    assert "the same again, nothing changed" in said
    run = figures["class"]["run"]
    assert run["marks"][-1]["done"] == run["submissions"] == 20
    spent = [mark["cpu_s"] for mark in run["marks"]]
    assert spent == sorted(spent)
    assert all(mark["memory_mb"] > 0 for mark in run["marks"])
    assert not (course / ".grader" / "gradebook.sqlite").exists(), "the course's own is left alone"


@pytest.mark.slow
def test_executors_are_compared_round_by_round(course):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    said, figures = bench(course, "--executors", 1, "-n", 20)
    assert "two workers of a Dask cluster" in said
    assert all(len(figures["executors"][kind]) == 1 for kind in ("one", "two", "dask"))


def test_a_gradebook_is_measured(course):
    said, figures = bench(course, "--gradebook", 30)
    assert "one student's grades in all" in said
    assert figures["gradebook"]["submissions"] == 30
