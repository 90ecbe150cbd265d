"""Signing in and out: by a one-time link, and in a demonstration as anybody."""

from __future__ import annotations

from starlette.responses import Response

from grader.server.http.calls import Call
from grader.server.http.cookies import end_session, start_session
from grader.server.problems import Problem
from grader.server.records import Account


def sign_in(call: Call) -> Response:
    """How to sign in."""
    everyone = call.site.accounts.everyone() if call.site.demo else ()
    return call.page("sign_in.html.j2", people=[each for each in everyone if each.active])


def demo(call: Call) -> Response:
    """Sign in as anybody of the made-up class."""
    if not call.site.demo:
        raise Problem(404, "This is not a demonstration; sign in with your invitation.")
    account = call.site.accounts.account(call.field("id"))
    if account is None or not account.active:
        raise Problem(422, "There is nobody of this name in the demonstration; choose another.")
    return signed_in(call, account)


def invitation(call: Call) -> Response:
    """A page with a button: programs that look at links in mails must not use them up."""
    secret = str(call.params["secret"])
    account = call.site.accounts.invited(secret)
    if account is None:
        raise _spent(call)
    return call.page("invitation.html.j2", invited=account, secret=secret)


def redeem(call: Call) -> Response:
    """Sign in with a one-time link."""
    account = call.site.accounts.redeem(str(call.params["secret"]))
    if account is None:
        raise _spent(call)
    return signed_in(call, account)


def _spent(call: Call) -> Problem:
    if call.visit is not None:
        return Problem(410, "This link has been used or has expired. You are signed in already.")
    return Problem(
        410,
        "This link has been used or has expired, or a newer one was sent. Use the newest link, or "
        "ask the course's staff for another.",
    )


def signed_in(call: Call, account: Account) -> Response:
    """Begin a session of `account`, and end the one that this browser had."""
    response = call.go("start", f"You are signed in as {account.called}.")
    start_session(call.site, call.request, response, account)
    return response


def sign_out(call: Call) -> Response:
    """End this session."""
    response = call.go("sign_in", "You are signed out.")
    end_session(call.site, call.request, response)
    return response


def sign_out_all(call: Call) -> Response:
    """End every session of this person, on every device."""
    call.site.accounts.close_all(call.account)
    response = call.go("sign_in", "You are signed out on every device.")
    end_session(call.site, call.request, response)
    return response
