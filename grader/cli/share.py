"""The command `share`: writes a homework as one file for other courses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption, find, person_is_here
from grader.errors import UsageError

PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="A file whose first line is the passphrase.",
        show_default="you are asked",
    ),
]


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    to: Annotated[Path, typer.Option("--to", help="The file to write, a zip.")],
    licence: Annotated[
        str, typer.Option("--licence", help="The licence, such as CC-BY-4.0 or MIT.")
    ],
    author: Annotated[
        list[str], typer.Option("--author", help="Who wrote it; repeat for several people.")
    ],
    passphrase_file: PassphraseOption = None,
    course: CourseOption = None,
) -> None:
    """Write a homework as one file, its solution encrypted."""
    from grader._internal.files import write_atomically

    try:
        from grader.authoring.exchange import share
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('staff')}") from None
    home = find(course)
    passphrase = passphrase_from(passphrase_file, confirm=True)
    data = share(home, name, licence=licence, authors=author, passphrase=passphrase)
    try:
        write_atomically(to, data)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another file") from None
    print(f"{to}: give the passphrase to instructors only, and not together with the file.")


def passphrase_from(path: Path | None, *, confirm: bool) -> str:
    """The passphrase in a file's first line, or as somebody types it. confirm: it is typed twice.

    Raises UsageError where there is neither a file nor anybody to ask.
    """
    if path is None:
        if not person_is_here():
            raise UsageError("nobody can be asked for the passphrase; give --passphrase-file")
        typed: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
        return typed
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"cannot read {path}: {exc}; name another file") from None
