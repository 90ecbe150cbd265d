"""The tables of the connection to learning-management systems (LTI 1.3).

What a system says of itself or of somebody is stored only after its signature was verified, except
for refused launches, of which there is one row for each reason.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    Table,
    UniqueConstraint,
)

from grader.gradebook.models.columns import (
    Texts,
    at_column,
    metadata,
    text_column,
)


def _platform(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "platform", ForeignKey("lti_platforms.key"), nullable=False, primary_key=primary_key
    )


# Systems that may launch. One issuer may have several client ids: hosted Canvas has one issuer.
lti_platforms = Table(
    "lti_platforms",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("name"),
    text_column("issuer"),
    text_column("client_id"),
    text_column("authorization_url"),
    text_column("token_url"),
    text_column("token_audience"),  # "" for the token URL
    text_column("key_set_url"),
    Column("deployments", Texts, nullable=False),
    text_column("joined_by"),  # server.lti.protocol.records.JoinedBy
    Column("confirmed", Boolean, nullable=False),  # by an owner, of one that registered itself
    at_column(),
    UniqueConstraint("issuer", "client_id"),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# Links by which a system may register itself once.
lti_registrations = Table(
    "lti_registrations",
    metadata,
    text_column("secret_hash", primary_key=True),
    at_column("expires_at"),
    text_column("who"),
)

# What a launch may be answered with once. They run out with the launch that they were made for.
lti_nonces = Table(
    "lti_nonces",
    metadata,
    text_column("nonce_hash", primary_key=True),
    at_column("expires_at"),
)

# People whom a system signed in, and of whom nobody knows yet who they are here.
lti_people = Table(
    "lti_people",
    metadata,
    Column("key", Integer, primary_key=True),
    _platform(),
    text_column("subject"),
    text_column("name"),
    text_column("email"),
    text_column("sourced_id"),
    text_column("course"),
    at_column(),
    UniqueConstraint("platform", "subject"),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# Launches that were refused, one row for each reason. platform: 0 for an unknown one.
lti_refusals = Table(
    "lti_refusals",
    metadata,
    Column("platform", Integer, primary_key=True, autoincrement=False),
    text_column("reason", primary_key=True),
    text_column("detail"),  # of the last one
    Column("count", Integer, nullable=False),
    at_column(),
)

# Courses in a system, as launches of owners showed them. used: an owner said so.
lti_courses = Table(
    "lti_courses",
    metadata,
    Column("key", Integer, primary_key=True),
    _platform(),
    text_column("deployment"),
    text_column("context"),
    text_column("title"),
    text_column("line_items_url"),
    text_column("memberships_url"),
    Column("used", Boolean, nullable=False),
    at_column(),
    UniqueConstraint("platform", "deployment", "context"),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# The last score of each student that was sent, and what became of it.
lti_scores = Table(
    "lti_scores",
    metadata,
    Column("course", ForeignKey("lti_courses.key"), primary_key=True, autoincrement=False),
    text_column("assignment", primary_key=True),
    Column("student", ForeignKey("students.key"), primary_key=True, autoincrement=False),
    Column("points", Float),  # that the system took last; None for none, or for one that is open
    Column("max_points", Float, nullable=False),
    Column("pending", Boolean, nullable=False),  # it took that somebody still has to mark
    text_column("refused"),  # why it refused the last one, "" if it took it
    text_column("who"),
    at_column(),
)

# Who sends grades to a column now, until when at the latest: see server.lti.column_claims.
lti_pushes = Table(
    "lti_pushes",
    metadata,
    text_column("column_hash", primary_key=True),
    text_column("holder"),
    text_column("who"),
    at_column("until"),
)

# What people handed in in a system that tells so by notices, until it is handed in here and after.
lti_submissions = Table(
    "lti_submissions",
    metadata,
    Column("key", Integer, primary_key=True),
    _platform(),
    text_column("identity_hash", unique=True),  # of deployment, submission and where reports go
    text_column("deployment"),
    text_column("context"),
    text_column("subject"),  # who handed in, as the system names them
    text_column("assignment"),  # as the notice names it
    text_column("report_url"),  # "" if the system takes no reports
    at_column("submitted_at"),
    text_column("state"),  # server.lti.protocol.asset_records.SubmissionState
    text_column("trouble"),
    text_column("error"),  # the standard's code for it, "" for none
    Column("tries", Integer, nullable=False),
    text_column("holder"),  # who fetches it, until next_at
    at_column("next_at"),
    text_column("looked"),  # the state of which the system was told: see server.lti.assets.told
    Column("hand_in", ForeignKey("hand_ins.key")),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# The files of each, and what the system was told of them.
lti_assets = Table(
    "lti_assets",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("submission", ForeignKey("lti_submissions.key"), nullable=False, index=True),
    text_column("asset"),  # as the system names it
    text_column("url"),
    text_column("filename"),  # "" for what was typed into a form
    text_column("sha256"),  # in base64
    Column("size", BigInteger, nullable=False),
    text_column("told"),  # the last report that the system took, "" for none
    text_column("tried"),  # the last one that was sent
    text_column("refused"),  # why it was not taken, "" if it was
    Column("tries", Integer, nullable=False),  # of the last one
    at_column("next_at"),
    at_column(),  # the time stamp of the last one
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)
