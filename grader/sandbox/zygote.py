"""The fork server: a process that has imported everything, sits in the jail, and forks.

Theory of operation. fork_server.py, on the trusted side, starts this module with an empty
environment and one socket (SEQPACKET, one JSON object a message, descriptors beside it). It imports
numpy, matplotlib and the worker, draws one figure, leaves the machine behind and splits in two:

    trusted side ── keeper ── zygote ─┬─ child: one submission
                    (waits)   (forks) └─ child: another, or the next one, waiting

The keeper stays outside and only waits; it removes the temporary folder when nobody else is left
to do it. The zygote is process 1 of a pid namespace, so that whatever ends it ends every child.
It never runs student code and holds no secret; a child could not harm the trusted side through it.
Each child gets a pid namespace of its own: unshare(NEWPID), fork, and setns back to the zygote's
own, which saves a second fork. Nothing survives: the zygote ends when its socket closes or its
parent dies, the keeper's death kills the zygote, the zygote's death kills the children.

The zygote also answers the kernel's questions about very large allocations (seccomp.build_watch),
and so can testify that one was refused.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gc
import importlib
import io
import json
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.sandbox import jail, landlock, linux, seccomp, visible

MESSAGE_BYTES = 1 << 16
CHILD_ENVIRONMENT = {
    "PATH": "/nonexistent",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
}
_FOR_CHILDREN = (
    *("collections", "copy", "csv", "dataclasses", "functools", "itertools", "math", "random"),
    *("statistics", "typing"),
)
# What a child writes to its channel before the first frame.
READY, FAILED, BOX_FOLLOWS = b"R", b"E", b"B"
SETUP_FAILED, SERVING_FAILED = 121, 122

_PID_IN_NAMESPACE = 1
_HUGE_PAGE = 2 << 20

_NOTIFICATION = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif
_ANSWER = struct.Struct("=QqiI")  # struct seccomp_notif_resp
_IOCTL_RECEIVE = 0xC0502100
_IOCTL_ANSWER = 0xC0182101
_CONTINUE = 1


@dataclass
class _Child:
    """One living child as the zygote keeps it."""

    number: int
    pid: int
    bounds: jail.Bounds
    statm_fd: int = -1
    refused: bool = False


def import_everything() -> None:
    """Import and warm up what children would otherwise each do for themselves."""
    for name in _FOR_CHILDREN:
        importlib.import_module(name)
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    figure, axes = plt.subplots()
    axes.plot([1, 2, 3], label="x")
    axes.set_title("$x^2$")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")
    np.linalg.solve(np.eye(8), np.ones(8))
    np.random.default_rng(0).normal(size=3)
    np.ones((300, 300)) @ np.ones((300, 300))


class Zygote:
    """The process between its boot and its end."""

    def __init__(self, ctl: socket.socket, order: dict[str, Any]) -> None:
        self._ctl = ctl
        self._in_namespaces: bool = order["level"] == "full"
        self._outer_id: int | None = order["outer_id"]
        self._work_folder: str = order["work_folder"]
        self._watch = bytes.fromhex(order["watch"])
        self._program = bytes.fromhex(order["program"])
        self._without = jail.layers(order["without"])
        self._parent_fd = os.pidfd_open(os.getppid())
        self._children: dict[int, _Child] = {}
        self._listener_fd = -1
        self._own_namespaces_fd = -1
        self._ruleset_fd = -1
        self._base_bytes = 0

    def run(self) -> NoReturn:
        """Boot, jail, serve until the trusted side is gone."""
        import_everything()
        from grader.sandbox import canary, figures, worker

        watch = figures.watch()
        self._tasks: dict[str, Callable[[socket.socket, Any], None]] = {
            "serve": lambda rpc, _: worker.Worker(rpc, watch).serve(),
            "canary": canary.report,
        }
        jail.prepare_for_jail()
        view = visible.promised_view()
        sys.path[:] = visible.importable(view)
        gc.collect()
        _merge_heap()
        self._base_bytes = _address_space()
        if self._in_namespaces:
            jail.enter_namespaces(view, self._outer_id, self._ask_for_maps)
        self._split()
        self._confine(view)
        self._forget_origins()
        self._send(
            {
                "ready": True,
                "landlock": linux.landlock_version(),
                "watches_memory": self._listener_fd >= 0,
                "base_kb": self._base_bytes >> 10,
                "open_to_others": visible.is_open_to_others(view),
            }
        )
        self._serve()

    def _ask_for_maps(self) -> None:
        self._send({"map": True})
        if self._ctl.recv(MESSAGE_BYTES) != b'{"mapped": true}':
            os._exit(0)

    def _split(self) -> None:
        """Fork into keeper and zygote; returns in the zygote.

        By os.fork, so that every library's hook for a forked child runs once, here: matplotlib
        drops its open fonts. The children are then forked without any hook.
        """
        keeper_fd = os.pidfd_open(os.getpid())
        pid = os.fork()
        if pid:
            os.close(keeper_fd)
            self._ctl.close()
            _keep(self._work_folder)
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        if select.select([keeper_fd], [], [], 0)[0]:
            os._exit(0)  # it died before the line above
        os.close(keeper_fd)
        os.setsid()

    def _confine(self, view: visible.View) -> None:
        """The zygote's own restrictions, and what its children will apply."""
        if self._in_namespaces:
            self._own_namespaces_fd = os.pidfd_open(os.getpid())
            program = seccomp.for_pid(self._program, _PID_IN_NAMESPACE)
            self._walls = jail.Walls(True, program, without=self._without)
            self._ruleset_fd = landlock.create(jail.grants_in_namespaces(view))
        else:
            sys.meta_path.insert(0, visible.HiddenModules(view))
            linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
            if "landlock" not in self._without:
                fine = jail.grants_on_the_machine(view, self._work_folder)
                ruleset_fd = landlock.create(fine)
                linux.landlock_restrict_self(ruleset_fd)
                os.close(ruleset_fd)
            grants = jail.coarse_grants(view)
            self._walls = jail.Walls(False, self._program, grants, self._without)
        if self._watch:
            # EBUSY where the container's own filter has a listener: then only the kernel's peak
            # counters can prove that memory ran out.
            with contextlib.suppress(OSError):
                self._listener_fd = seccomp.load_with_listener(self._watch)

    def _forget_origins(self) -> None:
        home = jail.BOX if self._in_namespaces else "/nonexistent"
        os.environ.clear()
        os.environ.update(CHILD_ENVIRONMENT, HOME=home, TMPDIR=home)
        sys.argv[:] = [""]
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()
        # Collecting would touch, and so copy, every page in each child.
        gc.freeze()
        gc.disable()
        self._pid = os.getpid()

    def _serve(self) -> NoReturn:
        poll = select.poll()
        for fd in (self._ctl.fileno(), self._parent_fd, self._listener_fd):
            if fd >= 0:
                poll.register(fd, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == self._ctl.fileno():
                    self._obey(poll)
                elif fd == self._listener_fd:
                    self._answer_kernel()
                elif fd in self._children:
                    poll.unregister(fd)
                    self._bury(fd)
                else:
                    self._end()

    def _end(self) -> NoReturn:
        """The trusted side is gone. As process 1 this ends every child; else kill them by name."""
        for pidfd in self._children:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        os._exit(0)

    def _obey(self, poll: select.poll) -> None:
        try:
            message, fds, _, _ = socket.recv_fds(self._ctl, MESSAGE_BYTES, 3)
        except ConnectionResetError:
            message, fds = b"", []
        if not message:
            self._end()
        order = json.loads(message)
        if "launch" in order:
            poll.register(self._launch(order, fds), select.POLLIN)
        elif "statm" in order:
            for child in self._children.values():
                if child.number == order["statm"] and child.statm_fd < 0:
                    child.statm_fd = fds.pop()
        elif "refused" in order:
            found = [c.refused for c in self._children.values() if c.number == order["refused"]]
            self._send({"answer": order["refused"], "refused": any(found)})
        for fd in fds:
            os.close(fd)

    def _launch(self, order: dict[str, Any], fds: list[int]) -> int:
        """Fork a child; returns its pidfd."""
        bounds = jail.Bounds(
            address_bytes=self._base_bytes + (order["memory_mb"] << 20),
            cpu_s=order["cpu_s"],
            disk_bytes=order["disk_mb"] << 20,
            processes=order["processes"],
        )
        if self._in_namespaces:
            linux.unshare(linux.CLONE_NEWPID)
        pid = linux.bare_fork()
        if pid == 0:
            self._become_child(order, bounds, fds)
        if self._in_namespaces:
            linux.setns(self._own_namespaces_fd, linux.CLONE_NEWPID)
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = _Child(order["launch"], pid, bounds)
        message = json.dumps({"started": order["launch"]}).encode()
        socket.send_fds(self._ctl, [message], [pidfd])
        return pidfd

    def _bury(self, pidfd: int) -> None:
        child = self._children.pop(pidfd)
        os.close(pidfd)
        if child.statm_fd >= 0:
            os.close(child.statm_fd)
        _, status, usage = os.wait4(child.pid, 0)
        self._send(
            {
                "exit": child.number,
                "status": status,
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "max_rss_kb": usage.ru_maxrss,
                "refused": child.refused,
            }
        )

    def _answer_kernel(self) -> None:
        """Let RLIMIT_AS decide about a large mapping, and remember if it will refuse."""
        block = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener_fd, _IOCTL_RECEIVE, block)
        except OSError:
            return  # the child has died meanwhile
        number, thread_id, _, _, _, _, *arguments = _NOTIFICATION.unpack(block)
        child = self._child_with_thread(thread_id)
        if child is not None and _is_too_large(child, _growth(arguments)):
            child.refused = True
        with contextlib.suppress(OSError):
            answer = _ANSWER.pack(number, 0, 0, _CONTINUE)
            fcntl.ioctl(self._listener_fd, _IOCTL_ANSWER, answer)

    def _child_with_thread(self, thread_id: int) -> _Child | None:
        for child in self._children.values():
            if child.pid == thread_id or linux.has_thread(child.pid, thread_id):
                return child
        return None

    def _become_child(self, order: dict[str, Any], bounds: jail.Bounds, fds: list[int]) -> NoReturn:
        """Never returns: everything of the zygote's that is still open or callable ends here."""
        rpc_fd = fds[0]
        try:
            null_fd = os.open(os.devnull, os.O_RDONLY)
            for target, fd in enumerate((null_fd, fds[1], fds[2], rpc_fd)):
                os.dup2(fd, target)
            rpc_fd = jail.RPC_FD
            if self._ruleset_fd >= 0:
                os.dup2(self._ruleset_fd, jail.RULESET_FD)
            linux.close_from(jail.RULESET_FD + (self._ruleset_fd >= 0))
            self._ctl.detach()
            rpc = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, rpc_fd)

            def report(box_fd: int) -> None:
                socket.send_fds(rpc, [BOX_FOLLOWS], [box_fd])
                os.close(box_fd)

            jail.lock_down(self._walls, bounds, order["folder"], order["user_id"], report)
            if not self._in_namespaces and os.getppid() != self._pid:
                os._exit(0)  # the zygote died before it could be a reason to die too
            rpc.sendall(READY)
        except BaseException as exc:
            with contextlib.suppress(OSError):
                os.write(rpc_fd, FAILED + _describe(exc).encode()[:1000])
            os._exit(SETUP_FAILED)
        try:
            gc.enable()
            self._tasks[order["task"]](rpc, order["canary"])
            os._exit(0)
        finally:
            # For example MemoryError while an answer was built.
            os._exit(SERVING_FAILED)

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._ctl.send(json.dumps(message).encode())
        except OSError:
            self._end()


def _growth(arguments: list[int]) -> int:
    """By how many bytes a watched call wants to grow the address space.

    mremap has its new length where mmap has its protection bits, which are always smaller.
    """
    is_mremap = arguments[2] > seccomp.WATCHED_BYTES
    return arguments[2] - arguments[1] if is_mremap else arguments[1]


def _is_too_large(child: _Child, growth: int) -> bool:
    """Whether RLIMIT_AS is about to refuse `growth`, by the kernel's count at this moment."""
    used = 0
    if child.statm_fd >= 0:
        with contextlib.suppress(OSError, ValueError):
            pages = int(os.pread(child.statm_fd, 100, 0).split()[0])
            used = pages * resource.getpagesize()
    return used + growth > child.bounds.address_bytes


def _keep(work_folder: str) -> NoReturn:
    """The keeper: wait until nothing of this fork server is left, then clean up."""
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if work_folder:
        shutil.rmtree(work_folder, ignore_errors=True)
    os._exit(0)


def _merge_heap() -> None:
    """Put as much of this process's data as possible into huge pages.

    Measured: a fork and an exit then cost 40 % less, for the zygote and for the child.
    """
    for line in Path("/proc/self/maps").read_text().splitlines():
        fields = line.split()
        if fields[1] != "rw-p" or fields[4] != "0":
            continue  # not private data of its own
        first, last = (int(text, 16) for text in fields[0].split("-"))
        first = (first + _HUGE_PAGE - 1) // _HUGE_PAGE * _HUGE_PAGE
        for start in range(first, last - _HUGE_PAGE + 1, _HUGE_PAGE):
            # Refused for what was never touched, and by kernels before 6.1.
            with contextlib.suppress(OSError):
                linux.merge_pages(start, start + _HUGE_PAGE)


def _address_space() -> int:
    """This process's address space in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def main() -> NoReturn:
    """Entry point: the control socket's number is the last argument."""
    ctl = socket.socket(fileno=int(sys.argv[-1]))
    try:
        message = ctl.recv(MESSAGE_BYTES)
        if not message:
            os._exit(0)
        Zygote(ctl, json.loads(message)).run()
    except BaseException as exc:
        with contextlib.suppress(OSError):
            ctl.send(json.dumps({"fatal": _describe(exc)[:2000]}).encode())
        os._exit(3)


def _describe(exc: BaseException) -> str:
    """A refused system call as "unshare: EPERM"; anything else with its type."""
    if isinstance(exc, OSError) and exc.errno and exc.filename:
        return f"{exc.filename}: {errno.errorcode.get(exc.errno, exc.errno)}"
    return f"{type(exc).__name__}: {exc}"
