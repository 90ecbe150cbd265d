"""What every command shares that grades: isolation, progress, the summary."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.cli import _terminal as show


@contextlib.contextmanager
def recording(home: Any, out: Path, console: Any) -> Iterator[Any]:
    """The gradebook, open for a run; it ends with what the run left to say of it."""
    from grader.cli._grades import tell_unmatched
    from grader.cli.gradebook import open_book, tell_enrolled, who_is

    who = who_is(None)
    with open_book(home) as book:
        from grader.gradebook.recorder import Recorder

        if home.settings.roster is not None:
            tell_enrolled(console, book, home.root / home.settings.roster, who)
        recorder = Recorder(book, out, who)
        try:
            yield recorder
        finally:
            recorder.flush()
        tell_unmatched(console, book.unmatched())


def find_isolation(unsafe: bool, out: Any) -> str:
    """The level that holds on this machine, told where it is not the best one.

    Raises SandboxUnavailable where there is none, unless `unsafe`.
    """
    from grader.sandbox.host.probe import open_launcher

    with out.status("Trying the sandbox ..."):
        launcher = open_launcher(allow_unsafe=unsafe)
    isolation, notice = launcher.isolation, getattr(launcher, "notice", "")
    launcher.close()
    if isolation == "none":
        out.print(
            "[bold yellow]ISOLATION IS OFF.[/] The submissions' code runs as you, with your files "
            "and your network. Grade only code that you trust."
        )
    elif notice:
        out.print(f"[yellow]{notice}[/]")
    return isolation


def grade_and_show(
    home: Any,
    found: list[Any],
    others: list[Path],
    options: Any,
    voice: show.Voice,
    recorder: Any = None,
) -> int:
    """Grade with a progress bar, print the summary, return the exit code."""
    from grader.batch import grade_folder
    from grader.reports.summary import Row

    out = voice.out
    rows: list[Row] = []
    # What belongs to no homework has no place in a gradebook; the summary tells of it.
    items = {(item.assignment, item.label): item for item in found if item.assignment in home.names}
    try:
        with voice.progress("Grading", len(found)) as step:

            def progress(row: Row) -> None:
                if rows and rows[-1].again and not row.again:
                    left = len(found) - len(rows)
                    out.print(f"{len(rows)} of {len(found)} are done already; {left} are left.")
                rows.append(row)
                item = items.get((row.assignment, row.label))
                if recorder is not None and item is not None:
                    recorder.add(item, row)
                step(row)

            counting = recorder.counting if recorder is not None else None
            rows = grade_folder(home, found, options, progress, counting)
    except KeyboardInterrupt:
        voice.notices.print(
            f"Stopped. {len(rows)} of {len(found)} are done and stay; run the same command "
            f"again for the {len(found) - len(rows)} that are left."
        )
        return 130
    _summary(voice, rows, others, options)
    return 1 if any(row.faults for row in rows) else 0


SHOWN_ROWS = 200  # of more, nobody reads a line each; they stand in gradebook.csv


_HEADERS = ("student", "homework", "score", "status")


def _summary(voice: show.Voice, rows: list[Any], others: list[Path], options: Any) -> None:
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
        out.print(f"{again} of {len(rows)} were graded before and have not changed.")
    for row in rows:
        if row.reason is not None:
            out.print(f"{row.label}: {row.reason}", markup=False)
    for path in others:
        line = f"left out: {path} is no zip, folder, .py or .ipynb"
        voice.notices.print(line, markup=False, soft_wrap=True)
    faulty = [row for row in rows if row.faults]
    if faulty:
        voice.notices.print(
            f"[magenta]{len(faulty)} submissions met a fault of the grader, after a second try; "
            "nothing of them counts as the students':[/]"
        )
        for row in faulty:
            voice.notices.print(f"  {options.out / row.report}", markup=False, soft_wrap=True)
    written = {
        "Reports": f"{options.out}/<homework>/<student>.json",
        "This run as a table": options.out / "gradebook.csv",
    }
    if options.html:
        written["Pages"] = options.out / "index.html"
    for what, path in written.items():
        out.print(f"{what}: {path}", markup=False, soft_wrap=True)
    if voice.as_json:
        told = [{**asdict(row), "status": row.status} for row in rows]
        voice.tell({"reports": str(options.out), "rows": told, "left_out": list(map(str, others))})


def _counts(rows: list[Any]) -> dict[str, Counter[str]]:
    """How many ended how, by homework."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.assignment, Counter())[row.status] += 1
    return counts


def _table(rows: list[Any]) -> Any:
    """A line for each submission, with the homework's name where there are several."""
    from rich.markup import escape
    from rich.table import Table

    from grader.cli import _terminal as show

    names = sorted({row.assignment for row in rows})
    title = escape(names[0]) if len(names) == 1 else None
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    headers = ("student", "score", "status") if len(names) == 1 else _HEADERS
    for header in headers:
        table.add_column(header, overflow="fold", justify="right" if header == "score" else "left")
    for row in sorted(rows, key=lambda row: (row.assignment, row.label)):
        score = f"{show.points(row.score)}/{show.points(row.max_score)}"
        status = row.status + ("" if row.counts else " (does not count)")
        status += f": {row.diagnosis}" if row.diagnosis else ""
        cells = [escape(row.label), escape(row.assignment), score, escape(status)]
        table.add_row(*(cells if len(names) > 1 else (cells[0], *cells[2:])))
    return table
