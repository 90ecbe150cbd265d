"""What a student's code prints, kept for the report as a whole and for the check that ran it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grader.sandbox.protocol.answers import CodeWarning

MAX_OUTPUT, MAX_PRINTED = 8192, 2000  # characters: of a report, and of one check


class OutputLog:
    """Two readers of one stream: `take_all` has everything, `take_of_check` what is new to it.

    warn: told of each DeprecationWarning, which belongs to no check.
    """

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._all = ""
        self._fresh: list[str] = []

    def add(self, text: str) -> None:
        """Keep what was printed."""
        self._all = (self._all + text)[-MAX_OUTPUT:]
        self._fresh.append(text if not text or text.endswith("\n") else text + "\n")

    def add_warnings(self, told: Iterable[CodeWarning]) -> None:
        """Keep what Python and numpy warned of."""
        for warned in told:
            if warned.is_deprecation:
                self._warn(f"{warned}; later versions refuse it")
            elif f"{warned}\n" not in self._fresh:
                self._fresh.append(f"{warned}\n")

    def mark(self) -> int:
        """How much there is now, for `forget_since`."""
        return len(self._fresh)

    def forget_since(self, mark: int) -> None:
        """What was printed since a mark belongs to no check."""
        del self._fresh[mark:]

    def take_all(self) -> str:
        """The end of everything since the last call of this."""
        text, self._all = self._all, ""
        return text

    def take_of_check(self) -> str | None:
        """The end of what is new since the last call of this, None for nothing."""
        text, self._fresh = "".join(self._fresh).rstrip(), []
        cut = text[-MAX_PRINTED:]
        return (cut if cut == text else "...\n" + (cut.partition("\n")[2] or cut)) or None
