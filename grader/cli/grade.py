"""The command `grade`: grades a folder of submissions and writes a report for each."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from grader.api import open_book, require_recorded, sources_in, waiting_in
from grader.cli._course import AT_A_TIME, AssignmentOption, CourseOption, find
from grader.cli._grading import find_isolation, grade_and_show, recording_aloud
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.batch import Options
    from grader.cli import _terminal as show
    from grader.course.course import Course
    from grader.engine.runner import KeepFigures
    from grader.sandbox.host.launch import Launcher
    from grader.sandbox.host.probe import Opening
    from grader.submission.sources import Source


SubmissionsArgument = Annotated[
    Path, typer.Argument(help="The folder of submissions, or a bulk download.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="The folder for the reports.", show_default=False)
]
DiffOption = Annotated[
    Path | None,
    typer.Option(
        "--diff",
        help="Instead of --out: show what would change in this folder of reports, and why.",
        show_default=False,
    ),
]
ApplyOption = Annotated[
    bool, typer.Option("--apply", help="With --diff: apply the changes.", show_default=False)
]
StudentsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--student",
        help="Grade only this student's submissions: the id, the full name, or the name in the "
        "download. Give it several times for several students.",
        show_default=False,
    ),
]
JobsOption = Annotated[
    int, typer.Option("--jobs", min=1, help="How many submissions to grade at the same time.")
]
SeedOption = Annotated[
    str | None,
    typer.Option("--seed", help="A seed for the hidden checks instead of the key's."),
]
FiguresOption = Annotated[
    str | None,
    typer.Option(
        "--figures",
        help="Which pictures to keep: none, failed, visible (those of failed checks, and all "
        "that students may see) or all. [default: failed, or visible with --html]",
        show_default=False,
    ),
]
HtmlOption = Annotated[
    bool | None,
    typer.Option(
        "--html/--no-html",
        help="Write pages as well, for students and staff, with an index. "
        "[default: only if the folder has pages already]",
        show_default=False,
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        help="Grade on a Dask cluster: its address (tcp://...), or `local` for a cluster of "
        "--jobs workers on this machine.",
        show_default=False,
    ),
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only what needs somebody's attention.")
]
UnsafeOption = Annotated[
    bool, typer.Option("--unsafe", help="Run without isolation. Only for code that you trust.")
]
GradebookOption = Annotated[
    bool,
    typer.Option("--gradebook/--no-gradebook", help="Record the results in the gradebook."),
]


def command(
    submissions: SubmissionsArgument,
    out: OutOption = None,
    diff: DiffOption = None,
    apply: ApplyOption = False,
    assignment: AssignmentOption = None,
    students: StudentsOption = None,
    jobs: JobsOption = AT_A_TIME,
    seed: SeedOption = None,
    figures: FiguresOption = None,
    html: HtmlOption = None,
    scheduler: SchedulerOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
    unsafe: UnsafeOption = False,
    gradebook: GradebookOption = True,
    course: CourseOption = None,
) -> None:
    """Grade a folder of submissions and write a report for each."""
    asked = _asked_figures(figures)
    folder = _folder_for_reports(out, diff, apply)
    recorder = None
    with contextlib.ExitStack() as stack:
        # The sandbox starts while this process is still importing what it needs.
        opening = stack.enter_context(_open(unsafe))
        from grader.batch import Options
        from grader.cli import _terminal as show
        from grader.cli._sources import tell_untimed
        from grader.reports.writer import INDEX

        home = find(course)
        found, others = stack.enter_context(sources_in(home, submissions, assignment, folder))
        opening.expect(len(found) // jobs)
        if gradebook:
            with contextlib.suppress(ModuleNotFoundError):  # told when it is opened
                import grader.gradebook.store  # noqa: F401  # while the sandbox starts
        voice = show.Voice(quiet=quiet, as_json=as_json)
        tell_untimed(voice.notices, found, others)
        if html is None:
            html = (folder / INDEX).is_file()
        kept = asked or ("visible" if html else "failed")
        launcher = find_isolation(opening, voice.notices)
        chosen, people = _chosen(home, found, students, html=html, gradebook=gradebook)
        only = frozenset((_folder_of(home, item), item.label) for item in chosen)
        options = Options(
            *(folder, launcher.isolation, jobs, seed, kept, html, scheduler),
            only if students else None,
            people,
            waiting_in(home, found, gradebook=gradebook),
        )
        if diff is not None and not _differences(
            home, chosen, options, voice, launcher, apply=apply
        ):
            return
        if gradebook:
            recorder = stack.enter_context(recording_aloud(home, folder, voice.notices))
        code = grade_and_show(home, found, others, options, voice, launcher, recorder)
    if recorder is not None:
        require_recorded(recorder)
    sys.exit(code)


def _folder_for_reports(out: Path | None, diff: Path | None, apply: bool) -> Path:
    """The folder that --out or --diff names. Raises UsageError for options that do not fit."""
    folder = diff or out
    if folder is None or (out is not None and diff is not None) or (apply and diff is None):
        raise UsageError("name the folder for the reports with --out, or with --diff to compare")
    if diff is not None and not diff.is_dir():
        raise UsageError(f"{diff} is not a folder of reports; name the one that `grade` wrote to")
    return folder


def _asked_figures(figures: str | None) -> KeepFigures | None:
    """Which pictures --figures says to keep; None if it is not given."""
    if figures not in (None, "none", "failed", "visible", "all"):
        raise UsageError(f"--figures is {figures!r}; give none, failed, visible or all")
    return cast("KeepFigures | None", figures)


def _chosen(
    home: Course, found: list[Source], students: list[str] | None, *, html: bool, gradebook: bool
) -> tuple[list[Source], Mapping[str, str]]:
    """The submissions of the students named, or all, and for pages who everybody is."""
    from grader.gradebook.people import of_students, people_of

    names = {item.student for item in found} if html else ()
    known = gradebook and (html or students)
    with open_book(home) if known else contextlib.nullcontext() as book:
        people = people_of(home, names, book)
        return of_students(home, found, students, book) if students else found, people


def _open(unsafe: bool) -> Opening:
    from grader.sandbox.host.probe import Opening

    return Opening(unsafe)


def _folder_of(home: Course, found: Source) -> str:
    """The folder of reports that a submission belongs to."""
    from grader.submission.sources import UNKNOWN

    return found.assignment if found.assignment in home.names else UNKNOWN


def _differences(
    home: Course,
    found: list[Source],
    options: Options,
    voice: show.Voice,
    launcher: Launcher,
    *,
    apply: bool,
) -> bool:
    """Show what would change; returns whether it was applied, so that it has to be recorded."""
    from grader.batch import regrade
    from grader.cli import _differences as regrading

    with voice.progress("Comparing", len(found)) as step:
        differences = regrade.compare(home, found, options, step, launcher)
    if voice.as_json and not apply:
        voice.tell(regrading.as_json(differences, options.out))
    regrading.show_differences(voice.out, differences, len(found))
    if apply:
        regrade.apply(options, differences)
        return True
    if differences:
        voice.out.print("Nothing was changed. To apply this, run it again with --apply.")
    return False
