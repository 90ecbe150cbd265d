"""Derives how a check ended, its outcome and its message, from what it raised."""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType

import pytest

import grader
from grader._internal.text import printable
from grader.engine._pytest_private import ASSERTING_MODULES
from grader.engine.collection import HIDDEN_FILE, PUBLIC_FILE
from grader.errors import CheckFailed, StudentFault, StudentRaised
from grader.reports.schema import Message, Outcome

MAX_TRACEBACK = 2000  # characters of the traceback that goes with a fault of a check's own

_LIBRARIES = tuple(
    {f"{path}/" for path in sysconfig.get_paths().values()}
    | {f"{Path(grader.__file__).parent}/", "<"}
)
_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\]")
# Modules made for assertions, such as numpy.testing._private.utils and pandas._testing.asserters.
_ASSERTERS = re.compile(r"(?:.*\.)?_?test(?:ing|_?utils)(?:\..*)?|unittest\.(?:case|mock)")
_WRAPPERS = frozenset({"contextlib", "functools"})
_CLASS = re.compile(r"<class '(?:\w+\.)*(\w+)'>")


def classify(
    exc: BaseException | None, hints: Sequence[str] = (), see: str | None = None
) -> tuple[Outcome, Message | None, str | None]:
    """Outcome, message and diagnosis of what a check raised; None is a pass.

    hints: the check's own; the first is added to a failure that has none. see: the place in the
    handout that is added to a failure or an error.
    Anything that is neither a student's fault nor an assertion by the check's author is a fault of
    the grader: a check that crashes on an odd value must not cost the student points unnoticed.
    """
    if exc is None:
        return Outcome.PASSED, None, None
    failures = _failures(exc)
    if failures:
        return _of_failure(failures[0], _notes(exc, failures), hints, see)
    if isinstance(exc, pytest.skip.Exception):
        return Outcome.GRADER_ERROR, Message(summary=f"the check was skipped: {exc}"), None
    told = "".join(traceback.format_exception(exc, limit=-4))[-MAX_TRACEBACK:]
    message = Message(summary="the check itself failed:", traceback=told)
    return Outcome.GRADER_ERROR, message, None


def with_cause(outcome: Outcome, message: Message | None, cause: str | None) -> Message | None:
    """The message of a wrong value or an exception, with what is known to stand behind it.

    That is told in the place of the check's own hint, which guesses.
    """
    if cause is None or message is None or outcome not in (Outcome.FAILED, Outcome.ERROR):
        return message
    return message.model_copy(update={"hint": cause})


def with_call(
    outcome: Outcome, message: Message | None, exc: BaseException | None, call: str | None
) -> Message | None:
    """The message of a wrong value, with the line of the public check and what it called there.

    call: in words, such as "softmax([[0, 1]])". For a student at home, who has the check's file.
    """
    if outcome is not Outcome.FAILED or message is None or exc is None:
        return message
    lines = [
        line
        for frame, line in traceback.walk_tb(exc.__traceback__)
        if Path(frame.f_code.co_filename).name == PUBLIC_FILE
    ]
    if not lines:
        return message
    told = f"  {PUBLIC_FILE}, line {lines[-1]}" + (f": {call}" if call else "")
    both = told if message.traceback is None else f"{told}\n{message.traceback}"
    return message.model_copy(update={"traceback": both})


def is_failure(exc: BaseException) -> bool:
    """Whether a check that raised this was raised by what the student's code did."""
    return bool(_failures(exc))


def _of_failure(
    exc: BaseException, notes: str | None, hints: Sequence[str], see: str | None
) -> tuple[Outcome, Message, str | None]:
    place = None if see is None else f"README.md, {see}"
    if isinstance(exc, CheckFailed):
        hint = hints[0] if exc.hint is None and hints else exc.hint
        return Outcome.FAILED, _message_of(exc, hint, place, notes), exc.diagnosis
    if isinstance(exc, StudentRaised):
        see = None if exc.whole else place
        return Outcome.ERROR, _message_of(exc, exc.hint, see, notes), None
    if isinstance(exc, StudentFault):
        return Outcome(exc.outcome), _message_of(exc, exc.hint, None, notes), None
    claim, _, more = _CLASS.sub(r"\1", printable(str(exc)).strip()).partition("\n")
    # Below an `assert` of the author's stands how pytest came to its values, for the author.
    told = None if _is_plain_assertion(exc) else more.strip("\n")[:MAX_TRACEBACK]
    said = "\n".join(filter(None, (told, notes))) or None
    summary = claim or "the check's claim does not hold"
    return Outcome.FAILED, Message(summary=summary, see=place, traceback=said), None


def _message_of(
    fault: StudentFault, hint: str | None, see: str | None, notes: str | None
) -> Message:
    """The message with a fault's parts. Its summary is one line.

    The names of a student's own functions and types may hold line ends; what follows the first is
    kept with the rest of what their code said.
    """
    headline, *rest = printable(fault.summary).split("\n")
    rest += [part for part in (fault.traceback, notes) if part is not None]
    return Message(
        summary=headline,
        expected=fault.expected,
        got=fault.got,
        where=fault.where,
        hint=hint,
        see=see,
        traceback="\n".join(rest) if rest else None,
    )


def _failures(exc: BaseException) -> list[BaseException]:
    """What of an exception is the student's failure: itself, or all parts of a group; else none.

    A group in which one part is a fault of ours is a fault of ours.
    """
    parts = list(_parts(exc, exc.__traceback__))
    return [part for part, trace in parts if _is_students(part, trace)] * all(
        _is_students(part, trace) for part, trace in parts
    )


def _parts(
    exc: BaseException, trace: TracebackType | None
) -> Iterator[tuple[BaseException, TracebackType | None]]:
    """The single exceptions of a group, each with the way to where it was raised.

    One that was put into a group without being raised itself was raised where the group was.
    """
    if not isinstance(exc, BaseExceptionGroup):
        yield exc, trace
        return
    for each in exc.exceptions:
        yield from _parts(each, each.__traceback__ or trace)


def _notes(exc: BaseException, failures: Sequence[BaseException]) -> str | None:
    """What was noted on a failure: in which subtest it came, or for which generated values."""
    noted = dict.fromkeys(getattr(failures[0], "__notes__", ()))
    noted |= dict.fromkeys(getattr(exc, "__notes__", ()))
    more = [f"... and {len(failures) - 1} more failed likewise"] if len(failures) > 1 else []
    return printable("\n".join([*map(str, noted), *more]))[:MAX_TRACEBACK] or None


def _is_students(exc: BaseException, trace: TracebackType | None) -> bool:
    """Whether an exception says that the student's code is wrong.

    Of assertions it is those that an author wrote, in a check, a fixture or a module beside them,
    and those of a helper that the author called to assert something. An assertion within a library
    that met what it cannot bear, or within the reference solution, is none.
    """
    if isinstance(exc, StudentFault):
        return True
    if not isinstance(exc, (AssertionError, pytest.fail.Exception)):
        return False
    if isinstance(exc, pytest.xfail.Exception):
        return False  # the author expects it, of whatever submission
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    authors = [index for index, frame in enumerate(frames) if _is_authors(frame)]
    if not authors:
        return False
    below = [name for name in map(_module_of, frames[authors[-1] + 1 :]) if name not in _WRAPPERS]
    if not below:
        return isinstance(exc, AssertionError)
    if all(name in ASSERTING_MODULES for name in below):
        return True
    ends = below[0], below[-1]
    return isinstance(exc, AssertionError) and all(map(_ASSERTERS.fullmatch, ends))


def _is_plain_assertion(exc: BaseException) -> bool:
    frames = [frame for frame, _ in traceback.walk_tb(exc.__traceback__)]
    return isinstance(exc, AssertionError) and (not frames or _is_authors(frames[-1]))


def _is_authors(frame: FrameType) -> bool:
    """Whether a frame runs code of a check's author, and neither a library nor a solution."""
    path = Path(frame.f_code.co_filename)
    if path.name in (PUBLIC_FILE, HIDDEN_FILE):
        return True
    if _module_of(frame).split(".")[0] in ("grader_reference", "grader_variants"):
        return False
    return not (str(path).startswith(_LIBRARIES) or _INSTALLED.search(str(path)))


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
