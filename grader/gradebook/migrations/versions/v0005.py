"""What staff wrote about places in the work of students."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "comments",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("file", columns.Plain(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("figure", columns.Plain(), nullable=False),
        sa.Column("text", columns.Plain(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.key"]),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comments_attempt", "comments", ["attempt"])
