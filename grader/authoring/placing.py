"""Puts new folders into a course: all of them, or none."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError


def place(stage: Path, root: Path, folders: Sequence[str]) -> None:
    """Move folders from `stage`, on the same disk, into the course at `root`.

    folders: their paths, from both; those that `stage` lacks are left out. Raises UsageError, after
    what was moved has been taken away again.
    """
    placed: list[Path] = []
    try:
        for folder in folders:
            made, target = stage / folder, root / folder
            if not made.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            made.rename(target)  # fails where somebody has made it meanwhile
            placed.append(target)
    except OSError as exc:
        for target in placed:
            shutil.rmtree(target, ignore_errors=True)
        raise UsageError(f"cannot write to {root}: {exc.strerror}; nothing was changed") from None
