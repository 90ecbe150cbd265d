"""A waived check: everyone who attempted what it asks for gets its points.

A check turns out to be wrong after people handed in. Emptying it would pay those as well who handed
in nothing, so the check stays as it is, and what it says of an attempt no longer counts.
"""

from __future__ import annotations

from grader.engine.proxy import Subject
from grader.errors import Blocked, GraderFault, NotAttempted, Refused


def unless_attempted(
    name: str, raised: BaseException | None, subject: Subject, before: tuple[int, int]
) -> BaseException | None:
    """What stands in the way of a waived check's points; None where they are given.

    raised: by the check. before: the subject's calls and attempts when the check began. They are
    given where the check called a function that the submission has written, and met neither a stub
    nor a breach of the sandbox's rules. A check that calls nothing cannot tell who attempted
    it: that is its author's fault.
    """
    if isinstance(raised, (NotAttempted, Blocked, Refused)):
        return raised
    calls, attempts = subject.calls - before[0], subject.attempts - before[1]
    if attempts:
        return None
    if raised is not None or subject.problem is not None:
        return raised or subject.problem
    if calls:
        return NotAttempted("what this check asks for is not written yet")
    return GraderFault(
        f"{name} is waived and calls no function of the student's, so it cannot tell who attempted "
        "it; leave its body as it was"
    )
