"""What is wrong with a gradebook that cannot be used, and what helps."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Engine

from grader.errors import CourseError

CHECK_S = 5.0
RESTORE = (
    "stop what uses it, move it and the files beside it whose names begin with its name to another "
    "folder, and put a backup in its place with: python -m grader gradebook restore BACKUP"
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_ROOM = "make room on its disk; nothing of this change was kept"


def remedy_of(error: BaseException, database: str) -> str:
    """What helps against an error of SQLite, with "; " before it; "" if that is not known.

    database: its file.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return ""
    match code & 0xFF:
        case sqlite3.SQLITE_CORRUPT:
            remedy = RESTORE
        case sqlite3.SQLITE_NOTADB:
            remedy = f"name the gradebook's file; if this was it, {RESTORE}"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            remedy = _why_not_open(Path(database))
        case sqlite3.SQLITE_FULL:
            remedy = _NO_ROOM
        case _:
            return ""
    return f"; {remedy}"


def why_not_made(path: Path, error: OSError) -> str:
    """Why there can be no gradebook at `path`, as far as the system's own words mislead."""
    above = next(each for each in path.absolute().parents if os.path.lexists(each))
    if not above.is_dir():
        return f"{above} is no folder"
    return error.strerror or str(error)


def _why_not_open(path: Path) -> str:
    folder = path.parent
    if path.is_dir():
        return "it is a folder; name a file"
    if not folder.is_dir():
        return f"the folder {folder} is not there; put it back, or name another file"
    effective = os.access in os.supports_effective_ids
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=effective):
        return (
            f"SQLite keeps files beside it, and this user may not write into {folder}; allow that, "
            "or name a file in another folder"
        )
    if not path.exists():
        return f"{path.name} is not there any more; put it back, and start again"
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=effective):
        return "let this user read and write it"
    return "see whether its disk is writable, and allow more open files (ulimit -n)"


def require_intact(engine: Engine, most_s: float = CHECK_S) -> bool:
    """Raises CourseError if the file of a gradebook is damaged. Returns whether all was looked at.

    Without this, damage is noticed when somebody needs the page of the file that it is in: weeks
    later, perhaps, when no backup from before is left. most_s: for the whole
    check. A PostgreSQL server watches over its own files.
    """
    if engine.dialect.name != "sqlite":
        return True
    found = _first_fault(engine, most_s)
    if found:
        raise CourseError(f"the gradebook {engine.url.database} is damaged ({found}); {RESTORE}")
    return found is not None


def _first_fault(engine: Engine, most_s: float) -> str | None:
    """In SQLite's words; "" if there is none, None if the time was over before."""
    ended = threading.Event()
    with contextlib.closing(engine.raw_connection()) as pooled:
        raw = pooled.driver_connection
        assert isinstance(raw, sqlite3.Connection), "the engine is SQLite's"

        def end() -> None:
            ended.set()
            raw.interrupt()

        timer = threading.Timer(most_s, end)
        timer.daemon = True
        timer.start()
        try:
            said = str(raw.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as exc:
            if exc.sqlite_errorcode & 0xFF not in _DAMAGED:
                return None  # what else is wrong is told by whoever needs it
            said = str(exc)
        finally:
            timer.cancel()
            timer.join()
    # Pages that were not looked at are told as if nothing used them.
    if ended.is_set():
        return None
    return "" if said == "ok" else said.strip().splitlines()[-1]
