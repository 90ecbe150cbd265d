"""Who marks what: a student's answer to a question is shared out to one marker at most.

What is shared out to a marker they see first. Where a homework's shares are closed, markers see
nothing else of it. Work done together is whose of its people comes first by id.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from grader.errors import UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.grades.policy import count
from grader.gradebook.history import Author, log
from grader.gradebook.marking.marking import Sheet
from grader.gradebook.models import closed_shares, shares


@dataclass(frozen=True)
class ShareMap:
    """The shares of one homework. marker_of: by question and the key of a student."""

    marker_of: Mapping[tuple[str, int], str]
    closed: bool = False

    def marker(self, sheet: Sheet) -> str:
        """To whom an answer is shared out; "" for nobody."""
        for person in sheet.people:
            if who := self.marker_of.get((sheet.question.id, person.key)):
                return who
        return ""

    def place(self, sheet: Sheet, who: str) -> int:
        """When a marker is shown an answer: their own first, then nobody's, then others'."""
        theirs = self.marker(sheet)
        return 0 if theirs == who else 1 if not theirs else 2

    def students_of(self, who: str) -> frozenset[int]:
        """The keys of the students of whom anything is shared out to a marker."""
        return frozenset(key for (_, key), each in self.marker_of.items() if each == who)

    def counts(self, question: str) -> Counter[str]:
        """How many students each marker has of a question."""
        return Counter(who for (asked, _), who in self.marker_of.items() if asked == question)


def mine_first(found: Sequence[Sheet], shares: ShareMap, who: str) -> list[Sheet]:
    """The sheets of each question with those first that are shared out to a marker."""
    questions = list(dict.fromkeys(sheet.question.id for sheet in found))

    def place(sheet: Sheet) -> tuple[int, int]:
        return questions.index(sheet.question.id), shares.place(sheet, who)

    return sorted(found, key=place)


class Shares:
    """The shares of one course. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def of(self, assignment: str) -> ShareMap:
        """The shares of a homework."""
        with reading(self._engine) as connection:
            return load_shares(connection, assignment)

    def closed(self) -> frozenset[str]:
        """The homeworks of which markers see only what is shared out to them."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(select(closed_shares.c.assignment)).scalars())

    def assign(
        self,
        assignment: str,
        questions: Collection[str],
        students: Iterable[int],
        marker: str,
        *,
        who: str,
        whose: str,
    ) -> None:
        """Share students' answers out to a marker instead of whoever had them; "" for nobody.

        students: keys. whose: in words, for the history.
        """
        wanted = dict.fromkeys(students, marker)
        self._set(assignment, dict.fromkeys(questions, wanted), who, whose)

    def split(
        self,
        assignment: str,
        questions: Collection[str],
        students: Collection[int],
        markers: Sequence[str],
        *,
        who: str,
        whose: str,
    ) -> None:
        """Share students' answers out evenly among markers, at random and the same each time.

        The numbers of any two markers differ by one at most, for each question. Raises UsageError
        without a marker.
        """
        if not markers:
            raise UsageError("nobody is named to share the answers out to; choose a marker")
        self._set(
            assignment,
            {each: _evenly(assignment, each, students, markers) for each in questions},
            who,
            whose,
        )

    def _set(
        self, assignment: str, wanted: Mapping[str, Mapping[int, str]], who: str, whose: str
    ) -> None:
        with writing(self._engine) as connection:
            for question, markers in wanted.items():
                before = load_shares(connection, assignment).counts(question)
                same = shares.c.assignment == assignment, shares.c.question == question
                there = select(shares.c.student).where(*same)
                gone = set(connection.execute(there).scalars()) & markers.keys()
                for key in gone:
                    connection.execute(delete(shares).where(*same, shares.c.student == key))
                rows = [
                    {"assignment": assignment, "question": question, "student": key, "who": marker}
                    for key, marker in markers.items()
                    if marker
                ]
                if rows:
                    connection.execute(insert(shares), rows)
                after = load_shares(connection, assignment).counts(question)
                said = Author(who, self._clock()).change(
                    "shared", f"{question}: {whose}", assignment=assignment,
                    before=_said(before), after=_said(after),
                )  # fmt: skip
                log(connection, [said])

    def close(self, assignment: str, *, closed: bool, who: str) -> None:
        """Let markers see only what is shared out to them of a homework, or everything again."""
        now = self._clock()
        same = closed_shares.c.assignment == assignment
        with writing(self._engine) as connection:
            before = connection.execute(select(closed_shares.c.assignment).where(same)).first()
            if (before is not None) == closed:
                return
            if closed:
                row = {"assignment": assignment, "who": who, "at": now}
                connection.execute(insert(closed_shares).values(**row))
            else:
                connection.execute(delete(closed_shares).where(same))
            words = ("everything", "what is shared out to them")
            said = Author(who, now).change(
                "shared", "what markers see", assignment=assignment,
                before=words[not closed], after=words[closed],
            )  # fmt: skip
            log(connection, [said])


def load_shares(connection: Connection, assignment: str) -> ShareMap:
    """The shares of a homework, within the caller's transaction."""
    columns = shares.c.question, shares.c.student, shares.c.who
    rows = connection.execute(select(*columns).where(shares.c.assignment == assignment))
    found = {(question, student): who for question, student, who in rows}
    same = closed_shares.c.assignment == assignment
    closed = connection.execute(select(closed_shares.c.assignment).where(same)).first()
    return ShareMap(found, closed is not None)


def _evenly(
    assignment: str, question: str, students: Collection[int], markers: Sequence[str]
) -> dict[int, str]:
    def drawn(key: int) -> str:
        return hashlib.sha256(f"{assignment}\0{question}\0{key}".encode()).hexdigest()

    return {
        key: markers[place % len(markers)]
        for place, key in enumerate(sorted(set(students), key=drawn))
    }


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{who}: {count(number, 'student')}" for who, number in sorted(counts.items()))
