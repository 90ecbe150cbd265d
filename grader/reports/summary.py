"""One run as a table: a line for each submission, which a spreadsheet can open."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.reports.schema import Outcome, Report
from grader.submission.sources import Source

_BEGIN_FORMULAS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@dataclass(frozen=True)
class Row:
    """One line of a run: a submission and how it fared.

    outcomes: how many checks ended each way. faults: checks lost through a fault of the grader.
    again: the report was there already and still holds. counts: known when the whole run is done;
    until then it is True. diagnosis: the first mistake named.
    reason: why nothing of it could be run, where that is so.
    """

    assignment: str
    student: str
    label: str
    score: float
    max_score: float
    counts: bool
    outcomes: Mapping[str, int]
    faults: int
    warnings: tuple[str, ...]
    sha256: str
    received_at: str
    report: str
    diagnosis: str | None
    reason: str | None = None
    again: bool = False

    @property
    def status(self) -> str:
        """In a word or two, the least happy thing first."""
        if not self.outcomes or self.faults:
            return "not graded" if not self.outcomes else "fault of the grader"
        if self.outcomes.get("passed", 0) == sum(self.outcomes.values()):
            return "all passed"
        ordered = ("crashed", "refused", "timeout", "out_of_memory", "over_limit", "error")
        for word in (*ordered, "failed", "not_attempted"):
            if self.outcomes.get(word):
                return word.replace("_", " ")
        return "blocked"


def row_of(report: Report, source: Source) -> Row:
    """The line of a staff's report."""
    return Row(
        assignment=report.assignment,
        student=report.student,
        label=source.label,
        score=report.score,
        max_score=report.max_score,
        counts=True,
        outcomes=dict(Counter(check.outcome.value for check in report.checks)),
        faults=len(report.faults),
        warnings=report.warnings,
        sha256=report.submission_sha256,
        received_at=source.received_at.isoformat(timespec="seconds"),
        report=f"{report.assignment}/{source.label}.json",
        diagnosis=next((check.diagnosis for check in report.checks if check.diagnosis), None),
        reason=reason_of(report),
    )


def reason_of(report: Report) -> str | None:
    """Why nothing of a submission could be run: every check says the same. None if any could."""
    if not report.checks:
        return report.warnings[-1] if report.warnings else None
    told = {check.message and check.message.without_output for check in report.checks}
    alike = {check.outcome for check in report.checks} == {Outcome.ERROR} and len(told) == 1
    message = told.pop() if alike else None
    return None if message is None else message.headline


def gradebook_csv(rows: list[Row]) -> str:
    """One line for each submission; those that count are marked."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["assignment", "student", "score", "max_score", "counts", "status", "received_at",
         "submission_sha256", "report", "warnings"]
    )  # fmt: skip
    for row in rows:
        cells: list[Any] = [
            row.assignment, row.student, f"{row.score:g}", f"{row.max_score:g}",
            "yes" if row.counts else "no", row.status, row.received_at, row.sha256, row.report,
            " | ".join(row.warnings),
        ]  # fmt: skip
        writer.writerow([harmless_cell(str(cell)) for cell in cells])
    return text.getvalue()


def counting_reports(text: str) -> dict[str, bool]:
    """By report whether it counts, as `gradebook_csv` wrote it."""
    lines = csv.DictReader(io.StringIO(text))
    return {line["report"]: line["counts"] == "yes" for line in lines if line.get("report")}


def harmless_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers.

    The characters are those of OWASP's page on CSV injection.
    """
    if text[:1] in _BEGIN_FORMULAS:
        try:
            float(text)
        except ValueError:
            return "'" + text
    return text


def original_cell(text: str) -> str:
    """What `harmless_cell` made a cell of."""
    inside = text.removeprefix("'")
    return inside if harmless_cell(inside) == text else text
