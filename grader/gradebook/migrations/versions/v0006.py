"""Who marks what, and what was marked as one group."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "shares",
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("question", columns.Plain(), nullable=False),
        sa.Column("student", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["students.key"]),
        sa.PrimaryKeyConstraint("assignment", "question", "student"),
    )
    op.create_table(
        "closed_shares",
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("assignment"),
    )
    op.create_table(
        "mark_groups",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("kind", columns.Plain(), nullable=False),
        sa.Column("item", columns.Plain(), nullable=False),
        sa.Column("why", columns.Plain(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "group_members",
        sa.Column("mark_group", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.key"]),
        sa.ForeignKeyConstraint(["mark_group"], ["mark_groups.key"]),
        sa.PrimaryKeyConstraint("mark_group", "attempt"),
    )
