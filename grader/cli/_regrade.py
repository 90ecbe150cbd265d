"""The command `gradebook regrade`: results with the checks as they are now, which wait."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_book, waiting_in, who_is
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.course import Course
    from grader.gradebook.regrading import Regrade
    from grader.submission.sources import Source


def regrade(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="How many to grade at the same time.")
    ] = os.cpu_count() or 1,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run without isolation. Only for code that you trust.")
    ] = False,
    who: Annotated[
        str | None, typer.Option("--as", help="Who you are.", show_default="your login")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Grade again what was handed in on the server, and say who would gain or lose.

    Nothing counts before an owner accepts it on the homework's page on the server.
    """
    from grader._internal.clock import now_utc
    from grader.gradebook.regrading import Regrades
    from grader.server.hand_ins.blobs import Blobs
    from grader.server.hand_ins.hand_ins import HandIns
    from grader.server.hand_ins.regrades import (
        ARCHIVES,
        FINISHED,
        RegradeRun,
        alone,
        read_proposals,
        sources_of,
        version_of,
        write_run,
    )
    from grader.server.records import HandInState

    home = find(course)
    home.spec(name)
    with open_book(home) as book, alone(home, name) as folder:
        regrades = Regrades(home, book.engine, now_utc)
        wanted = regrades.wanted(name)
        (folder / FINISHED).unlink(missing_ok=True)  # what waits there is no longer all of it
        version = version_of(home, name)
        hand_ins = HandIns(book.engine, home.settings.server, now_utc).in_state(*HandInState)
        blobs = Blobs(home.root / home.settings.server.data / "blobs")
        try:
            sources = sources_of(blobs, folder, wanted, hand_ins)
            if not sources:
                raise UsageError(f"nothing that was handed in on the server for {name} counts yet")
            _require_sound(home, name, folder, unsafe=unsafe)
            _grade(home, folder, sources, jobs, unsafe=unsafe)
        finally:
            shutil.rmtree(folder / ARCHIVES, ignore_errors=True)
        labels = tuple(each.label for each in sources)
        run = RegradeRun(now_utc(), who_is(who), version, labels)
        write_run(folder, run)
        found = regrades.look(name, read_proposals(folder, name, run))
    _tell(found, name, len(wanted) - len(sources))


def _require_sound(course: Course, name: str, folder: Path, *, unsafe: bool) -> None:
    """Raise UsageError unless the homework's canaries fare as they must: see `canary`."""
    from grader._internal.clock import now_utc
    from grader._internal.zips import zip_files
    from grader.reports.schema import read_report
    from grader.server.grading.canary import canary_files, trouble_with
    from grader.server.hand_ins.regrades import ARCHIVES
    from grader.submission.sources import Source

    sources = []
    for label, files in canary_files(course.assignment(name)):
        path = folder / ARCHIVES / f"{label}.zip"
        path.write_bytes(zip_files(files))
        sources.append(
            Source(path=path, student=label, assignment=name, received_at=now_utc(), label=label)
        )
    _grade(course, folder, sources, 1, unsafe=unsafe)
    for source in sources:
        kept = folder / name / f"{source.label}.json"
        trouble = trouble_with(source.label, read_report(kept))
        kept.unlink()
        if trouble:
            raise UsageError(f"nothing was graded: {trouble}; correct the homework's files")


def _grade(
    course: Course, folder: Path, sources: Sequence[Source], jobs: int, *, unsafe: bool
) -> None:
    """Grade into the folder, as `grade` does; a run that was stopped goes on."""
    from grader.batch import Options, grade_folder
    from grader.cli import _terminal as show
    from grader.cli._grading import find_isolation
    from grader.sandbox.host.probe import Opening

    voice = show.Voice(quiet=False, as_json=False)
    with Opening(unsafe) as opening:
        opening.expect(len(sources))
        launcher = find_isolation(opening, voice.notices)
        kept = course.settings.server.figures
        waiting = waiting_in(course, sources, gradebook=True)
        options = Options(folder, launcher.isolation, jobs, keep_figures=kept, waiting=waiting)
        with voice.progress("Grading", len(sources)) as step:
            grade_folder(course, sources, options, step, launcher=launcher)


def _tell(found: Regrade, name: str, others: int) -> None:
    """others: how many attempts did not come by the server."""
    from grader.gradebook.grades.policy import count

    for each in found.correction.changes:
        print(f"{each.student.id}: {each.before.so_far:g} -> {each.after.so_far:g}  {each.why}")
    print(
        f"Points gained by {found.correction.gains}, lost by {found.correction.losses}; "
        f"{found.same} ended as before."
    )
    if others:
        print(
            f"{count(others, 'attempt')} did not come by the server; use `grade --diff` for them."
        )
    print(f"Nothing counts yet. Accept the results on the page of {name} on the server.")
