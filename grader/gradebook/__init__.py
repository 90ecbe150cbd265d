"""The course's gradebook: students, hand-ins, reports, marks and what was changed by hand.

Theory of operation. The database holds facts alone: who is on the roster, what was handed in and
when, what the grader reported, what people marked, overrode, adjusted and extended. Nothing that
follows from a rule is stored. Which hand-in counts, how late it is and what that costs are reckoned
each time from the facts, the due dates in `assignment.toml` and the policy in `[tool.grader]`; so a
due date that moves, or a policy that changes, is right everywhere at once.

Every change is written to the history in the transaction that makes it: who, when, what, before,
after and why.

    with open_gradebook(course) as book:
        for grade in book.grades("demo"):
            print(grade.student.id, grade.points, grade.why)
"""

from grader.gradebook.records import (
    Adjustment,
    Attempt,
    Automatic,
    Change,
    Extension,
    Grade,
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
    "Change",
    "Extension",
    "Grade",
    "Gradebook",
    "Mark",
    "Override",
    "QuestionMark",
    "Student",
    "open_gradebook",
]
