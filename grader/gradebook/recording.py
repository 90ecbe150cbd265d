"""Keeping hand-ins and reports. Within the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from grader.gradebook.enrol import Finder
from grader.gradebook.history import Author, log
from grader.gradebook.models import attempts, report_texts, reports
from grader.gradebook.records import Change, HandIn, Reports
from grader.report import Report, printable

CHUNK = 500


def record(
    connection: Connection, entries: Sequence[tuple[HandIn, Reports | None]], author: Author
) -> int:
    """Keep what is not there yet. How many hand-ins and reports were new."""
    finder = Finder(connection)
    return sum(
        _record_chunk(connection, entries[start : start + CHUNK], finder, author)
        for start in range(0, len(entries), CHUNK)
    )


def _record_chunk(
    connection: Connection,
    entries: Sequence[tuple[HandIn, Reports | None]],
    finder: Finder,
    author: Author,
) -> int:
    known = _known_attempts(connection, {hand_in.sha256 for hand_in, _ in entries})
    fresh: dict[Any, dict[str, Any]] = {}
    for hand_in, _ in entries:
        if _identity(hand_in) not in known:
            fresh[_identity(hand_in)] = _attempt_row(hand_in, finder, author)
    if fresh:
        query = insert(attempts).returning(attempts.c.key, sort_by_parameter_order=True)
        keys = connection.execute(query, list(fresh.values())).scalars()
        known.update(zip(fresh, keys, strict=True))
    lines = [
        author.change(
            "handed in",
            row["label"] or row["source"],
            assignment=row["assignment"],
            student=finder.id_of(row["student"]),
            after=f"sha256 {row['sha256'][:12]}",
        )
        for row in fresh.values()
    ]
    graded = [(known[_identity(hand_in)], hand_in, texts) for hand_in, texts in entries if texts]
    reported = _record_reports(connection, graded, finder, author)
    log(connection, [*lines, *reported])
    return len(fresh) + len(reported)


def _identity(hand_in: HandIn) -> tuple[str, str, str, datetime]:
    return (
        hand_in.assignment, printable(hand_in.student), hand_in.sha256, hand_in.received_at
    )  # fmt: skip


def _known_attempts(connection: Connection, hashes: set[str]) -> dict[Any, int]:
    table = attempts.c
    columns = (table.assignment, table.handed_in_by, table.sha256, table.received_at)
    query = select(*columns, table.key).where(table.sha256.in_(hashes))
    return {tuple(row[:4]): row[4] for row in connection.execute(query)}


def _attempt_row(hand_in: HandIn, finder: Finder, author: Author) -> dict[str, Any]:
    name = printable(hand_in.student)
    student, way = finder.find(name)
    return {
        "assignment": hand_in.assignment,
        "student": student,
        "handed_in_by": name,
        "matched_by": way,
        "received_at": hand_in.received_at,
        "sha256": hand_in.sha256,
        "source": hand_in.source,
        "label": hand_in.label,
        "claimed": hand_in.claimed,
        "members": hand_in.members,
        "recorded_at": author.at,
    }


def _record_reports(
    connection: Connection,
    graded: Sequence[tuple[int, HandIn, Reports]],
    finder: Finder,
    author: Author,
) -> list[Change]:
    """Keep the reports that are new, and return the history's lines of them."""
    there = _known_reports(connection, [attempt for attempt, _, _ in graded])
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    texts, lines = [], []
    for attempt, hand_in, reports_ in graded:
        identity = (attempt, hashlib.sha256(reports_.staff.encode()).hexdigest())
        if identity in there or identity in rows:
            continue
        report = Report.model_validate_json(reports_.staff)
        rows[identity] = _report_row(identity, report, author)
        texts.append({"staff": reports_.staff, "student": reports_.student})
        lines.append(
            author.change(
                "graded",
                hand_in.label or hand_in.source,
                assignment=hand_in.assignment,
                student=finder.id_of(finder.find(printable(hand_in.student))[0]),
                after=f"{report.score:g} of {report.max_score:g}",
            )
        )
    if rows:
        query = insert(reports).returning(reports.c.key, sort_by_parameter_order=True)
        keys = connection.execute(query, list(rows.values())).scalars().all()
        connection.execute(
            insert(report_texts),
            [{"report": key, **text} for key, text in zip(keys, texts, strict=True)],
        )
    return lines


def _known_reports(connection: Connection, keys: Sequence[int]) -> set[tuple[int, str]]:
    query = select(reports.c.attempt, reports.c.sha256).where(reports.c.attempt.in_(keys))
    return {(row[0], row[1]) for row in connection.execute(query)}


def _report_row(identity: tuple[int, str], report: Report, author: Author) -> dict[str, Any]:
    return {
        "attempt": identity[0],
        "sha256": identity[1],
        "score": report.score,
        "max_score": report.max_score,
        "faults": len(report.faults),
        "assignment_version": report.assignment_version,
        "grader_version": report.environment.grader,
        "isolation": report.isolation,
        "seed": report.seed,
        "graded_at": report.started_at,
        "recorded_at": author.at,
    }
