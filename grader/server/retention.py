"""Everything that is held of a person: to give it to them, and to forget it.

The database knows whose each row is by the student's row or the account; `_rows_of` is the one list
of what belongs to somebody. Of whoever is forgotten the lines of the history stay, without the
person: when somebody did what for which homework.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)

from grader._internal.zips import zip_files
from grader.errors import StorageFailed
from grader.gradebook.connect import reading, telling, writing
from grader.gradebook.models import (
    accounts,
    adjustments,
    aliases,
    answers,
    attempts,
    check_events,
    claims,
    comments,
    drafts,
    extensions,
    group_members,
    hand_ins,
    history,
    identities,
    invitations,
    lti_assets,
    lti_people,
    lti_platforms,
    lti_scores,
    lti_submissions,
    marks,
    overrides,
    pictures,
    releases,
    report_texts,
    reports,
    requests,
    sessions,
    shares,
    standings,
    students,
    tokens,
)
from grader.gradebook.queries import find_student, load_students, names_of
from grader.gradebook.records import Student
from grader.server.hand_ins.blobs import Blobs

FORGOTTEN = "forgotten"
# What nobody can read and nobody has to have, and what would give hidden checks away.
_LEFT_OUT = frozenset({"secret_hash", "csrf", "staff", "seed"})


@dataclass(frozen=True)
class Held:
    """What is held of somebody: how many rows of each table, and how many stored files."""

    student: Student
    rows: Mapping[str, int]
    files: int


def held_of(engine: Engine, names: Sequence[str], older_than: datetime | None) -> tuple[Held, ...]:
    """What is held of the students named, or of all who handed in nothing since `older_than`.

    Of the latter, who never handed in anything is meant only if they are off the roster. Raises
    UsageError for a name that is unknown.
    """
    with reading(engine) as connection:
        if older_than is None:
            chosen = [find_student(connection, name) for name in names]
        else:
            chosen = _old(connection, older_than)
        return tuple(_held(connection, student) for student in chosen)


def export(engine: Engine, blobs: Blobs, name: str) -> bytes:
    """A zip with everything that is held of a student: tables as JSON, and the files.

    Of reports it has the student's own; those of staff tell of hidden checks. Raises UsageError.
    """
    with reading(engine) as connection:
        student = find_student(connection, name)
        tables = {
            table.name: [_plain(dict(row)) for row in connection.execute(query).mappings()]
            for table, query in _selects(connection, student)
        }
        stored = _files_of(connection, student)
        handed_in = select(hand_ins.c.assignment, hand_ins.c.number, hand_ins.c.sha256)
        rows = connection.execute(handed_in.where(hand_ins.c.student == student.key)).all()
    files: dict[str, bytes] = {}
    tables["students"] = [json.loads(json.dumps(asdict(student), default=str))]
    text = json.dumps(tables, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    files["data.json"] = text.encode()
    for row in tables.pop("report_texts"):
        files[f"reports/{row['report']}.json"] = str(row["student"]).encode()
    named = {row.sha256: f"handed-in/{row.assignment}-{row.number}.zip" for row in rows}
    for sha256 in stored:
        try:
            files[named.get(sha256, f"files/{sha256}")] = blobs.read(sha256)
        except StorageFailed:
            continue  # the row tells of it; the file itself is gone
    return zip_files(files)


def forget(engine: Engine, blobs: Blobs, chosen: Iterable[Held]) -> None:
    """Remove everything of these students. Each is one transaction."""
    for held in chosen:
        with writing(engine) as connection:
            stored = _files_of(connection, held.student)
            _forget(connection, held.student)
            known = _known_files(connection)
        for sha256 in stored - known:
            blobs.delete(sha256)
    if engine.dialect.name == "sqlite":
        # Else what was deleted stays in the file until its place is used again.
        with telling(engine), engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None, "it has just been opened"
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(statement)


def _old(connection: Connection, older_than: datetime) -> list[Student]:
    last: dict[int, datetime] = {}
    for table in (attempts, hand_ins):
        query = select(table.c.student, func.max(table.c.received_at)).group_by(table.c.student)
        for student, at in connection.execute(query):
            last[student] = max(at, last.get(student, at))
    return [
        student
        for student in load_students(connection)
        if (last[student.key] < older_than if student.key in last else not student.on_roster)
    ]


def _held(connection: Connection, student: Student) -> Held:
    counts = {}
    for table, where in _rows_of(student, names_of(connection, student)):
        counted = select(func.count()).select_from(table).where(where)
        if number := connection.execute(counted).scalar_one():
            counts[table.name] = int(number)
    return Held(student, counts, len(_files_of(connection, student)))


def _rows_of(student: Student, names: Sequence[str]) -> list[tuple[Table, ColumnElement[bool]]]:
    """Every table with something of a student, and which rows; what refers to others comes first.

    names: under which they handed in.
    """
    key = student.key
    mine = select(attempts.c.key).where(attempts.c.student == key)
    own_reports = select(reports.c.key).where(reports.c.attempt.in_(mine))
    account = select(accounts.c.key).where(accounts.c.student == key)
    handed_in = select(hand_ins.c.key).where(hand_ins.c.student == key)
    of_attempts = [
        (table, table.c.attempt.in_(mine))
        for table in (answers, claims, comments, marks, overrides, group_members)
    ]
    of_account = [
        (table, table.c.account.in_(account))
        for table in (invitations, identities, sessions, tokens)
    ]
    of_student = [
        (table, table.c.student == key)
        for table in (adjustments, extensions, standings, aliases, shares, lti_scores)
    ]
    # Whom an LMS named, and nobody has joined: what it said of them is all that there is.
    ids = [each for each in (student.id, student.login) if each]
    said: ColumnElement[bool] = lti_people.c.sourced_id.in_(ids)
    if student.email:
        said = or_(said, func.lower(lti_people.c.email) == student.email.lower())
    # What they handed in there, also what is no hand-in yet: under their name there.
    known = select(identities.c.subject).join(
        lti_platforms, lti_platforms.c.issuer == identities.c.issuer
    )
    known = known.where(
        identities.c.account.in_(account), lti_platforms.c.key == lti_submissions.c.platform
    ).correlate(lti_submissions)
    there = or_(lti_submissions.c.hand_in.in_(handed_in), lti_submissions.c.subject.in_(known))
    of_there = select(lti_submissions.c.key).where(there)
    return [
        (lti_people, said),
        (lti_assets, lti_assets.c.submission.in_(of_there)),
        (lti_submissions, there),
        (drafts, or_(drafts.c.account.in_(account), drafts.c.hand_in.in_(handed_in))),
        (requests, or_(requests.c.account.in_(account), requests.c.attempt.in_(mine))),
        (check_events, check_events.c.hand_in.in_(handed_in)),
        (pictures, pictures.c.hand_in.in_(handed_in)),
        (hand_ins, hand_ins.c.student == key),
        *of_account,
        (accounts, accounts.c.student == key),
        (report_texts, report_texts.c.report.in_(own_reports)),
        (reports, reports.c.attempt.in_(mine)),
        *of_attempts,
        (attempts, attempts.c.student == key),
        *of_student,
        (releases, releases.c.student == student.id),
        (history, history.c.student.in_(names)),
    ]


def _selects(connection: Connection, student: Student) -> Iterable[tuple[Table, Select[Any]]]:
    for table, where in _rows_of(student, names_of(connection, student)):
        columns = [column for column in table.columns if column.name not in _LEFT_OUT]
        yield table, select(*columns).where(where)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _files_of(connection: Connection, student: Student) -> set[str]:
    found: set[str] = set()
    for table, where in _rows_of(student, ()):
        if table in (drafts, hand_ins, pictures):
            found |= set(connection.execute(select(table.c.sha256).where(where)).scalars())
    return found


def _known_files(connection: Connection) -> set[str]:
    return {
        sha256
        for table in (drafts, hand_ins, pictures)
        for sha256 in connection.execute(select(table.c.sha256)).scalars()
    }


def _forget(connection: Connection, student: Student) -> None:
    for table, where in _rows_of(student, names_of(connection, student)):
        if table is not history:
            connection.execute(delete(table).where(where))
            continue
        empty = dict.fromkeys(("what", "before", "after", "why", "note"), "")
        connection.execute(update(history).where(where).values(student=FORGOTTEN, **empty))
        _leave_groups(connection, student)
        own = history.c.who.in_((student.id, student.name) if student.name else (student.id,))
        connection.execute(update(history).where(own).values(who=FORGOTTEN))
    connection.execute(delete(students).where(students.c.key == student.key))


def _leave_groups(connection: Connection, student: Student) -> None:
    """Take somebody's id out of what others handed in for a group."""
    for table in (attempts, hand_ins):
        query = select(table.c.key, table.c.members)
        for key, members in connection.execute(query).all():
            if student.id in members:
                left = tuple(each for each in members if each != student.id)
                same = update(table).where(table.c.key == key)
                connection.execute(same.values(members=left))
