"""The functions of a running notebook, checked in its own kernel: nothing is loaded.

Everything else is as in a worker, whose code this is: arguments and results are packed and unpacked
as if they travelled, so that a check comes out as it does for the same code in a file. What the
functions print is kept for the check. When a session closes, the kernel is as it was: figures,
matplotlib's settings and random numbers. For the student's own machine alone.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import random
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.sandbox.guest.shell import refuse_input
from grader.sandbox.host.in_process import InsideWorker, LocalSession
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.session import HEARD_BYTES
from grader.sandbox.protocol.answers import LoadAnswer
from grader.submission.program import Program

_COURSES_OWN = "checks.py"


@dataclass(frozen=True)
class LiveCode:
    """What a kernel has run.

    module: its `__main__`. folder: that of the homework, where the student's own modules lie.
    label_of: how a message names the cell that Python knows by a file name; None for another file.
    filters: the kernel's own for warnings, as `warnings.filters` lists them.
    """

    module: ModuleType
    folder: Path
    label_of: Callable[[str], str | None]
    filters: tuple[Any, ...]


class LiveSession(LocalSession):
    """Has a session's methods, and calls what is defined in this process now."""

    def __init__(self, live: LiveCode) -> None:
        self.dead, self.warned = None, []
        self._limits = Limits()
        self._filters = live.filters
        self._printed_since: list[str] = []
        self._heard_last = ""
        self._undo = contextlib.ExitStack()
        self._undo.enter_context(_same_random_numbers())
        self._undo.enter_context(_same_figures())
        self._undo.enter_context(nobody_asked_or_shown())
        self._live = self._inside = _LiveWorker(live)
        self._undo.callback(self._inside.close)

    def load(self, program: Program, *, as_main: bool = False) -> LoadAnswer:
        """See Session.load. It has been run, cell by cell: this says what is defined."""
        return self._loaded(self._ask({"op": "load"}, "looking at the notebook", 0.0))

    def output(self) -> str:
        """See Session.output."""
        text, self._printed_since = "".join(self._printed_since), []
        return text[-HEARD_BYTES:]

    def _answered(self, payload: bytes) -> bytes:
        heard = OutputTail()
        try:
            # pytest ignores warnings while it runs checks; the student's are part of the result.
            with warnings.catch_warnings(), contextlib.redirect_stdout(heard):
                warnings.filters[:] = self._filters  # type: ignore[index]
                self._live.begin_warnings()
                return self._live.answer(payload)
        finally:
            self._heard_last = heard.text
            self._printed_since.append(heard.text)


class OutputTail:
    """Stands for the page that output goes to: keeps the end of what is printed there."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._size = 0

    @property
    def text(self) -> str:
        """What was printed, the last HEARD_BYTES characters at least."""
        return "".join(self._texts)

    def write(self, text: str) -> int:
        """Keep a text that is printed."""
        self._texts.append(str(text))
        self._size += len(text)
        while self._size - len(self._texts[0]) > HEARD_BYTES:
            self._size -= len(self._texts.popleft())
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False


class _LiveWorker(InsideWorker):
    """A worker's interpreter state that is the kernel's own."""

    def __init__(self, live: LiveCode) -> None:
        super().__init__(live.folder)
        self._live = live
        self._module = live.module
        self._folder = str(live.folder.resolve()) + os.sep

    def begin_warnings(self) -> None:
        """Keep what is warned of from now on."""
        self._warned.begin()

    def describe_error(self, exc: BaseException) -> dict[str, object]:
        """See Worker.describe_error. A cell is named by its number."""
        told = super().describe_error(exc)
        for frame in told["frames"]:  # type: ignore[attr-defined]
            frame[0] = self._live.label_of(frame[0]) or frame[0]
        return told

    def _warnings(self) -> dict[str, object]:
        found = super()._warnings()
        for entry in found.get("warned", ()):  # type: ignore[attr-defined]
            entry[2] = self._live.label_of(entry[2]) or entry[2]
        return found

    def _load(self, request: dict[str, Any]) -> dict[str, object]:
        random.seed(0)
        np.random.seed(0)
        # IPython's own names for results begin with an underscore, and so do its helpers.
        named = [name for name, value in vars(self._module).items() if callable(value)]
        return {"notes": [], "defined": [n for n in named if n[:1] != "_"][-200:], "figures": []}

    def _is_theirs(self, filename: str) -> bool:
        if self._live.label_of(filename) is not None:
            return True
        own = filename.startswith(self._folder) and "site-packages" not in filename
        return own and filename != self._folder + _COURSES_OWN


@contextlib.contextmanager
def _same_random_numbers() -> Iterator[None]:
    pythons, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(pythons)
        np.random.set_state(numpys)


@contextlib.contextmanager
def _same_figures() -> Iterator[None]:
    """Set the notebook's figures aside; at the end they are the only ones again.

    Watching for figures changes the backend, which is matplotlib's and this process's.
    """
    environment = os.environ.get("MPLBACKEND")
    matplotlib: Any = sys.modules.get("matplotlib")
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    backend, managers = environment, {}
    if pyplot is not None:
        backend, figures = matplotlib.get_backend(), pyplot._pylab_helpers.Gcf.figs
        managers = dict(figures)
        figures.clear()
    settings = contextlib.nullcontext() if matplotlib is None else matplotlib.rc_context()
    try:
        with settings:
            yield
    finally:
        os.environ.pop("MPLBACKEND", None)
        os.environ.update({} if environment is None else {"MPLBACKEND": environment})
        matplotlib, pyplot = (sys.modules.get(f"matplotlib{end}") for end in ("", ".pyplot"))
        if pyplot is not None:
            pyplot.close("all")
            if backend is not None:
                # Jupyter's looks here, when it is imported, whether it is the one in use.
                matplotlib.rcParams["backend"] = backend
                pyplot.switch_backend(backend)
            pyplot._pylab_helpers.Gcf.figs.update(managers)


@contextlib.contextmanager
def nobody_asked_or_shown() -> Iterator[None]:
    """`input()` and `display()` are as where work is graded: nobody answers, nothing is shown."""
    before = {name: vars(builtins).get(name) for name in ("input", "display")}
    vars(builtins).update(input=refuse_input, display=lambda *args, **kwargs: None)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                vars(builtins).pop(name, None)
            else:
                setattr(builtins, name, value)
