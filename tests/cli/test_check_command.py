"""`python -m grader check` and `list`, as a student meets them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from making import DEMO_CHECKS, DEMO_RIGHT, DEMO_STARTER, notebook, write_course, write_files
from running import Ran, copy_course, run_grader

from grader.course.course import find_course
from grader.reports.schema import OUR_FAULT, Report

WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")


def check(folder: Path, *args: object, **env: str) -> Ran:
    return run_grader("check", *args, cwd=folder, **env)


@pytest.mark.smoke
def test_right_file_passes_with_exit_code_0(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = check(demo_folder)
    assert ran.code == 0
    assert "3 of 3 public points" in ran.said
    assert "double of three numbers 2/2" in ran.said
    assert ran.err == ""


def test_starter_is_not_attempted_with_exit_code_1(demo_folder: Path) -> None:
    ran = check(demo_folder)
    assert ran.code == 1
    assert "0 of 3 public points" in ran.said
    assert ran.out.count("not attempted") == 2
    assert "You have not written anything yet. read README.md" in ran.said
    assert "check python -m grader check demo --watch" in ran.said


@pytest.mark.smoke
def test_failure_says_what_was_expected_what_came_where_and_a_hint(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": WRONG})
    ran = check(demo_folder)
    assert ran.code == 1
    assert "1 of 3 public points" in ran.said
    lines = [line.split(maxsplit=1) for line in ran.out.splitlines()]
    told = {words[0]: words[1] for words in lines if len(words) == 2}
    assert told["expected:"].startswith("[2")
    assert "12" in told["got:"]
    assert told["where:"] == "first at [0]; all 3 are wrong"
    assert told["hint:"] == "Two times."


@pytest.mark.smoke
def test_error_shows_the_students_own_lines(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": "def double(x):\n    return x[99]\n"})
    ran = check(demo_folder)
    assert ran.code == 1
    assert "IndexError" in ran.said
    assert "demo.py, line 2, in double: return x[99]" in ran.said
    assert "there is no `total`" in ran.said


def test_function_that_rests_on_a_stub_is_explained(demo_folder: Path) -> None:
    source = DEMO_STARTER.replace(
        '"""The sum of x."""\n    raise NotImplementedError', "return sum(double(x)) / 2"
    )
    write_files(demo_folder, {"demo.py": source})
    assert "`total` calls `double`, which is not written yet" in check(demo_folder).said


def test_warnings_are_told_as_notes(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT.replace("return 2 * x", "x *= 2; return x")})
    ran = check(demo_folder)
    assert ran.code == 0
    assert "note: `double` changed its argument x in place" in ran.said


def test_homework_is_named_or_that_of_the_folder_or_the_only_one(
    student_course: Path, demo_folder: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "sub/x.txt": ""})
    for folder, args in (
        (student_course, ("demo",)),
        (student_course, ()),
        (student_course, ("assignments/demo/",)),
        (student_course, ("assignments/demo/demo.py",)),
        (demo_folder, ("demo.py",)),
        (demo_folder, ()),
        (demo_folder / "sub", ()),
        (student_course.parent, ("demo", "--course", student_course)),
    ):
        ran = check(folder, *args)
        assert (ran.code, ran.err) == (0, ""), (folder, args)


def test_several_homeworks_need_a_name(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    ran = check(course)
    assert ran.code == 2
    assert "demo, picture" in ran.err
    assert check(course / "assignments" / "demo").code == 1
    # A file of another folder is no homework's.
    write_files(course, {"demo.py": DEMO_RIGHT})
    assert "did you mean `demo`?" in check(course, "demo.py").err
    assert "did you mean `picture`?" in check(course, "pic").err


def test_no_such_homework_suggests_one(student_course: Path) -> None:
    ran = check(student_course, "dmeo")
    assert ran.code == 2
    assert "did you mean `demo`?" in ran.err
    assert ran.err.count("\n") == 1


def test_path_of_a_file_and_of_a_folder(student_course: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"a/any.py": DEMO_RIGHT, "b/demo.ipynb": notebook(DEMO_RIGHT)})
    assert check(student_course, "--path", tmp_path / "a" / "any.py").code == 0
    assert check(student_course, "--path", tmp_path / "b").code == 0
    ran = check(student_course, "--path", tmp_path / "c")
    assert ran.code == 2
    assert "does not exist" in ran.err
    write_files(tmp_path, {"d/notes.txt": "", "e/demo.ipynb": ""})
    ran = check(student_course, "--path", tmp_path / "d")
    assert ran.code == 1
    assert "holds no demo.py or demo.ipynb; it holds notes.txt" in ran.said
    assert (
        "demo.ipynb is not a readable notebook"
        in check(student_course, "--path", tmp_path / "e").said
    )


def test_only_runs_the_checks_named(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": WRONG})
    ran = check(demo_folder, "--only", "total")
    assert ran.code == 0
    assert "1 of 1 public points" in ran.said
    ran = check(demo_folder, "--only", "nothing like it")
    assert ran.code == 2
    assert "no check has 'nothing like it' in its name or title" in ran.err


def test_json_is_the_students_report(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = check(demo_folder, "--json")
    report = Report.model_validate_json(ran.out)
    assert (report.score, report.max_score, report.isolation) == (3, 3, "none")
    assert (report.audience, report.seed, report.duration_s) == ("student", None, None)
    assert all(found.duration_s is not None for found in report.checks)


def test_fault_of_a_check_is_told_in_full_on_the_terminal(demo_folder: Path) -> None:
    checks = "import pytest\n@pytest.mark.points(1)\ndef test_it(student):\n    'It'\n    1 / 0\n"
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "checks.py": checks})
    assert "ZeroDivisionError" in check(demo_folder).said
    assert "fault of the grader" in check(demo_folder).said
    told = Report.model_validate_json(check(demo_folder, "--json").out).checks[0].text
    assert told == OUR_FAULT


@pytest.mark.smoke
def test_notebook_alone_is_checked(demo_folder: Path) -> None:
    (demo_folder / "demo.py").unlink()
    write_files(demo_folder, {"demo.ipynb": notebook("%matplotlib inline", DEMO_RIGHT)})
    ran = check(demo_folder)
    assert ran.code == 0, ran.said
    assert "skipped, such as `%matplotlib inline`" in ran.said


def test_notebook_beside_the_starter_is_checked(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.ipynb": notebook(DEMO_RIGHT)})
    assert check(demo_folder).code == 0


def test_syntax_error_is_shown_with_its_line(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": "def double(x):\n    return (2 * x\n"})
    ran = check(demo_folder)
    assert ran.code == 1
    assert "demo.py, line 2: SyntaxError: '(' was never closed" in ran.said


def test_folder_of_a_homework_without_a_file_says_what_it_holds(demo_folder: Path) -> None:
    (demo_folder / "demo.py").unlink()
    write_files(demo_folder, {"notes.txt": ""})
    ran = check(demo_folder)
    assert ran.code == 1
    assert "holds no demo.py or demo.ipynb; it holds notes.txt" in ran.said


def test_large_files_beside_are_told_and_not_read_as_missing(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    with (demo_folder / "data.bin").open("wb") as file:
        file.truncate(70 << 20)
    ran = check(demo_folder)
    assert "64 MB" in ran.said
    assert "it holds" not in ran.said


HOSTILE_TEXT = r'"[/red] [bold]x[/] \x1b[2J\x1b]0;title\x07 \ud800 :smile:"'


@pytest.mark.parametrize(
    "source",
    [
        f"raise ValueError({HOSTILE_TEXT})\n{DEMO_RIGHT}",
        f"def double(x):\n    raise ValueError({HOSTILE_TEXT})\n",
        f"def double(x):\n    return {HOSTILE_TEXT}\n",
        f'print({HOSTILE_TEXT[:-8]}")\n{DEMO_RIGHT}'.replace(r"\ud800", ""),
        f"{DEMO_RIGHT}\n# [/red]\ndef double(x): return x[{HOSTILE_TEXT}]  # [/blue] \x1b[31m\n",
    ],
)
def test_text_of_the_students_is_shown_and_not_obeyed(demo_folder: Path, source: str) -> None:
    write_files(demo_folder, {"demo.py": source})
    ran = check(demo_folder)
    assert ran.code in (0, 1)
    assert ran.err == ""
    assert "\x1b" not in ran.out
    assert "\x07" not in ran.out
    if "ValueError" in source:
        assert "[/red] [bold]x[/]" in ran.said
        assert ":smile:" in ran.said


def test_brackets_in_titles_are_shown(student_course: Path, demo_folder: Path) -> None:
    write_files(
        demo_folder,
        {
            "assignment.toml": 'title = "Softmax [k classes] [/]"\n',
            "checks.py": DEMO_CHECKS.replace("double of three", "double [x] of [/b] three"),
        },
    )
    ran = check(demo_folder)
    assert ran.code == 1
    assert "Softmax [k classes] [/]" in ran.said
    assert "double [x] of [/b] three numbers" in ran.said
    assert "Softmax [k classes] [/]" in run_grader("list", cwd=student_course).said


def test_terminal_that_knows_ascii_alone_is_no_crash(demo_folder: Path) -> None:
    text = DEMO_CHECKS.replace("double of three", "\u03a3 \u2192 double of three")
    write_files(demo_folder, {"checks.py": text, "demo.py": WRONG.replace("sum", "s\u00fcm")})
    ran = check(demo_folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.code == 1
    assert ran.err == ""
    assert "double of three" in ran.said


@pytest.mark.parametrize("name", ["random", "numpy", "json", "pytest", "rich"])
def test_module_of_the_students_with_a_known_name_does_not_break_the_grader(
    demo_folder: Path, name: str
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, f"{name}.py": "raise SystemExit('mine')\n"})
    ran = check(demo_folder)
    assert "mine" not in ran.err
    assert ran.code == 0, ran.said


def test_settings_of_pytest_do_not_change_the_verdict(demo_folder: Path) -> None:
    write_files(
        demo_folder,
        {
            "demo.py": WRONG,
            "conftest.py": "import pytest\n@pytest.fixture\ndef student():\n    return 1\n"
            "raise SystemExit('planted')\n",
            "pytest.ini": "[pytest]\naddopts = -k total --maxfail=1\n",
            "setup.cfg": "[tool:pytest]\naddopts = -k total\n",
        },
    )
    ran = check(demo_folder, PYTEST_ADDOPTS="-k total -x", PYTEST_PLUGINS="")
    assert ran.code == 1
    assert "1 of 3 public points" in ran.said


def test_check_leaves_the_homeworks_folder_as_it_was(demo_folder: Path) -> None:
    source = DEMO_RIGHT + "\nopen('made.txt', 'w').write('x')\nimport helper\n"
    write_files(demo_folder, {"demo.py": source, "helper.py": "x = 1\n"})
    before = {path.name for path in demo_folder.iterdir()} | {"__pycache__"}
    assert check(demo_folder).code == 0
    assert {path.name for path in demo_folder.iterdir()} <= before


def test_skipped_check_is_a_fault_of_ours_and_no_pass(demo_folder: Path) -> None:
    text = DEMO_CHECKS.replace(
        '    """double of three numbers"""', '    """double"""\n    pytest.skip("later")'
    )
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "checks.py": text})
    ran = check(demo_folder)
    assert ran.code == 1
    assert "1 of 3 public points" in ran.said
    assert "grader error" in ran.said
    assert "fault of the grader, not yours" in ran.said


def test_student_can_check_in_a_folder_that_cannot_be_written(demo_folder: Path) -> None:
    # For root no folder is read-only: a file where the folder for our memory would be is as good.
    write_files(demo_folder.parent.parent, {".grader": "in the way"})
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = check(demo_folder)
    assert (ran.code, ran.err) == (0, "")
    assert run_grader("list", cwd=demo_folder).code == 0


def test_list_shows_what_there_is_and_what_was_done(student_course: Path) -> None:
    folder = student_course / "assignments" / "demo"
    toml = (folder / "assignment.toml").read_text().replace('"Demo"', '"Demo"\npoints = 10')
    write_files(folder, {"assignment.toml": toml})
    ran = run_grader("list", cwd=student_course)
    assert ran.code == 0
    assert "Tiny" in ran.said
    assert "demo Demo (10 points)" in ran.said
    assert "due in 36" in ran.said
    assert "not started" in ran.said
    write_files(folder, {"demo.py": WRONG})
    assert "started" in run_grader("list", cwd=student_course).said
    assert "not started" not in run_grader("list", cwd=student_course).said
    check(folder)
    assert "1 of 3 due in" in run_grader("list", cwd=student_course).said
    # What was handed in was checked as well.
    write_files(folder, {"demo.py": DEMO_RIGHT, "box/x": ""})
    run_grader("submit", "-y", "--student", "ada", "--to", "box", cwd=folder)
    assert "3 of 3 due in" in run_grader("list", cwd=student_course).said


def test_list_begins_with_what_is_due_first(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture", staff=False)
    for name, due in (("demo", "2031-01-02"), ("picture", "2030-01-02")):
        toml = f'title = "T"\ndue = {due}T00:00:00Z\n'
        write_files(course, {f"assignments/{name}/assignment.toml": toml})
    said = run_grader("list", cwd=course).said
    assert said.index("picture T") < said.index("demo T")


def test_list_tells_a_notebook_from_the_starter(student_course: Path) -> None:
    folder = student_course / "assignments" / "demo"
    write_files(folder, {"demo.ipynb": notebook(DEMO_STARTER)})
    assert "not started" in run_grader("list", cwd=student_course).said
    write_files(folder, {"demo.ipynb": notebook(DEMO_RIGHT)})
    assert "not started" not in run_grader("list", cwd=student_course).said


def test_list_bears_a_file_that_python_cannot_parse(student_course: Path) -> None:
    path = student_course / "assignments" / "demo" / "demo.py"
    for source in ("x = " + "-" * 50_000 + "1", "def double(x:\n", "x\0y", '"\\s"\n'):
        path.write_text(source)
        ran = run_grader("list", cwd=student_course)
        assert (ran.code, ran.err) == (0, "")
        assert "started" in ran.out


def test_damaged_memory_is_forgotten(student_course: Path) -> None:
    found = find_course(student_course)
    for text in ("{", "[]", '{"checks": [], "receipts": 5}', '{"checks": {"demo": 7}}', "\xff"):
        write_files(student_course, {".grader/remembered.json": text})
        assert found.remembered() == {}
    assert run_grader("list", cwd=student_course).code == 0
    found.remember(student="ada")
    assert found.remembered() == {"student": "ada"}


def test_reference_scores_full_marks_and_starter_nothing(real_course: Path) -> None:
    solution = real_course / "solutions" / "multiclass_lr" / "multiclass_lr.py"
    ran = check(real_course, "multiclass_lr", "--path", solution)
    assert ran.code == 0, ran.said
    ran = check(real_course, "multiclass_lr", "--json")
    report = Report.model_validate_json(ran.out)
    assert ran.code == 1
    assert report.score == 0
    assert {check.outcome.value for check in report.checks} == {"not_attempted"}


def test_students_copy_of_the_course_needs_no_solutions(tmp_path: Path) -> None:
    course = copy_course(tmp_path, staff=False)
    solution = Path(__file__).parents[2] / "solutions" / "multiclass_lr" / "multiclass_lr.py"
    shutil.copy(solution, course / "assignments" / "multiclass_lr")
    ran = check(course / "assignments" / "multiclass_lr")
    assert ran.code == 0, ran.said
    assert not os.path.exists(course / "solutions")  # noqa: PTH110
