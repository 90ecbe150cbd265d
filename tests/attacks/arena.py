"""Where attacks are fought: a grader of its own, as root or as an ordinary user, at one level.

The tests' process starts an agent (this file, run as a program) under the wanted user. The agent
holds a real launcher and real sessions, as a grading process does, together with a secret in its
environment and in its memory. The tests send it submissions and look at what came of them. Both
ends are trusted and talk by pickle; the submissions are not and never see that channel.

`run_all` fights many submissions at once, as many graders of one machine would: what ends by a
deadline then costs the suite little, and each has siblings that it must not touch.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import contextlib
import functools
import importlib.util
import itertools
import os
import pickle
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
SECRET_VARIABLE = "GRADER_ATTACK_SECRET"
# More than there are cores, as most of an attack's time is waiting for its end.
AT_ONCE = 4
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
class Attack:
    """A submission and what is called of it, in turn, until a fault ends it.

    calls: pairs of a function and its arguments. limits: what differs from QUICK.
    """

    source: str
    calls: tuple[tuple[str, tuple[Any, ...]], ...] = (("attack", ()),)
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of an attack: of each call that was made, and of its process."""

    fought: tuple[Fought, ...]
    ended: Ended

    @property
    def last(self) -> Fought:
        """Of the last call that was made."""
        return self.fought[-1]


@dataclass(frozen=True)
class Home:
    """How to start an agent. reason: why that is impossible here, or ""."""

    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def home_of(user: str) -> Home:
    """An interpreter that a user can run, with the packages it needs.

    user: "root"; "ordinary"; or "shut-in root", whose packages nobody else can read, so that at the
    level "landlock" the submissions too must stay root, without its privileges.
    """
    if user != "ordinary" and os.geteuid() != 0:
        return Home(reason="needs root")
    places = list(dict.fromkeys([str(ROOT), *_package_folders()]))
    if user == "shut-in root":
        places = [str(_shut_in(Path(place))) for place in places]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(places),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if os.geteuid() != 0 or user == "shut-in root":
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


def _shut_in(place: Path) -> Path:
    """Another way to a folder, through one that only root can enter."""
    way = Path(tempfile.mkdtemp(prefix="shut-in-")) / place.name
    way.symlink_to(place)
    atexit.register(shutil.rmtree, way.parent, ignore_errors=True)
    return way


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

    def __init__(self, level: str, user: str, home: Home | None = None) -> None:
        home = home or home_of(user)
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
                [*home.command, "-P", __file__, str(theirs.fileno()), level],
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
        without: str = "",
        **limits: Any,
    ) -> Fought:
        """Load a submission, call its `attack` and end it. without: a layer to leave out."""
        fighter = self.open(source, files=files, without=without, **limits)
        try:
            return fighter.call("attack", *args)
        finally:
            fighter.close()

    def run_all(self, attacks: Mapping[str, Attack]) -> dict[str, Outcome]:
        """Fight many attacks, some of them at the same time."""
        outcomes: dict[str, Outcome] = self.ask("fight", dict(attacks))
        return outcomes

    def open(
        self,
        source: str,
        *,
        files: Mapping[str, bytes] | None = None,
        without: str = "",
        **limits: Any,
    ) -> Fighter:
        """Load a submission and keep it."""
        key = self.ask("open", source, dict(files or {}), {**QUICK, **limits}, without)
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


def held_descriptors() -> int:
    """How many descriptors this process holds.

    That of the box of the one child which waits for its submission is not counted: it comes by
    itself at some time after the child was forked.
    """
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own
            held.append(str(descriptor.readlink()))
    return len(held) - min(held.count("/box/own"), 1)


class _Agent:
    """The other end: it runs where and as whom a grader would run."""

    def __init__(self, level: str) -> None:
        from grader.sandbox.host.fork_server import ForkServerLauncher

        self._start = functools.partial(ForkServerLauncher, level)
        self._launcher = self._start()
        self._leaky: dict[str, ForkServerLauncher] = {}
        self._sessions: dict[int, tuple[Any, tuple[str, ...]]] = {}
        self._keys = itertools.count(1)
        # What a grader has in memory: tests and solutions.
        self.reference = f"answer {os.environ[SECRET_VARIABLE]}"

    def _without(self, layer: str) -> Any:
        """A launcher without one layer, started when it is first asked for."""
        if not layer:
            return self._launcher
        if layer not in self._leaky:
            self._leaky[layer] = self._start(_without=frozenset({layer}))
        return self._leaky[layer]

    def about(self) -> dict[str, Any]:
        return {
            "keeper": self._launcher.zygote_pid,
            "zygote": _child_of(self._launcher.zygote_pid),
            "pid": os.getpid(),
            "uid": os.getuid(),
            "restarts": self._launcher.restarts,
            "counts_threads": self._launcher.counts_threads,
            "folder": str(self._launcher._link.work_folder or ""),
            "descriptors": held_descriptors(),
        }

    def open(
        self, source: str, files: dict[str, bytes], limits: dict[str, Any], without: str
    ) -> int:
        key = next(self._keys)
        self._sessions[key] = self._load(source, files, limits, without)
        return key

    def _load(
        self, source: str, files: Mapping[str, bytes], limits: dict[str, Any], without: str = ""
    ) -> tuple[Any, tuple[str, ...]]:
        from grader.errors import StudentFault
        from grader.sandbox.host.launch import Limits
        from grader.sandbox.host.session import Session
        from grader.submission.program import Part, Program

        session = Session(self._without(without), Limits(**limits))
        part = Part("submission.py", "submission.py", source.encode())
        try:
            loaded = session.load(Program("submission", (part,), files))
        except StudentFault as fault:
            return session, (f"{type(fault).__name__}: {fault}",)
        return session, tuple(map(str, loaded.notes))

    def call(self, key: int, name: str, args: tuple[Any, ...]) -> Fought:
        from grader.errors import GraderFault, StudentFault

        session, notes = self._sessions[key]
        try:
            answer = session.call(name, [(args, {})], None)
        except (StudentFault, GraderFault) as fault:
            return Fought(None, type(fault).__name__, str(fault), session.last_output(), notes)
        return Fought(answer.values[0], printed=session.output(), notes=notes)

    def fight(self, attacks: dict[str, Attack]) -> dict[str, Outcome]:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(attacks, pool.map(self._fight_one, attacks.values()), strict=True))

    def _fight_one(self, attack: Attack) -> Outcome:
        key = next(self._keys)
        self._sessions[key] = self._load(attack.source, attack.files, {**QUICK, **attack.limits})
        fought: list[Fought] = []
        for name, args in attack.calls:
            fought.append(self.call(key, name, args))
            if fought[-1].fault and self._sessions[key][0].dead is not None:
                break
        return Outcome(tuple(fought), self.close(key))

    def pid(self, key: int) -> int:
        return int(self._sessions[key][0]._worker.host_pid())

    def close(self, key: int) -> Ended:
        ended = self._sessions.pop(key)[0].close()
        return Ended(ended.status, ended.cpu_s, ended.max_rss_kb, ended.breach)

    def canary(self, without: str) -> tuple[str, ...]:
        from grader.sandbox.host.probe import run_canary

        return run_canary(self._without(without))

    def end(self) -> None:
        for launcher in (self._launcher, *self._leaky.values()):
            launcher.close()


def _child_of(pid: int) -> int:
    """The one child of a process."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if entry.read_text().rpartition(")")[2].split()[1] == str(pid):
                return int(entry.parent.name)
    return 0


def serve(fd: int, level: str) -> None:
    """The agent's main loop."""
    with socket.socket(fileno=fd) as end, end.makefile("rwb") as stream:

        def answer(good: bool, value: Any) -> None:
            pickle.dump((good, value), stream)
            stream.flush()

        try:
            agent = _Agent(level)
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

    arena.serve(int(sys.argv[1]), sys.argv[2])
