"""The levels and users at which attacks are fought, and how a fight is arranged."""

from __future__ import annotations

import os

import pytest
from arena import Arena, home_of

HONEST = "def attack():\n    import numpy as np\n    return float(np.ones(3).sum())\n"
SOLUTION = "ANSWER = 42  # the solution\n"
KINDS = [
    ("full", "root"),
    ("full", "ordinary"),
    ("landlock", "root"),
    ("landlock", "ordinary"),
    ("landlock", "shut-in root"),
]
# Namespaces around a user without rights. Against that: no namespaces, and submissions that are
# root as the grader is, or where no root tests, submissions that are the grader's own user.
STRONGEST = ("full", "ordinary")
WEAKEST = ("landlock", "shut-in root" if os.geteuid() == 0 else "ordinary")
BOTH_ENDS = [pytest.param(kind, id="-".join(kind)) for kind in (STRONGEST, WEAKEST)]
at_both_ends = pytest.mark.parametrize("arena", BOTH_ENDS, indirect=True)


def start_arena(level: str, user: str) -> Arena | str:
    """An arena, or why there can be none here."""
    home = home_of(user)
    if home.reason:
        return f"{user}: {home.reason}"
    try:
        return Arena(level, user, home)
    except RuntimeError as exc:
        return f"{level} is not available to {user} here: {exc}"
