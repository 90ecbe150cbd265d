"""A plain folder of submissions: whose they are, and which homework."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from downloads import NAMES
from listing import find, told
from making import DEMO_RIGHT, write_files, zipped

from grader.lms.discover import find_submissions
from grader.submission.files import read_submission


def test_zips_folders_modules_and_notebooks_are_found(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "ada.zip": zipped({"demo.py": ""}),
            "BOB.ZIP": zipped({"demo.ipynb": "{}"}),
            "cyn/demo.py": "",
            "dan.py": "",
            "eve.ipynb": "{}",
            "notes.txt": "",
            ".DS_Store": "",
            "__MACOSX/ada.zip": "",
            ".hidden/demo.py": "",
        },
    )
    found, others = find_submissions(tmp_path, NAMES, "demo")
    assert told(found) == [(name, "demo") for name in ("BOB", "ada", "cyn", "dan", "eve")]
    assert [path.name for path in others] == ["notes.txt"]


@pytest.mark.parametrize(
    "path",
    ["demo/ada/demo.py", "ada/demo/demo.py", "ada/demo.py", "ada/demo.ipynb", "demo/ada.py"],
)
def test_layout_tells_the_homework(tmp_path: Path, path: str) -> None:
    write_files(tmp_path, {path: ""})
    assert told(find(tmp_path)) == [("ada", "demo")]


def test_folder_of_submissions_named_like_the_homework_tells_it(tmp_path: Path) -> None:
    write_files(tmp_path / "demo", {"ada.py": "", "bob/x.py": "", "cyn.zip": zipped({"a.py": ""})})
    assert told(find(tmp_path / "demo")) == [("ada", "demo"), ("bob", "demo"), ("cyn", "demo")]


def test_one_student_may_hand_in_several_homeworks(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada/demo/demo.py": "", "ada/picture/picture.py": ""})
    write_files(tmp_path, {"bob/demo.py": "", "bob/picture.ipynb": ""})
    both = [("ada", "demo"), ("bob", "demo"), ("ada", "picture"), ("bob", "picture")]
    assert told(find(tmp_path)) == both
    assert not any("~" in item.label for item in find(tmp_path))


def test_links_are_no_submissions(tmp_path: Path) -> None:
    write_files(tmp_path, {"solutions/demo/demo.py": DEMO_RIGHT, "subs/ada/picture.txt": ""})
    write_files(tmp_path, {"all.zip": zipped({"demo.py": DEMO_RIGHT})})
    subs = tmp_path / "subs"
    (subs / "bob").symlink_to(tmp_path / "solutions" / "demo")
    (subs / "cyn.py").symlink_to(tmp_path / "solutions" / "demo" / "demo.py")
    (subs / "ada" / "demo").symlink_to(tmp_path / "solutions" / "demo")
    (subs / "ada" / "late.zip").symlink_to(tmp_path / "all.zip")
    for assignment in (None, "demo"):
        found, others = find_submissions(subs, NAMES, assignment)
        assert [item.student for item in found] == ["ada"]
        assert "demo.py" not in read_submission(found[0].path).files
        assert [path.name for path in others] == ["bob", "cyn.py"]


def test_pipes_are_no_submissions(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ada.py")
    os.mkfifo(tmp_path / "bob.zip")
    found, others = find_submissions(tmp_path, NAMES, "demo")
    assert found == []
    assert [path.name for path in others] == ["ada.py", "bob.zip"]


def test_junk_below_a_homeworks_folder_is_no_student(tmp_path: Path) -> None:
    write_files(tmp_path, {"demo/ada/demo.py": "", "demo/__MACOSX/ada/x": "", "demo/.git/x": ""})
    assert told(find(tmp_path)) == [("ada", "demo")]


@contextlib.contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Nothing is closed to root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_cannot_be_read_is_not_taken_for_empty() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        files = {f"demo/{who}/demo.py": "x = 1\n" for who in ("ada", "bob", "eve", "tim")}
        write_files(folder, {**files, "demo/bob/mine/helper.py": "", "zed/demo.py": "y = 1\n"})
        closed = ["demo/ada", "demo/bob/mine", "demo/eve/demo.py", "zed"]
        for path in closed:
            (folder / path).chmod(0)
        try:
            with as_an_ordinary_user():
                found, others = find_submissions(folder, NAMES, None)
                problems = {item.student: item.read().problem for item in found}
        finally:
            for path in closed:
                (folder / path).chmod(0o755)
    assert others == []
    assert problems == {
        "ada": "cannot be read: Permission denied",
        "bob": "cannot be read: Permission denied: mine",
        "eve": "cannot be read: Permission denied: demo.py",
        "tim": None,
        "zed": "cannot be read: Permission denied",
    }
