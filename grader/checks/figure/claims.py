"""What every claim shares: the check of its argument, and how it fails."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np

from grader.checks.figure.description import FigureDescription
from grader.checks.figure.look import uncheckable
from grader.errors import CheckFailed, GraderFault

P = ParamSpec("P")
R = TypeVar("R")


def claim(function: Callable[P, R]) -> Callable[P, R]:
    """Silences warnings about overflow, division by zero and NaN in a student's numbers."""

    @functools.wraps(function)
    def quiet(*args: P.args, **kwargs: P.kwargs) -> R:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return function(*args, **kwargs)

    return quiet


def failure(
    figure: FigureDescription,
    message: str,
    *,
    expected: str | None = None,
    got: str | None = None,
    hint: str | None = None,
    diagnosis: str | None = None,
    words: bool = False,
) -> CheckFailed | GraderFault:
    """The error to raise where a claim does not hold.

    A CheckFailed where the whole figure was described. Where a limit cut something the claim may
    hold for all that we know, so that is a fault of ours, for a person to judge. words: the claim
    is about words only, which are there even of what cannot be read.
    """
    reason = uncheckable(figure, words=words)
    if reason is not None:
        return GraderFault(
            f"the figure cannot be checked by machine ({reason}); a person must look at it. "
            f"What was not found: {message}"
        )
    return CheckFailed(message, expected=expected, got=got, hint=hint, diagnosis=diagnosis)


def listed(words: list[str], *, most: int = 5) -> str:
    """ "a, b and c", shortened."""
    if not words:
        return "nothing"
    kept = words[:most] + ([f"{len(words) - most} more"] if len(words) > most else [])
    return " and ".join([", ".join(kept[:-1]), kept[-1]] if len(kept) > 1 else kept)
