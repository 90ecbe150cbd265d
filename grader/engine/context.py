"""What the checks of one pytest session are given: the assignment, the subject, the reference."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest

from grader.checks.diagnose import Diagnoser
from grader.checks.processor_time import loading_time
from grader.checks.variants import load_variants
from grader.course.assignment import Assignment
from grader.course.course import BY_SUBMISSION
from grader.engine.deferred import defer_matplotlib
from grader.errors import GraderFault, SpecError, StudentFault


class CheckContext:
    """What the fixtures of one pytest session hand out: an assignment and, in turn, its subjects.

    subject: a proxy.Subject, exchanged by the runner, as is `work`, the SHA-256 of its submission.
    student: whose it is, "" if that is not known. seed: the run's, for hidden checks.
    """

    def __init__(self, assignment: Assignment, seed: str) -> None:
        self.assignment = assignment
        self.seed = seed
        self.work = ""
        self.subject: Any = None
        self.student = ""
        self.notes: list[str] = []
        self._reference: ModuleType | None = None
        self._diagnoser: Diagnoser | None = None

    def note(self, text: str) -> None:
        """Add a line to the report. Raises TypeError for what is no text."""
        if not isinstance(text, str):
            raise TypeError(f"note takes a text, and this is {text!r}")
        self.notes.append(text)

    @property
    def secret(self) -> str:
        """What the random numbers of hidden checks rest on.

        If it depends on the submission, what one submission finds out about its inputs by passing
        or failing on purpose says nothing about those of the next.
        """
        if not self.seed.startswith(BY_SUBMISSION):
            return self.seed
        return hashlib.sha256(f"{self.seed}\0{self.work}".encode()).hexdigest()

    @property
    def reference(self) -> ModuleType:
        """The solution's module, imported once."""
        if self._reference is None:
            self._reference = import_reference(self.assignment)
        return self._reference

    @property
    def diagnoser(self) -> Diagnoser:
        """Names mistakes by the author's catalogue, loaded once."""
        if self._diagnoser is None:
            solution = self.assignment.solution
            if solution is None:
                raise SpecError(
                    f"{self.assignment.name} has no solution here; use the staff's copy of the "
                    "course"
                )
            variants = load_variants(solution / "variants.py", self.reference)
            self._diagnoser = Diagnoser(self.reference, variants, self._ask)
        return self._diagnoser

    def _ask(self, function: str, calls: Sequence[Sequence[Any]]) -> Sequence[object] | None:
        """What a function of the subject's returns, None if it does not get so far.

        Naming a mistake is optional: looking for its name never changes how a check ends.
        """
        try:
            answers = self.subject.call(function, [(args, {}) for args in calls], None)
        except (StudentFault, GraderFault):
            return None
        return list(answers)


CONTEXT = pytest.StashKey[CheckContext]()


def import_reference(assignment: Assignment) -> ModuleType:
    """Run the solution's module, under a name that no submission has. Raises SpecError."""
    path = assignment.reference
    if path is None or not path.is_file():
        raise SpecError(
            f"{assignment.name} has no solution here; use the staff's copy of the course"
        )
    spec = importlib.util.spec_from_file_location(f"grader_reference.{assignment.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    defer_matplotlib()
    try:
        with loading_time(path.name):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as exc:
        raise SpecError(f"{path} cannot be imported: {type(exc).__name__}: {exc}") from exc
    return module
