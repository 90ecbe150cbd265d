"""A person marks one answer after the other at a terminal, beside others who do the same."""

from __future__ import annotations

import secrets
import signal
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from grader._internal.clock import now_utc
from grader._internal.text import printable
from grader.cli._grades import tell_rubrics
from grader.errors import MarkConflict, UsageError
from grader.gradebook.claims import Marker
from grader.gradebook.desk.desk import undo_mark
from grader.gradebook.grades.policy import count
from grader.gradebook.records import Mark

if TYPE_CHECKING:
    from rich.console import Console

    from grader.gradebook import Gradebook
    from grader.gradebook.marking.marking import Pseudonyms, Sheet

KEYS = "letters: rubric   number: points   /: comment   Enter: skip   u: undo   q: quit"


def _end_in_order() -> None:
    """Let a closed terminal end the program as Ctrl-C does, which gives the answer back."""

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    for name in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


class MarkingSession:
    """One person's marking. Each answer is claimed before it is shown."""

    def __init__(
        self, book: Gradebook, who: str, why: str, out: Console, anonymous: Pseudonyms | None
    ) -> None:
        self._book = book
        self._marker = Marker(printable(who), secrets.token_hex(8))
        self._why = why
        self._out = out
        self._anonymous = anonymous
        # What was done, to undo it: the place, the mark that was replaced, and the one given.
        self._done: list[tuple[int, Mark | None, Mark]] = []
        self._busy: dict[int, str] = {}
        self._meanwhile = 0
        self._asked = ""  # the question whose text was shown last

    def walk(self, name: str, found: list[Sheet], *, again: bool) -> None:
        """Show one answer after the other and handle what is typed.

        again: also those that are marked. Raises UsageError without a terminal.
        """
        left = [each for each in found if again or each.mark is None]
        self._tell_begin(name, found)
        if not left:
            self._out.print("Everything is marked. To see it again, use --again.")
            return
        if not sys.stdin.isatty():
            raise UsageError("marking needs a terminal; for a file use --export and --import")
        try:
            _end_in_order()
            places = list(range(len(left)))
            while places:
                before = len(places)
                if not self._round(left, places, again=again):
                    break
                # Somebody else had these; perhaps they are done with some, or have left.
                places = sorted(self._busy)
                if len(places) >= before:
                    break
        finally:
            self._book.give_back(self._marker)
        self._tell_end()

    def _tell_begin(self, name: str, found: list[Sheet]) -> None:
        tell_rubrics(self._out, name, self._book.rubric_changes(name))
        carried = sum(each.carried for each in found)
        if carried:
            self._out.print(
                f"Marks carried over from an earlier attempt with the same answer: {carried}."
            )

    def _tell_end(self) -> None:
        self._out.print(f"{count(len(self._done), 'answer')} marked.")
        if self._meanwhile:
            self._out.print(f"Marked by others meanwhile: {self._meanwhile}.")
        for who, held in Counter(self._busy.values()).items():
            self._out.print(
                f"{who} is marking now: {held}. If {who} stops, they are free again after a few "
                "minutes.", markup=False,
            )  # fmt: skip

    def _round(self, left: list[Sheet], places: list[int], *, again: bool) -> bool:
        """Go through some answers; False if the person quits."""
        step, shown = 0, set()
        while 0 <= step < len(places):
            place = places[step]
            forced = place in shown
            if not self._claimed(left, place, again=again or forced):
                step += 1
                continue
            shown.add(place)
            self._show(left, place)
            typed = typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip()
            if typed == "q":
                return False
            if typed == "u":
                undone = self._undo(left)
                if undone is not None:
                    shown.add(undone)
                    if undone not in places:
                        places.insert(step, undone)
                    step = places.index(undone)
            elif typed == "" or self._give(left, place, typed):
                step += 1
        return True

    def _claimed(self, left: list[Sheet], place: int, *, again: bool) -> bool:
        """Whether the answer is this marker's to mark; the sheet then holds its mark as it is."""
        sheet = left[place]
        held, mark = self._book.claim(sheet.attempt, sheet.question.id, self._marker)
        self._busy.pop(place, None)
        if held.holder != self._marker.holder:
            self._busy[place] = held.who
            return False
        if mark != sheet.own_mark:
            if not again:
                self._meanwhile += 1
                return False
            left[place] = replace(sheet, mark=mark, carried=False)
        return True

    def _show(self, left: list[Sheet], place: int) -> None:
        out, sheet, hide = self._out, left[place], self._anonymous
        first, self._asked = sheet.question.id != self._asked, sheet.question.id
        name = "" if hide else f"  {escape(', '.join(sheet.students))}"
        answer = sheet.answer or "(no answers.md was handed in, and no other answers)"
        if sheet.trouble:
            answer = f"({sheet.trouble})"
        out.rule()
        out.print(f"[bold]{escape(sheet.question.id)}[/]  {place + 1} of {len(left)}{name}")
        if first:
            out.print(escape(sheet.question.text.strip()), style="dim")
        out.print(hide.text(answer, sheet) if hide else answer, markup=False)
        if not hide:
            source = f"submission: {sheet.attempt.source}"
            out.print(source, style="dim", markup=False, soft_wrap=True)
        out.print()
        for number, item in enumerate(sheet.question.rubric):
            out.print(f"  [bold]{chr(ord('a') + number)}[/]  {escape(item)}")
        if sheet.mark is not None:
            out.print(f"  marked {self._said(sheet.mark, sheet)}", markup=False)
        if sheet.earlier is not None:
            said = self._said(sheet.earlier, sheet)
            out.print(f"  The answer has changed. The earlier one got {said}", markup=False)
        out.print(f"0 to {sheet.question.points:g} points.  {KEYS}", style="dim")

    def _said(self, mark: Mark, sheet: Sheet) -> str:
        parts = [f"{mark.points:g} by {mark.who}", *mark.rubric]
        if mark.comment:
            hide = self._anonymous
            parts.append(f"/ {hide.text(mark.comment, sheet) if hide else mark.comment}")
        return "; ".join(parts)

    def _give(self, left: list[Sheet], place: int, typed: str) -> bool:
        """Save a mark; False for input that is unclear, or if somebody else came first."""
        from grader.gradebook.marking.marking import parse_marking

        sheet = left[place]
        try:
            points, rubric, comment = parse_marking(typed, sheet.question)
            mark = Mark(
                sheet.attempt.key, sheet.question.id, points, tuple(map(printable, rubric)),
                printable(comment), self._marker.who, now_utc(),
            )  # fmt: skip
            old = self._save(sheet, mark, seen=sheet.own_mark)
        except MarkConflict as exc:
            self._out.print(f"Not saved: {exc}.", style="red", markup=False, soft_wrap=True)
            return False
        except UsageError as exc:
            self._out.print(str(exc), style="red", markup=False)
            return False
        self._out.print(f"{points:g} points")
        self._done.append((place, old, mark))
        left[place] = replace(sheet, mark=mark, carried=False)
        return True

    def _save(self, sheet: Sheet, mark: Mark, seen: Mark | None) -> Mark | None:
        return self._book.mark(
            sheet.attempt, mark.question, mark.points, who=mark.who, rubric=mark.rubric,
            comment=mark.comment, why=self._why, seen=seen, marker=self._marker, at=mark.at,
        )  # fmt: skip

    def _undo(self, left: list[Sheet]) -> int | None:
        """Undo the last mark; returns its place, or None if there is nothing to undo."""
        if not self._done:
            self._out.print("There is nothing to undo.")
            return None
        place, old, given = self._done.pop()
        sheet = left[place]
        try:
            old = undo_mark(self._book, sheet, old, given, self._marker.who, now_utc())
        except MarkConflict as exc:
            self._out.print(f"Not undone: {exc}.", style="red", markup=False, soft_wrap=True)
            return None
        left[place] = replace(sheet, mark=old)
        self._out.print("The last mark is undone.")
        return place
