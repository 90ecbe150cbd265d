"""The connection to learning-management systems (LTI 1.3)."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0007"
down_revision = "0006"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, columns.Plain(), nullable=False)


def _at(name: str = "at") -> sa.Column[object]:
    return sa.Column(name, columns.Instant(), nullable=False)


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    op.create_table(
        "lti_platforms",
        sa.Column("key", sa.Integer(), nullable=False),
        _text("name"),
        _text("issuer"),
        _text("client_id"),
        _text("authorization_url"),
        _text("token_url"),
        _text("token_audience"),
        _text("key_set_url"),
        sa.Column("deployments", columns.Texts(), nullable=False),
        _text("joined_by"),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        _at(),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("issuer", "client_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_registrations",
        _text("secret_hash"),
        _at("expires_at"),
        _text("who"),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    op.create_table(
        "lti_nonces",
        _text("nonce_hash"),
        _at("expires_at"),
        sa.PrimaryKeyConstraint("nonce_hash"),
    )
    op.create_table(
        "lti_people",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Integer(), nullable=False),
        _text("subject"),
        _text("name"),
        _text("email"),
        _text("sourced_id"),
        _text("course"),
        _at(),
        sa.ForeignKeyConstraint(["platform"], ["lti_platforms.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("platform", "subject"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_refusals",
        sa.Column("platform", sa.Integer(), autoincrement=False, nullable=False),
        _text("reason"),
        _text("detail"),
        sa.Column("count", sa.Integer(), nullable=False),
        _at(),
        sa.PrimaryKeyConstraint("platform", "reason"),
    )
    op.create_table(
        "lti_courses",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Integer(), nullable=False),
        _text("deployment"),
        _text("context"),
        _text("title"),
        _text("line_items_url"),
        _text("memberships_url"),
        sa.Column("used", sa.Boolean(), nullable=False),
        _at(),
        sa.ForeignKeyConstraint(["platform"], ["lti_platforms.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("platform", "deployment", "context"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_scores",
        sa.Column("course", sa.Integer(), autoincrement=False, nullable=False),
        _text("assignment"),
        sa.Column("student", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("max_points", sa.Float(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        _text("refused"),
        _text("who"),
        _at(),
        sa.ForeignKeyConstraint(["course"], ["lti_courses.key"]),
        sa.ForeignKeyConstraint(["student"], ["students.key"]),
        sa.PrimaryKeyConstraint("course", "assignment", "student"),
    )
