"""Records attempts and reports, within the caller's transaction."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select

from grader._internal.text import printable
from grader.gradebook.enrol import Finder
from grader.gradebook.grades.policy import order_of, same_attempt
from grader.gradebook.history import Author, log
from grader.gradebook.models import answers, attempts, report_texts, reports
from grader.gradebook.records import Attempt, HistoryEntry, ReportTexts
from grader.reports.schema import Report

CHUNK = 500


class FindsStudents(Protocol):
    """Whose a submission is; see enrol.Finder."""

    def find(self, name: str) -> tuple[int, str]:
        """The key of the student, and the way they were found."""

    def id_of(self, key: int) -> str:
        """The id of a student that was found."""


def record(
    connection: Connection,
    entries: Sequence[tuple[Attempt, ReportTexts | None]],
    author: Author,
    finder: FindsStudents | None = None,
) -> int:
    """Keep what is not there yet. Returns how many attempts and reports were new.

    finder: for a caller who knows whose all entries are.
    """
    finder = finder or Finder(connection)
    return sum(
        _record_chunk(connection, entries[start : start + CHUNK], finder, author)
        for start in range(0, len(entries), CHUNK)
    )


@dataclass
class _AttemptRow:
    """An attempt's line in the table: it is there, or about to be and has no key yet."""

    received_at: datetime
    sha256: str
    key: int = 0


def _record_chunk(
    connection: Connection,
    entries: Sequence[tuple[Attempt, ReportTexts | None]],
    finder: FindsStudents,
    author: Author,
) -> int:
    table = _lines_of(connection, [attempt for attempt, _ in entries])
    fresh: list[tuple[_AttemptRow, dict[str, Any]]] = []
    graded: list[tuple[_AttemptRow, Attempt, ReportTexts]] = []
    lines: list[tuple[Attempt, _AttemptRow]] = []
    for attempt, texts in sorted(entries, key=lambda entry: order_of(entry[0])):
        theirs = table.setdefault((attempt.assignment, printable(attempt.handed_in_by)), [])
        line = same_attempt(theirs, attempt)
        if line is None:
            line = _AttemptRow(attempt.received_at, attempt.sha256)
            bisect.insort(theirs, line, key=lambda each: each.received_at)
            fresh.append((line, _attempt_row(attempt, finder, author)))
        lines.append((attempt, line))
        if texts is not None:
            graded.append((line, attempt, texts))
    if fresh:
        query = insert(attempts).returning(attempts.c.key, sort_by_parameter_order=True)
        keys = connection.execute(query, [row for _, row in fresh]).scalars()
        for (line, _), key in zip(fresh, keys, strict=True):
            line.key = key
    digests = {
        (line.key, question): digest
        for attempt, line in lines
        for question, digest in attempt.answers.items()
    }
    add_answers(connection, digests)
    received = [_handed_in(row, finder, author) for _, row in fresh]
    reported = _record_reports(connection, graded, finder, author)
    log(connection, [*received, *reported])
    return len(fresh) + len(reported)


def add_answers(connection: Connection, digests: Mapping[tuple[int, str], str]) -> None:
    """Keep the digests of answers, by attempt and question, where there are none yet."""
    if not digests:
        return
    keys = {key for key, _ in digests}
    query = select(answers.c.attempt, answers.c.question).where(answers.c.attempt.in_(keys))
    known = {(attempt, question) for attempt, question in connection.execute(query)}
    rows = [
        {"attempt": attempt, "question": question, "digest": digest}
        for (attempt, question), digest in digests.items()
        if (attempt, question) not in known
    ]
    if rows:
        connection.execute(insert(answers), rows)


def _lines_of(
    connection: Connection, new: Sequence[Attempt]
) -> dict[tuple[str, str], list[_AttemptRow]]:
    """What is recorded of these homeworks and names, in the order received."""
    table = attempts.c
    query = (
        select(table.assignment, table.handed_in_by, table.received_at, table.sha256, table.key)
        .where(
            table.assignment.in_({attempt.assignment for attempt in new}),
            table.handed_in_by.in_({printable(attempt.handed_in_by) for attempt in new}),
        )
        .order_by(table.received_at, table.key)
    )
    found: dict[tuple[str, str], list[_AttemptRow]] = {}
    for assignment, name, *what in connection.execute(query):
        found.setdefault((assignment, name), []).append(_AttemptRow(*what))
    return found


def _handed_in(row: dict[str, Any], finder: FindsStudents, author: Author) -> HistoryEntry:
    """Its line in the history bears the time of the hand-in, however much later it is recorded."""
    return replace(author, at=row["received_at"]).change(
        "handed in",
        row["label"] or row["source"],
        assignment=row["assignment"],
        student=finder.id_of(row["student"]),
        after=f"sha256 {row['sha256'][:12]}",
    )


def _attempt_row(attempt: Attempt, finder: FindsStudents, author: Author) -> dict[str, Any]:
    name = printable(attempt.handed_in_by)
    student, way = finder.find(name)
    return {
        "assignment": attempt.assignment,
        "student": student,
        "handed_in_by": name,
        "matched_by": way,
        "received_at": attempt.received_at,
        "sha256": attempt.sha256,
        "source": attempt.source,
        "label": attempt.label,
        "claimed": attempt.claimed,
        "members": attempt.members,
        "recorded_at": author.at,
    }


def _record_reports(
    connection: Connection,
    graded: Sequence[tuple[_AttemptRow, Attempt, ReportTexts]],
    finder: FindsStudents,
    author: Author,
) -> list[HistoryEntry]:
    """Keep the reports that are new, and return the history's lines of them."""
    graded_keys = [line.key for line, _, _ in graded]
    there, latest = (
        _known_reports(connection, graded_keys),
        _latest_reports(connection, graded_keys),
    )
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    texts, lines = [], []
    for line, attempt, (staff, student) in graded:
        identity = (line.key, hashlib.sha256(staff.encode()).hexdigest())
        if identity in there or identity in rows:
            continue
        report = Report.model_validate_json(staff)
        row, before = _report_row(identity, report, author), latest.get(line.key)
        rows[identity] = latest[line.key] = row
        texts.append({"staff": staff, "student": student})
        change = author.change(
            "graded",
            attempt.label or attempt.source,
            assignment=attempt.assignment,
            student=finder.id_of(finder.find(printable(attempt.handed_in_by))[0]),
            before=None if before is None else _score_said(before),
            after=_score_said(row),
        )
        lines.append(change if before is None else replace(change, why=_why_again(before, row)))
    if rows:
        query = insert(reports).returning(reports.c.key, sort_by_parameter_order=True)
        keys = connection.execute(query, list(rows.values())).scalars().all()
        connection.execute(
            insert(report_texts),
            [{"report": key, **text} for key, text in zip(keys, texts, strict=True)],
        )
    return lines


_DIFFERENT = {
    "assignment_version": "the homework, its checks or its solution changed",
    "seed": "the seed is different",
    "isolation": "the isolation level is different",
    "grader_version": "the version of the grader is different",
}


def _why_again(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Why an attempt was graded again: what was different, as far as reports tell."""
    reasons = [said for name, said in _DIFFERENT.items() if before[name] != after[name]]
    if before["faults"] > after["faults"]:
        reasons.append("checks were lost through a fault of the grader")
    return "graded again" + (f": {'; '.join(reasons)}" if reasons else "")


def _score_said(row: Mapping[str, Any]) -> str:
    return f"{row['score']:g} of {row['max_score']:g}"


def _latest_reports(connection: Connection, keys: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """The report of each attempt that was recorded last."""
    names = ("attempt", "score", "max_score", "faults", *_DIFFERENT)
    query = select(*(reports.c[name] for name in names)).where(reports.c.attempt.in_(keys))
    rows = connection.execute(query.order_by(reports.c.key)).mappings()
    return {row["attempt"]: dict(row) for row in rows}


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
