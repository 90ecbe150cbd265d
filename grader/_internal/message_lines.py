"""What a message looks like as text, in the one place that decides it.

A message has parts (see `grader.reports.schema.Message`). As text it begins with its summary; then
comes what the student's code said and where, then one labelled line for each part that is there:

    softmax(Z) has the wrong values
      expected: 0.25
      got:      0.857

What the student's code printed comes last, each line of it behind a bar:

      printed:
      | Z.shape = (5, 3)

An exception, a report, a terminal and pytest's output all get their text from here. Nothing reads
it back: code that needs a part takes it from the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LABELS = ("expected", "got", "where", "hint", "see", "likely", "printed")
CANNOT_BE_RUN = "the submission cannot be run: "


class Line(NamedTuple):
    """One line of a message. label: which part begins on it; None for every other line."""

    label: str | None
    text: str

    def __str__(self) -> str:
        return self.text if self.label is None else f"  {self.label + ':':9} {self.text}".rstrip()


def lines_of(
    summary: str,
    traceback: str | None,
    labelled: Iterable[tuple[str, str]],
    output: str | None = None,
) -> Iterator[Line]:
    """The lines of a message. labelled: the label and the value of each part that is there.
    output: what the student's code printed."""
    yield from (Line(None, line) for line in summary.split("\n"))
    if traceback is not None:
        yield from (Line(None, _quoted(line)) for line in traceback.split("\n"))
    for label, value in labelled:
        first, *rest = value.split("\n")
        yield Line(label, first)
        yield from (Line(None, _quoted(line)) for line in rest)
    if output is not None:
        yield Line("printed", "")
        yield from (Line(None, f"  | {line}") for line in output.split("\n"))


def _quoted(line: str) -> str:
    """`line`, marked as a quotation if a reader could mistake it for one of our labelled lines.

    Student code chooses the text of its exceptions and the names of its files and types.
    """
    return f"  | {line.strip()}" if line.lstrip().partition(":")[0] in LABELS else line
