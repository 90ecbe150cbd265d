"""Runs cells in the real IPython: reads cases as JSON, writes the names that each leaves.

    echo '[{"cells": ["a = 1"], "files": {}}]' | python in_ipython.py

It is a program of its own, since IPython changes the process that it lives in.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class Shell(InteractiveShell):
    """IPython's shell without a window: a notebook's kernel overrides the same method."""

    def enable_gui(self, gui: object = None) -> None:
        """Nothing to show a figure on."""


def names_after(shell: Shell, cells: list[str], files: dict[str, str]) -> dict[str, object]:
    """The names that are new after the cells, with the values of whole numbers."""
    shell.reset()
    shell.compile.reset_compiler_flags()  # a `from __future__ import` of the case before
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    before = set(shell.user_ns)
    for cell in cells:
        shell.run_cell(cell)
    found = {name: value for name, value in shell.user_ns.items() if name not in before}
    return {
        name: value if isinstance(value, int) else None
        for name, value in found.items()
        if not name.startswith("_")
    }


def main() -> None:
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    answers = []
    kept, modules, path = os.dup(1), set(sys.modules), list(sys.path)
    os.dup2(2, 1)
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            sys.path[:] = [folder, *path]
            answers.append(names_after(shell, case["cells"], case["files"]))
        for name in ("made", "helper"):
            if name not in modules:
                sys.modules.pop(name, None)
    os.write(kept, json.dumps(answers).encode())


if __name__ == "__main__":
    main()
