"""What tests out of a notebook need of a submission: its variables, and running a whole cell there.

A variable travels like what a function returns. A cell runs in the worker, beside the student's
code, which can change whatever the cell calls: that it ended well is the worker's word and no
proof. So a check that runs one asks for a fixture of its own, by which every report tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.engine.proxy import Subject
from grader.errors import Blocked, CheckFailed, GraderFault, NotAttempted, StudentRaised
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.answers import MissingFunction
from grader.sandbox.protocol.wire import Handle, Step

CELL = "the test"  # how messages call the file that a cell would be


def variable_of(subject: Subject, name: str) -> Any:
    """The value of a name at the top of a submission, as it came from the worker.

    Raises NotAttempted where it is not there or is still `...`, and the StudentFault that ended it.
    """
    if name.startswith("_"):
        raise GraderFault(f"the variable `{name}` cannot be read: it begins with _")
    with subject.asking(name, None) as session:
        subject.calls += 1
        answer = session.steps([Step("get", None, name, [], {})], [0])
    value = None if answer.fault is not None else answer.values[0]
    if type(answer.fault) is MissingFunction or _is_ellipsis(value):
        raise NotAttempted(f"`{name}` is not written yet")
    if answer.fault is not None:
        raise subject.explained(answer.fault, name) from None
    subject.attempts += 1
    return subject.as_numbers([value], name)[0]


def _is_ellipsis(value: object) -> bool:
    return type(value) is Handle and value.type_name == "ellipsis"


class CellRunner:
    """The fixture `run_cell`."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def __call__(self, source: str, needs: Sequence[str] = ()) -> None:
        """Run source in the worker, among the submission's own names.

        needs: those that the student writes; without one of them nothing is run. Raises CheckFailed
        for an assertion that does not hold there, NotAttempted for what is not written yet, and the
        StudentFault that ended it.
        """
        subject = self._subject
        try:
            with subject.asking(", ".join(needs) or CELL, None) as session:
                subject.calls += 1
                _run(session, source, needs)
        except Blocked as fault:
            raise NotAttempted(fault.summary) from None  # a cell is no function of the student's
        except StudentRaised as fault:
            if fault.kind != "AssertionError":
                raise
            failed = CheckFailed(fault.said or "an assertion of the test does not hold")
            failed.traceback = fault.traceback
            raise failed from None
        subject.attempts += 1


def _run(session: Session, source: str, needs: Sequence[str]) -> None:
    try:
        session.run(CELL, source.encode(), needs)
    except MissingFunction as fault:
        raise NotAttempted(f"`{fault.name}` is not written yet") from None
