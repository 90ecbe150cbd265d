"""Whose what is: every object is asked for by who asks and by what is asked for.

What does not exist and what belongs to somebody else are answered alike.
"""

from __future__ import annotations

from grader.server.problems import not_found
from grader.server.records import Account, HandIn, Request, Role
from grader.server.site.site import Site


def own_hand_in(site: Site, account: Account, key: int) -> HandIn:
    """The hand-in of this number, if `account` may see it. Raises Problem (404).

    A student may see their own and those of their group on the roster; staff may see all, but
    where shares are closed, a marker only what is shared out to them.
    """
    found = site.hand_ins.hand_in(key)
    if found is None or not may_see(site, account, found):
        raise not_found()
    return found


def may_see(site: Site, account: Account, hand_in: HandIn) -> bool:
    """Whether a hand-in is theirs or their group's on the roster, or they are staff."""
    if account.role.is_staff:
        mine = marked_by(site, account, hand_in.assignment)
        return mine is None or hand_in.student in mine
    if account.student is None:
        return False
    if hand_in.student == account.student:
        return True
    student = site.book.student_by_key(account.student)
    return any(each.key == hand_in.student for each in site.book.group_of(student))


def marked_by(site: Site, account: Account, assignment: str) -> frozenset[int] | None:
    """The students of whom a marker may see something of a homework; None for all of them."""
    if account.role is not Role.MARKER or assignment not in site.shares.closed():
        return None
    mine = site.shares.of(assignment).students_of(account.id)
    people = {each.key: each for each in site.book.students()}
    groups = {people[key].group for key in mine if key in people} - {""}
    partners = {each.key for each in people.values() if each.group in groups}
    return mine | partners


def unanswered_of(site: Site, account: Account) -> tuple[Request, ...]:
    """The unanswered requests for another look that somebody of the staff may answer."""
    found = site.requests.unanswered()
    if account.role is not Role.MARKER or not site.shares.closed():
        return found
    attempts = {each.attempt: site.book.attempt(each.attempt) for each in found}
    theirs = {
        name: marked_by(site, account, name)
        for name in {attempt.assignment for attempt in attempts.values() if attempt is not None}
    }

    def is_theirs(request: Request) -> bool:
        attempt = attempts[request.attempt]
        mine = theirs[attempt.assignment] if attempt is not None else frozenset()
        return mine is None or (attempt is not None and attempt.student in mine)

    return tuple(filter(is_theirs, found))
