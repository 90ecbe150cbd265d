"""Files that a command writes into a folder, again and again, beside whatever else is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from grader._internal.files import write_atomically
from grader._internal.own_files import is_as_written, named
from grader.errors import UsageError

# What the commands wrote into a folder, as `sha256sum --check` reads it.
RECORD = ".written.sha256"


def write_own_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their paths from the folder. Raises UsageError, before anything is written,
    for one that would take the place of a file that no command wrote, or that was changed since.
    """
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    try:
        record = folder / RECORD
        text = record.read_text(encoding="utf-8") if record.is_file() else ""
        known = {path: hash for hash, _, path in (x.partition("  ") for x in text.splitlines())}
        others = [
            path
            for path, hash in sorted(hashes.items())
            if (folder / path).exists()
            and not is_as_written(folder / path, known.get(path))
            and not is_as_written(folder / path, hash)
        ]
        if others:
            was = "was" if len(others) == 1 else "were"
            raise UsageError(
                f"{named(others)} in {folder} {was} not written by this command, or changed since; "
                "name another folder with --to, or rename what you want to keep"
            )
        for path, data in files.items():
            write_atomically(folder / path, data)
        lines = [f"{hash}  {path}\n" for path, hash in sorted((known | hashes).items())]
        write_atomically(record, "".join(lines).encode())
    except UnicodeDecodeError:
        raise UsageError(f"{folder / RECORD} is damaged; name another folder with --to") from None
    except OSError as exc:
        raise UsageError(
            f"cannot write to {folder}: {exc.strerror}; name another folder with --to"
        ) from None
