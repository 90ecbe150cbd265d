"""What stands for IPython and for a person while a submission is loaded.

`grader.notebook`, which checks a notebook's work from its cells, does nothing here.
`get_ipython()` is called by what a notebook's reader leaves for the worker to do (`%run`, `%pylab`)
and by scripts that nbconvert exported. Every other call of it does nothing. For libraries there is
no IPython here.
"""

from __future__ import annotations

import builtins
import io
import linecache
import random
import shlex
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# What `%pylab` does, by IPython's own words for it (`%pylab?`).
_PYLAB = """\
import numpy
import matplotlib
from matplotlib import pylab, mlab, pyplot
np = numpy
plt = pyplot
"""
_PYLAB_ALL = "from matplotlib.pylab import *\nfrom numpy import *\n"
_CELL_TOOLS = ("check", "hint", "submit")  # what grader.notebook has
_RUN_IN_PLACE = frozenset({"time", "capture", "prun", "debug"})


class CaptureResult:
    """What `%%capture name` leaves under its name. Nothing was kept in it."""

    stdout = stderr = ""
    outputs: tuple[object, ...] = ()

    def show(self) -> None:
        """Shows nothing."""

    def __str__(self) -> str:
        return ""


class Quiet:
    """Stands for what draws on a notebook's page, such as the module marimo: takes every call.

    As a decorator it leaves a function as it is.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: object) -> None:
        """An error inside of the block goes on."""


class Shell:
    """Stands for IPython's shell: does what defines names, takes every other call."""

    def __init__(self, module: types.ModuleType, ours: set[str]) -> None:
        """ours: file names of code that is the student's, to which what is run here is added."""
        self._module = module
        self._ours = ours

    @property
    def user_ns(self) -> dict[str, Any]:
        """The notebook's names."""
        return self._module.__dict__

    def captured(self) -> CaptureResult:
        """What stands for the output of a cell."""
        return CaptureResult()

    def quiet(self) -> Quiet:
        """What stands for a module that shows things."""
        return Quiet()

    def getoutput(self, *args: object, **kwargs: object) -> list[str]:
        """The lines that a command prints: commands are not run."""
        return []

    def run_line_magic(self, name: str, line: str = "", *args: object, **kwargs: object) -> None:
        """`%run` and `%pylab`; any other does nothing. Raises what the file that is run raises."""
        if name == "run":
            self._run_file(line)
        elif (name, line.strip()) == ("load_ext", "grader"):
            self.user_ns.update(dict.fromkeys(_CELL_TOOLS, _do_nothing))
        elif name == "pylab":
            exec(_PYLAB, self.user_ns)
            if "--no-import-all" not in line:
                exec(_PYLAB_ALL, self.user_ns)
            self.user_ns["figsize"] = _figsize
            self.user_ns["getfigs"] = _figures
            self.user_ns["display"] = lambda *args, **kwargs: None

    def run_cell_magic(self, name: str, line: str, cell: str = "") -> None:
        """Run the cell of `%%time` and its like in the notebook; of any other nothing is run."""
        if name not in _RUN_IN_PLACE:
            return
        caller = sys._getframe(1)
        place = f"{Path(caller.f_code.co_filename).name} (line {caller.f_lineno}, %%{name})"
        self._ours.add(place)
        linecache.cache[place] = (len(cell), None, cell.splitlines(True), place)
        exec(compile(cell, place, "exec", dont_inherit=True), self.user_ns)

    def _run_file(self, line: str) -> None:
        """Run a file as a program and take over its names, as `%run` does.

        Raises FileNotFoundError with what to do, and what the file raises: the names that it had
        defined by then are taken over.
        """
        options, words = set(), shlex.split(line)
        while words and words[0].startswith("-"):
            options.add(words.pop(0))
        path = Path(words[0] if words else "")
        if not path.suffix:
            path = path.with_suffix(".py") if path.name else path
        in_place = "-i" in options
        if path.suffix == ".ipynb":
            # IPython runs its cells in the notebook; they were laid beside it as Python.
            path, in_place = Path(f"{path}.py") if Path(f"{path}.py").is_file() else path, True
        if path.suffix == ".ipynb" or not path.is_file():
            why = "it is a notebook" if path.is_file() else f"there is no {path} here"
            raise FileNotFoundError(
                f"`%run {line}` was not run: {why}; hand its code in as a .py file beside this one"
            )
        filename = str(path.resolve())
        self._ours.add(filename)
        code = compile(path.read_bytes(), filename, "exec", dont_inherit=True)
        if in_place:
            exec(code, self.user_ns)
            return
        program = types.ModuleType("__main__" if "-n" not in options else path.stem)
        program.__file__ = filename
        before, argv = sys.modules.get("__main__"), sys.argv
        sys.modules[program.__name__], sys.argv = program, [filename, *words[1:]]
        try:
            exec(code, program.__dict__)
        finally:
            sys.argv = argv
            if before is not None:
                sys.modules["__main__"] = before
            own = {name: value for name, value in vars(program).items() if name[:2] != "__"}
            self.user_ns.update(own)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def _figsize(width: float, height: float) -> None:
    """Sets the size of figures in inches, as the `figsize` that `%pylab` brings."""
    from matplotlib import rcParams

    rcParams["figure.figsize"] = [width, height]


def _figures(*numbers: int) -> list[Any]:
    """The open figures, as the `getfigs` that `%pylab` brings."""
    from matplotlib import pyplot

    return [pyplot.figure(number) for number in numbers or pyplot.get_fignums()]


def _do_nothing(*args: object, **kwargs: object) -> None:
    """Stands for a function that checks a notebook's work from its cells."""


def refuse_input(*_: object) -> str:
    """Stands for `input`. Raises EOFError with what to do."""
    raise EOFError(
        "input() was called, and nobody is at the keyboard when code is graded; "
        'move it under `if __name__ == "__main__":`'
    )


def make_friendly(shell: Shell, is_theirs: Callable[[str], bool], *, notebook: bool) -> None:
    """Make what needs a person or IPython harmless, and global generators repeatable.

    is_theirs: whether a file name is one of the submission's.
    """

    def get_ipython() -> Shell:
        # Libraries ask whether this name is there, and go on to import IPython if it is.
        caller = sys._getframe(1).f_code.co_filename
        if not is_theirs(caller) and not caller.startswith("<"):
            raise NameError("name 'get_ipython' is not defined", name="get_ipython")
        return shell

    cells = sys.modules["grader.notebook"] = types.ModuleType("grader.notebook")
    cells.__dict__.update(dict.fromkeys(_CELL_TOOLS, _do_nothing))
    builtins.input = refuse_input
    sys.breakpointhook = lambda *args, **kwargs: None  # one that was left in the code
    builtins.get_ipython = get_ipython  # type: ignore[attr-defined]
    if notebook:
        builtins.display = lambda *args, **kwargs: None  # type: ignore[attr-defined]
    sys.stdin = io.StringIO()
    random.seed(0)
    np.random.seed(0)
