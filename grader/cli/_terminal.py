"""Where commands write: at most 80 columns, and colour only if the terminal has it."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from grader.reports.summary import Row


class _Console(Console):
    """Continues silently when the reader of the output, such as `head`, closes it."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def console(*, stderr: bool = False, quiet: bool = False) -> Console:
    """Standard output, or standard error; 80 columns wide if it is not a terminal."""
    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 80
    return _Console(width=width, highlight=False, emoji=False, stderr=stderr, quiet=quiet)


class Voice:
    """Where a long command writes what.

    out: ordinary output; silent with --quiet and --json. notices: what needs somebody's
    attention, always written. tell: prints JSON, the only thing on standard output with --json.
    """

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.out = console(quiet=quiet or as_json)
        self.notices = console(stderr=True) if quiet or as_json else self.out

    def tell(self, value: object) -> None:
        """Print a value as JSON."""
        print(json_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n"), end="")

    @contextlib.contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[Row], None]]:
        """A bar with the time left and how many ended how; called for each submission."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        shown = self.out.is_terminal and not self.out.quiet
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(), TextColumn("{task.fields[counts]}"),
        )  # fmt: skip
        counts: Counter[str] = Counter()
        with Progress(*columns, console=self.out, disable=not shown) as bar:
            task = bar.add_task(what, total=total, counts="")

            def step(row: Row) -> None:
                counts[row.status] += 1
                told = ", ".join(f"{number} {status}" for status, number in counts.most_common(3))
                bar.update(task, advance=1, counts=told)

            yield step


def json_text(text: str) -> str:
    """JSON that other programs can read: they expect UTF-8, so if standard output has another
    encoding, everything but ASCII is escaped."""
    if codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8" or text.isascii():
        return text
    return json.dumps(json.loads(text), indent=2) + "\n"
