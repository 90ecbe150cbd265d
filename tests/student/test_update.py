"""A newer kit in a student's folder: the course's files are new, the student's are all there."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import Ran, run_grader
from tiny_course import CHECKS, STARTER, make_kit, tree, write, write_course

from grader._internal.zips import unzip, zip_files
from grader.authoring.release.kit import StudentKit, release
from grader.course.course import find_course
from grader.course.kit import KIT_FILE, KitInfo, hashes_of, version_of
from grader.errors import GraderError
from grader.student import update as updating
from grader.student.update import FileChange, apply_update, plan_update

DOUBLE = "    return 2 * x\n"
MINE = STARTER.replace("    raise NotImplementedError\n", DOUBLE, 1)
NEWER = {
    "assignments/scales/checks.py": "# newer\n" + CHECKS,
    "assignments/scales/README.md": "# Scales, better said\n\n**`double(x)`** returns $2x$.\n",
    "assignments/scales/scales.py": STARTER.replace("Twice x.", "Two times x."),
    "datasets/small/numbers.csv": "5,6\n",
}
MODULE, NOTEBOOK = "assignments/scales/scales.py", "assignments/scales/scales.ipynb"


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudentKit, StudentKit]:
    """A kit and a newer one, which has another homework too."""
    folder = tmp_path_factory.mktemp("kits")
    old = make_kit(folder / "old")
    course = write_course(folder / "new" / "course", NEWER)
    second = {"assignment.toml": 'title = "B"\n', "README.md": "# B\n", "checks.py": ""}
    second["other.py"] = 'def f():\n    """F."""\n    raise NotImplementedError\n'
    write(course.root, {f"assignments/other/{name}": text for name, text in second.items()})
    write(course.root, {"solutions/other/other.py": "def f():\n    return 1\n"})
    return old, release(course, folder / "new" / "kit")


@pytest.fixture
def folder(kits: tuple[StudentKit, StudentKit], tmp_path: Path) -> Path:
    """A student's folder, as it was handed out."""
    return Path(shutil.copytree(kits[0].folder, tmp_path / "mine"))


def update(folder: Path, kit: Path, *options: str) -> Ran:
    return run_grader("update", kit, *options, cwd=folder)


def test_an_older_kit_is_told_to_be_older(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    older = "this kit is older than the one that is here"
    assert older not in update(folder, kits[0].folder).said
    assert older not in update(folder, kits[1].folder).said
    assert older in update(folder, kits[0].archive, "--dry-run").said
    assert older in update(folder, kits[0].archive).said
    assert older not in update(folder, kits[0].archive).said


def test_homework_that_the_kit_does_not_have_is_told_and_kept(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    assert "kept" not in update(folder, kits[1].folder).said
    work = folder / "assignments" / "other" / "other.py"
    work.write_text("def f():\n    return 1\n")
    for options in (["--dry-run"], []):
        ran = update(folder, kits[0].folder, *options)
        assert "kept assignments/other this kit does not have it: ask your" in ran.said
        assert "assignments/scales this kit" not in ran.said
    assert work.read_text() == "def f():\n    return 1\n"
    assert "kept" not in update(folder, kits[0].folder).said


def test_untouched_folder_becomes_the_newer_kit(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    ran = update(folder, kits[1].archive)
    assert (ran.code, ran.err) == (0, "")
    gone = {"assignments/scales/picture.png", "datasets/small/make.py"} - set(tree(kits[1].folder))
    gone.add(".grader/remembered.json")  # which kit was here before
    assert {p: d for p, d in tree(folder).items() if p not in gone} == tree(kits[1].folder)
    assert "replaced  assignments/scales/scales.py" in ran.out
    assert "new       assignments/other/checks.py" in ran.out
    assert kits[1].info.version[:8] in ran.out
    assert "pip" not in ran.out
    assert "Nothing to do" in update(folder, kits[1].folder).out


def test_what_the_student_wrote_stays_and_the_new_starter_lies_beside(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    theirs = {MODULE: MINE, "assignments/scales/answers.md": "Because.\n", "notes/x.txt": "x"}
    write(folder, theirs)
    ran = update(folder, kits[1].folder)
    assert ran.code == 0
    after = tree(folder)
    assert {path: after[path].decode() for path in theirs} == theirs
    assert after["assignments/scales/scales.new.py"].decode() == NEWER[MODULE]
    assert after[NOTEBOOK] == tree(kits[1].folder)[NOTEBOOK]  # it was untouched
    assert "copy what you need from it into your scales.py" in ran.said
    # The starter that lies beside is no work of the student's.
    (folder / "box").mkdir()
    checked = run_grader("submit", "scales", "--yes", "--student", "ada", "--to", "box", cwd=folder)
    assert checked.code == 0, checked.err
    assert "scales.new.py" not in checked.out


def test_what_was_handed_in_is_unchanged_after_an_update(
    kits: tuple[StudentKit, StudentKit], folder: Path, tmp_path: Path
) -> None:
    write(folder, {MODULE: MINE, "assignments/scales/checks.py": "# mine\n" + CHECKS})
    (tmp_path / "drop").mkdir()
    options = ("--student", "ada", "--to", tmp_path / "drop", "--yes")
    assert run_grader("submit", "scales", *options, cwd=folder).code == 0
    same = "Your files are the same as in your last submission."
    assert same in run_grader("status", "scales", cwd=folder).out
    assert update(folder, kits[1].folder).code == 0
    assert same in run_grader("status", "scales", cwd=folder).out
    write(folder, {MODULE: MINE + "\n# more\n"})
    assert same not in run_grader("status", "scales", cwd=folder).out


def test_starter_that_the_course_did_not_change_is_not_put_beside(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    update(folder, kits[1].folder)
    write(folder, {MODULE: MINE})
    assert "Nothing to do" in update(folder, kits[1].folder).out
    assert not list(folder.rglob("*.new.*"))


def test_notebook_that_was_only_opened_and_run_is_replaced(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    notebook = json.loads((folder / NOTEBOOK).read_bytes())
    for number, cell in enumerate(c for c in notebook["cells"] if c["cell_type"] == "code"):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]
        cell["source"] = "".join(cell["source"])
    write(folder, {NOTEBOOK: json.dumps(notebook), MODULE: STARTER.replace("\n", "\r\n")})
    update(folder, kits[1].folder)
    assert tree(folder)[NOTEBOOK] == tree(kits[1].folder)[NOTEBOOK]
    assert tree(folder)[MODULE] == tree(kits[1].folder)[MODULE]
    assert not list(folder.rglob("*.new.*"))


def test_file_of_the_courses_that_the_student_changed_is_kept_beside(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    write(folder, {"assignments/scales/README.md": "# My notes\n", "pyproject.toml": "[tool.x]\n"})
    ran = update(folder, kits[1].folder)
    after = tree(folder)
    assert after["assignments/scales/README.mine.md"] == b"# My notes\n"
    assert after["pyproject.mine.toml"] == b"[tool.x]\n"
    assert after["pyproject.toml"] == tree(kits[1].folder)["pyproject.toml"]
    assert "you had changed assignments/scales/README.md" in ran.said


def test_what_was_written_into_a_new_starter_is_not_overwritten_by_the_next(
    kits: tuple[StudentKit, StudentKit], folder: Path, tmp_path: Path
) -> None:
    write(folder, {MODULE: MINE})
    update(folder, kits[1].folder)
    write(folder, {"assignments/scales/scales.new.py": "mine too\n"})
    newest = {**NEWER, MODULE: STARTER.replace("Twice x.", "x + x.")}
    update(folder, make_kit(tmp_path / "newest", newest).folder)
    after = tree(folder)
    assert after["assignments/scales/scales.new.py"] == b"mine too\n"
    assert after["assignments/scales/scales.new2.py"].decode() == newest[MODULE]


def test_dry_run_writes_nothing_and_says_the_same(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    write(folder, {MODULE: MINE})
    before = tree(folder)
    dry = update(folder, kits[1].folder, "--dry-run")
    assert tree(folder) == before
    assert "Nothing was written" in dry.out
    wet = update(folder, kits[1].folder)
    assert dry.out.splitlines()[:-1] == wet.out.splitlines()[:-1]


def test_newer_grader_is_installed_by_the_command_that_is_told(
    kits: tuple[StudentKit, StudentKit], folder: Path, tmp_path: Path
) -> None:
    wheel = kits[1].info.wheel
    files = tree(kits[1].folder)
    inside = unzip(files[wheel])
    inside["grader/__init__.py"] += b"# newer\n"
    metadata = next(name for name in inside if name.endswith("METADATA"))
    inside[metadata] = (distribution("homework-grader").read_text("METADATA") or "").encode()
    same = write_kit(tmp_path / "same", {**files, wheel: zip_files(inside)})
    ran = update(folder, same, "--dry-run")
    assert f"-m pip install --force-reinstall --no-deps {wheel}" in ran.said
    inside[metadata] = inside[metadata].replace(b"Requires-Dist: numpy", b"Requires-Dist: numpies")
    needs_more = write_kit(tmp_path / "more", {**files, wheel: zip_files(inside)})
    assert (
        f"-m pip install --force-reinstall -c constraints.txt {wheel}"
        in update(folder, needs_more).said
    )
    # It is still told when the files are there and the install was forgotten.
    assert (
        f"-m pip install --force-reinstall -c constraints.txt {wheel}"
        in update(folder, needs_more).said
    )
    inside[metadata] = inside[metadata].replace(b"\nVersion: ", b"\nVersion: 9")
    renamed = {path: data for path, data in files.items() if path != wheel}
    renamed["homework_grader-9-py3-none-any.whl"] = zip_files(inside)
    later = write_kit(tmp_path / "later", renamed)
    ran = update(folder, later)
    assert "-m pip install -c constraints.txt homework_grader-9-py3-none-any.whl" in ran.said
    assert f"removed   {wheel}" in ran.out
    assert [path.name for path in folder.glob("*.whl")] == ["homework_grader-9-py3-none-any.whl"]


def write_kit(root: Path, files: Mapping[str, bytes]) -> Path:
    """A kit of these files, whatever they are."""
    wheel = next(path for path in files if path.endswith(".whl"))
    hashes = hashes_of(files)
    info = KitInfo(
        course="C", version=version_of(hashes), grader="0", grader_sha256="0", wheel=wheel,
        files=hashes,
    )  # fmt: skip
    write(root, {**files, KIT_FILE: info.to_json()})
    return root


def bad_kits(good: Mapping[str, bytes]) -> dict[str, bytes]:
    """Zips that are no kit, by what is wrong."""
    named = {f"kit/{path}": data for path, data in good.items()}
    without = {path: data for path, data in named.items() if not path.endswith("checks.py")}
    info = json.loads(good[KIT_FILE])
    return {
        "no zip": b"PK nonsense",
        "empty": b"",
        "plain zip": zip_files({"a.py": b""}),
        "lacks a file": zip_files(without),
        "damaged": zip_files({**named, f"kit/{MODULE}": b"other"}),
        "climbs out": zip_files({**named, "../../x.py": b""}),
        "absolute": zip_files({**named, "/etc/x": b""}),
        "bomb": zip_files({**named, "kit/x": bytes(80 << 20)}),
        "unread json": zip_files({**named, f"kit/{KIT_FILE}": b"{"}),
        "list json": zip_files({**named, f"kit/{KIT_FILE}": b"[]"}),
        "other format": zip_files(
            {**named, f"kit/{KIT_FILE}": json.dumps({**info, "format": 2}).encode()}
        ),
        "climbs by kit.json": zip_files(
            {**named, f"kit/{KIT_FILE}": json.dumps({**info, "files": {"../x": "0"}}).encode()}
        ),
    }


def test_what_is_no_kit_is_refused_in_one_line_and_nothing_is_written(
    kits: tuple[StudentKit, StudentKit], folder: Path, tmp_path: Path
) -> None:
    before = tree(folder)
    course = find_course(folder)
    for what, data in bad_kits(tree(kits[1].folder)).items():
        path = tmp_path / f"{what}.zip"
        path.write_bytes(data)
        with pytest.raises(GraderError) as caught:
            plan_update(course, path)
        message = str(caught.value)
        assert message.startswith(str(path)), what
        assert message.endswith(("; download the kit again", "; name a kit")), what
        assert "\n" not in message
        assert "hand" not in message
    assert tree(folder) == before


@pytest.mark.parametrize("name", ["missing.zip", "notes.txt", "."])
def test_wrong_argument_is_refused_in_one_line(folder: Path, name: str) -> None:
    write(folder, {"notes.txt": "x"})
    ran = update(folder, folder / name)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_staffs_course_is_not_updated(kits: tuple[StudentKit, StudentKit]) -> None:
    ran = update(kits[0].folder.parent / "course", kits[1].folder)
    assert ran.code == 2
    assert "is the staff's copy of the course" in ran.err


def test_file_that_cannot_be_written_is_told_of(
    kits: tuple[StudentKit, StudentKit], folder: Path
) -> None:
    write(folder, {"assignments/other": "in the way"})
    ran = update(folder, kits[1].folder)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "cannot write" in ran.err
    (folder / "assignments" / "other").unlink()
    assert update(folder, kits[1].folder).code == 0
    assert set(tree(kits[1].folder)) <= set(tree(folder))


# Any folder and any two kits, of files that stand for each kind. None: the file is not there.
CONTENT = st.sampled_from([None, b"a\n", b"b\n", b"c\n"])
PATHS = ("assignments/n/n.py", "assignments/n/checks.py", "assignments/m/m.py", "README.md")
STARTERS = {"assignments/n/n.py", "assignments/m/m.py"}
KITS = st.fixed_dictionaries(dict.fromkeys(PATHS, CONTENT))
BESIDE = ("assignments/n/n.new.py", "README.mine.md", "assignments/n/n.new2.py")
MINES = st.fixed_dictionaries(dict.fromkeys((*PATHS, *BESIDE), CONTENT))


def made(root: Path, content: Mapping[str, bytes | None], wheel: bytes) -> Path:
    files = {path: data for path, data in content.items() if data is not None}
    kept = {
        path.replace("assignments", ".kit/starters", 1): data
        for path, data in files.items()
        if path in STARTERS
    }
    return write_kit(root, {**files, **kept, "grader-1.whl": wheel})


class Interrupted(Exception):
    pass


@settings(max_examples=40, deadline=None)
@given(old=st.none() | KITS, new=KITS, mine=MINES, stop=st.integers(0, 12))
def test_whatever_was_there_nothing_is_lost_and_an_interruption_changes_nothing(
    old: dict[str, Any] | None, new: dict[str, Any], mine: dict[str, Any], stop: int
) -> None:
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        base = Path(scratch)
        kit = made(base / "new", new, zip_files({"x": b""}))
        for name in ("whole", "interrupted"):
            if old is not None:
                made(base / name, old, zip_files({"y": b""}))
            write(base / name, {"assignments/k/assignment.toml": 'title = "K"\n'})
            for path, data in mine.items():
                (base / name / path).unlink(missing_ok=True)
                write(base / name, {path: data} if data is not None else {})
        before = tree(base / "whole")
        told = bring(base / "whole", kit)
        left = iter(range(stop))

        def write_or_stop(path: Path, data: bytes) -> None:
            if next(left, None) is None:
                raise Interrupted
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

        patch.setattr(updating, "write_atomically", write_or_stop)
        try:
            bring(base / "interrupted", kit)
        except Interrupted:
            patch.undo()
            bring(base / "interrupted", kit)
        after, delivered = tree(base / "whole"), tree(kit)
        assert tree(base / "interrupted") == after
        assert {path: after[path] for path in delivered if path not in STARTERS} == {
            path: data for path, data in delivered.items() if path not in STARTERS
        }
        handed_out = {*delivered.values(), *(old or {}).values()}
        for path, data in before.items():
            if path in mine and data not in handed_out:
                assert data in after.values(), path
            if path in STARTERS and after[path] != data:
                assert data == (old or {})[path], path
        for path in STARTERS & set(delivered):
            if old is None or old[path] != delivered[path]:
                there = [d for p, d in after.items() if p.startswith(path.removesuffix(".py"))]
                assert delivered[path] in there
        assert bring(base / "whole", kit) == ()
        assert tree(base / "whole") == after
        assert len({change.path for change in told}) == len(told)


def bring(root: Path, kit: Path) -> tuple[FileChange, ...]:
    """Update a folder; what was told."""
    course = find_course(root)
    planned = plan_update(course, kit)
    apply_update(course, planned)
    return planned.changes
