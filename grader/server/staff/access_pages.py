"""Who may sign in: everybody with an account, one-time links, staff, and ending access."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from grader._internal.email_address import email_problem
from grader.errors import UsageError
from grader.gradebook.roster import name_key
from grader.server.http.calls import Call
from grader.server.problems import Problem, not_found, sentence
from grader.server.records import Account, Role

MOST_LISTED = 200
STAFF = (Role.MARKER, Role.OWNER)


@dataclass(frozen=True)
class InvitationView:
    """A one-time link that was just made. It is shown on one page and never again."""

    account: Account
    link: str


def people(call: Call) -> Response:
    """Everybody with an account, or those whom the words of a search mean."""
    return _page(call)


def _page(call: Call, made: InvitationView | None = None) -> Response:
    asked = call.query.get("q", "")[:200]
    words = name_key(asked).split()
    everybody = sorted(call.site.accounts.everyone(), key=lambda each: not each.role.is_staff)
    found = [each for each in everybody if _matches(each, words)]
    return call.page(
        "people.html.j2",
        made=made,
        query=asked,
        people=found[:MOST_LISTED],
        more=max(0, len(found) - MOST_LISTED),
        roles=STAFF,
    )


def _matches(account: Account, words: list[str]) -> bool:
    text = name_key(f"{account.id} {account.name} {account.email} {account.role}")
    return all(word in text for word in words)


def add_staff(call: Call) -> Response:
    """Lets a marker or an owner in, or gives one another role, and makes their first link."""
    role = next((each for each in STAFF if each.value == call.field("role")), None)
    if role is None:
        raise Problem(422, "Choose whether they mark or own the course.")
    email = call.field("email")
    given = call.field("id"), role, call.field("name"), email
    try:
        account = call.site.accounts.add_staff(*given, who=call.account.id)
    except UsageError as exc:
        wrong = "email" if email and email_problem(email) else "id"
        raise Problem(422, sentence(str(exc)), field=wrong) from None
    return _invited(call, account)


def change_access(call: Call) -> Response:
    """Makes somebody a one-time link, ends their access, or lets them in again."""
    accounts, what = call.site.accounts, call.field("what")
    account = accounts.account(call.number("account"))
    if account is None:
        raise not_found()
    try:
        if what == "invite":
            return _invited(call, account)
        if what == "deactivate":
            accounts.deactivate(account, who=call.account.id)
            return call.go("people", f"{account.id} cannot sign in any more.")
        if what == "activate":
            _require_rostered(call, account)
            accounts.activate(account, who=call.account.id)
            return call.go("people", f"{account.id} may sign in again.")
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    raise Problem(422, "This form asks for nothing that is known; go back and reload the page.")


def _require_rostered(call: Call, account: Account) -> None:
    """A student who has left the roster gets in by being on it again, and not by a button."""
    if account.student is None:
        return
    if not call.site.book.student_by_key(account.student).on_roster:
        raise UsageError(f"{account.id} is not on the roster; add them to it and load it")


def _invited(call: Call, account: Account) -> Response:
    if not account.active:
        raise Problem(422, f"{account.id} cannot sign in; let them in first.")
    secret = call.site.accounts.invite(account)
    return _page(call, InvitationView(account, call.absolute("invitation", secret=secret)))
