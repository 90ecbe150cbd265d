"""The command line: the only place that prints or exits.

Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import io
import os
import platform
import sys
from pathlib import Path
from typing import Annotated

import typer

import grader
from grader._internal import log
from grader.cli._menu import OPTIONS, Menu
from grader.errors import GraderError, UsageError


def _show_version(asked: bool) -> None:
    if asked:
        print(f"grader {grader.__version__}, Python {platform.python_version()}")
        raise typer.Exit


app = typer.Typer(name="grader", cls=Menu, no_args_is_help=True, **OPTIONS)


@app.callback(help="Auto-graded machine-learning homework.")
def _begin(
    log_file: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="Write a log to this file; GRADER_LOG=debug makes it detailed.",
            show_default=False,
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the versions of the grader and of Python and exit.",
        ),
    ] = False,
) -> None:
    try:
        log.start(log.setting_of(log_file, os.environ))
    except ValueError as exc:
        raise UsageError(str(exc)) from None
    except OSError as exc:
        raise UsageError(f"{log_file}: cannot write the log: {exc.strerror}") from None


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 something is wrong or our fault, 2 wrong use."""
    # Imports make many objects and no garbage: looking for some took a sixth of a command's time.
    gc.set_threshold(50_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a sign of a message shows a question mark for it.
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="python -m grader")
    except GraderError as exc:
        for line in (f"grader: {exc}", *getattr(exc, "__notes__", ())):
            print(line, file=sys.stderr)
        sys.exit(2 if isinstance(exc, UsageError) else 1)
    except ModuleNotFoundError as exc:
        if not (exc.name or "").startswith(f"{grader.__name__}."):
            raise
        # A kit has the students' part of this package.
        print(
            "grader: this grader came with a student kit and has the students' commands only; "
            "staff install the whole one, from the source of the grader",
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:
        print("\ngrader: stopped", file=sys.stderr)
        sys.exit(130)
    except SystemExit as exc:
        # typer takes Ctrl-C for itself, and says nothing.
        if isinstance(getattr(exc.__context__, "__cause__", None), KeyboardInterrupt):
            print("\ngrader: stopped", file=sys.stderr)
        if isinstance(exc.__context__, BrokenPipeError):
            sys.exit(0)  # the reader of our output, such as `head`, has had enough
        raise
