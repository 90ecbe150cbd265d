"""**public**: checks, hints and handing in from the cells of a running notebook.

    %load_ext grader

    check()             all public checks, on the functions as they are defined now
    check("softmax")    only those with this text in their name or title
    hint("softmax")     the next hint
    submit()            hands in what is saved, after a question

`from grader.notebook import check, hint, submit` does the same. Nothing here needs Jupyter or
IPython to be installed: they are there where a notebook runs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebook.cell import CellDesk

__all__ = ["check", "hint", "load_ipython_extension", "submit"]


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext grader` does: it puts the three functions into the notebook."""
    from grader.notebook.kernel import Kernel

    Kernel(shell).define({"check": check, "hint": hint, "submit": submit})


def check(which: str | Callable[..., object] | None = None, *, homework: str | None = None) -> None:
    """Run the public checks on the functions of this notebook as they are defined now.

    Args:
        which: some text of a check's name or title, or a function whose checks are meant; all
            checks by default.
        homework: the homework; the one whose folder the notebook runs in by default, or the one
            whose functions it defines.
    """
    _at_the_desk(lambda desk: desk.check(_text_of(which), homework))


def hint(which: str | Callable[..., object] | None = None, *, homework: str | None = None) -> None:
    """Show the next hint for a check, one more each time. Arguments: see `check`.

    Without a text, for the first check that does not pass now: all are run for it.
    """
    _at_the_desk(lambda desk: desk.hint(_text_of(which), homework))


def submit(
    *,
    homework: str | None = None,
    student: str | None = None,
    to: str | None = None,
    token: str | None = None,
    partners: tuple[str, ...] | list[str] = (),
    alone: bool = False,
    force: bool = False,
    wait: bool = True,
    yes: bool = False,
) -> None:
    """Hand in what is saved, as `python -m grader submit` does, after a question.

    Args:
        homework: see `check`.
        student, to, token, alone, force, wait, yes: see the options of the command.
        partners: the ids of those who worked with you; `--with` of the command.
    """
    from grader.cli.submit import SubmitOptions

    options = SubmitOptions(student, to, token, tuple(partners), alone, force, wait)
    _at_the_desk(lambda desk: desk.submit(options, homework, yes=yes))


def _text_of(which: str | Callable[..., object] | None) -> str | None:
    return str(getattr(which, "__name__", which)) if callable(which) else which


def _at_the_desk(work: Callable[[CellDesk], None]) -> None:
    from grader.notebook.kernel import Kernel

    kernel = Kernel.running()
    if kernel is None:
        # A notebook that was exported runs to its end all the same.
        warnings.warn(
            "nothing was checked: this works in a notebook; elsewhere run `python -m grader check`",
            stacklevel=3,
        )
        return
    from grader.notebook.cell import CellDesk, shown

    with shown() as page:
        work(CellDesk(kernel, page))
