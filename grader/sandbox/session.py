"""The trusted end of one worker: load a submission, call its functions, get plain values back.

Theory of operation. A session holds one worker: a stream socket for frames and two pipes for what
the student's code prints. It sends one request at a time, with a random id, and waits for one
reply while it drains the pipes, under a deadline that the worker cannot move. A reply that comes
early, is too large, does not decode or has another id ends the session. So does a deadline, a
closed channel or a flood of output. Each of these raises the StudentFault that the report will
name; after one the session is dead and its owner starts another for the checks that are left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import (
    Blocked,
    Crashed,
    GraderFault,
    NotAttempted,
    OutOfMemory,
    OverLimit,
    Refused,
    StudentFault,
    StudentRaised,
    TimedOut,
)
from grader.program import Program
from grader.sandbox import wire
from grader.sandbox.launch import Exit, Launcher, Limits
from grader.sandbox.waiting import READ_BYTES, waiter

TAIL_BYTES = 8192
MAX_NOTES, MAX_NAMES = 20, 200
# What an error in student code may be the sign of.
_LIMITS_BEHIND = {
    "MemoryError": ("memory",),
    "_ArrayMemoryError": ("memory",),
    "OSError": ("disk", "memory"),
    "RuntimeError": ("threads",),
}


@dataclass(frozen=True)
class Note:
    """Something that went wrong at top level while a submission loaded.

    fatal: the part could not run at all (a syntax error). module: the import that failed.
    """

    part: str
    line: int | None
    kind: str
    text: str
    source: str
    module: str | None
    fatal: bool

    def __str__(self) -> str:
        place = self.part if self.line is None else f"{self.part}, line {self.line}"
        return f"{place}: {self.kind}: {self.text}"


@dataclass(frozen=True)
class Loaded:
    """What loading said: notes, the names of callables, and how many figures were drawn."""

    notes: tuple[Note, ...]
    defined: tuple[str, ...]
    figures: int


@dataclass(frozen=True)
class Answer:
    """The values of one or more calls, and the positions of arguments that were changed."""

    values: list[Any]
    changed: tuple[int, ...]


class MissingFunction(StudentRaised):
    """The submission defines no function of that name. `name` is the one asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no `{name}` in the submission")
        self.name = name


class Session:
    """One worker from launch to close. Not thread-safe; one request at a time.

    dead: why no more requests can be made, or None.
    """

    def __init__(self, launcher: Launcher, limits: Limits, total_s: float | None = None) -> None:
        """`total_s`: what is left of the submission's time, where this is not its first worker."""
        self.dead: str | None = None
        self._limits = limits
        self._worker = launcher.launch(limits)
        self._ends = time.monotonic() + (limits.total_s if total_s is None else total_s)
        self._printed = 0
        self._tails = {self._worker.stdout_fd: bytearray(), self._worker.stderr_fd: bytearray()}
        self._waiter = waiter(self._worker.rpc, tuple(self._tails))
        self._open_pipes = set(self._tails)
        self._exit: Exit | None = None

    def load(self, program: Program, *, as_main: bool = False) -> Loaded:
        """Run the submission's top level. `as_main` runs its `__main__` block too."""
        limits = self._limits
        files = self._worker.place(program.files)
        request = load_request(program, files, limits.call_s, as_main=as_main)
        return self._loaded(self._ask(request, "loading the submission", limits.load_s))

    def _loaded(self, value: Any) -> Loaded:
        try:
            notes = tuple(_read_note(note) for note in _list(value, "notes")[:MAX_NOTES])
            defined = tuple(str(name)[:100] for name in _list(value, "defined")[:MAX_NAMES])
            return Loaded(notes, defined, len(_list(value, "figures")))
        except (LookupError, TypeError, ValueError):
            raise self._refuse("sent a malformed answer to load") from None

    def call(
        self, name: str, calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]], on: int | None
    ) -> Answer:
        """Call `name` once for each (args, kwargs), on the module or on a kept object.

        The deadline is `call_s` for each call, at most six times that for the message.
        """
        limit_s = self._limits.call_s * max(1, min(len(calls), 6))
        value = self._call(name, calls, on, limit_s, draw=False)
        values = _list(value, "values")
        if len(values) != len(calls):
            raise self._refuse("answered another number of calls")
        most = max((len(args) for args, _ in calls), default=0)
        told = _list(value, "changed")[:most]
        return Answer(values, tuple(i for i in told if type(i) is int and 0 <= i < most))

    def draw(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Call a plotting function: {"figure": description or None, "got", "number"}."""
        value = self._call(name, [(args, kwargs)], None, self._limits.call_s, draw=True)
        values = _list(value, "values")
        if len(values) != 1 or type(values[0]) is not dict or "figure" not in values[0]:
            raise self._refuse("sent a malformed answer to draw")
        drawn: dict[str, Any] = values[0]
        return drawn

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

    def last_output(self) -> str:
        """After the end: what was printed since `output` was called last."""
        return bytes(self._tails[self._worker.stdout_fd]).decode("utf-8", "replace")

    def close(self, why: str = "closed") -> Exit:
        """Kill the worker and free everything. Idempotent."""
        if self._exit is None:
            self.dead = self.dead or why
            self._exit = self._worker.kill()
            self._waiter.finish()
            self._drain()
            self._worker.rpc.close()
            self._waiter.close()
            self._open_pipes.clear()
        return self._exit

    def _call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: int | None,
        limit_s: float,
        *,
        draw: bool,
    ) -> dict[str, Any]:
        listed = [[list(args), dict(kwargs)] for args, kwargs in calls]
        request = {"op": "call", "name": name, "on": on, "calls": listed, "draw": draw}
        value = self._ask(request, f"`{name}`", limit_s)
        if type(value) is not dict:
            raise self._refuse("sent a malformed answer")
        return value

    def _ask(self, request: dict[str, Any], what: str, limit_s: float) -> Any:
        """Send one request, wait for its reply, raise what the reply says went wrong."""
        if self.dead is not None:
            raise Crashed(self.dead)
        # Unguessable, so that no reply can be written before its request.
        request["id"] = int.from_bytes(os.urandom(7), "little")
        self._refuse_early_bytes()
        left_s = self._ends - time.monotonic()
        deadline = time.monotonic() + min(limit_s, left_s)
        payload = self._exchange(wire.frame(request, tuples=True), what, limit_s, deadline)
        return self._read(payload, request, what)

    def _read(self, payload: bytes, request: dict[str, Any], what: str) -> Any:
        """The value of the answer to `request`; raises what it says went wrong."""
        try:
            reply = wire.decode(payload)
        except wire.BadFrame as exc:
            raise self._refuse(f"sent an answer that cannot be read: {exc}") from None
        if type(reply) is not dict or not _is_same(reply.get("id"), request["id"]):
            raise self._refuse("sent an answer to another question")
        if "error" in reply:
            fault = _fault_of(reply["error"], str(request.get("name", "")))
            raise self._limit_behind(reply["error"], what) or fault
        return reply.get("value")

    def _limit_behind(self, error: Any, what: str) -> StudentFault | None:
        """The limit behind an error that the worker reports, where the kernel confirms it.

        Both are needed: the peak of memory, once high, stays high for every later error.
        """
        kind = error.get("type") if type(error) is dict else None
        limits = _LIMITS_BEHIND.get(kind, ()) if type(kind) is str else ()
        return self._breach(what, self._worker.breaches() & {*limits}) if limits else None

    def _breach(self, what: str, breaches: Collection[str]) -> StudentFault | None:
        """The limit that the kernel's account shows was reached, as the fault to report."""
        limits = self._limits
        if "memory" in breaches:
            return OutOfMemory(f"{what} needed more than {limits.memory_mb} MB of memory")
        if "threads" in breaches:
            return OverLimit(f"{what} started more than {limits.threads} threads")
        if "disk" in breaches:
            return OverLimit(f"{what} wrote more than {limits.disk_mb} MB of files")
        if "cpu" in breaches:
            return TimedOut(f"{what} used up the submission's {limits.total_s:g} s")
        if "filter" in breaches:
            return Refused(f"{what} made a system call that the sandbox ends a process for")
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

    def _exchange(self, data: bytes, what: str, limit_s: float, deadline: float) -> bytes:
        """Write `data`, read one frame, drain the pipes, all before `deadline`."""
        reply = bytearray()
        unsent = self._send(memoryview(data), what)
        while True:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise self._time_out(what, limit_s)
            readable, writable, pipes = self._waiter.wait(left_s, writing=bool(unsent))
            for fd in pipes:
                self._read_pipe(fd)
            if writable and unsent:
                unsent = self._send(unsent, what)
            if readable:
                reply += self._receive(what)
            if self._is_whole(reply, what):
                return bytes(reply[wire.HEADER_BYTES :])

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
            self.close("returned too much")
            raise OverLimit(f"{what} returned {length >> 20} MB; at most {most_mb} MB may return")
        if len(reply) > wire.HEADER_BYTES + length:
            raise self._refuse("sent more than one answer")
        return len(reply) == wire.HEADER_BYTES + length

    def _read_pipe(self, fd: int) -> None:
        self._printed += self._keep_tail(fd)
        if self._printed > self._limits.output_mb << 20 and self._exit is None:
            self.close("printed too much")
            raise OverLimit(f"printed more than {self._limits.output_mb} MB")

    def _drain(self) -> None:
        """Take what stands in the pipes now. Bounded: a worker that floods is caught in a call."""
        for fd in tuple(self._open_pipes):
            for _ in range(32):
                if not self._keep_tail(fd):
                    break

    def _keep_tail(self, fd: int) -> int:
        """Take what stands in a pipe now, in part; how many bytes came."""
        piece = self._waiter.read(fd)
        if piece is None:
            return 0
        if not piece:
            self._open_pipes.discard(fd)
        self._tails[fd] += piece
        del self._tails[fd][:-TAIL_BYTES]
        return len(piece)

    def _refuse(self, what: str) -> Refused:
        self.close(what)
        return Refused(f"the submission's process {what}")

    def _crash(self, when: str) -> StudentFault | GraderFault:
        # A natural end needs a moment to be reaped with its own status and not our SIGKILL's.
        ended = self._worker.kill(grace_s=0.5)
        how = ended.describe()
        self.close("the submission's process ended")
        if ended.status < 0:
            # Nobody could reap it: what it was forked from is gone, which no student can cause.
            return GraderFault(f"the process that runs submissions was lost {when}")
        breach = self._breach(when.removeprefix("in "), {ended.breach})
        if breach is not None:
            return breach
        stderr = bytes(self._tails[self._worker.stderr_fd])
        last = stderr.decode("utf-8", "replace").strip().splitlines()
        said = f': "{last[-1][:200]}"' if last else ""
        return Crashed(f"the process running the submission ended {when} ({how}){said}")

    def _time_out(self, what: str, limit_s: float) -> TimedOut:
        self.close("timed out")
        if time.monotonic() >= self._ends:
            return TimedOut(
                f"the submission used up its {self._limits.total_s:g} s in all, while in {what}"
            )
        return TimedOut(f"{what} was still running after {limit_s:g} s")


def load_request(
    program: Program, files: Mapping[str, bytes], part_s: float, *, as_main: bool
) -> dict[str, Any]:
    """What asks a worker to load a program. See Worker._load."""
    return {
        "op": "load",
        "module": program.module,
        "files": dict(files),
        "parts": [[part.label, part.filename, part.source] for part in program.parts],
        "part_s": part_s,
        "main": as_main,
    }


def _is_same(got: Any, asked: Any) -> bool:
    """Equal and of one type: a forged array would compare to an array."""
    return type(got) is type(asked) and bool(got == asked)


def _list(value: Any, key: str) -> list[Any]:
    if type(value) is not dict or type(value.get(key)) is not list:
        raise Refused(f"the submission's process sent an answer without {key}")
    found: list[Any] = value[key]
    return found


def _read_note(raw: Any) -> Note:
    return Note(
        part=str(raw["part"])[:200],
        line=raw["line"] if type(raw["line"]) is int else None,
        kind=str(raw["type"])[:100],
        text=str(raw["text"])[:1000],
        source=str(raw["source"])[:200],
        module=None if raw["module"] is None else str(raw["module"])[:100],
        fatal=raw["fatal"] is True,
    )


def _fault_of(error: Any, name: str) -> StudentFault:
    """The typed fault for what the worker says. Its word can cost points, never give any."""
    if type(error) is not dict:
        return Refused("the submission's process sent a malformed error")
    if _is_same(error.get("kind"), "missing"):
        return MissingFunction(name)
    kind, text = str(error.get("type"))[:100], str(error.get("text"))[:1000]
    listed = error.get("frames")
    frames = [entry for entry in listed if _is_frame(entry)] if type(listed) is list else []
    if kind == "NotImplementedError" and frames and not _is_method(frames[-1][2]):
        inner = frames[-1][2]
        if inner == name or len(frames) == 1:
            return NotAttempted(f"`{name}` is not written yet")
        return Blocked(f"`{name}` calls `{inner}`, which is not written yet")
    lines = [f"{kind}: {text}" if text else kind]
    lines += [f"  {place}, line {line}, in {where}: {code}" for place, line, where, code in frames]
    return StudentRaised("\n".join(lines))


def _is_frame(entry: Any) -> bool:
    return (
        type(entry) is list
        and len(entry) == 4
        and [type(item) for item in entry] == [str, int, str, str]
    )


def _is_method(qualified_name: str) -> bool:
    """An abstract method that raises NotImplementedError is not a stub of the homework's."""
    return "." in qualified_name.replace(".<locals>.", "/")
