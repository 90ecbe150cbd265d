"""Which commands there are, and for whom. Each is `command` in the module of the same name.

`python -m grader --help` shows this menu without loading a single command: importing and building
them all would take as long as everything else that it does.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

# Section, then command: a line that fits beside its name on 80 columns.
MENU: dict[str, dict[str, str]] = {
    "For students": {
        "list": "List the homeworks with your points and due dates.",
        "start": "Put a homework's starter in place and say what to read.",
        "check": "Run the public checks on your file.",
        "hint": "Show the next hint for a check, one more each time.",
        "figures": "Draw the figures of your file's main block.",
        "submit": "Pack your work with its figures and hand it in.",
        "status": "Show what you handed in, and whether it is still there.",
        "reset": "Put the starter back and keep your version beside it.",
        "update": "Install a newer kit into your folder.",
    },
    "For staff": {
        "release": "Write the student kit, without anything from solutions/.",
        "grade": "Grade a folder of submissions and write a report for each.",
        "feedback": "Make pages from existing reports.",
        "schema": "Print the JSON Schema of the report.",
        "doctor": "Say what this machine offers for running code safely.",
        "bench": "Measure what grading costs and how long a student waits.",
        "demo": "Make a small class of submissions and grade it.",
        "export": "Fill grades into your Canvas, Moodle or Brightspace file.",
        "lms": "Send grades to the LMS that is connected to the server.",
        "report": "Report how a class did: scores, checks and mistakes.",
        "serve": "Serve the course on the web; invite people to it.",
        "mark": "Mark the written answers by their rubrics.",
        "gradescope": "Make a Gradescope autograder for a homework.",
        "collect": "Copy all submissions into one tidy folder.",
        "gradebook": "Show and change grades; roster, history and backup.",
        "data": "Export or forget everything that is held of a person.",
    },
    "For authors": {
        "import": "Bring in homework of nbgrader, Otter or GitHub Classroom.",
        "share": "Write a homework as one file for other courses.",
        "add": "Add a homework that somebody shared.",
        "new": "Make a skeleton homework that passes validation at once.",
        "validate": "Test a homework with its own reference and mistakes.",
    },
}
KIT = ".kit/kit.json"  # what tells a student's folder
# Called by other programs.
HIDDEN = {"gradescope-run": "Grade the submission inside a Gradescope autograder."}
OPTIONS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Commands(Mapping[str, Any]):
    """The commands by name, each loaded and built when it is needed."""

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
    """The program: all commands, and a help page that lists them by audience."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "commands": {}})
        self.commands = Commands()  # type: ignore[assignment]  # nothing is ever added to it

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, without loading them."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the menu. In a student's kit it is the student's part."""
        sections = list(MENU.items())
        if any((folder / KIT).exists() for folder in (Path.cwd(), *Path.cwd().parents)):
            others = [name for _, commands in sections[1:] for name in commands]
            sections = [*sections[:1], ("For staff and authors", {"others": ", ".join(others)})]
        for section, commands in sections:
            with formatter.section(section):
                formatter.write_dl([(f"{name:10}", text) for name, text in commands.items()])
