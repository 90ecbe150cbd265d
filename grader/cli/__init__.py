"""The command line: the only place that prints or exits.

Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from grader.cli import (
    authors,
    collecting,
    exporting,
    gradebook,
    gradescope,
    kit,
    marking,
    staff,
    student,
)
from grader.errors import GraderError, UsageError


class _Sections(TyperGroup):
    """Help that lists the commands by whom they are for.

    typer's own has such panels only where it draws them with rich, which takes longer to load
    than everything else that `--help` needs.
    """

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each `rich_help_panel`."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        widest = max(len(name) for name, _ in commands)
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in commands:
            section = str(getattr(command, "rich_help_panel", None) or "Commands")
            text = command.get_short_help_str(formatter.width - widest - 4) if command else ""
            sections.setdefault(section, []).append((f"{name:{widest}}", text))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)


app = typer.Typer(
    name="grader",
    help="Auto-graded machine-learning homework.",
    cls=_Sections,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
student.register(app)
kit.register(app)
staff.register(app)
gradebook.register(app)
exporting.register(app)
marking.register(app)
gradescope.register(app)
collecting.register(app)
authors.register(app)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 something is wrong or our fault, 2 wrong use."""
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
