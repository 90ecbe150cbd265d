"""Gathers the written answers of a class from the book and from what was handed in."""

from __future__ import annotations

from collections.abc import Mapping

from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.desk.work import WorkReader
from grader.gradebook.marking.marking import Sheet, answers_in, digests_of, written
from grader.gradebook.records import Attempt, Grade


def sheets(
    book: Gradebook, course: Course, name: str, reader: WorkReader | None = None
) -> list[Sheet]:
    """Every answer to mark in a homework, by question and student.

    Raises UsageError for a homework without questions.

    reader: one that knows what it has read before.
    """
    reader = reader or WorkReader(course)
    questions = course.spec(name).questions
    if not questions:
        raise UsageError(
            f"there is nothing to mark: the assignment.toml of {name} has no questions"
        )
    together = _together(book, name)
    works = {key: reader.written(attempt) for key, (attempt, _) in together.items()}
    texts = {key: work.text for key, work in works.items()}
    earlier = _earlier_texts(book, name, together, reader)
    digests = {
        (key, question): digest
        for key, text in {**earlier, **texts}.items()
        for question, digest in digests_of(text, questions).items()
    }
    if book.keep_answers(digests):
        # What an earlier attempt got may count for answers that are now known to be the same.
        together = _together(book, name)
    found: list[Sheet] = []
    for key, (attempt, grades) in together.items():
        people = tuple(grade.student for grade in grades)
        marked = {each.question: each for each in grades[0].questions}
        answers = answers_in(texts[key], questions)
        for question in questions:
            each = marked[question.id]
            found.append(
                Sheet(
                    question, people, attempt, answers[question.id],
                    each.mark, each.carried, each.earlier, works[key].attachments,
                    works[key].trouble,
                )
            )  # fmt: skip
    order = {question.id: place for place, question in enumerate(questions)}
    return sorted(found, key=lambda sheet: (order[sheet.question.id], sheet.student))


def _together(book: Gradebook, name: str) -> dict[int, tuple[Attempt, list[Grade]]]:
    """The attempts that count, by key, each with the grades of those for whom it counts.

    Who has withdrawn gets no grade, so nobody spends time on their answers.
    """
    found: dict[int, tuple[Attempt, list[Grade]]] = {}
    for grade in book.grades(name):
        if grade.attempt is not None and not grade.withdrawn:
            found.setdefault(grade.attempt.key, (grade.attempt, []))[1].append(grade)
    return found


def _earlier_texts(
    book: Gradebook,
    name: str,
    together: Mapping[int, tuple[Attempt, list[Grade]]],
    reader: WorkReader,
) -> dict[int, str | None]:
    """The answers of earlier attempts that were marked, by key, if their files are still there."""
    marked = {
        each.earlier.attempt
        for _, grades in together.values()
        for grade in grades
        for each in grade.questions
        if each.earlier is not None
    }
    texts = {}
    for attempt in book.attempts(name) if marked else ():
        if attempt.key in marked:
            submission = reader.files(attempt)
            if submission.sha256 == attempt.sha256:  # else the newer work is in its place
                texts[attempt.key] = written(submission.files)
    return texts
