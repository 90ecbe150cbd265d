"""The web server's tables: accounts, what was handed in and its queue, alerts, requests."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.models import columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Frozen: a later change of the models is a migration of its own."""
    _create_state()
    _create_accounts()
    _create_hand_ins()
    _create_identities()
    _create_requests()
    _create_sessions()
    _create_rest()


def _create_state() -> None:
    """Alerts, canaries, when grades were released, and the server's own values."""
    op.create_table(
        "alerts",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("kind", columns.Plain(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("subject", columns.Plain(), nullable=False),
        sa.Column("text", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("resolved_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("kind", "assignment", "subject"),
    )
    op.create_table(
        "canaries",
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("version", columns.Plain(), nullable=False),
        sa.Column("started", columns.Plain(), nullable=False),
        sa.Column("fine", sa.Boolean(), nullable=False),
        sa.Column("why", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("assignment", "version", "started"),
    )
    op.create_table(
        "releases",
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("section", columns.Plain(), nullable=False),
        sa.Column("student", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("who", columns.Plain(), nullable=False),
        sa.PrimaryKeyConstraint("assignment", "section", "student"),
    )
    op.create_table(
        "server_values",
        sa.Column("name", columns.Plain(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_accounts() -> None:
    """Who may sign in."""
    op.create_table(
        "accounts",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id_key", columns.Plain(), nullable=False),
        sa.Column("id", columns.Plain(), nullable=False),
        sa.Column("name", columns.Plain(), nullable=False),
        sa.Column("email", columns.Plain(), nullable=False),
        sa.Column("role", columns.Plain(), nullable=False),
        sa.Column("student", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("timezone", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["students.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("id_key"),
        sa.UniqueConstraint("student"),
        sqlite_autoincrement=True,
    )


def _create_hand_ins() -> None:
    """What was handed in, in the order of its queue."""
    op.create_table(
        "hand_ins",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("student", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("members", columns.Texts(), nullable=False),
        sa.Column("received_at", columns.Instant(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", columns.Plain(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", columns.Plain(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("worker", columns.Plain(), nullable=False),
        sa.Column("claimed_until", columns.Instant(), nullable=True),
        sa.Column("trouble", columns.Plain(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("graded_at", columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.key"]),
        sa.ForeignKeyConstraint(["student"], ["students.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("assignment", "student", "number"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hand_ins", schema=None) as batch_op:
        batch_op.create_index("hand_ins_in_turn", ["state", "turn", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_ins_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_ins_attempt"), ["attempt"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_ins_student"), ["student"], unique=False)


def _create_identities() -> None:
    """How accounts are known elsewhere, and invitations to make one."""
    op.create_table(
        "identities",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("issuer", columns.Plain(), nullable=False),
        sa.Column("subject", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("issuer", "subject"),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_account"), ["account"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("secret_hash", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=False),
        sa.Column("used_at", columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("secret_hash"),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_account"), ["account"], unique=False)


def _create_requests() -> None:
    """What students asked for."""
    op.create_table(
        "requests",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("kind", columns.Plain(), nullable=False),
        sa.Column("item", columns.Plain(), nullable=False),
        sa.Column("reason", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("answer", columns.Plain(), nullable=False),
        sa.Column("answered_by", columns.Plain(), nullable=False),
        sa.Column("answered_at", columns.Instant(), nullable=True),
        sa.Column("before", columns.Plain(), nullable=True),
        sa.Column("after", columns.Plain(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("attempt", "kind", "item"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_attempt"), ["attempt"], unique=False)


def _create_sessions() -> None:
    """Who is signed in, and by which tokens programs are."""
    op.create_table(
        "sessions",
        sa.Column("secret_hash", columns.Plain(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("csrf", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("seen_at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account"), ["account"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("secret_hash", columns.Plain(), nullable=False),
        sa.Column("label", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("seen_at", columns.Instant(), nullable=True),
        sa.Column("expires_at", columns.Instant(), nullable=False),
        sa.Column("revoked_at", columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("secret_hash"),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_account"), ["account"], unique=False)


def _create_rest() -> None:
    """What checks told while grading, uploads before they are handed in, and pictures."""
    op.create_table(
        "check_events",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("hand_in", sa.Integer(), nullable=False),
        sa.Column("kind", columns.Plain(), nullable=False),
        sa.Column("text", columns.Plain(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["hand_in"], ["hand_ins.key"]),
        sa.PrimaryKeyConstraint("key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("check_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_events_hand_in"), ["hand_in"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", columns.Plain(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("assignment", columns.Plain(), nullable=False),
        sa.Column("sha256", columns.Plain(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=False),
        sa.Column("hand_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.key"]),
        sa.ForeignKeyConstraint(["hand_in"], ["hand_ins.key"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_account"), ["account"], unique=False)

    op.create_table(
        "pictures",
        sa.Column("hand_in", sa.Integer(), nullable=False),
        sa.Column("name", columns.Plain(), nullable=False),
        sa.Column("sha256", columns.Plain(), nullable=False),
        sa.ForeignKeyConstraint(["hand_in"], ["hand_ins.key"]),
        sa.PrimaryKeyConstraint("hand_in", "name"),
    )
