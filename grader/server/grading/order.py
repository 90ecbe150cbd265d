"""What a worker is started for."""

from __future__ import annotations

from dataclasses import dataclass

from grader._internal import log

STOP = "stop"  # what a worker is told


@dataclass(frozen=True)
class WorkerOrder:
    """What a worker is started for.

    root: the course's folder. database: the gradebook's URL with its password. files: the folder of
    the server's files. started: names the server's start, for the canaries. unsafe: run submissions
    without isolation. scheduler: the address of a Dask cluster that grades `jobs` hand-ins at the
    same time; None to grade here, one at a time. name: unique among all workers of all times. lock:
    a file that is locked while the worker lives.
    """

    root: str
    database: str
    files: str
    started: str
    unsafe: bool = False
    scheduler: str | None = None
    jobs: int = 1
    logging: log.Setting | None = None
    name: str = ""
    lock: str = ""
