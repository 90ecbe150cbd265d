"""The process that imports a student's code, and the only one that does.

Theory of operation. The trusted side sends frames on one socket and this loop answers each with one
frame: `load` runs the submission, `call` calls its functions, `png` renders a figure kept from a
call. Nothing here is trusted: student code shares this interpreter and can change any of it. So no
test, expected value or secret is ever sent here, and whatever is sent back is evidence, not proof.

What this module does for the student, not against them: each call gets fresh copies of its
arguments; code that stops at top level costs only that statement; `input()`, `plt.show()` and a
backend that needs a screen do not break a submission; tracebacks hold the student's frames only.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import faulthandler
import importlib
import linecache
import os
import socket
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.sandbox.guest import figures
from grader.sandbox.guest.explaining import line_in, text_and_place_of, text_of, with_caret
from grader.sandbox.guest.forms import in_form
from grader.sandbox.guest.imports import PromisedOnly
from grader.sandbox.guest.interpreter import FUTURE_FLAGS, Interpreter
from grader.sandbox.guest.objects import (
    MissingName,
    MissingObject,
    Objects,
    StepFailed,
    own_copy,
    snapshot,
)
from grader.sandbox.guest.shell import Shell, make_friendly
from grader.sandbox.guest.soft_limit import soft_limit
from grader.sandbox.guest.warned import WarningLog
from grader.sandbox.protocol import wire

MAX_NOTES = 20
MAX_FRAMES = 12
MAX_FIGURES = 16
READ_BYTES = 1 << 16
STDERR = 2
LOAD_SHARE = 0.75  # of the time for loading; our own start and the answer need some too


class Worker:
    """One submission's interpreter state: its module, kept objects and kept figures."""

    def __init__(
        self,
        watch: figures.FigureWatch | None = None,
        functions: Mapping[str, Callable[..., object]] | None = None,
    ) -> None:
        """watch: one that was begun before the fork, where there was one; it is not cheap.

        functions: what can be called before anything is loaded.
        """
        self._module = types.ModuleType("submission")
        self._module.__dict__.update(functions or {})
        self._folder = str(Path.cwd()) + os.sep
        self._filenames: set[str] = set()
        self._lines: dict[str, list[str]] = {}
        self._notes: list[dict[str, object]] = []
        self._objects = Objects(lambda: self._module, self._is_theirs)
        self._figures: dict[int, Any] = {}
        self._watch = watch or figures.watch()
        self._warned = WarningLog(self._is_theirs)
        self._own: dict[str, Callable[..., object]] = {}  # what stands aside for one in form
        self._operations: dict[str, Callable[[dict[str, Any]], object]] = {
            "load": self._load,
            "call": self._call,
            "get": self._objects.get,
            "set": self._objects.set,
            "keep": lambda request: self._objects.keep(self._objects.resolved(request["value"])),
            "steps": self._steps,
            "run": self._run,
            "isinstance": self._objects.is_instance,
            "forms": self._put_in_form,
            "png": self._png,
        }

    def serve(self, rpc: socket.socket) -> None:
        """Answer frames until the trusted side closes the channel."""
        while (payload := _receive(rpc)) is not None:
            reply = self.answer(payload)
            _flush()
            rpc.sendall(reply)

    def answer(self, payload: bytes | memoryview) -> bytes:
        """The frame that answers a request. What the student's code raises is part of it."""
        request = wire.decode_request(payload)
        if request.get("tell_s"):
            # On standard error, where the trusted side reads it after it has ended us.
            faulthandler.dump_traceback_later(request["tell_s"], file=STDERR)
        try:
            operation = self._operations[request["op"]]
            answer = {"id": request["id"], "value": operation(request)}
            return wire.frame({**answer, **self._warnings()}, self._objects.travelling)
        except BaseException as exc:
            reply = {"id": request["id"], "error": self.describe_error(exc)}
            return wire.frame({**reply, **self._warnings()})
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _warnings(self) -> dict[str, object]:
        """What was warned of since the last answer, where there is something."""
        told = self._warned.take()
        for entry in told:
            entry[2] = str(entry[2]).removeprefix(self._folder)
        return {"warned": told} if told else {}

    # Loading

    def _load(self, request: dict[str, Any]) -> dict[str, object]:
        """Write the files, run the parts, say what is there.

        The request: module (its name), files (path to bytes), parts (a list of [label, file name,
        source, first line]; one for a module, one per code cell for a notebook), notebook (run the
        parts as IPython runs cells), part_s (soft limit of one top-level statement), load_s (after
        so long we are ended), main (run as `__main__`, as a notebook always is), packages (the
        only ones that may be imported; None where nothing has to be refused).
        """
        ends = time.monotonic() + LOAD_SHARE * request["load_s"]
        self._lay(request["files"])
        self._settle()
        if request.get("packages") is not None:
            sys.meta_path.insert(0, PromisedOnly(request["packages"], self._folder))
        notebook = request["notebook"]
        name = "__main__" if request["main"] or notebook else request["module"]
        module = self._module = types.ModuleType(name)
        module.__dict__["__builtins__"] = builtins
        # A dataclass under `from __future__ import annotations` looks its module up here.
        sys.modules[request["module"]] = sys.modules[name] = module
        sys.argv = [request["parts"][0][1]]
        self._befriend(Shell(module, self._filenames), notebook=notebook)
        interpreter = Interpreter()
        with self._watch.program() as seen:
            for label, filename, source, first_line in request["parts"]:
                module.__dict__["__file__"] = str(Path(self._folder, filename))
                text = self._remember(filename, source, first_line)
                if notebook:
                    self._run_cell(interpreter, label, filename, text, request["part_s"], ends)
                    self._watch.end_cell()
                else:
                    self._run_part(label, filename, text, request["part_s"], ends)
        self._figures = dict(enumerate(seen.filled[:MAX_FIGURES]))
        defined = [key for key, value in vars(module).items() if callable(value)]
        return {
            "notes": self._notes,
            "defined": [key for key in defined if not key.startswith("__")][:200],
            "figures": list(self._figures),
        }

    def _lay(self, files: dict[str, bytes]) -> None:
        """Write files where the code that runs finds them."""
        for name, data in files.items():
            path = Path(name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            except (OSError, ValueError) as exc:  # such as a name that this file system lacks
                self._note(name[:80], exc, None, fatal=False)

    def _settle(self) -> None:
        """Make the folder where we stand the one that modules are imported from."""
        self._set_folder(Path.cwd())

    def _set_folder(self, folder: Path) -> None:
        self._folder = str(folder) + os.sep
        sys.path.insert(0, str(folder))

    def _befriend(self, shell: Shell, *, notebook: bool) -> None:
        make_friendly(shell, self._is_theirs, notebook=notebook)
        self._warned.begin()

    def _remember(self, filename: str, source: bytes, first_line: int) -> bytes:
        """Keep a part's lines for tracebacks. Returns the part with its lines numbered as in the
        file: several parts may come from one."""
        self._filenames.add(filename)
        before = first_line - 1
        lines = source.decode("utf-8", "replace").splitlines(True)
        kept = self._lines.setdefault(filename, [])
        kept += ["\n"] * (before + len(lines) - len(kept))
        kept[before : before + len(lines)] = lines
        linecache.cache[filename] = (sum(map(len, kept)), None, kept, filename)
        return b"\n" * before + source

    def _run_cell(
        self,
        interpreter: Interpreter,
        label: str,
        filename: str,
        source: bytes,
        part_s: float,
        ends: float,
    ) -> None:
        """Run a notebook's cell as `_run_part` runs a file, with the rules of IPython."""
        try:
            statements = interpreter.parsed(source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
            self._note(label, exc, getattr(exc, "lineno", None), fatal=True)
            return
        for statement in statements:
            code = None
            try:
                code = interpreter.compiled(statement, filename)
                with soft_limit(part_s, max((ends - time.monotonic()) / 2, 0.01)):
                    interpreter.run(code, self._module.__dict__)
            except BaseException as exc:
                line = getattr(exc, "lineno", None) if code is None else line_in(exc, code)
                self._note(label, exc, line, fatal=False)

    def _run_part(
        self, label: str, filename: str, source: bytes, part_s: float, ends: float
    ) -> None:
        """Run one file or cell. A statement that raises is noted and the next one goes on.

        Many slow statements share the time until `ends`: each may take half of what is left,
        so that there is always some for the definitions that follow.
        """
        try:
            code = compile(source, filename, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
            self._note(label, exc, getattr(exc, "lineno", None), fatal=True)
            return
        flags = code.co_flags & FUTURE_FLAGS
        body: list[ast.stmt] = []
        start = 0
        while True:
            try:
                with soft_limit(part_s, max((ends - time.monotonic()) / 2, 0.01)):
                    exec(code, self._module.__dict__)
                return
            except BaseException as exc:
                line = line_in(exc, code)
                self._note(label, exc, line, fatal=False)
            body = body or ast.parse(source, filename).body
            start += 1 + sum(1 for item in body[start + 1 :] if item.lineno <= (line or 0))
            if start >= len(body):
                return
            code = compile(ast.Module(body[start:], []), filename, "exec", flags, True)

    def _note(self, label: str, exc: BaseException, line: int | None, *, fatal: bool) -> None:
        source = with_caret(exc) if isinstance(exc, SyntaxError) else ""
        if len(self._notes) < MAX_NOTES:
            self._notes.append(
                {
                    "part": label,
                    "line": line or None,  # a fault of the encoding has line 0
                    "type": type(exc).__name__,
                    "text": text_of(exc) if fatal else text_and_place_of(exc),
                    "source": source[:200],
                    "module": getattr(exc, "name", None) if isinstance(exc, ImportError) else None,
                    "fatal": fatal,
                }
            )

    def _run(self, request: dict[str, Any]) -> None:
        """Run source among the submission's own names, after it was loaded.

        The request: label (its file name in messages), source (bytes), needs (names that have to be
        there; one that is `...` is still to be written). Raises MissingName for such a name.
        """
        names = self._module.__dict__
        for name in request["needs"]:
            if names.get(name, ...) is ...:
                raise MissingName(name)
        text = self._remember(request["label"], request["source"], 1)
        exec(compile(text, request["label"], "exec", dont_inherit=True), names)

    def _put_in_form(self, request: dict[str, Any]) -> None:
        """See forms.py. The request: counts (arguments, by function); no other is in form then."""
        names = self._module.__dict__
        names.update(self._own)
        self._own = {name: names[name] for name in request["counts"] if callable(names.get(name))}
        names.update({n: in_form(own, request["counts"][n]) for n, own in self._own.items()})

    # Calling

    def _call(self, request: dict[str, Any]) -> dict[str, object]:
        """Call a function once for each entry of `calls`.

        The request: name, on (a handle's number, or None for the module), calls (a list of
        [args, kwargs]), draw (describe the figure that the one call draws).
        """
        target = self._objects.find(request["on"], request["name"])
        values: list[object] = []
        changed: set[int] = set()
        for args, kwargs in request["calls"]:
            given = [self._objects.resolved(arg) for arg in args]
            named = {key: self._objects.resolved(value) for key, value in kwargs.items()}
            before = [snapshot(arg) for arg in given]
            if request["draw"]:
                values.append(self._draw(target, given, named))
            else:
                values.append(own_copy(target(*given, **named)))
            changed.update(
                index for index, arg in enumerate(given) if snapshot(arg) != before[index]
            )
        return {"values": values, "changed": sorted(changed)}

    def _steps(self, request: dict[str, Any]) -> dict[str, object]:
        """See Objects.take_steps. What a step raises is told with its place."""
        try:
            return self._objects.take_steps(request)
        except StepFailed as failed:
            error = self.describe_error(failed.raised)
            return {"values": [], "error": error, "step": failed.step, "owner": failed.owner}

    def _draw(self, target: Callable[..., object], args: list[Any], kwargs: Any) -> object:
        with self._watch.during() as seen:
            result = target(*args, **kwargs)
            figure = figures.pick(result, seen)
        if figure is None:
            return {"figure": None, "got": _kind_of(result), "number": None}
        number = len(self._figures)
        self._figures[number] = figure
        return {"figure": figures.describe(figure), "got": "Figure", "number": number}

    def _png(self, request: dict[str, Any]) -> bytes:
        picture: bytes = figures.png(self._figures[request["number"]], request["dpi"])
        return picture

    def _is_theirs(self, filename: str) -> bool:
        return filename in self._filenames or filename.startswith(self._folder)

    def describe_error(self, exc: BaseException) -> dict[str, object]:
        if isinstance(exc, MissingName):
            return {"kind": "missing", "type": exc.near, "text": str(exc), "frames": []}
        if isinstance(exc, MissingObject):
            return {"kind": "lost", "type": "", "text": "", "frames": []}
        frames = []
        for frame, line in traceback.walk_tb(exc.__traceback__):
            code = frame.f_code
            if self._is_theirs(code.co_filename):
                name = code.co_filename.removeprefix(self._folder)
                text = linecache.getline(code.co_filename, line).strip()
                frames.append([name, line, code.co_qualname, text[:200]])
        return {
            "kind": "raised",
            "type": type(exc).__name__,
            "text": text_and_place_of(exc),
            "frames": frames[-MAX_FRAMES:],
        }


def _receive(rpc: socket.socket) -> memoryview | None:
    """The next frame's payload; None once the channel is closed. Nothing follows a frame
    before its answer, so a read never takes more than one."""
    data = bytearray()
    wanted = wire.HEADER_BYTES
    while len(data) < wanted or wanted == wire.HEADER_BYTES:
        piece = rpc.recv(READ_BYTES)
        if not piece:
            return None
        data += piece
        if len(data) >= wire.HEADER_BYTES:
            wanted = wire.HEADER_BYTES + wire.payload_length(data)
    return memoryview(data)[wire.HEADER_BYTES :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # Student code may have replaced or closed the stream; its output is then its loss.
        with contextlib.suppress(BaseException):
            stream.flush()


def _kind_of(value: object) -> str:
    """The name of a value's type; with its library's where that is named as matplotlib's own is."""
    name, library = type(value).__name__, type(value).__module__.partition(".")[0]
    return f"{name} of {library}" if name in ("Figure", "Axes") else name


def _take_over_input() -> int:
    """A descriptor of what was our standard input, which is empty from here on."""
    kept, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return kept


def _end_with(parent: int) -> None:
    """End this process once the other end of `parent` is closed: whoever held it has ended.

    A loop of a student's must not run on after the grader was killed.
    """

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(parent, READ_BYTES):
                pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _connect(parent: int) -> socket.socket:
    """The channel, where no descriptor could be handed down: see launch.py."""
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(parent, 1)
    port, token = line.split()
    rpc = socket.create_connection(("127.0.0.1", int(port)))
    rpc.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    rpc.sendall(bytes.fromhex(token.decode()))
    return rpc


def main() -> None:
    """Entry point of an ordinary subprocess.

    Arguments: the number of the socket, or "connect"; and "warm" to import what is usual first,
    with the modules that are named behind it.
    """
    parent = _take_over_input()
    channel, *rest = sys.argv[1:]
    rpc = _connect(parent) if channel == "connect" else socket.socket(fileno=int(channel))
    _end_with(parent)
    worker = Worker()
    if "warm" in rest:
        for name in ("matplotlib.pyplot", *rest[1:]):
            with contextlib.suppress(Exception):  # the student's own import of it says why
                importlib.import_module(name)
    worker.serve(rpc)
    os._exit(0)


if __name__ == "__main__":
    main()
