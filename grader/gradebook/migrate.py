"""The schema's version, and how a gradebook gets to it: Alembic's migrations, see migrations/.

A new gradebook is made from the models directly. An older one goes through a migration for each
version, each in one transaction, so that a program killed in the middle leaves a gradebook of a
well-defined version. Both databases roll back changes of tables with the transaction that made
them. The version is kept twice: for Alembic, and as the number by which every program, also one
from before there was Alembic, knows whether it can use a gradebook.

To change a table: change the models, raise VERSION, and add migrations/versions/vNNNN.py, for
example with what Alembic's autogenerate proposes. The tests compare the result of the migrations
with what the models make.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from grader._internal.clock import now_utc
from grader.errors import CourseError
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import alembic_version, metadata, schema_version

VERSION = 9
MIGRATIONS = "grader.gradebook:migrations"


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


def migrate(engine: Engine, newest: int = VERSION, more: Sequence[Path] = ()) -> int:
    """Upgrade a gradebook to the newest version and return the one it had; create it if missing.

    more: folders of further migrations. Raises CourseError for a gradebook that a newer program
    made.
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
                _upgrade(connection, version, more)
                _set_version(connection, version + 1)
    return newest if found is None else found


def _next(engine: Engine, newest: int) -> int | None:
    """The version to start the next migration from, None at the newest."""
    with reading(engine) as connection:
        version = version_of(connection)
    assert version is not None, "migrate has made it"
    if version > newest:
        raise CourseError(
            f"the gradebook has schema version {version}, but this program only knows {newest}; "
            "install the newer version of the grader that made it"
        )
    return version if version < newest else None


def _upgrade(connection: Connection, version: int, more: Sequence[Path]) -> None:
    """Run the migration from `version` to the next in the caller's transaction."""
    # Only now: it takes longer to import than most commands that open a gradebook.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    if more:
        folders = [f"{MIGRATIONS}/versions", *map(str, more)]
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(folders))
    config.attributes["connection"] = connection
    if not inspect(connection).has_table(alembic_version.name):
        # It was made before there was Alembic.
        command.stamp(config, revision_of(version))
    command.upgrade(config, revision_of(version + 1))


def revision_of(version: int) -> str:
    """Alembic's name of a version."""
    return f"{version:04}"


def _set_version(connection: Connection, version: int) -> None:
    for table, value in (
        (schema_version, {"version": version, "at": now_utc()}),
        (alembic_version, {"version_num": revision_of(version)}),
    ):
        connection.execute(delete(table))
        connection.execute(insert(table).values(**value))
