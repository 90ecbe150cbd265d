"""Which functions of a submission change their arguments in place, and how a student reads it."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from grader.submission.in_place import InPlace
from grader.submission.program import Program


class ChangesInPlace:
    """What was seen of one submission. program: None where it cannot be read.

    functions: the names of the parameters of each function asked for.
    """

    def __init__(self, program: Program | None, functions: Mapping[str, tuple[str, ...]]) -> None:
        self._program = program
        self._functions = functions
        self._told: dict[str, str] = {}

    def note(self, name: str, position: int, argument: str, *, method: bool) -> str:
        """Take note of a change; returns what the report says of it.

        name: of the function, or of a method. argument: what to call what it changed.
        """
        text = f"`{name}` changed {argument} in place"
        if name not in self._told and not method:
            place = self._reading.place(name, position)
            names = self._functions.get(name, ())
            copy = f"{names[position]}.copy()" if position < len(names) else ".copy()"
            where = "" if place is None else f" ({place})"
            self._told[name] = f"{text}{where}; work on a copy: `{copy}`"
        return self._told.get(name) or text

    def cause(self, called: set[str]) -> str | None:
        """What stands behind a failure of a check that called these functions, if this may.

        It is that a function changes its arguments in place: one of them, or one that those call.
        """
        if not self._told:
            return None
        involved = self._reading.called_by(called)
        return next((text for name, text in self._told.items() if name in involved), None)

    @functools.cached_property
    def _reading(self) -> InPlace:
        assert self._program is not None
        return InPlace(self._program)
