"""How the checks of many submissions ended, read from their reports.

A report is long and never changes. What was read of one is kept by its SHA-256, so that a page over
a whole class reads only the reports that have come since it was last asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from grader.gradebook.models import report_texts, reports
from grader.reports.schema import Outcome

_AT_ONCE = 500  # reports, so that never all of them are in memory


@dataclass(frozen=True)
class CheckOutcome:
    """How one check ended. mistake: its name, "" if it is not known."""

    id: str
    title: str
    outcome: Outcome
    points: float
    max_points: float
    mistake: str

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.outcome is Outcome.PASSED


class OutcomeReader:
    """Reads how checks ended. keep: of how many reports that stays in memory.

    Threads may share one: at worst two of them read the same report.
    """

    def __init__(self, keep: int = 50_000) -> None:
        self._keep = keep
        self._kept: dict[str, tuple[CheckOutcome, ...]] = {}
        self._same: dict[tuple[Any, ...], CheckOutcome] = {}  # most of a class ends alike

    def of(
        self, connection: Connection, wanted: Iterable[int]
    ) -> dict[int, tuple[CheckOutcome, ...]]:
        """The checks of reports in their order, by the reports' keys."""
        found: dict[int, tuple[CheckOutcome, ...]] = {}
        fresh: dict[int, str] = {}
        for keys in _batches(wanted):
            query = select(reports.c.key, reports.c.sha256).where(reports.c.key.in_(keys))
            for key, sha256 in connection.execute(query):
                kept = self._kept.get(sha256)
                if kept is None:
                    fresh[key] = sha256
                else:
                    found[key] = kept
        if len(self._kept) + len(fresh) > self._keep:
            self._kept, self._same = {}, {}
        for keys in _batches(fresh):
            texts = select(report_texts.c.report, report_texts.c.staff)
            for key, text in connection.execute(texts.where(report_texts.c.report.in_(keys))):
                found[key] = self._kept[fresh[key]] = self._read(text)
        return found

    def _read(self, report: str) -> tuple[CheckOutcome, ...]:
        return tuple(map(self._outcome, json.loads(report)["checks"]))

    def _outcome(self, check: dict[str, Any]) -> CheckOutcome:
        said = (
            check["id"], check["title"], check["outcome"], check["points"], check["max_points"],
            check["diagnosis"],
        )  # fmt: skip
        known = self._same.get(said)
        if known is None:
            id_, title, outcome, points, most, mistake = said
            made = CheckOutcome(id_, title, Outcome(outcome), points, most, mistake or "")
            known = self._same.setdefault(said, made)
        return known


def _batches(wanted: Iterable[int]) -> Iterator[Sequence[int]]:
    keys = list(wanted)
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
