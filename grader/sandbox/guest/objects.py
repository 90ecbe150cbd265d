"""Objects that stay in a worker: their handles, their attributes, and what a request names.

What cannot travel is kept here under a number, and the trusted side gets a handle. It may send the
handle back in any argument, and the name of a function or a class in place of the thing itself.
Runs beside the student's code, so nothing here is trusted.
"""

from __future__ import annotations

import difflib
import functools
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from numpy import ndarray, ufunc  # by name, now: a submission may put something else in its place

from grader.sandbox.guest import foreign
from grader.sandbox.protocol import wire

# What is asked for by its name and called, as against a value that happens to be callable.
_FUNCTIONS = (
    types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType,
    type, functools.partial, ufunc,
)  # fmt: skip
_RESOLVED = frozenset({wire.Handle, wire.Reference, wire.Recipe, list, tuple, dict})
_SCALARS = frozenset({type(None), bool, int, float, complex, str, bytes})


class MissingName(Exception):
    """The submission, or an object of it, has nothing of that name. near: one that it has."""

    def __init__(self, name: str, names: Sequence[str] = ()) -> None:
        super().__init__(name)
        self.near = next(iter(difflib.get_close_matches(name, names, n=1)), "")


class MissingObject(Exception):
    """No object is kept under that number."""


class StepFailed(Exception):
    """A step raised something. step: its number. owner: the type of the object it was taken on."""

    def __init__(self, step: int, owner: str | None, raised: BaseException) -> None:
        super().__init__(step)
        self.step, self.owner, self.raised = step, owner, raised


class Objects:
    """What one worker keeps. module: gives the submission's. is_theirs: whether a file is."""

    def __init__(
        self, module: Callable[[], types.ModuleType], is_theirs: Callable[[str], bool]
    ) -> None:
        self._module = module
        self._is_theirs = is_theirs
        self._kept: dict[int, object] = {}
        self._numbers: dict[int, int] = {}  # of what is kept, by id
        self._given: list[object] = []  # what the steps of a request gave so far

    def travelling(self, obj: object) -> object:
        """What of an object can travel: another library's value as plain ones, else a handle."""
        found = foreign.plain(obj)
        return self.keep(obj) if found is foreign.NOT_FOREIGN else found

    def keep(self, obj: object) -> wire.Handle:
        """The handle of an object, the same one each time: it is kept, so its id stays its own."""
        number = self._numbers.setdefault(id(obj), len(self._kept) + 1)
        self._kept[number] = obj
        return wire.Handle(number, type(obj).__name__)

    def resolved(self, value: Any) -> Any:
        """An argument with what the handles and references in it stand for."""
        if isinstance(value, wire.Handle):
            return self._object(value.number)
        if isinstance(value, wire.Reference):
            return self.find(value.on, value.name)
        if isinstance(value, wire.Recipe):
            return foreign.made(value)
        if type(value) is dict:
            return {key: self.resolved(item) for key, item in value.items()}
        if type(value) in (list, tuple) and not _RESOLVED.isdisjoint(map(type, value)):
            return type(value)([self.resolved(item) for item in value])
        return value

    def find(self, on: int | None, name: str) -> Any:
        """What has a name in the module, or on a kept object. Raises MissingName."""
        if on is not None:
            return self._attribute(self._object(on), name)
        try:
            return getattr(self._module(), name)
        except AttributeError:
            raise MissingName(name) from None

    def get(self, request: dict[str, Any]) -> list[object]:
        """An attribute of a kept object: ["function", None] where it is to be called by its name,
        else ["value", it]. The request: on (a handle's number), name.
        """
        found = self._attribute(self._object(request["on"]), request["name"])
        if isinstance(found, _FUNCTIONS):
            return ["function", None]
        return ["value", own_copy(found)]

    def set(self, request: dict[str, Any]) -> None:
        """Set an attribute of a kept object. The request: on, name, value."""
        setattr(self._object(request["on"]), request["name"], self.resolved(request["value"]))

    def take_steps(self, request: dict[str, Any]) -> dict[str, object]:
        """Take the steps of a request, one after the other; each may use what those before gave.

        The request: steps (a list of the parts of wire.Step), wanted (the numbers of those whose
        values are returned). Raises StepFailed.
        """
        self._given = []
        wanted, values = set(request["wanted"]), {}
        try:
            for number, (kind, on, name, args, kwargs) in enumerate(request["steps"]):
                try:
                    found = self._take_step(kind, on, name, args, kwargs)
                except BaseException as exc:
                    owner = None if on is None else type(self._object(on)).__name__
                    raise StepFailed(number, owner, exc) from None
                self._given.append(found)
                if number in wanted:
                    values[number] = own_copy(found)
        finally:
            self._given = []
        return {"values": [values[number] for number in request["wanted"]]}

    def _take_step(
        self, kind: str, on: int | None, name: str, args: list[Any], kwargs: dict[str, Any]
    ) -> Any:
        given = [self.resolved(arg) for arg in args]
        if kind == "set":
            return setattr(self._object(on or 0), name, *given)
        found = self.find(on, name)
        if kind == "get":
            return found
        return found(*given, **{key: self.resolved(value) for key, value in kwargs.items()})

    def is_instance(self, request: dict[str, Any]) -> bool:
        """Whether a kept object is of a class, or a class a subclass of it.

        The request: value, of (a handle or a reference), subclass (which of the two is asked).
        """
        value, kind = self.resolved(request["value"]), self.resolved(request["of"])
        return issubclass(value, kind) if request["subclass"] else isinstance(value, kind)

    def _object(self, number: int) -> object:
        try:
            return self._kept[number] if number >= 0 else self._given[-1 - number]
        except LookupError:
            raise MissingObject from None

    def _attribute(self, owner: object, name: str) -> Any:
        try:
            return getattr(owner, name)
        except AttributeError as exc:
            # One that is raised within a property of theirs is an error of theirs.
            frames = traceback.walk_tb(exc.__traceback__)
            if any(self._is_theirs(frame.f_code.co_filename) for frame, _ in frames):
                raise
            raise MissingName(name, dir(owner)) from None


def own_copy(value: Any) -> Any:
    """`value` as it is now: a function may return the same buffer each time and write it anew."""
    if type(value) is ndarray:
        return value.copy()
    if isinstance(value, (list, tuple)):
        return [own_copy(item) for item in value]
    found = foreign.plain(value)
    return value if found is foreign.NOT_FOREIGN else found


def snapshot(value: Any) -> object:
    """Something that differs after `value` was changed in place; cheap for arrays.

    Objects of theirs and generators are there to be changed; they are never shown or compared.
    """
    if isinstance(value, ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if type(value) in (list, tuple):
        return [snapshot(item) for item in value]
    if type(value) is dict:
        return {key: snapshot(item) for key, item in value.items()}
    if (found := foreign.plain(value)) is not foreign.NOT_FOREIGN:
        return snapshot(found)
    return repr(value) if type(value) in _SCALARS else None
