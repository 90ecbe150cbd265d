"""Marks over time: a rubric that is corrected, a new attempt, and answers without names."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from answering import WHY, answered, marker, submit
from books import DEMO, DUE, roster, student
from running import Ran, run_grader

from grader.course.course import Course
from grader.gradebook import Gradebook, QuestionMark, open_gradebook
from grader.gradebook.desk.sheets import sheets

TICKED = ["Says why (3)", "Names the cause (1)"]


def mark(book: Gradebook, name: str, points: float, rubric: list[str], comment: str = "") -> None:
    (attempt,) = book.attempts_of(book.student(name))[-1:]
    book.mark(attempt, "why", points, who="eve", rubric=rubric, comment=comment)


def why_of(course: Course, name: str) -> QuestionMark:
    with open_gradebook(course) as book:
        return book.grade("demo", name).questions[0]


def points_of(course: Course) -> dict[str, float | None]:
    with open_gradebook(course) as book:
        return {grade.student.id: grade.questions[0].points for grade in book.grades("demo")}


def set_rubric(course: Course, *items: str, points: float = 4) -> None:
    text = WHY.replace("points = 4", f"points = {points:g}")
    before = 'rubric = ["Says why (3)", "Names the cause (1)"]'
    assert before in text
    listed = ", ".join(f'"{item}"' for item in items)
    (course.root / "assignments/demo/assignment.toml").write_text(
        DEMO + text.replace(before, f"rubric = [{listed}]"), encoding="utf-8"
    )


def run_mark(course: Course, *options: object) -> Ran:
    return run_grader("mark", "demo", *options, cwd=course.root)


@pytest.fixture
def marked(tmp_path: Path) -> Course:
    """Ada ticked both items, bob the first, cyn's points were typed in, dan ticked the second."""
    course = answered(tmp_path, {name: f"# why\n{name}\n" for name in ("ada", "bob", "cyn", "dan")})
    with open_gradebook(course) as book:
        mark(book, "ada", 4, TICKED)
        mark(book, "bob", 3, TICKED[:1], "short")
        mark(book, "cyn", 2, TICKED[:1])
        mark(book, "dan", 1, TICKED[1:])
    return course


def test_marks_follow_a_corrected_rubric_once_it_is_confirmed(marked: Course) -> None:
    set_rubric(marked, "Says why (2)", "Names the cause (1)", "Gives an example (1)")
    before = points_of(marked)
    told = run_mark(marked, "--rubric")
    assert told.code == 0, told.said
    for line in (
        "Says why (3) → Says why (2)",
        "added: Gives an example (1)",
        "ada: 4 → 3",
        "bob: 3 → 2",
        "cyn: 2 as before, because the points were typed in",
        "Nothing was changed.",
    ):
        assert line in told.out, told.said
    assert "dan" not in told.out
    assert points_of(marked) == before
    # Who marks on is told, too, and who looks at the grades.
    shown = run_grader("gradebook", "show", "demo", cwd=marked.root)
    assert "mark demo --rubric" in shown.said
    assert "Everything is marked" in (said := run_mark(marked).said)
    assert "The rubric of why is not the one by which answers were marked" in said

    assert run_mark(marked, "--rubric", "--apply").code == 2  # without a reason
    done = run_mark(marked, "--rubric", "--apply", "--why", "was 1 too many", "--as", "fay")
    assert done.code == 0, done.said
    assert points_of(marked) == {"ada": 3, "bob": 2, "cyn": 2, "dan": 1}
    bob = why_of(marked, "bob").mark
    assert bob is not None
    assert (bob.rubric, bob.comment, bob.who) == (("Says why (2)",), "short", "eve")
    with open_gradebook(marked) as book:
        changes = [each for each in book.history() if each.action == "rubric"]
    assert [each.student for each in changes] == ["ada", "bob", "cyn"]
    assert {(each.who, each.why) for each in changes} == {("fay", "was 1 too many")}
    assert changes[1].before.startswith("3; rubric: Says why (3)")
    assert changes[1].after.startswith("2; rubric: Says why (2)")
    assert "are those by which" in run_mark(marked, "--rubric").out


def test_items_that_are_removed_or_renamed_are_told(marked: Course) -> None:
    set_rubric(marked, "Says clearly why (3)", "Shows a plot (1)")
    told = run_mark(marked, "--rubric").out
    assert "Says why (3) → Says clearly why (3)" in told
    assert "removed: Names the cause (1)" in told
    assert "added: Shows a plot (1)" in told
    assert "ada: 4 → 3; no longer ticked: Names the cause (1)" in told
    assert "dan: 1 → 0" in told
    # A person knows better than a likeness.
    renamed = ("--renamed", "Names the cause=Shows a plot", "--renamed", "Says why=")
    told = run_mark(marked, "--rubric", *renamed).out
    assert "Names the cause (1) → Shows a plot (1)" in told
    assert "removed: Says why (3)" in told
    assert "ada: 4 → 1" in told
    assert "dan: 1 as before" in told
    wrong = run_mark(marked, "--rubric", "--renamed", "Nothing=Shows a plot")
    assert (wrong.code, "no item 'Nothing' was changed" in wrong.err) == (2, True)


def test_items_in_another_order_change_nothing(marked: Course) -> None:
    set_rubric(marked, *reversed(TICKED))
    assert "are those by which" in run_mark(marked, "--rubric").out
    assert points_of(marked) == {"ada": 4, "bob": 3, "cyn": 2, "dan": 1}


def test_points_above_a_smaller_maximum_are_told(marked: Course) -> None:
    set_rubric(marked, *TICKED, points=1.5)
    told = run_mark(marked, "--rubric").out
    assert "why: 1.5 points, before 4" in told
    assert "ada: 4 → 1.5" in told
    assert "cyn: 2 as before, because the points were typed in; more than the 1.5" in told


def test_marks_of_a_question_that_is_gone_are_told(marked: Course) -> None:
    path = marked.root / "assignments/demo/assignment.toml"
    path.write_text(path.read_text().replace('id = "why"', 'id = "reason"'), encoding="utf-8")
    assert "why: no longer a question; its 4 marks count for nothing" in run_mark(
        marked, "--rubric"
    ).out.replace("\n", " ")
    with open_gradebook(marked) as book:
        assert book.grade("demo", "ada").notes == (
            "4 points for 'why', which is no longer a question",
        )


# A new attempt

LATER = DUE - timedelta(hours=1)


def test_a_new_attempt_with_the_same_answer_keeps_its_mark(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# 1. Why\nIt is so.\n"})
    with open_gradebook(course) as book:
        sheets(book, course, "demo")  # as `mark` reads them
        mark(book, "ada", 3, TICKED[:1], "good")
        submit(book, tmp_path, "ada", "\ufeff## 1. Why\r\n\r\nIt  is\nso.  \r\n", LATER)
        (sheet,) = sheets(book, course, "demo")
        assert sheet.carried
        assert book.grade("demo", "ada").notes == ()
    question = why_of(course, "ada")
    assert (question.points, question.carried) == (3, True)
    assert "carried over from an earlier attempt" in run_mark(course).said


def test_a_changed_answer_is_marked_again_beside_its_old_mark(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nIt is so.\n"})
    with open_gradebook(course) as book:
        sheets(book, course, "demo")
        mark(book, "ada", 3, TICKED[:1], "good")
        submit(book, tmp_path, "ada", "# why\nIt is not so.\n", LATER)
        (sheet,) = sheets(book, course, "demo")
    assert (sheet.mark, sheet.earlier is not None) == (None, True)
    question = why_of(course, "ada")
    assert (question.points, question.carried) == (None, False)
    child = marker(course, "fay")
    child.expect("The answer has changed. The earlier one got 3 by eve; Says why.*good.*> ")
    child.sendline("ab")
    child.expect("1 answer marked")
    child.close()
    assert why_of(course, "ada").points == 4


def test_one_changed_answer_of_two_loses_only_its_own_mark(tmp_path: Path) -> None:
    two = WHY + '[[questions]]\nid = "how"\npoints = 2\ntext = "How?"\n'
    course = answered(tmp_path, {"ada": "# why\nA\n# how\nB\n"}, questions=two)
    with open_gradebook(course) as book:
        sheets(book, course, "demo")
        mark(book, "ada", 3, TICKED[:1])
        book.mark(book.attempts("demo")[0], "how", 2, who="eve")
        submit(book, tmp_path, "ada", "# why\nA\n# how\nC\n", LATER)
        sheets(book, course, "demo")
        grade = book.grade("demo", "ada")
    assert [each.points for each in grade.questions] == [3, None]
    assert grade.open == ("how: not marked yet",)
    assert grade.notes == (f"1 mark in {grade.attempt and 'ada'}, which does not count",)


def test_marks_go_to_nobody_else_and_not_to_what_was_not_written(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nA\n", "bob": "# why\nA\n", "cyn": None})
    with open_gradebook(course) as book:
        sheets(book, course, "demo")
        mark(book, "ada", 3, TICKED[:1])
        mark(book, "cyn", 0, [])
        submit(book, tmp_path, "cyn", None, LATER)
        sheets(book, course, "demo")
    assert points_of(course) == {"ada": 3, "bob": None, "cyn": None}


def test_a_mark_of_a_groups_answer_is_carried_over_for_all_of_them(tmp_path: Path) -> None:
    course = answered(tmp_path, {"ada": "# why\nA\n"})
    with open_gradebook(course) as book:
        book.enrol(roster(student("ada", group="g"), student("bob", group="g")), who="t")
        sheets(book, course, "demo")
        mark(book, "ada", 3, TICKED[:1])
        submit(book, tmp_path, "bob", "# why\nA\n", LATER)
        sheets(book, course, "demo")
    assert points_of(course) == {"ada": 3, "bob": 3}


# Without names


@pytest.fixture
def named(tmp_path: Path) -> Course:
    texts = {
        "alovelace": "# why\nI, Ada Lovelace (alovelace), think so. I will.\n",
        "wbabbage": "# why\nWill Babbage, ada@example.org told me; will it?\n",
        "cyn": "# why\nno names\n",
    }
    course = answered(tmp_path, texts)
    with open_gradebook(course) as book:
        book.enrol(
            roster(
                student("alovelace", name="Ada Lovelace", email="ada@example.org"),
                student("wbabbage", name="Will Babbage", login="wb77"),
                student("cyn", name="Cynthia Breazeal"),
            ),
            who="t",
        )
        mark(book, "alovelace", 2, [], "see me, Ada Lovelace")
    return course


def table(course: Course, path: Path, *options: object) -> list[dict[str, str]]:
    ran = run_mark(course, "--export", path, *options)
    assert ran.code == 0, ran.said
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_an_anonymous_table_tells_no_names(named: Course, tmp_path: Path) -> None:
    path, key = tmp_path / "marks.csv", tmp_path / "key.csv"
    rows = table(named, path, "--anonymous", "--key", key)
    with open_gradebook(named) as book:
        ids = [each.id for each in book.students()]
        works = [each.sha256[:12] for each in book.attempts("demo")]
    text = path.read_text(encoding="utf-8").lower()
    for name in (*ids, *works, "lovelace", "babbage", "ada ", "breazeal", "wb77", ".zip"):
        assert name not in text, name
    assert "will it?" in text  # a word that is also a name stays
    assert "[name] ([name]), think so" in text
    assert "see me, [name]" in text
    # The order of the lines is that of the pseudonyms, and the key has the rest.
    pseudonyms = [row["student"] for row in rows]
    assert pseudonyms == sorted(pseudonyms)
    whom = {row["pseudonym"]: row["id"] for row in csv.DictReader(io.StringIO(key.read_text()))}
    assert sorted(whom.values()) == sorted(ids)
    assert key.stat().st_mode & 0o077 == 0
    assert [row["student"] for row in table(named, path, "--anonymous")] == pseudonyms


def test_marks_come_back_from_an_anonymous_table(named: Course, tmp_path: Path) -> None:
    path, key = tmp_path / "marks.csv", tmp_path / "key.csv"
    rows = table(named, path, "--anonymous", "--key", key)
    whom = {row["pseudonym"]: row["id"] for row in csv.DictReader(io.StringIO(key.read_text()))}
    for row in rows:
        if whom[row["student"]] == "cyn":
            row["rubric"] = "a"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    done = run_mark(named, "--import", path)
    assert "1 mark read" in done.said, done.said
    assert points_of(named) == {"alovelace": 2, "cyn": 3, "wbabbage": None}
    mark = why_of(named, "alovelace").mark
    assert mark is not None
    assert mark.comment == "see me, Ada Lovelace"  # nobody changed it


def test_pseudonyms_differ_from_homework_to_homework(named: Course) -> None:
    assert named.pseudonym("demo", "ada") == named.pseudonym("demo", "ada")
    assert named.pseudonym("demo", "ada") != named.pseudonym("other", "ada")
    assert named.pseudonym("demo", "ada") != named.pseudonym("demo", "bob")


def test_an_order_that_tells_names_is_refused(named: Course) -> None:
    for order in ("student", "received"):
        ran = run_mark(named, "--anonymous", "--order", order)
        assert (ran.code, "tells who wrote an answer" in ran.err) == (2, True)


def test_a_marker_who_may_not_know_names_sees_none(named: Course) -> None:
    child = marker(named, "eve", "--anonymous", "--again")
    for _ in range(3):
        child.expect("> $")
        shown = child.before.lower()
        assert not [name for name in ("lovelace", "babbage", "cyn") if name in shown]
        child.sendline("")
    child.expect("0 answers marked")
    child.close()
