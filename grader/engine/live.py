"""Runs checks on the functions of a running notebook, in its kernel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.checks.figure import FigureDescription
from grader.engine.loading_notes import elsewhere
from grader.engine.proxy import Subject
from grader.engine.source import StudentSource
from grader.errors import Blocked, NotAttempted, StudentFault, StudentRaised
from grader.sandbox.host.live import LiveCode, LiveSession
from grader.sandbox.host.requests import shown_name
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.answers import MissingFunction
from grader.sandbox.protocol.wire import Handle
from grader.submission.program import Program

_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


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
        try:
            return super().source(names)
        except MissingFunction as fault:
            raise self.explained(fault, fault.name) from None

    def explained(self, fault: StudentFault, name: str, on: Handle | None = None) -> StudentFault:
        """See Subject.explained. A function of the homework whose cell has not been run yet is not
        written yet, as far as these checks know."""
        explained = super().explained(fault, name, on)
        absent = self._absent(fault)
        if absent is None:
            return explained
        if absent == name:
            return NotAttempted(f"`{name}` is not defined here yet: run its cell")
        called = shown_name(name, on)
        return Blocked(f"`{called}` calls `{absent}`, which is not defined here yet: run its cell")

    def _absent(self, fault: StudentFault) -> str | None:
        """The function of the homework that the kernel does not know and that a fault is about.

        None where something like it is defined: then the name is the mistake.
        """
        if self._loaded is None or self._program is None:
            return None
        if type(fault) is MissingFunction:
            name, near = fault.name, fault.near
        else:
            found = _UNKNOWN.fullmatch(fault.said) if isinstance(fault, StudentRaised) else None
            name, near = (found[1] if found else ""), ""
        defined = self._loaded.defined
        if near or name in defined or name not in self._functions:
            return None
        return None if elsewhere(name, self._program, defined, self._functions) else name

    def _open(self, left_s: float) -> Session:
        return LiveSession(self._live)
