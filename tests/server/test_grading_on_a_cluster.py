"""What is handed in to `serve --scheduler` is graded by the workers of a real Dask cluster."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from making import DEMO_RIGHT, write_course
from running import clean_environment
from running_server import RunningServer, running_server
from sqlalchemy import select

from grader._internal.zips import zip_files
from grader.gradebook.connect import reading
from grader.gradebook.models import hand_ins
from grader.server.records import HandInState

pytest.importorskip("distributed", reason="needs the extra cluster")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="starts processes that lock files"),
]
PATIENCE_S = 300.0
CLUSTER = """
import logging, os, sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(
        n_workers=1, threads_per_worker=2, scheduler_port=int(sys.argv[1]),
        dashboard_address=None, silence_logs=logging.CRITICAL,
    ) as cluster:
        print(cluster.scheduler_address, *(w.pid for w in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""
# It tells the test where it runs, and waits there the first time: see `told`.
MARKED = """
import os, time
path = {path!r}
with open(path, "a") as file:
    file.write("x")
if os.path.getsize(path) == 1:
    time.sleep(600)
"""


@dataclass(frozen=True)
class Cluster:
    """A scheduler with one worker, in processes of their own."""

    address: str
    worker: int
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@contextmanager
def cluster(folder: Path, port: int = 0) -> Iterator[Cluster]:
    program = folder / "cluster.py"
    program.write_text(CLUSTER)
    process = subprocess.Popen(
        [sys.executable, program, str(port)],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        address, worker = process.stdout.readline().split()
        yield Cluster(address, int(worker), process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until(what: str, is_so: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.1)


def hand_in(running: RunningServer, name: str, text: str) -> int:
    answer = httpx2.post(
        f"{running.address}/api/v1/hand-ins/demo",
        content=zip_files({"demo.py": text.encode()}),
        headers={"authorization": f"Bearer {running.token(name)}"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["key"])


def state_of(running: RunningServer, key: int) -> tuple[HandInState, int, int]:
    columns = hand_ins.c.state, hand_ins.c.tries, hand_ins.c.failures
    with reading(running.site.engine) as connection:
        row = connection.execute(select(*columns).where(hand_ins.c.key == key)).one()
    return HandInState(row.state), row.tries, row.failures


def is_graded(running: RunningServer, key: int) -> bool:
    return state_of(running, key)[0] is HandInState.GRADED


def alerts(running: RunningServer) -> str:
    return " ".join(alert.text for alert in running.site.alerts.open_alerts())


def test_a_cluster_grades_and_whatever_of_it_ends_nothing_is_lost(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(cluster(tmp_path))
        options = "--scheduler", first.address, "--jobs", "2", "--unsafe"
        running = stack.enter_context(running_server(course, *options))

        # Graded there: the code that was handed in runs below the cluster's worker.
        seen = tmp_path / "parents"
        lineage = f"import os\nopen({str(seen)!r}, 'a').write(f'{{os.getppid()}} ')\n"
        right = hand_in(running, "ada", DEMO_RIGHT + lineage)
        wrong = hand_in(running, "bob", DEMO_RIGHT.replace("2 * x", "3 * x"))
        until("both are graded", lambda: is_graded(running, right) and is_graded(running, wrong))
        assert descends(int(seen.read_text().split()[0]), first.worker)
        scores = {each.handed_in_by: each.score for each in running.site.book.attempts("demo")}
        assert scores["ada"] == 10
        assert scores["bob"] < 10

        # A worker that is killed in the middle: Dask starts another, which grades it, once.
        mark = tmp_path / "mark"
        slow = hand_in(running, "eve", DEMO_RIGHT + MARKED.format(path=str(mark)))
        until("it is being graded", mark.exists)
        os.kill(first.worker, signal.SIGKILL)
        until("it is graded after all", lambda: is_graded(running, slow))
        assert state_of(running, slow)[1:] == (1, 0)
        assert len(running.site.book.attempts("demo")) == 3
        assert alerts(running) == ""

        # The whole cluster is gone: told, and what is handed in waits, not tried.
        os.killpg(first.process.pid, signal.SIGKILL)
        waits = hand_in(running, "ada", DEMO_RIGHT + "# again\n")
        until("staff are told", lambda: "Dask" in alerts(running))
        assert re.search(r"no Dask scheduler at|scheduler at .* (is gone|cannot)", alerts(running))
        assert not is_graded(running, waits)
        stack.enter_context(cluster(tmp_path, first.port))
        until("it is graded by the new one", lambda: is_graded(running, waits))
        assert state_of(running, waits)[1:] == (1, 0)
        assert len(running.site.book.attempts("demo")) == 4
        until("the alert is settled", lambda: alerts(running) == "")


def descends(process: int, ancestor: int) -> bool:
    """Whether a process is below another; one that has ended is below whatever it was."""
    while process > 1:
        if process == ancestor:
            return True
        try:
            told = Path(f"/proc/{process}/stat").read_text()
        except FileNotFoundError:
            return False
        process = int(told.rpartition(")")[2].split()[1])
    return False
