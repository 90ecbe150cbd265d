"""What the student's code raised, as an exception that `pytest.raises` and `except` know."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable, Mapping

import numpy as np

from grader.errors import StudentRaised
from grader.submission.code import parsed_parts
from grader.submission.program import Program

_MOST_BASES = 20  # to follow from one class of the student's to the next
# In a check these would end an iteration early, without a word, instead of failing the check.
_SILENT = (StopIteration, StopAsyncIteration)


def as_raised(fault: StudentRaised, bases: Callable[[], Mapping[str, str]]) -> StudentRaised:
    """The fault, which is also an instance of the type that the student's code raised.

    That is a type of Python's or numpy's. A class of the student's own counts as the nearest of
    those among its bases. bases: see `bases_of`; asked for only where the type is neither's.
    Faults without such a type stay as they are: `pytest.raises(ValueError)` does not accept them.
    """
    typed = _type_behind(fault.kind, bases)
    if typed is None:
        return fault
    try:
        made = typed.__new__(typed, fault.summary)
    except TypeError:
        # Some types are not made of a text alone, and the name comes from the student's process.
        return fault
    made.__dict__.update(fault.__dict__)
    made.args = fault.args
    return made.with_traceback(fault.__traceback__)


def _type_behind(
    name: str | None, bases: Callable[[], Mapping[str, str]]
) -> type[StudentRaised] | None:
    for _ in range(_MOST_BASES):
        if name is None:
            return None
        typed = _typed(name)
        if typed is not None:
            return typed
        name = bases().get(name)
    return None


def bases_of(program: Program | None) -> dict[str, str]:
    """The classes that a submission defines, each with the name of its first base."""
    found: dict[str, str] = {}
    for _, statements in parsed_parts(program.parts if program is not None else ()):
        for node in (node for statement in statements for node in ast.walk(statement)):
            if isinstance(node, ast.ClassDef) and node.bases:
                match node.bases[0]:
                    case ast.Name(id=base) | ast.Attribute(attr=base):
                        found[node.name] = base
    return found


@functools.cache
def _typed(name: str) -> type[StudentRaised] | None:
    """StudentRaised as a subclass of a type of Python's or numpy's, too; None for another name."""
    for module in (builtins, np.exceptions, np.linalg):
        kind = getattr(module, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _SILENT):
            return type("StudentRaised", (StudentRaised, kind), {})
    return None
