"""Marking by people: the written answers of a class, one question at a time.

The attempt that counts is marked. Its answers are read from the submission; an answer is the
part below the heading that names its question, or the whole file if no heading does.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.course.assignment import Question
from grader.errors import UsageError
from grader.gradebook.marking.rubric_items import item_points
from grader.gradebook.records import Attempt, Mark, Student
from grader.submission.answers import answers_for_marking

Order = Literal["random", "student", "received"]
_HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """One submission's answer to one question. answer: None if no answers were found.

    people: those for whom it counts; if a group handed in together, all of them. mark: what
    counts for it today. carried: that mark was given to an earlier attempt with the same answer.
    earlier: the mark of an earlier attempt, whose answer was another one. attachments: the names of
    documents and pictures that hold answers. trouble: why the submission cannot be read any more.
    """

    question: Question
    people: tuple[Student, ...]
    attempt: Attempt
    answer: str | None
    mark: Mark | None
    carried: bool = False
    earlier: Mark | None = None
    attachments: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def students(self) -> tuple[str, ...]:
        """The ids of the people."""
        return tuple(student.id for student in self.people)

    @property
    def student(self) -> str:
        """The first of the students, by whom a table names the answer."""
        return self.people[0].id

    @property
    def own_mark(self) -> Mark | None:
        """The mark that this very attempt has, which a new one replaces."""
        return None if self.carried else self.mark


def in_order(found: Sequence[Sheet], name: str, order: Order) -> list[Sheet]:
    """The sheets of each question in the order in which to show them.

    Random is drawn for each homework and question, and is the same for everybody each time; who
    hands in later comes in between, without changing the order of the others.
    """

    def place(sheet: Sheet) -> object:
        if order == "student":
            return sheet.student
        if order == "received":
            return sheet.attempt.received_at.isoformat(), sheet.student
        text = f"{name}\0{sheet.question.id}\0{sheet.student}"
        return hashlib.sha256(text.encode()).hexdigest()

    questions = list(dict.fromkeys(sheet.question.id for sheet in found))
    listed: list[Sheet] = []
    for question in questions:
        theirs = [sheet for sheet in found if sheet.question.id == question]
        listed += sorted(theirs, key=place)  # type: ignore[arg-type]  # one type for one order
    return listed


def written(files: Mapping[str, bytes]) -> str | None:
    """The written answers among the files of a submission, None for none."""
    return answers_for_marking(files)


def answers_in(text: str | None, questions: Sequence[Question]) -> dict[str, str | None]:
    """The answer to each question in a student's text, by the question's id."""
    return {
        question.id: None if text is None else section(text, question, number, len(questions))
        for number, question in enumerate(questions, start=1)
    }


def digests_of(text: str | None, questions: Sequence[Question]) -> dict[str, str]:
    """The digests of the answers that there are: the same for the same words.

    White space, the level of a heading and the form of Unicode do not count. Where there is no
    answer there is no digest: what a person looked up elsewhere is not known to be the same.
    """
    found = {}
    for question, answer in answers_in(text, questions).items():
        plain = " ".join(unicodedata.normalize("NFC", answer or "").split()).lstrip("# ")
        if plain:
            found[question] = hashlib.sha256(plain.encode()).hexdigest()
    return found


def section(text: str, question: Question, number: int, count: int) -> str:
    """The part of a student's answers that is about one question.

    That is the part below a heading with its id or its number. If no heading has one, but there are
    as many headings as questions, they are taken in order; otherwise it is the whole text.
    """
    headings = list(_HEADING.finditer(text))
    starts = [heading.start() for heading in headings]
    parts = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=False)]
    titles = [heading[1] for heading in headings]
    by_id = [_plain(question.id) in _plain(title) for title in titles]
    by_number = [re.search(rf"(?<!\d){number}(?!\d)", title) is not None for title in titles]
    for told in (by_id, by_number):
        if any(told):
            return parts[told.index(True)]
    return parts[number - 1] if len(parts) == count else text.strip()


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def parse_marking(text: str, question: Question) -> tuple[float, tuple[str, ...], str]:
    """The points, the rubric items met, and the comment that a marker typed.

    "ac" means the items a and c of the rubric, "2.5" means points, "ac 2" means both; the text
    after a slash is a comment: "ac / say why". Raises UsageError.
    """
    typed, _, comment = text.partition("/")
    words = [re.sub(r"(?<=\d),(?=\d)", ".", word) for word in typed.split()]  # 2,5 is 2.5
    letters = [char for word in words if not _is_number(word) for char in word.lower()]
    numbers = [float(word) for word in words if _is_number(word)]
    places = [ord(char) - ord("a") for char in letters]
    if len(numbers) > 1 or any(not 0 <= place < len(question.rubric) for place in places):
        raise UsageError("give letters of the rubric, such as `ac`, or points, such as `2.5`")
    items = tuple(question.rubric[place] for place in sorted(set(places)))
    if numbers:
        points = numbers[0]
    elif not items and not words:
        raise UsageError("give letters of the rubric, such as `ac`, or points, such as `2.5`")
    else:
        worth = [item_points(item) for item in items]
        if None in worth:
            raise UsageError(
                "some of these items have no points; give points as well, such as `ac 2`"
            )
        points = sum(each for each in worth if each is not None)
    if not 0 <= points <= question.points:
        raise UsageError(f"{points:g} points are not possible; give 0 to {question.points:g}")
    return points, items, comment.strip()


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


# Without names


@dataclass(frozen=True)
class Pseudonyms:
    """Replaces the names of one homework's students. pseudonym: of an id."""

    pseudonym: Callable[[str], str]

    def student(self, sheet: Sheet) -> str:
        """What the sheet's student is called."""
        return self.pseudonym(sheet.student)

    def submission(self, sheet: Sheet) -> str:
        """A mark of the submission that does not lead to it."""
        return self.pseudonym(sheet.attempt.sha256)

    def text(self, text: str, sheet: Sheet) -> str:
        """A text without the names by which its own students are known."""
        for name, flags in _names_of(sheet):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", text, flags=flags)
        return text


def _names_of(sheet: Sheet) -> list[tuple[str, re.RegexFlag]]:
    """Ids, logins, addresses and names of a sheet's people, and what they handed in as.

    A short number or letter would be found everywhere in an answer; it stays. A part of a name
    may be a word too ("will"), and is only meant as it is written.
    """
    whole = [sheet.attempt.handed_in_by, sheet.attempt.label, sheet.attempt.claimed or ""]
    parts: list[str] = []
    for student in sheet.people:
        whole += [student.id, student.login, student.email, student.name]
        parts += student.name.split()
    found = {name: re.RegexFlag(0) for name in parts}
    found |= dict.fromkeys(whole, re.IGNORECASE)
    named = [(name.strip(), flags) for name, flags in found.items() if len(name.strip()) > 2]
    return sorted(named, key=lambda each: (-len(each[0]), each[0]))
