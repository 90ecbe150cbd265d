"""A folder of reports against what it would be today: who gains, who loses, and why.

What changed is graded into a folder of its own inside, and nothing else is touched until it is
applied. Both steps can be killed and run again.
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
from grader.submission.sources import UNKNOWN, Source

STAGING = ".regrade"


@dataclass(frozen=True)
class CheckChange:
    """A check that came out otherwise. None where there was no such check, or is none any more."""

    id: str
    title: str
    before: CheckResult | None
    after: CheckResult | None
    why: str


@dataclass(frozen=True)
class Difference:
    """A submission whose result was made anew. before: None where there was none.

    why: what changed that all its checks rest on; empty where only checks did.
    """

    before: Row | None
    after: Row
    why: str
    checks: tuple[CheckChange, ...]

    @property
    def gain(self) -> float:
        """Points gained, negative where points are lost."""
        return round(self.after.score - (self.before.score if self.before else 0.0), 2)


def compare(
    course: Course, sources: list[Source], options: Options, progress: Callable[[Row], None]
) -> list[Difference]:
    """Grade what changed, and tell how it differs from what stands in `options.out`.

    progress: called for each submission. Nothing in `options.out` changes but its own folder for
    this, where results wait to be applied. Raises UsageError and GraderFault.
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
    for row in carry_out(left, course, staged, keys):
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
    """Put the results that wait in the place of those that stand. Raises GraderFault."""
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
            f"cannot move {staging} into {folder}: {exc.strerror}; make room and run it again"
        ) from None


def _files_of(folder: Path, label: str) -> Iterator[Path]:
    """A submission's files, the staff's report last: where it stands, the rest does."""
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
        return Difference(None, after.row, "it was not graded before", ())
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
            why = "a new check" if a is None else "the check is gone"
        title = b.title if b is not None else a.title if a is not None else name
        yield CheckChange(name, title, a, b, why)


def _told(check: CheckResult) -> tuple[object, ...]:
    return check.outcome, check.points, check.max_points


def _why(old: Report, new: Report) -> str:
    """What all results rest on and is not the same."""
    if old.submission_sha256 != new.submission_sha256:
        return "the submission changed"
    if old.environment.grader_sha256 != new.environment.grader_sha256:
        return "another version of the grader"
    if old.environment.model_copy(update={"grader": new.environment.grader}) != new.environment:
        return "other versions of Python, numpy or matplotlib, or another machine"
    if old.seed != new.seed:
        return "another seed"
    if old.isolation != new.isolation:
        return f"isolation {new.isolation} and not {old.isolation}"
    return "other limits, data or functions of the homework"
