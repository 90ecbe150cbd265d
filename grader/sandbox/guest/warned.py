"""Python's and numpy's warnings about a student's code, kept for the answer to a request.

A warning is told once for each line and request: numpy's "divide by zero encountered in log" as
well as a DeprecationWarning, which Python shows for a main program only. One that the student's
code catches, hides or turns into an error never comes here.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from collections.abc import Callable
from typing import Any, TextIO

MAX_WARNINGS, MAX_TEXT = 20, 300


class WarningLog:
    """Keeps warnings until they are taken."""

    def __init__(self, is_theirs: Callable[[str], bool]) -> None:
        """is_theirs: whether a file is the student's."""
        self._is_theirs = is_theirs
        self._kept: list[list[object]] = []
        self._namespaces: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Take the place of Python's own way to show a warning, which prints it."""
        warnings.showwarning = self._show
        warnings.simplefilter("default", DeprecationWarning)

    def take(self) -> list[list[object]]:
        """What was kept since the last call: type, text, file, line and source of each.

        Python forgets on which lines it has warned, so that it warns anew.
        """
        taken, self._kept = self._kept, []
        for namespace in self._namespaces:
            namespace.pop("__warningregistry__", None)
        self._namespaces = []
        return taken

    def _show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        frame = sys._getframe(1)
        while frame is not None and not self._is_theirs(frame.f_code.co_filename):
            frame = frame.f_back  # type: ignore[assignment]  # the last frame has none
        if frame is None or len(self._kept) >= MAX_WARNINGS:
            return
        deprecated = issubclass(category, DeprecationWarning)
        if deprecated and not self._is_theirs(filename):
            return  # a library's own, about itself
        self._namespaces.append(frame.f_globals)
        name, number = frame.f_code.co_filename, frame.f_lineno
        source = linecache.getline(name, number).strip()[:MAX_TEXT]
        self._kept.append([category.__name__, str(message)[:MAX_TEXT], name, number, source])
