"""The tables of grades: the roster, what was handed in, its reports, and what people decided."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from grader.gradebook.models.columns import (
    Instant,
    NameColumn,
    Plain,
    Texts,
    at_column,
    attempt_column,
    metadata,
    student_column,
    text_column,
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    at_column(),
)

# Alembic's own record of the same version; the number above is what older programs look at.
alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), primary_key=True),
)

students = Table(
    "students",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("id"),
    text_column("id_key", unique=True),  # the id as names are compared: see roster.name_key
    text_column("name"),
    text_column("email"),
    text_column("login"),
    text_column("section"),
    text_column("group_name"),
    Column("extension_days", Integer, nullable=False),
    Column("on_roster", Boolean, nullable=False),
    Column("extra", NameColumn, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    text_column("name_key", primary_key=True),
    text_column("name"),
    student_column(),
    text_column("why"),
    text_column("who"),
    at_column(),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),
    student_column(),
    text_column("handed_in_by"),
    text_column("matched_by"),
    Column("received_at", Instant, nullable=False),
    text_column("sha256"),
    text_column("source"),
    text_column("label"),
    Column("claimed", Plain),
    Column("members", Texts, nullable=False),
    at_column("recorded_at"),
    UniqueConstraint("assignment", "handed_in_by", "sha256", "received_at"),
)

reports = Table(
    "reports",
    metadata,
    Column("key", Integer, primary_key=True),
    attempt_column(),
    text_column("sha256"),  # of the staff's report's text
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("faults", Integer, nullable=False),
    text_column("assignment_version"),
    text_column("grader_version"),
    text_column("isolation"),
    Column("seed", Plain),
    at_column("graded_at"),
    at_column("recorded_at"),
    UniqueConstraint("attempt", "sha256"),
)

# Separate from `reports`, so that reading scores does not read the texts.
report_texts = Table(
    "report_texts",
    metadata,
    Column("report", ForeignKey("reports.key"), primary_key=True),
    Column("staff", Text, nullable=False),
    Column("student", Text, nullable=False),
)

# Digests of the written answers of an attempt, by which a mark follows an answer that stayed.
answers = Table(
    "answers",
    metadata,
    Column("attempt", ForeignKey("attempts.key"), primary_key=True),
    text_column("question", primary_key=True),
    text_column("digest"),
)

# Who is marking an answer now, so that nobody else is shown it. A claim runs out by itself.
claims = Table(
    "claims",
    metadata,
    Column("attempt", ForeignKey("attempts.key"), primary_key=True),
    text_column("question", primary_key=True),
    text_column("holder"),
    text_column("who"),
    at_column("until"),
)

# The rubric by which the marks of a question count, until somebody confirms a newer one.
rubrics = Table(
    "rubrics",
    metadata,
    text_column("assignment", primary_key=True),
    text_column("question", primary_key=True),
    Column("points", Float, nullable=False),
    Column("items", Texts, nullable=False),
    at_column(),
)

marks = Table(
    "marks",
    metadata,
    Column("key", Integer, primary_key=True),
    attempt_column(),
    text_column("question"),
    Column("points", Float, nullable=False),
    Column("rubric", Texts, nullable=False),
    text_column("comment"),
    text_column("who"),
    at_column(),
    UniqueConstraint("attempt", "question"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("key", Integer, primary_key=True),
    attempt_column(),
    text_column("check_id"),
    Column("points", Float, nullable=False),
    text_column("why"),
    text_column("note"),
    text_column("who"),
    at_column(),
    UniqueConstraint("attempt", "check_id"),
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),
    student_column(),
    Column("points", Float, nullable=False),
    text_column("why"),
    text_column("note"),
    text_column("who"),
    at_column(),
)

extensions = Table(
    "extensions",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),
    student_column(),
    Column("days", Integer, nullable=False),
    text_column("why"),
    text_column("note"),
    text_column("who"),
    at_column(),
    UniqueConstraint("assignment", "student"),
)

# What staff wrote about a place in an attempt, which its student reads with the grade.
comments = Table(
    "comments",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("attempt", ForeignKey("attempts.key"), nullable=False, index=True),
    text_column("file"),  # "" for the whole work, or a figure
    Column("line", Integer),
    text_column("figure"),  # its title, or ""
    text_column("text"),
    Column("points", Float, nullable=False),
    text_column("who"),
    at_column(),
    sqlite_autoincrement=True,  # else the key of a deleted row may come again
)

# Who is excused from a homework, gets zero in it, or has withdrawn from the course.
standings = Table(
    "standings",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),  # "" for the whole course
    student_column(),
    text_column("kind"),  # records.StandingKind
    text_column("why"),
    text_column("note"),
    text_column("who"),
    at_column(),
    UniqueConstraint("assignment", "student"),
)

history = Table(
    "history",
    metadata,
    Column("key", Integer, primary_key=True),
    at_column(),
    text_column("who"),
    text_column("action"),
    text_column("assignment"),
    text_column("student"),
    text_column("what"),
    text_column("before"),
    text_column("after"),
    text_column("why"),
    text_column("note"),
    Index("history_of_student", "student"),
)
