"""The students' pages of a homework as one file, for a learning-management system.

It has only what the students see now: whoever's grade is not released is not in it.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.responses import Response

from grader._internal.zips import zip_files
from grader.errors import StorageFailed, UsageError
from grader.gradebook.records import Grade
from grader.gradebook.released import reports_of, student_sheet
from grader.gradebook.releases import Releases
from grader.lms.moodle_feedback import moodle_zip
from grader.reports.pages import Listing, Pages
from grader.server.http.calls import Call
from grader.server.http.csrf import require_csrf
from grader.server.http.uploads import Form, NotReceived, TooLarge, received_form
from grader.server.pages.student_pages import attachment, homework_name
from grader.server.problems import Problem, sentence
from grader.server.records import HandIn

WORKSHEET_BYTES = 4_000_000


async def download(call: Call) -> Response:
    """The zip. The form may hold Moodle's grading worksheet, by which Moodle knows the students."""
    name = await run_sync(homework_name, call)
    try:
        async with (
            received_form(call.request, WORKSHEET_BYTES) as form,
            call.site.turns.alone(call.account.key),
        ):
            assert call.visit is not None, "the route is open to owners only"
            require_csrf(call.request, call.visit, form.fields.get("csrf", ""))
            return await run_sync(_zip, call, name, form, limiter=call.site.heavy)
    except TooLarge as exc:
        raise Problem(413, sentence(str(exc)), field="worksheet") from None
    except NotReceived as exc:
        raise Problem(422, sentence(str(exc))) from None


def _zip(call: Call, name: str, form: Form) -> Response:
    pages, sheets = files_of(call, name)
    if not sheets:
        raise Problem(409, "Nobody sees their grade now, so the zip would be empty; release first.")
    worksheet = form.files[0][1].read() if form.files else b""
    if not worksheet:
        files = {f"{student}.html": page for student, page in pages.items()}
        files |= {f"{student}.md": sheet for student, sheet in sheets.items()}
        return attachment(zip_files(files), f"feedback-{name}.zip", "application/zip")
    with tempfile.TemporaryDirectory(prefix="grader-worksheet-") as folder:
        path = Path(folder) / "worksheet.csv"
        path.write_bytes(worksheet)
        try:
            made = moodle_zip(path, call.site.book.students(), pages)
        except UsageError as exc:
            said = str(exc).replace(str(path), "the worksheet")
            raise Problem(422, sentence(said), field="worksheet") from None
    if made.missing and not form.fields.get("anyway"):
        raise Problem(
            422,
            f"These students are not in the worksheet: {', '.join(made.missing[:50])}. Choose this "
            "assignment's worksheet, or tick that they are left out.",
            field="worksheet",
        )
    return attachment(made.data, f"moodle-{name}.zip", "application/zip")


def files_of(call: Call, name: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The page and the grade as Markdown of everybody who sees their grade now, by id.

    There is no page where nothing that counts is graded.
    """
    site, now = call.site, call.site.clock()
    in_force, maker = Releases(site.engine).of(name), Pages(zone=site.course.zone)
    made = {
        each.attempt: each for each in site.hand_ins.of_homework(name) if each.attempt is not None
    }
    pages: dict[str, bytes] = {}
    sheets: dict[str, bytes] = {}
    for grade in site.book.grades(name):
        released = any(each.reaches(grade.student) for each in in_force)
        sheet = student_sheet(site.book, site.course, grade, now, released=released)
        if sheet is None:
            continue
        student = grade.student.id
        title = f"{site.course.spec(name).title}, {grade.student.name or student}"
        sheets[student] = sheet.markdown(title).encode("utf-8", "replace")
        if grade.attempt is not None and grade.attempt.report is not None:
            found = made.get(grade.attempt.key)
            pages[student] = _page(call, maker, grade, found, released=released)
    return pages, sheets


def _page(call: Call, maker: Pages, grade: Grade, found: HandIn | None, *, released: bool) -> bytes:
    site = call.site
    _, theirs = reports_of(site.book, site.course, grade, site.clock(), released=released)
    listing, pictures = Listing(), {}
    if found is not None:
        listing = site.listings.of(site.course, found)
        named = {figure.file for check in theirs.checks for figure in check.figures if figure.file}
        for file, sha256 in site.hand_ins.pictures(found.key).items():
            if file in named:
                with contextlib.suppress(StorageFailed):
                    pictures[file] = site.blobs.read(sha256)
    return maker.page(theirs, listing, pictures, grade.student.id)
