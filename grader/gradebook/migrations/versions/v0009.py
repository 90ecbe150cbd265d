"""What is handed in in a learning-management system and fetched from there."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "lti_submissions",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Integer(), nullable=False),
        sa.Column("identity_hash", columns.Plain(), nullable=False),
        sa.Column("deployment", columns.Plain(), nullable=False),
        sa.Column("context", columns.Plain(), nullable=False),
        sa.Column("subject", columns.Plain(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("report_url", columns.Plain(), nullable=False),
        sa.Column("submitted_at", columns.Instant(), nullable=False),
        sa.Column("state", columns.Plain(), nullable=False),
        sa.Column("trouble", columns.Plain(), nullable=False),
        sa.Column("error", columns.Plain(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", columns.Plain(), nullable=False),
        sa.Column("next_at", columns.Instant(), nullable=False),
        sa.Column("looked", columns.Plain(), nullable=False),
        sa.Column("hand_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["platform"], ["lti_platforms.key"]),
        sa.ForeignKeyConstraint(["hand_in"], ["hand_ins.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("identity_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_assets",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("asset", columns.Plain(), nullable=False),
        sa.Column("url", columns.Plain(), nullable=False),
        sa.Column("filename", columns.Plain(), nullable=False),
        sa.Column("sha256", columns.Plain(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("told", columns.Plain(), nullable=False),
        sa.Column("tried", columns.Plain(), nullable=False),
        sa.Column("refused", columns.Plain(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", columns.Instant(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["lti_submissions.key"]),
        sa.PrimaryKeyConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lti_assets_submission", "lti_assets", ["submission"])
