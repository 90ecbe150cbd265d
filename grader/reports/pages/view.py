"""Prepares the content of a page from a report; the templates only format it.

Failed checks come before passed ones, and a message that several checks share appears once.
"""

from __future__ import annotations

import base64
import itertools
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.reports.pages.listing import CodeFile, Listing, TextSpan
from grader.reports.schema import (
    CheckResult,
    Message,
    Outcome,
    Report,
    StaffComment,
    Visibility,
)

MAX_PICTURE_BYTES = 4 << 20
MAX_PICTURES_BYTES = 16 << 20
MAX_PICTURE_PIXELS = 10_000_000

# In the order of a page. A reader should first hear about faults of the grader.
EXPLAINED = {
    Outcome.GRADER_ERROR: "The points stay open until course staff have looked at it.",
    Outcome.FAILED: "The code ran, but its result is not what the check expects.",
    Outcome.ERROR: "The code raised an exception, or it could not be run.",
    Outcome.CRASHED: "The process that ran the code ended.",
    Outcome.TIMEOUT: "The code took longer than the time limit allows.",
    Outcome.OUT_OF_MEMORY: "The code needed more memory than the limit allows.",
    Outcome.OVER_LIMIT: "The code exceeded a limit; the message says which one.",
    Outcome.REFUSED: "The code did something that is not allowed while it is graded.",
    Outcome.BLOCKED: "This check depends on another part that is missing or failed.",
    Outcome.NOT_ATTEMPTED: "The function is still the same as in the starter.",
    Outcome.PASSED: "",
}

Pieces = tuple[TextSpan, ...]


@dataclass(frozen=True)
class MessageView:
    """A message in pieces: the fact, its labelled parts, and what else stands below."""

    fact: Pieces
    labelled: tuple[tuple[str, Pieces], ...]
    more: tuple[Pieces, ...]


@dataclass(frozen=True)
class Card:
    """Checks of one outcome with the same message. message: None if the reader may not see it.
    printed: the titles of the checks in which the code printed something, with what it printed."""

    checks: tuple[CheckResult, ...]
    message: MessageView | None
    diagnosis: str | None
    printed: tuple[tuple[str, str], ...]


HIDDEN_EXPLAINED = "Of these checks you see only the title and that they did not pass."


@dataclass(frozen=True)
class Group:
    """All checks of one outcome; those whose reader may not see how they failed are apart.

    for_student: whether the page is a student's.
    """

    outcome: Outcome
    cards: tuple[Card, ...]
    hidden: bool = False
    for_student: bool = False

    @property
    def words(self) -> str:
        """The outcome as the page says it."""
        if self.for_student and self.outcome is Outcome.GRADER_ERROR:
            return "not judged"
        return "not passed, hidden" if self.hidden else self.outcome.words

    @property
    def anchor(self) -> str:
        """The id of the group's part of the page."""
        return "not_passed" if self.hidden else self.outcome.value

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """Those of all its cards."""
        return tuple(check for card in self.cards for check in card.checks)

    @property
    def explained(self) -> str:
        """The outcome in a sentence."""
        return HIDDEN_EXPLAINED if self.hidden else EXPLAINED[self.outcome]

    @property
    def kind(self) -> str:
        """Which colour of the style sheet it has."""
        if self.outcome in (Outcome.NOT_ATTEMPTED, Outcome.BLOCKED):
            return "open"
        ours = {Outcome.PASSED: "good", Outcome.GRADER_ERROR: "fault"}
        return ours.get(self.outcome, "bad")


@dataclass(frozen=True)
class Picture:
    """A figure and the checks that looked at it. source: a data URI, or None for what is
    too large or no picture."""

    title: str
    checks: tuple[CheckResult, ...]
    source: str | None
    width: int
    height: int


@dataclass(frozen=True)
class PageView:
    """A report in the order in which it is read.

    marks, comments: what messages and staff say of lines, by the lines' ids.
    """

    report: Report
    groups: tuple[Group, ...]
    pictures: tuple[Picture, ...]
    warnings: tuple[Pieces, ...]
    files: tuple[CodeFile, ...]
    marks: Mapping[str, tuple[str, ...]]
    comments: Mapping[str, tuple[str, ...]]

    def anchor_of(self, comment: StaffComment) -> str | None:
        """The id of the line that a comment is about, if it is shown."""
        return _anchor(self.files, comment)

    def on_figure(self, title: str) -> tuple[StaffComment, ...]:
        """The comments on a figure."""
        return tuple(each for each in self.report.comments if each.figure == title)

    @property
    def open_groups(self) -> tuple[Group, ...]:
        """Those with something left to do."""
        return tuple(group for group in self.groups if group.outcome is not Outcome.PASSED)

    @property
    def passed(self) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.report.checks if check.outcome is Outcome.PASSED)


def view_of(report: Report, code: Listing, pictures: Mapping[str, bytes]) -> PageView:
    """Put a report in order. pictures: by the names that the report gives them."""
    messages = [check.message for check in report.checks if check.message]
    # Why a submission could not be run is also what each of its checks says.
    told = [message.rendered() for message in messages]
    warnings = [text for text in report.warnings if not any(text in each for each in told)]
    return PageView(
        report=report,
        groups=_groups(report, code),
        pictures=_pictures(report, pictures),
        warnings=tuple(code.pieces(warning) for warning in warnings),
        files=code.files,
        marks=code.marks([*messages, *(Message(summary=warning) for warning in warnings)]),
        comments=_on_lines(report.comments, code),
    )


def _on_lines(comments: Sequence[StaffComment], code: Listing) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for comment in comments:
        anchor = _anchor(code.files, comment)
        if anchor is not None:
            found[anchor] = (*found.get(anchor, ()), comment.said)
    return found


def _anchor(files: Sequence[CodeFile], comment: StaffComment) -> str | None:
    for file in files:
        if file.name == comment.file and comment.line is not None:
            return file.line_anchor(comment.line) if comment.line <= len(file.lines) else None
    return None


def _groups(report: Report, code: Listing) -> tuple[Group, ...]:
    told: dict[tuple[Outcome, bool], dict[tuple[Message | None, str | None], list[CheckResult]]]
    told = {}
    for check in report.checks:
        # A student is not told how a hidden check failed.
        apart = report.audience == "student" and is_hidden(check)
        cards = told.setdefault((check.outcome, apart and check.outcome is Outcome.FAILED), {})
        message = check.message and check.message.without_output
        cards.setdefault((message, check.diagnosis), []).append(check)
    groups = []
    for outcome, hidden in itertools.product(EXPLAINED, (False, True)):
        # What has nothing to tell comes after what has.
        found = sorted(told.get((outcome, hidden), {}).items(), key=lambda item: item[0][0] is None)
        if found:
            made = [
                Card(tuple(checks), _message(message, code), diagnosis, _printed(checks))
                for (message, diagnosis), checks in found
            ]
            groups.append(Group(outcome, tuple(made), hidden, report.audience == "student"))
    return tuple(groups)


def _printed(checks: Sequence[CheckResult]) -> tuple[tuple[str, str], ...]:
    told = [(check.title, check.message.output) for check in checks if check.message]
    return tuple((title, output) for title, output in told if output)


def _message(message: Message | None, code: Listing) -> MessageView | None:
    """The parts of a message, with links to the lines of code that they name."""
    if message is None:
        return None
    fact, *more = message.summary.split("\n")
    more += [] if message.traceback is None else message.traceback.split("\n")
    return MessageView(
        code.pieces(fact),
        tuple((label, code.pieces(value)) for label, value in message.labelled),
        tuple(code.pieces(line.removeprefix("  ")) for line in more),
    )


def _pictures(report: Report, pictures: Mapping[str, bytes]) -> tuple[Picture, ...]:
    """Each picture once, whichever checks looked at it."""
    titles: dict[str, str] = {}
    checks: dict[str, list[CheckResult]] = {}
    for check in report.checks:
        for figure in check.figures:
            if figure.file is not None and figure.file in pictures:
                titles[figure.file] = figure.title
                checks.setdefault(figure.file, []).append(check)
    left = MAX_PICTURES_BYTES
    made = []
    for file, title in titles.items():
        width, height = _size_of(pictures[file])
        fits = len(pictures[file]) <= min(left, MAX_PICTURE_BYTES) and width > 0
        source = None
        if fits:
            left -= len(pictures[file])
            source = "data:image/png;base64," + base64.b64encode(pictures[file]).decode()
        made.append(Picture(title, tuple(checks[file]), source, width, height))
    return tuple(made)


def _size_of(png: bytes) -> tuple[int, int]:
    """Width and height by a PNG's header; (0, 0) for what a browser should not be given.

    The bytes came out of the student's process: a small file can unpack to a huge picture.
    """
    if len(png) < 24 or not png.startswith(b"\x89PNG\r\n\x1a\n") or png[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", png[16:24])
    return (width, height) if 0 < width * height <= MAX_PICTURE_PIXELS else (0, 0)


def is_hidden(check: CheckResult) -> bool:
    """Whether students see only title and outcome of a check."""
    return check.visibility is not Visibility.VISIBLE


def points(value: float) -> str:
    """A number of points without needless zeros."""
    return f"{value:.10g}"
