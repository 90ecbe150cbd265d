"""Grading on the workers of a real Dask cluster on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from making import (
    DEMO_RIGHT,
    DEMO_STARTER,
    PICTURE_RIGHT,
    can_isolate,
    write_course,
    write_files,
)

from grader.batch import Options, grade_folder
from grader.course.course import find_course
from grader.errors import UsageError
from grader.lms.discover import find_submissions
from grader.reports.schema import read_report
from grader.reports.summary import Row
from grader.sandbox.host.probe import open_launcher

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SLOW = DEMO_RIGHT.replace("return 2 * x", "import time; time.sleep(0.2); return 2 * x")


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """The one cluster of these tests, as the product starts it: two workers, each a process."""
    from grader.batch.executors import cluster as executor

    with executor.start_local(2) as started:
        yield started


def best_level() -> str:
    """How far submissions can be shut in here: far faster than an interpreter for each."""
    with contextlib.closing(open_launcher(allow_unsafe=not can_isolate())) as launcher:
        return launcher.isolation


def write_class(folder: Path) -> Path:
    demo = {f"s{n}": SLOW.replace("2 * x", "3 * x") if n % 5 == 0 else SLOW for n in range(15)}
    demo |= {"loop": DEMO_RIGHT.replace("return 2 * x", "import time; time.sleep(99)")}
    demo |= {"gone": DEMO_RIGHT.replace("return 2 * x", "import os; os._exit(0)")}
    demo |= {"starter": DEMO_STARTER}
    files = {f"demo/{name}.py": text for name, text in demo.items()}
    return write_files(folder, {**files, "picture/pia.py": PICTURE_RIGHT, "picture/pat.zip": b"x"})


def grade(course: Path, subs: Path, options: Options, step: object = None) -> dict[str, object]:
    """Grade a class; what its reports tell but for times."""
    home = find_course(course)
    found, _ = find_submissions(subs, home.names, None)
    grade_folder(home, found, options, step or (lambda row: None))  # type: ignore[arg-type]
    told = {}
    for path in sorted(options.out.glob("**/*.json")):
        report = read_report(path).model_dump(mode="json", exclude={"started_at", "duration_s"})
        for check in report["checks"]:
            del check["duration_s"]
        told[path.relative_to(options.out).as_posix()] = report
    return told


def test_a_worker_killed_in_the_middle_costs_nothing(cluster: object, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    subs = write_class(tmp_path / "subs")
    options = Options(
        tmp_path / "here", best_level(), jobs=2, seed="s", keep_figures="all", html=True
    )
    here = grade(course, subs, options)
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    rows: list[Row] = []

    def step(row: Row) -> None:
        if not rows:
            worker = next(iter(cluster.workers.values()))  # type: ignore[attr-defined]
            os.kill(worker.pid, signal.SIGKILL)
        rows.append(row)

    there = grade(course, subs, replace(options, out=tmp_path / "there", scheduler=address), step)
    assert len(rows) == 20
    assert there == here
    pictures = [
        sorted(path.name for path in (tmp_path / each).glob("**/*.png"))
        for each in ("here", "there")
    ]
    assert pictures[0] == pictures[1] != []
    assert (tmp_path / "there" / "demo" / "student" / "s1.html").is_file()
    # A second run finds all of it done, whoever graded it.
    again: list[Row] = []
    grade(course, subs, replace(options, out=tmp_path / "there"), again.append)
    assert [row.label for row in again if not row.again] == ["pat"] or all(
        row.again for row in again
    )


def test_a_cluster_of_this_machine_lives_as_long_as_the_run(
    cluster: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--scheduler local`, which here gets the cluster that runs already."""
    asked: list[tuple[str, int]] = []

    @contextlib.contextmanager
    def lend(workers: int) -> Iterator[object]:
        asked.append(("start", workers))
        yield cluster
        asked.append(("end", workers))

    monkeypatch.setattr("grader.batch.executors.cluster.start_local", lend)
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"demo/ada.py": DEMO_RIGHT, "demo/bob.py": DEMO_STARTER})
    options = Options(tmp_path / "out", best_level(), jobs=2, seed="s", scheduler="local")
    reports = grade(course, tmp_path / "subs", options)
    assert {path: report["score"] for path, report in reports.items() if "student" not in path} == {  # type: ignore[index]
        "demo/ada.json": 10,
        "demo/bob.json": 0,
    }
    assert asked == [("start", 2), ("end", 2)]


@pytest.mark.parametrize("address", ["nowhere", "tcp://127.0.0.1:1"])
def test_no_cluster_is_told_in_one_line(tmp_path: Path, address: str) -> None:
    course = find_course(write_course(tmp_path / "course"))
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    found, _ = find_submissions(tmp_path / "subs", course.names, None)
    options = Options(tmp_path / "out", "none", scheduler=address)
    with pytest.raises(
        UsageError, match=f"there is no Dask scheduler at {address}: .*--scheduler local"
    ):
        grade_folder(course, found, options, lambda row: None)
