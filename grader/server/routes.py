"""Every address of the server, in one table: what it is, and whom it is open to.

Access to a route is decided here, and nowhere else; whether somebody may see the one object that
an address names is decided by `access`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from grader.server import (
    access_pages,
    alike_pages,
    api,
    class_pages,
    comment_pages,
    correction_pages,
    decision_pages,
    lms_pages,
    marking_pages,
    people_pages,
    regrade_pages,
    release_files,
    release_pages,
    release_previews,
    request_pages,
    result_pages,
    roster_pages,
    share_pages,
    sign_in,
    sign_in_oidc,
    staff_pages,
    start,
    status,
    student_pages,
    total_pages,
)
from grader.server.calls import Call
from grader.server.records import Role

FORM_BYTES = 64 << 10


class Who(StrEnum):
    """Whom a route is open to."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    STUDENT = "student"
    STAFF = "staff"
    OWNER = "owner"

    def lets_in(self, role: Role | None) -> bool:
        """Whether somebody of that role may use it; None for nobody who is known."""
        match self:
            case Who.ANYBODY:
                return True
            case Who.SIGNED_IN:
                return role is not None
            case Who.STUDENT:
                return role is Role.STUDENT
            case Who.STAFF:
                return role is not None and role.is_staff
            case Who.OWNER:
                return role is Role.OWNER


@dataclass(frozen=True)
class Route:
    """One address.

    path: as Starlette writes it. A method other than GET changes something, so it needs the form's
    token `csrf` (or the header X-CSRF-Token), unless a personal token signs in. api: for programs,
    with a personal token too; its errors are always JSON. streams: the endpoint is async, reads the
    body itself and calls `csrf.require_csrf` with the token that the body's first part holds.
    limit: of the body in bytes otherwise. heavy: it reads a whole submission, and only a few such
    requests are answered at a time. page: of a form, the name of the route whose page has it: a
    form that is refused comes back on it as it was filled in.
    """

    path: str
    methods: tuple[str, ...]
    endpoint: Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
    who: Who
    name: str
    api: bool = False
    streams: bool = False
    limit: int = FORM_BYTES
    heavy: bool = False
    page: str = ""


GET, POST = ("GET",), ("POST",)
_QUESTION = "/homeworks/{name}/questions/{question}"
_ANSWER = _QUESTION + "/answers/{key}"
ROUTES: tuple[Route, ...] = (
    Route("/", GET, start.start, Who.ANYBODY, "start"),
    Route("/static/{version}/{name}", GET, status.static, Who.ANYBODY, "static"),
    Route("/healthz", GET, status.healthz, Who.ANYBODY, "healthz", api=True),
    Route("/metrics", GET, status.metrics, Who.OWNER, "metrics", api=True),
    Route("/sign-in", GET, sign_in.sign_in, Who.ANYBODY, "sign_in"),
    Route("/sign-in/demo", POST, sign_in.demo, Who.ANYBODY, "sign_in_demo"),
    Route("/sign-in/oidc", GET, sign_in_oidc.begin, Who.ANYBODY, "oidc_begin"),
    Route("/sign-in/oidc/end", GET, sign_in_oidc.end, Who.ANYBODY, "oidc_end"),
    Route("/invitation/{secret}", GET, sign_in.invitation, Who.ANYBODY, "invitation"),
    Route("/invitation/{secret}", POST, sign_in.redeem, Who.ANYBODY, "redeem"),
    Route("/sign-out", POST, sign_in.sign_out, Who.SIGNED_IN, "sign_out"),
    Route("/account", GET, people_pages.account, Who.SIGNED_IN, "account"),
    Route(
        "/account/time-zone",
        POST,
        people_pages.time_zone,
        Who.SIGNED_IN,
        "time_zone",
        page="account",
    ),
    Route(
        "/account/tokens",
        POST,
        people_pages.make_token,
        Who.SIGNED_IN,
        "make_token",
        page="account",
    ),
    Route("/account/tokens/{key}", POST, people_pages.revoke, Who.SIGNED_IN, "revoke_token"),
    Route(
        "/account/sign-out-everywhere", POST, sign_in.sign_out_all, Who.SIGNED_IN, "sign_out_all"
    ),
    Route("/homeworks", GET, student_pages.homeworks, Who.STUDENT, "homeworks"),
    Route("/homeworks/{name}", GET, student_pages.homework, Who.STUDENT, "homework"),
    Route("/homeworks/{name}/handout", GET, student_pages.handout, Who.SIGNED_IN, "handout"),
    Route(
        "/homeworks/{name}/files/{file}",
        GET,
        student_pages.handout_file,
        Who.SIGNED_IN,
        "handout_file",
    ),
    Route(
        "/homeworks/{name}/upload",
        POST,
        student_pages.upload,
        Who.STUDENT,
        "upload",
        streams=True,
    ),
    Route("/drafts/{id}", GET, student_pages.draft, Who.STUDENT, "draft", heavy=True),
    Route("/drafts/{id}", POST, student_pages.confirm, Who.STUDENT, "confirm", page="draft"),
    Route("/hand-ins/{key}", GET, result_pages.hand_in, Who.SIGNED_IN, "hand_in", heavy=True),
    Route("/hand-ins/{key}/events", GET, result_pages.events, Who.SIGNED_IN, "events"),
    Route("/hand-ins/{key}/receipt", GET, result_pages.receipt, Who.SIGNED_IN, "receipt"),
    Route(
        "/hand-ins/{key}/archive", GET, result_pages.archive, Who.SIGNED_IN, "archive", heavy=True
    ),
    Route("/hand-ins/{key}/report", GET, result_pages.report_json, Who.SIGNED_IN, "report_json"),
    Route("/hand-ins/{key}/requests", POST, result_pages.ask, Who.STUDENT, "ask", page="hand_in"),
    Route("/homeworks/{name}/hand-ins", GET, staff_pages.hand_ins, Who.STAFF, "hand_ins"),
    # Marking
    Route("/homeworks/{name}/questions", GET, marking_pages.questions, Who.STAFF, "questions"),
    Route("/homeworks/{name}/shares", GET, share_pages.shares, Who.STAFF, "shares"),
    Route(
        "/homeworks/{name}/shares",
        POST,
        share_pages.set_shares,
        Who.OWNER,
        "set_shares",
        page="shares",
    ),
    Route(
        "/homeworks/{name}/shares/closed",
        POST,
        share_pages.close_shares,
        Who.OWNER,
        "close_shares",
        page="shares",
    ),
    Route("/homeworks/{name}/faults", GET, alike_pages.faults, Who.STAFF, "faults"),
    Route(
        "/homeworks/{name}/faults",
        POST,
        alike_pages.override_faults,
        Who.STAFF,
        "override_faults",
        page="faults",
    ),
    Route("/mark-groups/{key}/undo", POST, alike_pages.undo_group, Who.STAFF, "undo_group"),
    Route(f"{_QUESTION}/alike", GET, alike_pages.alike, Who.STAFF, "alike"),
    Route(
        f"{_QUESTION}/alike", POST, alike_pages.mark_alike, Who.STAFF, "mark_alike", page="alike"
    ),
    Route(_QUESTION, GET, marking_pages.begin, Who.STAFF, "mark_question"),
    Route(f"{_QUESTION}/leave", POST, marking_pages.leave, Who.STAFF, "leave_question"),
    Route(f"{_QUESTION}/undo", POST, marking_pages.undo, Who.STAFF, "undo_mark"),
    Route(_ANSWER, GET, marking_pages.answer, Who.STAFF, "mark_answer"),
    Route(_ANSWER, POST, marking_pages.save, Who.STAFF, "save_mark"),
    Route(f"{_ANSWER}/claim", POST, marking_pages.renew, Who.STAFF, "renew_claim"),
    Route(
        f"{_ANSWER}/files/{{place}}",
        GET,
        marking_pages.answer_file,
        Who.STAFF,
        "answer_file",
        heavy=True,
    ),
    Route("/requests", GET, request_pages.requests, Who.STAFF, "requests"),
    Route("/requests", POST, request_pages.answer, Who.STAFF, "answer", page="requests"),
    Route(
        "/requests/texts", POST, request_pages.drop_text, Who.STAFF, "drop_text", page="requests"
    ),
    Route("/alerts/{key}", POST, staff_pages.resolve, Who.STAFF, "resolve_alert"),
    Route(
        "/hand-ins/{key}/comments", POST, comment_pages.add, Who.STAFF, "comment", page="hand_in"
    ),
    Route(
        "/hand-ins/{key}/comments/{comment}",
        POST,
        comment_pages.change,
        Who.STAFF,
        "change_comment",
        page="hand_in",
    ),
    # Release, look again, correct
    Route("/homeworks/{name}/release", GET, release_pages.releases, Who.OWNER, "releases"),
    Route(
        "/homeworks/{name}/release",
        POST,
        release_pages.release,
        Who.OWNER,
        "release",
        page="releases",
    ),
    Route(
        "/homeworks/{name}/take-back",
        POST,
        release_pages.take_back,
        Who.OWNER,
        "take_back",
        page="releases",
    ),
    Route("/homeworks/{name}/mail", GET, release_pages.mail, Who.OWNER, "release_mail"),
    Route(
        "/homeworks/{name}/mail",
        POST,
        release_pages.send_mail,
        Who.OWNER,
        "send_mail",
        page="release_mail",
    ),
    Route(
        "/homeworks/{name}/zip",
        POST,
        release_files.download,
        Who.OWNER,
        "release_zip",
        streams=True,
    ),
    Route(
        "/homeworks/{name}/preview",
        GET,
        release_previews.preview,
        Who.STAFF,
        "preview",
        heavy=True,
    ),
    Route("/homeworks/{name}/rubric", GET, correction_pages.rubric, Who.OWNER, "rubric"),
    Route(
        "/homeworks/{name}/rubric",
        POST,
        correction_pages.follow_rubric,
        Who.OWNER,
        "follow_rubric",
        page="rubric",
    ),
    Route("/homeworks/{name}/checks", GET, correction_pages.checks, Who.OWNER, "checks"),
    Route(
        "/homeworks/{name}/checks",
        POST,
        correction_pages.give_check,
        Who.OWNER,
        "give_check",
        page="checks",
    ),
    Route(
        "/homeworks/{name}/checks/take-back",
        POST,
        correction_pages.take_back_check,
        Who.OWNER,
        "take_back_check",
        page="checks",
    ),
    Route("/homeworks/{name}/regrade", GET, regrade_pages.regrade, Who.OWNER, "regrade"),
    Route(
        "/homeworks/{name}/regrade",
        POST,
        regrade_pages.accept,
        Who.OWNER,
        "accept_regrade",
        page="regrade",
    ),
    Route(
        "/homeworks/{name}/regrade/run",
        POST,
        regrade_pages.begin,
        Who.OWNER,
        "begin_regrade",
        page="regrade",
    ),
    Route("/homeworks/{name}/class", GET, class_pages.standing, Who.STAFF, "class_now"),
    # The LMS and the roster
    Route("/homeworks/{name}/lms", GET, lms_pages.lms, Who.OWNER, "lms"),
    Route("/homeworks/{name}/lms", POST, lms_pages.upload, Who.OWNER, "lms_upload", streams=True),
    Route("/homeworks/{name}/lms/{id}", GET, lms_pages.table, Who.OWNER, "lms_table", heavy=True),
    Route(
        "/homeworks/{name}/lms/{id}/file", GET, lms_pages.file, Who.OWNER, "lms_file", heavy=True
    ),
    Route("/roster", GET, roster_pages.roster, Who.OWNER, "roster"),
    Route("/roster", POST, roster_pages.upload, Who.OWNER, "roster_upload", streams=True),
    Route("/roster/file", GET, roster_pages.file, Who.OWNER, "roster_file"),
    Route("/roster/{id}", GET, roster_pages.table, Who.OWNER, "roster_table", heavy=True),
    Route(
        "/roster/{id}",
        POST,
        roster_pages.accept,
        Who.OWNER,
        "accept_roster",
        heavy=True,
        page="roster_table",
    ),
    Route("/people", GET, access_pages.people, Who.OWNER, "people"),
    Route("/people", POST, access_pages.add_staff, Who.OWNER, "add_staff", page="people"),
    Route(
        "/people/{account}",
        POST,
        access_pages.change_access,
        Who.OWNER,
        "change_access",
        page="people",
    ),
    Route("/total", GET, total_pages.own_total, Who.STUDENT, "own_total"),
    Route("/totals", GET, total_pages.totals, Who.OWNER, "totals"),
    Route("/totals/table", GET, total_pages.totals_table, Who.OWNER, "totals_table"),
    Route("/students", GET, decision_pages.students, Who.OWNER, "students"),
    Route("/students/{person}", GET, decision_pages.person, Who.OWNER, "person"),
    Route(
        "/students/{person}/decisions",
        POST,
        decision_pages.decide,
        Who.OWNER,
        "decide",
        page="person",
    ),
    Route("/api/v1/me", GET, api.me, Who.SIGNED_IN, "api_me", api=True),
    Route(
        "/api/v1/hand-ins/{name}",
        POST,
        api.submit,
        Who.STUDENT,
        "api_submit",
        api=True,
        streams=True,
    ),
    Route("/api/v1/hand-ins/{key}", GET, api.state, Who.SIGNED_IN, "api_state", api=True),
)
