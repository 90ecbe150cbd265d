"""The command `release`: writes the student kit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.authoring.release.kit import StudentKit
    from grader.course.course import Course


def command(
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The folder to write; a zip goes beside it.", show_default=False),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="The homeworks.", show_default="every one"),
    ] = None,
    shared_code_ok: Annotated[
        bool,
        typer.Option("--shared-code-ok", help="Write it even if it contains code of solutions/."),
    ] = False,
    pytest_folder: Annotated[
        Path | None,
        typer.Option(
            "--pytest",
            help="Write one homework to this folder instead, for plain pytest without a grader.",
            show_default=False,
        ),
    ] = None,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="With --pytest: also hidden checks and reference.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the student kit: everything that students get, and nothing from solutions/."""
    from grader.cli import _terminal as show

    if pytest_folder is not None:
        _write_pytest_folder(find(course), pytest_folder, names or (), hidden=hidden, also=to)
        return
    if to is None or hidden:
        raise UsageError(
            "--hidden goes with --pytest" if hidden else "where to? Name a folder with --to"
        )
    write = _import_release()
    made = write(find(course), to, names or (), shared_code_ok=shared_code_ok)
    out = show.console()
    out.print(
        f"{', '.join(made.names)}: {len(made.info.files) + 1} files, written to", markup=False
    )
    out.print(f"  {made.folder}", markup=False, soft_wrap=True)
    out.print(f"  {made.archive}  {made.size / 1e6:.1f} MB", markup=False, soft_wrap=True)
    out.print(f"Kit {made.info.version[:8]}. Its README.md tells students how to begin.")


def _import_release() -> Callable[..., StudentKit]:
    """The function that writes a kit. Raises UsageError if the staff extra is not installed."""
    try:
        from grader.authoring.release.kit import release as write
    except ModuleNotFoundError as exc:
        if (exc.name or "").split(".")[0] not in ("tomli_w", "markdown_it"):
            raise
        raise UsageError(
            f"making a kit needs {exc.name}, which is not installed; run: {install_hint('staff')}"
        ) from None
    return write


def _write_pytest_folder(
    course: Course, folder: Path, names: Sequence[str], *, hidden: bool, also: Path | None
) -> None:
    if len(names) != 1 or also is not None:
        raise UsageError("--pytest writes one homework; name it, and leave out --to")
    _import_release()
    from grader.authoring.release.pytest_folder import write_pytest_folder

    files = write_pytest_folder(course, names[0], folder, hidden=hidden)
    print(f"{folder}: {len(files)} files. Run pytest there.")
    print("Nothing isolates the code from the checks in it.")
