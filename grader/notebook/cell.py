"""What the functions of a notebook do: find the homework, run, and show below the cell."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from rich.markup import escape

from grader.api import open_course
from grader.cli._asking import CellQuestioner
from grader.cli.hint import show_hint
from grader.cli.submit import SubmitOptions, hand_in
from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.engine.runner import collect_checks
from grader.errors import CourseError, GraderError, SpecError, UsageError
from grader.notebook.kernel import Kernel
from grader.notebook.page import Page, as_printed
from grader.notebook.work import LiveWork, live_work, unlike_the_file
from grader.reports import rich_text
from grader.reports.schema import Report
from grader.sandbox.host.live import LiveCode
from grader.sandbox.host.spare import SpareLauncher
from grader.student.check import LiveResult, check_live
from grader.student.progress import remember_check
from grader.student.remaining import remaining

_OPTION = re.compile(r"--([a-z]+)")
_KEYWORDS = {"with": "partners=[...]", "yes": "yes=True", "force": "force=True"}


class CellDesk:
    """Works for one call in one kernel, and writes what there is to say on a page."""

    def __init__(self, kernel: Kernel, page: Page) -> None:
        self._kernel = kernel
        self._page = page

    def check(self, which: str | None, homework: str | None) -> None:
        """See grader.notebook.check."""
        course, assignment = self._homework(homework)
        work = live_work(self._kernel, assignment)
        try:
            found = self._checked(assignment, work, which)
        except SpecError:
            _require_check(assignment, which)
            raise
        out = self._page.out
        rich_text.result(assignment.spec.title, found.report, out)
        told = list(unlike_the_file(work, assignment, found.called))
        if which is None:
            _remember(course, assignment, found.report, is_saved=not told)
            files = work.submission.files
            for text in remaining(assignment, files, found.report.max_score):
                out.print(escape(text))
        for text in told:
            self._page.note(text)

    def hint(self, which: str | None, homework: str | None) -> None:
        """See grader.notebook.hint."""
        course, assignment = self._homework(homework)
        if which is None:
            # What all checks said before is no longer so: cells were run since, checked or not.
            work = live_work(self._kernel, assignment)
            found = self._checked(assignment, work, None)
            told = [*unlike_the_file(work, assignment, found.called)]
            _remember(course, assignment, found.report, is_saved=not told)
        try:
            show_hint(course, assignment, which, self._page.out, again="Call hint again")
        except SpecError:
            _require_check(assignment, which)
            raise

    def submit(self, options: SubmitOptions, homework: str | None, *, yes: bool) -> None:
        """See grader.notebook.submit. What it says is printed as it comes."""
        course, assignment = self._homework(homework)
        work = live_work(self._kernel, assignment)
        for text in unlike_the_file(work, assignment, assignment.functions):
            self._page.note(text)
        self._page.show()
        launcher = SpareLauncher()
        try:
            hand_in(course, assignment, options, CellQuestioner(yes=yes), launcher, as_printed())
        except UsageError as exc:
            raise UsageError(_OPTION.sub(_as_keyword, str(exc))) from None
        finally:
            launcher.close()

    def _checked(self, assignment: Assignment, work: LiveWork, which: str | None) -> LiveResult:
        """What the checks, or those with a text, say of the functions as they are now."""
        live = LiveCode(
            self._kernel.module,
            assignment.folder,
            self._kernel.label_of,
            tuple(warnings.filters),
        )
        return check_live(assignment, work.submission, live, work.labels, only=which)

    def _homework(self, name: str | None) -> tuple[Course, Assignment]:
        """The homework that is meant. Raises UsageError where that is not clear."""
        course = self._course()
        here = course.enclosing_assignment(Path.cwd().resolve())
        name = name or here or self._by_its_functions(course)
        if name is None:
            raise UsageError(
                "which homework? Run the cells that define your functions, or name it: "
                f"check(homework={course.names[0]!r}); there are {', '.join(course.names)}"
            )
        return course, course.assignment(name)

    def _course(self) -> Course:
        """That of the folder in which the kernel runs, or in which the notebook lies."""
        file = self._kernel.file()
        for folder in (Path.cwd(), *([] if file is None else [file.parent])):
            with contextlib.suppress(CourseError):
                return open_course(folder)
        raise UsageError(
            f"{Path.cwd()} is not in a course; open the notebook where the kit put it, or go there "
            "with `%cd`"
        )

    def _by_its_functions(self, course: Course) -> str | None:
        """The homework of whose functions the notebook defines the most."""
        if len(course.names) == 1:
            return course.names[0]
        defined = {name for name, value in self._kernel.names.items() if callable(value)}
        shared = {
            name: len(defined & course.assignment(name).functions.keys()) for name in course.names
        }
        best = max(shared.values())
        named = [name for name, count in shared.items() if count == best]
        return named[0] if best and len(named) == 1 else None


@contextlib.contextmanager
def shown() -> Iterator[Page]:
    """A page that is shown at the end. A student's mistake is a line on it, and so is Ctrl-C."""
    page = Page()
    try:
        yield page
    except GraderError as exc:
        for line in (f"grader: {exc}", *getattr(exc, "__notes__", ())):
            page.out.print(line, markup=False)
    except KeyboardInterrupt:
        page.out.print("grader: stopped")
    page.show()


def _remember(course: Course, assignment: Assignment, report: Report, *, is_saved: bool) -> None:
    """Keep the result for `list` and `hint`; as that of other files where the saved ones differ."""
    remember_check(course, assignment, report)
    kept = course.last_check(assignment.name)
    if kept is not None and not is_saved:
        course.remember_check(assignment.name, kept.model_copy(update={"work": ""}))


def _require_check(assignment: Assignment, which: str | None) -> None:
    """Raise UsageError with what there is, where no check has this text."""
    checks = collect_checks(assignment)
    text = (which or "").lower()
    if any(text in check.id.lower() or text in check.title.lower() for check in checks):
        return
    there = "\n".join(f"  {check.id.partition('::')[2]}: {check.title}" for check in checks)
    raise UsageError(f"no check has {which!r} in its name or title; there are\n{there}")


def _as_keyword(found: re.Match[str]) -> str:
    """An option of the command as an argument of the function."""
    return _KEYWORDS.get(found[1], f'{found[1]}="..."')
