"""Reads rows as records, with one query for each table, however many students there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from grader._internal.clock import now_utc
from grader._internal.text import printable
from grader.errors import UsageError
from grader.gradebook.grades.facts import GradeFacts
from grader.gradebook.models import (
    adjustments,
    aliases,
    answers,
    attempts,
    claims,
    comments,
    extensions,
    history,
    marks,
    overrides,
    report_texts,
    reports,
    standings,
    students,
)
from grader.gradebook.outcomes import OutcomeReader
from grader.gradebook.records import (
    Adjustment,
    Attempt,
    CheckPoints,
    Claim,
    Comment,
    Extension,
    HistoryEntry,
    Mark,
    Override,
    Standing,
    StandingKind,
    Student,
)
from grader.gradebook.roster import Matcher, name_key
from grader.reports.schema import Outcome, Report
from grader.reports.summary import reason_of

_ATTEMPT = (
    attempts.c.assignment, attempts.c.handed_in_by, attempts.c.received_at, attempts.c.sha256,
    attempts.c.source, attempts.c.label, attempts.c.claimed, attempts.c.members, attempts.c.key,
    attempts.c.student, attempts.c.matched_by,
)  # fmt: skip
_REPORT = (
    reports.c.score, reports.c.max_score, func.coalesce(reports.c.faults, 0), reports.c.key
)  # fmt: skip
_STUDENT = (
    students.c.key, students.c.id, students.c.name, students.c.email, students.c.login,
    students.c.section, students.c.group_name, students.c.extension_days, students.c.on_roster,
    students.c.extra,
)  # fmt: skip
_MARK = (
    marks.c.attempt, marks.c.question, marks.c.points, marks.c.rubric, marks.c.comment,
    marks.c.who, marks.c.at,
)  # fmt: skip
_OVERRIDE = (
    overrides.c.attempt, overrides.c.check_id, overrides.c.points, overrides.c.why,
    overrides.c.who, overrides.c.at, overrides.c.note,
)  # fmt: skip
_CHANGE = (
    history.c.at, history.c.who, history.c.action, history.c.assignment, history.c.student,
    history.c.what, history.c.before, history.c.after, history.c.why, history.c.note,
)  # fmt: skip


def load_students(connection: Connection, *where: ColumnElement[bool]) -> tuple[Student, ...]:
    """Everybody, or those that `where` chooses, by id."""
    rows: Iterable[Any] = connection.execute(select(*_STUDENT).where(*where)).all()
    found = [Student(*row) for row in rows]
    if not all(student.on_roster for student in found):
        said = select(history.c.student).where(history.c.action == "roster")
        leavers = set(connection.execute(said.where(history.c.what == "left")).scalars())
        found = [
            replace(student, left=not student.on_roster and student.id in leavers)
            for student in found
        ]
    return tuple(sorted(found, key=lambda student: student.id))


def find_student(connection: Connection, name: str) -> Student:
    """By id, login, email or full name; a student off the roster only by id. Raises UsageError."""
    key = name_key(name)
    said = select(aliases.c.student).where(aliases.c.name_key == key).scalar_subquery()
    for where in (students.c.key == said, students.c.id_key == key):
        # The usual ways are found by an index, however many students there are.
        if known := load_students(connection, where):
            return known[0]
    everybody = load_students(connection)
    matcher = load_matcher(connection, everybody)
    found = matcher.find(name)
    if found is not None:
        return found[0]
    if sharing := matcher.sharing(name):
        theirs = ", ".join(student.id for student in sharing)
        raise UsageError(
            printable(f"{name[:80]!r} may be any of {len(sharing)} students: {theirs}; give the id")
        )
    if not everybody:
        raise UsageError("the gradebook has no students yet; load a roster or grade first")
    ids = [student.id for student in everybody]
    names = [student.name for student in everybody if student.name]
    raise UsageError(unknown("student", name, ids, names))


def student_id(connection: Connection, key: int) -> str:
    """The id of a student by their row."""
    query = select(students.c.id).where(students.c.key == key)
    return str(connection.execute(query).scalar_one())


def names_of(connection: Connection, student: Student) -> list[str]:
    """The id, and the names that they handed in under, which the history may contain."""
    query = select(attempts.c.handed_in_by).where(attempts.c.student == student.key).distinct()
    return [student.id, *connection.execute(query).scalars()]


def unknown(what: str, name: str, known: Iterable[str], others: Iterable[str] = ()) -> str:
    """A message for an unknown name: the one probably meant, or some that are known.

    others: what may be meant as well and is not listed.
    """
    names = list(known)
    near = difflib.get_close_matches(name, [*names, *others], n=1)
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    listed = f"there are: {', '.join(names[:20]) or 'none'}{more}"
    remedy = f"did you mean {near[0]}?" if near else listed
    return printable(f"no {what} {name[:80]!r}; {remedy}")


def has_roster(connection: Connection) -> bool:
    """Whether anybody is on the roster."""
    query = select(students.c.key).where(students.c.on_roster.is_(True)).limit(1)
    return connection.execute(query).first() is not None


def load_matcher(connection: Connection, everybody: Iterable[Student]) -> Matcher:
    """A matcher that finds students by name, and by what staff said about a name."""
    said: Iterable[Any] = connection.execute(select(aliases.c.name_key, aliases.c.student))
    return Matcher(everybody, dict(map(tuple, said)))


def load_attempts(connection: Connection, *where: ColumnElement[bool]) -> list[Attempt]:
    """Attempts with the report that counts, in the order received."""
    # Of an attempt's reports the last row here counts: the newest, but not one with a fault of ours
    # after one without.
    query = (
        select(*_ATTEMPT, *_REPORT)
        .join_from(attempts, reports, isouter=True)
        .where(*where)
        .order_by(
            attempts.c.received_at, attempts.c.key, (reports.c.faults > 0).desc(), reports.c.key
        )
    )
    found = {row.key: row for row in (Attempt(*each) for each in connection.execute(query))}
    _add_reasons(connection, found)
    return list(found.values())


def _add_reasons(connection: Connection, found: dict[int, Attempt]) -> None:
    """Say of which attempts nothing could be run. That is in their reports, which are long."""
    suspected = {each.report: key for key, each in found.items() if each.score == 0}
    if not suspected:
        return
    query = select(report_texts.c.report, report_texts.c.staff)
    for report, text in connection.execute(query.where(report_texts.c.report.in_(suspected))):
        key = suspected[report]
        reason = reason_of(Report.model_validate_json(text)) or ""
        found[key] = replace(found[key], reason=reason)


def load_marks(connection: Connection, *where: ColumnElement[bool]) -> list[Mark]:
    """Marks of the attempts that `where` chooses."""
    query = select(*_MARK).join_from(marks, attempts).where(*where)
    return [Mark(*row) for row in connection.execute(query)]


def load_claims(connection: Connection, question: str, at: datetime) -> list[Claim]:
    """The claims of answers to a question that have not run out, of whatever homework."""
    columns = (claims.c.attempt, claims.c.question, claims.c.holder, claims.c.who, claims.c.until)
    query = select(*columns).where(claims.c.question == question, claims.c.until > at)
    return [Claim(*row) for row in connection.execute(query)]


def load_answers(connection: Connection, *where: ColumnElement[bool]) -> dict[tuple[int, str], str]:
    """The digests of the answers of the attempts that `where` chooses, by attempt and question."""
    query = select(answers.c.attempt, answers.c.question, answers.c.digest)
    rows = connection.execute(query.join_from(answers, attempts).where(*where))
    return {(attempt, question): digest for attempt, question, digest in rows}


def load_overrides(connection: Connection, *where: ColumnElement[bool]) -> list[Override]:
    """Overrides in the attempts that `where` chooses."""
    query = select(*_OVERRIDE).join_from(overrides, attempts).where(*where)
    return [Override(*row) for row in connection.execute(query)]


def load_adjustments(connection: Connection, *where: ColumnElement[bool]) -> list[Adjustment]:
    """Adjustments in the order made."""
    table = adjustments.c
    query = select(
        *(table.assignment, table.student, table.points, table.why, table.who, table.at),
        table.note,
    )
    rows = connection.execute(query.where(*where).order_by(table.key))
    return [Adjustment(*row) for row in rows]


def load_extensions(connection: Connection, *where: ColumnElement[bool]) -> list[Extension]:
    """Late days granted, at most one for a student and a homework."""
    table = extensions.c
    query = select(
        *(table.assignment, table.student, table.days, table.why, table.who, table.at), table.note
    )
    return [Extension(*row) for row in connection.execute(query.where(*where))]


def load_standings(connection: Connection, *where: ColumnElement[bool]) -> list[Standing]:
    """Who is excused, gets zero or has withdrawn."""
    table = standings.c
    query = select(
        *(table.assignment, table.student, table.kind, table.why, table.who, table.at), table.note
    )
    rows: Iterable[Any] = connection.execute(query.where(*where))
    return [
        Standing(assignment, student, StandingKind(kind), *rest)
        for assignment, student, kind, *rest in rows
    ]


def load_comments(connection: Connection, *where: ColumnElement[bool]) -> list[Comment]:
    """Comments on attempts, by place: the whole work, then lines and figures."""
    table = comments.c
    query = select(
        *(table.key, table.attempt, table.file, table.line, table.figure, table.text),
        *(table.points, table.who, table.at),
    ).join_from(comments, attempts)
    order = (table.figure, table.file, table.line, table.key)
    return [Comment(*row) for row in connection.execute(query.where(*where).order_by(*order))]


def load_checks(
    connection: Connection, reports_wanted: Iterable[int]
) -> dict[int, list[CheckPoints]]:
    """What the checks of some reports gave, by the report's key."""
    found = OutcomeReader().of(connection, reports_wanted)
    return {
        key: [
            CheckPoints(each.id, each.points, each.max_points, each.outcome is Outcome.GRADER_ERROR)
            for each in checks
        ]
        for key, checks in found.items()
    }


def load_text(connection: Connection, report: int, *, for_student: bool) -> str:
    """The text of a report; "" if it was not kept."""
    column = report_texts.c.student if for_student else report_texts.c.staff
    text = connection.execute(select(column).where(report_texts.c.report == report)).scalar()
    return str(text or "")


def load_history(query: Select[Any], connection: Connection) -> tuple[HistoryEntry, ...]:
    """Changes that a query on the history chooses."""
    return tuple(
        HistoryEntry(*row) for row in connection.execute(query.with_only_columns(*_CHANGE))
    )


def load_facts(
    connection: Connection, assignments: Sequence[str], of: Student | None = None
) -> GradeFacts:
    """Everything on which the grades in these homeworks depend; for one student, if given."""
    at_hand = load_students(connection) if of is None else with_partners(connection, of)
    theirs: ColumnElement[bool] = attempts.c.assignment.in_(assignments)
    if of is not None:
        keys = [student.key for student in at_hand]
        # Whoever names members may have named this student.
        theirs = and_(theirs, or_(attempts.c.student.in_(keys), attempts.c.members != ""))
    found = load_attempts(connection, theirs)
    if of is not None:  # what belongs to a few attempts is found by their keys
        theirs = attempts.c.key.in_([attempt.key for attempt in found])
    overridden = load_overrides(connection, theirs)
    changed = {override.attempt for override in overridden}
    by_report = {
        attempt.report: attempt.key
        for attempt in found
        if attempt.key in changed and attempt.report is not None
    }
    seen = _load_reports_seen(connection, overridden)
    checks = load_checks(connection, {*by_report, *seen.values()})
    matcher = None
    if any(attempt.members for attempt in found):
        everybody = at_hand if of is None else load_students(connection)
        matcher = load_matcher(connection, everybody)
    return GradeFacts(
        students=at_hand,
        has_roster=has_roster(connection),
        matcher=matcher,
        attempts=tuple(found),
        checks={
            by_report[report]: tuple(listed)
            for report, listed in checks.items()
            if report in by_report
        },
        worth={
            (each.attempt, each.check): check.max_points
            for each in overridden
            for check in checks.get(seen.get((each.attempt, each.check), 0), ())
            if check.id == each.check
        },
        most=_load_most(connection, assignments),
        marks=tuple(load_marks(connection, theirs)),
        overrides=tuple(overridden),
        answers=load_answers(connection, theirs),
        adjustments=tuple(load_adjustments(connection, adjustments.c.assignment.in_(assignments))),
        extensions=tuple(load_extensions(connection, extensions.c.assignment.in_(assignments))),
        comments=tuple(load_comments(connection, theirs)),
        standings=tuple(load_standings(connection, standings.c.assignment.in_((*assignments, "")))),
        now=now_utc(),
        perhaps=_load_perhaps(connection, assignments),
    )


def _load_reports_seen(
    connection: Connection, overridden: Sequence[Override]
) -> dict[tuple[int, str], int]:
    """The report that counted when each override was set, by attempt and check."""
    query = (
        select(reports.c.attempt, reports.c.key, reports.c.recorded_at)
        .where(reports.c.attempt.in_({each.attempt for each in overridden}))
        .order_by((reports.c.faults > 0).desc(), reports.c.key)  # as in load_attempts
    )
    known: dict[int, list[tuple[int, datetime]]] = {}
    for attempt, report, recorded_at in connection.execute(query):
        known.setdefault(attempt, []).append((report, recorded_at))
    seen = {}
    for each in overridden:
        before = [report for report, at in known.get(each.attempt, ()) if at <= each.at]
        if before:
            seen[each.attempt, each.check] = before[-1]
    return seen


def _load_perhaps(
    connection: Connection, assignments: Sequence[str]
) -> dict[tuple[str, int], tuple[str, ...]]:
    """Names of submissions that several students share, by homework and student."""
    columns = attempts.c.assignment, attempts.c.handed_in_by
    nobodys = attempts.c.matched_by == "", attempts.c.assignment.in_(assignments)
    rows = connection.execute(select(*columns).where(*nobodys).distinct()).all()
    if not rows or not has_roster(connection):
        return {}
    matcher = load_matcher(connection, load_students(connection))
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for assignment, name in sorted(map(tuple, rows)):
        for student in matcher.sharing(name):
            whose = assignment, student.key
            found[whose] = (*found.get(whose, ()), name)
    return found


def with_partners(connection: Connection, student: Student) -> tuple[Student, ...]:
    """A student and those of the same group."""
    if not student.group:
        return (student,)
    group = name_key(student.group)
    grouped = load_students(connection, students.c.group_name != "")
    return tuple(each for each in grouped if name_key(each.group) == group)


def _load_most(connection: Connection, assignments: Sequence[str]) -> dict[str, float]:
    """What the checks of each homework are worth, according to its reports."""
    query = (
        select(attempts.c.assignment, func.max(reports.c.max_score))
        .join_from(attempts, reports)
        .where(attempts.c.assignment.in_(assignments))
        .group_by(attempts.c.assignment)
    )
    rows: Iterable[Any] = connection.execute(query)
    return dict(map(tuple, rows))
