"""What asks a worker for something, and how a message names what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.errors import GraderFault
from grader.sandbox.protocol import wire
from grader.sandbox.protocol.packages import names
from grader.sandbox.protocol.wire import Handle, Step
from grader.submission.program import Program


def framed(request: Mapping[str, Any], packages: tuple[str, ...] | None = None) -> bytes:
    """A request as it travels. Raises GraderFault for what a check may not pass on.

    packages: what the homework names; None where a missing library may say so itself.
    """
    known = None if packages is None else frozenset(names(packages))
    try:
        return wire.frame(request, tuples=True, libraries=known)
    except (TypeError, ValueError) as exc:
        raise GraderFault(
            f"{exc}: the arguments of a call are plain values, arrays, generators of numpy's, and "
            "the student's own objects and functions"
        ) from None


def shown_name(name: str, on: Handle | None) -> str:
    """How a message names a function, or a method of an object: "Model.fit"."""
    if on is None or name == "__call__":
        return name if on is None else on.shown
    return f"{on.shown}.{name}"


def named_steps(steps: Sequence[Step]) -> str:
    """How a message names several steps at once: by the functions that they call, the last few."""
    called = list(dict.fromkeys(step.name for step in reversed(steps) if step.kind == "call"))
    shown = [f"`{name}`" for name in reversed(called[:4])]
    if len(shown) < 2:
        return shown[0] if shown else "reading an attribute"
    return f"one of {', '.join(shown[:-1])} and {shown[-1]}"


def load_request(
    program: Program,
    files: Mapping[str, bytes],
    part_s: float,
    load_s: float,
    *,
    as_main: bool,
    packages: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What asks a worker to load a program. See Worker._load. 0 seconds are no limit."""
    return {
        "op": "load",
        "module": program.module,
        "files": dict(files),
        "parts": [
            [part.label, part.filename, part.source, part.first_line] for part in program.parts
        ],
        "notebook": program.notebook,
        "part_s": part_s,
        "load_s": load_s,
        "main": as_main,
        "packages": packages,
    }
