"""Opens the database that the course's settings name: SQLite in a file, PostgreSQL by URL."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from grader._internal.install_hint import install_hint
from grader.course.course import Course
from grader.errors import CourseError, GradebookUnavailable
from grader.gradebook.faults import remedy_of, why_not_made

URL_VARIABLE = "GRADER_GRADEBOOK"
DEFAULT_FILE = ".grader/gradebook.sqlite"
WAIT_S = 30.0
LOOK_S = 0.001
# A number that no other program is likely to use for a lock in the same database.
_LOCK = 0x67726164


def gradebook_url(course: Course) -> URL:
    """Where the course's gradebook is: the variable GRADER_GRADEBOOK, the setting, or the default.

    A path is a SQLite file, relative to the course's folder. Raises CourseError.
    """
    named = os.environ.get(URL_VARIABLE) or course.settings.gradebook or DEFAULT_FILE
    if "://" not in named:
        return URL.create("sqlite", database=str(course.root / named))
    try:
        url = make_url(named)
    except ArgumentError:
        raise CourseError(
            "the gradebook's URL cannot be read; write it as postgresql://user@host/name"
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return URL.create("sqlite", database=str(course.root / url.database))
    raise CourseError(
        f"the gradebook's URL names {url.drivername!r}; give a file or a postgresql:// URL"
    )


def connect(url: URL, *, durable: bool = True) -> Engine:
    """An engine that opens `url` on demand. Raises CourseError if its driver is missing.

    durable: whether what was committed survives a power cut. Without it, SQLite waits for the disk
    more rarely; the last transactions may be gone then, but none is half done.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, durable)
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise CourseError(
            "the gradebook is in PostgreSQL, but the driver is not installed; "
            f"run: {install_hint('postgres')}"
        ) from None


def _sqlite(url: URL, durable: bool) -> Engine:
    path = Path(url.database or "")
    try:
        _make_file(path)
    except OSError as exc:
        raise CourseError(
            f"cannot open the gradebook {path}: {why_not_made(path, exc)}; "
            f"name another file in [tool.grader] or {URL_VARIABLE}"
        ) from None
    engine = create_engine(url, connect_args={"timeout": WAIT_S})
    turns = threading.Lock()

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        # By default the driver begins transactions late and implicitly; here we begin them.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not durable:
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: what it reads first must still be true when it writes.
        if connection.get_execution_options().get("writes", False):
            _begin_writing(connection, turns)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _make_file(path: Path) -> None:
    """Make the file if it is missing, for nobody but its owner to read. Raises OSError.

    One that is there is not even opened: POSIX ends all locks of a process on a file when the
    process closes any descriptor of it. Another program would then take itself for the last one
    that has the gradebook open and delete the log, with what this process writes into it.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists():
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives its side files the same mode.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _begin_writing(connection: Connection, turns: threading.Lock) -> None:
    """Take SQLite's one lock for writers as soon as it is free.

    SQLite itself would look ever more rarely, up to ten times a second, and so wait for longer than
    most transactions last. Of the threads of a process only one looks at a time. turns: theirs.
    """
    ends = time.monotonic() + WAIT_S
    if not turns.acquire(timeout=WAIT_S):
        raise sqlite3.OperationalError("database is locked")
    try:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection), "the engine is SQLite's"
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    raw.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as exc:
                    busy = exc.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                    if not busy or time.monotonic() > ends:
                        raise
                time.sleep(LOOK_S)
        finally:
            raw.execute(f"PRAGMA busy_timeout = {WAIT_S * 1000:.0f}")
    finally:
        turns.release()


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the gradebook. Raises CourseError."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with telling(engine), engine.execution_options(**options).begin() as connection:
        yield connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; only one at a time in all processes. Raises CourseError."""
    with telling(engine), engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        yield connection


@contextlib.contextmanager
def telling(engine: Engine) -> Iterator[None]:
    """Turn the database's own errors into a message of one line without a password, with what
    helps if that is known."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as exc:
        where = engine.url.render_as_string(hide_password=True)
        cause = getattr(exc, "orig", None) or exc
        why = str(cause).strip().splitlines()[0]
        why += remedy_of(cause, engine.url.database or "")
        raise GradebookUnavailable(f"the gradebook {where} cannot be used: {why}") from None
