"""The roster that a platform's course would make of ours: a proposal, and nothing more. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.gradebook.records import Student
from grader.gradebook.roster import name_key
from grader.server.lti.protocol.records import PlatformMember
from grader.submission.student_ids import valid_id


@dataclass(frozen=True)
class RosterProposal:
    """students: the whole roster. unusable: members without anything that could be their id."""

    students: tuple[Student, ...]
    unusable: tuple[PlatformMember, ...]


def proposed(
    roster: Sequence[Student],
    members: Sequence[PlatformMember],
    joined: Mapping[str, int],
    *,
    takes_off: bool,
) -> RosterProposal:
    """Who is on the roster stays as they are; learners of the platform who are not on it come in.

    joined: the key of the student who is joined with a platform's name. takes_off: who is on the
    roster and is no member there is left out.
    """
    known = {student.key: student for student in roster}
    by_name: dict[str, list[int]] = {}
    for student in roster:
        for name in {name_key(each) for each in (student.id, student.login, student.email) if each}:
            by_name.setdefault(name, []).append(student.key)
    taken = {name_key(student.id) for student in roster}
    there: set[int] = set()
    fresh, unusable = [], []
    for member in members:
        key = joined.get(member.subject)
        # An id of the institution is surer than an address, which people may share.
        for name in (member.sourced_id, member.email):
            found = by_name.get(name_key(name), []) if name else []
            key = found[0] if key is None and len(found) == 1 else key
        if key is not None and key in known:
            there.add(key)
            continue
        if not member.is_learner:
            continue
        id_ = _id_of(member, taken)
        if not id_:
            unusable.append(member)
            continue
        taken.add(name_key(id_))
        fresh.append(Student(0, id_, name=member.name, email=member.email))
    staying = [each for each in roster if not takes_off or each.key in there]
    return RosterProposal((*staying, *fresh), tuple(unusable))


def _id_of(member: PlatformMember, taken: set[str]) -> str:
    """What is to be the id of somebody new; "" if nothing can be, or if somebody has it."""
    for name in (member.sourced_id, member.email):
        if name and valid_id(name) is None and name_key(name) not in taken:
            return name
    return ""
