"""What goes into a student's kit, what never does, and where it may be written."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_course
from running import ROOT, Ran, clean_environment, run_grader
from tiny_course import SECRET, every_file, make_kit, tree, write, write_course

from grader.authoring.release.kit import StudentKit, release
from grader.authoring.release.leaks import fingerprints
from grader.authoring.release.wheel import build_wheel
from grader.checks.variants import is_main_block
from grader.cli._menu import MENU
from grader.course.assignment import PUBLIC_KEYS, Question, Spec
from grader.course.course import find_course
from grader.errors import UsageError
from grader.student.update import read_kit

STAFFS_KEYS = {"rubric"}
HOMEWORK = {"README.md", "assignment.toml", "checks.py", "scales.py", "scales.ipynb"}


def test_kit_holds_what_a_student_needs_and_no_other_file(tiny_kit: StudentKit) -> None:
    assert set(tree(tiny_kit.folder)) == {
        *(f"assignments/scales/{name}" for name in HOMEWORK),
        *(f"assignments/scales/{name}" for name in ("numbers.csv", "picture.png")),
        *(f".kit/starters/scales/scales.{extension}" for extension in ("py", "ipynb")),
        *(f"datasets/small/{name}" for name in ("README.md", "SHA256SUMS", "numbers.csv")),
        *("datasets/small/make.py", ".kit/kit.json", "README.md", "pyproject.toml"),
        "constraints.txt",
        tiny_kit.info.wheel,
    }


def test_zip_holds_the_same_files_in_one_folder(tiny_kit: StudentKit) -> None:
    with zipfile.ZipFile(tiny_kit.archive) as archive:
        zipped = {name: archive.read(name) for name in archive.namelist()}
    top = "tiny-course-2nd/"
    assert zipped == {top + path: data for path, data in tree(tiny_kit.folder).items()}


def test_no_secret_of_the_staffs_is_in_any_file(tiny_kit: StudentKit) -> None:
    course = tree(tiny_kit.folder.parent / "course")
    assert len([path for path, data in course.items() if SECRET.encode() in data]) >= 10
    looked_at = 0
    for path, data in every_file(tree(tiny_kit.folder.parent)):
        if not path.startswith("course/"):
            looked_at += 1
            assert SECRET not in path
            assert SECRET.encode() not in data.lower(), path
    assert looked_at > 200  # folder, zip, and the wheel in each


def squashed(text: str) -> str:
    return "".join(text.split())


def secrets_of(path: Path) -> Iterator[str]:
    """What gives a solution's file away: of code every function, text and table of numbers, else
    every line. A main block is the starter's own, as is what makes the inputs of checks that of the
    public ones; a heading names a question."""
    if path.suffix != ".py":
        lines = path.read_text("utf-8").splitlines()
        yield from (line for line in lines if not line.startswith("#"))
        return
    source = path.read_bytes()
    hidden = path.name == "hidden_checks.py"
    named = fingerprints(source, checks_only=hidden)
    yield from itertools.chain.from_iterable(prints for _, prints in named)
    body = [node for node in ast.parse(source).body if not is_main_block(node)]
    body = body[1:] if ast.get_docstring(ast.parse(source)) is not None else body
    nodes = [node for statement in body for node in ast.walk(statement)]
    documented = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    # A reference's docstring says what its starter's says.
    texts = {node.body[0].value for node in documented if ast.get_docstring(node) is not None}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in texts:
            yield node.value
        elif isinstance(node, ast.List | ast.Tuple | ast.Dict):
            with contextlib.suppress(ValueError):
                ast.literal_eval(node)
                yield ast.unparse(node)


SHORTEST = 25  # characters, without blanks
CALL = re.compile(r"\w+\([\w, ]+\)")  # a function as a message names it


def said_in_public() -> str:
    """The handouts, and the texts and tables of starters, of public checks and of what these are
    written with: they name mistakes too, in the words of the variants."""
    sources = [*ROOT.glob("assignments/*/*.py"), *ROOT.glob("grader/checks/**/*.py")]
    nodes = [node for path in sources for node in ast.walk(ast.parse(path.read_bytes()))]
    said = [str(node.value) for node in nodes if isinstance(node, ast.Constant)]
    said += [ast.unparse(n) for n in nodes if isinstance(n, ast.List | ast.Tuple | ast.Dict)]
    said += [path.read_text("utf-8") for path in ROOT.glob("assignments/*/README.md")]
    return "\0".join(map(squashed, said))


def test_nothing_of_this_courses_solutions_is_in_any_file(real_kit: Path) -> None:
    files = {**tree(real_kit), "kit.zip": real_kit.with_name("kit.zip").read_bytes()}
    texts = set()
    # The zip and its wheel hold the same once more.
    for data, path in {data: path for path, data in every_file(files)}.items():
        if "authoring/new/" in path:  # what `new` makes, which every homework may have begun as
            continue
        text = data.decode("utf-8", "replace")
        if path.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        elif path.endswith(".py"):
            text += ast.unparse(ast.parse(text))
        texts.add(squashed(text))
    everything = "\0".join(texts)
    begins = {everything[at : at + SHORTEST] for at in range(len(everything))}
    found, looked_for, said = [], 0, said_in_public()
    for path in sorted((ROOT / "solutions").glob("*/*.*")):
        for secret in set(secrets_of(path)):
            text = squashed(secret)
            if len(text) < SHORTEST or CALL.fullmatch(secret) or text in said:
                continue
            looked_for += 1
            if text[:SHORTEST] in begins and text in everything:
                found.append((path.relative_to(ROOT).as_posix(), secret))
    assert looked_for > 2000
    assert not found, "\n".join(map(str, found))


def test_rubrics_of_this_course_are_in_no_file(real_kit: Path) -> None:
    course = find_course(ROOT)
    everything = b"\0".join(data for _, data in every_file(tree(real_kit))).decode(
        "utf-8", "replace"
    )
    for name in course.names:
        questions = course.assignment(name).spec.questions
        assert questions
        for question in questions:
            assert question.text.strip() in everything
            for line in question.rubric:
                assert line not in everything


def release_by_command(folder: Path, course: Path, **env: str) -> Ran:
    return run_grader("release", "--to", folder, cwd=course, **env)


def test_released_twice_it_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course").root
    first = release_by_command(tmp_path / "one", course, PYTHONHASHSEED="1")
    os.utime(course / "assignments/scales/checks.py", (1e9, 1e9))
    (course / "assignments/scales/scales.py").chmod(0o600)
    second = release_by_command(
        tmp_path / "two",
        course,
        PYTHONHASHSEED="2",
        SOURCE_DATE_EPOCH="1500000000",
        TZ="Asia/Tokyo",
    )
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_kit_is_read_back_from_its_folder_and_from_its_zip(tiny_kit: StudentKit) -> None:
    assert read_kit(tiny_kit.folder) == read_kit(tiny_kit.archive)
    info, files = read_kit(tiny_kit.archive)
    assert info == tiny_kit.info
    assert files == tree(tiny_kit.folder)


def test_assignment_is_the_same_to_a_student_but_for_the_rubric(tiny_kit: StudentKit) -> None:
    staffs = find_course(tiny_kit.folder.parent / "course").assignment("scales")
    theirs = find_course(tiny_kit.folder).assignment("scales")
    without = [question.model_copy(update={"rubric": ()}) for question in staffs.spec.questions]
    assert theirs.spec == staffs.spec.model_copy(update={"questions": tuple(without)})
    assert theirs.functions == staffs.functions
    assert theirs.public_version == staffs.public_version == theirs.version != staffs.version


@pytest.mark.parametrize(
    ("path", "old", "new", "public", "whole"),
    [
        ("assignments/scales/assignment.toml", "-rubric", "-other", False, False),
        ("assignments/scales/assignment.toml", "call_s = 5", "call_s = 6", True, True),
        ("assignments/scales/checks.py", "[2.0, 4.0]", "[2, 4]", True, True),
        ("datasets/small/numbers.csv", "3,4", "3,5", True, True),
        ("solutions/scales/scales.py", "-label", "-other", False, True),
        ("solutions/scales/hidden_checks.py", "17.5", "18.5", False, True),
    ],
)
def test_version_changes_with_what_a_result_depends_on(
    tmp_path: Path, path: str, old: str, new: str, public: bool, whole: bool
) -> None:
    before = write_course(tmp_path).assignment("scales")
    text = (tmp_path / path).read_text("utf-8")
    assert old in text
    write(tmp_path, {path: text.replace(old, new)})
    after = find_course(tmp_path).assignment("scales")
    assert (before.public_version != after.public_version) == public
    assert (before.version != after.version) == whole


def test_every_key_of_a_specification_is_either_public_or_the_staffs() -> None:
    questions = PUBLIC_KEYS["questions"]["__all__"]
    assert set(PUBLIC_KEYS) | STAFFS_KEYS | {"feedback"} >= set(Spec.model_fields)
    assert questions | STAFFS_KEYS == set(Question.model_fields)
    assert not (set(PUBLIC_KEYS) | questions) & STAFFS_KEYS


def test_settings_are_the_name_and_the_destination_alone(tmp_path: Path) -> None:
    settings = '[tool.grader]\nname = "Ünï"\ndestination = "/srv/box"\n'
    more = 'gradebook = "postgresql://grader:password@host/db"\nroster = "r.csv"\n[tool.other]\n'
    made = make_kit(tmp_path, {"pyproject.toml": settings + more})
    kept = (made.folder / "pyproject.toml").read_text("utf-8")
    assert kept.partition("\n\n")[2] == settings
    with zipfile.ZipFile(made.archive) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"uni"}


def test_readme_names_the_wheel_and_the_homework_that_is_due_first(real_kit: Path) -> None:
    text = (real_kit / "README.md").read_text("utf-8")
    info, _ = read_kit(real_kit)
    install = f"pip install -c constraints.txt ./{info.wheel}"
    assert f"{install}\n.venv/bin/python -m grader check multiclass_lr\n" in text
    assert "{{" not in text
    # A page, with a line for each homework.
    assert len(text.splitlines()) < 62 + len(find_course(ROOT).names)


def test_readme_names_every_command_of_a_students_that_there_is(real_kit: Path) -> None:
    text = (real_kit / "README.md").read_text("utf-8")
    commands = re.findall(r"(?:^\| `|python -m grader )([a-z]+)(?: [A-Z].*?)?`", text, re.MULTILINE)
    named = set(commands) - set(find_course(ROOT).names)
    # Every starter is laid out in a kit already.
    assert named == set(MENU["For students"]) - {"start"}
    assert "`check NAME --watch`" in text


def test_only_the_homeworks_named_are_released(tmp_path: Path) -> None:
    course = find_course(ROOT)
    made = release(course, tmp_path / "kit", ["adagrad"])
    assert find_course(made.folder).names == ["adagrad"]
    assert not (made.folder / "datasets").exists()


def test_untouched_kit_is_replaced_by_the_next(tmp_path: Path) -> None:
    made = make_kit(tmp_path)
    write_course(tmp_path / "course", {"assignments/scales/README.md": "# Only this\n"})
    again = release(find_course(tmp_path / "course"), made.folder)
    assert again.info.version != made.info.version
    assert read_kit(made.folder)[0] == read_kit(made.archive)[0] == again.info
    assert not (made.folder / "assignments" / "scales" / "picture.png").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "kit", "kit.zip"]


def test_folder_that_somebody_worked_in_is_not_replaced(tmp_path: Path) -> None:
    made = make_kit(tmp_path)
    course = find_course(tmp_path / "course")
    write(made.folder, {"assignments/scales/scales.py": "mine = 1\n"})
    with pytest.raises(
        UsageError, match=r"a kit in which assignments/scales/scales\.py was added or changed"
    ):
        release(course, made.folder)
    write(made.folder, {"assignments/scales/scales.py": tiny_course.STARTER, "mine.txt": ""})
    with pytest.raises(UsageError, match=r"a kit in which mine\.txt was added or changed"):
        release(course, made.folder)
    (made.folder / "mine.txt").unlink()
    # What is no part of a submission is somebody's all the same.
    write(made.folder, {".git/HEAD": "ref: refs/heads/main", "assignments/.venv/pyvenv.cfg": ""})
    with pytest.raises(UsageError, match=r"in which \.git/, assignments/\.venv/ were added"):
        release(course, made.folder)
    assert (made.folder / ".git" / "HEAD").exists()


def test_zip_that_somebody_changed_is_not_replaced(tmp_path: Path) -> None:
    made = make_kit(tmp_path)
    with zipfile.ZipFile(made.archive, "a") as archive:
        archive.writestr(archive.namelist()[0].partition("/")[0] + "/notes.txt", "mine")
    before = made.archive.read_bytes()
    with pytest.raises(UsageError, match=r"kit\.zip is a kit in which notes\.txt was added"):
        release(find_course(tmp_path / "course"), made.folder)
    assert made.archive.read_bytes() == before


@pytest.mark.parametrize(
    "place", [".", "assignments/kit", "solutions", "datasets/x/../kit", "kit.zip"]
)
def test_course_itself_is_not_written_into(tmp_path: Path, place: str) -> None:
    course = write_course(tmp_path)
    before = tree(tmp_path)
    ran = run_grader("release", "--to", place, cwd=course.root)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "name" in ran.err
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["kit", "kit.zip"])
def test_file_in_the_place_of_the_kit_is_refused(tmp_path: Path, name: str) -> None:
    course = write_course(tmp_path / "course")
    write(tmp_path, {name: "a file"})
    with pytest.raises(UsageError, match="is not a kit; name another"):
        release(course, tmp_path / "kit")


def test_students_folder_releases_nothing(tiny_kit: StudentKit, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="release a kit from the staff's copy"):
        release(find_course(tiny_kit.folder), tmp_path / "kit")


def test_notebook_of_the_authors_is_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"scales\.ipynb is in the way"):
        make_kit(tmp_path, {"assignments/scales/scales.ipynb": "{}"})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"assignments/scales/scales.py": "def broken(:\n"}, r"scales\.py cannot be read"),
        ({"assignments/scales/README.md": b"\xff"}, r"README\.md cannot be read"),
        ({"datasets/small/README.md": b"\xff"}, r"README\.md cannot be read"),
    ],
)
def test_file_that_cannot_be_read_is_told_of(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    course = write_course(tmp_path / "course")
    write(course.root, changes)
    with pytest.raises(UsageError, match=told):
        release(course, tmp_path / "kit")


def test_starter_left_filled_in_is_refused_and_named(tmp_path: Path) -> None:
    filled = tiny_course.REFERENCE.replace(SECRET, "word").replace("(x) * ", "( x ) *  ")
    course = write_course(
        tmp_path / "course",
        {
            "solutions/scales/scales.py": tiny_course.REFERENCE.replace(SECRET, "word"),
            "assignments/scales/scales.py": filled,
        },
    )
    ran = run_grader("release", "--to", tmp_path / "kit", cwd=course.root)
    assert ran.code == 2
    assert "assignments/scales/scales.py contains code of `double` from solutions" in ran.err
    assert "assignments/scales/scales.ipynb contains code" in ran.err
    assert not (tmp_path / "kit").exists()
    assert not (tmp_path / "kit.zip").exists()
    assert release(course, tmp_path / "kit", shared_code_ok=True).folder.is_dir()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the whole package."""
    folder = tmp_path_factory.mktemp("installed")
    name, built = build_wheel()
    wheel = tmp_path_factory.mktemp("wheel") / name
    wheel.write_bytes(built)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run(
        [*command, "--target", str(folder), str(wheel)],
        check=True,
        env=clean_environment(PIP_DISABLE_PIP_VERSION_CHECK="1"),
    )
    return folder


def test_installed_from_a_wheel_it_hands_on_the_same_wheel(
    installed: Path, tiny_kit: StudentKit, tmp_path: Path
) -> None:
    course = write_course(tmp_path / "course")
    ran = release_by_command(tmp_path / "kit", course.root, PYTHONPATH=str(installed))
    assert ran.code == 0, ran.err
    info, files = read_kit(tmp_path / "kit")
    assert info.grader_sha256 == tiny_kit.info.grader_sha256
    ours = dict(every_file({"": tree(tiny_kit.folder)[info.wheel]}))
    theirs = dict(every_file({"": files[info.wheel]}))
    assert ours.keys() == theirs.keys()
    different = {name for name in ours if ours[name] != theirs[name]}
    assert different <= {"", f"!homework_grader-{info.grader}.dist-info/RECORD"}
    records = [
        files.get(f"!homework_grader-{info.grader}.dist-info/RECORD") for files in (ours, theirs)
    ]
    assert len({b"\n".join(sorted((record or b"").split())) for record in records}) == 1


def test_installed_package_that_was_changed_is_refused(installed: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    module = installed / "grader" / "authoring" / "demo_class.py"
    before = module.read_bytes()
    module.write_bytes(before + b"# changed\n")
    try:
        ran = release_by_command(tmp_path / "kit", course.root, PYTHONPATH=str(installed))
    finally:
        module.write_bytes(before)
    assert ran.code == 2
    assert "demo_class.py has been changed since it was installed; install it again" in ran.err


def test_wheel_is_one_that_pip_and_zip_tools_take(tiny_kit: StudentKit) -> None:
    data = (tiny_kit.folder / tiny_kit.info.wheel).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert "grader/notebook/cell.py" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_a_kit_is_small(real_kit: Path, tmp_path: Path) -> None:
    assert real_kit.with_name("kit.zip").stat().st_size < 3e6
    ran = run_grader("release", "backprop", "--to", tmp_path / "one", cwd=ROOT)
    assert ran.code == 0, ran.err
    assert (tmp_path / "one.zip").stat().st_size < 1e6
