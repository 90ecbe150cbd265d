"""What an exception of the student's says, and where: Python's words and a little more."""

from __future__ import annotations

import builtins
import difflib
import traceback
import types

MAX_TEXT = 2000
MAX_CARET_LINE = 90


def text_of(exc: BaseException) -> str:
    """What it says in words. A syntax error's says nothing of the place, which is told beside it,
    unless it is one of another file: see `text_and_place_of`."""
    try:
        if isinstance(exc, SystemExit) and exc.code is None:
            return ""
        text = str(exc.msg if isinstance(exc, SyntaxError) else exc)
        near = _near_name(exc)
        return text[:MAX_TEXT] + (f". Did you mean `{near}`?" if near else "")
    except BaseException as inner:
        return f"(its message cannot be shown: {type(inner).__name__})"


def text_and_place_of(exc: BaseException) -> str:
    """As `text_of`, where code was running: a syntax error is then in a file that it imports."""
    text = text_of(exc)
    if isinstance(exc, SyntaxError) and exc.filename and exc.lineno:
        return f"{text} ({str(exc.filename).rpartition('/')[2]}, line {exc.lineno})"[:MAX_TEXT]
    return text


def with_caret(exc: SyntaxError) -> str:
    """The line that is no Python, and below it a caret where Python stopped to understand it."""
    line = (exc.text or "").rstrip()
    bare = line.lstrip()
    column = (exc.offset or 0) - 1 - (len(line) - len(bare))
    if not 0 <= column <= len(bare) or len(bare) > MAX_CARET_LINE:
        return bare[:MAX_CARET_LINE]
    return f"{bare}\n{' ' * column}^"


def _near_name(exc: BaseException) -> str | None:
    """The name that was probably meant where one was not found. Python says so only on a screen."""
    if isinstance(exc, AttributeError) and exc.name and exc.obj is not None:
        names = dir(exc.obj)
    elif isinstance(exc, NameError) and exc.name and exc.__traceback__ is not None:
        *_, (frame, _) = traceback.walk_tb(exc.__traceback__)
        names = [*frame.f_locals, *frame.f_globals, *dir(builtins)]
    else:
        return None
    return next(iter(difflib.get_close_matches(exc.name, names, n=1, cutoff=0.75)), None)


def line_in(exc: BaseException, code: types.CodeType) -> int | None:
    """The line of `code` that was running when `exc` was raised."""
    for frame, line in traceback.walk_tb(exc.__traceback__):
        if frame.f_code is code:
            return line
    return None
