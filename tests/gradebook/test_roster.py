"""The roster: what a CSV file may look like, and whose a submission is."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from books import hand_in, roster, scored, student
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook import Gradebook, Student
from grader.gradebook.enrol import Enrolment
from grader.gradebook.roster import Matcher, name_key, read_roster, roster_csv

CSV = """\
Student ID,Full name,E-mail,Section,Group,Extension days,Pet
1001,Ada Lovelace,ada@example.org,A,g1,2,cat
1002,"Hopper, Grace",grace@example.org,B,,,
"""


def read(tmp_path: Path, content: str | bytes) -> tuple[tuple[Student, ...], tuple[str, ...]]:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_roster(path)
    return found.students, found.notes


def test_a_roster_that_is_written_is_harmless_and_read_as_it_was(tmp_path: Path) -> None:
    people = (
        student("ada", name="=HYPERLINK(1)", extra={"+phone": "+49 30", "=note": "@x"}),
        student("bob", name="'Bob", email="-bob@example.edu", section="-1"),
    )
    text = roster_csv(people)
    rows = list(csv.reader(io.StringIO(text)))
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@")] == []
    again, _ = read(tmp_path, text)
    assert [(e.id, e.name, e.email, e.section) for e in again] == [
        (e.id, e.name, e.email, e.section) for e in people
    ]
    assert again[0].extra == people[0].extra
    assert roster_csv(again) == text


def test_addresses_that_reach_nobody_are_named(tmp_path: Path) -> None:
    rows = "id,email\n1,ada@example.edu\n2,bob\n3,\n4,eve@example\n"
    students, notes = read(tmp_path, rows)
    assert [each.email for each in students] == ["ada@example.edu", "bob", "", "eve@example"]
    assert notes == (
        "these email addresses cannot be ones, so no mail reaches them: 2: 'bob' has no @; "
        "4: 'eve@example' does not end with the name of a machine, such as example.edu",
    )


def test_roster_is_read_by_its_columns_names(tmp_path: Path) -> None:
    (ada, grace), notes = read(tmp_path, CSV)
    assert ada == Student(
        0, "1001", "Ada Lovelace", "ada@example.org", "", "A", "g1", 2, True, {"Pet": "cat"}
    )
    assert (grace.name, grace.group, grace.extension_days) == ("Hopper, Grace", "", 0)
    assert notes == ("these columns are kept but not used: Pet",)


@pytest.mark.parametrize(
    "content",
    [
        CSV.replace(",", ";").replace("Hopper; ", "Hopper, "),
        CSV.replace(",", "\t").replace("Hopper\t ", "Hopper, "),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r\n"),
        CSV + "\n,,,,,,\n\n",
    ],
    ids=["semicolons", "tabs", "byte-order mark", "UTF-16", "CRLF", "empty lines"],
)
def test_spreadsheets_ways_of_saving_give_the_same_roster(
    tmp_path: Path, content: str | bytes
) -> None:
    assert read(tmp_path, content)[0] == read(tmp_path, CSV)[0]


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,10.00,(read only)
"Lovelace, Ada",501,1001,ada1,A,9.5,95
"Hopper, Grace",502,1002,grace2,B,,
"Student, Test",503,,2f1,A,,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Roles
Ada,Lovelace,1001,ada@example.org,Student
Grace,Hopper,1002,grace@example.org,Student
"""
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#1001,ada1,Lovelace,Ada,ada@example.org,#
#1002,grace2,Hopper,Grace,grace@example.org,#
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Sections
Ada,Lovelace,1001,ada@example.org,Student,A
Tom,Assistant,,tom@example.org,TA,
Grace,Hopper,1002,grace@example.org,Student,B
"""


@pytest.mark.parametrize(
    ("content", "title", "ada"),
    [
        (CANVAS, "Canvas", Student(0, "1001", "Lovelace, Ada", "", "ada1", "A")),
        (
            CANVAS.replace(",SIS User ID", "").replace(",1001,", ",").replace(",1002,", ","),
            "Canvas",
            Student(0, "ada1", "Lovelace, Ada", "", "ada1", "A"),
        ),
        (MOODLE, "Moodle", Student(0, "1001", "Ada Lovelace", "ada@example.org")),
        (
            MOODLE.replace("Last name", "Surname"),
            "Moodle",
            Student(0, "1001", "Ada Lovelace", "ada@example.org"),
        ),
        (BRIGHTSPACE, "Brightspace", Student(0, "1001", "Ada Lovelace", "ada@example.org", "ada1")),
        (
            GRADESCOPE,
            "Gradescope",
            Student(0, "1001", "Ada Lovelace", "ada@example.org", section="A"),
        ),
    ],
)
def test_lists_of_learning_management_systems_are_read_by_their_own_columns(
    tmp_path: Path, content: str, title: str, ada: Student
) -> None:
    students, notes = read(tmp_path, content)
    assert students[0] == ada
    assert len(students) == 2
    assert students[1].id in ("1002", "grace2")
    assert f"it is read as a list of {title}'s" in notes[0]


def test_a_student_without_an_id_in_such_a_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"row 3: the id '' is empty"):
        read(tmp_path, MOODLE.replace("1002", ""))


def test_roster_of_an_old_windows_spreadsheet_is_read_and_said_so(tmp_path: Path) -> None:
    (only,), notes = read(tmp_path, "id;name\n1;Zoë\n".encode("cp1252"))
    assert only.name == "Zoë"
    assert "Windows-1252" in notes[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("name,email\nAda,a@b.c\n", "has no column `id`; add or rename one. It has: name, email"),
        ("id,ID\n1,2\n", "two columns for id, 'id' and 'ID'; rename or remove one"),
        ("Student,ID,SIS User ID\nAda,7,s1\n", "two columns for id, 'Student' and 'ID'; rename"),
        ("id,name\n1,Ada\n1,Bob\n", "rows 2 and 3 have the same id 1"),
        ("id,name\nada,Ada\nADA,Bob\n", "have the same id ADA"),
        ("id,name\n,Ada\n", "row 2: the id '' is empty"),
        ("id,name\n../x,Ada\n", "row 2: the id '../x' holds one of"),
        ("id,extension days\n1,two\n", "row 2: extension_days is 'two'"),
        ("id,extension days\n1,-1\n", "row 2: extension_days is '-1'"),
        ("id,name\n1,Ada,3\n", "row 2 has 3 cells, but there are 2 columns"),
        ('id,name\n1,"Ada\n', "is not a CSV file"),
    ],
)
def test_what_is_wrong_with_a_roster_is_told_with_its_row(
    tmp_path: Path, content: str, told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_roster_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the roster"):
        read_roster(tmp_path / "none.csv")


@given(st.sampled_from(["", "id,name\n", 'id,"']), st.text() | st.text('a1,;"\n\t'))
def test_any_text_is_a_roster_or_told_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, header: str, content: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes((header + content).encode("utf-8", "surrogatepass"))
    told = ""
    try:
        read_roster(path)
    except UsageError as exc:
        told = str(exc)
    assert "\n" not in told


# Finding somebody


ADA = Student(1, "1001", "Ada Lovelace", "ada@example.org", "alovelace")
BOB = Student(2, "1002", "Bob Stone", "bob@example.org", "1001x")
BOB_TOO = Student(3, "1003", "Bob Stone", "bob2@example.org", "bob2")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("1001", (ADA, "id")),
        ("ALOVELACE", (ADA, "login")),
        ("Ada@Example.org", (ADA, "email")),
        ("ada  lovelace", (ADA, "name")),
        ("the countess", (ADA, "person")),
        ("Bob Stone", None),
        ("nobody", None),
        ("", None),
    ],
)
def test_students_are_found_by_any_name_that_is_theirs_alone(
    name: str, found: tuple[Student, str] | None
) -> None:
    assert Matcher((ADA, BOB, BOB_TOO), {"the countess": 1}).find(name) == found


MARY = Student(4, "1004", "Mary-Ann de O'Brien", "mary@example.org", "77")
RENE = Student(5, "1005", "Peña, René")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("lovelaceada_77", (ADA, "name")),  # 77 is Canvas's number, and somebody else's login
        ("adalovelace_77", (ADA, "name")),
        ("Ada Lovelace_1004", (ADA, "name")),
        ("Lovelace Ada_3", (ADA, "name")),
        ("obrienmaryannde_12", (MARY, "name")),
        ("deobrienmaryann_12", (MARY, "name")),
        ("peñarené_5", (RENE, "name")),
        ("stonebob_1002", None),  # two of that name
        ("Bob Stone_1002", None),
        ("1001_5", None),  # a number is no name
        ("alovelace_5", None),
        ("lovelace_5", None),
        ("Participant_77", None),
        ("anon_x7Qp2", None),
        ("ada@example.org 9", (ADA, "email")),
        ("new@example.org 1001", (ADA, "id")),
        ("bob2@example.org Bob Stone", (BOB_TOO, "email")),
        ("ada@example.org 1004", None),  # two students
        ("ada@example.org 1001", (ADA, "email")),
        ("_1", None),
    ],
)
def test_names_that_downloads_give_are_understood(
    name: str, found: tuple[Student, str] | None
) -> None:
    assert Matcher((ADA, BOB, BOB_TOO, MARY, RENE), {}).find(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("teameuler_12", ("1", "group")),
        ("Team Euler_12", ("1", "group")),
        ("teameuler", None),  # nobody's download writes it so
        ("stonebob_12", ("3", "name")),  # a student, and a group of that name as well
        ("bobstone_12", ("3", "name")),
        ("redred_12", None),  # two students of that name, and a group
        ("Red Red_12", None),
        ("teamx_12", None),  # two groups of these letters
        ("7_12", None),
        ("gone_12", None),
        ("_12", None),
    ],
)
def test_a_group_that_hands_in_on_canvas_is_found_by_its_name(
    name: str, found: tuple[str, str] | None
) -> None:
    students = [
        Student(1, "1", "Ada", group="Team Euler"),
        Student(2, "2", "Eve", group="team  euler"),
        Student(3, "3", "Bob Stone", group="Stone, Bob"),
        Student(4, "4", "Red Red", group="Team-X"),
        Student(5, "5", "Red Red", group="Team X"),
        Student(6, "6", "Tim", group="Red Red"),
        Student(7, "7", "Zed", group="7"),
        Student(8, "8", "Ina", group="Gone", on_roster=False),
    ]
    got = Matcher(students, {}).find(name)
    assert (got and (got[0].id, got[1])) == found


NORDIC = (
    Student(1, "1", "Sven Müller", group="Team Göttingen"),
    Student(2, "2", "Åsa Jönsson"),
    Student(3, "3", "Søren Bjørn Łukasz"),
    Student(4, "4", "Jürgen Groß"),
    Student(5, "5", "Işıl İnan"),
    Student(6, "6", "Zoë Nuñez-Ångström"),
    Student(7, "7", "Uli Mueller"),
    Student(8, "8", "Kim Köhler", group="Team Sven Muller"),
    Student(9, "9", "Kim Kohler"),
    Student(10, "10", "Ana Böhm"),
    Student(11, "11", "Ana Bohm", on_roster=False),
    Student(12, "12", "किरण"),
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("muellersven_12", "1"),
        ("mullersven_12", "1"),
        ("Sven Mueller_12", "1"),
        ("SVEN MULLER", "1"),
        ("mu\u0308llersven_12", "1"),  # composed or not
        ("mülleruli_12", "7"),
        ("aasajoensson_3", "2"),
        ("jonssonasa_3", "2"),
        ("lukaszsorenbjorn_3", "3"),
        ("lukaszsoerenbjoern_3", "3"),
        ("grossjuergen_3", "4"),
        ("großjurgen_3", "4"),
        ("inanisil_3", "5"),
        ("i\u0307nanışıl_3", "5"),
        ("nunezangstromzoe_3", "6"),
        ("koehlerkim_3", "8"),
        ("kohlerkim_3", "9"),  # exactly that name
        ("kölerkim_3", None),
        ("köhlerkim_3", "8"),
        ("boehmana_3", "10"),
        ("bohmana_3", "10"),  # who left the roster is not meant
        ("teamgoettingen_4", "1"),
        ("teamgottingen_4", "1"),
        ("karana_4", None),
        ("करण_4", None),  # another name, and not one without its marks
        ("muellersven", None),  # no download's form
        ("mllersven_12", None),
        ("muller_12", None),
    ],
)
def test_a_name_without_its_diacritics_finds_the_one_student_meant(
    name: str, found: str | None
) -> None:
    got = Matcher(NORDIC, {}).find(name)
    assert (got and got[0].id) == found


@pytest.mark.parametrize("others", [("Sven Müller", "Sven Mûller"), ("Svën Müller", "Sven Müller")])
@pytest.mark.parametrize("name", ["mullersven_12", "Sven Muller"])
def test_of_two_students_without_their_diacritics_neither_is_guessed(
    name: str, others: tuple[str, str]
) -> None:
    two = [Student(key, str(key), other) for key, other in enumerate(others, 1)]
    assert Matcher(two, {}).find(name) is None
    assert Matcher(two[:1], {}).find(name) == (two[0], "name")
    # What staff say decides.
    assert Matcher(two, {name_key(name): 2}).find(name) == (two[1], "person")


def test_what_staff_said_goes_before_all_else() -> None:
    assert Matcher((ADA, BOB), {"1001": 2}).find("1001") == (BOB, "person")


def test_names_are_compared_without_regard_to_case_width_and_spaces() -> None:
    assert name_key("  Ａda \t STRASSE ") == name_key("ada straße")


# In the gradebook


def test_a_roster_finds_the_students_of_what_was_handed_in_before(book: Gradebook) -> None:
    book.record([(hand_in("ada@x.org"), scored("ada", 7)), (hand_in("zed"), None)], who="t")
    book.adjust("demo", "ada@x.org", 1, who="t", why="bonus")
    assert [each.on_roster for each in book.students()] == [False, False]
    done = book.enrol(roster(student("1", email="Ada@x.org"), student("2")), who="t")
    assert (done.added, done.changed, done.left, done.matched) == (2, 0, 0, 1)
    assert {each.id: each.on_roster for each in book.students()} == {
        "1": True, "2": True, "zed": False,
    }  # fmt: skip
    grade = book.grade("demo", "1")
    assert grade.points == 8
    assert [each.points for each in grade.adjustments] == [1]
    assert [each.handed_in_by for each in book.unmatched()] == ["zed"]
    assert {change.action for change in book.history(student="1")} == {
        "handed in", "graded", "adjust", "roster", "matched",
    }  # fmt: skip


def test_the_same_roster_again_changes_nothing(book: Gradebook) -> None:
    everybody = roster(student("1", name="Ada", extra={"Pet": "cat"}), student("2"))
    book.enrol(everybody, who="t")
    before = book.history()
    assert book.enrol(everybody, who="t") == Enrolment(0, 0, 0, 0)
    assert book.history() == before


def test_who_leaves_the_roster_is_kept_with_what_they_handed_in(book: Gradebook) -> None:
    book.enrol(roster(student("1"), student("2")), who="t")
    book.record([(hand_in("1"), scored("1", 7))], who="t")
    assert book.enrol(roster(student("2", section="B")), who="eve", why="new list").left == 1
    (one, two) = book.students()
    assert (one.id, one.on_roster, two.section) == ("1", False, "B")
    grade = book.grade("demo", "1")
    assert (grade.points, grade.notes) == (7, ("not on the roster",))
    changed = [each for each in book.history() if each.student == "2"][-1]
    assert (changed.who, changed.before, changed.after, changed.why) == (
        "eve", "section=", "section=B", "new list",
    )  # fmt: skip
    # Back on the list, they are who they were.
    book.enrol(roster(student("1"), student("2")), who="t")
    assert [each.on_roster for each in book.students()] == [True, True]


def test_a_corrected_roster_gives_a_submission_to_its_new_owner(book: Gradebook) -> None:
    book.enrol(roster(student("1", login="ada"), student("2")), who="t")
    book.record([(hand_in("ada"), scored("ada", 7))], who="t")
    book.enrol(roster(student("1"), student("2", login="ada")), who="t")
    assert book.grade("demo", "1").attempt is None
    assert book.grade("demo", "2").points == 7


def test_staff_say_whose_a_name_is_for_now_and_later(book: Gradebook) -> None:
    book.enrol(roster(student("1"), student("2")), who="t")
    book.record([(hand_in("zed"), scored("zed", 7))], who="t")
    assert book.match("Zed", "1", who="t", why="he told me") == 1
    assert book.unmatched() == ()
    book.record([(hand_in("ZED", assignment="other"), None)], who="t")
    assert [each.matched_by for each in book.attempts("other")] == ["person"]
    # A second word on it replaces the first.
    assert book.match("zed", "2", who="t") == 2
    assert book.grade("demo", "2").points == 7
    assert book.grade("demo", "1").attempt is None


def test_of_two_extensions_that_meet_the_rosters_students_stays_and_the_other_is_told(
    book: Gradebook,
) -> None:
    book.record([(hand_in("zed"), None)], who="t")
    book.extend("demo", "zed", 5, who="t", why="ill")
    book.enrol(roster(student("1")), who="t")
    book.extend("demo", "1", 2, who="t", why="moving")
    book.match("zed", "1", who="t")
    assert book.grade("demo", "1").due_why == "2 days more, granted by t: moving"
    told = [each for each in book.history(student="1") if each.what == "days of zed"]
    assert [(each.before, each.after) for each in told] == [("5", "")]


def test_an_unknown_student_is_answered_with_the_one_probably_meant(book: Gradebook) -> None:
    with pytest.raises(UsageError, match="has no students yet"):
        book.student("ada")
    book.enrol(roster(student("ada"), student("bob")), who="t")
    with pytest.raises(UsageError, match="no student 'adda'; did you mean ada"):
        book.student("adda")
    with pytest.raises(UsageError, match=r"there are: ada, bob$"):
        book.student("zzz")
    named = [student("ada", name="Ada Lovelace"), student("bob")]
    book.enrol(roster(*named, *(student(f"s{n}") for n in range(30))), who="t")
    with pytest.raises(UsageError, match="did you mean Ada Lovelace"):
        book.student("Ada Lovelase")
    with pytest.raises(UsageError, match=r"and 12 more$"):
        book.student("zzz")


def test_a_name_that_several_share_is_answered_with_their_ids(book: Gradebook) -> None:
    both = (student("1", name="Zoë Müller"), student("2", name="Zoe Muller"))
    book.enrol(roster(*both, student("3", name="Zoë Müller"), student("4")), who="t")
    with pytest.raises(UsageError, match=r"'Zoë Müller' may be any of 3 students: .*; give the id"):
        book.student("Zoë Müller")
    assert book.student("2").id == "2"


def test_who_left_is_not_listed_and_keeps_their_work_by_every_name(book: Gradebook) -> None:
    everybody = roster(student("1", name="Ada Lovelace"), student("2"))
    book.enrol(everybody, who="t")
    names = ("1", "lovelaceada_12")
    later = [hand_in(name, label=name) for name in names]
    book.record([(later[0], scored("1", 7)), (hand_in("zed"), scored("zed", 1))], who="t")
    book.enrol(roster(student("2")), who="t")
    # A later download still has them, under another name.
    book.record([(later[1], scored("lovelaceada_12", 8))], who="t")
    assert [each.handed_in_by for each in book.unmatched()] == ["zed"]
    assert [grade.student.id for grade in book.grades("demo")] == ["2", "zed"]
    assert len(book.attempts_of(book.student("1"))) == 2
    assert book.grade("demo", "1").points == 8
    assert [each.left for each in book.students()] == [True, False, False]
    book.enrol(everybody, who="t")
    assert [grade.student.id for grade in book.grades("demo")] == ["1", "2", "zed"]
    assert [each.left for each in book.students()] == [False, False, False]


def test_who_shares_the_name_of_nobodys_work_is_waited_for(book: Gradebook) -> None:
    names = ("Bob Stone", "Bob Stone", "Zoë Li", "Zöe Li", "Ada")
    book.enrol(roster(*(student(str(n), name=name) for n, name in enumerate(names, 1))), who="t")
    for name, points in (("stonebob_12", 8), ("lizoe_13", 7), ("nobody_14", 6)):
        book.record([(hand_in(name), scored(name, points))], who="t")
    grades = {grade.student.id: grade for grade in book.grades("demo")}
    said = "one of these may be theirs: {}; say so with `match`"
    assert grades["1"].open == grades["2"].open == (said.format("stonebob_12"),)
    assert grades["3"].open == grades["4"].open == (said.format("lizoe_13"),)
    assert (grades["1"].points, grades["5"].points) == (None, 0)
    assert book.grade("demo", "2").open == grades["2"].open
    book.match("stonebob_12", "2", who="t")
    # Nothing is left that could be the other's.
    assert [book.grade("demo", each).points for each in ("1", "2")] == [0, 8]
