"""Grades for a learning-management system: first what would change in its table, then the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.records import Grade
from grader.lms.exports import fill_table, for_people
from grader.lms.protocol import Export, UnclearColumn, UnclearSystem
from grader.lms.systems import SYSTEMS
from grader.lms.table import Table
from grader.server.http.calls import Call
from grader.server.pages.student_pages import attachment, homework_name
from grader.server.problems import Problem
from grader.server.staff.tables import keep_table, kept_table, said_of

MOST_LISTED = 500
MOST_COLUMNS = 300


@dataclass(frozen=True)
class TableChoices:
    """How to fill a table, as the address says it. column, system: "" for what its header tells."""

    column: str
    system: str
    so_far: bool


def lms(call: Call) -> Response:
    """Which table to export from the system, and the form for it."""
    name = homework_name(call)
    return call.page("lms.html.j2", name=name, title=call.site.course.spec(name).title)


async def upload(call: Call) -> Response:
    """Keeps the table and shows what would change."""
    name = homework_name(call)
    made = await keep_table(call, name)
    return call.go("lms_table", name=name, id=made.id)


def table(call: Call) -> Response:
    """What filling in the grades would change, what stays as it is, and why."""
    name = homework_name(call)
    draft, path = kept_table(call, name)
    grades = call.site.book.grades(name)
    filled, trouble = None, ""
    try:
        filled = _filled(call, name, path, grades)
    except UnclearColumn:
        trouble = "No column, or more than one, is called like this homework. Choose it below."
    except UnclearSystem:
        trouble = "The table’s header does not tell which system it is from. Choose it below."
    except UsageError as exc:
        trouble = said_of(exc, path)
    changes = filled.changes if filled is not None else ()
    called = {grade.student.id: grade.student.name for grade in grades}
    return call.page(
        "lms_table.html.j2",
        status=422 if trouble else 200,
        name=name,
        title=call.site.course.spec(name).title,
        draft=draft,
        trouble=trouble,
        filled=filled,
        changes=changes[:MOST_LISTED],
        more=max(0, len(changes) - MOST_LISTED),
        left_out=for_people(filled, MOST_LISTED, called) if filled is not None else {},
        called=called,
        most=max((grade.max_points for grade in grades), default=0.0),
        systems=[each for each in SYSTEMS if each.table],
        columns=_columns(path),
        chosen=_choices(call),
    )


def file(call: Call) -> Response:
    """The table with the grades in it."""
    name = homework_name(call)
    _, path = kept_table(call, name)
    try:
        filled = _filled(call, name, path, call.site.book.grades(name))
    except UsageError as exc:
        raise Problem(422, said_of(exc, path)) from None
    return attachment(filled.data, f"grades-{name}.csv", "text/csv")


def _filled(call: Call, name: str, path: Path, grades: Sequence[Grade]) -> Export:
    chosen = _choices(call)
    titles = call.site.course.spec(name).title, name
    return fill_table(
        path, grades, titles, chosen.column or None, chosen.so_far, chosen.system or None
    )


def _choices(call: Call) -> TableChoices:
    system = call.query.get("system", "")
    return TableChoices(
        call.query.get("column", ""),
        system if system in [each.key for each in SYSTEMS if each.table] else "",
        call.query.get("so_far") == "on",
    )


def _columns(path: Path) -> list[str]:
    """The columns that may be chosen; none if the file is no table."""
    try:
        header = Table(path).header
    except UsageError:
        return []
    return list(dict.fromkeys(name for name in header if name.strip()))[:MOST_COLUMNS]
