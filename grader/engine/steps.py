"""Many steps of a check in one message: calls, and attributes read and set, written down first.

A message costs more than a small call, and a graph of 5,000 boxes takes as many calls, each with
what an earlier one gave. So `together` of grader.checks hands a check's steps a `StepList` in
place of the submission: each step there gives a `Later`, which stands for its value and can be
used in the steps below. They are then taken one after the other in the worker, and what the check
asked for comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from grader.checks.objects import StudentObject
from grader.engine.lookups import is_asked_by_libraries
from grader.engine.proxy import Subject
from grader.errors import GraderFault
from grader.sandbox.protocol.wire import Handle, Reference, StandsIn, Step


def taken_together(
    subject: Subject,
    steps: Callable[..., Any],
    args: tuple[Any, ...],
    wrapped: Callable[[Subject, Any], Any],
) -> Any:
    """What `steps` returns, with values in the places of what stood for them.

    steps: called with a StepList and with `args`. wrapped: makes objects of handles. Raises the
    StudentFault that ended a step.
    """
    recorder = StepList()
    asked_for = steps(recorder, *(recorder._known(arg) for arg in args))
    wanted: dict[int, int] = {}  # the number of a step, and its place among the values
    _gather(asked_for, wanted)
    values = _taken(subject, recorder._steps, list(wanted)) if recorder._steps else []
    return _filled(asked_for, wanted, [wrapped(subject, value) for value in values])


def _taken(subject: Subject, steps: list[Step], wanted: list[int]) -> list[Any]:
    called = list(dict.fromkeys(step.name for step in steps if step.kind == "call"))
    name = called[-1] if called else steps[-1].name
    subject.log.add_names(step.name for step in steps if step.kind == "call" and step.on is None)
    with subject.asking(name, None) as session:
        subject.calls += 1
        answer = session.steps(steps, wanted)
    if answer.fault is not None:
        raise subject.explained(answer.fault, answer.name, answer.on) from None
    subject.attempts += 1
    return subject.as_numbers(answer.values, name)


class StepList:
    """Stands for the submission while steps are written down."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def __getattr__(self, name: str) -> _Name:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Name(self, name)

    def _take(self, kind: str, on: Handle | None, name: str, *args: Any, **kwargs: Any) -> Later:
        number = None if on is None else on.number
        self._steps.append(Step(kind, number, name, list(args), kwargs))
        return Later(self, Handle(-len(self._steps), ""))

    def _known(self, value: Any) -> Any:
        """An argument of the steps, with objects of the student's as what can be recorded."""
        if isinstance(value, StudentObject) and isinstance(value, StandsIn):
            handle = value.stand_in()
            assert isinstance(handle, Handle)
            return Later(self, handle, known=value)
        if type(value) in (list, tuple):
            return type(value)(map(self._known, value))
        if type(value) is dict:
            return {key: self._known(item) for key, item in value.items()}
        return value


class _Name(StandsIn):
    """A function or a class of the submission, to be called in a step or passed on."""

    def __init__(self, recorder: StepList, name: str) -> None:
        self._recorder, self._called = recorder, name

    def __call__(self, *args: Any, **kwargs: Any) -> Later:
        return self._recorder._take("call", None, self._called, *args, **kwargs)

    def __getattr__(self, name: str) -> Later:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in ("map", "draw"):
            raise GraderFault(f"`{name}` is no step: call `{self._called}` itself")
        found: Later = getattr(self._recorder._take("get", None, self._called), name)
        return found

    def stand_in(self) -> Reference:
        """See StandsIn."""
        return Reference(self._called)


class Later(StandsIn, StudentObject):
    """What a step will give, or an object of the student's: it can be used in further steps."""

    _recorder: StepList
    _handle: Handle
    _of: tuple[Handle, str] | None
    _known: StudentObject | None

    def __init__(
        self,
        recorder: StepList,
        handle: Handle,
        of: tuple[Handle, str] | None = None,
        known: StudentObject | None = None,
    ) -> None:
        """of: the object and the name of which this is the attribute. known: what it stands for,
        where that was there before."""
        vars(self).update(_recorder=recorder, _handle=handle, _of=of, _known=known)

    def __getattr__(self, name: str) -> Later:
        if is_asked_by_libraries(name):
            raise AttributeError(name)
        found = self._recorder._take("get", self._handle, name)
        return Later(self._recorder, found._handle, (self._handle, name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise GraderFault(f"`{name}` cannot be set: it begins with _")
        self._recorder._take("set", self._handle, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Later:
        """Call it; a method by its name, so that a message can say which it was."""
        if self._of is None:
            return self._recorder._take("call", self._handle, "__call__", *args, **kwargs)
        if self._handle.number == -len(self._recorder._steps):
            self._recorder._steps.pop()  # it was read to be called, and for nothing else
        owner, name = self._of
        return self._recorder._take("call", owner, name, *args, **kwargs)

    def __getitem__(self, key: Any) -> Later:
        return self._recorder._take("call", self._handle, "__getitem__", key)

    def stand_in(self) -> Handle:
        """See StandsIn."""
        return self._handle

    def _unknown(self, *_: object) -> NoReturn:
        raise GraderFault(
            "a step's value is not known before all are taken: return it from the steps, and "
            "look at it afterwards"
        )

    __bool__ = __len__ = __iter__ = __float__ = __int__ = __index__ = __array__ = _unknown
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __add__ = __sub__ = __mul__ = __truediv__ = __matmul__ = __neg__ = _unknown
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rmatmul__ = _unknown


def _gather(value: Any, wanted: dict[int, int]) -> None:
    """Number the steps whose values stand in what the steps return."""
    if isinstance(value, Later):
        if value._known is None:
            wanted.setdefault(-1 - value._handle.number, len(wanted))
    elif isinstance(value, (list, tuple)):
        for item in value:
            _gather(item, wanted)
    elif isinstance(value, dict):
        _gather(list(value.values()), wanted)


def _filled(value: Any, wanted: dict[int, int], values: list[Any]) -> Any:
    if isinstance(value, Later):
        return value._known or values[wanted[-1 - value._handle.number]]
    if type(value) in (list, tuple):
        return type(value)(_filled(item, wanted, values) for item in value)
    if type(value) is dict:
        return {key: _filled(item, wanted, values) for key, item in value.items()}
    return value
