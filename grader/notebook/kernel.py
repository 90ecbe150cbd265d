"""The kernel in which a notebook runs: what it has run, what is defined, where the notebook lies.

IPython is asked, never imported for its own sake: without a running shell there is no kernel.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# "<ipython-input-3-1f0e7a>" and "/tmp/ipython-input-3-1234.py", as IPython 7 and Colab name a cell.
_NUMBERED = re.compile(r"ipython-input-(\d+)-")
_MOST_CHARACTERS = 400_000  # of all that was run, the end: a reader takes no more than a megabyte


class Kernel:
    """A running IPython shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    @classmethod
    def running(cls) -> Kernel | None:
        """The one that this process is; None where it is none."""
        ipython = sys.modules.get("IPython")
        shell = None if ipython is None else ipython.get_ipython()
        return None if shell is None else cls(shell)

    @property
    def module(self) -> types.ModuleType:
        """Its `__main__`."""
        module: types.ModuleType = self._shell.user_module
        return module

    @property
    def names(self) -> Mapping[str, Any]:
        """What is defined in it."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def number_of(self, filename: str) -> int | None:
        """The number that a cell ran under, by the file name that Python knows it by."""
        known = getattr(self._shell.compile, "format_code_name", lambda _: None)(filename)
        found = re.search(r"(\d+)", known[1]) if known else _NUMBERED.search(filename)
        return int(found[1]) if found else None

    def label_of(self, filename: str) -> str | None:
        """How a message names a cell; None for a file that is none."""
        number = self.number_of(filename)
        return None if number is None else cell_label(number)

    def number_that_defines(self, name: str) -> int | None:
        """The number of the cell that made what a name stands for now, where that is known."""
        return next(
            filter(None, (self.number_of(code.co_filename) for code in _codes(self.names[name]))),
            None,
        )

    def cells(self) -> dict[int, str]:
        """What was run, as it was typed, by the number that it ran under; the latest of it."""
        history = dict(enumerate(self._shell.history_manager.input_hist_raw))
        kept: dict[int, str] = {}
        left = _MOST_CHARACTERS
        for number in sorted(history, reverse=True):
            left -= len(history[number])
            if left < 0:
                break
            kept[number] = history[number]
        return dict(sorted(kept.items()))

    def file(self) -> Path | None:
        """The notebook's own file, where the program that shows it has told the kernel."""
        told = (self.names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
        for each in told:
            path = Path(str(each or ""))
            if path.suffix == ".ipynb" and path.is_file():
                return path.resolve()
        return None

    def define(self, names: Mapping[str, object]) -> None:
        """Put names into the notebook, not among those that are listed as the user's."""
        self._shell.push(dict(names), interactive=False)


def cell_label(number: int) -> str:
    """How a message names the cell that ran under a number."""
    return f"cell In [{number}]"


@functools.singledispatch
def _codes(value: object) -> list[types.CodeType]:
    """The code of a function, or of the methods of a class."""
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    return [code] if isinstance(code, types.CodeType) else []


@_codes.register
def _(value: type) -> list[types.CodeType]:
    return [each.__code__ for each in vars(value).values() if inspect.isfunction(each)]
