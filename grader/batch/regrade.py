"""Compares a folder of reports with what it would be now: who gains or loses points, and why.

What changed is graded into a separate folder inside, and nothing else is touched until the change
is applied. Both steps can be killed and run again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.journal import JournalEntry, JournalWriter
from grader.batch.plan import keys_of, name_of, plan
from grader.batch.run import carry_out, entries_of
from grader.batch.tasks import Options
from grader.course.course import Course
from grader.engine.task import Task, function_of
from grader.errors import GraderFault
from grader.reports.schema import CheckResult, Report, read_report
from grader.reports.summary import Row
from grader.reports.writer import Outbox
from grader.sandbox.host.launch import Launcher
from grader.submission.sources import UNKNOWN, Source

STAGING = ".regrade"


@dataclass(frozen=True)
class CheckChange:
    """A check with a different result. None if the check did not exist, or no longer exists."""

    id: str
    title: str
    before: CheckResult | None
    after: CheckResult | None
    why: str


@dataclass(frozen=True)
class Difference:
    """A submission that was graded again. before: None if it had no result.

    why: what changed that all its checks depend on; empty if only checks changed.
    """

    before: Row | None
    after: Row
    why: str
    checks: tuple[CheckChange, ...]

    @property
    def gain(self) -> float:
        """Points gained, negative if points are lost."""
        return round(self.after.score - (self.before.score if self.before else 0.0), 2)


def compare(
    course: Course,
    sources: list[Source],
    options: Options,
    progress: Callable[[Row], None],
    launcher: Launcher | None = None,
) -> list[Difference]:
    """Grade what changed, and say how it differs from the results in `options.out`.

    progress: called for each submission. launcher: an open one, for what is to be graded. Nothing
    in `options.out` changes except a separate folder in which results wait to be applied. Raises
    UsageError and GraderFault.
    """
    folder, staging = options.out, options.out / STAGING
    staged = replace(options, out=staging)
    keys = keys_of(course, sources, options)
    tasks = [Task(each, name) for each in sources if (name := name_of(each, keys)) != UNKNOWN]
    before = entries_of(folder)
    done, left = plan(tasks, folder, before, keys)
    ready, left = plan(left, staging, entries_of(staging), keys)
    for _, row in (*done, *ready):
        progress(row)
    made = [row for _, row in ready]
    if left:
        Outbox(staging).require_writable()
    for row in carry_out(left, course, staged, keys, launcher):
        progress(row)
        made.append(row)
    after = entries_of(staging)
    names = sorted((row.assignment, row.label) for row in made)
    return [
        _difference(before.get(name), after[name], folder, staging)
        for name in names
        if name in after
    ]


def apply(options: Options, differences: list[Difference]) -> None:
    """Replace the results by those that wait. Raises GraderFault."""
    folder, staging = options.out, options.out / STAGING
    entries, writer, outbox = entries_of(staging), JournalWriter(folder), Outbox(folder)
    try:
        for difference in differences:
            row = difference.after
            if not options.html:
                outbox.take_pages_away(row.assignment, row.label)
            for path in _files_of(staging / row.assignment, row.label):
                target = folder / path.relative_to(staging)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
            writer.add(entries[row.assignment, row.label])
        if staging.exists():
            shutil.rmtree(staging)
    except OSError as exc:
        raise GraderFault(
            f"cannot move {staging} into {folder}: {exc.strerror}; free some disk space or correct "
            "the permissions, then run it again"
        ) from None


def _files_of(folder: Path, label: str) -> Iterator[Path]:
    """A submission's files, the staff's report last: if it is there, everything else is."""
    for pictures in (folder / "figures" / label, folder / "student" / "figures" / label):
        yield from sorted(pictures.glob("*.png"))
    for name in (
        f"student/{label}.html",
        f"{label}.html",
        f"student/{label}.json",
        f"{label}.json",
    ):
        if (folder / name).is_file():
            yield folder / name


def _difference(
    before: JournalEntry | None, after: JournalEntry, folder: Path, staging: Path
) -> Difference:
    new = read_report(staging / after.row.report)
    if before is None or not before.holds(folder):
        return Difference(None, after.row, "was not graded before", ())
    old = read_report(folder / before.row.report)
    why = _why(old, new) if (before.run, before.row.sha256) != (after.run, after.row.sha256) else ""
    return Difference(before.row, after.row, why, tuple(_changes(old, new, before, after)))


def _changes(
    old: Report, new: Report, before: JournalEntry, after: JournalEntry
) -> Iterator[CheckChange]:
    was: Mapping[str, CheckResult] = {check.id: check for check in old.checks}
    now: Mapping[str, CheckResult] = {check.id: check for check in new.checks}
    for name in dict.fromkeys([*was, *now]):
        a, b = was.get(name), now.get(name)
        if a is not None and b is not None and _told(a) == _told(b):
            continue
        function = function_of(name)
        same = before.checks.get(function) == after.checks.get(function)
        why = "" if same else "the check or its reference changed"
        if a is None or b is None:
            why = "the check is new" if a is None else "the check was removed"
        title = b.title if b is not None else a.title if a is not None else name
        yield CheckChange(name, title, a, b, why)


def _told(check: CheckResult) -> tuple[object, ...]:
    return check.outcome, check.points, check.max_points


def _why(old: Report, new: Report) -> str:
    """What changed that all results depend on."""
    if old.submission_sha256 != new.submission_sha256:
        return "the submission changed"
    if old.environment.grader_sha256 != new.environment.grader_sha256:
        return "the grader has a different version"
    if old.environment.model_copy(update={"grader": new.environment.grader}) != new.environment:
        return "Python, numpy, matplotlib or the platform is different"
    if old.seed != new.seed:
        return "the seed is different"
    if old.isolation != new.isolation:
        return f"the isolation level is {new.isolation}, not {old.isolation}"
    return "limits, data or functions of the homework changed"
