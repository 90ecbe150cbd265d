"""Where attacks are fought: a grader of its own, as root or as an ordinary user, at one level.

The tests' process starts an agent (this file, run as a program) under the wanted user. The agent
holds a real launcher and real sessions, as a grading process does, together with a secret in its
environment and in its memory. The tests send it submissions and look at what came of them. Both
ends are trusted and talk by pickle; the submissions are not and never see that channel.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pickle
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
SECRET_VARIABLE = "GRADER_ATTACK_SECRET"
QUICK = {"call_s": 2.0, "load_s": 10.0, "total_s": 20.0}


@dataclass(frozen=True)
class Fought:
    """What came of one call.

    value: what the grader got, None where a fault was raised. fault: the fault's class name, ""
    where there was none. text: its message. printed: the student's output. notes: from loading.
    """

    value: Any = None
    fault: str = ""
    text: str = ""
    printed: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """How a submission's process ended, by the kernel's account."""

    status: int
    cpu_s: float
    max_rss_kb: int
    breach: str


@dataclass(frozen=True)
class Home:
    """How to start an agent. reason: why that is impossible here, or ""."""

    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def home_of(user: str) -> Home:
    """An interpreter that `user` ("root" or "ordinary") can run, with the packages it needs."""
    if user == "root" and os.geteuid() != 0:
        return Home(reason="needs root")
    places = [str(ROOT), *_package_folders()]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(dict.fromkeys(places)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if os.geteuid() != 0:
        return Home((sys.executable,), environment)
    closed = [place for place in places if not _is_open(Path(place))]
    if not closed:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        for candidate in (os.path.realpath(sys.executable), f"/usr/bin/python{version}"):
            if Path(candidate).exists() and _is_open(Path(candidate)):
                return Home((candidate,), environment)
    if user == "root":
        return Home((sys.executable,), environment)
    return Home(reason=f"no Python here that an ordinary user can run ({closed or sys.prefix})")


def _package_folders() -> list[str]:
    folders = []
    for name in ("numpy", "matplotlib", "msgpack", "platformdirs"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        folders.append(str(Path(spec.origin).parents[1]))
    return folders


def _is_open(path: Path) -> bool:
    """Whether anybody may reach and read it."""
    return all(part.stat().st_mode & 0o001 for part in path.parents) and bool(
        path.stat().st_mode & 0o004
    )


class Arena:
    """The tests' end of an agent. Raises RuntimeError with the agent's trouble."""

    def __init__(
        self, level: str, user: str, without: Sequence[str] = (), python: Home | None = None
    ) -> None:
        home = python or home_of(user)
        self.level = level
        self.user = user
        self.secret = secrets.token_hex(16)
        self._socket, theirs = socket.socketpair()
        self._stream = self._socket.makefile("rwb")
        changed: dict[str, Any] = {}
        if user == "ordinary" and os.geteuid() == 0:
            changed = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        with theirs:
            self.process = subprocess.Popen(
                [*home.command, "-P", __file__, str(theirs.fileno()), level, ",".join(without)],
                env={**home.environment, SECRET_VARIABLE: self.secret},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd="/",
                **changed,
            )
        try:
            self.about: dict[str, Any] = self._read()
        except RuntimeError:
            self.close()
            raise

    def run(
        self,
        source: str,
        *args: Any,
        files: Mapping[str, bytes] | None = None,
        **limits: Any,
    ) -> Fought:
        """Load a submission, call its `attack` and end it."""
        fighter = self.open(source, files=files, **limits)
        try:
            return fighter.call("attack", *args)
        finally:
            fighter.close()

    def open(
        self, source: str, *, files: Mapping[str, bytes] | None = None, **limits: Any
    ) -> Fighter:
        """Load a submission and keep it."""
        key = self.ask("open", source, dict(files or {}), {**QUICK, **limits})
        return Fighter(self, key)

    def ask(self, operation: str, *args: Any) -> Any:
        """One question to the agent."""
        pickle.dump((operation, args), self._stream)
        self._stream.flush()
        return self._read()

    def _read(self) -> Any:
        try:
            good, answer = pickle.load(self._stream)
        except (EOFError, ConnectionError) as exc:
            raise RuntimeError("the agent died") from exc
        if not good:
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        """End the agent. Idempotent."""
        self._stream.close()
        self._socket.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Fighter:
    """One loaded submission."""

    def __init__(self, arena: Arena, key: int) -> None:
        self._arena = arena
        self.key = key

    def call(self, name: str, *args: Any) -> Fought:
        """Call one of its functions."""
        fought: Fought = self._arena.ask("call", self.key, name, args)
        return fought

    @property
    def pid(self) -> int:
        """Its process, as the machine numbers it."""
        return int(self._arena.ask("pid", self.key))

    def close(self) -> Ended:
        """End it."""
        ended: Ended = self._arena.ask("close", self.key)
        return ended


class _Agent:
    """The other end: it runs where and as whom a grader would run."""

    def __init__(self, level: str, without: Sequence[str]) -> None:
        from grader.sandbox.fork_server import ForkServerLauncher

        self._launcher = ForkServerLauncher(level, _without=frozenset(without))  # type: ignore[arg-type]
        self._sessions: dict[int, tuple[Any, tuple[str, ...]]] = {}
        self._keys = 0
        # What a grader has in memory: tests and solutions.
        self.reference = f"answer {os.environ[SECRET_VARIABLE]}"

    def about(self) -> dict[str, Any]:
        return {
            "keeper": self._launcher.zygote_pid,
            "zygote": _child_of(self._launcher.zygote_pid),
            "pid": os.getpid(),
            "uid": os.getuid(),
            "restarts": self._launcher.restarts,
            "counts_threads": self._launcher.counts_threads,
            "folder": str(self._launcher._link.work_folder or ""),
            "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - only counted
        }

    def open(self, source: str, files: dict[str, bytes], limits: dict[str, Any]) -> int:
        from grader.errors import StudentFault
        from grader.program import Part, Program
        from grader.sandbox.launch import Limits
        from grader.sandbox.session import Session

        session = Session(self._launcher, Limits(**limits))
        notes: tuple[str, ...]
        try:
            part = Part("submission.py", "submission.py", source.encode())
            loaded = session.load(Program("submission", (part,), files))
            notes = tuple(map(str, loaded.notes))
        except StudentFault as fault:
            notes = (f"{type(fault).__name__}: {fault}",)
        self._keys += 1
        self._sessions[self._keys] = (session, notes)
        return self._keys

    def call(self, key: int, name: str, args: tuple[Any, ...]) -> Fought:
        from grader.errors import GraderFault, StudentFault

        session, notes = self._sessions[key]
        try:
            answer = session.call(name, [(args, {})], None)
        except (StudentFault, GraderFault) as fault:
            return Fought(None, type(fault).__name__, str(fault), session.last_output(), notes)
        return Fought(answer.values[0], printed=session.output(), notes=notes)

    def pid(self, key: int) -> int:
        return int(self._sessions[key][0]._worker.host_pid())

    def close(self, key: int) -> Ended:
        ended = self._sessions.pop(key)[0].close()
        return Ended(ended.status, ended.cpu_s, ended.max_rss_kb, ended.breach)

    def canary(self) -> tuple[str, ...]:
        from grader.sandbox.probe import run_canary

        return run_canary(self._launcher)

    def end(self) -> None:
        self._launcher.close()


def _child_of(pid: int) -> int:
    """The one child of a process."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if entry.read_text().rpartition(")")[2].split()[1] == str(pid):
                return int(entry.parent.name)
    return 0


def serve(fd: int, level: str, without: Sequence[str]) -> None:
    """The agent's main loop."""
    with socket.socket(fileno=fd) as end, end.makefile("rwb") as stream:

        def answer(good: bool, value: Any) -> None:
            pickle.dump((good, value), stream)
            stream.flush()

        try:
            agent = _Agent(level, without)
        except Exception as exc:
            answer(False, f"{type(exc).__name__}: {exc}")
            return
        answer(True, agent.about())
        while True:
            try:
                operation, args = pickle.load(stream)
            except EOFError:
                break
            try:
                answer(True, getattr(agent, operation)(*args))
            except Exception as exc:
                answer(False, f"{type(exc).__name__}: {exc}")
        agent.end()


if __name__ == "__main__":
    # Pickle names classes by module: the tests know this one as `arena`.
    sys.path.insert(0, str(Path(__file__).parent))
    import arena

    arena.serve(int(sys.argv[1]), sys.argv[2], [name for name in sys.argv[3].split(",") if name])
