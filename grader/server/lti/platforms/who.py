"""Who a platform's person is here."""

from __future__ import annotations

from grader.errors import UsageError
from grader.server.accounts.accounts import Accounts
from grader.server.lti.platforms.store import Platforms
from grader.server.lti.protocol.records import (
    JoinedBy,
    LaunchRefused,
    Platform,
    PlatformPerson,
    Reason,
)
from grader.server.records import Account, Role


def account_of(
    accounts: Accounts, platforms: Platforms, platform: Platform, person: PlatformPerson
) -> Account:
    """Whom a person was joined with, or whom the owner's rule means. Raises LaunchRefused.

    Who is nobody here is kept for the owners to join.
    """
    accounts.sync()
    key = platforms.account_of(platform.settings.issuer, person.subject)
    found = None if key is None else accounts.account(key)
    if found is not None and not found.active:
        raise LaunchRefused(Reason.INACTIVE)
    if found is not None:
        return found
    # Who it was is in the list of people, which forgets them, and not in the refusals.
    rule = platform.settings.joined_by
    value = person.email if rule is JoinedBy.EMAIL else person.sourced_id
    if rule is JoinedBy.HAND or not value:
        platforms.meet(person)
        raise LaunchRefused(Reason.PERSON)
    meant = accounts.by_claim(value, "email" if rule is JoinedBy.EMAIL else "id")
    # Staff are joined by hand alone: what an LMS lets people change must not make an owner.
    if meant is None or meant.role is not Role.STUDENT:
        platforms.meet(person)
        raise LaunchRefused(Reason.PERSON)
    try:
        platforms.join_new(person, meant, who=f"the platform {platform.called}")
    except UsageError:
        platforms.meet(person)
        raise LaunchRefused(Reason.AMBIGUOUS) from None
    return meant
