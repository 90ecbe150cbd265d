"""Runs checks with the student's code in this process, so that breakpoints in it work."""

from __future__ import annotations

import bdb
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.engine.proxy import Subject
from grader.errors import StudentRaised
from grader.sandbox.host import in_process
from grader.sandbox.host.session import Session

_DEBUGGER_ID = 0  # of sys.monitoring, from Python 3.12 on
_DEBUGGERS = ("pydevd", "debugpy")


class LocalSubject(Subject):
    """A submission whose functions run here. See proxy.Subject."""

    def __init__(self, folder: Path | None, *args: Any) -> None:
        """folder: where the submission's files lie."""
        super().__init__(*args)
        self._folder = folder

    def _open(self, left_s: float) -> Session:
        return in_process.LocalSession(self._folder)


def students_part(raised: BaseException) -> TracebackType | None:
    """The part of an error's traceback that is in the student's code."""
    entry = raised.__traceback__ if isinstance(raised, StudentRaised) else None
    found = None
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == in_process.__file__:
            found = entry.tb_next
        entry = entry.tb_next
    return found


def debugger_attached() -> bool:
    """Whether a debugger, for example an IDE's, is attached to this process."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None and monitoring.get_tool(_DEBUGGER_ID) is not None:
        return True
    if isinstance(getattr(sys.gettrace(), "__self__", None), bdb.Bdb):
        return True
    return any(name in sys.modules for name in _DEBUGGERS)
