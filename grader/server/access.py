"""Whose what is: every object is asked for by who asks and by what is asked for.

What does not exist and what belongs to somebody else are answered alike.
"""

from __future__ import annotations

from grader.server.problems import not_found
from grader.server.records import Account, HandIn
from grader.server.site import Site


def own_hand_in(site: Site, account: Account, key: int) -> HandIn:
    """The hand-in of this number, if `account` may see it. Raises Problem (404).

    A student may see their own and those that name them as a member; staff may see all.
    """
    found = site.hand_ins.hand_in(key)
    if found is None or not may_see(account, found):
        raise not_found()
    return found


def may_see(account: Account, hand_in: HandIn) -> bool:
    """Whether a hand-in is theirs, or they are staff."""
    if account.role.is_staff:
        return True
    return account.student is not None and hand_in.student == account.student
