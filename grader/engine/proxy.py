"""What a check sees of a submission: the `student` fixture.

`student.softmax(Z)` runs in the worker and returns a plain value; `student.softmax.map([...])`
makes many calls in one message; `student.plot_history.draw(history)` returns a figure's
description. Behind it, one `Subject` serves the whole submission: it starts a worker when one is
needed, loads the program, starts another worker if one died, keeps track of time, and collects
warnings.
"""

from __future__ import annotations

import difflib
import functools
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from grader.checks.figure import FigureDescription
from grader.course.assignment import LimitsSpec
from grader.engine.call_log import CallLog
from grader.engine.drawn import DrawnFigure, WorkersFigure
from grader.engine.printed import OutputLog
from grader.engine.python_errors import explain
from grader.engine.raised import as_raised, bases_of
from grader.engine.values import (
    how_to_draw,
    is_installed,
    narrow_float,
    widened,
)
from grader.errors import (
    Blocked,
    CheckFailed,
    GraderFault,
    NotAttempted,
    Refused,
    StudentFault,
    StudentRaised,
    TimedOut,
)
from grader.sandbox.host.launch import Launcher, Limits
from grader.sandbox.host.session import Session
from grader.sandbox.protocol import packages, wire
from grader.sandbox.protocol.answers import LoadAnswer, MissingFunction, Note
from grader.sandbox.protocol.wire import Handle
from grader.submission.imports import Import, imports_outside
from grader.submission.in_place import InPlace
from grader.submission.program import Program, definition_of

MAX_TIMEOUTS_OF_ONE_FUNCTION = 2
# Faults of a call that say nothing was written, or that what was written is not allowed.
_NO_ATTEMPT = (MissingFunction, NotAttempted, Blocked, Refused)
PROMISED = f"only {packages.in_words()} are available"


def limits_of(spec: LimitsSpec) -> Limits:
    """An assignment's limits, the defaults where it names none."""
    named = {field.name: getattr(spec, field.name) for field in fields(Limits)}
    return Limits(**{name: value for name, value in named.items() if value is not None})


class Subject:
    """One submission under test.

    problem: why it cannot be run at all; then every call raises it. warnings: for the report.
    log: what the check has called. figures: those drawn since `take_figures`. calls: how many
    there were of its functions.
    attempts: those of them that met more than a stub or an empty place.
    """

    def __init__(
        self,
        program: Program | None,
        launcher: Launcher,
        limits: Limits,
        functions: Mapping[str, tuple[str, ...]],
        problem: str | None = None,
    ) -> None:
        self.warnings: list[str] = []
        self.calls = self.attempts = 0
        self._program = program
        self._launcher = launcher
        self._limits = limits
        self._functions = functions
        self._problem: StudentFault | None = StudentRaised(problem, whole=True) if problem else None
        self._session: Session | None = None
        self._loaded: LoadAnswer | None = None
        self._spent_s = 0.0
        self._started = 0.0
        self._timeouts: Counter[str] = Counter()
        self._figures: list[DrawnFigure] = []
        self._drawn: dict[tuple[Session, str, bytes], tuple[FigureDescription, DrawnFigure]] = {}
        self._printed = OutputLog(self._warn)
        self._changes: dict[str, str] = {}  # by function: how it changes an argument in place
        self.log = CallLog(functions)
        self._known_bases: Mapping[str, str] | None = None

    @property
    def problem(self) -> StudentFault | None:
        """Why it cannot be run at all, so far as has been tried."""
        return self._problem

    def call(
        self, name: str, calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]], on: int | None
    ) -> list[Any]:
        """Values of several calls of one function. Raises the StudentFault that ended them."""
        if on is None:
            self.log.add(name, calls)
        session = self._ready(name)
        self.calls += 1
        try:
            answer = session.call(name, calls, on)
        except StudentFault as fault:
            raise self._explained(fault, name) from None
        finally:
            self._settle()
        self.attempts += 1
        for position in answer.changed:
            self._note_change(name, position, method=on is not None)
        narrow = set(filter(None, map(narrow_float, answer.values)))
        for kind in sorted(narrow):
            self._warn(f"`{name}` computes in {kind}; float64 is asked for")
        return [widened(value) for value in answer.values] if "float16" in narrow else answer.values

    def draw(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> FigureDescription:
        """The description of the figure that a plotting function draws.

        Drawing costs more than the rest of a small homework: what was drawn once from the same
        arguments is not drawn again for the next check.
        """
        session = self._ready(name)
        self.calls += 1
        key = (session, *self._asked_for(name, args, kwargs))
        if key in self._drawn:
            figure, kept = self._drawn[key]
            self._figures.append(kept)
            self.attempts += 1
            return figure
        try:
            drawn = session.draw(name, args, kwargs)
        except StudentFault as fault:
            raise self._explained(fault, name) from None
        finally:
            self._settle()
        self.attempts += 1
        if drawn["figure"] is None:
            raise CheckFailed(
                f"`{name}` drew no figure",
                expected="a matplotlib Figure",
                got=str(drawn.get("got")).replace("NoneType", "None")[:100],
                hint=how_to_draw(str(drawn.get("got"))),
            )
        figure = FigureDescription.from_wire(drawn["figure"])
        number = drawn.get("number")
        if type(number) is int:
            kept = WorkersFigure(name, session, number)
            self._figures.append(kept)
            self._drawn[key] = figure, kept
        return figure

    def _asked_for(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[str, bytes]:
        """What two drawings have in common that must come out the same."""
        return name, wire.encode([list(args), dict(kwargs)])

    def take_figures(self) -> list[DrawnFigure]:
        """The figures drawn since the last call of this."""
        taken, self._figures = self._figures, []
        return taken

    def output(self) -> str:
        """The end of what the student's code has printed since the last call of this."""
        self._gather()
        return self._printed.take_all()

    def take_printed(self) -> str | None:
        """What the student's code printed since the last call of this, and what was warned of.

        What it prints while it is loaded is not among it.
        """
        self._gather()
        return self._printed.take_of_check()

    def _gather(self) -> None:
        """Take what a living session has printed, and what it was warned of."""
        if self._session is None:
            return
        if self._session.dead is None:
            self._printed.add(self._session.output())
        told, self._session.warned = self._session.warned, []
        self._printed.add_warnings(told)

    def start(self) -> None:
        """Load the program now, so that what loading says is known before the first check."""
        if self._problem is None:
            try:
                self._ready("")
            except (StudentFault, GraderFault):
                # Each check raises it again and reports it as its own message.
                return

    def close(self) -> None:
        """End the worker. Idempotent."""
        if self._session is not None:
            self._session.close()
            self._settle()

    def _ready(self, name: str) -> Session:
        """A session in which the program is loaded. Raises the fault that prevents it."""
        if self._problem is not None:
            raise self._problem
        if self._timeouts[name] >= MAX_TIMEOUTS_OF_ONE_FUNCTION:
            raise TimedOut(f"`{name}` was not run again: it ran out of time twice before")
        if self._session is not None and self._session.dead is None:
            return self._session
        left_s = self._limits.total_s - self._spent_s
        if left_s <= 0:
            raise TimedOut(f"the submission used up its {self._limits.total_s:g} s in all")
        assert self._program is not None
        self._started = time.monotonic()
        self._session = self._open(left_s)
        try:
            self._loaded = self._session.load(self._program)
        except StudentFault as fault:
            self._problem = fault
            raise
        finally:
            self._settle()
        before = self._printed.mark()
        self._gather()
        self._printed.forget_since(before)
        self._judge_loading(self._loaded)
        return self._session

    def _open(self, left_s: float) -> Session:
        """A session in which nothing is loaded yet. left_s: what is left of the time for all."""
        return Session(self._launcher, self._limits, left_s)

    def _judge_loading(self, loaded: LoadAnswer) -> None:
        missing = self._imports_outside()
        for each in missing:
            self._warn(
                f"{each.place}: imports {each.module}, which is not there where your work is "
                f"graded; {PROMISED}"
            )
        named = {each.module for each in missing}
        for note in loaded.notes:
            if note.module is not None and note.module.partition(".")[0] in named:
                continue  # it has just been told
            line, _, _ = note.source.partition("\n")
            source = f": {line}" if note.fatal and line else ""
            self._warn(_told(note) + source + self._beginning_of(note))
        program = self._program
        fatal = [note for note in loaded.notes if note.fatal]
        if program and len(program.parts) == 1 and fatal:
            reason = f"the submission cannot be run: {_told(fatal[0])}"
            lines = fatal[0].source.split("\n")
            below = "\n".join(f"      {line}" for line in lines) if fatal[0].source else None
            self._problem = StudentRaised(reason, traceback=below, whole=True)
            raise self._problem

    def _imports_outside(self) -> list[Import]:
        """What is imported here that cannot be where work is graded, whether it was run or not.

        A jail needs no such list: there each import that is run has failed by itself. So does one
        of a module that is not installed here either.
        """
        if self._program is None or self._launcher.isolation != "none":
            return []
        found = imports_outside(self._program, packages.importable())
        return [each for each in found if is_installed(each.module)]

    def _beginning_of(self, note: Note) -> str:
        """How the cell begins that a note is of: see Program.beginning_of."""
        return self._program.beginning_of(note.part) if self._program else ""

    def _settle(self) -> None:
        """If the session died: count its time, and keep what it printed."""
        session = self._session
        if session is not None and session.dead is not None:
            self._gather()
            self._printed.add(session.last_output())
            self._spent_s += time.monotonic() - self._started
            self._session = None

    def _explained(self, fault: StudentFault, name: str) -> StudentFault:
        """The fault, with what is known about its cause."""
        if not isinstance(fault, _NO_ATTEMPT):
            self.attempts += 1
        if isinstance(fault, TimedOut):
            self._timeouts[name] += 1
        if not isinstance(fault, StudentRaised) or self._loaded is None:
            return fault
        summary, below = fault.summary, [] if fault.traceback is None else [fault.traceback]
        expected = hint = None
        if isinstance(fault, MissingFunction):
            near = difflib.get_close_matches(fault.name, self._loaded.defined, n=1)
            summary += f"; did you call it `{near[0]}`?" if near else ""
        rests_on_loading = isinstance(fault, MissingFunction) or fault.kind == "NameError"
        if rests_on_loading and self._loaded.notes:
            below += [
                f"  while loading: {_told(note)}{self._beginning_of(note)}"
                for note in self._loaded.notes[:3]
            ]
        elif fault.kind is not None:
            hint = explain(fault.kind, fault.said)
            if fault.kind == "TypeError" and fault.said.startswith(f"{name}()"):
                below += self._definition(name)
                expected = self._signature(name)
        explained = StudentRaised(
            summary,
            kind=fault.kind,
            said=fault.said,
            expected=expected,
            hint=hint,
            traceback="\n".join(below) if below else None,
        )
        # If their code runs in this process, the traceback leads a debugger to it.
        return as_raised(explained.with_traceback(fault.__traceback__), self._bases)

    def _bases(self) -> Mapping[str, str]:
        """The classes that the submission defines, by name, each with its first base."""
        if self._known_bases is None:
            self._known_bases = bases_of(self._program)
        return self._known_bases

    def _definition(self, name: str) -> list[str]:
        """The line on which the submission defines a function, if it does."""
        defined = definition_of(self._program, name) if self._program else None
        return [] if defined is None else [f"  {defined}"]

    def _signature(self, name: str) -> str | None:
        """How the checks call a function of the homework."""
        arguments = self._functions.get(name)
        return None if arguments is None else f"{name}({', '.join(arguments)})"

    def _argument(self, name: str, position: int) -> str:
        names = self._functions.get(name, ())
        return f"its argument {names[position] if position < len(names) else position + 1}"

    def _note_change(self, name: str, position: int, *, method: bool) -> None:
        text = f"`{name}` changed {self._argument(name, position)} in place"
        if name not in self._changes and not method:
            place = self._reading.place(name, position)
            names = self._functions.get(name, ())
            copy = f"{names[position]}.copy()" if position < len(names) else ".copy()"
            where = "" if place is None else f" ({place})"
            self._changes[name] = f"{text}{where}; work on a copy: `{copy}`"
        self._warn(self._changes.get(name) or text)

    @functools.cached_property
    def _reading(self) -> InPlace:
        assert self._program is not None
        return InPlace(self._program)

    def cause(self) -> str | None:
        """What stands behind a failure of the check that began last, as far as is known.

        It is that a function changes its arguments in place: one that the check called, or one that
        those call.
        """
        if not self._changes:
            return None
        involved = self._reading.called_by(self.log.names)
        return next((text for name, text in self._changes.items() if name in involved), None)

    def _warn(self, text: str) -> None:
        if text not in self.warnings and len(self.warnings) < 50:
            self.warnings.append(text)


def _told(note: Note) -> str:
    """What went wrong while loading, in a line."""
    return str(note) if note.module is None else f"{note} ({PROMISED})"


def _is_asked_by_libraries(name: str) -> bool:
    """Whether a name is one by which Python and libraries ask what an object can do.

    `__array__`, `_repr_pretty_` and their like: an answer would be taken for a promise.
    """
    return name.startswith("_")


class StudentProxy:
    """The `student` fixture: any attribute is a function of the submission."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def __getattr__(self, name: str) -> Function:
        if _is_asked_by_libraries(name):
            raise AttributeError(name)
        return Function(self._subject, name)

    def __repr__(self) -> str:
        return "student"


class Function:
    """A function of the submission, or a method of an object kept in the worker."""

    def __init__(self, subject: Subject, name: str, on: int | None = None) -> None:
        self._subject = subject
        self._name = name
        self._on = on

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it in the worker. Raises the StudentFault that ended it."""
        sent = [arg.handle if isinstance(arg, RemoteObject) else arg for arg in args]
        return self._wrapped(self._subject.call(self._name, [(sent, kwargs)], self._on)[0])

    def map(self, calls: Sequence[Sequence[Any]]) -> list[Any]:
        """One call for each tuple of positional arguments, all in one message."""
        values = self._subject.call(self._name, [(args, {}) for args in calls], self._on)
        return [self._wrapped(value) for value in values]

    def draw(self, *args: Any, **kwargs: Any) -> FigureDescription:
        """Run a plotting function and describe its figure."""
        return self._subject.draw(self._name, args, kwargs)

    def _wrapped(self, value: Any) -> Any:
        return RemoteObject(self._subject, value) if isinstance(value, Handle) else value


class RemoteObject:
    """An object that stays in the worker. Its methods run there."""

    def __init__(self, subject: Subject, handle: Handle) -> None:
        self._subject = subject
        self.handle = handle
        self.type_name = handle.type_name

    def __getattr__(self, name: str) -> Function:
        if _is_asked_by_libraries(name):
            raise AttributeError(name)
        return Function(self._subject, name, self.handle.number)

    def __repr__(self) -> str:
        return f"<a {self.type_name} of the student's>"
