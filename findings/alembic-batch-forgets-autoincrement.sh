#!/usr/bin/env bash
# alembic 1.20.1 with SQLAlchemy 2.1.9 on SQLite: a batch migration that changes one column rebuilds the
# table without AUTOINCREMENT and without a column's COLLATE, so that the key of a deleted row comes
# again and "ADA" is another student than "ada". `alembic check` finds nothing to do, before and after.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q alembic==1.20.1 sqlalchemy==2.1.9
"$folder/venv/bin/python" -W error - <<'PYTHON'
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

metadata = sa.MetaData()
students = sa.Table(
    "students",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(collation="NOCASE"), unique=True),
    sa.Column("name", sa.String),
    sqlite_autoincrement=True,
)


def seen(connection):
    """The key after a deleted row, whether "ADA" may come beside "ada", what Alembic would change."""
    connection.execute(students.delete())
    keys = []
    for _ in range(2):
        key = connection.execute(students.insert().values(id="ada")).inserted_primary_key[0]
        keys.append(key)
        connection.execute(students.delete())
    connection.execute(students.insert().values(id="ada"))
    try:
        with connection.begin_nested():
            connection.execute(students.insert().values(id="ADA"))
        twice = True
    except sa.exc.IntegrityError:
        twice = False
    differences = compare_metadata(MigrationContext.configure(connection), metadata)
    return {"key comes again": len(set(keys)) == 1, "ada and ADA": twice, "found": differences}


with sa.create_engine("sqlite://").connect() as connection:
    metadata.create_all(connection)
    before = seen(connection)
    with Operations(MigrationContext.configure(connection)).batch_alter_table("students") as batch:
        batch.alter_column("name", server_default="")
    after = seen(connection)
print("before:", before)
print("after: ", after)
assert before == {"key comes again": False, "ada and ADA": False, "found": []}
assert after == {"key comes again": True, "ada and ADA": True, "found": []}
PYTHON
# Seen:
#   before: {'key comes again': False, 'ada and ADA': False, 'found': []}
#   after:  {'key comes again': True, 'ada and ADA': True, 'found': []}
