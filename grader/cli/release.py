"""The command `release`: writes the student kit, or a homework for pytest or for the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.authoring.release.kit import StudentKit
    from grader.course.course import Course


ToOption = Annotated[
    Path | None,
    typer.Option("--to", help="The folder to write; a zip goes beside it.", show_default=False),
]
NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="The homeworks.", show_default="every one"),
]
SharedCodeOption = Annotated[
    bool,
    typer.Option("--shared-code-ok", help="Write it even if it contains code of solutions/."),
]
PytestOption = Annotated[
    Path | None,
    typer.Option(
        "--pytest",
        help="Write one homework to this folder instead, for plain pytest without a grader.",
        show_default=False,
    ),
]
HiddenOption = Annotated[
    bool, typer.Option("--hidden", help="With --pytest: also hidden checks and reference.")
]
WebOption = Annotated[
    Path | None,
    typer.Option(
        "--web",
        help="Write pages to this folder instead: homework done and checked in the browser.",
        show_default=False,
    ),
]
InterpreterOption = Annotated[
    str | None,
    typer.Option(
        "--interpreter",
        metavar="FOLDER|ADDRESS",
        help="With --web: a distribution of Pyodide, to be copied beside the pages, or where "
        "it is served.",
        show_default=False,
    ),
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="ADDRESS",
        help="With --web: the course's server, where students hand in.",
        show_default=False,
    ),
]


def command(
    to: ToOption = None,
    names: NamesArgument = None,
    shared_code_ok: SharedCodeOption = False,
    pytest_folder: PytestOption = None,
    web: WebOption = None,
    interpreter: InterpreterOption = None,
    server: ServerOption = None,
    hidden: HiddenOption = False,
    course: CourseOption = None,
) -> None:
    """Write the student kit: everything that students get, and nothing from solutions/."""
    homeworks = names or ()
    if hidden and pytest_folder is None:
        raise UsageError("--hidden goes with --pytest")
    if web is None and (interpreter is not None or server is not None):
        raise UsageError("--interpreter and --server go with --web")
    if pytest_folder is not None:
        if len(homeworks) != 1 or to is not None or web is not None:
            raise UsageError("--pytest writes one homework; name it, and leave out --to and --web")
        _write_pytest_folder(find(course), homeworks[0], pytest_folder, hidden=hidden)
    elif web is not None:
        if to is not None:
            raise UsageError("--web writes to its own folder; leave out --to")
        pages = WebOptions(web, interpreter, server, shared_code_ok)
        _write_web(find(course), homeworks, pages)
    else:
        if to is None:
            raise UsageError("where to? Name a folder with --to")
        _write_kit(find(course), homeworks, to, shared_code_ok=shared_code_ok)


def _write_kit(course: Course, names: Sequence[str], to: Path, *, shared_code_ok: bool) -> None:
    from grader.cli import _terminal as show

    write = _import_release()
    made = write(course, to, names, shared_code_ok=shared_code_ok)
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


@dataclass(frozen=True)
class WebOptions:
    """How pages are written: see the options of the command."""

    folder: Path
    interpreter: str | None
    server: str | None
    shared_code_ok: bool


def _write_web(course: Course, names: Sequence[str], options: WebOptions) -> None:
    if options.interpreter is None:
        raise UsageError(
            "which Python? Name with --interpreter the folder into which a distribution of "
            "Pyodide was unpacked, or the address that serves one"
        )
    _import_release()
    from grader.authoring.release.interpreter import interpreter_at
    from grader.authoring.release.web import release_web
    from grader.student.remote import checked_address

    server = None if options.server is None else checked_address(options.server)
    made = release_web(
        course,
        options.folder,
        names,
        interpreter_at(options.interpreter),
        server=server,
        shared_code_ok=options.shared_code_ok,
    )
    print(
        f"{made.folder}: {', '.join(made.names)}; {made.size / 1e6:.0f} MB, kit {made.version[:8]}"
    )
    for line in made.left_out:
        print(f"left out: {line}")
    print("Put the folder on any web server. To look at it here: python -m http.server")
    print("It is a preview for students: what counts is what they hand in.")


def _write_pytest_folder(course: Course, name: str, folder: Path, *, hidden: bool) -> None:
    _import_release()
    from grader.authoring.release.pytest_folder import write_pytest_folder

    files = write_pytest_folder(course, name, folder, hidden=hidden)
    print(f"{folder}: {len(files)} files. Run pytest there.")
    print("Nothing isolates the code from the checks in it.")
