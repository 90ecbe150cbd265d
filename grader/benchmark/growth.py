"""What grows where a grading process grades many submissions: memory, descriptors, files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.engine.runner import grade_all
from grader.engine.task import Task
from grader.sandbox.host.launch import Launcher

# What the fork server tells of the next worker brings some descriptors along, now before a
# submission ends and now after it: the most at so many ends is what is open.
READINGS = 3


@dataclass(frozen=True)
class Growth:
    """What was there after the warm-up and at the end of a long run."""

    submissions: int
    memory_mb: tuple[float, float]
    server_memory_mb: tuple[float, float]
    descriptors: tuple[int, int]
    processes: tuple[int, int]
    mounts: tuple[int, int]
    temporary_files: tuple[int, int]

    def pairs(self) -> dict[str, tuple[float, float]]:
        """Each pair by its name in words."""
        return {
            "memory of the trusted process, MB": self.memory_mb,
            "memory of the fork server, MB": self.server_memory_mb,
            "open descriptors": self.descriptors,
            "processes on the machine": self.processes,
            "mounts": self.mounts,
            "temporary files": self.temporary_files,
        }


@dataclass(frozen=True)
class _Snapshot:
    memory_mb: float
    server_memory_mb: float
    processes: int
    mounts: int
    temporary_files: int


def measure_growth(
    assignment: Assignment,
    task: Task,
    count: int,
    launcher: Launcher,
    server_pids: Callable[[], Sequence[int]],
) -> Growth:
    """Grade `count` submissions and compare what is there at a tenth of them with the end.

    server_pids: asks for the fork server's own processes.
    """
    snapshots: list[_Snapshot] = []
    descriptors: list[int] = []
    start = count // 10

    def tasks() -> Iterator[Task]:
        for number in range(count):
            if number == start:
                snapshots.append(_snapshot(server_pids()))
            descriptors.append(_count("/proc/self/fd"))
            yield task
        descriptors.append(_count("/proc/self/fd"))
        snapshots.append(_snapshot(server_pids()))

    grade_all(assignment, tasks(), launcher, lambda *_: None, seed="bench", keep_figures="none")
    first, last = snapshots
    return Growth(
        count,
        memory_mb=(first.memory_mb, last.memory_mb),
        server_memory_mb=(first.server_memory_mb, last.server_memory_mb),
        descriptors=(max(descriptors[start:][:READINGS]), max(descriptors[-READINGS:])),
        processes=(first.processes, last.processes),
        mounts=(first.mounts, last.mounts),
        temporary_files=(first.temporary_files, last.temporary_files),
    )


def share_of_memory_mb(pid: int) -> float:
    """A process's memory with its share of what others have too; nan where it is not told."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return float("nan")


def _snapshot(server: Sequence[int]) -> _Snapshot:
    return _Snapshot(
        share_of_memory_mb(os.getpid()),
        sum(map(share_of_memory_mb, server)),
        sum(path.name.isdigit() for path in Path("/proc").iterdir()),
        len(Path("/proc/self/mounts").read_text().splitlines()),
        _count(tempfile.gettempdir()),
    )


def _count(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())
