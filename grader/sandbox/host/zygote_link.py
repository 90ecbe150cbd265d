"""The trusted end of one running zygote: its process, its socket, and what has come through it.

One SEQPACKET socket carries JSON objects both ways, with descriptors beside them. Orders to the
zygote: the first one with what it needs to boot, `rehearse`, `mapped`, `launch`, `statm`,
`refused`. Back come `map`, `ready` or `fatal` while it boots, then `started` (with a
pidfd), `box` (from the child itself, with a handle on its folder), `exit`, `answer` and `fatal`.
During a diagnosis (log.py) the first order asks for more: `step` while it boots, `jailed` (the
steps of a child's jail), and `called` (the system calls that a child was refused) as the answer to
`calls`.
Whoever waits for one kind of message keeps the others for their readers. Several threads may wait.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader._internal import log
from grader.errors import SandboxUnavailable
from grader.sandbox.host.spawn import font_cache, spawn
from grader.sandbox.linux import seccomp
from grader.sandbox.linux.jail import RULESET_FD
from grader.sandbox.linux.zygote import MESSAGE_BYTES

_BOOT_LOG = log.logger("sandbox.boot")

Level = Literal["full", "landlock"]

# An id that no distribution gives to anybody by itself, and how many after it may be used.
UNPRIVILEGED_ID = 60000
ID_RANGE = 5000

# CAP_CHOWN, CAP_KILL, CAP_SETGID, CAP_SETUID: to make a child another user's, and still to end it.
_TO_CHANGE_IDS = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7
_BOOT_S, _BOOT_S_OF_A_PACKAGE = 60.0, 60.0
_ANSWER_S = 20.0


class ColdModule(SandboxUnavailable):
    """A module cannot be loaded before the fork. name: of the module."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} starts threads when it is imported")
        self.name = name


class ZygoteDied(Exception):
    """The zygote is gone, and every child with it."""


@dataclass(frozen=True)
class BootFacts:
    """What a zygote said of itself when it was ready.

    landlock: the kernel's Landlock version. watches_memory: whether it can prove that one large
    allocation was refused. open_to_others: whether Python can be read by any user. base_kb: a
    child's address space before its first allocation. boot_s: how long the boot took.
    """

    landlock: int
    watches_memory: bool
    open_to_others: bool
    base_kb: int
    boot_s: float


class ZygoteLink:
    """A zygote from start to end. It boots meanwhile; `wait_ready` comes before all other orders.

    facts: what it said when it was ready. dead: it is known to be gone.
    last_words: what it said of its end, if anything.
    work_folder: where the folders of submissions are made at the level "landlock", else None.
    outer_id: the id that real root's children become, else None.
    diagnoses: whether it was booted to say why it refuses what.
    Raises SandboxUnavailable where it cannot be started.
    """

    facts: BootFacts

    def __init__(
        self,
        level: Level,
        without: frozenset[str],
        python: str,
        packages: tuple[str, ...],
        cold: Collection[str] = (),
    ) -> None:
        """packages, cold: see warm_up.import_everything."""
        self.dead = False
        self.last_words = ""
        self.outer_id = _id_to_become()
        self.work_folder: Path | None = None
        self._lock = threading.RLock()
        self._pidfds: dict[int, int] = {}
        self._boxes: dict[int, int] = {}
        self._exits: dict[int, dict[str, Any]] = {}
        self._answers: dict[int, bool] = {}
        self._jailed: dict[int, dict[str, Any]] = {}
        self._called: dict[int, list[list[int]]] = {}
        self.diagnoses = log.diagnosing() and "seccomp" not in without
        self._level = level
        self._ready = self._told = False
        order = _first_order(level, without, self.outer_id, diagnosed=self.diagnoses)
        order |= {"packages": list(packages), "cold": sorted(cold)}
        _BOOT_LOG.info(
            "level %s: starting the fork server with %s; diagnosis %s",
            level, python, "on" if self.diagnoses else "off",
        )  # fmt: skip
        if level == "landlock":
            self.work_folder = Path(tempfile.mkdtemp(prefix="grader-"))
            self.work_folder.chmod(0o711)  # other users may pass through to their own folder
            order["work_folder"] = str(self.work_folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._ctl, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ctl.settimeout(_BOOT_S + _BOOT_S_OF_A_PACKAGE * len(packages))
        self._since = time.monotonic()
        self._booting = contextlib.ExitStack()
        self._said = self._booting.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # there
        with theirs, self._clean_failure():
            cache = self._booting.enter_context(font_cache())
            self._process = spawn(python, theirs.fileno(), cache, self._said.fileno(), packages)
            theirs.close()
            self.send(order)

    def expect(self, *, many: bool) -> None:
        """Say, before `wait_ready`, whether it spends time on being good at what children do.

        That pays from some thirty of them on.
        """
        self._told = True
        with contextlib.suppress(ZygoteDied):  # `wait_ready` will say so
            self.send({"rehearse": many})

    def wait_ready(self) -> None:
        """Wait until it can fork children, many if nothing was said. Raises SandboxUnavailable."""
        if not self._told:
            self.expect(many=True)
        with self._clean_failure():
            self.facts = self._boot()
            self._ready = True
        self._booting.close()
        self._ctl.settimeout(_ANSWER_S)

    @contextlib.contextmanager
    def _clean_failure(self) -> Iterator[None]:
        """Where the boot fails, nothing of it stays but the reason."""
        try:
            yield
        except (OSError, ZygoteDied) as exc:
            self._end()
            self._said.seek(0)
            tail = self._said.read()[-2000:].decode("utf-8", "replace").strip()
            self._booting.close()
            _BOOT_LOG.warning(
                "level %s: the fork server did not start: %s", self._level, tail or exc
            )
            raise SandboxUnavailable(f"the fork server did not start: {tail or exc}") from exc
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The pid of the keeper, the only one of its processes whose parent is this one."""
        return self._process.pid if self._process is not None else 0

    def _boot(self) -> BootFacts:
        since = self._since
        while True:
            message = self._receive()
            if "step" in message:
                now = time.monotonic()
                _BOOT_LOG.debug("%7.1f ms  %s", (now - since) * 1000, message["step"])
                since = now
            elif "map" in message:
                for name in ("uid_map", "gid_map"):
                    path = Path(f"/proc/{message['map']}/{name}")
                    path.write_text(f"0 {self.outer_id} 1")
                self.send({"mapped": True})
            elif "fatal" in message:
                _BOOT_LOG.warning(
                    "level %s: the step after that failed: %s", self._level, message["fatal"]
                )
                if "cold" in message:
                    raise ColdModule(message["cold"])
                raise SandboxUnavailable(message["fatal"])
            elif "ready" in message:
                facts = BootFacts(
                    landlock=message["landlock"],
                    watches_memory=message["watches_memory"],
                    open_to_others=message["open_to_others"],
                    base_kb=message["base_kb"],
                    boot_s=time.monotonic() - self._since,
                )
                _BOOT_LOG.info(
                    "level %s: ready after %.2f s: Landlock version %d, large allocations %s,"
                    " Python %s, %d MB before the first allocation",
                    self._level, facts.boot_s, facts.landlock,
                    "watched" if facts.watches_memory else "not watched",
                    "open to all users" if facts.open_to_others else "closed to other users",
                    facts.base_kb >> 10,
                )  # fmt: skip
                return facts

    def send(self, order: Mapping[str, Any], fds: Sequence[int] = ()) -> None:
        """Give an order. Raises ZygoteDied."""
        try:
            socket.send_fds(self._ctl, [json.dumps(order).encode()], list(fds))
        except OSError as exc:
            self.dead = True
            raise ZygoteDied from exc

    def pidfd_of(self, number: int) -> int:
        """Wait until a child was started; its pidfd, once. Raises ZygoteDied."""
        with self._lock:
            while number not in self._pidfds:
                self._pump()
            return self._pidfds.pop(number)

    def box_of(self, number: int) -> int:
        """A handle on a child's folder, once; -1 where it sent none before it was ready."""
        with self._lock:
            while number not in self._boxes and self._has_mail():
                self._pump()
            return self._boxes.pop(number, -1)

    def exit_of(self, number: int) -> dict[str, Any]:
        """Wait for a child's end: status, cpu_s, max_rss_kb, refused. Raises ZygoteDied."""
        with self._lock:
            while number not in self._exits:
                self._pump()
            return self._exits.pop(number)

    def has_refused_memory(self, number: int) -> bool:
        """Whether the kernel refused this child a large mapping, as the zygote saw."""
        with self._lock:
            try:
                self.send({"refused": number})
                while number not in self._answers:
                    self._pump()
            except ZygoteDied:
                return False
            return self._answers.pop(number)

    def steps_of(self, number: int) -> dict[str, Any]:
        """During a diagnosis: the steps of a child's jail, once the child was ready. steps: pairs
        of a name and milliseconds; asks: whether its refused calls can be named. Raises ZygoteDied.
        """
        with self._lock:
            while number not in self._jailed:
                self._pump()
            return self._jailed.pop(number)

    def calls_of(self, number: int) -> list[list[int]]:
        """During a diagnosis: the system calls that a living child was refused since this was
        asked last: number, architecture, errno (0: killed for it) and how often, of each."""
        with self._lock:
            try:
                self.send({"calls": number})
                while number not in self._called:
                    self._pump()
            except ZygoteDied:
                return []
            return self._called.pop(number)

    def show_memory(self, number: int, host_pid: int) -> None:
        """Let the zygote, which has no /proc, see one child's address space. Raises ZygoteDied."""
        if not host_pid or not self.facts.watches_memory:
            return
        try:
            fd = os.open(f"/proc/{host_pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        try:
            self.send({"statm": number}, (fd,))
        finally:
            os.close(fd)

    def close(self) -> None:
        """End the zygote and with it every child. Idempotent."""
        self._end()
        self._booting.close()

    def _end(self) -> None:
        self.dead = True
        if self._process is not None and not self._ready:
            # It would look at its socket only after its imports. The zygote dies with the keeper.
            self._process.kill()
            with contextlib.suppress(OSError):
                while self._ctl.recv(MESSAGE_BYTES):
                    pass
        with contextlib.suppress(OSError):
            # A process that was forked from this one may have the socket too.
            self._ctl.shutdown(socket.SHUT_RDWR)
        self._ctl.close()
        for kept in (self._pidfds, self._boxes):
            for fd in kept.values():
                os.close(fd)
            kept.clear()
        if self._process is not None:
            try:
                self._process.wait(_ANSWER_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self.work_folder is not None:
            shutil.rmtree(self.work_folder, ignore_errors=True)

    def _has_mail(self) -> bool:
        poll = select.poll()
        poll.register(self._ctl, select.POLLIN)
        return bool(poll.poll(0))

    def _pump(self) -> None:
        """Take one message and put it where its reader will look."""
        message = self._receive()
        if "started" in message:
            self._pidfds[message["started"]] = message["fds"][0]
        elif "box" in message:
            self._boxes[message["box"]] = message["fds"][0]
        elif "exit" in message:
            self._exits[message["exit"]] = message
        elif "answer" in message:
            self._answers[message["answer"]] = message["refused"]
        elif "jailed" in message:
            self._jailed[message["jailed"]] = message
        elif "called" in message:
            self._called[message["called"]] = message["calls"]
        elif "fatal" in message:
            self.last_words = message["fatal"]

    def _receive(self) -> dict[str, Any]:
        try:
            try:
                data, fds, _, _ = socket.recv_fds(self._ctl, MESSAGE_BYTES, 1)
            except ConnectionResetError:
                # It has ended without reading an order. The kernel tells that first, once; what it
                # sent before its end comes after that.
                data, fds, _, _ = socket.recv_fds(self._ctl, MESSAGE_BYTES, 1)
        except OSError as exc:
            self.dead = True
            raise ZygoteDied from exc
        if not data:
            self.dead = True
            raise ZygoteDied
        message: dict[str, Any] = json.loads(data)
        message["fds"] = fds
        return message


def _first_order(
    level: Level,
    without: frozenset[str],
    outer_id: int | None,
    *,
    diagnosed: bool,
) -> dict[str, Any]:
    """What a zygote must know to boot."""
    read_only = level == "full"
    try:
        program = seccomp.build_filter(read_only_mounts=read_only)
        programs = _programs(read_only_mounts=read_only) if diagnosed else None
    except seccomp.SeccompMissing as exc:
        _BOOT_LOG.warning("level %s: %s", level, exc)
        raise SandboxUnavailable(str(exc)) from exc
    watch = b""
    with contextlib.suppress(seccomp.SeccompMissing):  # before libseccomp 2.5
        watch = seccomp.build_watch()
    return {
        "level": level,
        "outer_id": outer_id,
        "work_folder": "",
        "program": program.hex(),
        "watch": watch.hex(),
        "without": sorted(without),
        "diagnosis": programs,
    }


def _programs(*, read_only_mounts: bool) -> dict[str, Any]:
    """The filters of a diagnosis. See diagnosis.Programs."""
    asking = seccomp.build_asking(read_only_mounts=read_only_mounts, channel_fd=RULESET_FD)
    mappings = [seccomp.number_of(name) for name in ("mmap", "mremap")]
    return {"asking": asking.hex(), "seal": seccomp.build_seal().hex(), "mappings": mappings}


def _id_to_become() -> int | None:
    """For real root: the unprivileged id. None where this process cannot become anybody else."""
    if platform.system() != "Linux" or os.geteuid() != 0:
        return None
    for line in Path("/proc/self/status").read_text().splitlines():
        if (
            line.startswith("CapEff:")
            and int(line.split()[1], 16) & _TO_CHANGE_IDS != _TO_CHANGE_IDS
        ):
            return None
    last = UNPRIVILEGED_ID + ID_RANGE
    for name in ("uid_map", "gid_map"):
        ranges = [line.split() for line in Path(f"/proc/self/{name}").read_text().splitlines()]
        if not any(int(a) <= UNPRIVILEGED_ID and last <= int(a) + int(n) for a, _, n in ranges):
            return None
    return UNPRIVILEGED_ID
