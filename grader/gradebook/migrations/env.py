"""What Alembic runs around migrations: on the connection, and in the transaction, of its caller."""

from __future__ import annotations

from alembic import context

from grader.gradebook.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making a new one
)
with context.begin_transaction():
    context.run_migrations()
