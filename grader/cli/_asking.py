"""Questions to whoever hands in: at a terminal, or below a notebook's cell."""

from __future__ import annotations

import contextlib
import sys

import typer

from grader.cli._course import person_is_here
from grader.errors import UsageError


class Questioner:
    """Asks whoever hands in, at a terminal."""

    def __init__(self, *, yes: bool) -> None:
        """yes: the last question is answered already."""
        self._yes = yes

    def require_answer(self) -> None:
        """Raise UsageError if the last question could not be answered."""
        if not self._yes and not person_is_here():
            raise UsageError(
                "nobody can be asked here, so nothing was handed in; use --yes to hand in without "
                "a question"
            )

    def agrees(self, question: str) -> bool:
        """Whether it is to be handed in."""
        if self._yes:
            return True
        _forget_keys()
        return typer.confirm(question, default=True)

    def text(self, question: str, option: str) -> str:
        """What is not known yet. Raises UsageError where nobody can say it."""
        if not person_is_here():
            raise UsageError(f"{question.lower()} is not known yet; give it once with {option}")
        _forget_keys()
        answer: str = typer.prompt(question)
        return answer.strip()


class CellQuestioner(Questioner):
    """Asks whoever runs a notebook's cell."""

    def require_answer(self) -> None:
        """See Questioner. Only a question shows whether the page can ask."""

    def agrees(self, question: str) -> bool:
        """See Questioner. Raises UsageError where the page cannot ask."""
        return self._yes or _typed(f"{question} [Y/n]: ", "--yes").lower() in ("", "y", "yes")

    def text(self, question: str, option: str) -> str:
        """See Questioner."""
        return _typed(f"{question}: ", option)


def _forget_keys() -> None:
    """Forget what was typed at the terminal before the question stood there: it answers nothing."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        with contextlib.suppress(ImportError):  # a system that is neither
            import termios

            with contextlib.suppress(termios.error, OSError, ValueError):  # not a terminal
                termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _typed(question: str, option: str) -> str:
    try:
        return input(question).strip()
    except (NotImplementedError, EOFError):  # a page without a field, as when all cells are run
        raise UsageError(
            f"nobody can be asked here, so nothing was handed in; use {option} to answer at once"
        ) from None
