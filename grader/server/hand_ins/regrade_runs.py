"""Grading a homework again, begun on its page: the command `gradebook regrade`, in its own process.

One runs at a time, because it shares the machine with those that grade what comes in. It ends when
the server is stopped, and goes on where it was when it is begun again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from grader.course.course import Course
from grader.errors import UsageError
from grader.server.hand_ins.regrades import SAID, regrade_folder

MOST_SAID = 2000
_ENDING_S = 5.0


@dataclass(frozen=True)
class RegradeProgress:
    """A run that was begun here. done: of how many attempts there are results by now.

    failed: what it said, if it failed; "" otherwise.
    """

    who: str
    began: datetime
    going: bool
    done: int
    failed: str


@dataclass
class _RegradeProcess:
    name: str
    who: str
    began: datetime
    process: subprocess.Popen[bytes]


class RegradeRuns:
    """The runs of one server. unsafe: without isolation. jobs: how many attempts at a time."""

    def __init__(
        self, course: Course, *, unsafe: bool, jobs: int, clock: Callable[[], datetime]
    ) -> None:
        self._course = course
        self._options = ("--jobs", str(jobs), *(("--unsafe",) if unsafe else ()))
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[str, _RegradeProcess] = {}

    def begin(self, name: str, who: str) -> None:
        """Grade a homework again. who: an account's id. Raises UsageError while another run is
        going on."""
        with self._lock:
            going = [run for run in self._runs.values() if run.process.poll() is None]
            if going:
                raise UsageError(
                    f"{going[0].name} is being graded again, and one runs at a time; wait for it"
                )
            try:
                process = self._started(name, who)
            except OSError as exc:
                raise UsageError(
                    f"grading again cannot begin: {exc.strerror}; free some space on the disk, or "
                    "correct the permissions of the server's folder"
                ) from None
            self._runs[name] = _RegradeProcess(name, who, self._clock(), process)

    def _started(self, name: str, who: str) -> subprocess.Popen[bytes]:
        folder, root = regrade_folder(self._course, name), str(self._course.root)
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-P", "-m", "grader", "gradebook", "regrade"]
        command += ["--as", who, "--course", root, *self._options, "--", name]
        with (folder / SAID).open("wb") as said:
            return subprocess.Popen(
                command,
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the server, which then ends it
            )

    def state(self, name: str) -> RegradeProgress | None:
        """The last run of a homework; None if there was none."""
        with self._lock:
            run = self._runs.get(name)
            if run is None:
                return None
            code = run.process.poll()
        folder = regrade_folder(self._course, name)
        began = run.began.timestamp()
        done = sum(path.stat().st_mtime >= began for path in (folder / name).glob("*.json"))
        said = ""
        if code:
            with contextlib.suppress(OSError):
                said = (folder / SAID).read_text("utf-8", "replace").strip()[-MOST_SAID:]
            said = said or "It ended without a word."
        return RegradeProgress(run.who, run.began, code is None, done, said)

    def stop(self) -> None:
        """End what is going on."""
        with self._lock:
            for run in self._runs.values():
                if run.process.poll() is None:
                    _end(run.process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_ENDING_S)
            return
