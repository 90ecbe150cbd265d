"""Checks as pytest tests: plain `pytest` in a student's folder, points, marks and fixtures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from making import (
    DEMO_CHECKS,
    DEMO_HIDDEN,
    DEMO_RIGHT,
    DEMO_STARTER,
    HOMEWORKS,
    Files,
    grade_class,
    grade_one,
    notebook,
    write_course,
    write_files,
)
from running import run_grader, run_pytest

from grader.reports.schema import Report

# Plugins that the tests have and a student has not; loading them takes longer than the checks.
WITHOUT = [
    word
    for name in ("cacheprovider", "hypothesispytest", "anyio", "xdist", "xdist.looponfail")
    for word in ("-p", f"no:{name}")
]


def plain_pytest(folder: Path, *args: object, cwd: Path | None = None) -> tuple[int, str]:
    """Exit code and output of `python -m pytest` as a student runs it in the homework's folder."""
    done = run_pytest(*WITHOUT, *args, cwd=cwd or folder)
    return done.code, done.out + done.err


def passed_under_pytest(folder: Path) -> dict[str, bool]:
    _, said = plain_pytest(folder, "--junitxml", folder.parent / "junit.xml")
    tree = ElementTree.parse(folder.parent / "junit.xml")
    cases = {case.get("name", ""): len(case) == 0 for case in tree.iter("testcase")}
    assert cases, said
    return cases


def passed_under_check(folder: Path) -> dict[str, bool]:
    report = Report.model_validate_json(run_grader("check", "--json", cwd=folder).out)
    return {c.id.split("::")[1]: c.outcome == "passed" for c in report.checks}


WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")
FORMS: dict[str, Files] = {
    "right": {"demo.py": DEMO_RIGHT},
    "wrong": {"demo.py": WRONG},
    "starter": {"demo.py": DEMO_STARTER},
    "syntax error": {"demo.py": "def double(x:\n"},
    "missing function": {"demo.py": DEMO_RIGHT.split("def total")[0]},
    "crash": {"demo.py": DEMO_RIGHT.replace("return 2 * x", "import os; os._exit(0)")},
    "helper": {"demo.py": "from helper import *\n", "helper.py": DEMO_RIGHT},
    "notebook": {"demo.ipynb": notebook(DEMO_RIGHT)},
    "notebook and starter": {"demo.py": DEMO_STARTER, "demo.ipynb": notebook(WRONG)},
    "other name": {"demo (1).py": WRONG},
    "nothing": {},
}


@pytest.mark.parametrize("form", FORMS)
def test_plain_pytest_agrees_with_check(demo_folder: Path, form: str) -> None:
    (demo_folder / "demo.py").unlink()
    write_files(demo_folder, FORMS[form])
    checked = passed_under_check(demo_folder)
    assert set(checked) == {"test_double", "test_total"}
    assert passed_under_pytest(demo_folder) == checked


def test_plain_pytest_shows_the_message_and_not_the_graders_code(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": WRONG})
    code, said = plain_pytest(demo_folder)
    assert code == 1
    for word in ("expected:", "got:", "where:", "hint:", "Two times."):
        assert word in said
    assert "grader/" not in said
    assert "1 failed, 1 passed" in said


def test_plain_pytest_draws_the_same_numbers_as_check(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT.replace("np.sum(x)", "-np.sum(x) - 1")})
    _, said = plain_pytest(demo_folder)
    checked = run_grader("check", cwd=demo_folder).out
    got = [line.split() for line in said.splitlines() if line.strip().startswith("got:")]
    assert got
    assert got == [line.split() for line in checked.splitlines() if line.strip().startswith("got:")]


def test_plain_pytest_takes_a_file_one_check_or_a_word(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    for args in (("checks.py",), ("checks.py::test_total",), ("-k", "double"), (".",)):
        code, said = plain_pytest(demo_folder, *args)
        assert code == 0, said


def test_plain_pytest_runs_several_homeworks_at_once(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture", staff=False)
    for name in ("demo", "picture"):
        right = HOMEWORKS[name][f"solutions/{name}/{name}.py"]
        write_files(course / "assignments" / name, {f"{name}.py": right})
    code, said = plain_pytest(course, "assignments")
    assert code == 0, said
    assert "4 passed" in said


def test_other_tests_of_the_students_run_beside(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "test_mine.py": "def test(): assert 1\n"})
    assert "3 passed" in plain_pytest(demo_folder)[1]


def test_file_named_checks_elsewhere_is_not_collected(tmp_path: Path) -> None:
    write_files(tmp_path, {"checks.py": "def test_x(): assert 0\n", "test_a.py": "def test(): 0\n"})
    assert "1 passed" in plain_pytest(tmp_path)[1]


# Points, titles and marks

PARTS = '''\
import pytest

from grader.checks import require


@pytest.mark.points(1)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_thirds(student, n):
    """n is not two"""
    require(n != 2, "n is two")


@pytest.mark.points(0)
def test_for_nothing(student):
    """it is free"""


@pytest.mark.points(2.5)
def test_without_words(student, note):
    note("look at this")
'''


def test_parametrised_cases_share_the_points_exactly(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(course, {"assignments/demo/checks.py": PARTS})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    pair = grade_class(course, tmp_path / "subs", tmp_path / "out")["ada"]
    thirds = [check for check in pair.staff.checks if "thirds" in check.id]
    assert [check.max_points for check in thirds] == [0.34, 0.33, 0.33]
    assert [check.title for check in thirds] == [f"n is not two [{n}]" for n in (1, 2, 3)]
    assert [check.points for check in thirds] == [0.34, 0, 0.33]
    assert pair.staff.max_score == 1 + 2.5 + 7
    assert pair.staff.score == 0.67 + 2.5 + 7
    assert pair.check("test_for_nothing").outcome == "passed"
    assert pair.check("test_without_words").title == "test_without_words"
    assert "look at this" in pair.warned


def test_only_the_words_of_a_visibility_decide_what_a_student_sees(tmp_path: Path) -> None:
    words = ["visible", "after_due_date", "after_published", "hidden"]
    text = "import pytest\nfrom grader.checks import require\n"
    for word in words:
        text += f"\n\n@pytest.mark.points(1)\n@pytest.mark.visibility('{word}')\n"
        text += f"def test_{word}(student):\n    require(False, 'it is {word}')\n"
    course = write_course(tmp_path / "course")
    write_files(course, {"assignments/demo/checks.py": text})
    write_files(
        course, {"solutions/demo/hidden_checks.py": text.replace("def test_", "def test_h_")}
    )
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    pair = grade_class(course, tmp_path / "subs", tmp_path / "out")["ada"]
    shown = {c.id: c.text for c in pair.student.checks if c.text is not None}
    assert shown == {
        "checks::test_visible": "it is visible",
        "hidden_checks::test_h_visible": "it is visible",
    }
    assert all(c.text for c in pair.staff.checks)


def test_default_is_visible_in_checks_and_hidden_in_hidden_checks(tmp_path: Path) -> None:
    pair = grade_one(tmp_path, {"demo.py": WRONG})
    assert {c.id.split("::")[0]: c.visibility.value for c in pair.staff.checks} == {
        "checks": "visible",
        "hidden_checks": "hidden",
    }


RANDOM = """\
import pytest

from grader.checks import require


@pytest.mark.points(1)
def test_one(student, rng):
    require(False, repr(float(rng.normal())))


@pytest.mark.points(1)
@pytest.mark.parametrize("n", [1, 2])
def test_two(student, rng, n):
    require(False, repr(float(rng.normal())))
"""


def test_numbers_differ_by_check_case_homework_and_file(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    for name in ("demo", "picture"):
        for path in (f"assignments/{name}/checks.py", f"solutions/{name}/hidden_checks.py"):
            write_files(course, {path: RANDOM})
    write_files(tmp_path / "subs", {"demo/ada.py": DEMO_RIGHT, "picture/bob.py": DEMO_RIGHT})
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out")
    drawn = [c.text for pair in graded.pairs.values() for c in pair.staff.checks]
    assert len(drawn) == len(set(drawn)) == 12


def test_every_submission_gets_the_same_inputs(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {f"s{n}.py": WRONG for n in range(3)})
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--jobs", 2)
    messages = {pair.check("test_double_at_random").text for pair in graded.pairs.values()}
    assert len(messages) == 1


def test_fixture_of_the_authors_is_used(tmp_path: Path) -> None:
    text = DEMO_CHECKS + (
        "\n\n@pytest.fixture(scope='module')\ndef three():\n    return np.full(2, 3.0)\n"
        "\n\n@pytest.mark.points(1)\ndef test_three(student, three):\n"
        "    assert_close(student.double(three), 2 * three, 'double(x)')\n"
    )
    course = write_course(tmp_path / "course")
    write_files(course, {"assignments/demo/checks.py": text})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": WRONG, "cyn.py": DEMO_RIGHT})
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--jobs", 1)
    ends = {label: pair.outcomes["test_three"] for label, pair in graded.pairs.items()}
    assert ends == {"ada": "passed", "bob": "failed", "cyn": "passed"}


def test_hidden_check_may_use_data_and_reference(tmp_path: Path) -> None:
    text = DEMO_HIDDEN + (
        "\n\n@pytest.mark.points(2)\ndef test_data(student, data, reference):\n"
        "    import numpy as np\n    x = np.loadtxt(data['numbers.csv'], delimiter=',')[0]\n"
        "    assert_close(student.double(x), reference.double(x), 'double(x)')\n"
    )
    course = write_course(tmp_path / "course")
    write_files(course, {"solutions/demo/hidden_checks.py": text})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    pair = grade_class(course, tmp_path / "subs", tmp_path / "out")["ada"]
    assert pair.outcomes["test_data"] == "passed", str(pair)
