"""Which isolation this machine really offers: the ladder and the canary.

The ladder has two levels and no third. `full`: namespaces, Landlock and seccomp. `landlock`:
Landlock and seccomp, where namespaces cannot be made. Below that a submission could read and change
the reference solution, so it is not run at all. A level counts when a canary, jailed like a
submission, has tried what must be impossible and failed at all of it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader._internal import log
from grader.errors import GraderFault, SandboxUnavailable
from grader.sandbox.host.launch import Launcher, Limits, PlainLauncher
from grader.sandbox.linux.canary import TOO_MANY_THREADS

if TYPE_CHECKING:
    from grader.sandbox.host.fork_server import ForkServerLauncher
    from grader.sandbox.host.zygote_link import Level

_LOG = log.logger("sandbox.boot")

_REFUSAL = "Cannot isolate student code here: {reason}. Use --unsafe only for code you trust."
_NEEDS = "needs Linux 5.13 or newer with Landlock"
_OTHER_SYSTEMS = {
    "macOS": "grade on Linux, or in the course's container image",
    "Windows": "grade in WSL 2, on Linux, or in the course's container image",
}
LANDLOCK_NOTICE = (
    "Namespaces are not available ({reason}). Landlock and seccomp are used instead: submissions"
    " cannot write files, but they can see whether paths exist."
)

_THREADS_NOTICE = (
    "Everything runs as the machine's root user, whose threads the kernel does not limit."
    " Grade as an ordinary user to limit them."
)

# For more submissions it pays that a fork server spends time on being fast: 0.75 s of CPU time, of
# which each submission saves 0.025 s.
FEW = 30

_CANARY_LIMITS = Limits(total_s=20.0, memory_mb=128, disk_mb=1, threads=8)
_CANARY_S = 5.0
# Lines of /proc/<pid>/status: no capability, none to come back, filtered system calls.
_KERNEL_SAYS = {"CapEff": 0, "CapPrm": 0, "CapInh": 0, "NoNewPrivs": 1, "Seccomp": 2}
_CANARY_CALLS = (
    *("bpf", "io_uring_setup", "keyctl", "memfd_create", "mount", "perf_event_open", "pidfd_open"),
    *("process_vm_readv", "ptrace", "setns", "shmget", "unshare", "userfaultfd"),
)


@dataclass(frozen=True)
class Rung:
    """How one level of the ladder fared on this machine.

    holds: it was built and the canary found nothing. trouble: why not, in a few words.
    """

    level: str
    holds: bool
    trouble: tuple[str, ...] = ()


class Opening:
    """The safest launcher that holds here, on its way: it boots while the caller does other things.

    allow_unsafe: one without any isolation instead. Nothing of it stays after the `with` block.
    """

    def __init__(self, allow_unsafe: bool = False) -> None:
        self._unsafe = allow_unsafe
        self._many = True
        self._first: ForkServerLauncher | None = None
        self._launcher: Launcher | None = None
        if not allow_unsafe and platform.system() == "Linux":
            from grader.sandbox.host.fork_server import ForkServerLauncher

            # What stands in its way is found again, and told, when it is waited for.
            with contextlib.suppress(SandboxUnavailable):
                self._first = ForkServerLauncher("full", wait=False)

    def expect(self, submissions: int) -> None:
        """Say for how many submissions its fork server will be, as soon as that is known."""
        self._many = submissions > FEW
        if self._first is not None:
            self._first.expect(many=self._many)

    def finish(self) -> Launcher:
        """The launcher, tried by the canary.

        Raises SandboxUnavailable with what each level lacked, and what to do, as notes.
        """
        if self._launcher is None:
            first, self._first = self._first, None
            self._launcher = PlainLauncher() if self._unsafe else _highest(first, many=self._many)
        return self._launcher

    def __enter__(self) -> Opening:
        return self

    def __exit__(self, *exc: object) -> None:
        for launcher in (self._first, self._launcher):
            if launcher is not None:
                launcher.close()


def open_launcher(allow_unsafe: bool = False, *, many: bool = True) -> Launcher:
    """The safest launcher that holds here; with `allow_unsafe`, one without any isolation.

    many: whether it will be for more than a few submissions. Raises SandboxUnavailable with what
    each level lacked, and what to do, as notes.
    """
    return PlainLauncher() if allow_unsafe else _highest(None, many=many)


def _highest(first: ForkServerLauncher | None, *, many: bool) -> ForkServerLauncher:
    launcher, rungs = climb(first, many=many)
    if launcher is None:
        error = SandboxUnavailable(refusal(rungs))
        for rung in rungs:
            error.add_note(f"{rung.level}: {'; '.join(rung.trouble)}")
        error.add_note(f"Remedy: {remedy_of_system() or 'see `python -m grader doctor`'}.")
        raise error
    return launcher


def refusal(rungs: tuple[Rung, ...]) -> str:
    """Why student code cannot be run here, in one line."""
    reason = _NEEDS
    if platform.system() == "Linux":
        from grader.sandbox.linux import syscalls

        # What both levels lack may be another thing.
        reason = _reason(rungs) if syscalls.landlock_version() else _NEEDS
    return _REFUSAL.format(reason=reason)


def climb(
    first: ForkServerLauncher | None = None, *, many: bool = True
) -> tuple[ForkServerLauncher | None, tuple[Rung, ...]]:
    """Try the levels from the best down. The caller closes the launcher.

    first: one for the best level that boots already. many: see ZygoteLink.expect; `first` was told.
    """
    if platform.system() != "Linux":
        return None, (Rung("full", False, (f"{system_name()} is not Linux",)),)
    from grader.sandbox.host.fork_server import ForkServerLauncher

    rungs: list[Rung] = []
    levels: tuple[Level, ...] = ("full", "landlock")
    for level in levels:
        notice = LANDLOCK_NOTICE.format(reason=_reason(rungs)) if rungs else ""
        try:
            if first is None:
                launcher = ForkServerLauncher(level, wait=False)
                launcher.expect(many=many)
            else:
                launcher, first = first, None
            launcher.notice = notice
            launcher.wait_ready()
        except SandboxUnavailable as exc:
            rungs.append(Rung(level, False, (str(exc),)))
            continue
        try:
            trouble = run_canary(launcher)
        except BaseException:
            launcher.close()
            raise
        if trouble == (f"a submission could {TOO_MANY_THREADS}",):
            # A nuisance within the limits of memory and time, and no reason to refuse.
            launcher.counts_threads, trouble = False, ()
        rungs.append(Rung(level, not trouble, trouble))
        found = "; ".join(trouble) or "every attempt to break out failed"
        _LOG.log(logging.WARNING if trouble else logging.INFO, "level %s: canary: %s", level, found)
        if not trouble:
            if not launcher.counts_threads and os.geteuid() == 0:
                launcher.notice = f"{launcher.notice} {_THREADS_NOTICE}".strip()
            launcher.try_new = _require_jail
            return launcher, tuple(rungs)
        launcher.close()
    return None, tuple(rungs)


def _require_jail(launcher: ForkServerLauncher) -> None:
    """Try a fork server that replaced a dead one, or has other packages. Raises GraderFault where
    it does not hold."""
    trouble = run_canary(launcher)
    if trouble:
        launcher.close()
        raise GraderFault(f"the new fork server does not isolate: {'; '.join(trouble)}")


def run_canary(launcher: ForkServerLauncher) -> tuple[str, ...]:
    """Everything that is wrong with a launcher's jail, in words; empty where it holds."""
    try:
        with _bait() as order:
            order |= {
                "memory_mb": _CANARY_LIMITS.memory_mb,
                "threads": _CANARY_LIMITS.threads if launcher.counts_threads else 0,
                "writes": launcher.isolation == "full",
                "hides": launcher.isolation == "full",
                "calls": _call_numbers(),
            }
            return _read_report(launcher, order)
    except (GraderFault, OSError) as exc:
        return (str(exc),)


def _read_report(launcher: ForkServerLauncher, order: dict[str, Any]) -> tuple[str, ...]:
    from grader.sandbox.host.proc_status import read_status

    worker = launcher.launch_canary(_CANARY_LIMITS, order)
    try:
        worker.rpc.settimeout(_CANARY_S)
        line = bytearray()
        while not line.endswith(b"\n"):
            piece = worker.rpc.recv(1 << 16)
            if not piece:
                return ("the canary did not come back: it executed a program, or crashed",)
            line += piece
        status = read_status(worker.host_pid())
    except TimeoutError:
        return ("the canary did not answer",)
    finally:
        worker.discard()
    report = json.loads(line)
    return (
        *(f"a submission could {act}" for act in report["possible"]),
        *(f"a submission could not {act}" for act in report["broken"]),
        # The kernel's own word, where /proc is there to read it.
        *(
            f"a submission has {name} {status[name]} and not {wanted}"
            for name, wanted in _KERNEL_SAYS.items()
            if status.get(name, wanted) != wanted
        ),
    )


@contextlib.contextmanager
def _bait() -> Iterator[dict[str, Any]]:
    """A file, a folder and two listeners that anybody on this machine could reach."""
    with tempfile.TemporaryDirectory(prefix="grader-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o777)
        secret = folder / "secret"
        secret.write_bytes(b"secret")
        secret.chmod(0o666)
        tcp = stack.enter_context(socket.socket())
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(f"\0{name}")
        abstract.listen()
        yield {
            "secret": str(secret),
            "folder": name,
            "port": tcp.getsockname()[1],
            "abstract": name,
            "pid": os.getpid(),
        }


def _call_numbers() -> dict[str, int]:
    from grader.sandbox.linux import seccomp

    numbers = {name: seccomp.number_of(name) for name in _CANARY_CALLS}
    return {name: number for name, number in numbers.items() if number is not None and number >= 0}


def _reason(rungs: Sequence[Rung]) -> str:
    return "; ".join(rungs[-1].trouble)[:200]


def system_name() -> str:
    """The operating system as its users call it."""
    return {"Darwin": "macOS"}.get(platform.system(), platform.system())


def remedy_of_system() -> str:
    """What to do on an operating system where nothing can be isolated; "" on Linux."""
    name = system_name()
    return "" if name == "Linux" else _OTHER_SYSTEMS.get(name, "grade on Linux")
