"""The class report's tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.analytics.mistakes import Mistake
from grader.analytics.outcomes import CheckSummary
from grader.reports.schema import Outcome
from grader.reports.summary import harmless_cell


def checks_csv(checks: Sequence[CheckSummary]) -> str:
    """A line for each check: its points, what was earned, how it ended, how long it took.

    fit: the correlation of its points with the rest of the score, empty where it cannot be told.
    """
    columns = ["check", "title", "visibility", "points", "mean_points", "earned_percent", "fit"]
    columns += [outcome.value for outcome in Outcome]
    return _table(
        [*columns, "median_s", "longest_s", "remark"],
        (
            [
                check.id, check.title, check.visibility.value, f"{check.max_points:g}",
                f"{check.mean:.3f}", f"{100 * check.share:.1f}",
                "" if check.fit is None else f"{check.fit:.2f}",
                *(str(check.outcomes.get(outcome, 0)) for outcome in Outcome),
                f"{check.median_s:.3f}", f"{check.longest_s:.3f}", check.remark,
            ]
            for check in checks
        ),
    )  # fmt: skip


def mistakes_csv(mistakes: Sequence[Mistake]) -> str:
    """A line for each mistake; where it has no name, with what the checks said."""
    return _table(
        ["mistake", "named", "submissions", "checks", "function", "students"],
        (
            [
                each.words, "yes" if each.named else "no", str(len(each.who)),
                " ".join(check for check, _ in each.checks), each.function or "",
                "; ".join(each.who),
            ]
            for each in mistakes
        ),
    )  # fmt: skip


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless_cell(cell) for cell in row] for row in rows)
    return text.getvalue()
