"""The tables of the web server: who may sign in, what was handed in to it, and its queue.

A secret, such as a session's id or a token, is stored as its SHA-256 only.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from grader.gradebook.models.columns import (
    Instant,
    Plain,
    Texts,
    at_column,
    metadata,
    text_column,
)


def _account(*, nullable: bool = False) -> Column[int]:
    return Column("account", ForeignKey("accounts.key"), nullable=nullable, index=True)


# Everybody who may sign in. A student's account belongs to a row of `students`; staff have none.
accounts = Table(
    "accounts",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("id_key", unique=True),  # as names are compared: see roster.name_key
    text_column("id"),
    text_column("name"),
    text_column("email"),
    text_column("role"),  # server.records.Role
    Column("student", ForeignKey("students.key"), unique=True),
    Column("active", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),  # by staff: a roster does not let them in again
    text_column("timezone"),  # "" for the course's
    at_column(),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# One-time links. The newest of an account is the one that works.
invitations = Table(
    "invitations",
    metadata,
    Column("key", Integer, primary_key=True),
    _account(),
    text_column("secret_hash", unique=True),
    at_column(),
    at_column("expires_at"),
    Column("used_at", Instant),
)

# Who somebody is at a sign-in provider (OpenID Connect) or a learning-management system.
identities = Table(
    "identities",
    metadata,
    Column("key", Integer, primary_key=True),
    _account(),
    text_column("issuer"),
    text_column("subject"),
    at_column(),
    UniqueConstraint("issuer", "subject"),
)

sessions = Table(
    "sessions",
    metadata,
    text_column("secret_hash", primary_key=True),
    _account(),
    text_column("csrf"),
    at_column(),
    at_column("seen_at"),
    at_column("expires_at"),
)

# Personal tokens for `grader submit --to https://...`.
tokens = Table(
    "tokens",
    metadata,
    Column("key", Integer, primary_key=True),
    _account(),
    text_column("secret_hash", unique=True),
    text_column("label"),
    at_column(),
    Column("seen_at", Instant),
    at_column("expires_at"),
    Column("revoked_at", Instant),
)

# Files that were uploaded and are looked at before they are handed in. They run out.
drafts = Table(
    "drafts",
    metadata,
    text_column("id", primary_key=True),  # 128 random bits, for the address of its page
    _account(),
    text_column("assignment"),
    text_column("sha256"),
    Column("size", Integer, nullable=False),
    at_column(),
    at_column("expires_at"),
    Column("hand_in", ForeignKey("hand_ins.key")),  # what became of it, if it was handed in
)

# What was handed in. Each row is a receipt, and the queue of what is still to be graded.
hand_ins = Table(
    "hand_ins",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),
    Column("student", ForeignKey("students.key"), nullable=False, index=True),
    _account(),
    Column("members", Texts, nullable=False),
    at_column("received_at"),
    Column("number", Integer, nullable=False),  # 1, 2, ... of this student's for this homework
    text_column("sha256"),
    Column("size", Integer, nullable=False),
    text_column("state"),  # server.records.HandInState
    # The place in the queue: how many of the student's were waiting when it came. Lowest first.
    Column("turn", Integer, nullable=False),
    Column("tries", Integer, nullable=False),  # how often it was claimed
    Column("failures", Integer, nullable=False),  # how often grading failed, as far as we know
    text_column("worker"),  # who grades it now, "" for nobody
    Column("claimed_until", Instant),
    text_column("trouble"),  # why the last try failed, for staff
    # Once it is graded. The same files twice in a row are one attempt: see policy.same_attempt.
    Column("attempt", ForeignKey("attempts.key"), index=True),
    Column("graded_at", Instant),
    UniqueConstraint("assignment", "student", "number"),
    Index("hand_ins_in_turn", "state", "turn", "received_at"),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# How checks ended, one by one, while a hand-in is graded; a copy of what its report will say.
check_events = Table(
    "check_events",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("hand_in", ForeignKey("hand_ins.key"), nullable=False, index=True),
    text_column("kind"),  # server.records.EventKind
    text_column("text"),  # JSON: of a check its id, title, outcome, points
    at_column(),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# The pictures that a report names, by the report's hand-in. Their bytes are in the server's files.
pictures = Table(
    "pictures",
    metadata,
    Column("hand_in", ForeignKey("hand_ins.key"), primary_key=True),
    text_column("name", primary_key=True),
    text_column("sha256"),
)

# Whether reference and starter are graded as they must be, by what a homework consisted of then.
canaries = Table(
    "canaries",
    metadata,
    text_column("assignment", primary_key=True),
    text_column("version", primary_key=True),
    text_column("started", primary_key=True),  # which start of the server
    Column("fine", Boolean, nullable=False),
    text_column("why"),
    at_column(),
)

# What staff should look at; one row for each thing, however often it happens.
alerts = Table(
    "alerts",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("kind"),
    text_column("assignment"),
    text_column("subject"),  # such as a check's id
    text_column("text"),
    at_column(),
    Column("resolved_at", Instant),
    UniqueConstraint("kind", "assignment", "subject"),
)

# Requests by students to look at one check or one question again.
requests = Table(
    "requests",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("attempt", ForeignKey("attempts.key"), nullable=False, index=True),
    _account(),
    text_column("kind"),  # "check" or "question"
    text_column("item"),
    text_column("reason"),
    at_column(),
    text_column("answer"),
    text_column("answered_by"),
    Column("answered_at", Instant),
    Column("before", Plain),
    Column("after", Plain),
    UniqueConstraint("attempt", "kind", "item"),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# Grades that students see, by homework and, if it is not everybody's, section or student.
releases = Table(
    "releases",
    metadata,
    text_column("assignment", primary_key=True),
    text_column("section", primary_key=True),
    text_column("student", primary_key=True),
    at_column(),
    text_column("who"),
)

# Small values of the server itself by name.
server_values = Table(
    "server_values",
    metadata,
    text_column("name", primary_key=True),
    Column("value", Text, nullable=False),
)
