"""What the kernel tells of processes in /proc."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def read_status(pid: int) -> dict[str, int]:
    """The numbers of /proc/<pid>/status, those of capabilities too; empty where unreadable."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError):
        if pid:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                name, _, value = line.partition(":")
                word = value.partition("kB")[0].strip()
                if name.startswith("Cap"):
                    found[name] = int(word, 16)
                elif word.isdigit():
                    found[name] = int(word)
    return found


def count_own_threads() -> int:
    """The threads of all processes of this process's user."""
    total, uid = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == uid:
                total += read_status(int(folder.name)).get("Threads", 0)
    return total
