"""Figures that a submission drew in a check, as long as their worker lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from grader.sandbox.host.session import Session


class DrawnFigure(Protocol):
    """A figure drawn in a check, as long as its worker lives."""

    title: str

    def png(self) -> bytes | None:
        """The picture, or None if its worker has ended."""


@dataclass
class WorkersFigure:
    """A figure that a worker keeps under a number."""

    title: str
    session: Session
    number: int

    def png(self) -> bytes | None:
        """See DrawnFigure."""
        return None if self.session.dead else self.session.png(self.number)
