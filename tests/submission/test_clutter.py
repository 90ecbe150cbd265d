"""Installed packages and caches in a hand-in are left out, and what is the student's stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import DEMO_RIGHT, grade_class, write_course, write_files, zipped
from running import run_grader

from grader.submission.files import Submission, read_submission

MANY = 600
ENVIRONMENT = {
    "pyvenv.cfg": "", "bin/activate": "", "bin/activate_this.py": "",
    "lib/python3.11/site-packages/numpy/core.py": "",
}  # fmt: skip


def under(folder: str, *names: str, many: bool = True) -> dict[str, str | bytes]:
    inner = [*names, *(f"lib/f{number}.txt" for number in range(MANY if many else 0))]
    return {f"{folder}/{name}": "" for name in inner}


LEFT_OUT: dict[str, tuple[dict[str, str | bytes], str]] = {
    "venv": (under("venv"), "venv"),
    "venv of Windows": (under("VENV", "pyvenv.cfg", "Scripts/python.exe"), "VENV"),
    "env": (under("env", "bin/python"), "env"),
    ".venv": (under(".venv"), ".venv"),
    ".env": (under(".env", "bin/python"), ".env"),
    "conda": (under(".conda", "x.py"), ".conda"),
    "conda by name": (under("ml-course", "conda-meta/history"), "ml-course"),
    "venv by another name": (under("my stuff", *ENVIRONMENT), "my stuff"),
    "site-packages": (under("src/lib/site-packages"), "src/lib/site-packages"),
    "node_modules": (under("web/node_modules", "a.py"), "web/node_modules"),
    "__pycache__": (under("src/__pycache__"), "src/__pycache__"),
    ".git": (under(".git", "HEAD"), ".git"),
    ".ipynb_checkpoints": (under(".ipynb_checkpoints", "demo.py"), ".ipynb_checkpoints"),
    ".hypothesis": (under(".hypothesis"), ".hypothesis"),
}
KEPT: dict[str, dict[str, str | bytes]] = {
    "a package called env": {"env/__init__.py": "", "env/lib/maze.py": ""},
    "a folder called bin": {"bin/tool.py": "", "lib/helper.py": ""},
    "a file called .env": {".env": "KEY=1"},
    "a file called venv": {"venv": ""},
    "a folder like it": {"venv-notes/a.txt": "", "my_env/b.py": ""},
}


def read_both(folder: Path, files: dict[str, str | bytes]) -> tuple[Submission, Submission]:
    """As a folder, and as a zip of it."""
    write_files(folder / "ada", files)
    write_files(folder, {"ada.zip": zipped(files)})
    return read_submission(folder / "ada"), read_submission(folder / "ada.zip")


@pytest.mark.parametrize("form", LEFT_OUT)
@pytest.mark.parametrize("around", ["", "hw1/"])
def test_what_was_installed_is_left_out_and_told(tmp_path: Path, form: str, around: str) -> None:
    files, told = LEFT_OUT[form]
    own = {"demo.py": DEMO_RIGHT, "notes/a.txt": ""}
    both = read_both(tmp_path, {around + name: text for name, text in (own | files).items()})
    for read in both:
        assert read.problem is None
        assert set(read.files) == set(own)
        assert read.notes == (f"left out, because it is no work of yours: {around}{told}",)


@pytest.mark.parametrize("form", KEPT)
def test_what_only_sounds_like_it_is_kept(tmp_path: Path, form: str) -> None:
    files = {"demo.py": DEMO_RIGHT, **KEPT[form]}
    for read in read_both(tmp_path, files):
        assert set(read.files) == set(files)
        assert read.notes == ()


@pytest.mark.parametrize("name", ["venv", ".venv", "env", "proj", ""])
def test_code_that_lies_in_the_environment_itself_is_kept(tmp_path: Path, name: str) -> None:
    made = {f"{name}/{path}".removeprefix("/"): text for path, text in ENVIRONMENT.items()}
    mine = f"{name}/demo.py".removeprefix("/")
    for read in read_both(tmp_path, {**made, mine: DEMO_RIGHT, "readme.txt": ""}):
        assert mine in read.files
        assert not any("site-packages" in path or "activate" in path for path in read.files)
        assert "bin" in read.notes[0]


def test_the_leavings_of_a_system_are_not_worth_a_word(tmp_path: Path) -> None:
    clutter = ("__MACOSX/._demo.py", "._demo.py", ".DS_Store", "a/Thumbs.db", "desktop.ini")
    files = {"demo.py": DEMO_RIGHT, "a/b.py": "", **dict.fromkeys(clutter, "")}
    for read in read_both(tmp_path, files):
        assert set(read.files) == {"demo.py", "a/b.py"}
        assert read.notes == ()


def test_nothing_but_an_environment_is_told_as_such(tmp_path: Path) -> None:
    for read in read_both(tmp_path, under("venv")):
        assert read.problem == "holds nothing but venv; hand in your own files"


def test_too_many_files_of_ones_own_are_still_too_many(tmp_path: Path) -> None:
    for read in read_both(tmp_path, under("data", "demo.py")):
        assert "more than 500 files" in str(read.problem)


def test_a_zip_inside_the_zip_is_opened(tmp_path: Path) -> None:
    inner = zipped({"hw/demo.py": DEMO_RIGHT, "hw/venv/lib/x.py": "", "manifest.json": "{}"})
    cases = {
        "alone": ({"hw.zip": inner}, {"demo.py", "hw/demo.py"}),
        "beside": ({"answers.md": "a", "sub/hw.zip": inner}, {"answers.md"}),
        "two": ({"a.zip": zipped({"demo.py": ""}), "b.zip": zipped({"x.py": ""})}, {"a/demo.py"}),
    }
    for name, (files, held) in cases.items():
        write_files(tmp_path, {f"{name}.zip": zipped(files)})
        read = read_submission(tmp_path / f"{name}.zip")
        assert read.problem is None
        assert held & set(read.files)
        assert any(path.endswith("demo.py") for path in read.files)
        assert "inside the zip was opened" in read.notes[0]
    assert "manifest.json" not in read_submission(tmp_path / "alone.zip").files
    assert "left out, because it is no work of yours: hw.zip/hw/venv" in str(
        read_submission(tmp_path / "alone.zip").notes
    )


def test_a_zip_of_data_beside_code_and_a_third_level_stay_closed(tmp_path: Path) -> None:
    data = zipped({"x.py": ""})
    deep = zipped({"a.zip": zipped({"b.zip": data})})
    write_files(tmp_path, {"a.zip": zipped({"demo.py": "", "d.zip": data}), "b.zip": deep})
    assert set(read_submission(tmp_path / "a.zip").files) == {"demo.py", "d.zip"}
    assert set(read_submission(tmp_path / "b.zip").files) == {"b.zip"}


def test_zips_inside_share_one_limit_and_name_what_is_wrong(tmp_path: Path) -> None:
    some = zipped({f"{number}.txt": "" for number in range(300)})
    bomb = zipped({"x": b"\0" * (40 << 20)})
    cases = {
        "files": ({"a.zip": some, "b.zip": some}, "more than 500 files"),
        "bytes": ({"a.zip": bomb, "b.zip": bomb}, "or 64 MB"),
        "damaged": ({"a.zip": some[:-30]}, "a.zip, which is not a zip file, or it is damaged"),
        "climbs": ({"a.zip": zipped({"../x.py": ""})}, "a path that leaves its folder"),
    }
    for name, (files, said) in cases.items():
        write_files(tmp_path, {f"{name}.zip": zipped(files)})
        assert said in str(read_submission(tmp_path / f"{name}.zip").problem)


def test_a_class_with_environments_is_collected_graded_and_told(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    folder = "Ada Lovelace_1_assignsubmission_file_"
    files = {f"{folder}/{name}": text for name, text in under("venv", "pyvenv.cfg").items()}
    download = zipped({**files, f"{folder}/demo.py": DEMO_RIGHT, **under("venv", many=False)})
    write_files(tmp_path, {"demo.zip": download})
    ran = run_grader("collect", tmp_path / "demo.zip", "--to", tmp_path / "to", cwd=course)
    assert "1 of 1 submissions are new" in ran.said, ran.said
    graded = grade_class(course, tmp_path / "to", tmp_path / "out")
    assert graded["Ada Lovelace_1"].staff.score == 10
    assert "left out, because it is no work of yours: venv" in graded["Ada Lovelace_1"].warned
