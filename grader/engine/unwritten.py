"""Whether what the student's code raised says that a class, or a method, is not written yet.

A stub of a function is known by its NotImplementedError (protocol/answers.py). A method that raises
one may as well be an abstract one of a class that the student wrote, so here it counts only where
the homework asks for its class. A class may also be left with no body but a docstring.
"""

from __future__ import annotations

from collections.abc import Collection

from grader.errors import Blocked, NotAttempted, StudentFault, StudentRaised
from grader.sandbox.host.requests import shown_name
from grader.sandbox.protocol.answers import MissingFunction
from grader.sandbox.protocol.wire import Handle


def unwritten(
    fault: StudentRaised,
    name: str,
    on: Handle | None,
    asked: Collection[str],
    bare: Collection[str],
) -> StudentFault | None:
    """The fault that says so, None where something else is wrong.

    name, on: what was called or read, and of which object. asked: the functions, classes and
    methods of the homework. bare: the classes in the submission that have no body.
    """
    if fault.stub is not None:
        owner, _, method = fault.stub.rpartition(".")
        if owner not in asked:
            return None
        inner = owner if method == "__init__" else fault.stub
        called = shown_name(name, on)
        if method == name or inner == name:
            return NotAttempted(f"`{called}` is not written yet")
        if on is not None and not any(each.rpartition(".")[2] == name for each in asked):
            # What was called is a library's, such as a module's __call__, which runs `forward`.
            return NotAttempted(f"`{inner}` is not written yet")
        return Blocked(f"`{called}` calls `{inner}`, which is not written yet")
    owner = name if on is None else on.type_name
    if owner in asked and owner in bare and _meets_nothing(fault, owner):
        return NotAttempted(f"`{owner}` is not written yet")
    return None


def _meets_nothing(fault: StudentRaised, owner: str) -> bool:
    """Whether a fault is what a class without a body gives: no attribute, no arguments."""
    if isinstance(fault, MissingFunction):
        return True
    return fault.kind == "TypeError" and fault.said.startswith(f"{owner}() takes no arguments")
