"""What the web server costs when a class hands in within a minute, for `bench --server`.

The server runs as people run it, and this process is the class: it hands in over loopback, each
student once, evenly spread. Beside it, in the same run and from the same clients, stands the floor:
an endpoint that only writes the file and syncs it.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader._internal.zips import zip_files
from grader.benchmark.floor import FOLDER_VARIABLE
from grader.course.course import Course, find_course
from grader.errors import GraderFault
from grader.gradebook.records import Student
from grader.gradebook.roster import Roster
from grader.server.records import HandInState
from grader.server.site.site import Site, open_site
from grader.student.remote import CourseServer

WHO = "bench"
CLIENTS = 32
MINUTE_S = 60.0
HOMEWORKS = 4
PATIENCE_S = 1800.0
_COPIED = ("assignments", "solutions", "datasets")


@dataclass(frozen=True)
class ServerCost:
    """What handing in and grading took.

    accept: milliseconds from a request to its receipt, and of the floor likewise. last_s: from the
    first hand-in to the last result. cpu_s: of the server and all that it started, grading
    included. idle_mb: the memory of the server's own process before the first hand-in.
    """

    hand_ins: int
    jobs: int
    floor_p50_ms: float
    floor_p99_ms: float
    accept_p50_ms: float
    accept_p99_ms: float
    last_s: float
    cpu_s: float
    idle_mb: float
    graded: int
    open: int


def measure_server(
    course: Course,
    folder: Path,
    count: int,
    jobs: int,
    progress: Callable[[int], None],
    names: Sequence[str] = (),
    options: Sequence[str] = (),
) -> ServerCost:
    """Let `count` made-up students hand in, each one homework of `names` or of the first few.

    folder: to work in. options: for `serve`. Raises GraderFault if the server does not start.
    """
    names = list(names) or course.names[:HOMEWORKS]
    home = copy_with_students(course, folder / "course", count)
    work = [_work(home, names[number % len(names)], number) for number in range(count)]
    (folder / "floor").mkdir()
    with _floor(folder / "floor") as address:
        floor = _hand_in(count, lambda number: _post(address, work[number][1]), lambda _: None)
    site = open_site(home, "http://localhost")
    with contextlib.closing(site.book):
        tokens = _tokens(site)
        before = _cpu_s()
        with running_server(home, jobs, options) as (address, process):
            idle_mb = _memory_mb(process.pid)
            began = time.monotonic()
            took = _hand_in(
                count,
                lambda number: CourseServer(address, tokens[number]).hand_in(*work[number]),
                progress,
            )
            last_s = _last_result(site, count, began, progress)
        cpu_s = _cpu_s() - before
        queue = site.hand_ins.waiting()
    return ServerCost(
        hand_ins=count,
        jobs=jobs,
        floor_p50_ms=quantile_ms(floor, 0.5),
        floor_p99_ms=quantile_ms(floor, 0.99),
        accept_p50_ms=quantile_ms(took, 0.5),
        accept_p99_ms=quantile_ms(took, 0.99),
        last_s=round(last_s, 1),
        cpu_s=round(cpu_s, 1),
        idle_mb=round(idle_mb),
        graded=queue.graded,
        open=queue.open,
    )


def copy_with_students(course: Course, folder: Path, count: int) -> Course:
    """The course with a gradebook of its own, in which `count` students are enrolled."""
    for name in _COPIED:
        if (course.root / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
            shutil.copytree(course.root / name, folder / name, ignore=ignored)
    (folder / "pyproject.toml").write_text('[tool.grader]\ngradebook = "bench.sqlite"\n')
    home = find_course(folder)
    site = open_site(home, "http://localhost")
    with contextlib.closing(site.book):
        people = tuple(Student(0, f"s{number:05}") for number in range(count))
        site.book.enrol(Roster(people, ()), who=WHO)
        site.accounts.sync()
    return home


def _work(course: Course, name: str, number: int) -> tuple[str, bytes]:
    """A homework, and what a student hands in for it: the reference, unlike every other's."""
    reference = course.assignment(name).reference
    assert reference is not None, "the course has solutions"
    text = reference.read_bytes() + f"\n# student {number}\n".encode()
    return name, zip_files({f"{name}.py": text})


def _tokens(site: Site) -> list[str]:
    people = [each for each in site.accounts.everyone() if each.student is not None]
    return [site.accounts.new_token(each, WHO) for each in people]


def _hand_in(
    count: int, act: Callable[[int], object], progress: Callable[[int], None]
) -> list[float]:
    """Do it for everybody, evenly spread as a thousand would be over a minute; the seconds each
    took."""
    began, pause_s = time.monotonic(), MINUTE_S / 1000

    def one(number: int) -> float:
        time.sleep(max(0.0, began + number * pause_s - time.monotonic()))
        start = time.perf_counter()
        act(number)
        progress(number)
        return time.perf_counter() - start

    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(one, range(count)))


def _post(address: str, data: bytes) -> None:
    headers = {"Content-Type": "application/zip"}
    request = urllib.request.Request(f"{address}/", data, headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


@contextlib.contextmanager
def _floor(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        port = listening.getsockname()[1]
        command = [
            *(sys.executable, "-m", "uvicorn", "--factory", "grader.benchmark.floor:make_app"),
            *("--fd", str(listening.fileno()), "--http", "h11", "--log-level", "critical"),
            "--no-access-log",
        ]
        process = subprocess.Popen(
            command,
            env={**os.environ, FOLDER_VARIABLE: str(folder)},
            pass_fds=[listening.fileno()],
        )
        try:
            _post(f"http://127.0.0.1:{port}", b"PK")  # it answers once it has started
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def running_server(
    course: Course, jobs: int, options: Sequence[str]
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The course's server as people run it: its address and process.

    Raises GraderFault if it does not start.
    """
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", "--no-open"]
    process = subprocess.Popen(
        [*command, "--jobs", str(jobs), *options],
        cwd=course.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[\w.:]+", process.stdout.readline())
        if found is None:
            raise GraderFault("the server did not start; run `python -m grader serve` to see why")
        yield found[0], process
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _last_result(site: Site, count: int, began: float, progress: Callable[[int], None]) -> float:
    """Wait until everything is graded; the seconds since `began`."""
    while time.monotonic() - began < PATIENCE_S:
        queue = site.hand_ins.waiting()
        done = queue.graded + queue.open
        progress(done)
        if done >= count:
            rows = site.hand_ins.in_state(HandInState.GRADED, HandInState.OPEN)
            ended = max(row.graded_at for row in rows if row.graded_at is not None)
            first = min(row.received_at for row in rows)
            return (ended - first).total_seconds()
        time.sleep(0.5)
    raise GraderFault("the server did not grade everything in half an hour")


def _memory_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def quantile_ms(seconds: Sequence[float], share: float) -> float:
    """So many milliseconds or fewer took `share` of all."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
