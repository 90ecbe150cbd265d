"""Hostile submissions: each ends in a way that has a name and brings nothing right.

test_batch.py grades the same ones in a class.
"""

from __future__ import annotations

import numpy as np
from arena import Arena, Attack
from hostile import GRADED
from levels import at_both_ends

X = np.array([1.0, 2.0, 4.0])
FAULTS = {
    "refused": "Refused",
    "error": "StudentRaised MissingFunction",
    "blocked": "Blocked",
    "timeout": "TimedOut",
    "out_of_memory": "OutOfMemory",
    "over_limit": "OverLimit",
    "crashed": "Crashed",
}
LIMITS = {"memory_mb": 400, "output_mb": 2}


def limits(outcomes: tuple[str, ...]) -> dict[str, float]:
    """Little time for what will take all of it, enough for the others on a busy machine."""
    times = (0.3, 0.8) if "timeout" in outcomes else (3.0, 10.0)
    return {**LIMITS, **dict(zip(("call_s", "load_s"), times, strict=True))}


@at_both_ends
def test_hostile_submissions_cost_themselves_alone(arena: Arena) -> None:
    calls = (("double", (X,)), ("total", (X,)))
    outcomes = arena.run_all(
        {
            name: Attack(each.source, calls, limits=limits(each.outcomes))
            for name, each in GRADED.items()
        }
    )
    for name, outcome in outcomes.items():
        expected = GRADED[name].outcomes
        double = outcome.fought[0]
        if double.fault:
            # What dies while it loads has the fault's name in its notes.
            faults = {fault for word in expected for fault in FAULTS.get(word, "").split()}
            told = {double.fault, *(note.partition(":")[0] for note in double.notes)}
            assert told & faults, (name, outcome)
        else:
            assert {"failed", "passed"} & set(expected), (name, outcome)
        is_right = isinstance(double.value, np.ndarray) and np.array_equal(double.value, 2 * X)
        assert is_right == GRADED[name].honest, (name, outcome)
