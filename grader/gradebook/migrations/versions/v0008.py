"""One push of grades to a platform's column at a time."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "lti_pushes",
        sa.Column("column_hash", columns.Plain(), nullable=False),
        sa.Column("holder", columns.Plain(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("column_hash"),
    )
