"""What the commands that grade show: the isolation level, progress and a summary."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.api import grade_sources, open_book, recording, who_is
from grader.submission.files import why_unusable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.batch.tasks import Options
    from grader.cli import _terminal as show
    from grader.course.course import Course
    from grader.gradebook.recorder import Recorder
    from grader.reports.summary import Row
    from grader.sandbox.host.launch import Launcher
    from grader.sandbox.host.probe import Opening
    from grader.submission.sources import Source


@contextlib.contextmanager
def recording_aloud(course: Course, out: Path, console: Console) -> Iterator[Recorder]:
    """Record a run in the gradebook; say what the roster changed and who is not on it."""
    from grader.cli._grades import tell_enrolled, tell_unmatched

    who = who_is(None)
    with open_book(course) as book:
        if course.settings.roster is not None:
            tell_enrolled(console, book, course.root / course.settings.roster, who)
        with recording(book, out, who) as recorder:
            yield recorder
        tell_unmatched(console, book.unmatched())


def find_isolation(opening: Opening, out: Console) -> Launcher:
    """The launcher; says so if its isolation level is not the best one.

    Raises SandboxUnavailable if no level holds on this machine.
    """
    with out.status("Trying the sandbox ..."):
        launcher = opening.finish()
    if launcher.isolation == "none":
        out.print(
            "[bold yellow]ISOLATION IS OFF.[/] The submissions' code runs with your permissions "
            "and can use your files and your network. Grade only code that you trust."
        )
    elif notice := getattr(launcher, "notice", ""):
        out.print(f"[yellow]{notice}[/]")
    return launcher


def grade_and_show(
    course: Course,
    sources: Sequence[Source],
    others: Sequence[Path],
    options: Options,
    voice: show.Voice,
    launcher: Launcher,
    recorder: Recorder | None = None,
) -> int:
    """Grade with a progress bar, print the summary, return the exit code."""
    done: list[Row] = []
    try:
        with voice.progress("Grading", len(sources)) as step:

            def progress(row: Row) -> None:
                if options.only is None and done and done[-1].again and not row.again:
                    left = len(sources) - len(done)
                    voice.out.print(
                        f"{len(done)} of {len(sources)} are already graded; {left} are left."
                    )
                done.append(row)
                step(row)

            rows = grade_sources(course, sources, options, progress, recorder, launcher)
    except KeyboardInterrupt:
        voice.notices.print(
            f"Stopped. {len(done)} of {len(sources)} are graded and kept; run the same command "
            f"again to grade the {len(sources) - len(done)} that are left."
        )
        return 130
    rows = [row for row in rows if options.wants(row.assignment, row.label)]
    _summary(voice, rows, others, options)
    # Whoever wants to read nothing learns from the exit code that a submission could not be read.
    unread = voice.quiet and any(why_unusable(row.reason) for row in rows)
    return 1 if unread or any(row.faults for row in rows) else 0


SHOWN_ROWS = 200  # nobody reads a line for each of more than these; gradebook.csv has them all


_HEADERS = ("student", "homework", "score", "status")


def _summary(
    voice: show.Voice, rows: Sequence[Row], others: Sequence[Path], options: Options
) -> None:
    from dataclasses import asdict

    out = voice.out
    if len(rows) <= SHOWN_ROWS:
        out.print(_table(rows))
    else:
        for name, counts in sorted(_counts(rows).items()):
            ended = ", ".join(f"{number} {status}" for status, number in counts.most_common())
            out.print(f"{name}: {counts.total()} submissions: {ended}", markup=False)
    again = sum(row.again for row in rows)
    if again:
        out.print(f"{again} of {len(rows)} have not changed since they were graded.")
    for row in rows:
        if row.reason is not None:
            voice.notices.print(f"{row.label}: {row.reason}", markup=False, soft_wrap=True)
    for path in others:
        line = f"left out: {path} is not a zip, a folder, a .py file or an .ipynb file"
        voice.notices.print(line, markup=False, soft_wrap=True)
    _tell_stale(voice, rows, options)
    faulty = [row for row in rows if row.faults]
    if faulty:
        voice.notices.print(
            f"[magenta]A fault of the grader remains in {len(faulty)} of {len(rows)} submissions, "
            "even after a second try. It is not held against the students:[/]"
        )
        for row in faulty:
            voice.notices.print(f"  {options.out / row.report}", markup=False, soft_wrap=True)
    written: dict[str, Path | str] = {
        "Reports": f"{options.out}/<homework>/<student>.json",
        "Table of this run": options.out / "gradebook.csv",
    }
    if options.html:
        written["Pages"] = options.out / "index.html"
    for what, place in written.items():
        out.print(f"{what}: {place}", markup=False, soft_wrap=True)
    if voice.as_json:
        told = [{**asdict(row), "status": row.status} for row in rows]
        voice.tell({"reports": str(options.out), "rows": told, "left_out": list(map(str, others))})


def _tell_stale(voice: show.Voice, rows: Sequence[Row], options: Options) -> None:
    """Name reports of an earlier run whose submissions are no longer there, as after a renaming."""
    from grader._internal.text import printable

    if options.only is not None:
        return
    written = {row.report for row in rows}
    folders = {row.assignment for row in rows}
    stale = sorted(
        report
        for folder in folders
        for path in (options.out / folder).glob("*.json")
        if (report := f"{folder}/{path.name}") not in written
    )
    if stale:
        more = f" and {len(stale) - 10} more" if len(stale) > 10 else ""
        voice.notices.print(
            f"{options.out} also contains reports of an earlier run whose submissions are not in "
            f"this folder: {', '.join(map(printable, stale[:10]))}{more}. If they were renamed or "
            "withdrawn, delete these reports.",
            markup=False, soft_wrap=True,
        )  # fmt: skip


def _counts(rows: Sequence[Row]) -> dict[str, Counter[str]]:
    """How many ended how, by homework."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.assignment, Counter())[row.status] += 1
    return counts


def _table(rows: Sequence[Row]) -> Table:
    """A line for each submission, with the homework's name where there are several."""
    from rich.markup import escape
    from rich.table import Table

    from grader.reports import rich_text

    names = sorted({row.assignment for row in rows})
    title = escape(names[0]) if len(names) == 1 else None
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    headers = ("student", "score", "status") if len(names) == 1 else _HEADERS
    for header in headers:
        table.add_column(header, overflow="fold", justify="right" if header == "score" else "left")
    for row in sorted(rows, key=lambda row: (row.assignment, row.label)):
        score = f"{rich_text.points(row.score)}/{rich_text.points(row.max_score)}"
        status = row.status + ("" if row.counts else " (does not count)")
        status += f": {row.diagnosis}" if row.diagnosis else ""
        cells = [escape(row.label), escape(row.assignment), score, escape(status)]
        table.add_row(*(cells if len(names) > 1 else (cells[0], *cells[2:])))
    return table
