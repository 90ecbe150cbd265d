"""A server without the web: takes hand-ins, says so, grades what waits, and ends.

Run as a script with the course's folder and the texts to hand in, one for each student s0, s1, ...
All of it is one process, so that a test can have it killed at a moment of its choice; see
write_points.
"""

from __future__ import annotations

import fcntl
import sys
import threading
import time
from multiprocessing import Pipe
from pathlib import Path

from grader._internal.clock import now_utc
from grader._internal.zips import zip_files
from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.sandbox.host.launch import PlainLauncher
from grader.server.accounts.accounts import Accounts
from grader.server.grading.order import STOP, WorkerOrder
from grader.server.grading.session import LocalTaskGrader
from grader.server.grading.supervisor import release_dead
from grader.server.grading.worker import GradingWorker
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue
from grader.server.records import HandInState


def main(root: Path, worker: str, texts: list[str]) -> None:
    course = find_course(root)
    files = root / course.settings.server.data / "blobs"
    (files / "workers").mkdir(parents=True, exist_ok=True)
    with open_gradebook(course) as book:
        accounts = Accounts(book.engine, course.settings.server, now_utc)
        accounts.sync()
        hand_ins = HandIns(book.engine, course.settings.server, now_utc)
        release_dead(GradingQueue(book.engine, now_utc), files / "workers")
        blobs = Blobs(files)
        for number, text in enumerate(texts):
            account = accounts.account(f"s{number}")
            assert account is not None
            data = zip_files({"demo.py": text.encode()})
            made = hand_ins.accept("demo", account, blobs.put(data), len(data))
            sys.stdout.write(f"{made.key}\n")
            sys.stdout.flush()
        ours, theirs = Pipe()
        url = book.engine.url.render_as_string(hide_password=False)
        order = WorkerOrder(str(root), url, str(files), "start", unsafe=True, name=worker)

        def stop_when_done() -> None:
            while hand_ins.in_state(HandInState.WAITING, HandInState.GRADING):
                time.sleep(0.02)
            ours.send(STOP)

        threading.Thread(target=stop_when_done, daemon=True).start()
        with (files / "workers" / worker).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            GradingWorker(order, LocalTaskGrader(PlainLauncher()), theirs).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
