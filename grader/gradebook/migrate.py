"""The schema's version, and the steps from each version to the next.

A new gradebook is made from models.py directly. An older one goes through STEPS, each in one
transaction, so that a program killed in the middle leaves a gradebook of a well-defined version.
Both databases roll back changes of tables with the transaction that made them.

To change a table: change models.py, raise VERSION, and add the step as portable statements. The
tests compare the result of the steps with what models.py makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, Engine, delete, insert, inspect, select, text

from grader._internal.clock import now_utc
from grader.errors import CourseError
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import SERVER_TABLES, metadata, schema_version

Step = Callable[[Connection], None]


def _to_version_2(connection: Connection) -> None:
    """Notes for staff beside reasons, claims of markers, digests of answers, rubrics.

    Until now no student saw the reason of an adjustment or an extension, and nobody wrote it for
    them: it becomes the note. The reason of an override was shown, and stays.
    """
    for name in ("overrides", "adjustments", "extensions", "history"):
        connection.execute(text(f"ALTER TABLE {name} ADD COLUMN note TEXT NOT NULL DEFAULT ''"))
    for name in ("adjustments", "extensions"):
        connection.execute(text(f"UPDATE {name} SET note = why, why = ''"))
    zoned = "TIMESTAMP WITH TIME ZONE" if connection.dialect.name == "postgresql" else "TEXT"
    number = "DOUBLE PRECISION" if connection.dialect.name == "postgresql" else "FLOAT"
    of_answer = (
        "attempt INTEGER NOT NULL, question TEXT NOT NULL, {}, PRIMARY KEY (attempt, question), "
        "FOREIGN KEY (attempt) REFERENCES attempts (key)"
    )
    claim = f"holder TEXT NOT NULL, who TEXT NOT NULL, until {zoned} NOT NULL"
    tables = {
        "answers": of_answer.format("digest TEXT NOT NULL"),
        "claims": of_answer.format(claim),
        "rubrics": "assignment TEXT NOT NULL, question TEXT NOT NULL, "
        f"points {number} NOT NULL, items TEXT NOT NULL, at {zoned} NOT NULL, "
        "PRIMARY KEY (assignment, question)",
    }
    for name, columns in tables.items():
        connection.execute(text(f"CREATE TABLE {name} ({columns})"))


def _to_version_3(connection: Connection) -> None:
    """The web server's tables."""
    metadata.create_all(connection, tables=SERVER_TABLES)


VERSION = 3
# From a version to the next: the key is the version that a step starts from.
STEPS: Mapping[int, Step] = MappingProxyType({1: _to_version_2, 2: _to_version_3})


def version_of(connection: Connection) -> int | None:
    """The schema version of an open gradebook; None for an empty database.

    Raises CourseError for a database with other content.
    """
    names = inspect(connection).get_table_names()
    if schema_version.name in names:
        version = connection.execute(select(schema_version.c.version)).scalar()
        if version is None:
            raise CourseError(
                "the gradebook has no schema version and cannot be used; restore a backup"
            )
        return int(version)
    taken = sorted(set(names) & set(metadata.tables))
    if taken:
        raise CourseError(
            f"the database contains a table `{taken[0]}` that is not the gradebook's; name another "
            "database"
        )
    return None


def migrate(engine: Engine, steps: Mapping[int, Step] = STEPS, newest: int = VERSION) -> int:
    """Upgrade a gradebook to the newest version and return the one it had; create it if missing.

    Raises CourseError for a gradebook that a newer program made.
    """
    with reading(engine) as connection:
        found = version_of(connection)
    if found is None:
        with writing(engine) as connection:
            # Another process may have made it in the meantime.
            found = version_of(connection)
            if found is None:
                metadata.create_all(connection)
                _set_version(connection, newest)
    while (version := _next(engine, newest)) is not None:
        with writing(engine) as connection:
            if version_of(connection) == version:
                steps[version](connection)
                _set_version(connection, version + 1)
    return newest if found is None else found


def _next(engine: Engine, newest: int) -> int | None:
    """The version to start the next step from, None at the newest."""
    with reading(engine) as connection:
        version = version_of(connection)
    assert version is not None, "migrate has made it"
    if version > newest:
        raise CourseError(
            f"the gradebook has schema version {version}, but this program only knows {newest}; "
            "install the newer version of the grader that made it"
        )
    return version if version < newest else None


def _set_version(connection: Connection, version: int) -> None:
    connection.execute(delete(schema_version))
    connection.execute(insert(schema_version).values(version=version, at=now_utc()))
