"""Which results of the reference hold for a variant of it too.

A variant replaces one function. A check that asks the reference for `softmax` alone gets the same
answers from a variant in which `loss` is replaced, if `softmax` does not rest on `loss`; so it
takes the same way, asks nothing else and passes again. What each check asks for is noted while the
reference is graded. Which functions rest on which is read from the code (see album.untouched),
and where it cannot be read, everything is run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.authoring.album import Album, TrialSubject
from grader.checks.figure.description import FigureDescription
from grader.course.assignment import LimitsSpec
from grader.engine._pytest_private import fixture_names
from grader.engine.collection import Check
from grader.engine.proxy import Subject
from grader.engine.source import StudentSource
from grader.engine.task import Result
from grader.engine.values import holds_objects
from grader.reports.schema import Outcome
from grader.sandbox.host.launch import Launcher, Limits
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.wire import Handle
from grader.submission.program import Program

ANYTHING = "*"  # no function's name: what is asked for in such a way may rest on every function
_OWN_TO_A_STUDENT = frozenset(["student_id", "student_rng"])


class WatchedSubject(TrialSubject):
    """A subject that notes what each check asks for.

    asked: for each check that has begun, the functions. ANYTHING is among them where the check
    has to do with more than the plain values that functions return.
    """

    asked: tuple[set[str], ...] = ()
    _by_name = False  # whether what is asked now has been noted

    def begin(self, own: LimitsSpec | None) -> None:
        """See Subject.begin."""
        self.asked += (set(),)
        super().begin(own)

    def call(
        self,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        on: Handle | None = None,
    ) -> list[Any]:
        """See Subject.call."""
        given = [[*args, *kwargs.values()] for args, kwargs in calls]
        with self._noted(name, on, given):
            return super().call(name, calls, on)

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        """See Subject.draw."""
        with self._noted(name, on, [*args, *kwargs.values()]):
            return super().draw(name, args, kwargs, on)

    @contextlib.contextmanager
    def _noted(self, name: str, on: Handle | None, given: Sequence[Any]) -> Iterator[None]:
        self._note(name if on is None and not holds_objects(given) else ANYTHING)
        self._by_name = True
        try:
            yield
        finally:
            self._by_name = False

    @contextlib.contextmanager
    def asking(self, name: str, on: Handle | None) -> Iterator[Session]:
        """See Subject.asking."""
        if not self._by_name:
            self._note(ANYTHING)
        with super().asking(name, on) as session:
            yield session

    def session_of_objects(self) -> Session | None:
        """See Subject.session_of_objects."""
        self._note(ANYTHING)
        return super().session_of_objects()

    def source(self, names: Sequence[str]) -> StudentSource:
        """See Subject.source."""
        self._note(ANYTHING)
        return super().source(names)

    def printed(self) -> str:
        """See Subject.printed."""
        self._note(ANYTHING)
        return super().printed()

    def _note(self, name: str) -> None:
        for asked in self.asked[-1:]:
            asked.add(name)


class Footprints:
    """What the trials of one homework share in one process.

    reference: the source of the solution's module. Nothing is known before the reference has been
    graded, and nothing ever if it gave rise to a warning: that may belong to any check.
    """

    def __init__(self, reference: str) -> None:
        self._album = Album(reference)
        self._own: frozenset[str] = frozenset()
        self._asked: dict[str, frozenset[str]] = {}
        self._result: Result | None = None
        self._is_reference = False
        self._watched: WatchedSubject | None = None

    def collected(self, checks: Sequence[Check]) -> None:
        """The checks: what one asks with numbers of each student's own says nothing of others."""
        self._own = frozenset(
            check.id for check in checks if _OWN_TO_A_STUDENT & set(fixture_names(check.item))
        )

    def turn_to(self, replaced: str | None, files: Sequence[bytes]) -> Result | None:
        """The results that hold for the next subject; None where none is known to.

        replaced, files: see Album.turn_to.
        """
        self._album.turn_to(replaced, files)
        self._is_reference = replaced == ""
        if self._is_reference or self._result is None or not self._album.untouched:
            return None  # without an untouched function nothing is known of its code
        staff, student = self._result.staff, self._result.student
        untouched = self._album.untouched
        checks = tuple(
            check for check in staff.checks if self._asked.get(check.id, {ANYTHING}) <= untouched
        )
        return Result(staff.model_copy(update={"checks": checks}), student)

    def subject(
        self,
        program: Program | None,
        launcher: Launcher,
        limits: Limits,
        functions: Mapping[str, tuple[str, ...]],
        problem: str | None = None,
    ) -> Subject:
        """What stands for a trial. See runner.SubjectMaker."""
        self._watched = None
        if not self._is_reference:
            return self._album.subject(program, launcher, limits, functions, problem)
        self._watched = WatchedSubject(program, launcher, limits, functions, problem)
        return self._album.lend(self._watched)

    def learn(self, result: Result) -> None:
        """The last subject was graded so."""
        if self._watched is None or result.staff.warnings:
            return
        checks, asked = result.staff.checks, self._watched.asked
        if len(asked) == len(checks):  # else one was run again
            self._result = result
            self._asked = {
                check.id: frozenset(names)
                for check, names in zip(checks, asked, strict=True)
                if check.outcome is Outcome.PASSED and check.id not in self._own
            }
