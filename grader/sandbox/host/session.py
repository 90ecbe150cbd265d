"""The trusted end of one worker: load a submission, call its functions, get plain values back.

Theory of operation. A session holds one worker: a stream socket for frames and two pipes for what
the student's code prints. It sends one request at a time, with a random id, and waits for one
reply while it drains the pipes, under a deadline (deadline.py) that the worker cannot move. A
reply that comes early, is too large, does not decode, has another id or lacks what was asked for
ends the session. So does a deadline, a closed channel or a flood of output. Each of these raises
the StudentFault that the report will name; after one the session is dead and its owner starts
another for the checks that are left.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from grader._internal import log
from grader.errors import (
    Crashed,
    GraderFault,
    OutOfMemory,
    OverLimit,
    Refused,
    StudentFault,
    TimedOut,
)
from grader.sandbox.host.deadline import ENDLESS, Deadline, still_running
from grader.sandbox.host.last_place import last_place
from grader.sandbox.host.launch import LIMITS_BEHIND, Exit, Launcher, Limits
from grader.sandbox.host.requests import framed, load_request, named_steps, shown_name
from grader.sandbox.host.waiting import READ_BYTES, waiter
from grader.sandbox.protocol import answers, wire
from grader.sandbox.protocol.answers import Answer, BadAnswer, CodeWarning, LoadAnswer, StepsAnswer
from grader.sandbox.protocol.packages import importable
from grader.sandbox.protocol.wire import Handle, Step
from grader.submission.program import Program

_LOG = log.logger("sandbox.session")
_WIRE_LOG = log.logger("sandbox.wire")

T = TypeVar("T")
TAIL_BYTES = 8192
MAX_WARNED = 50
HEARD_BYTES = 65536
# Of forged bytes a read takes now more and now fewer: the same is said of all.
NO_ANSWER = "sent something that is no answer to what was asked"
# Stands for the output of a call that we stopped: how far it came is a matter of the clock.
LEFT_OUT = b"[what the call that was stopped printed is left out]\n"


class Session:
    """One worker from launch to close. Not thread-safe; one request at a time.

    dead: why no more requests can be made, or None. warned: what Python and numpy warned of.
    """

    def __init__(self, launcher: Launcher, limits: Limits, total_s: float | None = None) -> None:
        """`total_s`: what is left of the submission's time, where this is not its first worker."""
        self.dead: str | None = None
        self.warned: list[CodeWarning] = []
        self._limits = limits
        self._own_lines: dict[str, tuple[str, list[str]]] = {}
        self._is_jailed = launcher.isolation != "none"
        self._packages = launcher.packages
        self._worker = launcher.launch(limits)
        _LOG.info("%s: started, isolation %s, %s", self._worker.label, launcher.isolation, limits)
        self._ends = time.monotonic() + (limits.total_s if total_s is None else total_s)
        self._printed = 0
        self._before = b""  # the tail of standard output when the last request was sent
        self._tails = {self._worker.stdout_fd: bytearray(), self._worker.stderr_fd: bytearray()}
        self._waiter = waiter(self._worker.rpc, tuple(self._tails))
        self._open_pipes = set(self._tails)
        self._heard = bytearray()
        self._exit: Exit | None = None

    def load(self, program: Program, *, as_main: bool = False) -> LoadAnswer:
        """Run the submission's top level.

        `as_main` runs its `__main__` block too, as its author does at home: with every package that
        is installed there. Otherwise only the launcher's packages can be imported, jail or not.
        """
        for part in program.parts:
            above = [""] * (part.first_line - 1)
            lines = [*above, *part.source.decode("utf-8", "replace").splitlines()]
            self._own_lines[part.filename] = (part.label, lines)
        packages = None if self._is_jailed or as_main else sorted(importable(self._packages))
        files = self._worker.place(program.files)
        parts_s = self._limits.call_s, self._limits.load_s
        request = load_request(program, files, *parts_s, as_main=as_main, packages=packages)
        return self._loaded(self._ask(request, "loading the submission", parts_s[1]))

    def _loaded(self, value: Any) -> LoadAnswer:
        return self._understood(lambda: answers.loaded(value), "load")

    def _understood(self, read: Callable[[], T], asked: str) -> T:
        """What `read` makes of an answer; one that lacks what was asked for ends the session."""
        try:
            return read()
        except BadAnswer:
            raise self._refuse(f"sent a malformed answer to {asked}") from None

    def call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None,
    ) -> Answer:
        """Call `name` once for each (args, kwargs), on the module or on a kept object.

        The deadline is `call_s` for each call, at most six times that for the message.
        """
        limit_s = self._limits.call_s * max(1, min(len(calls), 6))
        value = self._call(name, calls, on, limit_s, draw=False)
        most = max((len(args) for args, _ in calls), default=0)
        return self._understood(lambda: answers.called(value, len(calls), most), "a call")

    def steps(self, steps: Sequence[Step], wanted: Sequence[int]) -> StepsAnswer:
        """Take steps in one message and in the time of one call; the values of those `wanted`."""
        what = named_steps(steps)
        request = {"op": "steps", "steps": list(map(list, steps)), "wanted": list(wanted)}
        value = self._ask(request, what, self._limits.call_s)
        answer = self._understood(lambda: answers.stepped(value, steps, len(wanted)), "steps")
        breach = self._limit_behind(answer.error, what)
        return answer if breach is None else replace(answer, fault=breach)

    def run(self, label: str, source: bytes, needs: Sequence[str]) -> None:
        """Run source after the submission. That it ended well is the worker's word, no proof."""
        request = {"op": "run", "label": label, "source": source, "needs": list(needs)}
        if self._ask(request, f"`{label}`", self._limits.call_s) is not None:
            raise self._refuse("sent a malformed answer to run")

    def keep(self, value: Any) -> Handle:
        """A handle of what `value` stands for, such as a class."""
        kept = self._ask({"op": "keep", "value": value}, "keeping an object", self._limits.call_s)
        if type(kept) is not Handle:
            raise self._refuse("sent a malformed answer to keep")
        return kept

    def get(self, on: Handle, name: str) -> tuple[bool, Any]:
        """An attribute of a kept object: whether it is a function, and its value if it is none."""
        request = {"op": "get", "on": on.number, "name": name}
        told = self._ask(request, f"`{name}`", self._limits.call_s)
        return self._understood(lambda: answers.got(told), "get")

    def set(self, on: Handle, name: str, value: Any) -> None:
        """Set an attribute of a kept object."""
        request = {"op": "set", "on": on.number, "name": name, "value": value}
        self._ask(request, f"setting `{name}`", self._limits.call_s)

    def is_instance(self, value: Any, of: Any, *, subclass: bool) -> bool:
        """Whether what `value` stands for is an instance, or a subclass, of the class `of`."""
        request = {"op": "isinstance", "value": value, "of": of, "subclass": subclass}
        told = self._ask(request, "isinstance", self._limits.call_s)
        return self._understood(lambda: answers.flag(told), "isinstance")

    def put_in_form(self, counts: Mapping[str, int]) -> None:
        """Let these functions answer in the form of so many arguments, and no others."""
        self._ask({"op": "forms", "counts": {**counts}}, "a function", self._limits.call_s)

    def draw(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], on: Handle | None
    ) -> dict[str, Any]:
        """Call a plotting function: {"figure": description or None, "got", "number"}."""
        value = self._call(name, [(args, kwargs)], on, self._limits.call_s, draw=True)
        return self._understood(lambda: answers.drawn(value), "draw")

    def png(self, number: int, dpi: int = 80) -> bytes:
        """The picture of a figure drawn before, as PNG bytes. A picture for people, not proof."""
        value = self._ask(
            {"op": "png", "number": number, "dpi": dpi}, "rendering a figure", self._limits.call_s
        )
        if type(value) is not bytes or not value.startswith(b"\x89PNG"):
            raise self._refuse("sent something that is not a picture")
        return value

    def output(self) -> str:
        """What the student's code has printed since the last call of this method: the tail."""
        self._drain()
        tail = self._tails[self._worker.stdout_fd]
        text = bytes(tail).decode("utf-8", "replace")
        tail.clear()
        return text

    def printed_last(self) -> str:
        """What the student's code printed during the last request: the end of it."""
        return bytes(self._heard).decode("utf-8", "replace")

    def use(self, limits: Limits) -> None:
        """Limits for what comes. Those that a worker starts with stay as they are."""
        self._limits = limits

    def last_output(self) -> str:
        """After the end: what was printed since `output` was called last."""
        return bytes(self._tails[self._worker.stdout_fd]).decode("utf-8", "replace")

    def close(self, why: str = "closed") -> Exit:
        """Kill the worker and free everything. Idempotent."""
        if self._exit is None:
            self.dead = self.dead or why
            self._exit = self._worker.kill()
            self._log_end(why)
            self._waiter.finish()
            self._drain()
            self._worker.rpc.close()
            self._waiter.close()
            self._open_pipes.clear()
        return self._exit

    def _log_end(self, why: str) -> None:
        assert self._exit is not None
        label, ended = self._worker.label, self._exit
        if not self._log_refusals() and ended.breach == "filter":
            _LOG.info(
                "%s: killed for a system call through another architecture's door (x32, int 0x80);"
                " GRADER_LOG=debug names it",
                label,
            )
        _LOG.info(
            "%s: ended: %s; %s, %.2f s CPU, at most %d MB",
            label, why, ended.describe(), ended.cpu_s, ended.max_rss_kb >> 10,
        )  # fmt: skip

    def _log_refusals(self) -> bool:
        """Whether any call was refused since this was called last, by what can be known."""
        calls = self._worker.refused_calls()
        for call in calls:
            _LOG.info("%s: refused: %s", self._worker.label, call)
        return bool(calls)

    def _call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None,
        limit_s: float,
        *,
        draw: bool,
    ) -> Any:
        listed = [[list(args), dict(kwargs)] for args, kwargs in calls]
        number = None if on is None else on.number
        request = {"op": "call", "name": name, "on": number, "calls": listed, "draw": draw}
        return self._ask(request, f"`{shown_name(name, on)}`", limit_s)

    def _ask(self, request: dict[str, Any], what: str, limit_s: float) -> Any:
        """Send one request, wait for its reply, raise what the reply says went wrong."""
        if self.dead is not None:
            raise Crashed(self.dead)
        # Unguessable, so that no reply can be written before its request.
        request["id"] = int.from_bytes(os.urandom(7), "little")
        self._refuse_early_bytes()
        self._heard.clear()
        self._before = bytes(self._tails[self._worker.stdout_fd])
        deadline = Deadline(self._worker, limit_s, self._ends)
        if not self._is_jailed:
            request["tell_s"] = 0.9 * limit_s
        frame = framed(request, self._packages)
        is_logged = _WIRE_LOG.isEnabledFor(logging.DEBUG)
        if is_logged:
            self._log_frame("to", request, len(frame))
        payload = self._exchange(frame, what, limit_s, deadline)
        if is_logged:
            self._log_frame("from", request, wire.HEADER_BYTES + len(payload))
            self._log_refusals()
        return self._read(payload, request, what)

    def _log_frame(self, direction: str, request: Mapping[str, Any], size: int) -> None:
        """Which request it belongs to and how large it is; never anything that stands in it."""
        label = self._worker.label
        _WIRE_LOG.debug(
            "%s worker: frame %014x, %s, %d bytes (%s)",
            direction, request["id"], request["op"], size, label,
        )  # fmt: skip

    def _read(self, payload: bytes, request: dict[str, Any], what: str) -> Any:
        """The value of the answer to `request`; raises what it says went wrong."""
        try:
            reply = wire.decode(payload)
        except wire.BadFrame:
            raise self._refuse(NO_ANSWER) from None
        if type(reply) is not dict or not answers.is_same(reply.get("id"), request["id"]):
            raise self._refuse(NO_ANSWER)
        self.warned = [*self.warned, *answers.warned(reply.get("warned"))][:MAX_WARNED]
        if "error" in reply:
            fault = answers.fault_of(reply["error"], str(request.get("name", "")))
            raise self._limit_behind(reply["error"], what) or fault
        return reply.get("value")

    def _limit_behind(self, error: Any, what: str) -> StudentFault | None:
        """The limit behind an error that the worker reports, where the kernel confirms it.

        Both are needed: the peak of memory, once high, stays high for every later error.
        """
        kind = error.get("type") if type(error) is dict else None
        limits = LIMITS_BEHIND.get(kind, ()) if type(kind) is str else ()
        return self._breach(what, self._worker.breaches() & {*limits}) if limits else None

    def _breach(self, what: str, breaches: Collection[str]) -> StudentFault | None:
        """The limit that the kernel's account shows was reached, as the fault to report."""
        limits = self._limits
        if {*breaches} - {"", "filter"}:
            _LOG.info("%s: reached its limit of %s", self._worker.label, ", ".join(breaches))
        if "memory" in breaches:
            return OutOfMemory(f"{what} needed more than {limits.memory_mb} MB of memory")
        if "threads" in breaches:
            return OverLimit(f"{what} started more than {limits.threads} threads")
        if "disk" in breaches:
            return OverLimit(f"{what} wrote more than {limits.disk_mb} MB of files")
        if "cpu" in breaches:
            return TimedOut(f"{what} used up the submission's {limits.total_s:g} s")
        if "filter" in breaches:
            return Refused(f"{what} made a system call that the sandbox does not allow")
        return None

    def _refuse_early_bytes(self) -> None:
        try:
            early = self._worker.rpc.recv(1)
        except BlockingIOError:
            return
        except OSError:
            early = b""
        if early:
            raise self._refuse("wrote to the channel without being asked")
        raise self._crash("between two calls")

    def _exchange(self, data: bytes, what: str, limit_s: float, deadline: Deadline) -> bytes:
        """Write `data`, read one frame, drain the pipes, all before `deadline`."""
        reply = bytearray()
        unsent = self._send(memoryview(data), what)
        is_late = False
        while not is_late:
            left_s = deadline.left_s()
            # What has come in time is taken, even where this process was late to look.
            is_late = left_s <= 0
            readable, writable, pipes = self._waiter.wait(max(left_s, 0.0), writing=bool(unsent))
            for fd in pipes:
                self._printed += self._keep_tail(fd)
                self._limit_output()
            if writable and unsent:
                unsent = self._send(unsent, what)
            if readable:
                reply += self._receive(what)
            if self._is_whole(reply, what):
                self._drain()  # all that was printed before the answer counts to this call
                self._limit_output()
                return bytes(reply[wire.HEADER_BYTES :])
        raise self._time_out(what, limit_s)

    def _send(self, data: memoryview, what: str) -> memoryview:
        """Write as much as fits now; what is left."""
        try:
            return data[self._worker.rpc.send(data) :]
        except BlockingIOError:
            return data
        except OSError:
            raise self._crash(f"in {what}") from None

    def _receive(self, what: str) -> bytes:
        try:
            piece = self._worker.rpc.recv(READ_BYTES * 4)
        except BlockingIOError:
            return b""
        except OSError:
            piece = b""
        if not piece:
            raise self._crash(f"in {what}")
        return piece

    def _is_whole(self, reply: bytearray, what: str) -> bool:
        """Whether `reply` is one frame; a frame too large or anything after it ends the session."""
        if len(reply) < wire.HEADER_BYTES:
            return False
        length = wire.payload_length(reply)
        most_mb = self._limits.reply_mb
        if length > most_mb << 20:
            self._stop("returned too much")
            raise OverLimit(f"{what} returned {length >> 20} MB; at most {most_mb} MB may return")
        if len(reply) > wire.HEADER_BYTES + length:
            raise self._refuse(NO_ANSWER)
        return len(reply) == wire.HEADER_BYTES + length

    def _limit_output(self) -> None:
        if self._printed > self._limits.output_mb << 20:
            self._stop("printed too much")
            raise OverLimit(f"printed more than {self._limits.output_mb} MB")

    def _stop(self, why: str) -> None:
        """End a worker in the middle of a call."""
        self.close(why)
        tail = self._tails[self._worker.stdout_fd]
        if bytes(tail) != self._before:
            tail[:] = self._before + LEFT_OUT

    def _drain(self) -> None:
        """Take what stands in the pipes now. Bounded: a worker that floods is caught in a call."""
        for fd in tuple(self._open_pipes):
            for _ in range(32):
                taken = self._keep_tail(fd)
                if not taken:
                    break
                self._printed += taken

    def _keep_tail(self, fd: int) -> int:
        """Take what stands in a pipe now, in part; how many bytes came."""
        piece = self._waiter.read(fd)
        if piece is None:
            return 0
        if not piece:
            self._open_pipes.discard(fd)
        self._tails[fd] += piece
        del self._tails[fd][:-TAIL_BYTES]
        if fd == self._worker.stdout_fd:
            self._heard += piece
            del self._heard[:-HEARD_BYTES]
        return len(piece)

    def _refuse(self, what: str) -> Refused:
        self.close(what)
        return Refused(f"the submission's process {what}")

    def _crash(self, when: str) -> StudentFault | GraderFault:
        # A natural end needs a moment to be reaped with its own status and not our SIGKILL's.
        ended = self._worker.kill(grace_s=0.5)
        self.close("the submission's process ended")
        if ended.status < 0:
            # Nobody could reap it: what it was forked from is gone, which no student can cause.
            return GraderFault(f"the process that runs submissions was lost {when}")
        breach = self._breach(when.removeprefix("in "), {ended.breach})
        if breach is not None:
            return breach
        last = self._tails[self._worker.stderr_fd].decode("utf-8", "replace").strip().splitlines()
        said = f': "{last[-1][:200]}"' if last else ""
        return Crashed(
            f"the process running the submission ended {when} ({ended.describe()}){said}"
        )

    def _time_out(self, what: str, limit_s: float) -> StudentFault:
        self._stop("timed out")
        if time.monotonic() >= self._ends:
            limit_s = self._limits.total_s
            late = TimedOut(f"the submission used up its {limit_s:g} s in all, while in {what}")
            # The backstop may have struck while it was stopped; then the report says so, too.
            return self._breach(what, {self.close().breach} & {"cpu"}) or late
        told = bytes(self._tails[self._worker.stderr_fd])
        place = None if self._is_jailed else last_place(told, self._own_lines)
        hint = None if place is None else ENDLESS
        return TimedOut(still_running(what, limit_s), hint=hint, traceback=place)
