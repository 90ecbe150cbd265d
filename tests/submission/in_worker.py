"""Runs programs as a worker runs them: reads load requests as JSON, writes the names each leaves.

One process for all of them, as tests/submission/in_ipython.py is for IPython.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from typing import Any

from grader.sandbox.guest import figures
from grader.sandbox.guest.worker import Worker
from grader.sandbox.protocol import wire


def names_after(worker: Worker, parts: list[list[Any]], files: dict[str, str]) -> object:
    """What the last part's function `names_left` returns."""
    request = {
        "id": 1,
        "op": "load",
        "module": "demo",
        "files": {name: text.encode() for name, text in files.items()},
        "parts": [[label, name, text.encode(), first] for label, name, text, first in parts],
        "notebook": True,
        "part_s": 0.0,
        "load_s": 60.0,
        "main": False,
    }
    call = {"id": 2, "op": "call", "name": "names_left", "on": None, "calls": [[[], {}]]}
    call["draw"] = False
    for asked in (request, call):
        answer = worker.answer(wire.frame(asked, tuples=True)[wire.HEADER_BYTES :])
    return wire.decode(answer[wire.HEADER_BYTES :])["value"]["values"][0]


def main() -> None:
    kept, path, modules = os.dup(1), list(sys.path), set(sys.modules)
    os.dup2(2, 1)
    watch, answers = figures.watch(), []
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            sys.path[:] = path
            answers.append(names_after(Worker(watch), case["parts"], case["files"]))
        for name in {"made", "helper", "demo"} - modules:
            sys.modules.pop(name, None)
    os.write(kept, json.dumps(answers).encode())


if __name__ == "__main__":
    main()
