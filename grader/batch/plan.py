"""Which submissions have to be graded, and which of their checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from grader.batch.cache_keys import check_keys, run_key
from grader.batch.journal import Entry
from grader.batch.tasks import Finished, Homework, Options, Task
from grader.course.course import Course
from grader.engine.runner import PUBLIC_STEM, environment
from grader.reports.summary import Row
from grader.submission.sources import UNKNOWN, Source


def homeworks_of(course: Course, found: Iterable[Source], options: Options) -> dict[str, Homework]:
    """By name, those of the course that something was handed in for. Raises UsageError."""
    names = {item.assignment for item in found} & set(course.names)
    homeworks = {}
    for name in sorted(filter(None, names)):
        assignment = course.assignment(name)
        seed = options.seed or course.secret_seed(name)
        run = run_key(assignment, seed, options.isolation, environment())
        homeworks[name] = Homework(seed, run, check_keys(assignment))
    return homeworks


def name_of(item: Source, homeworks: Mapping[str, Homework]) -> str:
    """Its assignment, or UNKNOWN."""
    name = item.assignment
    return name if name is not None and name in homeworks else UNKNOWN


def plan(
    tasks: Iterable[Task],
    folder: Path,
    entries: Mapping[tuple[str, str], Entry],
    homeworks: Mapping[str, Homework],
) -> tuple[list[Finished], list[Task]]:
    """What is done already in a folder of reports, and what is left of `tasks`.

    entries: of the folder's journal.

    A task that is left keeps what holds of an earlier report: of `folder` if there is one, else
    what it held before.
    """
    done, left = [], []
    for task in tasks:
        entry = entries.get((task.assignment, task.item.label))
        homework = homeworks.get(task.assignment)
        if entry is None or homework is None or not _is_of(entry, task.item, homework, folder):
            left.append(task)
        elif entry.checks == homework.checks and not entry.row.faults:
            done.append(Finished(task, _again(entry.row, task.item)))
        else:
            holds = _holding(entry.checks, homework.checks)
            left.append(replace(task, holds=holds, earlier=folder))
    return done, left


def _is_of(entry: Entry, item: Source, homework: Homework, folder: Path) -> bool:
    """Whether an entry tells of this very submission, graded as it would be today."""
    return (
        entry.run == homework.run
        and entry.row.student == item.student
        and entry.found == item.warnings
        and entry.holds(folder)
        and entry.row.sha256 == item.read().sha256
    )


def _holding(old: Mapping[str, str], new: Mapping[str, str]) -> frozenset[str]:
    """The check functions whose results hold.

    The public ones hold together or not at all: warnings and output before the first hidden
    check are told as one.
    """
    same = {name for name, key in new.items() if old.get(name) == key}
    public = {name for name in old.keys() | new.keys() if name.startswith(PUBLIC_STEM)}
    return frozenset(same if public <= same else same - public)


def _again(row: Row, item: Source) -> Row:
    received_at = item.received_at.isoformat(timespec="seconds")
    return replace(row, counts=item.counts, received_at=received_at, again=True)
