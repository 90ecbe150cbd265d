"""Each line of the homeworks' fine print about loading and accepted forms.

All forms are handed in by one class, graded once; each test reads the reports of its own.
"""

from __future__ import annotations

import making
import pytest
from making import (
    DEMO_RIGHT,
    Files,
    GradedClass,
    grade_class,
    notebook,
)

BOTH = making.PIECES["both"]

# What a text file cannot show.
BYTES: dict[str, Files] = {
    "byte-order-mark": {"demo.py": "\ufeff" + DEMO_RIGHT},
    "latin-1": {
        "demo.py": b"# -*- coding: latin-1 -*-\n" + ('"""F\xfcr dich"""\n' + BOTH).encode("latin-1")
    },
    "crlf": {"demo.py": DEMO_RIGHT.replace("\n", "\r\n")},
    "old-mac-lines": {"demo.py": DEMO_RIGHT.replace("\n", "\r")},
    "tabs": {"demo.py": BOTH.replace("    ", "\t")},
    "form-feed": {"demo.py": BOTH.replace("def", "\f\ndef")},
    "with-a-picture": {"demo.py": BOTH, "figure.png": b"\x89PNG", "data.npy": b"\x93NUMPY"},
    "notebook-byte-order-mark": {"demo.ipynb": b"\xef\xbb\xbf" + notebook(BOTH).encode()},
    "notebook-of-another-version": {
        "demo.ipynb": notebook(BOTH).replace('"nbformat_minor": 5', '"nbformat_minor": 2')
    },
}
ACCEPTED = {**making.read_forms("accepted"), **BYTES}
HELPERS = making.read_forms("helpers")
ODD = making.read_forms("odd")
DRAWN = making.read_forms("drawn")
UNDRAWN = making.read_forms("undrawn")
# Statements that never end burn a core for this long each time that they are loaded.
HASTY_TOML = making.DEMO_TOML.replace("call_s = 2.0", "call_s = 0.5")


@pytest.fixture(scope="module", params=making.ISOLATIONS)
def forms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Every form above, handed in by a class and graded at once."""
    folder = tmp_path_factory.mktemp("forms")
    course = making.write_course(folder / "course")
    making.write_files(course, {"assignments/demo/assignment.toml": HASTY_TOML})
    for label, files in {**ACCEPTED, **HELPERS, **ODD}.items():
        making.write_files(folder / "subs" / label, files)
    making.write_files(
        folder / "subs",
        {"zip-of-a-folder.zip": making.zipped({"Ada Lovelace/demo.py": DEMO_RIGHT})},
    )
    return grade_class(
        course, folder / "subs", folder / "out", "--assignment", "demo", isolation=request.param
    )


@pytest.mark.parametrize("label", [*ACCEPTED, "zip-of-a-folder"])
def test_accepted_with_full_marks(forms: GradedClass, label: str) -> None:
    assert forms[label].full, str(forms[label])


def test_helpers_of_two_students_never_meet(forms: GradedClass) -> None:
    assert forms["helper-ada"].full
    assert forms["helper-bob"].outcomes["test_double"] == "failed"
    assert "there is no `double`" in str(forms["helper-cyn"].check("test_double").text)
    assert "No module named 'helper'" in forms["helper-cyn"].warned


@pytest.mark.parametrize("label", ["starter", "starter-notebook"])
def test_starter_is_not_attempted_and_gets_nothing(forms: GradedClass, label: str) -> None:
    assert set(forms[label].outcomes.values()) == {"not_attempted"}
    assert forms[label].staff.score == 0


def test_one_lambda_among_stubs_is_an_attempt(forms: GradedClass) -> None:
    # Else a wrong notebook beside it would count.
    assert forms["lambda-among-stubs"].outcomes["test_double"] == "passed"
    assert forms["lambda-among-stubs"].outcomes["test_total"] == "not_attempted"


def test_function_that_calls_a_stub_is_blocked_and_told_by_which(forms: GradedClass) -> None:
    pair = forms["stub-calls-stub"]
    assert pair.outcomes["test_double"] == "not_attempted"
    assert pair.outcomes["test_total"] == "blocked"
    assert "`total` calls `double`, which is not written" in str(pair.check("test_total").text)


def test_abstract_method_that_is_called_is_an_error(forms: GradedClass) -> None:
    check = forms["abstract-called"].check("test_double")
    assert check.outcome == "error"
    assert "demo.py, line 3, in Base.of" in str(check.text)


def test_changed_input_costs_nothing_and_is_told(forms: GradedClass) -> None:
    assert forms["changes-input"].full
    assert "`double` changed its argument x in place" in forms["changes-input"].warned
    assert "`total` changed its argument x in place" in forms["changes-input"].warned
    assert "changed" in "".join(forms["changes-input"].student.warnings)
    assert "changed" not in forms["plain"].warned


def test_float32_costs_nothing_and_is_told(forms: GradedClass) -> None:
    assert forms["float32"].full
    assert "`double` computes in float32" in forms["float32"].warned
    assert "float32" not in forms["plain"].warned


def test_wrong_shape_says_both_shapes(forms: GradedClass) -> None:
    check = forms["column"].check("test_double")
    assert check.outcome == "failed"
    assert "(3, 1)" in str(check.text)
    assert "(3,)" in str(check.text)


@pytest.mark.parametrize("label", ["missing-package", "missing-import-inside"])
def test_missing_package_is_named(forms: GradedClass, label: str) -> None:
    check = forms[label].check("test_double")
    assert check.outcome == "error"
    assert "surely_not_there" in str(check.text)
    assert forms[label].outcomes["test_total"] == "passed"


def test_missing_package_is_told_with_what_is_promised(forms: GradedClass) -> None:
    assert "only numpy, matplotlib and the standard library" in forms["missing-package"].warned
    assert "only numpy" in forms["missing-import-unused"].warned


def test_input_says_that_nobody_is_at_the_keyboard(forms: GradedClass) -> None:
    check = forms["input-inside"].check("test_double")
    assert "EOFError" in str(check.text)
    assert "nobody is at the keyboard" in str(check.text)
    assert "demo.py, line 1: EOFError" in forms["input-on-top"].warned


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("raises-on-top", "demo.py, line 3: IndexError"),
        ("raises-on-top", "demo.py, line 6: ZeroDivisionError"),
        ("exit-on-top", "demo.py, line 4: SystemExit: bye"),
        ("slow-on-top", "demo.py, line 3: TooSlow: still running after 0.5 s"),
        ("notebook-raises", "cell 2, line 1: ZeroDivisionError"),
        ("notebook-raises", "cell 2, line 2: NameError"),
        ("notebook-raises", "cell 3, line 1: NameError"),
        ("notebook-slow", "cell 2, line 1: TooSlow"),
        ("notebook-bad-cell", "cell 2, line 1: SyntaxError"),
        ("notebook-magics", "`%matplotlib inline`"),
        ("both-attempted", "demo.py and demo.ipynb were both handed in; demo.py counts"),
        ("name-final", "demo_final_v2.py was taken as demo.py"),
    ],
)
def test_what_was_odd_is_told(forms: GradedClass, label: str, told: str) -> None:
    assert told in forms[label].warned
    assert told in "\n".join(forms[label].student.warnings)


def test_nothing_is_said_of_a_plain_submission(forms: GradedClass) -> None:
    quiet = ["plain", "byte-order-mark", "latin-1", "crlf", "tabs", "dataclass", "notebook"]
    quiet += [
        "both-py-starter",
        "both-notebook-starter",
        "main-block",
        "seeding",
        "exported-notebook",
    ]
    assert {label: forms[label].warned for label in quiet if forms[label].warned} == {}


def test_error_in_a_notebook_is_told_by_cell_and_line(forms: GradedClass) -> None:
    check = forms["notebook-error-place"].check("test_double")
    assert "cell 2, line 5, in double: return x.wrong" in str(check.text)


def test_syntax_error_is_told_with_its_line(forms: GradedClass) -> None:
    pair = forms["syntax-error"]
    assert set(pair.outcomes.values()) == {"error"}
    assert "demo.py, line 3: SyntaxError" in str(pair.check("test_total").text)
    assert "def total(x)" in str(pair.check("test_total").text)


def test_misnamed_function_is_asked_about(forms: GradedClass) -> None:
    assert "did you call it `duoble`?" in str(forms["misnamed"].check("test_double").text)


def test_what_is_printed_stands_in_the_report(forms: GradedClass) -> None:
    assert "loading" in str(forms["talkative"].staff.stdout_tail)
    assert "no newline" in str(forms["talkative"].staff.stdout_tail)


def test_odd_values_are_failures_and_never_faults_of_ours(forms: GradedClass) -> None:
    odd = [label for label in ODD if label.startswith("returns-")]
    ends = {label: forms[label].outcomes["test_double"] for label in odd}
    assert {label for label, end in ends.items() if end != "failed"} == {"returns-cycle"}
    assert ends["returns-cycle"] == "error"


@pytest.mark.parametrize("label", ["raises-surrogate", "raises-odd", "not-callable"])
def test_odd_errors_are_errors(forms: GradedClass, label: str) -> None:
    assert forms[label].outcomes["test_double"] == "error"
    assert forms[label].outcomes["test_total"] == "passed"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Every way to draw, handed in by a class and graded at once."""
    folder = tmp_path_factory.mktemp("pictures")
    course = making.write_course(folder / "course", "picture")
    for label, files in {**DRAWN, **UNDRAWN}.items():
        making.write_files(folder / "subs" / label, files)
    options = ("--assignment", "picture")
    isolation = "none"
    return grade_class(course, folder / "subs", folder / "out", *options, isolation=isolation)


@pytest.mark.parametrize("label", DRAWN)
def test_drawn_any_usual_way_is_accepted(pictures: GradedClass, label: str) -> None:
    assert pictures[label].full, str(pictures[label])


def test_wrong_pictures_are_told_apart(pictures: GradedClass) -> None:
    assert "drew no figure" in str(pictures["no-figure"].check("test_curve").text)
    assert pictures["no-labels"].outcomes["test_labels"] == "failed"
    assert pictures["no-labels"].outcomes["test_curve"] == "passed"
    assert pictures["wrong-curve"].outcomes["test_curve"] == "failed"
    assert pictures["raises"].outcomes["test_curve"] == "error"


def test_picture_of_a_failed_check_is_kept_for_staff(pictures: GradedClass) -> None:
    (figure,) = pictures["wrong-curve"].check("test_curve").figures
    assert figure.file is not None
    png = pictures.out / "picture" / figure.file
    assert png.read_bytes().startswith(b"\x89PNG")


def test_pictures_of_passed_checks_are_not_kept(pictures: GradedClass) -> None:
    assert [f.file for c in pictures["plain"].staff.checks for f in c.figures] == [None] * 3


def test_picture_in_the_students_report_is_where_it_says(pictures: GradedClass) -> None:
    report = pictures["wrong-curve"].student
    files = [f.file for c in report.checks for f in c.figures if f.file is not None]
    assert files
    folder = pictures.out / "picture" / "student"
    assert all((folder / file).read_bytes().startswith(b"\x89PNG") for file in files)
