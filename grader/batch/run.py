"""Grades submissions into a folder of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader._internal.install_hint import install_hint
from grader._internal.interrupts import uninterrupted
from grader.batch.executors.local import LocalExecutor
from grader.batch.journal import FILE_NAME, JournalEntry, read_journal
from grader.batch.plan import keys_of, name_of, plan
from grader.batch.tasks import Executor, Keys, Options, ResultWriter, outbox_of, why_unknown
from grader.course.course import Course
from grader.engine.task import Task
from grader.errors import UsageError
from grader.gradebook.grades.counting import attempt_of, counting_in_folder
from grader.gradebook.grades.grades import Rules
from grader.gradebook.grades.rules import rules_of
from grader.gradebook.records import Attempt
from grader.reports.summary import Row, gradebook_csv
from grader.reports.writer import INDEX, TABLE
from grader.sandbox.host.launch import Launcher
from grader.submission.sources import UNKNOWN, Source

# For each attempt of a run, whether it counts; None if that is not known.
Counting = Callable[[Sequence[Attempt]], Sequence[bool] | None]


def grade_folder(
    course: Course,
    sources: Sequence[Source],
    options: Options,
    progress: Callable[[Row], None],
    counting: Counting | None = None,
    launcher: Launcher | None = None,
) -> list[Row]:
    """Grade submissions and return a row for each, in the order of `sources`.

    progress: called as each is done, first for those that were done before. counting: decides at
    the end which attempts count; if it is None or cannot tell, the content of the folder decides.
    launcher: an open one for the level in `options`, which stays the caller's.
    Raises UsageError for an output folder that cannot be written or has such tables of others, an
    assignment that is broken and settings of the course that cannot be used.
    """
    _refuse_other_files(options.out)
    outbox = outbox_of(options)
    outbox.require_writable()
    keys = keys_of(course, sources, options)
    tasks = [Task(source, name_of(source, keys)) for source in sources]
    rules = {name: rules_of(course, name) for name in keys}
    rows: dict[tuple[str, str], Row] = {}

    def tell(row: Row) -> None:
        # Else the table could hold a row of which the caller has never heard.
        with uninterrupted():
            rows[row.assignment, row.label] = row
            progress(row)

    entries = entries_of(options.out)
    done, left = plan(tasks, options.out, entries, keys)
    # A page needs the pictures of finished checks, which a run without pages did not keep.
    left = [
        task
        if outbox.holds_pages(task.assignment, task.source.label)
        else replace(task, holds=frozenset(), reports=None)
        for task in left
    ]
    for task, row in done:
        if outbox.holds_pages(row.assignment, row.label):
            tell(row)
        else:
            left.append(task)
    for task in left:
        name = task.assignment, task.source.label
        if not options.wants(*name) and name in entries and entries[name].holds(options.out):
            tell(replace(entries[name].row, counts=True, again=True))
    left = [task for task in left if options.wants(task.assignment, task.source.label)]
    try:
        for row in carry_out(left, course, options, keys, launcher):
            tell(row)
    finally:
        ended = [
            (task.source, rows[name])
            for task in tasks
            if (name := (task.assignment, task.source.label)) in rows
        ]
        ordered = _with_counts(ended, rules, counting)
        outbox.put_tables(ordered)
    return ordered


def _refuse_other_files(folder: Path) -> None:
    """A table or an index that no run wrote, such as an LMS's gradebook.csv, stays."""
    there = [folder / name for name in (TABLE, INDEX) if (folder / name).is_file()]
    if not there or (folder / FILE_NAME).exists() or _is_table(folder / TABLE):
        return
    raise UsageError(
        f"{there[0]} was not written by `grade`; name another folder with --out, or move that file "
        "away"
    )


def _is_table(path: Path) -> bool:
    """Whether this is a run's table: one in which nothing could be graded has no journal."""
    head = gradebook_csv([]).encode()
    try:
        with path.open("rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def _with_counts(
    ended: Sequence[tuple[Source, Row]], rules: Mapping[str, Rules], counting: Counting | None
) -> list[Row]:
    """The rows of submissions, each with whether it counts."""
    attempts = [attempt_of(source, row) for source, row in ended]
    counts = counting_in_folder(attempts, rules)
    known = [index for index, attempt in enumerate(attempts) if attempt.assignment in rules]
    decided = counting([attempts[index] for index in known]) if counting is not None else None
    for index, each in zip(known, decided or (), strict=False):
        counts[index] = each
    return [replace(row, counts=each) for (_, row), each in zip(ended, counts, strict=True)]


def entries_of(folder: Path) -> dict[tuple[str, str], JournalEntry]:
    """The journal of a folder of reports. Raises UsageError if it cannot be read."""
    try:
        return read_journal(folder)
    except OSError as exc:
        raise UsageError(f"cannot read {folder / FILE_NAME}: {exc.strerror}") from None


def carry_out(
    tasks: Sequence[Task],
    course: Course,
    options: Options,
    keys: Mapping[str, Keys],
    launcher: Launcher | None,
) -> Iterator[Row]:
    """Do what needs no grading here, and leave the rest to the executor.

    launcher: see grade_folder.
    """
    writer = ResultWriter(options, keys)
    for task in tasks:
        if task.assignment == UNKNOWN:
            yield writer.put_empty(task, why_unknown(task.source))
    known = [task for task in tasks if task.assignment != UNKNOWN]
    if known:
        yield from _executor(course, options, keys, launcher).run(known)


def _executor(
    course: Course, options: Options, keys: Mapping[str, Keys], launcher: Launcher | None
) -> Executor:
    """The executor. Raises UsageError if what it needs is not installed."""
    if options.scheduler is None:
        return LocalExecutor(course, options, keys, launcher)
    try:
        from grader.batch.executors.cluster import ClusterExecutor
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed; run: {install_hint('cluster')}") from None
    return ClusterExecutor(course, options, keys)
