"""Answers and marks as a table in which several people can work, each in their own program."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Question
from grader.errors import UsageError
from grader.gradebook.marking.marking import Pseudonyms, Sheet, parse_marking
from grader.gradebook.records import Mark
from grader.reports.summary import harmless_cell, original_cell

COLUMNS = ("question", "student", "points", "max_points", "rubric", "comment", "marked_by",
           "submission", "answer", "version")  # fmt: skip


@dataclass(frozen=True)
class RowMark:
    """A mark that somebody entered in a table. row: for messages. old: what it would replace."""

    row: str
    sheet: Sheet
    points: float
    rubric: tuple[str, ...]
    comment: str
    who: str
    expected: bool

    @property
    def old(self) -> Mark | None:
        return self.sheet.own_mark


def marks_csv(found: Sequence[Sheet], anonymous: Pseudonyms | None) -> str:
    """A line for each answer, with the marks that there are.

    Without names the lines are in the order of the pseudonyms, which tells nothing. `version` says
    which mark was there, so that reading the table back notices if it was changed meanwhile.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = [(sheet, _cells(sheet, anonymous)) for sheet in found]
    if anonymous is not None:
        places = {name: n for n, name in enumerate(dict.fromkeys(s.question.id for s in found))}
        rows.sort(key=lambda row: (places[row[0].question.id], row[1]["student"]))
    for _, cells in rows:
        writer.writerow([harmless_cell(cells[name]) for name in COLUMNS])
    return text.getvalue()


def key_csv(found: Sequence[Sheet], anonymous: Pseudonyms) -> str:
    """Which student each pseudonym stands for: to be kept apart from the table."""
    rows = {
        (anonymous.student(sheet), student.id, student.name)
        for sheet in found
        for student in sheet.people
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("pseudonym", "id", "name"))
    writer.writerows([harmless_cell(cell) for cell in row] for row in sorted(rows))
    return text.getvalue()


def _cells(sheet: Sheet, anonymous: Pseudonyms | None) -> dict[str, str]:
    mark = sheet.mark
    comment, answer = "" if mark is None else mark.comment, sheet.answer or ""
    if anonymous is not None:
        comment, answer = anonymous.text(comment, sheet), anonymous.text(answer, sheet)
    cells = {
        "question": sheet.question.id,
        "student": sheet.student if anonymous is None else anonymous.student(sheet),
        "points": "" if mark is None else f"{mark.points:g}",
        "max_points": f"{sheet.question.points:g}",
        "rubric": "" if mark is None else _letters(mark.rubric, sheet.question),
        "comment": comment,
        "marked_by": "" if mark is None else mark.who,
        "submission": sheet.attempt.sha256[:12]
        if anonymous is None
        else anonymous.submission(sheet),
        "answer": answer,
    }
    # With a letter and a dash no spreadsheet takes it for a number.
    return {**cells, "version": f"v{mark_version(sheet.own_mark)}-{_as_typed(cells)}"}


def _letters(met: Sequence[str], question: Question) -> str:
    return "".join(
        chr(ord("a") + place) for place, item in enumerate(question.rubric) if item in met
    )


def mark_version(mark: Mark | None) -> str:
    """Which mark was there: "none", or a digest of who gave what."""
    if mark is None:
        return "none"
    said = repr((mark.points, mark.rubric, mark.comment, mark.who, mark.at.isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def _as_typed(row: Mapping[str, str]) -> str:
    """A digest of what a person may have entered in a row, however a spreadsheet writes it."""
    points, letters, comment = _entered(row)
    number = points.replace(",", ".")
    with contextlib.suppress(ValueError):
        number = f"{float(number):g}"
    said = repr((number, "".join(sorted(letters.lower().split())), comment))
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def _entered(row: Mapping[str, str]) -> tuple[str, str, str]:
    """Points, rubric letters and comment of a row."""
    comment = original_cell(row.get("comment", "")).strip()
    return row["points"].strip(), row.get("rubric", "").strip(), comment


def read_marks(
    path: Path, found: Sequence[Sheet], who: str, anonymous: Pseudonyms
) -> list[RowMark]:
    """The marks that somebody entered in a table as `marks_csv` writes it, with or without names.

    Lines without points, and those that nobody changed, are left out. A mark is `expected` if what
    it replaces is what the table shows, or was given by the same person. Raises UsageError, before
    anything is marked, for a line that matches no answer, also if its submission is no longer the
    one that counts.
    """
    by_name = {(sheet.question.id, name): sheet for sheet in found for name in sheet.students}
    pseudonyms = {(sheet.question.id, anonymous.student(sheet)): sheet for sheet in found}
    marks = []
    for number, row in enumerate(_rows(path), start=2):
        points, letters, comment = _entered(row)
        if not points and not letters:
            continue
        names = (row["student"].removeprefix("'"), row["student"])
        listed = [pairs.get((row["question"], name))
                  for name in names for pairs in (by_name, pseudonyms)]  # fmt: skip
        sheet = next((each for each in listed if each is not None), None)
        where = f"{path}, row {number}"
        if sheet is None:
            raise UsageError(
                f"{where}: there is no answer by {row['student']!r} to {row['question']!r}; "
                "correct or remove the row"
            )
        work = row.get("submission") or ""
        if not sheet.attempt.sha256.startswith(work) and work != anonymous.submission(sheet):
            raise UsageError(
                f"{where}: {names[0]} has handed in again since the export; export again"
            )
        version, _, typed = row.get("version", "").strip().removeprefix("v").partition("-")
        if typed == _as_typed(row):
            continue
        try:
            given = parse_marking(f"{letters} {points}/{comment}", sheet.question)
        except UsageError as exc:
            raise UsageError(f"{where}: {exc}") from None
        old, own = sheet.mark, sheet.own_mark
        marker = row.get("marked_by", "").strip()
        if not marker or (own is not None and marker == own.who):
            marker = who  # the cell tells who gave the mark that this one replaces
        if old is None or (old.points, old.rubric, old.comment) != given:
            same = version == mark_version(own) or (own is None and not version)
            expected = same or (own is not None and own.who == who)
            said = f"{where}: {names[0]}, {sheet.question.id}"
            marks.append(RowMark(said, sheet, *given, marker, expected))
    return marks


def _rows(path: Path) -> list[Mapping[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"cannot read {path}: {exc}") from None
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count), restval="")
    missing = {"question", "student", "points"} - set(rows.fieldnames or ())
    if missing:
        raise UsageError(f"{path} has no column `{min(missing)}`; use a table made by --export")
    return list(rows)
