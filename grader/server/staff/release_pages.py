"""The pages on which grades are released: to whom, what that shows them, and how they are told."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from grader.errors import UsageError
from grader.gradebook.mails import ACTION as MAIL
from grader.gradebook.mails import Mails
from grader.gradebook.releases import ACTION as RELEASED
from grader.gradebook.releases import Releases
from grader.gradebook.roster import name_key
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, sentence
from grader.server.staff.feedback_mail import Delivery, Letter, letters, send_letters
from grader.server.staff.release_views import (
    Scope,
    StudentRow,
    open_reasons,
    rule_rows,
    scopes_of,
    student_rows,
)

MOST_LISTED = 200
MOST_CHANGES = 30
# A proxy ends a request that is not answered within a minute; the rest is sent with the next.
SENDING_S = 20.0


def releases(call: Call) -> Response:
    """Who sees what of a homework now, and the buttons that change it."""
    name, site = homework_name(call), call.site
    now, there = site.clock(), Releases(site.engine)
    grades, in_force = site.book.grades(name), there.of(name)
    mails = Mails(site.engine, site.clock).of(name)
    feedback = site.course.feedback(name)
    rows = student_rows(feedback, grades, in_force, mails, now)
    asked, section = call.query.get("q", "").strip()[:100], call.query.get("section", "")[:100]
    only_open = call.query.get("state") == "open"
    listed = [row for row in rows if _is_asked_for(row, asked, section, only_open=only_open)]
    changes = [each for each in there.history(name) if each.action == RELEASED]
    return call.page(
        "release.html.j2",
        name=name,
        title=site.course.spec(name).title,
        rules=rule_rows(feedback, grades, in_force, now),
        scopes=scopes_of(rows, in_force),
        sections=sorted({row.student.section for row in rows} - {""}),
        reasons=open_reasons(rows),
        rows=listed[:MOST_LISTED],
        left_out=max(0, len(listed) - MOST_LISTED),
        asked=asked,
        section=section,
        only_open=only_open,
        changes=changes[:MOST_CHANGES],
        sees=sum(row.sees for row in rows),
        mail=site.course.settings.server.mail,
    )


def _is_asked_for(row: StudentRow, asked: str, section: str, *, only_open: bool) -> bool:
    student = row.student
    names = f"{student.id}\n{student.name}\n{student.email}"
    return (
        name_key(asked) in name_key(names)
        and section in ("", student.section)
        and (bool(row.open) or not only_open)
    )


def release(call: Call) -> Response:
    """Releases the grades to whom the form names."""
    name, site = homework_name(call), call.site
    section, student = call.field("section"), call.field("student")
    if call.field("whom") == "student" and not student:
        raise Problem(
            422, "Nobody is named; write the id or the name of a student.", field="student"
        )
    try:
        if student:
            student = site.book.student(student).id
        scope = _scope(call, name, section, student)
        if scope is not None and scope.open and not call.field("anyway"):
            of = f"{scope.open} of {len(scope.rows)} grades"
            raise Problem(
                422,
                f"{of} are not final, and students would see that. Finish them first, or confirm "
                "beside the button that you release them all the same.",
            )
        site.book.release(name, who=call.account.id, section=section, student=student)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("releases", f"The grades are released{_to(section, student)}.", name=name)


def take_back(call: Call) -> Response:
    """Hides again what was released with the same words."""
    name, site = homework_name(call), call.site
    section, student = call.field("section"), call.field("student")
    try:
        gone = site.book.take_back(name, who=call.account.id, section=section, student=student)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    if not gone:
        raise Problem(409, "This release has been taken back already; load the page again.")
    told = f"The grades are no longer released{_to(section, student)}."
    return call.go("releases", told, name=name)


def _to(section: str, student: str) -> str:
    if student:
        return f" to {student}"
    return f" to section {section}" if section else " to everybody"


def _scope(call: Call, name: str, section: str, student: str) -> Scope | None:
    site, now = call.site, call.site.clock()
    rows = student_rows(site.course.feedback(name), site.book.grades(name), (), {}, now)
    if student:
        return Scope("", student, tuple(r for r in rows if r.student.id == student), None)
    found = scopes_of(rows, ())
    return next((each for each in found if (each.section, each.student) == (section, "")), None)


# By mail


def mail(call: Call) -> Response:
    """Who would be told by mail, and what: nothing is sent yet."""
    name = homework_name(call)
    sheet, again = call.query.get("sheet") == "on", call.query.get("again") == "on"
    found = _letters(call, name, sheet=sheet, again=again)
    wanted = [each for each in found if each.wanted]
    history = Releases(call.site.engine).history(name, [MAIL])
    return call.page(
        "release_mail.html.j2",
        name=name,
        title=call.site.course.spec(name).title,
        wanted=wanted,
        others=[each for each in found if not each.wanted],
        doubtful=sum(each.doubtful for each in found),
        troubles=[each for each in found if each.last is not None and each.last.why],
        sheet=sheet,
        again=again,
        sample=wanted[0] if wanted else None,
        settings=call.site.course.settings.server.mail,
        most=MOST_LISTED,
        last=history[0] if history else None,
    )


def send_mail(call: Call) -> Response:
    """Sends what `mail` shows, as far as there is time."""
    name, site = homework_name(call), call.site
    sheet, again = call.field("sheet") == "on", call.field("again") == "on"
    wanted = [each for each in _letters(call, name, sheet=sheet, again=again) if each.wanted]
    try:
        done = send_letters(
            site.book, site.course, name, wanted, who=call.account.id, clock=site.clock,
            most_s=SENDING_S,
        )  # fmt: skip
    except UsageError as exc:
        raise Problem(502, sentence(str(exc))) from None
    params = {key: "on" for key, on in (("sheet", sheet), ("again", again)) if on}
    return call.go("release_mail", delivery_said(done), name=name, **params)


def delivery_said(done: Delivery) -> str:
    """What became of letters, in a few sentences."""
    said = [f"{done.sent} mail{'s' if done.sent != 1 else ''} sent."]
    if done.failed:
        names = ", ".join(student.id for student, _ in done.failed[:10])
        more = f" and {len(done.failed) - 10} more" if len(done.failed) > 10 else ""
        said.append(f"Not sent: {names}{more}; the reasons are below.")
    if done.taken:
        said.append(f"{done.taken} were being sent by somebody else.")
    if done.left:
        said.append(f"{done.left} are left: send again to go on.")
    return " ".join(said)


def _letters(call: Call, name: str, *, sheet: bool, again: bool) -> Sequence[Letter]:
    site = call.site
    return letters(
        site.book, site.course, name, site.clock(), site.address, sheet=sheet, again=again
    )
