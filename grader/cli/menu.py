"""Which commands there are, for whom, and in which module each lies.

`python -m grader --help` shows this menu without loading a single command: to import and build them
all takes as long as everything else that it does.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

# Section, then command: its module, and a line that fits beside its name on 80 columns.
MENU: dict[str, dict[str, tuple[str, str]]] = {
    "For students": {
        "list": ("student", "The homeworks: your points, due dates, what you have done."),
        "start": ("student", "Begin a homework: its starter, and where to read on."),
        "check": ("student", "Run the public checks on your file."),
        "hint": ("student", "The next hint for a check; each time one more."),
        "figures": ("student", "Draw the figures of your file's main block."),
        "submit": ("student", "Pack your work with its figures and hand it in."),
        "status": ("student", "What you have handed in, and what has become of it."),
        "reset": ("student", "Put the starter back; what you wrote is kept."),
        "update": ("kit", "Bring a newer kit into your folder."),
    },
    "For staff": {
        "release": ("kit", "Write the student kit, with nothing of solutions/."),
        "grade": ("staff", "Grade a folder of submissions; a report for each."),
        "feedback": ("staff", "Make pages of reports that are there already."),
        "schema": ("staff", "Print the JSON Schema of the report."),
        "doctor": ("staff", "What this machine offers for running code safely."),
        "bench": ("measuring", "Measure what grading costs, and what a student waits for."),
        "demo": ("staff", "Make a small class of submissions and grade it."),
        "export": ("exporting", "Fill the grades into your own Canvas or Moodle file."),
        "report": ("reporting", "How a class did: its scores, checks and mistakes."),
        "mark": ("marking", "Mark the written answers by their rubrics."),
        "gradescope": ("gradescope", "Make a Gradescope autograder of a homework."),
        "collect": ("collecting", "Copy what was handed in into one tidy folder."),
        "gradebook": ("gradebook", "Grades, changes by hand, roster, backup."),
    },
    "For authors": {
        "new": ("authors", "Make a skeleton homework that validates at once."),
        "validate": ("authors", "Try a homework on its reference and its mistakes."),
    },
}
# Called by other programs.
HIDDEN = {"gradescope-run": ("gradescope", "")}
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
        module, _ = self._listed[name]
        if name not in self._built:
            shelf = typer.Typer(**OPTIONS)
            shelf.callback()(lambda: None)
            importlib.import_module(f"grader.cli.{module}").register(shelf)
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
                formatter.write_dl([(f"{name:10}", text) for name, (_, text) in commands.items()])
