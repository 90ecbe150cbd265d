"""Whose attempts are whose: a student's own, their group's, and what manifests claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from grader.gradebook.grades.policy import without_claims
from grader.gradebook.records import Attempt, Student
from grader.gradebook.roster import Matcher, name_key

Key = TypeVar("Key")
Fact = TypeVar("Fact")
_Notes = dict[int, list[str]]


@dataclass(frozen=True)
class Pools:
    """By student, the attempts that may count for them, and what staff should know about that."""

    attempts: Mapping[int, Sequence[Attempt]]
    notes: Mapping[int, Sequence[str]]


def pools_of(
    attempts: Sequence[Attempt],
    students: Iterable[Student],
    matcher: Matcher | None,
    claimed_members: bool,
) -> Pools:
    """The attempts at one homework by student: their own and their group's.

    matcher: finds students by a name; None if no attempt names members. claimed_members: whether
    the course accepts what a manifest says about members.
    """
    pools: dict[int, Sequence[Attempt]] = {}
    notes: _Notes = {}
    for key, mine in grouped((each.student, each) for each in attempts).items():
        pools[key], claims = without_claims(mine)
        for each in claims:
            said = f"only its manifest names {each.claimed} as the student"
            name = PurePath(each.source).name
            notes.setdefault(key, []).append(f"{name} does not count: {said}")
    groups = grouped(
        (name_key(student.group), student.key)
        for student in students
        if student.group and student.on_roster
    )
    for members in groups.values():
        theirs = [attempt for key in members for attempt in pools.get(key, ())]
        if theirs:
            theirs.sort(key=lambda attempt: (attempt.received_at, attempt.key))
            pools.update(dict.fromkeys(members, theirs))
    if matcher is not None:
        _add_claims(pools, notes, attempts, matcher, claimed_members)
    return Pools(pools, notes)


def _add_claims(
    pools: dict[int, Sequence[Attempt]],
    notes: _Notes,
    attempts: Sequence[Attempt],
    matcher: Matcher,
    claimed_members: bool,
) -> None:
    """What manifests say about members: noted, and used only if the course allows it.

    It never replaces what a student or their group handed in, because anybody can name anybody.
    """
    claimed: dict[int, list[Attempt]] = {}
    for attempt in attempts:
        for name in attempt.members:
            found = matcher.find(name)
            key = found[0].key if found else None
            if key is not None and any(each is attempt for each in pools.get(key, ())):
                continue
            follow = claimed_members and key is not None and key not in pools
            said = "the roster does not confirm it" if key is not None else "nobody has that id"
            if follow:
                said = "the roster does not confirm it, but the course's settings accept it"
            text = f"the manifest of {attempt.label} names {name} as a member: {said}"
            notes.setdefault(attempt.student, []).append(text)
            if key is not None and key != attempt.student:
                notes.setdefault(key, []).append(text)
            if key is not None and follow:
                claimed.setdefault(key, []).append(attempt)
    pools.update(claimed)


def grouped(pairs: Iterable[tuple[Key, Fact]]) -> dict[Key, list[Fact]]:
    """Facts by what they belong to, in their order."""
    found: dict[Key, list[Fact]] = {}
    for key, fact in pairs:
        found.setdefault(key, []).append(fact)
    return found
