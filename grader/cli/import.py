"""The command `import`: brings homework of another grader into the course."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._internal.install_hint import install_hint
from grader._internal.text import counted
from grader.cli._course import CourseOption
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.authoring.migration.model import GradingSystem
    from grader.authoring.migration.moving import MovedHomework

command = typer.Typer(
    help="Bring in homework of nbgrader, Otter or GitHub Classroom.", no_args_is_help=True
)

NameOption = Annotated[
    str | None,
    typer.Option("--name", help="The homework's name here.", show_default="the file's"),
]
UnsafeOption = Annotated[
    bool, typer.Option("--unsafe", help="Run the references without isolation.")
]


@command.command("nbgrader")
def import_nbgrader(
    source: Annotated[
        Path, typer.Argument(help="A notebook of source/, or the folder of an assignment.")
    ],
    name: NameOption = None,
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Bring in the source notebooks of an nbgrader assignment."""
    from grader.authoring.migration.nbgrader import NbgraderSystem

    _bring_in(NbgraderSystem(), source, name, unsafe, course)


@command.command("otter")
def import_otter(
    source: Annotated[Path, typer.Argument(help="The notebook that `otter assign` reads.")],
    name: NameOption = None,
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Bring in the source notebook of an Otter assignment."""
    from grader.authoring.migration.otter import OtterSystem

    _bring_in(OtterSystem(), source, name, unsafe, course)


@command.command("classroom")
def import_classroom(
    source: Annotated[Path, typer.Argument(help="The repository's folder, with the solution.")],
    name: NameOption = None,
    starter: Annotated[
        Path | None,
        typer.Option("--starter", help="The repository that students get.", show_default="stubs"),
    ] = None,
    module: Annotated[
        str | None,
        typer.Option(
            "--module", help="The program that the tests are about, if there are several."
        ),
    ] = None,
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Bring in the repository of a GitHub Classroom assignment."""
    from grader.authoring.migration.classroom import ClassroomSystem

    _bring_in(ClassroomSystem(starter, module), source, name, unsafe, course)


def _bring_in(
    system: GradingSystem, source: Path, name: str | None, unsafe: bool, course: Path | None
) -> None:
    from grader.cli import _terminal as show
    from grader.cli.new import course_folder

    try:
        from grader.authoring.migration.moving import move_in
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('staff')}") from None
    # References are imported here, and none must open a window.
    os.environ.setdefault("MPLBACKEND", "Agg")
    out = show.console()
    root = course_folder(course)
    homeworks = system.read(source, name)
    with out.status("The tests meet the reference"):
        moved = move_in(root, homeworks, unsafe=unsafe)
    for each in moved:
        _tell(each, out)
    _validate(root, [each.name for each in moved], unsafe, out)


def _tell(moved: MovedHomework, out: Console) -> None:
    """What became of the tests of one homework."""
    whole = [each for each in moved.tests if each.plain is None]
    out.print(
        f"[bold]{moved.name}[/]: {counted(len(moved.tests), 'test')} with "
        f"{counted(moved.points, 'point')}. {moved.plain} "
        f"{'is an assertion' if moved.plain == 1 else 'are assertions'} on what the code returns; "
        f"{len(whole)} {'runs' if len(whole) == 1 else 'run'} whole in the submission's process, "
        "on its own word.",
        soft_wrap=True,
    )
    lines = [f"{each.id} runs whole: {each.why}" for each in whole]
    lines += [f"the test {name} was left out ({why})" for name, why in moved.left_out.items()]
    for line in (*lines, *moved.weak, *moved.notes):
        out.print(f"  - {line}", markup=False, soft_wrap=True)


def _validate(root: Path, names: list[str], unsafe: bool, out: Console) -> None:
    """Validate what came in. What is found is work for its author, and no failure of this."""
    from grader.authoring.graders import Graders
    from grader.authoring.validate import SEED
    from grader.cli.validate import say, verdicts
    from grader.course.course import find_course

    home = find_course(root)
    with (
        Graders(home.root, unsafe) as graders,
        contextlib.closing(verdicts(home, names, graders, SEED, out)) as found,
    ):
        for verdict in found:
            say(verdict, out)
    out.print(f"When you have changed something: python -m grader validate {names[0]}")
