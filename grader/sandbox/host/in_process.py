"""A submission run in this very process, for a debugger: no process of its own, no limits.

Everything else is as in a worker, whose code this is: arguments and results are packed and unpacked
as if they travelled, so that a check comes out the same. The student's files keep their real
paths, where an editor has set its breakpoints. For the student's own machine alone.
"""

from __future__ import annotations

import contextlib
import io
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import numpy as np
import pytest

from grader.errors import StudentFault
from grader.sandbox.guest.shell import Shell
from grader.sandbox.guest.worker import Worker
from grader.sandbox.host.launch import Exit, Limits
from grader.sandbox.host.requests import framed, load_request
from grader.sandbox.host.session import HEARD_BYTES, Session
from grader.sandbox.protocol import wire
from grader.sandbox.protocol.answers import LoadAnswer
from grader.submission.program import Program

_DEBUGGERS = ("pdb", "bdb", "cmd")
_PYTESTS_OWN = (pytest.exit.Exception, pytest.fail.Exception, pytest.skip.Exception)


class LocalSession(Session):
    """Has a session's methods and no worker. `close` undoes what loading did to this process."""

    def __init__(self, folder: Path | None) -> None:
        """folder: where the submission's files really lie, if they do."""
        self.dead, self.warned = None, []
        self._limits = Limits()
        self._undo = contextlib.ExitStack()
        self._scratch = self._undo.enter_context(
            tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        )
        self._inside = InsideWorker(folder or Path(self._scratch))
        self._undo.callback(self._inside.close)
        self._heard_last = ""

    def load(self, program: Program, *, as_main: bool = False) -> LoadAnswer:
        """See Session.load. The parts get the paths of the files that they come from."""
        parts = tuple(
            replace(part, filename=self._inside.real_path(part.filename)) for part in program.parts
        )
        self._undo.enter_context(_same_modules(program.module))
        placed = replace(program, parts=parts)
        request = load_request(placed, program.files, 0.0, 0.0, as_main=as_main)
        return self._loaded(self._ask(request, "loading the submission", 0.0))

    def output(self) -> str:
        """See Session.output: it went straight to the terminal."""
        return ""

    def printed_last(self) -> str:
        """See Session.printed_last."""
        return self._heard_last[-HEARD_BYTES:]

    def last_output(self) -> str:
        """See Session.last_output."""
        return ""

    def close(self, why: str = "closed") -> Exit:
        """See Session.close."""
        self.dead = self.dead or why
        self._undo.close()
        return Exit(0)

    def _ask(self, request: dict[str, Any], what: str, limit_s: float) -> Any:
        request["id"] = 1
        frame = framed(request)
        answer = self._answered(frame[wire.HEADER_BYTES :])
        try:
            return self._read(answer[wire.HEADER_BYTES :], request, what)
        except StudentFault as fault:
            raise fault.with_traceback(self._inside.trace()) from None

    def _answered(self, payload: bytes) -> bytes:
        heard = _Heard(sys.stdout)
        with contextlib.chdir(self._scratch), contextlib.redirect_stdout(heard):
            answer = self._inside.answer(payload)
        self._heard_last = "".join(heard.texts)
        return answer

    def _limit_behind(self, error: Any, what: str) -> StudentFault | None:
        return None


class _Heard(io.TextIOBase):
    """A terminal that also keeps what is printed there, but not what a debugger says."""

    def __init__(self, terminal: TextIO) -> None:
        self.texts: list[str] = []
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Print it, and keep it where the student's code prints it."""
        if sys._getframe(1).f_globals.get("__name__") not in _DEBUGGERS:
            self.texts.append(text)
        return self._terminal.write(text)

    def flush(self) -> None:
        """Flush the terminal."""
        self._terminal.flush()

    def fileno(self) -> int:
        """The terminal's own: so pdb's prompt keeps its history and its arrow keys."""
        return self._terminal.fileno()

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._terminal.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in typeshed
        """The terminal's own."""
        return self._terminal.encoding


class InsideWorker(Worker):
    """A worker's interpreter state that shares its interpreter with us."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._home = folder
        self._raised: BaseException | None = None

    def real_path(self, name: str) -> str:
        """Where a file of the submission lies; its name alone if it is no file, but a cell."""
        path = (self._home / name).resolve()
        return str(path) if path.is_file() else name

    def trace(self) -> TracebackType | None:
        """The student's own frames of what was raised last, as a traceback."""
        kept: TracebackType | None = None
        raised, self._raised = self._raised, None
        entries = []
        entry = None if raised is None else raised.__traceback__
        while entry is not None:
            if self._is_theirs(entry.tb_frame.f_code.co_filename):
                entries.append(entry)
            entry = entry.tb_next
        for entry in reversed(entries):
            kept = TracebackType(kept, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
        return kept

    def close(self) -> None:
        """Undo what watching for figures did to matplotlib."""
        self._watch.close()

    def describe_error(self, exc: BaseException) -> dict[str, object]:
        """See Worker.describe_error. A wish to quit is not the student's error."""
        _pass_on_a_quit(exc)
        self._raised = exc
        return super().describe_error(exc)

    def _note(self, label: str, exc: BaseException, line: int | None, *, fatal: bool) -> None:
        _pass_on_a_quit(exc)
        super()._note(label, exc, line, fatal=fatal)

    def _settle(self) -> None:
        self._set_folder(self._home.resolve())

    def _befriend(self, shell: Shell, *, notebook: bool) -> None:
        # The keyboard stays: a debugger reads it. So do the builtins, which are ours as well.
        self._module.__dict__["get_ipython"] = lambda: shell
        if notebook:
            self._module.__dict__["display"] = lambda *args, **kwargs: None
        random.seed(0)
        np.random.seed(0)


def _pass_on_a_quit(exc: BaseException) -> None:
    """What pdb, pytest's own or Ctrl-C raises when one quits is no error of the student's."""
    if type(exc).__module__ == "bdb" or _is_exit_of_pdb(exc):
        raise KeyboardInterrupt from None
    if isinstance(exc, (KeyboardInterrupt, *_PYTESTS_OWN)):
        raise exc


def _is_exit_of_pdb(exc: BaseException) -> bool:
    """Whether pdb itself exits, as it does from Python 3.14 on when one quits at a breakpoint()."""
    entry = exc.__traceback__ if isinstance(exc, SystemExit) else None
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return entry is not None and entry.tb_frame.f_globals.get("__name__") == "pdb"


@contextlib.contextmanager
def _same_modules(name: str) -> Iterator[None]:
    """Forget at the end the module `name`, what it imported from beside it, and its search path."""
    before, path, argv = dict(sys.modules), list(sys.path), list(sys.argv)
    try:
        yield
    finally:
        own = tuple(entry for entry in sys.path if entry not in path)
        for key, module in list(sys.modules.items()):
            file = str(getattr(module, "__file__", None) or "")
            if key in (name, "__main__") or (key not in before and own and file.startswith(own)):
                sys.modules.pop(key)
        sys.modules.update({key: before[key] for key in (name, "__main__") if key in before})
        sys.path[:], sys.argv[:] = path, argv
