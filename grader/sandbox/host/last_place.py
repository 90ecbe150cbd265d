"""Where a student's code was when its time ran out, as a worker at home tells it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence


def last_place(told: bytes, own_lines: Mapping[str, tuple[str, Sequence[str]]]) -> str | None:
    """The line of the student's code that was running shortly before the end, if it was told.

    told: the end of what the worker wrote to its standard error; its `faulthandler` wrote the stack
    of each thread, the innermost frame first. own_lines: by file, what to call it and its lines.
    """
    _, mark, stacks = told.decode("utf-8", "replace").rpartition("Timeout (")
    frames = re.findall(r'^  File "([^"\n]*)", line (\d+) in (.*)$', stacks, re.MULTILINE)
    for file, line, where in frames if mark else ():
        own = own_lines.get(file) or own_lines.get(file.rpartition(os.sep)[2])
        if own is not None:
            name, lines = own
            source = lines[int(line) - 1].strip() if 0 < int(line) <= len(lines) else ""
            return f"  {name}, line {line}, in {where}: {source}"
    return None
