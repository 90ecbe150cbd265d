"""Derives how a check ended, its outcome and its message, from what it raised."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader._internal.text import printable
from grader.engine.collection import HIDDEN_FILE, PUBLIC_FILE
from grader.errors import CheckFailed, StudentFault, StudentRaised
from grader.reports.schema import Message, Outcome

MAX_TRACEBACK = 2000  # characters of the traceback that goes with a fault of a check's own


def classify(
    exc: BaseException | None, hints: Sequence[str] = (), see: str | None = None
) -> tuple[Outcome, Message | None, str | None]:
    """Outcome, message and diagnosis of what a check raised; None is a pass.

    hints: the check's own; the first is added to a failure that has none. see: the place in the
    handout that is added to a failure or an error.
    Anything that is neither a student's fault nor a plain assertion is a fault of the grader: a
    check that crashes on an odd value must not cost the student points unnoticed.
    """
    if exc is None:
        return Outcome.PASSED, None, None
    place = None if see is None else f"README.md, {see}"
    if isinstance(exc, CheckFailed):
        hint = hints[0] if exc.hint is None and hints else exc.hint
        return Outcome.FAILED, _message_of(exc, hint, place), exc.diagnosis
    if isinstance(exc, StudentRaised):
        return Outcome.ERROR, _message_of(exc, exc.hint, None if exc.whole else place), None
    if isinstance(exc, StudentFault):
        return Outcome(exc.outcome), _message_of(exc, exc.hint, None), None
    if isinstance(exc, AssertionError) and _is_the_checks_own(exc):
        claim = str(exc).split("\n")[0] or "the check's claim does not hold"
        return Outcome.FAILED, Message(summary=claim, see=place), None
    if isinstance(exc, pytest.skip.Exception):
        return Outcome.GRADER_ERROR, Message(summary=f"the check was skipped: {exc}"), None
    told = "".join(traceback.format_exception(exc, limit=-4))[-MAX_TRACEBACK:]
    message = Message(summary="the check itself failed:", traceback=told)
    return Outcome.GRADER_ERROR, message, None


def _message_of(fault: StudentFault, hint: str | None, see: str | None) -> Message:
    """The message with a fault's parts. Its summary is one line.

    The names of a student's own functions and types may hold line ends; what follows the first is
    kept with the rest of what their code said.
    """
    headline, *rest = printable(fault.summary).split("\n")
    rest += [] if fault.traceback is None else [fault.traceback]
    return Message(
        summary=headline,
        expected=fault.expected,
        got=fault.got,
        where=fault.where,
        hint=hint,
        see=see,
        traceback="\n".join(rest) if rest else None,
    )


def _is_the_checks_own(exc: AssertionError) -> bool:
    """Whether the check's author asserted it, rather than a library that cannot handle a value."""
    files = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(exc.__traceback__)]
    testing = any(file.parts[-3:-1] == ("numpy", "testing") for file in files)
    return bool(files) and (files[-1].name in (PUBLIC_FILE, HIDDEN_FILE) or testing)
