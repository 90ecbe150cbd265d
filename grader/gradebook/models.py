"""The tables, which store only facts; see the package's docstring.

SQLAlchemy Core, the same on SQLite and PostgreSQL. A change here needs a step in migrate.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from grader._internal.text import printable

metadata = MetaData()


class Plain(TypeDecorator[str]):
    """Text that every database can store and no terminal interprets: see `printable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else printable(value)


class Instant(TypeDecorator[datetime]):
    """An aware time; UTC in the database and out of it.

    SQLite has no type for it and gets text of one length, which sorts as the times do.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        zoned = DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(zoned)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A few short texts in order, as JSON; nothing for none, which most rows have."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps([printable(each) for each in value]) if value else ""

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:
        return tuple(json.loads(value)) if value else ()


class NameColumn(TypeDecorator[Mapping[str, str]]):
    """A few short texts by name, as JSON; nothing for none."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(dict(value)) if value else ""

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, str]:
        return json.loads(value) if value else {}


def _text(name: str, *args: Any, **kwargs: Any) -> Column[str]:
    return Column(name, Plain, *args, nullable=False, **kwargs)


def _student() -> Column[int]:
    return Column("student", ForeignKey("students.key"), nullable=False, index=True)


def _attempt() -> Column[int]:
    return Column("attempt", ForeignKey("attempts.key"), nullable=False)


def _at(name: str = "at") -> Column[datetime]:
    return Column(name, Instant, nullable=False)


schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    _at(),
)

students = Table(
    "students",
    metadata,
    Column("key", Integer, primary_key=True),
    _text("id"),
    _text("id_key", unique=True),  # the id as names are compared: see roster.name_key
    _text("name"),
    _text("email"),
    _text("login"),
    _text("section"),
    _text("group_name"),
    Column("extension_days", Integer, nullable=False),
    Column("on_roster", Boolean, nullable=False),
    Column("extra", NameColumn, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    _text("name_key", primary_key=True),
    _text("name"),
    _student(),
    _text("why"),
    _text("who"),
    _at(),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Integer, primary_key=True),
    _text("assignment"),
    _student(),
    _text("handed_in_by"),
    _text("matched_by"),
    Column("received_at", Instant, nullable=False),
    _text("sha256"),
    _text("source"),
    _text("label"),
    Column("claimed", Plain),
    Column("members", Texts, nullable=False),
    _at("recorded_at"),
    UniqueConstraint("assignment", "handed_in_by", "sha256", "received_at"),
)

reports = Table(
    "reports",
    metadata,
    Column("key", Integer, primary_key=True),
    _attempt(),
    _text("sha256"),  # of the staff's report's text
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("faults", Integer, nullable=False),
    _text("assignment_version"),
    _text("grader_version"),
    _text("isolation"),
    Column("seed", Plain),
    _at("graded_at"),
    _at("recorded_at"),
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
    _text("question", primary_key=True),
    _text("digest"),
)

# Who is marking an answer now, so that nobody else is shown it. A claim runs out by itself.
claims = Table(
    "claims",
    metadata,
    Column("attempt", ForeignKey("attempts.key"), primary_key=True),
    _text("question", primary_key=True),
    _text("holder"),
    _text("who"),
    _at("until"),
)

# The rubric by which the marks of a question count, until somebody confirms a newer one.
rubrics = Table(
    "rubrics",
    metadata,
    _text("assignment", primary_key=True),
    _text("question", primary_key=True),
    Column("points", Float, nullable=False),
    Column("items", Texts, nullable=False),
    _at(),
)

marks = Table(
    "marks",
    metadata,
    Column("key", Integer, primary_key=True),
    _attempt(),
    _text("question"),
    Column("points", Float, nullable=False),
    Column("rubric", Texts, nullable=False),
    _text("comment"),
    _text("who"),
    _at(),
    UniqueConstraint("attempt", "question"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("key", Integer, primary_key=True),
    _attempt(),
    _text("check_id"),
    Column("points", Float, nullable=False),
    _text("why"),
    _text("note"),
    _text("who"),
    _at(),
    UniqueConstraint("attempt", "check_id"),
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("key", Integer, primary_key=True),
    _text("assignment"),
    _student(),
    Column("points", Float, nullable=False),
    _text("why"),
    _text("note"),
    _text("who"),
    _at(),
)

extensions = Table(
    "extensions",
    metadata,
    Column("key", Integer, primary_key=True),
    _text("assignment"),
    _student(),
    Column("days", Integer, nullable=False),
    _text("why"),
    _text("note"),
    _text("who"),
    _at(),
    UniqueConstraint("assignment", "student"),
)

history = Table(
    "history",
    metadata,
    Column("key", Integer, primary_key=True),
    _at(),
    _text("who"),
    _text("action"),
    _text("assignment"),
    _text("student"),
    _text("what"),
    _text("before"),
    _text("after"),
    _text("why"),
    _text("note"),
    Index("history_of_student", "student"),
)
