"""The fork server: a process that has imported everything, sits in the jail, and forks.

Theory of operation. The trusted side (zygote_link.py) starts this module with an empty environment
and one socket (SEQPACKET, one JSON object a message, descriptors beside it). Three processes:

    trusted side ── keeper ── zygote ─┬─ child: one submission
                    (waits)   (forks) └─ child: another, or the next one, waiting

The first process becomes the keeper before it has imported anything large: it stays outside, waits,
and removes the temporary folder when nobody else is left to do it. The second imports what
submissions may, and the worker, draws one figure, leaves the machine behind (jail.py) and forks
once more, since only a child enters a new pid namespace; then it ends, and the third, process 1 of
that namespace, is the zygote. It never runs student code and holds no secret. Each of its children
gets a pid namespace of its own: unshare(NEWPID), fork, and setns back to the zygote's own, which
saves a second fork.

Nothing survives: the zygote ends when its socket closes or the trusted process dies; the keeper's
death kills the zygote, and the zygote's death kills the children.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from grader.sandbox.linux import (
    diagnosis,
    jail,
    landlock,
    memory_watch,
    seccomp,
    syscalls,
    visible,
    warm_up,
)
from grader.sandbox.protocol.packages import ONE_THREAD

MESSAGE_BYTES = 1 << 16
# What a child writes to its channel before the first frame.
READY, FAILED = b"R", b"E"
SETUP_FAILED, SERVING_FAILED = 121, 122

_CHILD_ENVIRONMENT = {
    "PATH": "/nonexistent",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    **ONE_THREAD,
}
_PID_IN_NAMESPACE = 1
_GARBAGE_THRESHOLDS = 5000, 20, 50
_FIRST_FREE_FD = jail.DIAGNOSIS_FD + 1
_MAPPED = b'{"mapped": true}'


@dataclass
class _Child:
    """One living child. number: what the trusted side calls it."""

    number: int
    memory: memory_watch.MemoryAccount


class Zygote:
    """The process between its boot and its end."""

    def __init__(self, ctl: socket.socket, order: dict[str, Any], trusted_fd: int) -> None:
        """order: the trusted side's first. trusted_fd: a pidfd of the trusted process."""
        self._ctl = ctl
        self._trusted_fd = trusted_fd
        self._in_namespaces: bool = order["level"] == "full"
        self._outer_id: int | None = order["outer_id"]
        self._work_folder: str = order["work_folder"]
        self._watch = bytes.fromhex(order["watch"])
        self._program = bytes.fromhex(order["program"])
        self._without = jail.layers(order["without"])
        self._packages: tuple[str, ...] = tuple(order["packages"])
        self._cold = frozenset(order["cold"])
        self._programs = _programs_of(order["diagnosis"])
        self._desk: diagnosis.Desk | None = None
        self._children: dict[int, _Child] = {}
        self._listener_fd = -1
        self._own_namespaces_fd = -1
        self._ruleset_fd = -1
        self._base_bytes = 0
        self._pid = 0

    def run(self, keeper_fd: int) -> NoReturn:
        """Boot, jail, serve until the trusted side is gone."""
        warm_up.import_everything(self._packages, self._cold)
        from grader.sandbox.guest import figures, worker
        from grader.sandbox.linux import canary

        self._note("imports")
        watch = figures.watch()
        has_many = self._is_to_rehearse()
        if has_many:
            warm_up.rehearse(watch)
            self._note("rehearsal: a few calls and a figure")
        self._tasks: dict[str, Callable[[socket.socket, Any], None]] = {
            "serve": lambda rpc, _: worker.Worker(watch).serve(rpc),
            "canary": canary.report,
        }
        jail.prepare_for_jail()
        view = visible.view_with(self._packages)
        sys.path[:] = visible.importable(view)
        self._base_bytes = syscalls.address_space()
        heap = warm_up.find_heap() if has_many else []
        if self._in_namespaces:
            jail.enter_namespaces(view, self._outer_id, self._ask_for_maps, self._note)
        self._go_on_as_child(keeper_fd)
        self._note("fork into the new pid namespace" if self._in_namespaces else "fork")
        self._confine(view)
        self._forget_origins()
        # Collecting would touch, and so copy, every page in each child.
        if has_many:
            gc.collect()
        gc.freeze()
        warm_up.merge_heap(heap)
        if has_many:
            self._note("memory made ready for forks")
        self._send(
            {
                "ready": True,
                "landlock": syscalls.landlock_version(),
                "watches_memory": self._listener_fd >= 0 or self._programs is not None,
                "base_kb": self._base_bytes >> 10,
                "open_to_others": visible.is_open_to_others(view),
            }
        )
        self._serve()

    def _note(self, step: str) -> None:
        """Tell the trusted side, where it has asked for that, that a step of the boot is done."""
        if self._programs is not None:
            self._send({"step": step})

    def _is_to_rehearse(self) -> bool:
        message = self._ctl.recv(MESSAGE_BYTES)
        if not message:
            os._exit(0)
        return bool(json.loads(message)["rehearse"])

    def _ask_for_maps(self) -> None:
        self._send({"map": os.getpid()})
        if self._ctl.recv(MESSAGE_BYTES) != _MAPPED:
            os._exit(0)

    def _go_on_as_child(self, keeper_fd: int) -> None:
        """Continue in a child of the keeper, which is where a new pid namespace begins.

        By os.fork, so that every library's hook for a forked child runs once, here: matplotlib
        drops its open fonts. The children are then forked without any hook.
        """
        before_fd = syscalls.pidfd_open(os.getpid())
        if os.fork():
            os._exit(0)
        # Else that end would be the death of the parent that the next line asks to die with.
        select.select([before_fd], [], [])
        os.close(before_fd)
        _die_with(keeper_fd)
        os.close(keeper_fd)
        os.setsid()
        self._pid = os.getpid()

    def _confine(self, view: visible.FileView) -> None:
        """The zygote's own restrictions, and what its children will apply."""
        if self._in_namespaces:
            self._own_namespaces_fd = syscalls.pidfd_open(os.getpid())
            self._ruleset_fd = _out_of_the_way(landlock.create(jail.grants_in_namespaces(view)))
            program = seccomp.for_pid(self._program, _PID_IN_NAMESPACE)
            programs = self._programs and replace(
                self._programs,
                asking=seccomp.for_pid(self._programs.asking, _PID_IN_NAMESPACE),
            )
            self._walls = jail.Walls(True, program, (), self._without, programs)
            self._note("Landlock ruleset for the children")
        else:
            sys.meta_path.insert(0, visible.HiddenModules(view))
            syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
            if "landlock" not in self._without:
                fine = jail.grants_on_the_machine(view, self._work_folder)
                ruleset_fd = landlock.create(fine)
                syscalls.landlock_restrict_self(ruleset_fd)
                os.close(ruleset_fd)
            grants = jail.coarse_grants(view)
            self._walls = jail.Walls(False, self._program, grants, self._without, self._programs)
            self._note("hidden modules, no new privileges, Landlock")
        if self._programs is None:
            self._listener_fd = memory_watch.start(self._watch)

    def _forget_origins(self) -> None:
        home = jail.BOX if self._in_namespaces else "/nonexistent"
        os.environ.clear()
        os.environ.update(_CHILD_ENVIRONMENT, HOME=home, TMPDIR=home)
        sys.argv[:] = [""]
        sys.stdout.flush()
        sys.stderr.flush()

    def _serve(self) -> NoReturn:
        poll = select.poll()
        for fd in (self._ctl.fileno(), self._trusted_fd, self._listener_fd):
            if fd >= 0:
                poll.register(fd, select.POLLIN)
        if self._programs is not None:
            self._desk = diagnosis.Desk(self._programs.mappings, poll, self._send)
        while True:
            for fd, event in poll.poll():
                if fd == self._ctl.fileno():
                    self._obey(poll)
                elif fd == self._listener_fd:
                    accounts = [child.memory for child in self._children.values()]
                    memory_watch.answer(self._listener_fd, accounts)
                elif fd in self._children:
                    poll.unregister(fd)
                    self._bury(fd)
                    break  # it closed descriptors whose numbers may stand further on in the list
                elif self._desk is not None and self._desk.has(fd):
                    self._desk.handle(fd, event)
                else:
                    self._end()

    def _end(self) -> NoReturn:
        """The trusted side is gone. As process 1 this ends every child; else kill them by name."""
        for pidfd in self._children:
            syscalls.pidfd_kill(pidfd)
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
                if child.number == order["statm"] and child.memory.statm_fd < 0:
                    child.memory.statm_fd = fds.pop()
        elif "refused" in order:
            number = order["refused"]
            found = [c.memory.refused for c in self._children.values() if c.number == number]
            self._send({"answer": number, "refused": any(found)})
        elif "calls" in order and self._desk is not None:
            number = order["calls"]
            self._send({"called": number, "calls": self._desk.calls_of(number)})
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
        ours_fd, theirs_fd = _channel() if self._desk is not None else (-1, -1)
        if self._in_namespaces:
            syscalls.unshare(syscalls.CLONE_NEWPID)
        pid = syscalls.bare_fork()
        if pid == 0:
            self._become_child(order, bounds, fds, theirs_fd)
        if self._in_namespaces:
            syscalls.setns(self._own_namespaces_fd, syscalls.CLONE_NEWPID)
        pidfd = syscalls.pidfd_open(pid)
        memory = memory_watch.MemoryAccount(pid, bounds.address_bytes)
        self._children[pidfd] = _Child(order["launch"], memory)
        if self._desk is not None:
            os.close(theirs_fd)
            plain = self._walls.program
            fitted = plain if self._in_namespaces else seccomp.for_pid(plain, pid)
            self._desk.open(order["launch"], memory, fitted, pidfd, ours_fd)
        message = json.dumps({"started": order["launch"]}).encode()
        try:
            socket.send_fds(self._ctl, [message], [pidfd])
        except OSError:
            self._end()
        return pidfd

    def _bury(self, pidfd: int) -> None:
        child = self._children.pop(pidfd)
        os.close(pidfd)
        child.memory.close()
        _, status, usage = os.wait4(child.memory.pid, 0)
        message: dict[str, Any] = {
            "exit": child.number,
            "status": status,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "max_rss_kb": usage.ru_maxrss,
            "refused": child.memory.refused,
        }
        if self._desk is not None:
            message["killed"] = self._desk.has_killed(child.number)
            message["calls"] = self._desk.calls_of(child.number)
            self._desk.close(child.number)
        self._send(message)

    def _become_child(
        self, order: dict[str, Any], bounds: jail.Bounds, fds: list[int], diagnosis_fd: int
    ) -> NoReturn:
        """Never returns: nothing of the zygote's stays open, and nothing goes on after this."""
        rpc_fd = fds[0]
        try:
            null_fd = os.open(os.devnull, os.O_RDONLY)
            for target, fd in enumerate((null_fd, fds[1], fds[2], rpc_fd)):
                os.dup2(fd, target)
            rpc_fd = jail.RPC_FD
            ctl_fd = self._ctl.detach()
            if self._in_namespaces:
                os.dup2(self._ruleset_fd, jail.RULESET_FD)
                os.dup2(ctl_fd, jail.REPORT_FD)
            first_unused = jail.REPORT_FD + 1 if self._in_namespaces else jail.RULESET_FD
            if diagnosis_fd >= 0:
                _close_between(first_unused, jail.DIAGNOSIS_FD)
                os.dup2(diagnosis_fd, jail.DIAGNOSIS_FD)
                first_unused = jail.DIAGNOSIS_FD + 1
            syscalls.close_from(first_unused)
            rpc = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, rpc_fd)

            def report(box_fd: int) -> None:
                # Over the zygote's socket, so that the trusted side need not wake up for it.
                with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, jail.REPORT_FD) as ctl:
                    message = json.dumps({"box": order["launch"]}).encode()
                    socket.send_fds(ctl, [message], [box_fd])
                os.close(box_fd)

            jail.lock_down(self._walls, bounds, order["folder"], order["user_id"], report)
            if not self._in_namespaces and os.getppid() != self._pid:
                os._exit(0)  # the zygote died before this process had asked to die with it
            rpc.sendall(READY)
        except BaseException as exc:
            with contextlib.suppress(OSError):
                os.write(rpc_fd, FAILED + _describe(exc).encode()[:1000])
            os._exit(SETUP_FAILED)
        try:
            gc.enable()
            # Drawing makes many objects and little garbage: each look writes to shared pages.
            gc.set_threshold(*_GARBAGE_THRESHOLDS)
            self._tasks[order["task"]](rpc, order["canary"])
            os._exit(0)
        except BaseException as exc:
            # For example MemoryError while an answer was built.
            with contextlib.suppress(OSError):
                os.write(2, _describe(exc).encode()[:1000])
        finally:
            os._exit(SERVING_FAILED)

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._ctl.send(json.dumps(message).encode())
        except OSError:
            self._end()


def _keep(work_folder: str) -> NoReturn:
    """The keeper: wait until nothing of this fork server is left, then clean up."""
    syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if work_folder:
        shutil.rmtree(work_folder, ignore_errors=True)
    os._exit(0)


def _die_with(parent_fd: int) -> None:
    """Ask the kernel for SIGKILL at the parent's death, and end now if it has already died."""
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if select.select([parent_fd], [], [], 0)[0]:
        os._exit(0)


def _out_of_the_way(fd: int) -> int:
    """Move a descriptor to a number that no child gives to something else."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_FD)
    os.close(fd)
    return moved


def _channel() -> tuple[int, int]:
    """A pair of sockets for a child's one message to the zygote: our end, and the child's."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return _out_of_the_way(ours.detach()), _out_of_the_way(theirs.detach())


def _close_between(first: int, last: int) -> None:
    """Close the descriptors from `first` up to `last`, without it."""
    for fd in range(first, last):
        with contextlib.suppress(OSError):
            os.close(fd)


def _programs_of(order: dict[str, Any] | None) -> diagnosis.Programs | None:
    """The filters of a diagnosis as they stand in the first order; None where there is none."""
    if order is None:
        return None
    asking, seal = bytes.fromhex(order["asking"]), bytes.fromhex(order["seal"])
    return diagnosis.Programs(asking, seal, tuple(order["mappings"]))


def _describe(exc: BaseException) -> str:
    """A refused system call as "unshare: EPERM"; anything else with its type."""
    if isinstance(exc, OSError) and exc.errno and exc.filename:
        return f"{exc.filename}: {errno.errorcode.get(exc.errno, exc.errno)}"
    return f"{type(exc).__name__}: {exc}"


def main() -> NoReturn:
    """Entry point: the control socket's number is the last argument."""
    gc.disable()  # imports make no garbage to look for
    ctl = socket.socket(fileno=_out_of_the_way(int(sys.argv[-1])))
    try:
        trusted_fd = syscalls.pidfd_open(os.getppid())
        message = ctl.recv(MESSAGE_BYTES)
        if not message:
            os._exit(0)
        order = json.loads(message)
        keeper_fd = syscalls.pidfd_open(os.getpid())
        if os.fork():
            ctl.close()
            os.close(trusted_fd)
            os.close(keeper_fd)
            _keep(order["work_folder"])
        _die_with(keeper_fd)
        Zygote(ctl, order, trusted_fd).run(keeper_fd)
    except BaseException as exc:
        why = {"fatal": _describe(exc)[:2000]}
        if isinstance(exc, warm_up.ThreadsAtImport):
            why["cold"] = exc.name
        with contextlib.suppress(OSError):
            ctl.send(json.dumps(why).encode())
        os._exit(3)
