"""What one student handed in: which homeworks it holds, and what it is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from listing import find, manifest, told
from making import DEMO_RIGHT, write_files, zipped

from grader.submission.files import read_submission
from grader.submission.student_ids import safe_label, valid_id


def test_manifest_tells_student_and_homework(tmp_path: Path) -> None:
    data = zipped({"demo.py": "", "manifest.json": manifest("ada", "picture")})
    write_files(tmp_path, {"upload_123.zip": data})
    assert told(find(tmp_path)) == [("ada", "picture")]


def test_files_in_the_zip_tell_the_homework_where_nothing_else_does(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.zip": zipped({"hw/demo.py": ""})})
    write_files(tmp_path, {"bob.zip": zipped({"demo.py": "", "picture.py": ""})})
    write_files(tmp_path, {"cyn.zip": zipped({"picture.py": ""})})
    assert told(find(tmp_path)) == [("bob", None), ("ada", "demo"), ("cyn", "picture")]


@pytest.mark.parametrize("assignment", [None, "demo"])
def test_zip_in_a_students_folder_is_the_submission(tmp_path: Path, assignment: str | None) -> None:
    write_files(tmp_path, {"ada/hw.zip": zipped({"demo.py": DEMO_RIGHT})})
    (item,) = find(tmp_path, assignment)
    assert (item.student, item.assignment) == ("ada", "demo")
    assert set(read_submission(item.path).files) == {"demo.py"}


DATA = zipped({"numbers.csv": "1"})


@pytest.mark.parametrize("assignment", ["demo", None])
def test_zip_beside_the_code_is_no_submission(tmp_path: Path, assignment: str | None) -> None:
    for student, code in (("ada", "demo.py"), ("bob", "Demo.IPYNB"), ("cyn", "src/demo.py")):
        write_files(tmp_path, {f"{student}/{code}": "", f"{student}/data.zip": DATA})
    write_files(tmp_path / "dan", {"homework.py": "", "data.zip": DATA})
    write_files(tmp_path / "eve", {"demo.py": "", "old.zip": zipped({"demo.py": ""})})
    found = find(tmp_path, assignment)
    assert [item.path for item in found] == sorted(tmp_path.iterdir())
    assert [item.student for item in found] == ["ada", "bob", "cyn", "dan", "eve"]
    assert all("zip is beside the code and was not opened" in item.warnings[0] for item in found)


def test_zip_beside_other_code_is_the_submission(tmp_path: Path) -> None:
    code = zipped({"demo.py": DEMO_RIGHT})
    write_files(tmp_path / "ada", {"notes.py": "", "demo.zip": code, "data.zip": DATA})
    (item,) = find(tmp_path, "demo")
    assert item.path == tmp_path / "ada" / "demo.zip"


def test_homeworks_handed_in_in_different_ways_are_all_found(tmp_path: Path) -> None:
    for student, code in (("ada", "demo/demo.py"), ("bob", "demo.py")):
        other = zipped({"picture.py": ""})
        write_files(tmp_path / student, {code: "", "other.zip": other, "data.zip": DATA})
    assert told(find(tmp_path)) == [
        *(("ada", "demo"), ("bob", "demo"), ("ada", "picture"), ("bob", "picture")),
    ]


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("a/b", "holds one of"),
        ("..\\b", "holds one of"),
        ("../../etc", "holds one of"),
        ("x" * 300, "300 characters"),
        ("", "empty"),
        ("  ", "empty"),
        (".ada", "dot"),
        (" ada", "spaces"),
        ("a\nb", "control"),
        ("a\u202eb", "control"),
        ("\ud800", "control"),
        ("a~1", "holds one of"),
        ("\u6f22" * 90, "at most"),
    ],
)
def test_student_id_that_makes_no_file_name_is_refused(
    tmp_path: Path, student: str, said: str
) -> None:
    assert said in str(valid_id(student))
    data = zipped({"demo.py": "", "manifest.json": manifest(student)})
    write_files(tmp_path, {"upload.zip": data})
    (item,) = find(tmp_path)
    assert item.student == "upload"
    assert said in " ".join(item.warnings)


@pytest.mark.parametrize(
    "student", ["ada", "s123@uni.edu", "Zo\u00eb M\u00fcller", "\u5f20\u4f1f", "x" * 100]
)
def test_usual_student_ids_are_taken(student: str) -> None:
    assert valid_id(student) is None


@pytest.mark.parametrize("name", ["a\nb.py", "a?.py", "\u6f22" * 84 + ".py", " .py"])
def test_odd_file_name_gives_a_report_name_that_can_be_written(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {name: ""})
    (item,) = find(tmp_path, "demo")
    assert valid_id(item.student) is None
    assert "it was replaced" in " ".join(item.warnings)
    (tmp_path / f"{item.label}~10.json.tmp").write_text("")


def test_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.py")).write_text("")
    (item,) = find(tmp_path, "demo")
    item.label.encode()
    " ".join(item.warnings).encode()


def test_odd_times_do_not_stop_the_search(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.py": "", "bob.py": ""})
    os.utime(tmp_path / "ada.py", (2**33, 2**33))
    os.utime(tmp_path / "bob.py", (-(2**31), -(2**31)))
    assert len(find(tmp_path, "demo")) == 2


def test_a_folder_was_handed_in_when_its_newest_file_was(tmp_path: Path) -> None:
    """Not when somebody unpacked it, looked into it or ran it there."""
    files = ("ada/demo.py", "bob/demo/demo.py", "bob/demo/helper/deep.py")
    write_files(tmp_path, dict.fromkeys(files, ""))
    for number, name in enumerate(files):
        os.utime(tmp_path / name, (1e9 + number, 1e9 + number))
    later = ("ada/.DS_Store", "ada/__pycache__/demo.pyc", "bob/demo/venv/lib/x.py")
    write_files(tmp_path, dict.fromkeys(later, ""))
    (tmp_path / "cyn").mkdir()
    os.utime(tmp_path / "cyn", (1e9 + 5, 1e9 + 5))
    found = {item.student: item.received_at.timestamp() - 1e9 for item in find(tmp_path, "demo")}
    assert found == {"ada": 0, "bob": 2, "cyn": 5}


def test_safe_label_is_a_file_name() -> None:
    for text in ("", "...", "/", "a" * 999, "\u6f22" * 999, "~", "con:\x00"):
        assert valid_id(safe_label(text)) is None
