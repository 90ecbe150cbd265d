"""Backup and restore, in one format for both kinds of database: a SQLite file.

Such a file has a documented format, describes itself and can be opened with common tools. A backup
that an older version made is upgraded by the same steps as a gradebook. From SQLite it is copied by
the database's own backup, which sees one consistent state while others write; from PostgreSQL the
rows are copied in one transaction.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    delete,
    false,
    func,
    insert,
    select,
)

from grader.errors import UsageError
from grader.gradebook.connect import connect, reading, writing
from grader.gradebook.history import Author, log
from grader.gradebook.migrate import migrate, version_of
from grader.gradebook.models import alembic_version, history, metadata, schema_version

CHUNK = 1000
TABLES: tuple[Table, ...] = tuple(
    table for table in metadata.sorted_tables if table not in (schema_version, alembic_version)
)
_MAGIC = b"SQLite format 3\0"


def backup(engine: Engine, target: Path) -> None:
    """Write the gradebook as it is at this moment to a new file. Raises UsageError."""
    if target.exists():
        raise UsageError(f"{target} already exists; name a new file for the backup")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=target.parent) as folder:
            copy = Path(folder) / "copy.sqlite"
            if engine.dialect.name == "sqlite":
                _copy_file(Path(engine.url.database or ""), copy)
            else:
                _copy_out(engine, copy)
            copy.chmod(0o600)
            copy.replace(target)
    except OSError as exc:
        raise UsageError(f"cannot write the backup {target}: {exc.strerror}") from None


@dataclass(frozen=True)
class Restoration:
    """What a restore did. rows: how many there are now. undone: changes that the backup lacks."""

    rows: int
    undone: int


def restore(
    engine: Engine, source: Path, kept: Path, author: Author, *, replace: bool
) -> Restoration:
    """Replace the gradebook by a backup, completely or not at all.

    kept: where the old gradebook is saved. Raises UsageError for a file that is not a complete
    backup, and, unless `replace`, for a gradebook that is not empty.
    """
    with _opened(source) as copy, reading(copy) as rows, writing(engine) as connection:
        if any(connection.execute(select(table).limit(1)).first() for table in TABLES):
            if not replace:
                raise UsageError(
                    "the gradebook is not empty; use --replace to replace it by the backup and "
                    "keep the old one"
                )
            # Nobody else can write now, so what is kept is exactly what is replaced.
            backup(engine, kept)
        undone = (_changes(connection) - _changes(rows)).total()
        for table in reversed(TABLES):
            connection.execute(delete(table))
        count = _copy_rows(rows, connection)
        if engine.dialect.name == "postgresql":
            _set_sequences(connection)
        log(connection, [author.change("restored", source.name, after=f"{count} rows")])
    return Restoration(count, undone)


def _changes(connection: Connection) -> Counter[tuple[object, ...]]:
    """What the history lists. Its keys are left out: each copy of a gradebook counts on alone."""
    told = [column for column in history.columns if column is not history.c.key]
    return Counter(tuple(row) for row in connection.execute(select(*told)))


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[Engine]:
    """A copy of a backup, upgraded to this program's version. The file itself is only read."""
    with tempfile.TemporaryDirectory(prefix="grader-restore-") as folder:
        copy = Path(folder) / "copy.sqlite"
        try:
            with source.open("rb") as file:
                if file.read(len(_MAGIC)) != _MAGIC:
                    raise UsageError(
                        f"{source} is not a backup of a gradebook; name a file that `backup` wrote"
                    )
            _copy_file(source, copy)
        except OSError as exc:
            raise UsageError(f"cannot read {source}: {exc.strerror}") from None
        engine = connect(URL.create("sqlite", database=str(copy)))
        try:
            with reading(engine) as connection:
                if version_of(connection) is None:
                    raise UsageError(
                        f"{source} is not a backup of a gradebook; name a file that `backup` wrote"
                    )
            migrate(engine)
            yield engine
        finally:
            engine.dispose()


def _copy_file(source: Path, target: Path) -> None:
    """SQLite's own copy, checked. Raises UsageError for a damaged file."""
    uri = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            # A backup is one file, without a log beside it.
            new.execute("PRAGMA journal_mode = DELETE")
            state = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as exc:
        state = str(exc)
    if state != "ok":
        raise UsageError(f"{source} is damaged: {state.splitlines()[0]}; use another backup")


def _copy_out(engine: Engine, target: Path) -> None:
    copy = connect(URL.create("sqlite", database=str(target)))
    try:
        migrate(copy)
        with reading(engine) as rows, writing(copy) as connection:
            _copy_rows(rows, connection)
    finally:
        # The last connection to close folds the log into the file.
        copy.dispose()


def _copy_rows(source: Connection, target: Connection) -> int:
    count = 0
    for table in TABLES:
        rows = source.execution_options(yield_per=CHUNK).execute(select(table))
        for chunk in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in chunk])
            count += len(chunk)
    return count


def _set_sequences(connection: Connection) -> None:
    """Keys were given, not drawn: let PostgreSQL go on above them."""
    for table in TABLES:
        key = table.autoincrement_column
        if key is None:
            continue
        highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        connection.execute(select(func.setval(sequence, highest, false())))
