"""What `import grader` offers, and what it shares with the commands that grade.

Nothing here prints or exits. What a function needs is imported when the function runs, so that a
command's `--help` does not have to load it.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderFault, UsageError

if TYPE_CHECKING:
    from grader.batch.tasks import Options
    from grader.course.course import Course
    from grader.engine.runner import KeepFigures
    from grader.engine.task import Result
    from grader.gradebook import Gradebook
    from grader.gradebook.recorder import Recorder
    from grader.lms.times import Times
    from grader.reports.schema import Report
    from grader.reports.summary import Row
    from grader.sandbox.host.launch import Launcher
    from grader.submission.sources import Source


@dataclass(frozen=True)
class GradingRun:
    """What `grade` returns.

    rows: one line for each submission, as in gradebook.csv; `counts` tells whether it is the
    attempt that counts. results: both reports and the pictures of each, in the same order.
    left_out: what is in the folder but is not a submission. isolation: the level that the
    submissions ran at: "full", "landlock" or "none". unmatched: if the run was recorded, the
    names that are not on the roster.
    """

    rows: tuple[Row, ...]
    results: tuple[Result, ...]
    left_out: tuple[Path, ...]
    isolation: str
    unmatched: tuple[str, ...] = ()

    @property
    def reports(self) -> tuple[Report, ...]:
        """The staff's report of each submission."""
        return tuple(result.staff for result in self.results)

    @property
    def faults(self) -> tuple[Row, ...]:
        """The submissions in which a fault of the grader remains; it costs no student points."""
        return tuple(row for row in self.rows if row.faults)


def open_course(folder: Path | str | None = None) -> Course:
    """The course that a folder belongs to.

    Args:
        folder: the course's folder, or any folder inside it; the current one by default.

    Returns:
        The course: its settings, and `names`, the homeworks that it has.

    Raises:
        grader.errors.CourseError: no folder from there upwards is a course, or its settings in
            `[tool.grader]` cannot be used.
    """
    from grader.course.course import find_course

    return find_course(Path(folder) if folder is not None else Path.cwd())


def grade(
    course: Course | Path | str,
    folder: Path | str,
    *,
    assignment: str | None = None,
    out: Path | str | None = None,
    record: bool = False,
    who: str | None = None,
    jobs: int | None = None,
    seed: str | None = None,
    figures: KeepFigures = "failed",
    html: bool = False,
    scheduler: str | None = None,
    unsafe: bool = False,
    progress: Callable[[Row], None] | None = None,
) -> GradingRun:
    """Grade a folder of submissions, or a bulk download, as the command `grade` does.

    Nothing is printed. If `out` contains reports of an earlier run, only what has changed since
    is graded again. Submissions are graded in separate processes, which import the script that
    calls this: call it below `if __name__ == "__main__":`, and from the main thread.

    Args:
        course: the course, or a folder in it.
        folder: the submissions: zips, `<student>/` folders, `<student>.py` and `.ipynb` files, or
            the folder or zip that was downloaded from an LMS.
        assignment: the homework of all submissions, if neither the layout nor a manifest tells.
        out: the folder for reports, pages and gradebook.csv. Without it nothing is left on disk.
        record: keep the attempts and reports in the course's gradebook, after loading the roster
            that the course names.
        who: who records them, for the gradebook's history; your login by default.
        jobs: how many submissions to grade at once; as many as there are processors by default.
        seed: the seed of the hidden checks instead of the one that the staff's key gives.
        figures: which pictures to keep: "none", "failed", "visible" or "all".
        html: also write pages for students and staff; they need `out`.
        scheduler: grade on a Dask cluster at this address; "local" starts one on this machine.
        unsafe: run without isolation. Only for code that you trust.
        progress: called with the row of each submission as soon as it is graded. Whether it counts
            is not known yet.

    Returns:
        The rows, the reports, and what was left out.

    Raises:
        grader.errors.UsageError: there is nothing to grade, an assignment is broken, or `out`
            cannot be written.
        grader.errors.SandboxUnavailable: this machine offers no isolation, and `unsafe` is False.
        grader.errors.GraderFault: the grader itself failed, or not everything could be recorded.
    """
    from grader.batch.tasks import Options
    from grader.gradebook.people import people_of
    from grader.sandbox.host.probe import Opening

    home = _course_of(course)
    if html and out is None:
        raise UsageError("`html` needs a folder for the pages; give `out` as well")
    with contextlib.ExitStack() as stack:
        opening = stack.enter_context(Opening(unsafe))
        if out is None:
            out = stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-"))
        reports = Path(out)
        sources, left_out = stack.enter_context(sources_in(home, Path(folder), assignment, reports))
        processes = jobs or os.cpu_count() or 1
        opening.expect(len(sources) // processes)
        launcher = opening.finish()
        recorder = None
        if record:
            author = who_is(who)
            book = stack.enter_context(open_book(home))
            _load_roster(book, home, author)
            recorder = stack.enter_context(recording(book, reports, author))
        names = {item.student for item in sources} if html else ()
        with open_book(home) if record and html else contextlib.nullcontext() as known:
            people = people_of(home, names, known)
        options = Options(
            *(reports, launcher.isolation, processes, seed, figures, html, scheduler),
            people=people,
            zone=home.zone,
            waiting=waiting_in(home, sources, gradebook=record),
        )
        rows = grade_sources(home, sources, options, progress, recorder, launcher)
        results = tuple(read_result(reports, row) for row in rows)
        unmatched: set[str] = set()
        if recorder is not None:
            require_recorded(recorder)
            unmatched = {attempt.handed_in_by for attempt in book.unmatched()}
    return GradingRun(
        tuple(rows), results, tuple(left_out), launcher.isolation, tuple(sorted(unmatched))
    )


def check(
    course: Course | Path | str,
    assignment: str | None = None,
    path: Path | str | None = None,
    *,
    only: str | None = None,
) -> Report:
    """Run the public checks on a student's work, as the command `check` does.

    The work runs in a separate process, without isolation, as when its author runs it.

    Args:
        course: the course, or a folder in it; a student's kit is one too.
        assignment: the homework; it may be left out if the course has only one.
        path: the file or folder to check; the homework's own folder by default.
        only: run only the checks with this text in their name or title.

    Returns:
        The report, with every check's outcome, points and message.

    Raises:
        grader.errors.UsageError: there is no such homework, file or check.
        grader.errors.SpecError: the checks cannot be collected, or a package is not installed.
        grader.errors.GraderFault: the grader itself failed.
    """
    from grader.engine.packages import require_packages
    from grader.student.check import check_locally

    home = _course_of(course)
    if assignment is None and len(home.names) != 1:
        raise UsageError(f"which homework? Name one of: {', '.join(home.names)}")
    homework = home.assignment(assignment or home.names[0])
    target = Path(path) if path is not None else homework.folder
    if not target.exists():
        raise UsageError(f"{target} does not exist")
    require_packages(homework)
    return check_locally(homework, target, only=only).staff


def _course_of(course: Course | Path | str) -> Course:
    return open_course(course) if isinstance(course, str | Path) else course


# What the commands and `grade` share


@contextlib.contextmanager
def sources_in(
    course: Course,
    submissions: Path,
    assignment: str | None,
    out: Path,
    times: Times | None = None,
) -> Iterator[tuple[list[Source], list[Path]]]:
    """The submissions in a folder or download, and the paths that are not submissions.

    A zip stays unpacked until the end of the `with` block. times: when they were handed in, if a
    download does not tell (grader.lms.times.Times). Raises UsageError if there are none to grade.
    """
    from grader.gradebook.people import known_students
    from grader.lms.discover import find_submissions
    from grader.lms.systems import SYSTEMS
    from grader.lms.times import settle
    from grader.submission.archives import opened

    if assignment is not None:
        course.assignment(assignment)
    if out.resolve() == submissions.resolve():
        raise UsageError(f"--out is {out}, the folder of submissions; name a different folder")
    with opened(submissions) as folder:
        found, others = find_submissions(
            folder,
            course.names,
            assignment,
            settle(course, times),
            course.zone,
            known_students(course),
        )
        reports = out.resolve()
        if reports.is_relative_to(folder.resolve()):
            found = [item for item in found if not item.path.resolve().is_relative_to(reports)]
        if folder != submissions:  # people know the zip, but not where it was unpacked
            found = [
                replace(item, source=str(submissions / item.path.relative_to(folder)))
                for item in found
            ]
            others = [submissions / path.relative_to(folder) for path in others]
        if not found:
            there = f"; it contains {', '.join(path.name for path in others[:5])}" if others else ""
            raise UsageError(
                f"no submissions in {submissions}{there}. Expected: zips, <student>/ folders, "
                "<student>.py and <student>.ipynb files, or a download from "
                + ", ".join(lms.title for lms in SYSTEMS if lms.key != "folder")
            )
        if all(item.assignment is None for item in found):
            raise UsageError(
                f"{submissions} does not tell which homework it is for; name one with "
                "--assignment: " + ", ".join(course.names)
            )
        yield found, others


def grade_sources(
    course: Course,
    sources: Sequence[Source],
    options: Options,
    progress: Callable[[Row], None] | None = None,
    recorder: Recorder | None = None,
    launcher: Launcher | None = None,
) -> list[Row]:
    """Grade submissions into a folder of reports, and record them if there is a recorder.

    progress: called as each is done. launcher: an open one for the level in `options`. Returns a
    row for each, in the order of `sources`. Raises UsageError and GraderFault.
    """
    from grader.batch.run import grade_folder

    # What belongs to no homework has no place in a gradebook; the summary mentions it.
    known = {(each.assignment, each.label): each for each in sources}

    def tell(row: Row) -> None:
        source = known.get((row.assignment, row.label)) if row.assignment in course.names else None
        if recorder is not None and source is not None:
            recorder.add(source, row)
        if progress is not None:
            progress(row)

    counting = None if recorder is None else recorder.counting
    return grade_folder(course, sources, options, tell, counting, launcher)


def read_result(out: Path, row: Row) -> Result:
    """Both reports of a submission below a folder of reports, and the pictures that were kept.

    Raises GraderFault if they are not there.
    """
    from grader.engine.task import Result
    from grader.reports.schema import read_report

    path = out / row.report
    try:
        staff, student = read_report(path), read_report(path.parent / "student" / path.name)
        names = {each.file for check in staff.checks for each in check.figures if each.file}
        pictures = {name: (path.parent / name).read_bytes() for name in sorted(names)}
    except (OSError, ValueError) as exc:
        raise GraderFault(f"{path} can no longer be read: {exc}") from None
    return Result(staff, student, pictures)


def waiting_in(
    course: Course, sources: Iterable[Source], *, gradebook: bool
) -> frozenset[tuple[str, str]]:
    """Homeworks and names under which somebody handed in whose own due date is not over.

    gradebook: whether it may be asked; without it nothing is known of extensions.
    """
    names: dict[str, set[str]] = {}
    for source in sources if gradebook else ():
        if source.assignment in course.names:
            names.setdefault(source.assignment, set()).update((source.student, *source.members))
    return frozenset(
        (name, student)
        for name, students in names.items()
        for student in waiting_among(course, name, students)
    )


def waiting_among(course: Course, assignment: str, names: Iterable[str]) -> frozenset[str]:
    """Of the names under which somebody handed in, those whose own due date is not over.

    Nobody where that decides nothing; the gradebook is asked only where it does.
    """
    from grader._internal.clock import now_utc
    from grader.gradebook.people import goes_by_due_date, waiting_students

    now = now_utc()
    if not goes_by_due_date(course, assignment, now):
        return frozenset()
    with open_book(course) as book:
        return waiting_students(course, assignment, names, book, now)


def open_book(course: Course) -> Gradebook:
    """The course's gradebook. Raises UsageError if the staff extra is not installed.

    Call this before anything else of grader.gradebook is imported: only here is a missing extra
    reported with its remedy.
    """
    from grader._internal.install_hint import install_hint

    try:
        from grader.gradebook import open_gradebook
    except ModuleNotFoundError as exc:
        if (exc.name or "").split(".")[0] != "sqlalchemy":
            raise
        raise UsageError(
            f"the gradebook needs SQLAlchemy, which is not installed; run: {install_hint('staff')}"
        ) from None
    return open_gradebook(course)


def who_is(named: str | None) -> str:
    """Who makes a change: the given name, or else the login."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"user {os.getuid()}"  # for example in a container, where the user has no name


def _load_roster(book: Gradebook, course: Course, who: str) -> None:
    """Enrol the students of the roster that the course's settings name, if they name one."""
    from grader.gradebook.roster import read_roster

    if course.settings.roster is not None:
        path = course.root / course.settings.roster
        book.enrol(read_roster(path), who=who, why=f"roster {path.name}")


@contextlib.contextmanager
def recording(book: Gradebook, out: Path, who: str) -> Iterator[Recorder]:
    """A recorder of the reports in `out`; at the end it has recorded everything it was given."""
    from grader.gradebook.recorder import Recorder

    recorder = Recorder(book, out, who)
    try:
        yield recorder
    finally:
        recorder.flush()


def require_recorded(recorder: Recorder) -> None:
    """Raise GraderFault where something could not be recorded."""
    if recorder.trouble is not None:
        raise GraderFault(
            f"not everything was recorded; run the same command again. {recorder.trouble}"
        )
