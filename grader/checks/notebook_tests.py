"""For tests that come out of a notebook: its variables, and what an exception in a test means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.checks.objects import StudentSolution
from grader.errors import CheckFailed, GraderError


def variable(solution: Any, name: str) -> Any:
    """The value of a variable at the top of a submission, such as `answer` in `answer = 42`.

    One that is missing or still `...` is not attempted. solution: `student`, or a module.
    """
    if isinstance(solution, StudentSolution):
        return solution._variable(name)
    return getattr(solution, name)


@contextmanager
def any_error_fails(solution: Any) -> Iterator[None]:
    """An exception of the test's own, such as for None + 1, is the student's failure.

    So it is in a notebook. But where an object came that stays in the student's process, the test
    may have failed only because that cannot travel: then it remains a fault of the check's, which
    costs nobody points unnoticed.
    """
    try:
        yield
    except (GraderError, AssertionError):
        raise
    except Exception as exc:
        if isinstance(solution, StudentSolution) and solution._keeps_objects:
            raise
        raise CheckFailed(
            f"the test cannot use what the code gives: {type(exc).__name__}: {exc}"
        ) from exc
