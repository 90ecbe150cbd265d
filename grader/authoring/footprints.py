"""Which results of the reference hold for a variant of it too.

A variant replaces one function, class or method. A check that asks the reference for `softmax`
alone gets the same answers from a variant in which `loss` is replaced, if `softmax` does not rest
on `loss`; so it takes the same way, asks nothing else and passes again. What an object does is
written in what the check asked for to get it. What each check asks for is noted while the
reference is graded. Which functions rest on which is read from the code (see album.untouched),
and where it cannot be read, everything is run.
"""

from __future__ import annotations

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
from grader.reports.schema import Outcome
from grader.sandbox.host.launch import Launcher, Limits
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.wire import Handle, Reference, StandsIn, Step
from grader.submission.program import Program

ANYTHING = "*"  # no function's name: what is asked for in such a way may rest on every function
_OWN_TO_A_STUDENT = frozenset(["student_id", "student_rng"])


class Footprint:
    """What one check asks of a submission.

    names: the functions and classes; ANYTHING is among them where that cannot be told. An object
    rests on nothing but the names that were asked for before it came, so its own are not noted.
    borrows: whether it uses an object that came to another check.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.borrows = False
        self._kept: set[int] = set()  # the numbers of the objects that came

    def note(self, request: Mapping[str, Any]) -> None:
        """A request goes to the worker."""
        kind = request["op"]
        if kind == "steps":
            for step in request["steps"]:
                self._note_step(Step(*step))
        elif kind == "call":
            self._note_step(Step("call", request["on"], request["name"], request["calls"], {}))
        elif kind in ("get", "set"):
            self._note_object(request["on"])
            self._note_given(request.get("value"))
        elif kind in ("keep", "isinstance"):
            self._note_given([request["value"], request.get("of")])
        elif kind != "load":
            self.names.add(ANYTHING)

    def learn(self, answer: object) -> None:
        """What came back: the objects in it are the check's own."""
        for value in _leaves(answer):
            if isinstance(value, Handle):
                self._kept.add(value.number)

    def _note_step(self, step: Step) -> None:
        if step.on is None:
            self.names.add(step.name)
        else:
            self._note_object(step.on)
        self._note_given([step.args, step.kwargs])

    def _note_given(self, given: object) -> None:
        for value in _leaves(given):
            stood = value.stand_in() if isinstance(value, StandsIn) else value
            if isinstance(stood, Handle):
                self._note_object(stood.number)
            elif isinstance(stood, Reference):
                self._note_step(Step("get", stood.on, stood.name, [], {}))

    def _note_object(self, number: int) -> None:
        # A negative number stands for what an earlier step of the same request gives.
        self.borrows |= number >= 0 and number not in self._kept


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


class WatchedSession(Session):
    """A session that tells `asked`, which may be exchanged, of each request and its answer."""

    asked: Footprint | None = None

    def _ask(self, request: dict[str, Any], what: str, limit_s: float) -> Any:
        if self.asked is not None:
            self.asked.note(request)
        answer = super()._ask(request, what, limit_s)
        if self.asked is not None:
            self.asked.learn(answer)
        return answer


class WatchedSubject(TrialSubject):
    """A subject that notes what each check asks for: `asked`, of the checks that have begun."""

    asked: tuple[Footprint, ...] = ()

    def begin(self, own: LimitsSpec | None) -> None:
        """See Subject.begin."""
        self.asked += (Footprint(),)
        super().begin(own)
        self._tell_session()

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        """See Subject.draw."""
        for asked in self.asked[-1:] if on is None else ():
            asked.names.add(name)  # no request comes of a figure that was drawn before
        return super().draw(name, args, kwargs, on)

    def source(self, names: Sequence[str]) -> StudentSource:
        """See Subject.source."""
        self._note_anything()
        return super().source(names)

    def printed(self) -> str:
        """See Subject.printed."""
        self._note_anything()
        return super().printed()

    def _open(self, left_s: float) -> Session:
        return WatchedSession(self._launcher, self._limits, left_s)

    def _ready(self, name: str) -> Session:
        session = super()._ready(name)
        self._tell_session()
        return session

    def _tell_session(self) -> None:
        if isinstance(self._session, WatchedSession) and self.asked:
            self._session.asked = self.asked[-1]

    def _note_anything(self) -> None:
        for asked in self.asked[-1:]:
            asked.names.add(ANYTHING)


class Footprints:
    """What the trials of one homework share in one process.

    reference: the source of the solution's module. Nothing is known before the reference has been
    graded, and nothing ever if it gave rise to a warning, which may belong to any check, or if one
    check uses another's objects.
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
        # Where there are more, one was run again.
        if len(asked) == len(checks) and not any(each.borrows for each in asked):
            self._result = result
            self._asked = {
                check.id: frozenset(each.names)
                for check, each in zip(checks, asked, strict=True)
                if check.outcome is Outcome.PASSED and check.id not in self._own
            }
