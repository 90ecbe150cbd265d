"""The grades of all homeworks in one pass are those of each by itself, free late days included."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from books import DEMO, DUE, hand_in, roster, scored, student, write_course

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.gradebook.connect import reading
from grader.gradebook.grades.grades import every_grade
from grader.gradebook.grades.rules import all_rules
from grader.gradebook.queries import load_facts


def test_one_pass_gives_the_grades_of_each_homework(tmp_path: Path) -> None:
    later = DEMO.replace("2026-03-27", "2026-03-28")
    never = 'title = "Demo"\npoints = 10\n'
    settings = "[tool.grader.late]\nfree_days = 2\npercent_per_day = 10\n"
    specs = {"b": DEMO, "a": later, "c": never}
    home = find_course(write_course(tmp_path, specs, settings))
    with open_gradebook(home) as book:
        book.enrol(roster(student("ada"), student("bob")), who="t")
        for name, days in (("b", 1.5), ("a", 2.5), ("c", 9.0)):
            for person in ("ada", "bob", "stranger"):
                at = DUE + timedelta(days if person == "ada" else 0)
                book.record([(hand_in(person, at, name), scored(person, 8))], who="t")
        rules = all_rules(home)
        with reading(book.engine) as connection:
            facts = load_facts(connection, list(rules.specs))
        found = every_grade(facts, rules)
        assert list(found) == ["b", "a", "c"]
        for name, grades in found.items():
            assert grades == book.grades(name)
        ada = {name: grades[0] for name, grades in found.items()}
        assert [ada[name].late.free_days for name in "bac"] == [2, 0, 0]
