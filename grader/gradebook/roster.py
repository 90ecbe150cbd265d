"""The roster: a CSV file of students, and finding a student by a name.

Columns are recognised by their names, in any order, in upper or lower case: id, name, email, login,
section, group, extension_days. `id` is required. Other columns are kept as they are. The lists that
learning-management systems export are read by their own columns: see `roster_layouts`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader._internal.email_address import email_problem
from grader._internal.text import printable
from grader.errors import UsageError
from grader.gradebook.records import Student
from grader.gradebook.roster_layouts import as_roster, heading
from grader.gradebook.spelling import spellings
from grader.reports.summary import harmless_cell, original_cell
from grader.submission.student_ids import valid_id

MAX_BYTES = 16 << 20
MAX_ENDS, MAX_COMMAS = 400_000, 2_000_000  # of lines, and between cells
MOST_NAMED = 5
# How a student is found by a name, the most reliable way first; "person" is what staff said.
WAYS = ("person", "id", "login", "email", "name")
_COLUMNS = {
    "id": "id", "studentid": "id", "student": "id",
    "name": "name", "fullname": "name",
    "email": "email", "emailaddress": "email",
    "login": "login", "loginid": "login", "username": "login",
    "section": "section", "group": "group",
    "extensiondays": "extension_days",
}  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """The content of a file. students: with `key` 0, which the gradebook sets. notes: for staff."""

    students: tuple[Student, ...]
    notes: tuple[str, ...]


def read_roster(path: Path) -> Roster:
    """Read a CSV file. Raises UsageError with the line and the remedy."""
    rows, notes = read_rows(path, "roster")
    if exported := as_roster(rows):
        rows, note = exported
        notes.append(note)
    columns = _columns(rows[0], path)
    others = [name for name, field in zip(rows[0], columns, strict=True) if field is None]
    if others:
        notes.append(f"these columns are kept but not used: {', '.join(map(_one_line, others))}")
    students = tuple(_students(path, rows, columns))
    notes += _ambiguous(students)
    notes += _unreachable(students)
    return Roster(students, tuple(notes))


def roster_csv(students: Iterable[Student]) -> str:
    """A roster that `read_roster` reads as these students, and a spreadsheet as text alone."""
    listed = list(students)
    extra = sorted({name for student in listed for name in student.extra})
    fields = ("id", "name", "email", "login", "section", "group", "extension_days")
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([harmless_cell(name) for name in (*fields, *extra)])
    for student in listed:
        own = [getattr(student, field) for field in fields]
        own += [student.extra.get(name, "") for name in extra]
        rows.writerow([harmless_cell(str(cell)) for cell in own])
    return text.getvalue()


def read_rows(path: Path, what: str) -> tuple[list[list[str]], list[str]]:
    """The rows of a CSV file as a spreadsheet saves it, the header first; and notes for staff.

    what: what the file is, for a UsageError.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise UsageError(f"cannot read the {what} {path}: {exc.strerror}") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"the {what} {path} is larger than {MAX_BYTES >> 20} MB; name a CSV file")
    if data.count(b"\n") + data.count(b"\r") > MAX_ENDS or data.count(b",") > MAX_COMMAS:
        raise UsageError(f"the {what} {path} holds too many rows or cells; name a CSV file")
    text, notes = _decode(data)
    try:
        rows = list(csv.reader(io.StringIO(text), _dialect(text), strict=True))
    except csv.Error as exc:
        raise UsageError(f"the {what} {path} is not a CSV file: {exc}; save it as CSV") from None
    if not rows:
        raise UsageError(f"the {what} {path} is empty; its first line must name the columns")
    return rows, notes


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Decode UTF-8, or UTF-16 with its mark; else Windows-1252, as some spreadsheets save it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), ["it is not UTF-8; it was read as Windows-1252"]


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.split("\n", 1)[0]

    class Separator(csv.excel):
        delimiter = max(",;\t", key=header.count)

    return Separator


def _columns(header: list[str], path: Path) -> list[str | None]:
    """The field of each column, None for one that is only kept."""
    found: list[str | None] = []
    for name in header:
        field = _COLUMNS.get(heading(name))
        if field is not None and field in found:
            first = _one_line(header[found.index(field)])
            raise UsageError(
                f"the roster {path} has two columns for {field}, {first!r} and "
                f"{_one_line(name)!r}; rename or remove one"
            )
        found.append(field)
    if "id" not in found:
        there = ", ".join(map(_one_line, header))[:200]
        raise UsageError(
            f"the roster {path} has no column `id`; add or rename one. It has: {there}"
        )
    return found


def _students(path: Path, rows: list[list[str]], columns: list[str | None]) -> Iterator[Student]:
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        cells = [_one_line(cell) for cell in row]
        if not any(cells):
            continue
        if len(cells) > len(columns):
            raise UsageError(
                f"{path}, row {line} has {len(cells)} cells, but there are {len(columns)} columns; "
                "correct the row"
            )
        fields: dict[str, str] = {}
        extra: dict[str, str] = {}
        for name, field, cell in zip(rows[0], columns, cells, strict=False):
            if field is None:
                extra[_one_line(name)] = cell
            else:
                fields[field] = cell
        problem = valid_id(fields["id"]) if "id" in fields else "is empty"
        if problem is not None:
            raise UsageError(
                f"{path}, row {line}: the id {fields.get('id', '')!r} {problem}; correct it"
            )
        first = lines.setdefault(name_key(fields["id"]), line)
        if first != line:
            raise UsageError(
                f"{path}, rows {first} and {line} have the same id {fields['id']}; correct one"
            )
        days = fields.pop("extension_days", "")
        if not (days == "" or (days.isascii() and days.isdigit() and len(days) < 4)):
            raise UsageError(
                f"{path}, row {line}: extension_days is {days!r}; give a whole number, or leave it "
                "empty"
            )
        student = Student(0, fields["id"], extension_days=int(days or 0), extra=extra)
        yield replace(student, **fields)  # type: ignore[arg-type]  # the fields of text


def _one_line(cell: str) -> str:
    return printable(" ".join(original_cell(cell).split()))


def _ambiguous(students: tuple[Student, ...]) -> list[str]:
    notes = []
    for field in ("login", "email"):
        seen: dict[str, list[str]] = {}
        for student in students:
            if value := getattr(student, field):
                seen.setdefault(name_key(value), []).append(student.id)
        for value, ids in seen.items():
            if len(ids) > 1:
                notes.append(
                    f"{', '.join(ids)} share the {field} {value}, so it is not used to match "
                    "submissions"
                )
    return notes


def _unreachable(students: Iterable[Student]) -> list[str]:
    """Whom no mail reaches, though something stands where their address should."""
    found = [each for each in students if each.email and email_problem(each.email)]
    if not found:
        return []
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    listed = "; ".join(
        f"{each.id}: {each.email[:80]!r} {email_problem(each.email)}" for each in found[:MOST_NAMED]
    )
    return [f"these email addresses cannot be ones, so no mail reaches them: {listed}{more}"]


def name_key(name: str) -> str:
    """A name in the form in which names are compared: normalised, in one case, single spaces."""
    return printable(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def is_called(student: Student, words: Sequence[str]) -> bool:
    """Whether each of some words is in what people know of a student. words: as `name_key` has."""
    said = (student.id, student.name, student.email, student.login, student.section, student.group)
    text = name_key(" ".join(said))
    return all(word in text for word in words)


_NUMBERED = re.compile(r"(?P<name>.+)_\d+")


def letters_of(name: str) -> str:
    """A name without its spaces and punctuation, as Canvas writes it."""
    return "".join(char for char in name_key(name) if unicodedata.category(char)[0] in "LNM")


def _sortable(student: Student) -> set[str]:
    """The letters of a name, starting at each word, since any of them may begin the family name."""
    words = student.name.split()
    return {letters_of(" ".join(words[at:] + words[:at])) for at in range(len(words))}


class Matcher:
    """Finds students on the roster by any of their names.

    The ways are WAYS. A name that two students share finds neither. If no student has exactly the
    given name, it is read as a download writes it (see grader.lms): "lovelaceada_12" of Canvas and
    "Ada Lovelace_7" of Moodle by the name without the number, which is not on the roster;
    "ada@example.org 1815" of Gradescope by each half. If a group hands in, Canvas writes the name
    of the group in place of the student's: "teameuler_12" finds the first member of the group "Team
    Euler", if no student has that name, and the submission counts for the whole group.

    At the very last, names are compared without their diacritics (see `spellings`):
    "muellersven_12" and "mullersven_12" find Sven Müller, if nobody else could be meant.
    """

    def __init__(self, students: Iterable[Student], aliases: Mapping[str, int]) -> None:
        self._everybody = tuple(students)
        by_key = {student.key: student for student in self._everybody}
        said = {name: [by_key[key]] for name, key in aliases.items() if key in by_key}
        self._indexes: dict[str, dict[str, list[Student]]] = {"person": said}
        self._by_letters: dict[str, list[Student]] | None = None
        self._groups: dict[str, dict[str, Student]] | None = None
        self._by_spelling: dict[str, dict[int, tuple[Student, str]]] | None = None

    def find(self, name: str) -> tuple[Student, str] | None:
        """The student and the way they were found; None if nobody matches, or more than one."""
        key = name_key(name)
        for way in WAYS:
            found = self._index(way).get(key, ())
            if found:
                return (found[0], way) if len(found) == 1 else None
        numbered = _NUMBERED.fullmatch(key)
        if numbered:
            exact = self._find_by_name(numbered["name"]) or self._find_by_group(numbered["name"])
            return exact or self._find_by_spelling(letters_of(numbered["name"]))
        email, _, rest = key.partition(" ")
        if "@" not in email or not rest:
            return self._find_by_spelling(key) if " " in key else None
        halves = list(filter(None, (self.find(email), self.find(rest))))
        return halves[0] if len({student.key for student, _ in halves}) == 1 else None

    def _find_by_name(self, name: str) -> tuple[Student, str] | None:
        """By the full name; else by its letters, with the family name first or last."""
        found = self._index("name").get(name, ())
        if not found:
            if self._by_letters is None:
                self._by_letters = {}
                for student in self._everybody:
                    for letters in _sortable(student) if student.on_roster else ():
                        self._by_letters.setdefault(letters, []).append(student)
            found = self._by_letters.get(letters_of(name), ())
        return (found[0], "name") if len(found) == 1 else None

    def _find_by_group(self, name: str) -> tuple[Student, str] | None:
        """The first member of the only group with these letters; None if a student is so named."""
        if self._groups is None:
            self._groups = {}
            for student in self._everybody:
                if student.on_roster and student.group:
                    same = self._groups.setdefault(letters_of(student.group), {})
                    same.setdefault(name_key(student.group), student)
        letters = letters_of(name)
        found = list(self._groups.get(letters, {}).values())
        taken = name in self._index("name") or letters in (self._by_letters or ())
        named = any(map(str.isalpha, letters))  # a number is no name
        return (found[0], "group") if len(found) == 1 and named and not taken else None

    def _find_by_spelling(self, name: str) -> tuple[Student, str] | None:
        """By a name without diacritics, of a student or else of a group; None if several match.

        name: a full name with its spaces, or the letters of one, the family name first or last.
        """
        if self._by_spelling is None:
            self._by_spelling = self._spelt()
        found: dict[int, tuple[Student, str]] = {}
        for spelling in spellings(name):
            found |= self._by_spelling.get(spelling, {})
        students = [each for each in found.values() if each[1] == "name"]
        chosen = students or list(found.values())
        return chosen[0] if len(chosen) == 1 else None

    def sharing(self, name: str) -> list[Student]:
        """The students that a name may mean, if they are several, so that `find` finds none."""
        if self.find(name) is not None:
            return []
        key = name_key(name)
        numbered = _NUMBERED.fullmatch(key)
        form = letters_of(numbered["name"]) if numbered else key
        if self._by_spelling is None:
            self._by_spelling = self._spelt()
        found: dict[int, Student] = {}
        for spelling in spellings(form):
            hits = self._by_spelling.get(spelling, {})
            found |= {each: student for each, (student, way) in hits.items() if way == "name"}
        return list(found.values()) if len(found) > 1 else []

    def _spelt(self) -> dict[str, dict[int, tuple[Student, str]]]:
        """Students and the first members of groups, by each spelling of each form of a name."""
        forms: list[tuple[str, Student, str]] = []
        groups: dict[str, Student] = {}
        for student in self._everybody:
            if not student.on_roster:
                continue
            written = {name_key(student.name), *_sortable(student)} - {""}
            forms += [(form, student, "name") for form in written]
            if student.group and any(map(str.isalpha, letters_of(student.group))):
                groups.setdefault(name_key(student.group), student)
        forms += [(letters_of(name), first, "group") for name, first in groups.items()]
        index: dict[str, dict[int, tuple[Student, str]]] = {}
        for form, student, way in forms:
            for spelling in spellings(form):
                index.setdefault(spelling, {}).setdefault(student.key, (student, way))
        return index

    def _index(self, way: str) -> dict[str, list[Student]]:
        """Students by one kind of name; built on first use."""
        if way not in self._indexes:
            index: dict[str, list[Student]] = {}
            for student in self._everybody:
                if student.on_roster and (value := getattr(student, way)):
                    index.setdefault(name_key(value), []).append(student)
            self._indexes[way] = index
        return self._indexes[way]
