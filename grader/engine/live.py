"""Runs checks on the functions of a running notebook, in its kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.checks.figure import FigureDescription
from grader.engine.proxy import Subject
from grader.engine.source import StudentSource
from grader.sandbox.host.live import LiveCode, LiveSession
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.wire import Handle
from grader.submission.program import Program


class LiveSubject(Subject):
    """A submission whose functions are defined here already. See proxy.Subject.

    called: the functions that the checks have asked for so far.
    """

    def __init__(
        self, live: LiveCode, labels: Mapping[str, str], program: Program | None, *args: Any
    ) -> None:
        """labels: how messages name the program's parts, by the labels that the reader gave."""
        if program is not None:
            parts = [
                replace(part, label=labels.get(part.label, part.label)) for part in program.parts
            ]
            program = replace(program, parts=tuple(parts))
        super().__init__(program, *args)
        self._live = live
        self.called: set[str] = set()

    def call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None = None,
    ) -> list[Any]:
        """See Subject.call."""
        if on is None:
            self.called.add(name)
        return super().call(name, calls, on)

    def draw(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], on: Handle | None = None
    ) -> FigureDescription:
        """See Subject.draw."""
        if on is None:
            self.called.add(name)
        return super().draw(name, args, kwargs, on)

    def source(self, names: Sequence[str]) -> StudentSource:
        """See Subject.source."""
        self.called.update(names)
        return super().source(names)

    def _open(self, left_s: float) -> Session:
        return LiveSession(self._live)
