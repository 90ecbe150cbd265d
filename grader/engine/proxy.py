"""One submission under test: what stands behind the `student` fixture of objects.py.

A `Subject` serves the whole submission: it starts a worker when one is needed, loads the program,
starts another worker if one died, keeps track of time, and collects warnings.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from grader.checks.figure import FigureDescription
from grader.course.assignment import LimitsSpec
from grader.engine.call_log import CallLog
from grader.engine.changes import ChangesInPlace
from grader.engine.drawn import DrawnFigure, WorkersFigure
from grader.engine.loading_notes import available, elsewhere, no_program, told
from grader.engine.printed import OutputLog
from grader.engine.python_errors import explain
from grader.engine.raised import as_raised, bases_of
from grader.engine.source import StudentSource, source_of
from grader.engine.unwritten import unwritten
from grader.engine.values import (
    LIBRARIES_OF_FLOAT32,
    holds_objects,
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
from grader.sandbox.host.requests import shown_name
from grader.sandbox.host.session import Session
from grader.sandbox.protocol import wire
from grader.sandbox.protocol.answers import LoadAnswer, MissingAttribute, MissingFunction, Note
from grader.sandbox.protocol.packages import importable
from grader.sandbox.protocol.wire import Handle
from grader.submission.imports import Import, imports_outside
from grader.submission.program import Program, definition_of

MAX_TIMEOUTS_OF_ONE_FUNCTION = 2
_FROM_THE_START = ("memory_mb", "disk_mb", "threads")
# Faults of a call that say nothing was written, or that what was written is not allowed.
_NO_ATTEMPT = (MissingFunction, NotAttempted, Blocked, Refused)


def limits_of(spec: LimitsSpec) -> Limits:
    """An assignment's limits, the defaults where it names none."""
    named = {field.name: getattr(spec, field.name) for field in fields(Limits)}
    return Limits(**{name: value for name, value in named.items() if value is not None})


class Subject:
    """One submission under test.

    problem: why it cannot be run at all; then every call raises it. warnings: for the report.
    log: what the check has called. figures: those drawn since `take_figures`. calls: how many
    there were of its functions.
    attempts: those of them that met more than a stub or an empty place. closed: no check is left.
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
        self.closed = False
        self._program = program
        self._launcher = launcher
        self._packages = launcher.packages
        self._limits = self._usual = limits
        self._functions = functions
        self._problem: StudentFault | None = StudentRaised(problem, whole=True) if problem else None
        self._session: Session | None = None
        self._loaded: LoadAnswer | None = None
        self._spent_s = self._started = 0.0
        self._timeouts: Counter[str] = Counter()
        self._figures: list[DrawnFigure] = []
        self._drawn: dict[object, tuple[FigureDescription, DrawnFigure]] = {}
        self._printed = OutputLog(self._warn)
        self._changes = ChangesInPlace(program, functions)
        self.log = CallLog(functions)
        self._known_bases: Mapping[str, str] | None = None

    @property
    def problem(self) -> StudentFault | None:
        """Why it cannot be run at all, so far as has been tried."""
        return self._problem

    def session_of_objects(self) -> Session | None:
        """The session that keeps the objects of now: one from before is gone with its session."""
        return self._session

    def keep(self, value: Any) -> Handle:
        """A handle of what `value` stands for, such as a class."""
        with self.asking("keep", None) as session:
            return session.keep(value)

    def read(self, on: Handle, name: str) -> tuple[bool, Any]:
        """An attribute of a kept object: whether it is a function, and its value if it is none.

        Raises the StudentFault that ended it.
        """
        with self.asking(name, on) as session:
            return session.get(on, name)

    def write(self, on: Handle, name: str, value: Any) -> None:
        """Set an attribute of a kept object. Raises the StudentFault that ended it."""
        with self.asking(name, on) as session:
            session.set(on, name, value)

    def is_instance(self, value: Any, of: Any, *, subclass: bool = False) -> bool:
        """Whether what `value` stands for is an instance, or a subclass, of the class `of`."""
        with self.asking("isinstance", None) as session:
            return session.is_instance(value, of, subclass=subclass)

    @contextlib.contextmanager
    def asking(self, name: str, on: Handle | None) -> Iterator[Session]:
        """A session to ask something; raises what went wrong as it is to be told."""
        session = self._ready(name)
        try:
            yield session
        except StudentFault as fault:
            raise self.explained(fault, name, on) from None
        finally:
            self._settle()

    def call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None = None,
    ) -> list[Any]:
        """Values of several calls of one function, or of a method of a kept object.

        Raises the StudentFault that ended them.
        """
        if on is None:
            self.log.add(name, calls)
        with self.asking(name, on) as session:
            self.calls += 1
            answer = session.call(name, calls, on)
        self.attempts += 1
        name = shown_name(name, on)
        for position in answer.changed:
            argument = self._argument(name, position)
            self._warn(self._changes.note(name, position, argument, method=on is not None))
        return self.as_numbers(answer.values, name)

    def as_numbers(self, values: list[Any], name: str) -> list[Any]:
        """What `name` returned, wide enough to compute with. Warns of what is not float64."""
        narrow = set(filter(None, map(narrow_float, values)))
        if narrow and LIBRARIES_OF_FLOAT32 & set(importable(self._packages)):
            narrow.clear()  # an array made of such a library's tensor is as narrow as that
        for kind in sorted(narrow):
            self._warn(f"`{name}` computes in {kind}; float64 is asked for")
        return [widened(value) for value in values] if "float16" in narrow else values

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        """The description of the figure that a plotting function draws.

        Drawing costs more than the rest of a small homework: what was drawn once from the same
        arguments is not drawn again for the next check. An object may have changed in between.
        """
        session = self._ready(name)
        lasting = on is None and not holds_objects([list(args), dict(kwargs)])
        key = (session, *self._asked_for(name, args, kwargs)) if lasting else None
        if key in self._drawn:
            figure, kept = self._drawn[key]
            self._figures.append(kept)
            self.calls, self.attempts = self.calls + 1, self.attempts + 1
            return figure
        with self.asking(name, on) as session:
            self.calls += 1
            drawn = session.draw(name, args, kwargs, on)
        self.attempts += 1
        if drawn["figure"] is None:
            raise CheckFailed(
                f"`{shown_name(name, on)}` drew no figure",
                expected="a matplotlib Figure",
                got=str(drawn.get("got")).replace("NoneType", "None")[:100],
                hint=how_to_draw(str(drawn.get("got"))),
            )
        figure = FigureDescription.from_wire(drawn["figure"])
        number = drawn.get("number")
        if type(number) is int:
            kept = WorkersFigure(name, session, number)
            self._figures.append(kept)
            if key is not None:
                self._drawn[key] = figure, kept
        return figure

    def _asked_for(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[str, bytes]:
        """What two drawings have in common that must come out the same."""
        return name, wire.encode([list(args), dict(kwargs)], tuples=True)

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

    def printed(self) -> str:
        """What the student's code printed during the last call."""
        return "" if self._session is None else self._session.printed_last()

    def source(self, names: Sequence[str]) -> StudentSource:
        """The source of these functions with what they use, or all. See source.source_of."""
        if self._problem is not None or self._program is None:
            raise self._problem or StudentRaised("the submission cannot be read", whole=True)
        self.calls += 1
        found = source_of(self._program, names)
        self.attempts += 1
        return found

    def begin(self, own: LimitsSpec | None) -> None:
        """A check comes. own: those of its limits that differ from the homework's.

        A worker's memory, disk and threads are limited when it starts: where they change, it ends.
        """
        self.log.begin()
        named = {} if own is None else own.model_dump(exclude_none=True)
        limits, before = replace(self._usual, **named), self._limits
        if limits == before:
            return
        self._limits = limits
        if self._session is not None and self._session.dead is None:
            if any(getattr(limits, name) != getattr(before, name) for name in _FROM_THE_START):
                self._session.close("the next check has other limits")
                self._settle()
            else:
                self._session.use(limits)

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
        self.closed = True
        self.log.begin()  # it keeps failures, and these keep what their frames hold
        self.renew()

    def renew(self) -> None:
        """End the worker; another one would have all of the submission's time."""
        if self._session is not None:
            self._session.close()
            self._settle()
        self._spent_s = 0.0

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
                f"graded; {available(self._packages)}"
            )
        named = {each.module for each in missing}
        for note in loaded.notes:
            if note.module is not None and note.module.partition(".")[0] in named:
                continue  # it has just been told
            line, _, _ = note.source.partition("\n")
            source = f": {line}" if note.fatal and line else ""
            self._warn(told(note, self._packages) + source + self._beginning_of(note))
        program = self._program
        fatal = [note for note in loaded.notes if note.fatal]
        if program and len(program.parts) == 1 and fatal:
            self._problem = no_program(fatal[0], self._packages)
            raise self._problem

    def _imports_outside(self) -> list[Import]:
        """What is imported here that cannot be where work is graded, whether it was run or not.

        A jail needs no such list: there each import that is run has failed by itself. So does one
        of a module that is not installed here either.
        """
        if self._program is None or self._launcher.isolation != "none":
            return []
        found = imports_outside(self._program, importable(self._packages))
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

    def explained(self, fault: StudentFault, name: str, on: Handle | None = None) -> StudentFault:
        """The fault, with what is known about its cause."""
        if isinstance(fault, StudentRaised) and self._program is not None:
            if on is not None and type(fault) is MissingFunction and fault.name == name:
                fault = MissingAttribute(name, fault.near, on.shown)
            asked = self._functions
            fault = unwritten(fault, name, on, asked, self._program.bare_classes) or fault
        if not isinstance(fault, _NO_ATTEMPT):
            self.attempts += 1
        if isinstance(fault, TimedOut):
            self._timeouts[name] += 1
        if not isinstance(fault, StudentRaised) or self._loaded is None:
            return fault
        summary, below = fault.summary, [] if fault.traceback is None else [fault.traceback]
        expected = hint = None
        if type(fault) is MissingFunction and self._program is not None:
            summary += elsewhere(fault.name, self._program, self._loaded.defined, asked)
        rests_on_loading = type(fault) is MissingFunction or fault.kind == "NameError"
        if rests_on_loading and self._loaded.notes:
            below += [
                f"  while loading: {told(note, self._packages)}{self._beginning_of(note)}"
                for note in self._loaded.notes[:3]
            ]
        elif fault.kind is not None:
            raised_at = (fault.traceback or "").rpartition("\n")[2]
            hint = explain(fault.kind, fault.said, self._packages, raised_at)
            called = shown_name(name, on)
            texts = (f"{called}()", f"{called}.__init__()")
            if fault.kind == "TypeError" and fault.said.startswith(texts):
                below += self._definition(called)
                expected = self._signature(called)
        explained = StudentRaised(
            summary,
            kind=fault.kind,
            said=fault.said,
            stub=fault.stub,
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
        names = (f"{name}.__init__", name)
        found = (definition_of(self._program, each) for each in names if self._program is not None)
        defined = next(filter(None, found), None)
        return [] if defined is None else [f"  {defined}"]

    def _signature(self, name: str) -> str | None:
        """How the checks call a function of the homework."""
        arguments = self._functions.get(name)
        return None if arguments is None else f"{name}({', '.join(arguments)})"

    def _argument(self, name: str, position: int) -> str:
        names = self._functions.get(name, ())
        return f"its argument {names[position] if position < len(names) else position + 1}"

    def cause(self) -> str | None:
        """What stands behind a failure of the check that began last, as far as is known."""
        return self._changes.cause(self.log.names)

    def _warn(self, text: str) -> None:
        if text not in self.warnings and len(self.warnings) < 50:
            self.warnings.append(text)
