"""The tables of marking together: who marks what, and what was marked as one group."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from grader.gradebook.models.columns import (
    at_column,
    metadata,
    text_column,
)

# Whose answers a marker marks: at most one marker for each student and question.
shares = Table(
    "shares",
    metadata,
    text_column("assignment", primary_key=True),
    text_column("question", primary_key=True),
    Column("student", ForeignKey("students.key"), primary_key=True, autoincrement=False),
    text_column("who"),
)

# Homeworks of which markers see only what is shared out to them.
closed_shares = Table(
    "closed_shares",
    metadata,
    text_column("assignment", primary_key=True),
    text_column("who"),
    at_column(),
)

# Answers, or checks, that were marked as one group.
mark_groups = Table(
    "mark_groups",
    metadata,
    Column("key", Integer, primary_key=True),
    text_column("assignment"),
    text_column("kind"),  # "question" or "check"
    text_column("item"),  # the question's or check's id
    text_column("why"),
    text_column("who"),
    at_column(),
)

group_members = Table(
    "group_members",
    metadata,
    Column("mark_group", ForeignKey("mark_groups.key"), primary_key=True),
    Column("attempt", ForeignKey("attempts.key"), primary_key=True),
    Column("before", Text, nullable=False),  # what was there, as JSON; "" for nothing
    Column("given", Text, nullable=False),
    Column("taken_out", Boolean, nullable=False),
)
