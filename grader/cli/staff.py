"""Commands for course staff: grade, feedback, schema, demo."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.common import CourseOption, find
from grader.errors import GraderFault, UsageError

if TYPE_CHECKING:
    from grader.cli import show


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("grade", rich_help_panel="For staff")(grade)
    app.command("feedback", rich_help_panel="For staff")(feedback)
    app.command("schema", rich_help_panel="For staff")(schema)
    app.command("doctor", rich_help_panel="For staff")(doctor)
    app.command("demo", rich_help_panel="For staff")(demo)


def grade(
    submissions: Annotated[
        Path, typer.Argument(help="The folder of submissions, or a bulk download as it came.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for reports.", show_default=False)
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            help="Instead of --out: show what would change in this folder of reports, and why.",
            show_default=False,
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="With --diff: make it so.", show_default=False)
    ] = False,
    assignment: Annotated[
        str | None, typer.Option("--assignment", help="The homework of all of them.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, help="Submissions graded at once.")
    ] = os.cpu_count() or 1,
    seed: Annotated[
        str | None, typer.Option("--seed", help="Seed of hidden checks instead of the key's.")
    ] = None,
    figures: Annotated[
        str | None,
        typer.Option(
            "--figures",
            help="Which pictures to keep: none, failed, visible (those of failed checks, and all "
            "that students may see) or all. [default: failed; visible with --html]",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        bool | None,
        typer.Option(
            "--html/--no-html",
            help="Make pages too: for students, for staff, an index. "
            "[default: where the folder has them already]",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            help="Grade on the workers of a Dask cluster: its tcp://... address, or `local` for "
            "one on this machine of --jobs workers.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say only what needs somebody's attention.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run without isolation. Only for code you trust.")
    ] = False,
    gradebook: Annotated[
        bool, typer.Option("--gradebook/--no-gradebook", help="Record it in the gradebook.")
    ] = True,
    course: CourseOption = None,
) -> None:
    """Grade a folder of submissions and write a report for each."""
    from grader.batch import Options
    from grader.cli import show
    from grader.cli.finding import looking_for, tell_untimed
    from grader.outbox import INDEX

    if figures not in (None, "none", "failed", "visible", "all"):
        raise UsageError(f"--figures is {figures!r}; give none, failed, visible or all")
    if (out is None) == (diff is None) or (apply and diff is None):
        raise UsageError("name the folder for reports with --out, or with --diff to compare")
    folder: Any = diff or out
    if diff is not None and not diff.is_dir():
        raise UsageError(f"{diff} is no folder of reports to compare with")
    home = find(course)
    recorder = None
    with contextlib.ExitStack() as stack:
        found, others = stack.enter_context(looking_for(home, submissions, assignment, folder))
        voice = show.Voice(quiet=quiet, as_json=as_json)
        tell_untimed(voice.notices, found)
        if html is None:
            html = (folder / INDEX).is_file()
        kept: Any = figures or ("visible" if html else "failed")
        isolation = find_isolation(unsafe, voice.notices)
        options = Options(folder, isolation, jobs, seed, kept, html, scheduler)
        if diff is not None and not _differences(home, found, options, voice, apply=apply):
            return
        if gradebook:
            recorder = stack.enter_context(recording(home, folder, voice.notices))
        code = grade_and_show(home, found, others, options, voice, recorder)
    if recorder is not None and recorder.trouble is not None:
        raise GraderFault(f"not all is recorded; run the same command again. {recorder.trouble}")
    sys.exit(code)


def _differences(
    home: Any, found: list[Any], options: Any, voice: show.Voice, *, apply: bool
) -> bool:
    """Show what would change; whether it was applied, and there is something to record."""
    from grader.batch import regrade
    from grader.cli import regrading

    with voice.progress("Comparing", len(found)) as step:
        differences = regrade.compare(home, found, options, step)
    if voice.as_json and not apply:
        voice.tell(regrading.as_json(differences, options.out))
    regrading.show_differences(voice.out, differences, len(found))
    if apply:
        regrade.apply(options, differences)
        return True
    if differences:
        voice.out.print("Nothing was changed. Make it so with --apply.")
    return False


@contextlib.contextmanager
def recording(home: Any, out: Path, console: Any) -> Iterator[Any]:
    """The gradebook, open for a run; it ends with what the run left to say of it."""
    from grader.cli.gradebook import open_book, tell_enrolled, who_is
    from grader.cli.show_grades import tell_unmatched

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
    from grader.sandbox.probe import open_launcher

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
    from grader.summary import Row

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

            grade_folder(home, found, options, progress)
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

    from grader.cli import show

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


def feedback(
    reports: Annotated[Path, typer.Argument(help="The folder that `grade` wrote to.")],
    submissions: Annotated[
        Path | None,
        typer.Option("--submissions", help="The submissions, to show their code."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make the pages of reports that are there already, without grading anything."""
    from grader.cli import show
    from grader.pages_again import make_pages_again
    from grader.unpack import opened

    out = show.console()
    home = find(course) if submissions is not None else None
    with contextlib.ExitStack() as stack:
        status = stack.enter_context(out.status("Making pages ..."))
        if submissions is not None:
            submissions = stack.enter_context(opened(submissions))
        made = make_pages_again(
            reports, home, submissions, lambda row: status.update(f"Making pages: {row.label}")
        )
    for path in made.left_out:
        out.print(f"left out: {path} and student/{path.name} are no reports", markup=False)
    if made.without_code:
        remedy = "" if submissions is not None else "; name their folder with --submissions"
        out.print(f"{made.without_code} pages show no code: no submission was found{remedy}")
    out.print(f"Pages of {len(made.rows)} submissions: {reports / 'index.html'}", soft_wrap=True)


def schema() -> None:
    """Print the JSON Schema of the report."""
    import json

    from grader.report import Report

    print(json.dumps(Report.model_json_schema(), indent=2))


def demo(
    to: Annotated[Path, typer.Option("--to", help="Where to make it.")] = Path("demo"),
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Without isolation.")] = False,
    course: CourseOption = None,
) -> None:
    """Make a small class of submissions, grade it, and show where the reports are."""
    from grader.batch import Options
    from grader.cli import show
    from grader.discover import find_submissions
    from grader.samples import write_class

    home = find(course)
    if to.exists() and not (to / "submissions").is_dir() and any(to.iterdir()):
        raise UsageError(f"{to} is not empty; name another folder with --to")
    name = home.names[0]
    try:
        write_class(home.assignment(name), to / "submissions")
    except OSError as exc:
        raise UsageError(
            f"cannot write to {to}: {exc.strerror}; name another folder with --to"
        ) from None
    found, others = find_submissions(to / "submissions", home.names, name)
    voice = show.Voice()
    isolation = find_isolation(unsafe, voice.out)
    options = Options(to / "reports", isolation, jobs=os.cpu_count() or 1)
    code = grade_and_show(home, found, others, options, voice)
    print(f"One report: {to / 'reports' / name / 'ada.json'}")
    sys.exit(code)


def doctor() -> None:
    """What this machine offers for running student code safely, and what to do about the rest.

    Exit code 0 where submissions can be isolated, 1 where not.
    """
    from rich.markup import escape

    from grader.cli import show
    from grader.sandbox.survey import survey

    out = show.console()
    with out.status("Trying the sandbox ..."):
        found = survey()
    colour = "green" if found.isolation == "full" else "yellow"
    out.print(f"Isolation: [bold {colour}]{found.isolation}[/]. {escape(found.verdict)}")
    out.print()
    for rung in found.rungs:
        state = "holds" if rung.holds else "does not hold"
        out.print(f"level {rung.level}: {state}")
        for trouble in rung.trouble:
            out.print(f"    {escape(trouble)}")
    out.print()
    for fact in found.facts:
        out.print(f"{show.mark(fact.good)} {escape(fact.name)}: {escape(fact.found)}")
        if fact.remedy:
            out.print(f"    remedy: {escape(fact.remedy)}")
    sys.exit(0 if found.isolation != "none" else 1)
