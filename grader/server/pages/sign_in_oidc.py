"""Signing in with an institution's account."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from grader._internal.log import logger
from grader.errors import UsageError
from grader.server.accounts.identities import Identity, ProviderFault, SignInAttempt
from grader.server.http.calls import Call
from grader.server.pages.sign_in import signed_in
from grader.server.problems import Problem, not_found
from grader.server.records import Account

if TYPE_CHECKING:
    from grader.server.accounts.oidc import OidcClient

log = logger("server.sign_in")

ATTEMPT_S = 900


def begin(call: Call) -> Response:
    """Send the browser to the provider.

    By a link and not by a form: the policy of our pages lets a form end on our own pages only.
    """
    try:
        address, attempt = _client(call).begin(call.absolute("oidc_end"))
    except ProviderFault as exc:
        raise _unusable(exc) from None
    response = RedirectResponse(address, 303)
    response.set_cookie(
        _cookie_name(attempt.state),
        _packed(call, attempt),
        max_age=ATTEMPT_S,
        path=call.link("oidc_end"),
        secure=call.site.is_secure,
        httponly=True,
        samesite="lax",  # the provider sends the browser back by a link
    )
    return response


def end(call: Call) -> Response:
    """Whom the provider sent back."""
    client, state = _client(call), call.query.get("state", "")
    attempt = _unpacked(call, call.request.cookies.get(_cookie_name(state), ""))
    if attempt is None:
        raise Problem(
            400,
            "This sign-in was not begun in this browser, or it took too long. Begin again from "
            "the page “Sign in”.",
        )
    if "error" in call.query:
        log.info("the provider refused a sign-in: %s", call.query["error"][:200])
        raise Problem(403, "The sign-in was cancelled or refused there. You may try again.")
    try:
        identity = client.finish(call.query, attempt, call.absolute("oidc_end"))
    except ProviderFault as exc:
        raise _unusable(exc) from None
    response = signed_in(call, _account(call, identity))
    response.delete_cookie(_cookie_name(state), path=call.link("oidc_end"))
    return response


def _client(call: Call) -> OidcClient:
    if call.site.oidc is None:
        raise not_found()
    return call.site.oidc


def _account(call: Call, identity: Identity) -> Account:
    """Whose identity it is: who signed in with it before, or whom its claim names."""
    accounts, settings = call.site.accounts, call.site.settings.oidc
    assert settings is not None
    accounts.sync()
    found = accounts.by_identity(identity.issuer, identity.subject)
    if found is not None:
        return found
    value = identity.claims.get(settings.claim)
    if not isinstance(value, str) or not value:
        log.error("the provider says no %s; see [tool.grader.server.oidc]", settings.claim)
        raise Problem(
            403, "Your institution did not tell us who you are. Tell the course's staff, please."
        )
    if settings.claim == "email" and identity.claims.get("email_verified") is False:
        raise Problem(
            403,
            f"Your institution has not verified the address {value}. Verify it there first, or ask "
            "the course's staff for an invitation.",
        )
    found = accounts.by_claim(value, settings.claim)
    if found is None:
        raise Problem(
            403,
            f"{value} is not on the roster of this course. Use the account that the course knows, "
            "or ask its staff to add you.",
        )
    try:
        accounts.link(found, identity.issuer, identity.subject)
    except UsageError:
        raise Problem(
            403,
            f"{value} signed in here before with another account of the institution. If that was "
            "not you, tell the course's staff; they can give you an invitation.",
        ) from None
    return found


def _unusable(exc: ProviderFault) -> Problem:
    log.error("%s", exc)
    return Problem(
        502,
        "The sign-in with your institution's account did not work. Try again; if it fails again, "
        "ask the course's staff for an invitation.",
        title="The sign-in did not work",
    )


def _cookie_name(state: str) -> str:
    """One for each attempt, so that two tabs do not disturb each other."""
    kept = "".join(each for each in state if each.isascii() and each.isalnum())
    return f"grader_oidc_{kept[:16]}"


def _packed(call: Call, attempt: SignInAttempt) -> str:
    at = int(call.site.clock().timestamp())
    text = json.dumps([attempt.state, attempt.nonce, attempt.verifier, at])
    packed = base64.urlsafe_b64encode(text.encode()).decode()
    return f"{packed}.{call.site.keys.sign('oidc', packed)}"


def _unpacked(call: Call, cookie: str) -> SignInAttempt | None:
    """What `_packed` wrote not too long ago; None for anything else."""
    packed, _, signature = cookie.partition(".")
    if not packed or not call.site.keys.verify("oidc", packed, signature):
        return None
    state, nonce, verifier, at = _values(packed)
    if not 0 <= call.site.clock().timestamp() - at + 1 <= ATTEMPT_S:
        return None
    return SignInAttempt(state, nonce, verifier)


def _values(packed: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(packed))
