"""Commands for the student kit: release at the staff's, update at the student's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli.common import CourseOption, find
from grader.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("update", rich_help_panel="For students")(update)
    app.command("release", rich_help_panel="For staff")(release)


def release(
    to: Annotated[Path, typer.Option("--to", help="The folder to write; a zip is put beside.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="The homeworks.", show_default="every one"),
    ] = None,
    shared_code_ok: Annotated[
        bool,
        typer.Option("--shared-code-ok", help="Write it although code of solutions/ stands in it."),
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the student kit: what students get, with nothing of solutions/."""
    from grader.cli import show

    write = _import_release()
    made = write(find(course), to, names or (), shared_code_ok=shared_code_ok)
    out = show.console()
    out.print(f"{', '.join(made.names)}: {len(made.info.files) + 1} files, as", markup=False)
    out.print(f"  {made.folder}", markup=False, soft_wrap=True)
    out.print(f"  {made.archive}  {made.size / 1e6:.1f} MB", markup=False, soft_wrap=True)
    out.print(f"Kit {made.info.version[:8]}. Its README.md tells students how to begin.")


def _import_release() -> Any:
    """What writes a kit. Raises UsageError where the staff's install is not complete."""
    try:
        from grader.handing_out.release import release as write
    except ModuleNotFoundError as exc:
        if (exc.name or "").split(".")[0] not in ("tomli_w", "markdown_it"):
            raise
        raise UsageError(
            f"a kit needs {exc.name}, which is not installed; run: pip install 'grader[staff]'"
        ) from None
    return write


def update(
    kit: Annotated[Path, typer.Argument(help="The newer kit: a folder or a zip.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Bring a newer kit into your folder. What you wrote stays as it is."""
    from grader.cli import show
    from grader.student.update import apply_update, pip_command, plan_update

    home = find(course)
    planned = plan_update(home, kit)
    if not dry_run:
        apply_update(home, planned)
    out = show.console()
    _tell(planned, dry_run, out)
    command = pip_command(home, planned)
    if command is not None:
        out.print("The grader itself is a newer one. To install it, type:")
        out.print(f"  {command}", markup=False, soft_wrap=True)


def _tell(planned: Any, dry_run: bool, out: Any) -> None:
    """What became of each file, a line each."""
    from grader.report import printable

    for change in planned.changes:
        line = f"  {change.what:9} {printable(change.path)}"
        out.print(line, markup=False, soft_wrap=True)
        if change.note:
            out.print(f"            {printable(change.note)}", markup=False, soft_wrap=True)
    version = f"kit {planned.new.version[:8]}"
    if planned.old not in (None, planned.new.version):
        version += f" (it was {planned.old[:8]})"
    if not planned.changes:
        out.print(f"Nothing to do: this folder has {version}.", markup=False)
    elif dry_run:
        out.print(f"Nothing was written. This would bring {version}.", markup=False)
    else:
        kept = planned.unchanged
        out.print(f"This folder now has {version}; {kept} files are as they were.", markup=False)
