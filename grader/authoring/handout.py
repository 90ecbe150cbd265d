"""Runs a handout's worked examples against the reference, as a student would type them.

Every fenced block that opens with ```python and holds lines with >>> is an example:

    ```python
    >>> from my_homework import softmax
    >>> softmax(np.zeros((1, 4)))
    array([[0.25, 0.25, 0.25, 0.25]])
    ```

The blocks of one handout are one session, so that names live on from block to block. A block
inside an HTML comment runs too and is not shown: it proves a number that stands in the prose. The
homework's data files lie in the working directory, and numpy prints as it does by default.
"""

from __future__ import annotations

import contextlib
import doctest
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import numpy as np

from grader.checks.processor_time import loading_time
from grader.checks.variants import standing_in
from grader.course.handout import find_place
from grader.engine.collection import Check

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w-]*)")
_LANGUAGES = frozenset({"py", "python", "pycon", "python3"})
_SCALAR = re.compile(r"np\.(?:float|int|bool)\d*_?\(([^()]*)\)")
_PRINTING: dict[str, Any] = {
    "precision": 8, "threshold": 1000, "edgeitems": 3, "linewidth": 75, "suppress": False,
    "nanstr": "nan", "infstr": "inf", "sign": "-", "floatmode": "maxprec", "formatter": None,
}  # fmt: skip


@dataclass(frozen=True)
class WrongExample:
    """A line of a handout that does not give the result shown below it.

    line: counted from 1. got: what came, or the error that was raised.
    """

    line: int
    source: str
    expected: str
    got: str


@dataclass(frozen=True)
class Examples:
    """What became of a handout's examples.

    count: those that were run. outside: lines with >>> that are not in a Python block.
    """

    count: int
    wrong: tuple[WrongExample, ...]
    outside: tuple[int, ...]


def run_examples(
    handout: Path, homework: str, reference: ModuleType, data: Mapping[str, Path] | None = None
) -> Examples:
    """Run the examples of `handout`, where `import <homework>` gives `reference`.

    data: files to lay in the working directory, by name. Raises OSError for an unreadable handout
    and ValueError for an example that is not written as doctest asks.
    """
    text, outside = _only_examples(handout.read_text(encoding="utf-8"))
    test = doctest.DocTestParser().get_doctest(text, {}, homework, str(handout), 0)
    runner = _ExampleRunner()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        standing_in(homework, reference),
        np.printoptions(**_PRINTING),
        warnings.catch_warnings(),
        loading_time("the examples' code"),
    ):
        warnings.simplefilter("ignore")
        for name, path in (data or {}).items():
            shutil.copy(path, name)
        runner.run(test, out=lambda text: None)
    return Examples(len(test.examples), tuple(runner.wrong), outside)


def lost_places(handout: str, checks: Iterable[Check]) -> list[str]:
    """What is wrong with the places that checks point to, a line each."""
    return [
        f"{check.id}: `see` names {check.see!r}, which is neither a heading of README.md nor the "
        "bold start of a paragraph; correct it"
        for check in checks
        if check.see is not None and find_place(handout, check.see) is None
    ]


def _only_examples(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with every line outside Python blocks left blank, and where >>> stands there."""
    kept: list[str] = []
    outside = []
    fence = language = ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence, language = mark[1], mark[2].lower()
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        elif fence and language in _LANGUAGES:
            kept.append(line)
            continue
        elif line.lstrip().startswith(">>> "):
            outside.append(number)
        kept.append("")
    return "\n".join(kept) + "\n", tuple(outside)


class _Checker(doctest.OutputChecker):
    """numpy 2 shows a scalar as np.float64(0.5) and numpy 1 as 0.5: both are the same number."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(_SCALAR.sub(r"\1", want), _SCALAR.sub(r"\1", got), optionflags)


class _ExampleRunner(doctest.DocTestRunner):
    """Keeps what is wrong instead of printing it."""

    def __init__(self) -> None:
        flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        super().__init__(_Checker(), verbose=False, optionflags=flags)
        self.wrong: list[WrongExample] = []

    def report_failure(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        self._keep(example, " ".join(got.split()) or "nothing")

    def report_unexpected_exception(
        self,
        out: Any,
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
    ) -> None:
        self._keep(example, f"{exc_info[0].__name__}: {exc_info[1]}")

    def _keep(self, example: doctest.Example, got: str) -> None:
        expected = " ".join(example.want.split()) or "nothing"
        source = " ".join(example.source.split())
        self.wrong.append(WrongExample(example.lineno + 1, source, expected, got))
