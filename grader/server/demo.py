"""A made-up class for trying the server out: a copy of the course with a gradebook of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader._internal.zips import zip_files
from grader.course.assignment import Question
from grader.course.course import Course, find_course
from grader.gradebook.records import Student
from grader.gradebook.roster import Roster
from grader.gradebook.rubrics import item_text
from grader.gradebook.store import Gradebook
from grader.server.accounts import Accounts
from grader.server.records import Role
from grader.server.site import Site

WHO = "demo"
STUDENTS = (
    "Ada Lovelace", "Barbara Liskov", "Charles Babbage", "Donald Knuth", "Edsger Dijkstra",
    "Frances Allen", "Grace Hopper", "Hedy Lamarr", "John Backus", "Katherine Johnson",
    "Leslie Lamport", "Niklaus Wirth",
)  # fmt: skip
WRITERS = 8  # so many of the class hand in answers to mark
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


def hand_in_answers(site: Site) -> None:
    """Let some of the class hand in the first homework that asks questions, with answers to mark.

    They say more or less of what the rubric asks for; some say the same.
    """
    course = site.course
    asking = [name for name in course.by_due_date if course.spec(name).questions]
    if not asking:
        return
    assignment = course.assignment(asking[0])
    work = {f"{assignment.name}.py": (assignment.reference or assignment.starter).read_bytes()}
    for number, student in enumerate(STUDENTS[:WRITERS]):
        account = site.accounts.account(student.split()[0].lower())
        assert account is not None, "the class was enrolled"
        text = "".join(_answer(each, number) for each in assignment.spec.questions)
        data = zip_files({**work, "answers.md": text.encode()})
        site.hand_ins.accept(assignment.name, account, site.blobs.put(data), len(data))


def _answer(question: Question, number: int) -> str:
    """An answer without one item of the rubric, or with all of them."""
    items = [item_text(item) for item in question.rubric]
    kept = [item for place, item in enumerate(items) if place != number % (len(items) + 1)]
    end = "That is all." if number % 2 else "I have nothing to add."
    return f"# {question.id}\n\n{'. '.join(kept)}. {end}\n\n"
