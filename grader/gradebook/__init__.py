"""The course's gradebook: students, attempts, reports, marks and what was changed by hand.

Theory of operation. The database stores only facts: who is on the roster, what was handed in and
when, what the grader reported, what people marked, overrode, adjusted and extended. Nothing that
follows from a rule is stored. Which attempt counts, how late it is and what that costs are computed
each time from the facts, the due dates in `assignment.toml` and the policy in `[tool.grader]`. So
if a due date moves or the policy changes, every grade is correct at once.

Every change is written to the history in the transaction that makes it: who, when, what, before,
after and why.

    with open_gradebook(course) as book:
        for grade in book.grades("demo"):
            print(grade.student.id, grade.points, grade.why)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.gradebook.records import (
        Adjustment,
        Attempt,
        Automatic,
        Extension,
        Grade,
        HistoryEntry,
        Mark,
        Override,
        QuestionMark,
        Student,
    )
    from grader.gradebook.store import Gradebook, open_gradebook

__all__ = [
    "Adjustment",
    "Attempt",
    "Automatic",
    "Extension",
    "Grade",
    "Gradebook",
    "HistoryEntry",
    "Mark",
    "Override",
    "QuestionMark",
    "Student",
    "open_gradebook",
]


def __getattr__(name: str) -> object:
    """Load a name when it is first used: the rules alone need no database library."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "store" if name in ("Gradebook", "open_gradebook") else "records"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
