"""The roster, set by an owner: what a file would change comes first."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from grader._internal.files import write_atomically
from grader.errors import MarkConflict, UsageError
from grader.gradebook.connect import reading
from grader.gradebook.enrol import leavers_by, stamp_of
from grader.gradebook.grades.policy import count
from grader.gradebook.leavers import all_leavers
from grader.gradebook.roster import read_roster, roster_csv
from grader.server.http.calls import Call
from grader.server.pages.student_pages import attachment
from grader.server.problems import Problem, sentence
from grader.server.site.site import Site
from grader.server.staff.tables import keep_table, kept_table, said_of

SUBJECT = ""  # of a kept table: no homework's
MOST_LISTED = 500


def roster(call: Call) -> Response:
    """Who is on it, in numbers, and the form for another."""
    return _form(call)


def _form(call: Call, trouble: str = "") -> Response:
    there = [student for student in call.site.book.students() if student.on_roster]
    with reading(call.site.engine) as connection:
        leavers = all_leavers(connection)
    sections = sorted({student.section for student in there if student.section})
    return call.page(
        "roster.html.j2",
        file=call.site.course.settings.roster,
        status=422 if trouble else 200,
        students=len(there),
        sections=sections,
        trouble=trouble,
        leavers=leavers,
        most=MOST_LISTED,
        courses=[
            each for each in call.site.platforms.courses() if each.used and each.memberships_url
        ],
    )


async def upload(call: Call) -> Response:
    """Keeps the file and shows what it would change."""
    made = await keep_table(call, SUBJECT)
    return call.go("roster_table", id=made.id)


def table(call: Call) -> Response:
    """Who would be added, changed, and taken off."""
    _, path = kept_table(call, SUBJECT)
    try:
        found = read_roster(path)
    except UsageError as exc:
        return _form(call, said_of(exc, path))
    changes = call.site.book.roster_changes(found)
    with reading(call.site.engine) as connection:
        leavers = leavers_by(connection, changes)
    return call.page(
        "roster_table.html.j2",
        id=str(call.params["id"]),
        roster=found,
        added=[each for each in changes if each.what == "added"],
        changed=[each for each in changes if each.what == "changed"],
        left=[each for each in changes if each.what == "left"],
        leavers=leavers,
        stamp=stamp_of(changes),
        most=MOST_LISTED,
    )


def accept(call: Call) -> Response:
    """Makes it the course's roster, if that still does what was looked at."""
    site = call.site
    _, path = kept_table(call, SUBJECT)
    try:
        done = site.book.enrol(
            read_roster(path),
            who=call.account.id,
            why="roster uploaded to the server",
            looked_at=call.field("stamp"),
        )
    except MarkConflict as exc:
        raise Problem(409, sentence(str(exc))) from None
    except UsageError as exc:
        raise Problem(422, said_of(exc, path)) from None
    site.accounts.sync()
    said = f"{done.added} added, {done.changed} changed, {done.left} taken off the roster."
    return call.go("people", f"{said} {_kept_in_settings(site, path)}".strip())


def match(call: Call) -> Response:
    """What somebody who has left handed in becomes that of a student on the roster."""
    name, student = call.field("name"), call.field("student")
    if not (name and student):
        raise Problem(422, "Say whose the work is: give the id of a student.", field="student")
    try:
        moved = call.site.book.match(
            name, student, who=call.account.id, why="matched on the page of the roster"
        )
    except UsageError as exc:
        raise Problem(422, sentence(str(exc)), field="student") from None
    work = count(moved, "submission")
    return call.go("roster", f"{work} of {name} {'is' if moved == 1 else 'are'} {student}’s now.")


def file(call: Call) -> Response:
    """The roster as it is, as the file to change and upload again."""
    there = [student for student in call.site.book.students() if student.on_roster]
    return attachment(roster_csv(there).encode("utf-8", "replace"), "roster.csv", "text/csv")


def _kept_in_settings(site: Site, path: Path) -> str:
    """Write the file that the course's settings name, from which commands set the roster.

    Returns what is to be said if that is not possible.
    """
    named = site.course.settings.roster
    if named is None:
        return ""
    try:
        write_atomically(site.course.root / named, path.read_bytes())
    except OSError as exc:
        return (
            f"But {named} could not be written ({exc.strerror}): replace it yourself, because "
            "`grade` sets the roster of that file."
        )
    return ""
