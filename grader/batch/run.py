"""Grading what was found, into a folder of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader._internal.install_hint import install_hint
from grader.batch.executors.local import LocalExecutor
from grader.batch.journal import FILE_NAME, Entry, read_journal
from grader.batch.plan import homeworks_of, name_of, plan
from grader.batch.tasks import (
    Executor,
    Finished,
    Homework,
    Options,
    Results,
    Task,
    why_unknown,
)
from grader.course.course import Course
from grader.errors import UsageError
from grader.reports.summary import Row
from grader.reports.writer import Outbox
from grader.submission.sources import UNKNOWN, Source


def grade_folder(
    course: Course, found: list[Source], options: Options, progress: Callable[[Row], None]
) -> list[Row]:
    """Grade what was found and return a row for each, in the order of `found`.

    progress: called as each is done, those that were done before first. Raises UsageError for an
    output folder that cannot be written or an assignment that is broken.
    """
    outbox = Outbox(options.out, html=options.html)
    outbox.require_writable()
    homeworks = homeworks_of(course, found, options)
    tasks = [Task(item, name_of(item, homeworks)) for item in found]
    rows: dict[tuple[str, str], Row] = {}

    def tell(row: Row) -> None:
        rows[row.assignment, row.label] = row
        progress(row)

    done, left = plan(tasks, options.out, entries_of(options.out), homeworks)
    # A page wants pictures of checks that stand, which a run without pages did not keep.
    left = [
        task
        if outbox.holds_pages(task.assignment, task.item.label)
        else replace(task, holds=frozenset(), earlier=None)
        for task in left
    ]
    for finished in done:
        if outbox.holds_pages(finished.row.assignment, finished.row.label):
            tell(finished.row)
        else:
            left.append(finished.task)
    try:
        for finished in carry_out(left, course, options, homeworks):
            tell(finished.row)
    finally:
        names = [(task.assignment, task.item.label) for task in tasks]
        ordered = [rows[name] for name in names if name in rows]
        outbox.put_tables(ordered)
    return ordered


def entries_of(folder: Path) -> dict[tuple[str, str], Entry]:
    """What the journal of a folder of reports tells. Raises UsageError where it is unreadable."""
    try:
        return read_journal(folder)
    except OSError as exc:
        raise UsageError(f"cannot read {folder / FILE_NAME}: {exc.strerror}") from None


def carry_out(
    tasks: Sequence[Task], course: Course, options: Options, homeworks: Mapping[str, Homework]
) -> Iterator[Finished]:
    """Do what needs no grading here, and leave the rest to the executor."""
    results = Results(options, homeworks)
    for task in tasks:
        if task.assignment == UNKNOWN:
            yield Finished(task, results.put_empty(task, why_unknown(task.item)))
    known = [task for task in tasks if task.assignment != UNKNOWN]
    if known:
        yield from _executor(course, options, homeworks).run(known)


def _executor(course: Course, options: Options, homeworks: Mapping[str, Homework]) -> Executor:
    """Who grades. Raises UsageError where what it needs is not installed."""
    if options.scheduler is None:
        return LocalExecutor(course, options, homeworks)
    try:
        from grader.batch.executors.cluster import ClusterExecutor
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('cluster')}") from None
    return ClusterExecutor(course, options, homeworks)
