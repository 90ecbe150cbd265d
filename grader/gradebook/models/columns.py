"""The kinds of columns that the tables have, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    Text,
    TypeDecorator,
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


def text_column(name: str, *args: Any, **kwargs: Any) -> Column[str]:
    return Column(name, Plain, *args, nullable=False, **kwargs)


def student_column() -> Column[int]:
    return Column("student", ForeignKey("students.key"), nullable=False, index=True)


def attempt_column() -> Column[int]:
    return Column("attempt", ForeignKey("attempts.key"), nullable=False)


def at_column(name: str = "at") -> Column[datetime]:
    return Column(name, Instant, nullable=False)
