"""Hand-ins in numbers: counted by the database, because a course may have a hundred thousand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from grader.gradebook.connect import reading
from grader.gradebook.models import hand_ins
from grader.server.records import HandInState


@dataclass
class HandInCounts:
    """Of one homework. students: how many of them have handed in. states: how many hand-ins are in
    each state."""

    students: int = 0
    states: Counter[HandInState] = field(default_factory=Counter)


def counts_by_homework(engine: Engine) -> dict[str, HandInCounts]:
    """Of each homework for which anything was handed in."""
    name, state = hand_ins.c.assignment, hand_ins.c.state
    people = select(name, func.count(hand_ins.c.student.distinct())).group_by(name)
    states = select(name, state, func.count()).group_by(name, state)
    with reading(engine) as connection:
        found = {homework: HandInCounts(number) for homework, number in connection.execute(people)}
        for homework, each, number in connection.execute(states):
            found[homework].states[HandInState(each)] = number
    return found
