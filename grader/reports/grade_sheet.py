"""A grade part by part, as every reader gets it: terminal, page, JSON, Markdown and LMS.

The gradebook makes the rows (`grader.gradebook.breakdown`); nothing else computes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from grader._internal.text import Text

RowKind = Literal[
    "checks",
    "override",
    "question",
    "comments",
    "late",
    "adjustment",
    "standing",
    "rounding",
    "due",
    "attempts",
]


class GradeRow(BaseModel):
    """One part of a grade.

    points: what it adds; null if nobody has decided it, or if it is no number of points.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RowKind
    name: Text
    points: float | None
    max_points: float | None = None
    why: Text = Field(description="the reason, in words")
    items: tuple[Text, ...] = Field(default=(), description="the items of the rubric that were met")
    comment: Text | None = Field(default=None, description="what the marker says")

    @property
    def value(self) -> str:
        """The points as people read them: "–" for undecided, with a sign for what is added."""
        if self.points is None:
            return "" if self.kind in ("due", "attempts", "standing") else "–"
        if self.kind in ("adjustment", "comments", "rounding", "standing"):
            return f"{self.points:+.10g}"
        return f"{self.points:.10g}"

    @property
    def said(self) -> str:
        """What the points are of, why they are so, and the comment, in one line."""
        of = "" if self.max_points is None else f"of {self.max_points:.10g}, "
        return f"{of}{self.why}" + (f": {self.comment}" if self.comment else "")


class GradeSheet(BaseModel):
    """A whole grade. points: the final ones; null while something is open, and for who is excused.
    so_far: the same with everything open counted as 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: float | None
    so_far: float
    max_points: float
    rows: tuple[GradeRow, ...]
    open: tuple[Text, ...] = Field(description="what still has to be decided")
    excused: Text = Field(default="", description="the word for it, if the homework does not count")

    @property
    def total(self) -> str:
        """ "108 of 110", and whether that is final."""
        if self.excused:
            return self.excused
        said = f"{self.so_far:.10g} of {self.max_points:.10g}"
        return said if self.points is not None else f"{said}, so far"

    def markdown(self, title: str, comments: Sequence[str] = ()) -> str:
        """The sheet for a system that takes Markdown or plain text, and comments on the work."""
        points = "" if self.excused else " points"
        lines = [f"# {_plain(title)}", "", f"**{self.total}{points}**", ""]
        lines += ["| part | points | |", "| --- | ---: | --- |"]
        lines += [f"| {_plain(r.name)} | {r.value} | {_plain(r.said)} |" for r in self.rows]
        met = [row for row in self.rows if row.items]
        for row in met:
            lines += ["", f"{_plain(row.name)}, what your answer has:", ""]
            lines += [f"- {_plain(item)}" for item in row.items]
        if comments:
            lines += ["", "Comments on your work:", "", *(f"- {_plain(text)}" for text in comments)]
        if self.open:
            lines += ["", "Still open:", "", *(f"- {_plain(text)}" for text in self.open)]
        return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text that stays text in Markdown, in one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in flat)
