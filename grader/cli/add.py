"""The command `add`: puts a homework that somebody shared into the course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader._internal.install_hint import install_hint
from grader.cli._course import CourseOption
from grader.cli.share import PassphraseOption, passphrase_from
from grader.errors import UsageError


def command(
    file: Annotated[Path, typer.Argument(help="The file that `share` wrote.")],
    passphrase_file: PassphraseOption = None,
    public: Annotated[
        bool, typer.Option("--public", help="Only what students get; without the passphrase.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Add a homework that somebody shared. Look at it before you run it: it is a program."""
    from grader.cli.new import course_folder

    try:
        from grader.authoring.exchange import MAX_BYTES, add, open_shared, other_versions
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('staff')}") from None
    root = course_folder(course)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is larger than {MAX_BYTES >> 20} MB; it is no homework")
        data = file.read_bytes()
    except OSError as exc:
        raise UsageError(f"cannot read {file}: {exc.strerror}; name another file") from None
    passphrase = None if public else passphrase_from(passphrase_file, confirm=False)
    try:
        shared = open_shared(data, passphrase)
    except UsageError as exc:
        raise UsageError(f"{file}: {exc}") from None
    there = add(root, shared)
    info = shared.info
    print(f"{info.name}: {info.title}, by {', '.join(info.authors)}; licence {info.licence}")
    for line in other_versions(info):
        print(f"  note: {line}")
    for folder in there:
        print(f"  note: {folder} was here already, with the same files")
    if shared.opened:
        print(
            f"It is somebody else's program: read it, then: python -m grader validate {info.name}"
        )
    else:
        print("Without the passphrase there is no solution, and nothing can be graded here.")
