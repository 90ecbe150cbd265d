"""Tells the files that we wrote into a folder from those that somebody added or changed since.

A command may be told to write into a folder that it wrote to before. What it left there is known by
the SHA-256 of each file; everything else is somebody's, and not ours to replace.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader._internal.text import printable

# What an operating system or Python leaves in any folder, and makes again.
_LEFT_BY_TOOLS = re.compile(
    r"(?i)(.*/)?(\.ds_store|thumbs\.db|desktop\.ini|\._[^/]*|__pycache__/[^/]*\.pyc)"
)
_NAMED = 3


def others_in(folder: Path, written: Mapping[str, str]) -> list[str]:
    """What is in a folder and not as we wrote it: files, and folders in which nothing is ours.

    written: SHA-256 of each file by its path, `/` between names. A link is never ours. The paths
    are sorted; a folder's ends with `/`. Raises OSError.
    """
    homes = {str(home) for path in written for home in PurePosixPath(path).parents}
    found: list[str] = []
    for place, folders, names in os.walk(folder, onerror=_raise):
        top = Path(place).relative_to(folder)
        for name in tuple(folders):
            path = (top / name).as_posix()
            if path not in homes or (folder / path).is_symlink():
                folders.remove(name)
                found += [f"{path}/"] if any(_files_in(folder / path, path)) else []
        paths = [(top / name).as_posix() for name in names]
        found += [
            path
            for path in paths
            if not _LEFT_BY_TOOLS.fullmatch(path)
            and not is_as_written(folder / path, written.get(path))
        ]
    return sorted(found)


def is_as_written(path: Path, sha256: str | None) -> bool:
    """Whether a file holds what this is the SHA-256 of. Raises OSError."""
    if sha256 is None or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def named(paths: Sequence[str]) -> str:
    """Paths as a message names them: "a.txt, b.txt, c.txt and 4 more"."""
    more = len(paths) - _NAMED
    told = ", ".join(map(printable, paths[:_NAMED]))
    return f"{told} and {more} more" if more > 0 else told


def _files_in(folder: Path, path: str) -> Iterator[str]:
    """The files below a folder, or the folder itself if it is a link. path: its own."""
    if folder.is_symlink():
        yield path
    for place, folders, names in os.walk(folder, onerror=_raise):
        top = path / Path(place).relative_to(folder)
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in (*links, *names):
            if not _LEFT_BY_TOOLS.fullmatch((top / name).as_posix()):
                yield (top / name).as_posix()


def _raise(exc: OSError) -> None:
    raise exc
