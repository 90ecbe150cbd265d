"""Files written so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

REPLACE_PAUSES_S = (0.01, 0.05, 0.1, 0.2, 0.4)
# How the name of a file begins that is being written, or was when its writer was killed.
UNFINISHED = ".writing-"


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file so that a reader sees all of it or the old one, even if we are killed.

    private: only its owner may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if not private:
            # mkstemp makes 0600; a report is as readable as any other file its owner writes.
            Path(temporary).chmod(0o666 & ~_umask())
        _replace(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _replace(new: Path, path: Path) -> None:
    """Put `new` in the place of `path`.

    Windows refuses that for the moment in which another program, such as a virus scanner or an
    editor, has the old file open.
    """
    for pause_s in REPLACE_PAUSES_S if os.name == "nt" else ():
        try:
            new.replace(path)
        except PermissionError:
            time.sleep(pause_s)
        else:
            return
    new.replace(path)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
