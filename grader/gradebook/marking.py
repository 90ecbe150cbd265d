"""Marking by people: the written answers of a class, one question at a time.

The attempt that counts is marked. Its answers are read from the submission; an answer is the
part below the heading that names its question, or the whole file if no heading does.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Question
from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.records import Attempt, Grade, Mark
from grader.reports.summary import harmless_cell
from grader.submission.answers import answers_for_marking
from grader.submission.files import read_submission

COLUMNS = ("question", "student", "points", "max_points", "rubric", "comment", "marked_by",
           "submission", "answer")  # fmt: skip
_ITEM_POINTS = re.compile(r"\((\d+(?:\.\d+)?)\)\s*$")
_HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """One submission's answer to one question. answer: None if no answers were found.

    students: those for whom it counts; if a group handed in together, all of them.
    """

    question: Question
    students: tuple[str, ...]
    attempt: Attempt
    answer: str | None
    mark: Mark | None

    @property
    def student(self) -> str:
        """The first of the students, by whom a table names the answer."""
        return self.students[0]


def item_points(item: str) -> float | None:
    """The points of a rubric's item, which are in parentheses at its end."""
    found = _ITEM_POINTS.search(item)
    return float(found[1]) if found else None


def sheets(book: Gradebook, course: Course, name: str) -> list[Sheet]:
    """Every answer of a homework, by question and student. Raises UsageError for none to mark."""
    questions = course.spec(name).questions
    if not questions:
        raise UsageError(
            f"there is nothing to mark: the assignment.toml of {name} has no questions"
        )
    found: list[Sheet] = []
    together: dict[int, list[Grade]] = {}
    for grade in book.grades(name):
        if grade.attempt is not None:
            together.setdefault(grade.attempt.key, []).append(grade)
    for grades in together.values():
        attempt, students = grades[0].attempt, tuple(grade.student.id for grade in grades)
        assert attempt is not None
        marks = {each.question: each.mark for each in grades[0].questions}
        text = _answers_of(attempt)
        for number, question in enumerate(questions, start=1):
            answer = None if text is None else section(text, question, number, len(questions))
            found.append(Sheet(question, students, attempt, answer, marks[question.id]))
    order = {question.id: place for place, question in enumerate(questions)}
    return sorted(found, key=lambda sheet: (order[sheet.question.id], sheet.student))


def _answers_of(attempt: Attempt) -> str | None:
    return answers_for_marking(read_submission(Path(attempt.source)).files)


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


# A table that several people can work in


def marks_csv(found: Sequence[Sheet]) -> str:
    """A line for each answer, with the marks that there are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for sheet in found:
        mark = sheet.mark
        letters = "" if mark is None else _letters(mark.rubric, sheet.question)
        cells = [
            sheet.question.id, sheet.student, "" if mark is None else f"{mark.points:g}",
            f"{sheet.question.points:g}", letters, "" if mark is None else mark.comment,
            "" if mark is None else mark.who, sheet.attempt.sha256[:12], sheet.answer or "",
        ]  # fmt: skip
        writer.writerow([harmless_cell(cell) for cell in cells])
    return text.getvalue()


def _letters(met: Sequence[str], question: Question) -> str:
    return "".join(
        chr(ord("a") + place) for place, item in enumerate(question.rubric) if item in met
    )


def read_marks(
    path: Path, found: Sequence[Sheet], who: str
) -> list[tuple[Sheet, float, tuple[str, ...], str, str]]:
    """The marks in a table as `marks_csv` writes it: sheet, points, rubric, comment, marker.

    Lines without points, and marks that have not changed, are left out. Raises UsageError, before
    anything is marked, for a line that matches no answer, also if its submission is no longer the
    one that counts.
    """
    by_name = {(sheet.question.id, name): sheet for sheet in found for name in sheet.students}
    marks = []
    for number, row in enumerate(_rows(path), start=2):
        points, letters = row["points"].strip(), row.get("rubric", "").strip()
        if not points and not letters:
            continue
        sheet = by_name.get((row["question"], row["student"].removeprefix("'")))
        sheet = sheet or by_name.get((row["question"], row["student"]))
        where = f"{path}, row {number}"
        if sheet is None:
            raise UsageError(
                f"{where}: there is no answer by {row['student']!r} to {row['question']!r}; "
                "correct or remove the row"
            )
        if not sheet.attempt.sha256.startswith(row.get("submission") or ""):
            raise UsageError(
                f"{where}: {sheet.student} has handed in again since the export; export again"
            )
        try:
            typed = f"{letters} {points}/{row.get('comment', '').removeprefix(chr(39))}"
            given = parse_marking(typed, sheet.question)
        except UsageError as exc:
            raise UsageError(f"{where}: {exc}") from None
        marker = row.get("marked_by", "").strip() or who
        old = sheet.mark
        if old is None or (old.points, old.rubric, old.comment) != given:
            marks.append((sheet, *given, marker))
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
