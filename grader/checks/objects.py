"""Objects of the student's, which stay in their process: telling them apart, and from values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.checks.words import describe
from grader.errors import CheckFailed

_VALUES = (bool, int, float, complex, str, bytes, list, tuple, dict, np.ndarray, np.generic)


class StudentObject:
    """Base of what stands for an object in the student's process. Read one with `instance`."""


class StudentSolution:
    """Base of the `student` fixture."""

    def _together(self, steps: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def _put_in_form(self, counts: Mapping[str, int]) -> None:
        """Let these functions of the student's answer in form, and no others."""
        raise NotImplementedError

    def _variable(self, name: str) -> Any:
        raise NotImplementedError

    @property
    def _keeps_objects(self) -> bool:
        """Whether anything came during this check that stays in the student's process."""
        raise NotImplementedError


def together(solution: Any, steps: Callable[..., Any], *args: Any) -> Any:
    """What `steps(solution, *args)` returns; of the student's, taken in one message.

    steps: calls functions and methods, reads attributes and sets them. With the student's solution
    it is run before any of that is done, so it cannot look at a value; what it returns, alone or
    in lists, tuples and dicts, comes with values. Objects of the student's are used in it only if
    they are among args. All steps have the time of one call. Raises the StudentFault of a step.
    """
    if isinstance(solution, StudentSolution):
        return solution._together(steps, args)
    return steps(solution, *args)


@contextmanager
def in_form(solution: Any, **counts: int) -> Iterator[None]:
    """Meanwhile functions of the student's answer in the form of their first arguments.

    counts: by function, of how many arguments, as a gradient (dW, db) has that of W and b; of 1,
    where it gives one thing alone; with 0 it gives one row of numbers. The numbers stay the
    student's, whatever the order of the parts and the shapes they come in.
    """
    if not isinstance(solution, StudentSolution):
        yield
        return
    solution._put_in_form(counts)
    try:
        yield
    finally:
        solution._put_in_form({})


def same(a: object, b: object) -> bool:
    """Whether two results are one and the same object of the student's.

    Two plain values never are: they travel as copies.
    """
    if isinstance(a, StudentObject) and isinstance(b, StudentObject):
        return a == b
    return a is b and not isinstance(a, _VALUES)


def instance(
    value: Any, name: str = "the result", *, of: Any = None, hint: str | None = None
) -> Any:
    """`value` if it is an object with attributes and methods. Raises CheckFailed for a plain value.

    of: a class, such as `student.Box`, that it must be an instance of.
    """
    wanted = "an object" if of is None else f"an instance of `{_name_of(of)}`"
    if value is None or isinstance(value, _VALUES):
        raise CheckFailed(f"{name} is not {wanted}", got=describe(value), hint=hint)
    if of is not None and not isinstance(value, of):
        raise CheckFailed(f"{name} is not {wanted}", got=describe(value), hint=hint)
    return value


def _name_of(kind: Any) -> str:
    return repr(kind).removeprefix("student.") if not isinstance(kind, type) else kind.__name__
