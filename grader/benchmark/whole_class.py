"""What a whole class costs: the real `grade` on a folder of made-up submissions, seen from outside.

The command runs in a process of its own, with a gradebook of its own. This process reads how its
journal grows, and asks the kernel for the memory and the CPU time of everything that it started.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.batch.journal import FILE_NAME
from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.errors import GraderFault, SpecError
from grader.gradebook.connect import URL_VARIABLE

LOOK_S = 0.02
MARKS = 20  # a look at memory and CPU after each twentieth of a class


@dataclass(frozen=True)
class Milestone:
    """How far a class was: seconds since the command began, and of all its processes the CPU
    seconds spent and the megabytes held (shared ones counted once)."""

    done: int
    at_s: float
    cpu_s: float
    memory_mb: float


AT_START = Milestone(done=0, at_s=0.0, cpu_s=0.0, memory_mb=0.0)


@dataclass(frozen=True)
class ProcessUsage:
    """One run of the command. marks: from the first finished submission to the last."""

    submissions: int
    wall_s: float
    marks: tuple[Milestone, ...]

    def rate(self, first: float = 0.0, last: float = 1.0) -> float:
        """Submissions a second between two parts of the class."""
        a, b = self._between(first, last)
        return (b.done - a.done) / (b.at_s - a.at_s)

    def cpu_ms(self, first: float = 0.0, last: float = 1.0) -> float:
        """CPU milliseconds of a submission between two parts of the class."""
        a, b = self._between(first, last)
        return (b.cpu_s - a.cpu_s) / (b.done - a.done) * 1e3

    def memory_mb(self, part: float) -> float:
        """Megabytes held when a part of the class was done."""
        return self._at(part).memory_mb

    def _between(self, first: float, last: float) -> tuple[Milestone, Milestone]:
        """The marks nearest to two parts. A class that finishes between two looks has one mark for
        both: then it counts from the mark before, or from the command's start."""
        b = self._at(last)
        earlier = [mark for mark in self.marks if mark.done < b.done]
        a = min(
            earlier, key=lambda mark: abs(mark.done - first * self.submissions), default=AT_START
        )
        return a, b

    def _at(self, part: float) -> Milestone:
        return min(self.marks, key=lambda mark: abs(mark.done - part * self.submissions))


@dataclass(frozen=True)
class ClassCost:
    """A class graded, and graded again with nothing changed."""

    assignment: str
    jobs: int
    run: ProcessUsage
    again_s: float


@dataclass(frozen=True)
class Executors:
    """Submissions a second, once all is running, in rounds of three runs: by one worker of this
    machine, by two, and by two of a local Dask cluster."""

    assignment: str
    submissions: int
    one: tuple[float, ...]
    two: tuple[float, ...]
    dask: tuple[float, ...]

    @property
    def two_for_one(self) -> float:
        """The median of two workers' rates over one's, round by round."""
        return statistics.median(b / a for a, b in zip(self.one, self.two, strict=True))

    @property
    def dask_for_two(self) -> float:
        """The median of Dask's rates over two local workers', round by round."""
        return statistics.median(b / a for a, b in zip(self.two, self.dask, strict=True))


def measure_class(
    course: Course,
    assignment: Assignment,
    folder: Path,
    count: int,
    jobs: int,
    progress: Callable[[int], None],
    options: Sequence[str] = (),
) -> ClassCost:
    """Grade `count` copies of the reference in `folder`, then once more. Raises SpecError without
    a solution, GraderFault where the command fails. progress: called with how many are done.
    options: more of the command's."""
    _write_class(assignment, folder / "submissions", count)
    command = [*_command(course, assignment, folder, "reports", jobs), *options]
    run = _watch(command, folder, folder / "reports", count, progress)
    began = time.perf_counter()
    _finish(_start(command, folder))
    return ClassCost(assignment.name, jobs, run, time.perf_counter() - began)


def measure_executors(
    course: Course,
    assignment: Assignment,
    folder: Path,
    count: int,
    rounds: int,
    progress: Callable[[int], None],
    options: Sequence[str] = (),
) -> Executors:
    """Grade `count` copies of the reference by each executor in turn, `rounds` times.

    The order turns from round to round. Raises as measure_class does.
    """
    _write_class(assignment, folder / "submissions", count)
    kinds: dict[str, tuple[int, Sequence[str]]] = {
        "one": (1, ()),
        "two": (2, ()),
        "dask": (2, ("--scheduler", "local")),
    }
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    names = list(kinds)
    for number in range(rounds):
        turn = number % len(names)
        for kind in [*names[turn:], *names[:turn]]:
            jobs, how = kinds[kind]
            out = f"reports-{kind}-{number}"
            command = [*_command(course, assignment, folder, out, jobs), *how, *options]
            watched = _watch(command, folder, folder / out, count, progress)
            # The first ones wait for workers to start.
            rates[kind].append(watched.rate(0.2))
    return Executors(
        assignment.name, count, tuple(rates["one"]), tuple(rates["two"]), tuple(rates["dask"])
    )


def _write_class(assignment: Assignment, folder: Path, count: int) -> None:
    if assignment.reference is None:
        raise SpecError(
            f"submissions are made from a solution, but {assignment.name} has none here; use the "
            "staff's copy of the course"
        )
    source = assignment.reference.read_bytes()
    folder.mkdir()
    for number in range(count):
        (folder / f"student-{number:05}.py").write_bytes(source + f"\n# {number}\n".encode())


def _command(
    course: Course, assignment: Assignment, folder: Path, out: str, jobs: int
) -> list[str]:
    options = ["--assignment", assignment.name, "--jobs", str(jobs), "--seed", "bench", "--quiet"]
    where = ["--out", str(folder / out), "--course", str(course.root)]
    return [
        *(sys.executable, "-P", "-m", "grader", "grade"),
        *(str(folder / "submissions"), *where, *options),
    ]


def _start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    # The course's own gradebook is left alone.
    book = f"sqlite:///{folder / 'bench.sqlite'}"
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, URL_VARIABLE: book},
    )


def _finish(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate()
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise GraderFault(f"`grade` ended with exit code {process.returncode}: {' '.join(last)}")


def _watch(
    command: Sequence[str], folder: Path, out: Path, count: int, progress: Callable[[int], None]
) -> ProcessUsage:
    began = time.perf_counter()
    process = _start(command, folder)
    finished = _finished(out / FILE_NAME, process)
    marks: list[Milestone] = []
    try:
        for done in finished:
            if (
                not marks
                or done - marks[-1].done >= count / MARKS
                or done == count > marks[-1].done
            ):
                pids = _tree(process.pid)
                at_s = time.perf_counter() - began
                marks.append(Milestone(done, at_s, _cpu_s(pids), _memory_mb(pids)))
                progress(done)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    _finish(process)
    if not marks or marks[-1].done < count:
        raise GraderFault(f"`grade` finished {marks[-1].done if marks else 0} of {count}")
    return ProcessUsage(count, time.perf_counter() - began, tuple(marks))


def _finished(journal: Path, process: subprocess.Popen[bytes]) -> Iterator[int]:
    """How many submissions are done, whenever it has changed, until the command ends."""
    done, offset = 0, 0
    while True:
        ended = process.poll() is not None
        if journal.exists():
            with journal.open("rb") as file:
                file.seek(offset)
                new = file.read()
            offset += len(new)
            if count := new.count(b'"row":'):
                done += count
                yield done
        if ended:
            return
        time.sleep(LOOK_S)


# What the kernel says


def _tree(pid: int) -> list[int]:
    """A process and everything below it."""
    pids = [pid]
    for each in pids:
        with suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
    return pids


def _cpu_s(pids: Sequence[int]) -> float:
    """CPU seconds of these processes and of the children that they have reaped."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory_mb(pids: Sequence[int]) -> float:
    """Megabytes of these processes, each page shared out among those who share it."""
    kilobytes = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024
