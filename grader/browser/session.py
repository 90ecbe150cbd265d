"""A submission that runs in the interpreter of a page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.engine.debugger import LocalSubject
from grader.sandbox.host.in_process import LocalSession
from grader.sandbox.host.live import OutputTail, nobody_asked_or_shown
from grader.sandbox.host.session import HEARD_BYTES, Session

Calling = Callable[[str, float], None]


class PageSubject(LocalSubject):
    """A submission whose functions run here. See proxy.Subject.

    calling: told of each call before it begins: what runs, and for how many seconds it may; and
    "" and 0 when it has ended.
    """

    def __init__(self, folder: Path, calling: Calling, *args: Any) -> None:
        super().__init__(folder, *args)
        self._here, self._calling = folder, calling

    def _open(self, left_s: float) -> Session:
        session = PageSession(self._here, self._calling)
        session.use(self._limits)
        return session


class PageSession(LocalSession):
    """Has a session's methods. Who can end a call that never returns is told of it before."""

    def __init__(self, folder: Path, calling: Calling) -> None:
        super().__init__(folder)
        self._calling = calling
        self._printed_since: list[str] = []
        self._undo.enter_context(nobody_asked_or_shown())

    def output(self) -> str:
        """See Session.output."""
        text, self._printed_since = "".join(self._printed_since), []
        return text[-HEARD_BYTES:]

    def _ask(self, request: dict[str, Any], what: str, limit_s: float) -> Any:
        self._calling(what, limit_s or self._limits.load_s)
        try:
            return super()._ask(request, what, limit_s)
        finally:
            self._calling("", 0.0)

    def _answered(self, payload: bytes) -> bytes:
        heard = OutputTail()
        try:
            with contextlib.chdir(self._scratch), contextlib.redirect_stdout(heard):
                return self._inside.answer(payload)
        finally:
            self._heard_last = heard.text
            self._printed_since.append(heard.text)
