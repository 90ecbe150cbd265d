"""`validate` on a course in which each homework has one thing broken, and only that."""

from __future__ import annotations

import json
import re

import pytest
from homeworks import CASES, write_homework
from running import Ran, run_grader


def findings_by_homework(out: str) -> dict[str, list[str]]:
    """The lines that say what is off, under the name of each homework."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in out.splitlines():
        if match := re.match(r"(\w+): (ok|problems)\b", line):
            name = match[1]
            assert " -" not in line, line  # no time is negative
            found[name] = []
            assert name == "course" or match[2] in ("ok", "problems")
        elif line.startswith("  - "):
            found[name].append(line[4:])
        elif not re.fullmatch(r"\d+ homeworks? in \d+\.\d s", line):
            assert line.startswith("  note: "), line
    return found


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """`validate` of them all, in one run."""
    root = tmp_path_factory.mktemp("broken")
    for name, case in CASES.items():
        case.change(write_homework(root, name))
    (root / "solutions" / "old").mkdir()
    (root / "solutions" / "old" / "old.py").touch()
    (root / "datasets" / "unused").mkdir()
    return run_grader("validate", cwd=root, timeout_s=600)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_each_finding_is_one_line_with_fact_and_remedy(broken, name):
    found = findings_by_homework(broken.out)[name]
    wanted = CASES[name].findings
    assert len(found) == len(wanted), found
    for pattern, line in zip(wanted, found, strict=True):
        assert re.search(pattern, line), line


@pytest.mark.slow
def test_strays_of_the_course_are_found(broken):
    found = findings_by_homework(broken.out)["course"]
    assert any("solutions/old belongs to no homework" in line for line in found)
    assert any("datasets/unused/SHA256SUMS is missing" in line for line in found)
    # A homework's own data are told of under the homework only.
    assert not any("data_changed" in line for line in found)


@pytest.mark.slow
def test_anything_off_is_exit_code_1(broken):
    assert broken.code == 1
    assert not broken.err


def test_a_clean_homework_is_exit_code_0(tmp_path):
    write_homework(tmp_path, "clean")
    ran = run_grader("validate", "clean", cwd=tmp_path)
    assert ran.code == 0
    assert re.match(
        r"clean: ok\. 3 checks; 1 alternative; 2 mistakes, 2 of 2 named; 5 examples; ", ran.out
    )


def test_unnamed_mistakes_are_listed_and_nothing_is_changed(tmp_path):
    homework = write_homework(tmp_path, "unnamed")
    CASES["mistake_unnamed"].change(homework)
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    ran = run_grader("validate", "--unsafe", cwd=tmp_path)
    assert ran.code == 1
    assert "note: total_is_a_mean is not named; hidden_checks::test_total fails: " in ran.out
    after = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    assert after == before


def test_a_check_that_refuses_some_numbers_is_found_by_more_draws(tmp_path):
    homework = write_homework(tmp_path, "numbers")
    homework.change(homework.hidden, "import assert_close", "import assert_close, require")
    bound = 'require(probes[0][0].max() < 1.97, "far")\n    answers = student.total'
    homework.change(homework.hidden, "answers = student.total", bound)
    ran = run_grader("validate", "numbers", "--seed", "a", "--draws", 20, cwd=tmp_path)
    first, second, line = ran.out.splitlines()
    assert first.startswith("numbers: ok. 3 checks; ")
    assert re.match(r"numbers: problems\. 40 gradings of what is right with 20 draws; ", second)
    told = re.fullmatch(
        r"  - hidden_checks::test_total takes points from the reference and 1 more in \d of 20 "
        r"draws, first with --seed (a-\d+): .*far.*; widen what it accepts, or .*",
        line,
    )
    assert told
    assert ran.code == 1
    again = run_grader("validate", "numbers", "--seed", told[1], cwd=tmp_path)
    assert again.code == 1
    assert "the reference loses 3 points" in again.out

    write_homework(tmp_path, "clean")
    clean = run_grader("validate", "clean", "--draws", 3, cwd=tmp_path)
    assert clean.code == 0
    assert "clean: ok. 6 gradings of what is right with 3 draws; " in clean.out


def test_points_that_cases_cannot_share_equally_are_told_and_add_up(tmp_path):
    homework = write_homework(tmp_path, "thirds")
    text = homework.checks.read_text()
    text = text.replace("def test_double_example(student)", "def test_double_example(student, x)")
    text = text.replace("[1.0, -2.0]", "[x, -2.0]").replace("[2.0, -4.0]", "[2.0 * x, -4.0]")
    cases = '@pytest.mark.parametrize("x", [1.0, 2.0, 3.0])\ndef test_double_example'
    homework.checks.write_text(text.replace("def test_double_example", cases))
    ran = run_grader("validate", "--unsafe", cwd=tmp_path)
    assert ran.code == 0, ran.said
    assert (
        "note: checks::test_double_example: 4 points cannot be shared equally by 3 cases: students "
        "read 1.34 and 1.33; 3 or 6 points can"
    ) in ran.out
    homework.starter.write_text(homework.reference.read_text())
    report = json.loads(run_grader("check", "thirds", "--json", cwd=tmp_path).out)
    assert [check["points"] for check in report["checks"]] == [1.34, 1.33, 1.33]
    assert report["score"] == report["max_score"] == 4


def test_an_unknown_homework_is_wrong_use(tmp_path):
    write_homework(tmp_path, "clean")
    ran = run_grader("validate", "claen", cwd=tmp_path)
    assert ran.code == 2
    assert "did you mean `clean`?" in ran.said
