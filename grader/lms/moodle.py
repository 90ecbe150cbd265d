"""Moodle: the bulk download of an assignment, and its grading worksheet as a CSV file.

A download holds {Full Name}_{id}_assignsubmission_file_/ with a student's files in it, or the same
in front of each file's name; with blind marking `Participant` stands for the name. The id is new in
each assignment. Source: Moodle's mod/assign.

Every file has the time of the download, not of the submission. The worksheet has the times; its
headers are in the site's language. With blind marking it has no names: a row is `Participant 123`,
and the download's file is named `Participant_123`.

An upload leaves out, without a word, grades above the maximum and of students whose grade is locked
in Moodle's gradebook. Source: process_import_grades in mod/assign/feedback/offline/locallib.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.lms.hand_ins import from_loose_files, hand_in
from grader.lms.protocol import Export, Search, TimeRow, Timesheet
from grader.submission.sources import Source

if TYPE_CHECKING:
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

_NAME = re.compile(
    r"(?P<name>.+?_\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_MOMENT = re.compile(r"\d{4}.*\d\d?[:.h]\d\d", re.DOTALL)
_IDENTIFIER = re.compile(r"\D+(\d+)")

# Columns that identify a row's student, the most reliable first.
_EMAILS = "email address", "e-mail-adresse", "adresse de courriel", "dirección de correo"
_IDS = "id number", "id-nummer", "matrikelnummer", "username", "anmeldename"
_NAMES = "full name", "vollständiger name", "nom complet", "nombre completo", "name"
_STUDENT = (*_EMAILS, *_IDS, *_NAMES)
_GRADE = (
    "grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "nota", "betyg",
)  # fmt: skip
_MAXIMUM = (
    "maximum grade", "bestwertung", "note maximale", "calificación máxima", "valutazione massima",
    "maximumcijfer",
)  # fmt: skip
# "No" in the column after the maximum, "Grade can be changed".
_NO = frozenset({"no", "nein", "non", "não", "nee", "nej", "nei", "ei", "nie", "ne", "нет", "ні"})


class Moodle:
    """Moodle (see the module)."""

    key = "moodle"
    title = "Moodle"
    table: str | None = "grading worksheet"

    def recognise(self, path: Path) -> int | None:
        named = _NAME.fullmatch(path.name)
        return named.start("kind") if named and named["file"] not in (".", "..") else None

    def recognise_table(self, header: Sequence[str]) -> bool:
        # Without names (blind marking), the maximum tells it from another table with grades.
        named = any(name in header for name in (*_STUDENT, *_MAXIMUM))
        return named and any(name in header for name in _GRADE)

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """A student's folder, or files that begin with the name; text typed online is left out."""
        groups: dict[str, list[tuple[tuple[str], Path]]] = {}
        for path in paths:
            named = _NAME.fullmatch(path.name)
            if named is None or named["kind"] != "file":
                yield path
            elif path.is_dir():
                yield from hand_in(search, path, named["name"], clock="nothing")
            else:
                file = named["file"] or "unnamed"
                groups.setdefault(named["name"], []).append(((file,), path))
        for student, files in groups.items():
            yield from from_loose_files(search, student, files, clock="nothing")

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """The worksheet's times of the submissions, which come before those of the grades.

        As the headers may be in any language, every table that contains a time is accepted.
        A row begins with `Participant 123` and the full name.
        """
        places = [place for row in rows for place, cell in enumerate(row) if _MOMENT.search(cell)]
        if not places:
            return None
        column = min(places)
        listed = [
            TimeRow(
                line, row[column], row[0],
                name=row[1] if len(row) > 1 else "",
                email=next((cell for cell in row if "@" in cell), ""),
                number=_number_of(row[0]),
            )
            for line, row in enumerate(rows, start=2)
            if len(row) > column
        ]  # fmt: skip
        return Timesheet(column, tuple(listed))

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """The column `Grade` of the worksheet, whatever it is called in the site's language."""
        from grader.lms.filling import (
            RowNames,
            as_number,
            fill_column,
            keys_of,
            name_key,
            names_in,
            the_column,
        )

        keys = keys_of(table)
        blind = not any(name in keys for name in _STUDENT) and any(
            _IDENTIFIER.fullmatch(cells[0].strip()) for cells in table.cells()
        )
        identity = (*_STUDENT, *_MAXIMUM, keys[0])
        student = names_in(table, _IDS, _EMAILS, _NAMES) if not blind else lambda _: RowNames()
        place = the_column(
            table, column, lambda header: name_key(header) in _GRADE, "Grade", identity
        )
        maximum = next((keys.index(name) for name in _MAXIMUM if name in keys), None)
        if maximum is None and _are_numbers(table, place + 1):
            maximum = place + 1  # it stands there in every language

        def refuses(cells: Sequence[str], points: float) -> str:
            if maximum is None or maximum >= len(cells):
                return ""
            if maximum + 1 < len(cells) and name_key(cells[maximum + 1]) in _NO:
                return "locked"
            most = as_number(cells[maximum])
            above = most is not None and points > most
            return f"{points:g} is above the maximum of {most:g}" if above else ""

        return fill_column(
            table, grades, place,
            whose=student,
            hand_in=lambda cells: cells[0] if blind else "",
            refuses=refuses,
            so_far=so_far,
            worth=[
                as_number(cells[maximum])
                for cells in table.cells()
                if maximum is not None and maximum < len(cells)
            ],
        )  # fmt: skip


def _are_numbers(table: Table, place: int) -> bool:
    """Whether all students' cells in a column are numbers."""
    from grader.lms.filling import as_number

    return all(place < len(cells) and as_number(cells[place]) for cells in table.cells())


def _number_of(identifier: str) -> str:
    """ "123" of "Participant 123"; "" for anything else."""
    matched = _IDENTIFIER.fullmatch(identifier.strip())
    return matched[1] if matched else ""
