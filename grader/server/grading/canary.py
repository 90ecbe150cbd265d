"""Canaries: a homework's own reference and starter, graded before the work of students.

The reference must get all points and the starter none. If that is not so, something is wrong with
the checks, the solution or this machine, and the homework's hand-ins wait until it is mended, so
that no student gets a wrong report. What was found holds for one start of the server and one
version of the homework's files; it is a row that all workers read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from grader._internal.clock import now_utc
from grader.course.assignment import Assignment
from grader.engine.task import Task, task_of
from grader.errors import SpecError
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import alerts, canaries
from grader.reports.schema import Outcome, Report
from grader.server.alerts import Alerts
from grader.submission.files import Submission

REFERENCE, STARTER = "the reference", "the starter"
HELD = "held"  # the kind of the alert


def canary_files(assignment: Assignment) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The label of each canary, and what it hands in. Raises SpecError if a file is missing."""
    places = {REFERENCE: assignment.reference, STARTER: assignment.starter}
    for label, path in places.items():
        if path is None or not path.is_file():
            raise SpecError(f"{assignment.name}: {label} is missing, so nothing can be graded")
        yield label, {f"{assignment.name}.py": path.read_bytes()}


def canary_tasks(assignment: Assignment) -> Iterator[Task]:
    """The tasks to grade. Raises SpecError if a file is missing."""
    for label, files in canary_files(assignment):
        yield task_of(Submission(files, sha256=""), label, assignment.name)


def is_canary(task: Task) -> bool:
    """Whether a task is one of those."""
    return task.source.label in (REFERENCE, STARTER)


def trouble_with(label: str, report: Report) -> str:
    """What is wrong with a canary's report; "" if it is as it must be."""
    if label == STARTER:
        if report.score == 0:
            return ""
        passed = ", ".join(check.id for check in report.checks if check.points)
        return f"the starter gets {report.score:g} points, for {passed[:200]}"
    lost = [check for check in report.checks if check.outcome is not Outcome.PASSED]
    if not lost:
        return ""
    message = lost[0].message
    why = f": {message.headline}" if message is not None else ""
    return f"the reference does not pass {lost[0].id} ({lost[0].outcome.words}{why[:200]})"


class Canaries:
    """What is known of the canaries. started: which start of the server; it names it uniquely."""

    def __init__(
        self, engine: Engine, started: str, clock: Callable[[], datetime] = now_utc
    ) -> None:
        self._engine = engine
        self._started = started
        self._clock = clock
        self._alerts = Alerts(engine, clock)

    def found(self) -> dict[tuple[str, str], bool]:
        """By homework and version, whether all was well; what is not there was not tried yet."""
        columns = canaries.c.assignment, canaries.c.version, canaries.c.fine
        query = select(*columns).where(canaries.c.started == self._started)
        with reading(self._engine) as connection:
            return {(name, version): fine for name, version, fine in connection.execute(query)}

    def held(self, versions: Mapping[str, str]) -> dict[str, str]:
        """The homeworks whose hand-ins wait for staff, and why."""
        columns = canaries.c.assignment, canaries.c.version, canaries.c.why
        query = select(*columns).where(canaries.c.started == self._started, ~canaries.c.fine)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {name: why for name, version, why in rows if versions.get(name) == version}

    def keep(self, assignment: str, version: str, trouble: str) -> None:
        """Note how the canaries of one version fared. trouble: "" if all was well.

        If not, one alert is raised; the first good version settles it.
        """
        row = {"assignment": assignment, "version": version, "started": self._started}
        same = (canaries.c[name] == value for name, value in row.items())
        with writing(self._engine) as connection:
            connection.execute(delete(canaries).where(*same))
            values = {**row, "fine": not trouble, "why": trouble, "at": self._clock()}
            connection.execute(insert(canaries).values(**values))
        if trouble:
            text = (
                f"{assignment} is not graded: {trouble}. Correct the homework's files; then "
                "grading goes on by itself"
            )
            self._alerts.raise_alert(HELD, assignment, "", text)
        else:
            self.settle(assignment)

    def settle(self, assignment: str) -> None:
        """End the alert of a homework whose canaries are well by now, if there is one."""
        if self._alerted(assignment):
            self._alerts.settle(HELD, assignment)

    def try_again(self, older_than_s: float) -> None:
        """Forget failures so old, in case the reason was one of this machine and has passed."""
        old = canaries.c.at < self._clock() - timedelta(seconds=older_than_s)
        failed = canaries.c.started == self._started, ~canaries.c.fine, old
        with reading(self._engine) as connection:
            if connection.execute(select(canaries.c.assignment).where(*failed)).first() is None:
                return
        with writing(self._engine) as connection:
            connection.execute(delete(canaries).where(*failed))

    def forget_others(self, older_than_days: float) -> None:
        """Forget what other starts of the server found so long ago."""
        old = canaries.c.at < self._clock() - timedelta(days=older_than_days)
        with writing(self._engine) as connection:
            others = canaries.c.started != self._started
            connection.execute(delete(canaries).where(others, old))

    def _alerted(self, assignment: str) -> bool:
        same = alerts.c.kind == HELD, alerts.c.assignment == assignment
        query = select(alerts.c.key).where(*same, alerts.c.resolved_at.is_(None))
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None
