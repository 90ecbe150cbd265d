"""Wrong use and unusable input: one clear line with the remedy, exit code 2, nothing lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from making import (
    DEMO_CHECKS,
    DEMO_RIGHT,
    DEMO_TOML,
    grade_class,
    notebook,
    write_course,
    write_files,
    zipped,
)
from running import Ran, run_grader

from grader.course.course import find_course
from grader.errors import SpecError


def grade(course: Path, subs: Path, out: Path, *options: object) -> Ran:
    return run_grader("grade", subs, "--out", out, "--unsafe", *options, cwd=course)


def assert_one_line(ran: Ran, *told: str) -> None:
    """Exit code 2 and one line on stderr that holds these words."""
    assert ran.code == 2, ran.out + ran.err
    assert re.fullmatch(r"grader: [^\n]+\n", ran.err), ran.err
    for text in told:
        assert text in ran.err


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    """A folder with one right submission."""
    return write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})


def test_no_command_and_unknown_command(tmp_path: Path) -> None:
    ran = run_grader(cwd=tmp_path)
    assert "grade" in ran.out + ran.err
    assert "check" in ran.out + ran.err
    assert run_grader("chek", cwd=tmp_path).code == 2
    assert run_grader("check", "--no-such-option", cwd=tmp_path).code == 2


@pytest.mark.parametrize(
    "command", [("list",), ("check",), ("submit",), ("grade", ".", "--out", "o")]
)
def test_no_course_here(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert_one_line(run_grader(*command, cwd=tmp_path), "is not in a course", "--course")


def test_no_such_homework(course: Path, subs: Path, tmp_path: Path) -> None:
    ran = grade(course, subs, tmp_path / "out", "--assignment", "demos")
    assert_one_line(ran, "no assignment `demos`", "did you mean `demo`?")
    assert_one_line(run_grader("check", "xyz", cwd=course), "there are: demo")
    assert not (tmp_path / "out").exists()


SPECS = {
    "not toml": ("title = ", "assignment.toml cannot be read"),
    "not utf-8": (b'title = "\xff"', "assignment.toml cannot be read"),
    "unknown key": (DEMO_TOML + "colour = 1\n", "unknown key `limits.colour`"),
    "unknown key on top": ("titel = 'x'\n" + DEMO_TOML, "unknown key `titel`"),
    "title missing": ("due = 2026-01-01T00:00:00Z\n", "the key `title` is missing"),
    "title a number": ("title = 5\n", "`title`"),
    "due without offset": ('title = "x"\ndue = 2026-01-01T00:00:00\n', "offset from UTC"),
    "due no date": ('title = "x"\ndue = "tomorrow"\n', "`due`"),
    "points negative": ('title = "x"\npoints = -3\n', "`points`"),
    "points nothing": ('title = "x"\npoints = 0\n', "`points`"),
    "points infinite": ('title = "x"\npoints = inf\n', "`points`"),
    "limit negative": ('title = "x"\n[limits]\ncall_s = -1\n', "`limits.call_s`"),
    "limit infinite": ('title = "x"\n[limits]\ncall_s = inf\n', "`limits.call_s`"),
    "limit no number": ('title = "x"\n[limits]\nmemory_mb = "much"\n', "`limits.memory_mb`"),
    "points true": ('title = "x"\npoints = true\n', "`points`"),
    "limit true": ('title = "x"\n[limits]\ncall_s = true\n', "`limits.call_s`"),
    "memory true": ('title = "x"\n[limits]\nmemory_mb = true\n', "`limits.memory_mb`"),
    "data missing": ('title = "x"\ndata = ["none.csv"]\n', "'none.csv' is not in"),
    "question without points": (
        'title = "x"\n[[questions]]\nid = "a"\ntext = "b"\n',
        "`questions.0.points` is missing",
    ),
}


@pytest.mark.parametrize("kind", SPECS)
def test_unreadable_spec_names_the_file_and_the_key(course: Path, kind: str) -> None:
    text, told = SPECS[kind]
    write_files(course, {"assignments/demo/assignment.toml": text})
    with pytest.raises(SpecError) as caught:
        find_course(course).assignment("demo")
    for word in ("assignment.toml", told):
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("command", ["list", "check", "submit", "grade"])
def test_unreadable_spec_ends_every_command(
    course: Path, subs: Path, tmp_path: Path, command: str
) -> None:
    write_files(course, {"assignments/demo/assignment.toml": "titel = 'x'\n"})
    if command == "grade":
        ran = grade(course, subs, tmp_path / "out")
    else:
        ran = run_grader(command, cwd=course)
    assert_one_line(ran, "assignment.toml", "unknown key `titel`")


CHECKS = {
    "points missing": (
        DEMO_CHECKS.replace("@pytest.mark.points(2)\n", ""),
        "test_double has no points; decorate it with @pytest.mark.points(n)",
    ),
    "points negative": (
        DEMO_CHECKS.replace("points(2)", "points(-2)"),
        "points for test_double is -2; give a number that is not negative",
    ),
    "points text": (DEMO_CHECKS.replace("points(2)", "points('2')"), "points for test_double"),
    "points nan": (DEMO_CHECKS.replace("points(2)", "points(float('nan'))"), "points for"),
    "visibility unknown": (
        DEMO_CHECKS.replace("points(2)", "points(2)\n@pytest.mark.visibility('hiden')"),
        "visibility of test_double is unknown; give one of visible",
    ),
    "reference in a public check": (
        DEMO_CHECKS.replace("(student)", "(student, reference)"),
        "uses `reference`, which is only available in hidden_checks.py",
    ),
    "syntax error": (DEMO_CHECKS + "def test(:\n", "checks.py"),
    "import error": ("import no_such_module\n", "no_such_module"),
}


@pytest.mark.parametrize("kind", CHECKS)
def test_unusable_checks_name_the_file_and_the_check(
    course: Path, subs: Path, tmp_path: Path, kind: str
) -> None:
    text, told = CHECKS[kind]
    write_files(course, {"assignments/demo/checks.py": text})
    assert_one_line(run_grader("check", "demo", cwd=course), "checks.py", told)
    if kind == "points missing":
        assert_one_line(grade(course, subs, tmp_path / "out"), "checks.py", told)


def test_unusable_hidden_checks_name_their_file(course: Path, subs: Path, tmp_path: Path) -> None:
    path = course / "solutions" / "demo" / "hidden_checks.py"
    text = path.read_text()
    path.write_text("import no_such_module\n" + text)
    ran = grade(course, subs, tmp_path / "out")
    assert_one_line(ran, "hidden_checks.py", "no_such_module")
    path.write_text(text.replace("points(3)", "points(-3)"))
    assert_one_line(grade(course, subs, tmp_path / "out"), "hidden_checks.py", "is -3")


def test_solution_missing_or_broken(course: Path, subs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_files(course, {"solutions/demo/demo.py": "import no_such_module\n"})
    graded = grade_class(course, subs, out, code=1)
    check = graded["ada"].check("test_double_at_random")
    assert check.outcome == "grader_error"
    assert "solutions/demo/demo.py cannot be imported" in str(check.text)
    (course / "solutions" / "demo" / "demo.py").unlink()
    assert_one_line(grade(course, subs, out), "solutions/demo/demo.py is missing")
    shutil.rmtree(course / "solutions")
    assert_one_line(grade(course, subs, out), "grading needs the staff's copy")


def test_settings_of_the_course_are_broken(course: Path) -> None:
    write_files(course, {"pyproject.toml": "[tool.grader]\nnmae = 'x'\n"})
    ran = run_grader("list", cwd=course)
    assert_one_line(ran, "[tool.grader]", "pyproject.toml", "unknown key `nmae`")
    write_files(course, {"pyproject.toml": "[tool.grader\n"})
    assert_one_line(run_grader("list", cwd=course), "pyproject.toml cannot be read")


def test_settings_saved_with_a_byte_order_mark_are_read(course: Path, subs: Path) -> None:
    files = [course / "pyproject.toml", *course.glob("assignments/*/assignment.toml")]
    for file in files:
        text = file.read_text(encoding="utf-8") if file.exists() else '[tool.grader]\nname = "ML"\n'
        file.write_text(text, encoding="utf-8-sig")
    assert len(files) > 1
    ran = run_grader("list", cwd=course)
    assert ran.code == 0, ran.err


def test_empty_folder(course: Path, tmp_path: Path) -> None:
    (tmp_path / "subs").mkdir()
    ran = grade(course, tmp_path / "subs", tmp_path / "out")
    assert_one_line(ran, "no submissions in", "Expected: zips, <student>/ folders")
    assert not (tmp_path / "out").exists()


def test_folder_of_other_things(course: Path, tmp_path: Path) -> None:
    write_files(tmp_path / "subs", {"a.txt": "", "b.pdf": "", ".DS_Store": ""})
    ran = grade(course, tmp_path / "subs", tmp_path / "out")
    assert_one_line(ran, "no submissions in", "it contains a.txt, b.pdf")


def test_other_things_among_submissions_are_listed(
    course: Path, subs: Path, tmp_path: Path
) -> None:
    write_files(subs, {"grades [old].xlsx": ""})
    odd = b"\xff\xfe.txt"
    Path(str(subs) + "/" + odd.decode("utf-8", "surrogateescape")).write_text("")
    ran = grade(course, subs, tmp_path / "out")
    assert ran.code == 0
    assert "grades [old].xlsx is not a zip, a folder, a .py file or an .ipynb file" in ran.said


def test_folder_that_is_not_there_or_a_file(course: Path, subs: Path, tmp_path: Path) -> None:
    assert_one_line(grade(course, tmp_path / "gone", tmp_path / "out"), "is not a folder")
    assert_one_line(grade(course, subs / "ada.py", tmp_path / "out"), "is not a folder")


def test_nothing_tells_the_homework_of_anything(tmp_path: Path, subs: Path) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    ran = grade(course, subs, tmp_path / "out")
    assert_one_line(ran, "--assignment", "demo, picture")


@pytest.mark.parametrize("out", ["file", "file/sub"])
def test_output_folder_that_cannot_be_written(
    course: Path, subs: Path, tmp_path: Path, out: str
) -> None:
    write_files(tmp_path, {"file": "mine"})
    ran = grade(course, subs, tmp_path / out)
    assert_one_line(ran, "cannot write to", "name another folder with --out")
    assert (tmp_path / "file").read_text() == "mine"


def test_output_folder_that_holds_something_in_the_way(
    course: Path, subs: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, {"out/demo": "a file where a folder would be"})
    ran = grade(course, subs, tmp_path / "out")
    assert ran.code in (1, 2)
    assert "cannot write" in ran.err
    assert ran.err.count("\n") == 1
    (tmp_path / "out2" / "gradebook.csv").mkdir(parents=True)
    ran = grade(course, subs, tmp_path / "out2")
    assert ran.code in (1, 2)
    assert "cannot write" in ran.err
    assert (tmp_path / "out2" / "demo" / "ada.json").exists()


def test_output_folder_in_or_at_the_submissions_is_not_graded(
    course: Path, subs: Path, tmp_path: Path
) -> None:
    assert_one_line(grade(course, subs, subs), "--out")
    for _ in range(2):
        graded = grade_class(course, subs, subs / "reports")
        assert list(graded) == ["ada"]


def test_bad_values_of_options(course: Path, subs: Path, tmp_path: Path) -> None:
    assert_one_line(grade(course, subs, tmp_path / "out", "--figures", "some"), "--figures")
    assert grade(course, subs, tmp_path / "out", "--jobs", 0).code == 2
    assert run_grader("grade", subs, cwd=course).code == 2


def test_key_that_cannot_be_made_or_is_none(course: Path, subs: Path, tmp_path: Path) -> None:
    write_files(course, {".grader": "in the way"})
    ran = grade(course, subs, tmp_path / "out", "--no-gradebook")
    assert_one_line(ran, ".grader", "GRADER_KEY")
    (course / ".grader").unlink()
    write_files(course, {".grader/key": "\n"})
    assert_one_line(
        grade(course, subs, tmp_path / "out"), "does not contain a key; delete the file"
    )


def test_demo_into_a_folder_with_other_things_is_refused(tmp_path: Path, course: Path) -> None:
    write_files(tmp_path, {"full/thesis.tex": "mine"})
    ran = run_grader("demo", "--to", tmp_path / "full", cwd=course)
    assert_one_line(ran, "is not empty", "--to")
    assert (tmp_path / "full" / "thesis.tex").read_text() == "mine"
    ran = run_grader("demo", "--to", tmp_path / "full" / "thesis.tex" / "demo", cwd=course)
    assert_one_line(ran, "cannot write to", "--to")


# Among good submissions a bad one is a report and no exit code.


def test_odd_submissions_among_good_ones_are_reported(course: Path, tmp_path: Path) -> None:
    def manifest(student: str) -> str:
        return f'{{"assignment": "demo", "student": {student}}}'

    long = "x" * 300
    surrogate = notebook("%magic \ud83d\n" + DEMO_RIGHT)
    write_files(
        tmp_path / "subs",
        {
            "good.py": DEMO_RIGHT,
            "slash.zip": zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest('"a/../b"')}),
            "long.zip": zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest(f'"{long}"')}),
            "number.zip": zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest("7")}),
            "wide.zip": zipped(
                {"demo.py": DEMO_RIGHT, "manifest.json": manifest('"' + "\u6f22" * 100 + '"')}
            ),
            "surrogate.ipynb": surrogate,
            "odd\nname.py": DEMO_RIGHT,
            "\u6f22" * 80 + ".py": DEMO_RIGHT,
            "=1+1.py": DEMO_RIGHT,
            "bad[name.zip": zipped({"demo.py": DEMO_RIGHT, "x" * 250 + ".txt": ""}),
            "deep.py": "x = " + "(" * 5000 + ")" * 5000,
            "minus.py": "x = " + "-" * 50000 + "1",
            "nested.ipynb": notebook("[a " + "for a in b " * 50_000 + "]"),
        },
    )
    Path(str(tmp_path / "subs") + "/" + b"\xfe.py".decode("utf-8", "surrogateescape")).write_text(
        DEMO_RIGHT
    )
    folder = write_files(tmp_path / "subs" / "names", {"demo.py": DEMO_RIGHT})
    Path(str(folder) + "/" + b"\xff.txt".decode("utf-8", "surrogateescape")).write_text("")
    only = write_files(tmp_path / "subs" / "onlyodd", {})
    only.mkdir()
    Path(str(only) + "/" + b"\xff.txt".decode("utf-8", "surrogateescape")).write_text("")
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--assignment", "demo")
    assert len(graded.pairs) == 16
    failed = {label for label, pair in graded.pairs.items() if not pair.full}
    assert failed == {"deep", "minus", "nested", "onlyodd"}
    assert "student id" in graded["slash"].warned
    assert "300 characters" in graded["long"].warned
    assert "it was replaced" in graded["wide"].warned or "at most" in graded["wide"].warned
    cells = [cell for row in graded.gradebook for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert "'=1+1" in cells


def test_version_is_told_wherever_one_is(tmp_path: Path) -> None:
    ran = run_grader("--version", cwd=tmp_path)
    assert ran.code == 0
    assert re.fullmatch(r"grader \d+\.\d+\.\d+, Python 3\.\d+\.\d+\S*\n", ran.out)
