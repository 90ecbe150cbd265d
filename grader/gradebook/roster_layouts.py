"""The lists of people that learning-management systems export, as a roster with our columns.

They call the columns by names of their own, of which some would mislead: in Canvas's gradebook `ID`
is a number that nobody uses, and `Student` is the name. A list is told by a few columns that only
this system has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Rows = Sequence[Sequence[str]]
_FIRST, _LAST = "first", "last"  # parts of the name
_FIELDS = ("id", "name", "email", "login", "section")


@dataclass(frozen=True)
class _Layout:
    """The list of one system.

    told_by: columns that all its lists have and no other's. columns: from its columns to ours, a
    later one for the same field where the earlier is missing. Headers are as `heading` makes them.
    nobody: names in rows without an id that are no student's. role: of students, where the list has
    that column. sign: what it puts before an id, so that spreadsheets keep it as text.
    """

    title: str
    told_by: frozenset[str]
    columns: tuple[tuple[str, str], ...]
    nobody: frozenset[str] = frozenset()
    role: str = ""
    sign: str = ""


_LAYOUTS = (
    _Layout(
        "Canvas",
        frozenset(["student", "id", "section"]),
        (("sisuserid", "id"), ("sisloginid", "id"), ("sisloginid", "login"),
         ("student", "name"), ("section", "section")),
        nobody=frozenset(["", "pointspossible", "manualposting", "studenttest", "teststudent"]),
    ),
    _Layout(
        "Moodle",
        frozenset(["idnumber", "emailaddress"]),
        (("idnumber", "id"), ("emailaddress", "email"), ("username", "login"),
         ("firstname", _FIRST), ("lastname", _LAST), ("surname", _LAST)),
    ),
    _Layout(
        "Brightspace",
        frozenset(["orgdefinedid"]),
        (("orgdefinedid", "id"), ("username", "login"), ("email", "email"),
         ("firstname", _FIRST), ("lastname", _LAST)),
        sign="#",
    ),
    _Layout(
        "Gradescope",
        frozenset(["sid", "email", "role"]),
        (("sid", "id"), ("email", "email"), ("name", "name"), ("firstname", _FIRST),
         ("lastname", _LAST), ("section", "section"), ("sections", "section")),
        role="student",
    ),
)  # fmt: skip


def heading(cell: str) -> str:
    """A header as headers are compared: its letters and digits, in lower case."""
    return "".join(char for char in cell.casefold() if char.isalnum())


def as_roster(rows: Rows) -> tuple[list[list[str]], str] | None:
    """A system's list with our columns, each row in its place, and a note for staff.

    None: it is no such list. Rows of nobody, such as Canvas's points possible, become empty.
    """
    header = [heading(cell) for cell in rows[0]]
    layout = next((each for each in _LAYOUTS if each.told_by <= {*header}), None)
    if layout is None:
        return None
    places: dict[str, int] = {}
    for column, name in layout.columns:
        if column in header:
            places.setdefault(name, header.index(column))
    if "id" not in places:
        return None
    ours = [name for name in _FIELDS if name in places or (name == "name" and _LAST in places)]
    role = header.index("role") if layout.role else None
    told = [ours]
    for row in rows[1:]:
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        is_other = role is not None and role < len(row) and heading(row[role]) != layout.role
        if is_other or (not cells["id"] and heading(cells.get("name", "")) in layout.nobody):
            told.append([])
            continue
        cells["id"] = cells["id"].removeprefix(layout.sign)
        parts = [cells.get(part, "") for part in (_FIRST, _LAST)]
        cells.setdefault("name", " ".join(filter(None, parts)))
        told.append([cells[name] for name in ours])
    left_out = len(header) - len({*places.values()})
    return told, (
        f"it is read as a list of {layout.title}'s: the id is the column "
        f"{rows[0][places['id']].strip()!r}, and {left_out} columns are left out"
    )
