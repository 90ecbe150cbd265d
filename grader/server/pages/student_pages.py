"""The pages on which students hand in, and see what became of it."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import quote

from anyio.to_thread import run_sync
from markupsafe import Markup
from starlette.responses import Response

from grader.errors import TooMany
from grader.gradebook.records import Attempt, Student
from grader.server.http.calls import Call
from grader.server.http.csrf import require_csrf
from grader.server.http.uploads import Form, NotReceived, TooLarge, archive_of, received_form
from grader.server.pages.handouts import handout_files, handout_html
from grader.server.pages.homework_views import HomeworkView, homework_of
from grader.server.pages.preview import preview_of
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import HandIn, HandInDraft
from grader.server.site.turns import MOST_UPLOADS
from grader.submission.files import read_archive


def homeworks(call: Call) -> Response:
    """Everything that a student has to do, by due date."""
    student = student_of(call)
    course, book = call.site.course, call.site.book
    known = set(course.names)
    grades = {each.assignment: each for each in book.grades_of(student)}
    mine = hand_ins_of(call, student)
    attempts = attempts_of(call, student)
    views = [
        homework_of(
            course, grades[name], mine[name], attempts, call.site.clock(),
            released=call.site.book.is_released(name, student),
        )
        for name in course.by_due_date
        if name in known and name in grades
    ]  # fmt: skip
    return call.page("homeworks.html.j2", homeworks=views)


def homework(call: Call) -> Response:
    """One homework: when it is due, the form to hand in, the attempts."""
    view = homework_view(call, homework_name(call))
    spec = call.site.course.spec(view.name)
    return call.page(
        "homework.html.j2",
        homework=view,
        files=sorted(handout_files(call.site.course, view.name)),
        asks_questions=bool(spec.questions),
        limit_mb=f"{call.site.settings.upload_mb:g}",
        student_id=view.grade.student.id,
    )


async def upload(call: Call) -> Response:
    """Takes files to look at. The body is read here, because it is large and comes slowly."""
    name = homework_name(call)
    site, account = call.site, call.account
    limit = int(site.settings.upload_mb * 1e6)

    def keep(form: Form) -> HandInDraft:
        data = archive_of(form.files)
        return site.hand_ins.add_draft(name, account, site.blobs.put(data), len(data))

    try:
        await run_sync(site.hand_ins.require_room_for_draft, name, account)
        with site.turns.one_of(account.key, "uploads", MOST_UPLOADS):
            async with received_form(call.request, limit) as form, site.turns.alone(account.key):
                assert call.visit is not None, "the route is open to students only"
                require_csrf(call.request, call.visit, form.fields.get("csrf", ""))
                made = await run_sync(keep, form, limiter=site.heavy)
    except TooLarge as exc:
        raise Problem(413, sentence(str(exc)), field="files") from None
    except NotReceived as exc:
        raise Problem(422, sentence(str(exc)), field="files") from None
    except TooMany as exc:
        raise too_many(call, exc) from None
    return call.go("draft", id=made.id)


def draft(call: Call) -> Response:
    """What an upload holds, as it will be graded, and the button that hands it in."""
    site = call.site
    found = site.hand_ins.draft(str(call.params["id"]), call.account)
    if found is None:
        raise Problem(
            404,
            "These files are no longer here: they are kept for a day, for whoever sent them. "
            "Choose them again on the homework's page.",
        )
    assignment = site.course.assignment(found.assignment)
    submission = read_archive(site.blobs.read(found.sha256))
    return call.page(
        "draft.html.j2",
        draft=found,
        name=found.assignment,
        title=assignment.spec.title,
        preview=preview_of(assignment, submission),
    )


def confirm(call: Call) -> Response:
    """Hands a draft in. Pressing the button twice hands it in once."""
    try:
        made = call.site.hand_ins.accept_draft(str(call.params["id"]), call.account, call.at)
    except TooMany as exc:
        raise too_many(call, exc) from None
    if made is None:
        raise Problem(
            404,
            "These files are no longer here, so nothing was handed in. Choose them again on the "
            "homework's page.",
        )
    return call.go("hand_in", key=made.key)


def handout(call: Call) -> Response:
    """The handout of a homework."""
    name = homework_name(call)
    html = handout_html(call.site.course, name)
    if html is None:
        raise Problem(404, "This homework has no handout.")
    title = call.site.course.spec(name).title
    return call.page("handout.html.j2", name=name, title=title, text=Markup(html))


def handout_file(call: Call) -> Response:
    """A file that comes with a homework, as an attachment."""
    files = handout_files(call.site.course, homework_name(call))
    path = files.get(str(call.params["file"]))
    if path is None:
        raise not_found()
    return attachment(path.read_bytes(), path.name, "application/octet-stream")


# What these pages share


def student_of(call: Call) -> Student:
    """Who is signed in, among the gradebook's students."""
    account = call.account
    if account.student is None:
        raise Problem(403, f"This page is for students. You are signed in as {account.called}.")
    return call.site.book.student_by_key(account.student)


def homework_name(call: Call) -> str:
    """The homework that the address names. Raises Problem (404)."""
    name = str(call.params["name"])
    if name not in call.site.course.names:
        raise not_found()
    return name


def homework_view(call: Call, name: str) -> HomeworkView:
    """One homework of whoever is signed in."""
    site, student = call.site, student_of(call)
    return homework_of(
        site.course,
        site.book.grade(name, student.id),
        hand_ins_of(call, student, name)[name],
        attempts_of(call, student),
        site.clock(),
        released=site.book.is_released(name, student),
    )


def hand_ins_of(
    call: Call, student: Student, name: str | None = None
) -> defaultdict[str, list[HandIn]]:
    """What a student and their group have handed in, by homework."""
    found: defaultdict[str, list[HandIn]] = defaultdict(list)
    for each in call.site.book.group_of(student):
        for hand_in in call.site.hand_ins.of_student(each.key, name):
            found[hand_in.assignment].append(hand_in)
    return found


def attempts_of(call: Call, student: Student) -> dict[int, Attempt]:
    """The gradebook's attempts of a student and their group, by key."""
    group = call.site.book.group_of(student)
    return {each.key: each for one in group for each in call.site.book.attempts_of(one)}


def too_many(call: Call, exc: TooMany) -> Problem:
    """The answer to who hands in too often."""
    wait_s = max(1, int((exc.retry_at - call.site.clock()).total_seconds()))
    return Problem(429, sentence(str(exc)), headers={"Retry-After": str(wait_s)})


def attachment(data: bytes, name: str, kind: str = "application/json") -> Response:
    """A file that a browser saves and does not show."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=kind, headers=headers)
