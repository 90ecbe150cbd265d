"""Keeping hand-ins and reports. Within the caller's transaction."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from grader._internal.text import printable
from grader.gradebook.enrol import Finder
from grader.gradebook.history import Author, log
from grader.gradebook.models import attempts, report_texts, reports
from grader.gradebook.records import Change, HandIn, Reports
from grader.reports.schema import Report

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


@dataclass
class _Kept:
    """An attempt that is recorded, or about to be: then it has no key yet."""

    received_at: datetime
    sha256: str
    key: int = 0


def _record_chunk(
    connection: Connection,
    entries: Sequence[tuple[HandIn, Reports | None]],
    finder: Finder,
    author: Author,
) -> int:
    kept = _kept_attempts(connection, [hand_in for hand_in, _ in entries])
    fresh: list[tuple[_Kept, dict[str, Any]]] = []
    graded: list[tuple[_Kept, HandIn, Reports]] = []
    for hand_in, texts in sorted(entries, key=lambda entry: entry[0].received_at):
        theirs = kept.setdefault((hand_in.assignment, printable(hand_in.student)), [])
        attempt = _same(theirs, hand_in)
        if attempt is None:
            attempt = _Kept(hand_in.received_at, hand_in.sha256)
            bisect.insort(theirs, attempt, key=lambda each: each.received_at)
            fresh.append((attempt, _attempt_row(hand_in, finder, author)))
        if texts is not None:
            graded.append((attempt, hand_in, texts))
    if fresh:
        query = insert(attempts).returning(attempts.c.key, sort_by_parameter_order=True)
        keys = connection.execute(query, [row for _, row in fresh]).scalars()
        for (attempt, _), key in zip(fresh, keys, strict=True):
            attempt.key = key
    lines = [_handed_in(row, finder, author) for _, row in fresh]
    reported = _record_reports(connection, graded, finder, author)
    log(connection, [*lines, *reported])
    return len(fresh) + len(reported)


def _same(theirs: Sequence[_Kept], hand_in: HandIn) -> _Kept | None:
    """The attempt that a hand-in is already: of the same work and time, or the one just before.

    The same work handed in again after itself was handed in the first time. A copy of a folder of
    submissions loses their times, and must make nobody late.
    """
    for each in theirs:
        if (each.received_at, each.sha256) == (hand_in.received_at, hand_in.sha256):
            return each
    before = [each for each in theirs if each.received_at <= hand_in.received_at]
    again = before and hand_in.sha256 and before[-1].sha256 == hand_in.sha256
    return before[-1] if again else None


def _kept_attempts(
    connection: Connection, hand_ins: Sequence[HandIn]
) -> dict[tuple[str, str], list[_Kept]]:
    """What is recorded of these homeworks and names, in the order received."""
    table = attempts.c
    query = (
        select(table.assignment, table.handed_in_by, table.received_at, table.sha256, table.key)
        .where(
            table.assignment.in_({hand_in.assignment for hand_in in hand_ins}),
            table.handed_in_by.in_({printable(hand_in.student) for hand_in in hand_ins}),
        )
        .order_by(table.received_at, table.key)
    )
    found: dict[tuple[str, str], list[_Kept]] = {}
    for assignment, name, *what in connection.execute(query):
        found.setdefault((assignment, name), []).append(_Kept(*what))
    return found


def _handed_in(row: dict[str, Any], finder: Finder, author: Author) -> Change:
    return author.change(
        "handed in",
        row["label"] or row["source"],
        assignment=row["assignment"],
        student=finder.id_of(row["student"]),
        after=f"sha256 {row['sha256'][:12]}",
    )


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
    graded: Sequence[tuple[_Kept, HandIn, Reports]],
    finder: Finder,
    author: Author,
) -> list[Change]:
    """Keep the reports that are new, and return the history's lines of them."""
    there = _known_reports(connection, [attempt.key for attempt, _, _ in graded])
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    texts, lines = [], []
    for attempt, hand_in, reports_ in graded:
        identity = (attempt.key, hashlib.sha256(reports_.staff.encode()).hexdigest())
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
