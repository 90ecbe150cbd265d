"""What the worker of a page calls. It runs on Pyodide, where there are no processes and no threads.

The student's code runs in the interpreter that checks it. That is right for a preview on the
student's own machine; the page ends the worker where a call takes too long. What is said goes to
the page as JSON, and the words are those of the command `check`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from grader._internal.zips import zip_files
from grader.browser.session import PageSubject
from grader.course.assignment import Assignment
from grader.course.course import Course, find_course
from grader.engine.collection import Check
from grader.engine.task import Result, Task
from grader.errors import GraderError, UsageError
from grader.notebook.page import Page
from grader.reports import rich_text
from grader.reports.schema import CheckResult
from grader.sandbox.host.deadline import ENDLESS, still_running
from grader.student.check import check_followed
from grader.student.remaining import remaining

ANSWERS = "answers.md"
# How many times longer than where work is graded a call may take: Python is slower in a browser.
SLOWER = 3.0
Tell = Callable[[str], None]


class WebDesk:
    """Checks one student's work on the homeworks of a kit. tell: takes each message, as JSON."""

    def __init__(self, root: Path, tell: Tell) -> None:
        """root: the folder into which the kit was unpacked. Raises CourseError for no kit."""
        self._course: Course = find_course(root)
        self._tell = tell

    def check(self, name: str, files: Mapping[str, str]) -> str:
        """Run the public checks of a homework; the result as JSON.

        files: the student's, by their names in the homework's folder. On the way the page is told
        which checks there are, how each ended, and which call is running for how many seconds at
        most. The result has `html` (what `check` prints), `figures` (title and PNG in base64) and
        `passed`, whether there is nothing left to mend; `problem` in place of them where nothing
        could be checked.
        """
        try:
            assignment = self._placed(name, files)
            result = check_followed(
                assignment,
                assignment.folder,
                make_subject=self._subject_maker(assignment),
                on_collect=self._listed,
                on_result=self._ended,
            )
        except GraderError as exc:
            told = "\n".join((str(exc), *getattr(exc, "__notes__", ())))
            return json.dumps({"problem": told})
        return json.dumps(self._shown(assignment, result, files))

    def archive(self, name: str, files: Mapping[str, str]) -> bytes:
        """The zip that a student hands in."""
        self._course.assignment(name)
        return zip_files({path: text.encode() for path, text in _written(files).items()})

    def _placed(self, name: str, files: Mapping[str, str]) -> Assignment:
        assignment = self._course.assignment(name)
        for path in (f"{name}.py", ANSWERS):
            (assignment.folder / path).unlink(missing_ok=True)
        # Students get their work as a script here; the kit's notebook would be a second one.
        (assignment.folder / f"{name}.ipynb").unlink(missing_ok=True)
        for path, text in _written(files).items():
            if path not in (f"{name}.py", ANSWERS):
                raise UsageError(f"{path} is not a file of {name}; the page is damaged, reload it")
            (assignment.folder / path).write_text(text, encoding="utf-8")
        return assignment

    def _subject_maker(self, assignment: Assignment) -> Callable[..., PageSubject]:
        def make(*args: Any) -> PageSubject:
            return PageSubject(assignment.folder, self._calling, *args)

        return make

    def _calling(self, what: str, limit_s: float) -> None:
        if not what:
            self._tell(json.dumps({"kind": "returned"}))
            return
        most_s = SLOWER * limit_s
        late = f"{still_running(what, most_s)}. {ENDLESS}"
        self._tell(json.dumps({"kind": "call", "limit_s": most_s, "late": late}))

    def _listed(self, checks: Sequence[Check]) -> None:
        self._tell(json.dumps({"kind": "checks", "titles": [check.title for check in checks]}))

    def _ended(self, task: Task, check: CheckResult) -> None:
        self._tell(json.dumps({"kind": "ended", "title": check.title, "sign": check.outcome.sign}))

    def _shown(
        self, assignment: Assignment, result: Result, files: Mapping[str, str]
    ) -> dict[str, Any]:
        report = result.staff
        page = Page()
        rich_text.result(assignment.spec.title, report, page.out)
        work = {path: text.encode() for path, text in _written(files).items()}
        for text in remaining(assignment, work, report.max_score):
            page.out.print(escape(text))
        drawn = [
            {
                "title": check.title,
                "png": base64.b64encode(result.pictures[figure.file]).decode(),
            }
            for check in report.checks
            for figure in check.figures
            if figure.file is not None
        ]
        return {
            "html": page.html(),
            "text": page.text(),
            "figures": drawn,
            "passed": report.score == report.max_score,
        }


def _written(files: Mapping[str, str]) -> dict[str, str]:
    """Files with something in them: an empty page of answers is none."""
    return {path: text for path, text in files.items() if text.strip() or path != ANSWERS}
