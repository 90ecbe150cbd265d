"""Which submissions have to be graded, and which of their checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from grader._internal.clock import now_utc
from grader.batch.cache_keys import check_keys, run_key
from grader.batch.journal import JournalEntry
from grader.batch.tasks import Keys, Options
from grader.course.course import Course
from grader.course.feedback import shown
from grader.engine.packages import require_packages
from grader.engine.runner import PUBLIC_STEM, environment
from grader.engine.task import Task
from grader.reports.summary import Row
from grader.submission.sources import UNKNOWN, Source


def keys_of(course: Course, sources: Iterable[Source], options: Options) -> dict[str, Keys]:
    """By name, the keys of each homework of the course that something was handed in for.

    Raises UsageError, PackagesMissing before anything is graded.
    """
    names = {source.assignment for source in sources} & set(course.names)
    keys = {}
    for name in sorted(filter(None, names)):
        assignment = course.assignment(name)
        require_packages(assignment)
        seed = options.seed or course.secret_seed(name)
        run = run_key(assignment, seed, options.isolation, environment(assignment.packages))
        due = assignment.spec.due
        past = due is not None and due < now_utc()
        feedback = course.feedback(name)
        seen = shown(feedback, due_passed=past, released=False)
        early = shown(feedback, due_passed=False, released=False)
        waiting = frozenset(student for homework, student in options.waiting if homework == name)
        keys[name] = Keys(seed, run, check_keys(assignment), seen, early, waiting)
    return keys


def name_of(source: Source, keys: Mapping[str, Keys]) -> str:
    """Its assignment, or UNKNOWN."""
    name = source.assignment
    return name if name is not None and name in keys else UNKNOWN


def plan(
    tasks: Iterable[Task],
    folder: Path,
    entries: Mapping[tuple[str, str], JournalEntry],
    keys: Mapping[str, Keys],
) -> tuple[list[tuple[Task, Row]], list[Task]]:
    """Of `tasks`, those that are done already in a folder of reports, and those that are left.

    entries: of the folder's journal. A task that is done comes with its line in the summary.

    A task that is left keeps what holds of an earlier report: of `folder` if there is one, else
    what it held before.
    """
    done, left = [], []
    for task in tasks:
        entry = entries.get((task.assignment, task.source.label))
        today = keys.get(task.assignment)
        if entry is None or today is None or not _is_of(entry, task.source, today, folder):
            left.append(task)
        elif (
            entry.checks == today.checks
            and entry.shown == today.shown_to(task.source).key
            and not entry.row.faults
        ):
            done.append((task, _again(entry.row, task.source)))
        else:
            holds = _holding(entry.checks, today.checks)
            left.append(replace(task, holds=holds, reports=folder))
    return done, left


def _is_of(entry: JournalEntry, source: Source, keys: Keys, folder: Path) -> bool:
    """Whether an entry tells of this very submission, graded as it would be today."""
    return (
        entry.run == keys.run
        and entry.row.student == source.student
        and entry.found == source.warnings
        and entry.holds(folder)
        and entry.row.sha256 == source.read().sha256
    )


def _holding(old: Mapping[str, str], new: Mapping[str, str]) -> frozenset[str]:
    """The check functions whose results hold.

    The public ones hold together or not at all: warnings and output before the first hidden
    check are told as one.
    """
    same = {name for name, key in new.items() if old.get(name) == key}
    public = {name for name in old.keys() | new.keys() if name.startswith(PUBLIC_STEM)}
    return frozenset(same if public <= same else same - public)


def _again(row: Row, source: Source) -> Row:
    received_at = source.received_at.isoformat(timespec="seconds")
    return replace(row, counts=True, received_at=received_at, again=True)
