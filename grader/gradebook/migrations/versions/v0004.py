"""Who is excused from a homework, gets zero in it, or has withdrawn from the course."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "standings",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("student", sa.Integer(), nullable=False),
        sa.Column("kind", columns.Plain(), nullable=False),
        sa.Column("why", columns.Plain(), nullable=False),
        sa.Column("note", columns.Plain(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.ForeignKeyConstraint(["student"], ["students.key"]),
        sa.UniqueConstraint("assignment", "student"),
    )
    op.create_index("ix_standings_student", "standings", ["student"])
