"""Grades: every part, its reason, and what is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from books import (
    DEMO,
    DUE,
    QUESTIONS,
    check,
    hand_in,
    reports,
    roster,
    scored,
    student,
    write_course,
)

from grader.course.course import Course, find_course
from grader.errors import CourseError, SpecError, UsageError
from grader.gradebook import Gradebook, open_gradebook
from grader.reports.schema import Outcome, Visibility

DAY = timedelta(days=1)
OpenWith = Callable[..., Gradebook]


@pytest.fixture
def book_with(tmp_path: Path, url: str) -> Iterator[OpenWith]:
    """Opens the one gradebook under other rules, as a course would that changed its settings."""
    opened = []

    def open_with(settings: str = "", **specs: str) -> Gradebook:
        text = f'gradebook = "{url}"\n{settings}'
        home = find_course(write_course(tmp_path / "course", specs or None, text))
        opened.append(open_gradebook(home))
        return opened[-1]

    yield open_with
    for each in opened:
        each.close()


def test_a_grade_names_every_part_and_its_reason(book_with: OpenWith) -> None:
    book = book_with("[tool.grader.late]\npercent_per_day = 10\n", demo=DEMO + QUESTIONS)
    book.enrol(roster(student("1", name="Ada")), who="t")
    late = hand_in("1", DUE + timedelta(hours=1))
    book.record([(late, reports("1", check("a", 2), check("b", 5)))], who="t")
    (attempt,) = book.attempts("demo")
    book.mark(attempt, "why", 3, who="eve", rubric=["Says why (4)"], comment="nearly")
    book.override("demo", "1", "a", 4, who="eve", why="an unusual form")
    book.adjust("demo", "1", -1.5, who="eve", why="no name on it")

    grade = book.grade("demo", "1")
    assert grade.attempt == book.attempts("demo")[0]
    assert (grade.automatic.points, grade.automatic.max_points) == (9, 10)
    assert grade.automatic.why == "by the checks; 1 check set by hand"
    assert [(each.check, each.points, each.why) for each in grade.automatic.overrides] == [
        ("a", 4, "an unusual form")
    ]
    why, how = grade.questions
    assert why.mark is not None
    assert (why.points, why.mark.who, why.mark.comment) == (3, "eve", "nearly")
    assert why.mark.rubric == ("Says why (4)",)
    assert how.points is None
    assert grade.late.why == "1 day late: 10 % taken off"
    # Ten percent of 9 + 3; the adjustment is not made smaller by it.
    assert grade.penalty == pytest.approx(1.2)
    assert grade.so_far == 9.3
    assert grade.max_points == 16
    assert (grade.points, grade.open) == (None, ("how: not marked yet",))

    book.mark(attempt, "how", 2, who="eve")
    grade = book.grade("demo", "1")
    assert (grade.points, grade.open) == (11.1, ())
    assert grade == book.grades("demo")[0]


def test_who_handed_nothing_in_has_no_points_and_nothing_open(book_with: OpenWith) -> None:
    book = book_with(demo=DEMO + QUESTIONS)
    book.enrol(roster(student("1")), who="t")
    grade = book.grade("demo", "1")
    assert (grade.points, grade.max_points, grade.open) == (0, 16, ())
    assert grade.why == "nothing was handed in"
    book.adjust("demo", "1", 5, who="t", why="handed in on paper")
    assert book.grade("demo", "1").points == 5


def test_what_is_not_graded_or_met_a_fault_of_ours_is_open_and_no_zero(book: Gradebook) -> None:
    lost = check("b", 0, outcome=Outcome.GRADER_ERROR)
    book.record(
        [(hand_in("ada"), None), (hand_in("bob"), reports("bob", check("a", 5), lost))], who="t"
    )
    ada, bob = book.grades("demo")
    assert (ada.points, ada.open) == (None, ("not graded yet",))
    assert (bob.points, bob.so_far) == (None, 5)
    assert bob.open == ("1 check lost through a fault of the grader: grade it again",)
    # Staff may decide what the grader could not.
    book.override("demo", "bob", "b", 5, who="t", why="looked at by hand")
    assert book.grade("demo", "bob").points == 10


def test_points_are_never_below_zero_and_may_be_above_the_maximum(book: Gradebook) -> None:
    book.record([(hand_in("ada"), scored("ada", 2)), (hand_in("bob"), scored("bob", 10))], who="t")
    book.adjust("demo", "ada", -7, who="t", why="copied")
    book.adjust("demo", "bob", 1, who="t", why="found a mistake of ours")
    assert [grade.points for grade in book.grades("demo")] == [0, 11]


def test_rounding_is_the_courses(book_with: OpenWith) -> None:
    book = book_with("rounding = 0.5\n")
    book.record([(hand_in("ada"), scored("ada", 7.25))], who="t")
    assert book.grade("demo", "ada").points == 7.5


# Due dates


def test_a_moved_due_date_recomputes_everything(book_with: OpenWith) -> None:
    late = "[tool.grader.late]\npercent_per_day = 10\n"
    book = book_with(late)
    book.record([(hand_in("ada", DUE + timedelta(days=1.5)), scored("ada", 10))], who="t")
    assert book.grade("demo", "ada").points == 8
    history = book.history()
    book_with(late, demo=DEMO.replace("03-27", "03-28"))
    assert book.grade("demo", "ada").points == 9
    book_with(late, demo=DEMO.replace("03-27", "04-01"))
    assert book.grade("demo", "ada").late.why == "on time"
    book_with(late, demo=DEMO.replace("03-27", "01-01"))
    assert book.grade("demo", "ada").points == 0
    assert book.history() == history


def test_extensions_of_the_roster_and_for_one_homework_add_up(book_with: OpenWith) -> None:
    book = book_with("[tool.grader.late]\ncut_off_days = 0\n")
    book.enrol(roster(student("1", extension_days=1), student("2")), who="t")
    at = DUE + 2.5 * DAY
    book.record([(hand_in("1", at), scored("1", 10)), (hand_in("2", at), scored("2", 10))], who="t")
    assert [grade.attempt for grade in book.grades("demo")] == [None, None]
    book.extend("demo", "1", 2, who="eve", why="ill")
    one, two = book.grades("demo")
    assert (one.points, one.late.why) == (10, "on time")
    assert one.due_why == "1 day more, from the roster; 2 days more, granted by eve: ill"
    assert one.due == DUE + 3 * DAY
    assert two.why.startswith("handed in, but not accepted: 3 days late")
    book.extend("demo", "1", 0, who="eve", why="by mistake")
    assert book.grade("demo", "1").attempt is None


@pytest.mark.parametrize(("zone", "hours"), [('timezone = "Europe/Berlin"\n', 47), ("", 48)])
def test_an_extension_over_the_change_to_summer_time(
    book_with: OpenWith, zone: str, hours: int
) -> None:
    # Due on Friday 23:59; two days more end on Sunday 23:59, of which the clock took an hour.
    book = book_with(f"{zone}[tool.grader.late]\npercent_per_day = 10\n")
    book.enrol(roster(student("1", extension_days=2)), who="t")
    book.record([(hand_in("1", DUE + timedelta(hours=47, minutes=30)), scored("1", 10))], who="t")
    grade = book.grade("demo", "1")
    assert grade.due == DUE + timedelta(hours=hours)
    assert grade.points == (9 if hours == 47 else 10)


def test_an_unknown_timezone_is_told(book_with: OpenWith) -> None:
    with pytest.raises(CourseError, match="timezone 'Mars/Olympus'"):
        book_with('timezone = "Mars/Olympus"\n').grades("demo")


def test_free_days_are_used_in_the_order_of_due_dates(book_with: OpenWith) -> None:
    def due(day: int) -> str:
        return f'title = "T"\npoints = 10\ndue = 2026-04-{day:02}T12:00:00+00:00\n'

    policy = "[tool.grader.late]\nfree_days = 3\npercent_per_day = 10\n"
    # By name the other way round than by date.
    book = book_with(policy, c=due(1), b=due(8), a=due(15))
    starts = {"c": DUE.replace(month=4, day=1, hour=12, minute=0)}
    starts |= {"b": starts["c"] + 7 * DAY, "a": starts["c"] + 14 * DAY}
    for name, days in (("c", 2), ("b", 2), ("a", 1)):
        item = hand_in("ada", starts[name] + days * DAY - timedelta(hours=1), name)
        book.record([(item, scored("ada", 10, assignment=name))], who="t")
    grades = {name: book.grade(name, "ada") for name in "cba"}
    assert {name: (each.late.free_days, each.points) for name, each in grades.items()} == {
        "c": (2, 10),
        "b": (1, 9),
        "a": (0, 9),
    }
    assert grades["b"].late.why == "2 days late, 1 of them free: 10 % taken off"
    assert {grade.assignment: grade for grade in book.grades_of(book.student("ada"))} == grades
    # An extension in the first gives days back for those after it.
    book.extend("c", "ada", 2, who="t", why="ill")
    assert [book.grade(name, "ada").points for name in "cba"] == [10, 10, 10]


def test_best_counts_where_the_course_says_so(book_with: OpenWith) -> None:
    book = book_with()
    book.record(
        [
            (hand_in("ada", DUE - 2 * DAY, label="ada~1"), scored("ada", 9)),
            (hand_in("ada", DUE - DAY, label="ada"), scored("ada", 4)),
        ],
        who="t",
    )
    grade = book.grade("demo", "ada")
    assert (grade.points, grade.attempts, grade.why) == (4, 2, "the last of 2")
    grade = book_with('attempts = "best"\n').grade("demo", "ada")
    assert (grade.points, grade.why) == (9, "the best of 2: 9 points")
    # An override may make another one the best.
    book = book_with()
    book.override("demo", "ada", "a", 10, who="t", why="right after all")
    best = book_with('attempts = "best"\n').grade("demo", "ada")
    assert (best.points, best.attempt and best.attempt.label) == (10, "ada")


def test_the_best_is_not_final_before_all_are_graded(book_with: OpenWith) -> None:
    book = book_with('attempts = "best"\n')
    book.record(
        [(hand_in("ada", DUE - DAY), scored("ada", 9)), (hand_in("ada", label="ada~2"), None)],
        who="t",
    )
    grade = book.grade("demo", "ada")
    assert (grade.so_far, grade.points, grade.open) == (9, None, ("ada~2: not graded yet",))


# Groups


def test_one_hand_in_counts_for_the_rosters_group(book_with: OpenWith) -> None:
    book = book_with("[tool.grader.late]\npercent_per_day = 10\n")
    book.enrol(
        roster(
            student("1", group="Red"),
            student("2", group="red", extension_days=1),
            student("3", group="blue"),
        ),
        who="t",
    )
    book.record([(hand_in("1", DUE + timedelta(hours=1)), scored("1", 10))], who="t")
    one, two, three = book.grades("demo")
    # Each member by their own due date.
    assert (one.points, two.points, three.points) == (9, 10, 0)
    assert two.notes == ("handed in by 1",)
    assert one.attempt == two.attempt
    assert [book.grade("demo", name) for name in "123"] == [one, two, three]
    # The last of the group's counts for all of it, whoever handed it in.
    book.record([(hand_in("2", DUE - timedelta(hours=1)), scored("2", 3))], who="t")
    assert [grade.points for grade in book.grades("demo")] == [9, 10, 0]
    book.record([(hand_in("2", DUE + timedelta(hours=2)), scored("2", 6))], who="t")
    assert [grade.points for grade in book.grades("demo")] == [5.4, 6, 0]
    assert [each.handed_in_by for each in book.attempts("demo")] == ["2", "1", "2"]


def test_members_that_the_roster_does_not_confirm_are_shown_and_do_not_count(
    book_with: OpenWith,
) -> None:
    book = book_with()
    book.enrol(roster(student("1"), student("2"), student("3")), who="t")
    item = hand_in("1", members=("1", "2", "zed"))
    book.record([(item, scored("1", 10))], who="t")
    one, two, three = book.grades("demo")
    claim = "the manifest of 1 names 2 as a member: the roster does not confirm it"
    assert one.notes == (claim, "the manifest of 1 names zed as a member: nobody has that id")
    assert (two.points, two.attempt, two.notes) == (0, None, (claim,))
    assert three.notes == ()
    assert [book.grade("demo", name) for name in "123"] == [one, two, three]


def test_a_claimed_member_counts_where_the_course_allows_but_never_over_their_own_work(
    book_with: OpenWith,
) -> None:
    book = book_with("claimed_members = true\n")
    book.enrol(roster(student("1"), student("2"), student("3")), who="t")
    own = hand_in("3", DUE - 2 * DAY)
    claiming = hand_in("1", members=("2", "3"))
    book.record([(own, scored("3", 10)), (claiming, scored("1", 4))], who="t")
    one, two, three = book.grades("demo")
    assert (one.points, two.points, three.points) == (4, 4, 10)
    assert "does not confirm it, but the course's settings accept it" in two.notes[0]
    assert "does not confirm" in three.notes[0]


def test_a_manifest_that_claims_another_student_is_told(book: Gradebook) -> None:
    book.enrol(roster(student("1", login="ada"), student("2")), who="t")
    book.record(
        [
            (hand_in("1", claimed="ADA"), scored("1", 10)),
            (hand_in("2", claimed="1"), scored("2", 10)),
        ],
        who="t",
    )
    assert [grade.notes for grade in book.grades("demo")] == [
        (), ("the manifest names 1 as the student",),
    ]  # fmt: skip


# What people decide


def test_marks_are_replaced_and_taken_back_and_the_history_has_it_all(
    book_with: OpenWith,
) -> None:
    book = book_with(demo=DEMO + QUESTIONS)
    book.record([(hand_in("ada"), scored("ada", 7))], who="t")
    (attempt,) = book.attempts("demo")
    assert book.mark(attempt, "why", 1, who="eve") is None
    old = book.mark(attempt, "why", 4, who="max", comment="read again")
    assert old is not None
    assert (old.points, old.who) == (1, "eve")
    taken = book.unmark(attempt, "why", who="eve")
    assert taken is not None
    assert taken.points == 4
    assert book.unmark(attempt, "why", who="eve") is None
    lines = [each for each in book.history() if "mark" in each.action]
    assert [(each.who, each.action, each.before, each.after) for each in lines] == [
        ("eve", "marked", "", "1"),
        ("max", "marked", "1", "4; comment: read again"),
        ("eve", "unmarked", "4; comment: read again", ""),
    ]
    assert {(each.assignment, each.student, each.what) for each in lines} == {
        ("demo", "ada", "why in ada")
    }


def test_decisions_stay_with_the_attempt_that_they_were_made_of(book_with: OpenWith) -> None:
    book = book_with(demo=DEMO + QUESTIONS)
    book.record([(hand_in("ada", DUE - DAY, label="ada~1"), scored("ada", 7))], who="t")
    (first,) = book.attempts("demo")
    book.mark(first, "why", 4, who="t")
    book.override("demo", "ada", "a", 10, who="t", why="right")
    book.record([(hand_in("ada", DUE), scored("ada", 8))], who="t")
    grade = book.grade("demo", "ada")
    assert (grade.automatic.points, grade.open) == (
        8, ("why: not marked yet", "how: not marked yet"),
    )  # fmt: skip
    assert grade.notes == (
        "1 mark in ada~1, which does not count",
        "1 override in ada~1, which does not count",
    )


def test_an_override_is_undone_and_survives_a_regrade(book: Gradebook) -> None:
    item = hand_in("ada")
    book.record([(item, reports("ada", check("m::a", 0), check("b", 5)))], who="t")
    book.override("demo", "ada", "a", 3, who="t", why="half right")  # by its short name
    book.record([(item, reports("ada", check("m::a", 1), check("b", 4), seed="9" * 32))], who="t")
    assert book.grade("demo", "ada").automatic.points == 7
    book.override("demo", "ada", "m::a", None, who="t", why="regraded")
    assert book.grade("demo", "ada").automatic.points == 5
    lines = [each for each in book.history() if each.action == "override"]
    assert [(each.what, each.before, each.after) for each in lines] == [
        ("m::a in ada", "0 (automatic)", "3"),
        ("m::a in ada", "3", "1 (automatic)"),
    ]
    book.override("demo", "ada", "b", 5, who="t", why="so it is")
    book.record([(item, reports("ada", check("c", 2), seed="8" * 32))], who="t")
    grade = book.grade("demo", "ada")
    assert (grade.points, grade.notes) == (2, ("1 override of a check that no longer exists",))


@pytest.mark.parametrize("hidden", [False, True])
def test_the_students_report_shows_an_override_with_its_reason(
    book: Gradebook, hidden: bool
) -> None:
    seen = Visibility.HIDDEN if hidden else Visibility.VISIBLE
    book.record(
        [(hand_in("ada"), reports("ada", check("a", 0, visibility=seen), check("b", 5)))], who="t"
    )
    book.override("demo", "ada", "a", 4, who="eve", why="an unusual form, but right")
    (attempt,) = book.attempts("demo")
    theirs = book.report(attempt, for_student=True)
    said = "4 of 5 points, set by hand: an unusual form, but right"
    assert (theirs.audience, theirs.score, theirs.checks[0].points) == ("student", 9, 4)
    assert theirs.checks[0].text == (said if hidden else f"{said}\nwrong values")
    assert theirs.checks[0].outcome is Outcome.FAILED
    assert book.report(attempt).checks[0].text == f"{said}\nwrong values"
    assert book.report(attempt).checks[1] == check("b", 5)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("decide", "told"),
    [
        (lambda b, a: b.mark(a, "whi", 1, who="t"), "no question 'whi'; did you mean why?"),
        (
            lambda b, a: b.mark(a, "why", 5, who="t"),
            "5 points for why are not possible; give 0 to 4",
        ),
        (lambda b, a: b.mark(a, "why", -1, who="t"), "give 0 to 4"),
        (lambda b, a: b.mark(a, "why", float("nan"), who="t"), "give 0 to 4"),
        (lambda b, a: b.override("demo", "ada", "aa", 1, who="t", why="x"), "no check 'aa'"),
        (lambda b, a: b.override("demo", "ada", "a", 11, who="t", why="x"), "use adjust"),
        (lambda b, a: b.override("demo", "ada", "a", 1, who="t", why=" "), "needs a reason"),
        (lambda b, a: b.override("demo", "bob", "a", 1, who="t", why="x"), "no graded attempt"),
        (lambda b, a: b.adjust("demo", "ada", 0, who="t", why="x"), "is not an adjustment"),
        (lambda b, a: b.adjust("demo", "ada", float("inf"), who="t", why="x"), "not an adjustment"),
        (lambda b, a: b.adjust("dema", "ada", 1, who="t", why="x"), "did you mean `demo`"),
        (lambda b, a: b.adjust("demo", "zzz", 1, who="t", why="x"), "no student 'zzz'"),
        (lambda b, a: b.extend("demo", "ada", -1, who="t", why="x"), "extension of -1 days"),
        (lambda b, a: b.extend("demo", "ada", 1, who="t", why=""), "needs a reason"),
        (
            lambda b, a: b.grade("demo", "left"),
            "left is not on the roster and has handed in nothing for demo",
        ),
        (lambda b, a: b.report(b.attempts("demo")[1]), "has no report yet"),
    ],
)
def test_a_decision_that_cannot_be_is_told_and_changes_nothing(
    book_with: OpenWith, decide: Callable[..., object], told: str
) -> None:
    book = book_with(demo=DEMO + QUESTIONS, other=DEMO)
    book.record(
        [
            (hand_in("ada"), scored("ada", 7)),
            (hand_in("bob", DUE + DAY), None),
            (hand_in("left", assignment="other"), None),
        ],
        who="t",
    )
    before = book.history(), book.grades("demo")
    with pytest.raises(UsageError) as caught:
        decide(book, book.attempts("demo")[0])
    assert told in str(caught.value)
    assert (book.history(), book.grades("demo")) == before


def test_a_broken_specification_is_told(course: Course, book: Gradebook) -> None:
    (course.root / "assignments" / "demo" / "assignment.toml").write_text(
        'title = "Demo"\ndue = 2026-01-01T00:00:00\n'
    )
    with pytest.raises(SpecError, match=r"assignment\.toml: `due`"):
        book.grades("demo")


HOSTILE = "'); DROP TABLE students; -- \x00 \x1b[2J \udcff =cmd()|x \u202e"


def test_hostile_texts_are_kept_as_texts(book_with: OpenWith) -> None:
    book = book_with(demo=DEMO + QUESTIONS)
    item = hand_in(HOSTILE, label=HOSTILE, claimed=HOSTILE, members=(HOSTILE,))
    book.record([(item, scored("ada", 7))], who=HOSTILE)
    assert book.record([(item, scored("ada", 7))], who="t") == 0
    (grade,) = book.grades("demo")
    assert grade.attempt is not None
    name = grade.student.id
    assert name.startswith("'); DROP TABLE students; -- \\x00 \\x1b[2J \\udcff")
    book.mark(grade.attempt, "why", 1, who=HOSTILE, comment=HOSTILE, rubric=[HOSTILE])
    book.override("demo", name, "a", 1, who=HOSTILE, why=HOSTILE)
    book.adjust("demo", name, 1, who=HOSTILE, why=HOSTILE)
    book.extend("demo", name, 1, who=HOSTILE, why=HOSTILE)
    book.match(HOSTILE, name, who=HOSTILE, why=HOSTILE)
    (grade,) = book.grades("demo")
    assert (grade.automatic.points, grade.so_far) == (1, 3)
    texts = [text for change in book.history() for text in (change.who, change.what, change.why)]
    assert all(text.isprintable() for text in texts)
