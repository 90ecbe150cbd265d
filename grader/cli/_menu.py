"""Which commands there are, and for whom. Each lies in the module of its name, as `command`.

`python -m grader --help` shows this menu without loading a single command: to import and build them
all takes as long as everything else that it does.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

# Section, then command: a line that fits beside its name on 80 columns.
MENU: dict[str, dict[str, str]] = {
    "For students": {
        "list": "The homeworks: your points, due dates, what you have done.",
        "start": "Begin a homework: its starter, and where to read on.",
        "check": "Run the public checks on your file.",
        "hint": "The next hint for a check; each time one more.",
        "figures": "Draw the figures of your file's main block.",
        "submit": "Pack your work with its figures and hand it in.",
        "status": "What you have handed in, and what has become of it.",
        "reset": "Put the starter back; what you wrote is kept.",
        "update": "Bring a newer kit into your folder.",
    },
    "For staff": {
        "release": "Write the student kit, with nothing of solutions/.",
        "grade": "Grade a folder of submissions; a report for each.",
        "feedback": "Make pages of reports that are there already.",
        "schema": "Print the JSON Schema of the report.",
        "doctor": "What this machine offers for running code safely.",
        "bench": "Measure what grading costs, and what a student waits for.",
        "demo": "Make a small class of submissions and grade it.",
        "export": "Fill the grades into your own Canvas or Moodle file.",
        "report": "How a class did: its scores, checks and mistakes.",
        "mark": "Mark the written answers by their rubrics.",
        "gradescope": "Make a Gradescope autograder of a homework.",
        "collect": "Copy what was handed in into one tidy folder.",
        "gradebook": "Grades, changes by hand, roster, backup.",
    },
    "For authors": {
        "new": "Make a skeleton homework that validates at once.",
        "validate": "Try a homework on its reference and its mistakes.",
    },
}
# Called by other programs.
HIDDEN = {"gradescope-run": "Grade one submission inside a Gradescope autograder."}
OPTIONS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Commands(Mapping[str, Any]):
    """The commands by name, each loaded and built when it is asked for."""

    def __init__(self) -> None:
        self._listed = {**HIDDEN}
        for section in MENU.values():
            self._listed |= section
        self._built: dict[str, Any] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, name: str) -> Any:
        if name not in self._listed:
            raise KeyError(name)
        if name not in self._built:
            module = importlib.import_module(f"grader.cli.{name.replace('-', '_')}")
            shelf = typer.Typer(**OPTIONS)
            shelf.callback()(lambda: None)
            if isinstance(module.command, typer.Typer):
                shelf.add_typer(module.command, name=name)
            else:
                shelf.command(name)(module.command)
            self._built |= typer.main.get_group(shelf).commands
        return self._built[name]


class Menu(TyperGroup):
    """The program: all commands, and help that lists them by whom they are for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "commands": {}})
        self.commands = Commands()  # type: ignore[assignment]  # nothing is ever added to it

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, without loading them."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the menu."""
        for section, commands in MENU.items():
            with formatter.section(section):
                formatter.write_dl([(f"{name:10}", text) for name, text in commands.items()])
