"""The way into a worker's process.

The server's process imports this and not `worker`, which takes the checks, the sandbox and their
libraries into memory.
"""

from __future__ import annotations

from multiprocessing.connection import Connection

from grader.server.grading.order import WorkerOrder


def start_work(order: WorkerOrder, pipe: Connection) -> None:
    """The main function of a worker's process; see `worker.work`."""
    from grader.server.grading.worker import work

    work(order, pipe)
