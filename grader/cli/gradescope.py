"""`python -m grader gradescope`: makes an autograder for Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

UnsafeOption = Annotated[
    bool,
    typer.Option("--unsafe", help="Grade without isolation there. Only for code that you trust."),
]


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write.")] = Path("autograder.zip"),
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Make a Gradescope autograder for a homework. It contains the solution: keep it private."""
    try:
        from grader.authoring.release.gradescope import build_autograder
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('staff')}") from None
    from grader._internal.files import write_atomically

    data = build_autograder(find(course), name, unsafe=unsafe)
    try:
        write_atomically(to, data)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another file") from None
    print(
        f"{to}: upload it under Configure Autograder. It contains the solution, so keep it private."
    )
