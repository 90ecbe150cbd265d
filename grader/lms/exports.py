"""Fills grades into a file that another system made, and says what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.gradebook.records import Grade
from grader.lms.filling import keys_of
from grader.lms.protocol import Export, Lms, UnclearSystem
from grader.lms.systems import SYSTEMS
from grader.lms.table import Table


def fill_table(
    path: Path,
    grades: Sequence[Grade],
    titles: Sequence[str],
    column: str | None,
    so_far: bool,
    system: str | None = None,
) -> Export:
    """Fill the column of a homework in a file that a system made.

    titles: names that the column may have. column: its exact header, if the user named it. system:
    the system's key; None to recognise it by the file's header. Raises UsageError, of which
    UnclearColumn and UnclearSystem ask for more to be named.
    """
    table = Table(path)
    makers = _makers_of(table)
    if system is None:
        if len(makers) != 1:
            known = ", ".join(_called(lms) for lms in makers or SYSTEMS if lms.table)
            raise UnclearSystem(
                f"the header of {path} does not tell which of these it is: {known}; name the "
                "system with an option such as --canvas"
            )
        return makers[0].fill(table, grades, titles, column, so_far)
    chosen = next(lms for lms in SYSTEMS if lms.key == system)
    try:
        return chosen.fill(table, grades, titles, column, so_far)
    except UsageError as exc:
        if not makers or chosen in makers:
            raise
        raise UsageError(f"{exc} (it looks like the {_called(makers[0])})") from None


def _makers_of(table: Table) -> list[Lms]:
    keys = keys_of(table)
    return [lms for lms in SYSTEMS if lms.recognise_table(keys)]


def _called(lms: Lms) -> str:
    return f"{lms.table} of {lms.title}"


def for_people(
    export: Export, shown: int = 10, called: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """What was left out, for people: the reason and the names. called: students' names by id."""

    def named(who: str) -> str:
        id_, bracket, more = who.partition(" (")
        name = (called or {}).get(id_)
        if not name:
            return who
        return f"{id_} ({name}; {more}" if bracket else f"{id_} ({name})"

    told = {
        "not final yet, left unchanged": export.open,
        "in the table but not in the course": export.strangers,
        "with a grade but not in the table": export.missing,
        "excused, left unchanged": export.excused,
        "withdrawn, left unchanged": export.withdrawn,
        "the system would not take these, left unchanged": export.refused,
    }
    return {
        why: ", ".join(map(named, names[:shown]))
        + (f" and {len(names) - shown} more" * (len(names) > shown))
        for why, names in told.items()
        if names
    }
