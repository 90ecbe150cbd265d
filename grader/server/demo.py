"""A made-up class for trying the server out: a copy of the course with a gradebook of its own."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.course.assignment import Question
from grader.course.course import Course, find_course
from grader.gradebook.marking.rubric_items import item_text
from grader.gradebook.records import Student
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.server.accounts.accounts import Accounts
from grader.server.records import Role

WHO = "demo"
STUDENTS = (
    "Ada Lovelace", "Barbara Liskov", "Charles Babbage", "Donald Knuth", "Edsger Dijkstra",
    "Frances Allen", "Grace Hopper", "Hedy Lamarr", "John Backus", "Katherine Johnson",
    "Leslie Lamport", "Niklaus Wirth",
)  # fmt: skip
FOLDERS = ("assignments", "solutions", "datasets")


def copy_course(course: Course, folder: Path) -> Course:
    """The course with everything that grading needs, and nothing that was handed in."""
    for name in FOLDERS:
        if (course.root / name).is_dir():
            shutil.copytree(
                course.root / name,
                folder / name,
                ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", ".grader"),
            )
    shutil.copy(course.root / "pyproject.toml", folder)
    return find_course(folder)


def fill(book: Gradebook, accounts: Accounts) -> None:
    """Enrol the class and let two of staff in."""
    people = tuple(
        Student(0, name.split()[0].lower(), name=name, section="AB"[index % 2])
        for index, name in enumerate(STUDENTS)
    )
    book.enrol(Roster(people, ()), who=WHO)
    accounts.sync()
    accounts.add_staff("olga", Role.OWNER, "Olga Taussky", who=WHO)
    accounts.add_staff("max", Role.MARKER, "Max Newman", who=WHO)


def answers_of(questions: Sequence[Question], number: int) -> str:
    """What the student of that number in the class writes: more or less of what rubrics ask for."""
    return "".join(_answer(each, number) for each in questions)


def _answer(question: Question, number: int) -> str:
    """An answer without one item of the rubric, or with all of them."""
    items = [item_text(item) for item in question.rubric]
    kept = [item for place, item in enumerate(items) if place != number % (len(items) + 1)]
    end = "That is all." if number % 2 else "I have nothing to add."
    return f"# {question.id}\n\n{'. '.join(kept)}. {end}\n\n"
