"""What a check sees of a submission: the `student` fixture, its functions and its objects.

`student.softmax(Z)` runs in the worker and returns a plain value; `student.softmax.map([...])`
makes many calls in one message; `student.plot_history.draw(history)` returns a figure's
description. `net = student.MLP(3, 4)` stays in the worker, and `net` stands for it: its attributes
are read and set and its methods called there. A `Subject` (proxy.py) asks the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.checks.figure import FigureDescription
from grader.checks.objects import StudentObject, StudentSolution
from grader.engine.lookups import is_asked_by_libraries
from grader.engine.notebook_tests import variable_of
from grader.engine.proxy import Subject
from grader.engine.source import StudentSource
from grader.engine.steps import taken_together
from grader.errors import Crashed, GraderFault
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.wire import Handle, Reference, StandsIn

_FUNCTIONS = frozenset({"function", "method", "builtin_function_or_method", "partial", "type"})
_CONTAINERS = frozenset({Handle, list, dict})


class StudentProxy(StudentSolution):
    """The `student` fixture: any attribute is a function or a class of the submission."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(self._subject, name)

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            raise AttributeError(f"`student.{name}` cannot be set: it is the submission's")
        super().__setattr__(name, value)

    @property
    def output(self) -> str:
        """What the student's code printed during the last call: the end of it, if it is long."""
        return self._subject.printed()

    def source(self, *names: str) -> StudentSource:
        """The source of these functions, classes or methods with what they use, or all of it.

        Raises the StudentFault for what is not there or not written yet.
        """
        return self._subject.source(names)

    def _variable(self, name: str) -> Any:
        return wrapped(self._subject, variable_of(self._subject, name))

    @property
    def _keeps_objects(self) -> bool:
        return self._subject.log.objects

    def _put_in_form(self, counts: Mapping[str, int]) -> None:
        with self._subject.asking("", None) as session:
            session.put_in_form(counts)

    def _together(self, steps: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        return taken_together(self._subject, steps, args, wrapped)

    def __repr__(self) -> str:
        return "student"


class Function(StandsIn):
    """A function or a class of the submission, or a method of an object kept in the worker.

    As an argument it is the function itself; `isinstance(box, student.Box)` asks the worker.
    """

    def __init__(self, subject: Subject, name: str, on: RemoteObject | None = None) -> None:
        self._subject = subject
        self._name = name
        self._on = on

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it in the worker. Raises the StudentFault that ended it."""
        return self._many([(args, kwargs)])[0]

    def map(self, calls: Sequence[Sequence[Any]]) -> list[Any]:
        """One call for each tuple of positional arguments, all in one message."""
        calls = list(calls)
        if not all(isinstance(args, (tuple, list)) for args in calls):
            raise TypeError(
                f"{self._name}.map takes a list of tuples, one for each call: write [(a,), (b,)]"
            )
        return self._many([(args, {}) for args in calls])

    def draw(self, *args: Any, **kwargs: Any) -> FigureDescription:
        """Run a plotting function and describe its figure."""
        return self._subject.draw(self._name, args, kwargs, self._owner())

    def stand_in(self) -> Handle | Reference:
        """See StandsIn."""
        owner = self._owner()
        return Reference(self._name, None if owner is None else owner.number)

    def __getattr__(self, name: str) -> Any:
        """An attribute of a class, such as another way to make its objects."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(RemoteObject(self._subject, self._subject.keep(self)), name)

    def _many(self, calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]]) -> list[Any]:
        values = self._subject.call(self._name, calls, self._owner())
        return [wrapped(self._subject, value) for value in values]

    def _owner(self) -> Handle | None:
        return None if self._on is None else self._on.stand_in()

    def __instancecheck__(self, value: object) -> bool:
        # A plain value may well be an instance of a class of theirs, but it came as what it holds.
        return isinstance(value, RemoteObject) and self._subject.is_instance(value, self)

    def __subclasscheck__(self, value: object) -> bool:
        return isinstance(value, Function) and self._subject.is_instance(value, self, subclass=True)

    def __repr__(self) -> str:
        return f"student.{self._name}" if self._on is None else f"{self._on!r}.{self._name}"


class RemoteObject(StandsIn, StudentObject):
    """An object that stays in the worker, as long as that lives.

    Its attributes are read and set there, and its methods run there. Two of these are equal where
    they stand for one object. type_name: what its type calls itself.
    """

    def __init__(self, subject: Subject, handle: Handle) -> None:
        own = vars(self)
        own |= {"_subject": subject, "_handle": handle, "_session": subject.session_of_objects()}
        own["type_name"] = handle.shown
        subject.log.objects = True

    def __getattr__(self, name: str) -> Any:
        if is_asked_by_libraries(name):
            raise AttributeError(name)
        is_function, value = self._subject.read(self.stand_in(), name)
        if is_function:
            return Function(self._subject, name, self)
        return wrapped(self._subject, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise GraderFault(f"`{name}` of {self!r} cannot be set: it begins with _")
        self._subject.write(self.stand_in(), name, value)

    def __delattr__(self, name: str) -> None:
        raise GraderFault(f"`{name}` of {self!r} cannot be deleted from a check")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself."""
        return Function(self._subject, "__call__", self)(*args, **kwargs)

    def stand_in(self) -> Handle:
        """See StandsIn.

        Raises Crashed where its process has ended, GraderFault where its submission is graded.
        """
        handle: Handle = self._handle
        session: Session | None = self._session
        if session is self._subject.session_of_objects() and session is not None:
            return handle
        if self._subject.closed:
            raise GraderFault(
                f"the check uses {self!r}, which is of a submission graded before; keep no "
                "object from one check to the next"
            )
        raise Crashed(
            f"the `{handle.shown}` that this check uses is gone: its process has ended",
            hint="An object lives as long as the process that runs the submission. That is started "
            "again after it ended, or ran out of time or memory.",
        )

    @property
    def _identity(self) -> tuple[object, int]:
        return self._session, self._handle.number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteObject) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash((id(self._session), self._handle.number))

    def __copy__(self) -> RemoteObject:
        return self

    def __deepcopy__(self, memo: object) -> RemoteObject:
        return self

    def __repr__(self) -> str:
        return f"<a {self.type_name} of the student's>"


def wrapped(subject: Subject, value: Any) -> Any:
    """A value that came from the worker, with objects in the places of handles."""
    kind = type(value)
    if kind is Handle:
        found = RemoteObject(subject, value)
        return Function(subject, "__call__", found) if value.type_name in _FUNCTIONS else found
    if kind is dict:
        return {key: wrapped(subject, item) for key, item in value.items()}
    if kind is list and not _CONTAINERS.isdisjoint(map(type, value)):
        return [wrapped(subject, item) for item in value]
    return value
