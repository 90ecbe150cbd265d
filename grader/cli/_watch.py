"""`check --watch` on a terminal: one screen, redrawn after every run."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.markup import escape

from grader.cli import _keys as keys
from grader.cli import _progress as views
from grader.cli import _terminal as show
from grader.reports import rich_text
from grader.reports.schema import CheckResult, Outcome, Report
from grader.student.progress import remember_check
from grader.student.remaining import remaining
from grader.student.watch import Watch, Wish
from grader.student.work import read_work

if TYPE_CHECKING:
    from grader.course.assignment import Assignment
    from grader.engine.collection import Check
    from grader.sandbox.host.spare import SpareLauncher

KEYS = {"q": Wish.QUIT, "r": Wish.AGAIN, "\r": Wish.AGAIN, "\n": Wish.AGAIN, "h": Wish.HINT}
LEAST_ROWS = 12
MOST_NOTES = 5  # lines
MOST_OTHER = 3
COUNTED = (
    (Outcome.PASSED, "check passes", "checks pass"),
    (Outcome.NOT_ATTEMPTED, "check is not attempted yet", "checks are not attempted yet"),
)


def watch_and_show(
    course: Any, name: str, path: Path | None, only: str | None, launcher: SpareLauncher
) -> int:
    """Watch until the user quits; returns the exit code."""
    screen = TerminalScreen(course, name, whole=path is None and only is None)
    watch = Watch(lambda: course.assignment(name), path, only, launcher, screen)

    def press(key: str) -> None:
        if key.lower() in KEYS:
            watch.wish(KEYS[key.lower()])

    with keys.listening(press) as has_keys, _ended_by_signals():
        screen.has_keys = has_keys
        with contextlib.suppress(KeyboardInterrupt):
            watch.run()
    screen.goodbye()
    return 0


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Restore the terminal even if a signal ends the program."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


class TerminalScreen:
    """What the terminal shows while we watch. See watch.Screen."""

    def __init__(self, course: Any, name: str, *, whole: bool) -> None:
        """whole: all of the homework in its own folder is checked, so that it is remembered."""
        self.has_keys = False
        self._course = course
        self._name = name
        self._whole = whole
        self._out = show.console()
        self._last: Report | None = None
        self._head: list[str] = []
        self._assignment: Assignment | None = None
        self._checks: Sequence[Check] = ()

    def collected(self, assignment: Assignment, checks: Sequence[Check]) -> None:
        """See watch.Screen."""
        self._assignment, self._checks = assignment, checks

    def running(self) -> None:
        """See watch.Screen. The previous result stays until there is a new one."""
        if self._last is None or self._out.is_terminal:
            end = "\r" if self._out.is_terminal else "\n"
            self._out.print(f"[dim]Checking {self._name} ...[/]", end=end)

    def result(self, report: Report, took_s: float) -> None:
        """See watch.Screen."""
        assert self._assignment is not None
        if self._whole:
            remember_check(self._course, self._assignment, report)
        before, self._last = self._last, report
        headline = self._headline(self._assignment.spec.title, report, took_s)
        self._head = [headline, *_changes(before, report)]
        if all(c.outcome is Outcome.PASSED for c in report.checks) and self._whole:
            self._head.append(self._when_all_pass(self._assignment, report))
        self._draw(report)

    def trouble(self, text: str) -> None:
        """See watch.Screen."""
        self._clear()
        self._out.print(f"{rich_text.mark(False)} {escape(text)}")
        self._out.print("Fix it and save: the checks then run again.")
        self._out.print(self._footer())

    def hint(self) -> None:
        """See watch.Screen: one for the first check that does not pass."""
        if self._last is None or self._assignment is None:
            return
        failed = {c.id for c in self._last.checks if c.outcome is not Outcome.PASSED}
        check = next((c for c in self._checks if c.id in failed), None)
        with self._out.capture() as captured:
            if check is None:
                self._out.print("All public checks pass.")
            else:
                told = next(c.message for c in self._last.checks if c.id == check.id)
                on_screen = told is not None and told.hint in check.hints[:1]
                views.hints(
                    *(self._course, self._assignment, check, self._out),
                    told=int(on_screen),
                    again="Press h again",
                )
        self._draw(self._last, ["", *captured.get().splitlines()])

    def goodbye(self) -> None:
        """The watching has ended."""
        self._out.print()
        if self._last is not None:
            got, most = rich_text.points(self._last.score), rich_text.points(self._last.max_score)
            self._out.print(f"Stopped. You have {got} of {most} public points.")

    def _when_all_pass(self, assignment: Assignment, report: Report) -> str:
        """What is left to do after the public checks."""
        files = read_work(assignment, assignment.folder).files
        left = [escape(text) for text in remaining(assignment, files, report.max_score)]
        submit = f"To hand in: python -m grader submit {self._name}"
        return "\n".join(["All public checks pass.", *left, submit])

    def _headline(self, title: str, report: Report, took_s: float) -> str:
        got, most = rich_text.points(report.score), rich_text.points(report.max_score)
        clock = datetime.now().strftime("%H:%M:%S")
        drawn = views.bar(report.score, report.max_score, 20)
        return (
            f"[bold]{escape(title)}[/]\n{drawn} [bold]{got} of {most} public points[/]"
            f"  [dim]{clock}, {took_s:.1f} s[/]"
        )

    def _footer(self) -> str:
        ways = "q: quit, r: rerun, h: hint" if self.has_keys else "Ctrl-C quits"
        return f"[dim]Watching {self._name}: save to check again; {ways}.[/]"

    def _clear(self) -> None:
        if self._out.is_terminal:
            self._out.clear()

    def _draw(self, report: Report, extra: Sequence[str] = ()) -> None:
        """Draw everything if it fits; else leave out what passes; else cut the end.

        extra: lines to stand below.
        """
        rows = self._out.height if self._out.is_terminal else 10_000
        room = max(rows, LEAST_ROWS) - 1
        top = [line for part in self._head for line in self._lines(part)]
        bottom = [*self._notes(report), *extra, "", *self._lines(self._footer())]
        body = self._fitted(report, max(room - len(top) - len(bottom) - 1, 2))
        self._clear()
        self._out.file.write("\n".join([*top, "", *body, *bottom]) + "\n")
        self._out.file.flush()

    def _notes(self, report: Report) -> list[str]:
        """What a report says besides its checks, the first of it."""
        with self._out.capture() as captured:
            for warning in report.warnings:
                self._out.print("[yellow]note:[/]", escape(warning))
        lines = captured.get().splitlines()
        return lines if len(lines) <= MOST_NOTES else [*lines[: MOST_NOTES - 1], "      ..."]

    def _fitted(self, report: Report, space: int) -> list[str]:
        """The checks, then as many messages as there is room for, in at most `space` lines."""
        failures = rich_text.failures(report)
        messages = [self._message(told) for told in failures]
        if len(failures) == 1 and len(failures[0].checks) == len(report.checks) > rich_text.FEW:
            return messages[0][1:][:space]  # one thing stands in the way of all
        least = min(len(messages[0]), space * 3 // 4) if messages else 0
        table = self._table(report, space - least)
        room = space - len(table)
        shown = _how_many(messages, room)
        if messages and not shown:
            return table + messages[0][:room]
        body = table + [line for message in messages[:shown] for line in message]
        rest = len(messages) - shown
        return body + (self._lines(f"[dim]... and {rest} more messages[/]") if rest else [])

    def _table(self, report: Report, space: int) -> list[str]:
        """The checks in at most `space` lines.

        If they are too many, those that pass are counted instead of listed, then those that are not
        attempted yet (if others remain), and then the rest is cut.
        """
        table = self._lines(rich_text.checks_table(report))
        listed: Sequence[CheckResult] = report.checks
        counts: list[str] = []
        for outcome, one, more in COUNTED:
            left = [check for check in listed if check.outcome is not outcome]
            count = len(listed) - len(left)
            if len(table) <= space or not count or not left:
                continue
            words = f"{count} {one if count == 1 else more}"
            counts += self._lines(f"{rich_text.sign(outcome)}  {words}")
            listed = left
            table = [*counts, *self._lines(rich_text.checks_table(report, listed))]
        if len(table) > space:
            cut = len(table) - space + 1
            table = [*table[:-cut], *self._lines(f"[dim]... and {cut} more lines[/]")]
        return table

    def _message(self, told: rich_text.Failure) -> list[str]:
        """What a failure has to say, as lines, the empty one before it included."""
        with self._out.capture() as captured:
            rich_text.failure(told, self._out)
        return captured.get().splitlines()

    def _lines(self, what: RenderableType) -> list[str]:
        with self._out.capture() as captured:
            self._out.print(what, no_wrap=isinstance(what, str), overflow="ellipsis")
        return captured.get().splitlines()


def _how_many(messages: Sequence[Sequence[str]], room: int) -> int:
    """How many of the messages fit, with a line for the rest where there is a rest."""
    for count, message in enumerate(messages):
        room -= len(message)
        if room < (count < len(messages) - 1):
            return count
    return len(messages)


def _changes(before: Report | None, now: Report) -> list[str]:
    """Which checks pass that did not, and which no longer do."""
    if before is None:
        return []
    passed = {c.id for c in before.checks if c.outcome is Outcome.PASSED}
    better = [c for c in now.checks if c.outcome is Outcome.PASSED and c.id not in passed]
    worse = [c for c in now.checks if c.outcome is not Outcome.PASSED and c.id in passed]
    had = {c.id: c.outcome for c in before.checks}
    told = {c.id for c in (*better, *worse)}
    other = [c for c in now.checks if c.id not in told and had.get(c.id) is not c.outcome]
    if not better and not worse and not other:
        return ["[dim]No check changed.[/]"]
    return [
        *(
            f"[yellow]was {had[c.id].words}, now {c.outcome.words}:[/] {escape(c.title)}"
            if c.id in had
            else f"[yellow]now {c.outcome.words}:[/] {escape(c.title)}"
            for c in other[:MOST_OTHER]
        ),
        *(f"[green]now passes:[/] {text}" for text in _few(better)),
        *(f"[red]now fails:[/]  {text}" for text in _few(worse)),
    ]


def _few(checks: Sequence[CheckResult], most: int = 4) -> list[str]:
    titles = [escape(check.title) for check in checks]
    if len(titles) <= most:
        return titles
    return [*titles[: most - 1], f"and {len(titles) - most + 1} more"]
