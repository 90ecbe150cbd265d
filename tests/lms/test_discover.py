"""Finding submissions: whose they are, which homework, which of several counts."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_files, zipped

from grader.errors import SubmissionError
from grader.lms.discover import find_submissions
from grader.submission.files import read_submission
from grader.submission.sources import Source
from grader.submission.student_ids import safe_label, valid_id

NAMES = ["demo", "picture"]


def find(folder: Path, assignment: str | None = None, names: list[str] = NAMES) -> list[Source]:
    return find_submissions(folder, names, assignment)[0]


def told(found: list[Source]) -> list[tuple[str, str | None]]:
    return [(item.student, item.assignment) for item in found]


def manifest(student: object, assignment: object = "demo") -> str:
    return json.dumps({"student": student, "assignment": assignment})


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


def test_manifest_tells_student_and_homework(tmp_path: Path) -> None:
    data = zipped({"demo.py": "", "manifest.json": manifest("ada", "picture")})
    write_files(tmp_path, {"upload_123.zip": data})
    assert told(find(tmp_path)) == [("ada", "picture")]


def test_files_in_the_zip_tell_the_homework_where_nothing_else_does(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.zip": zipped({"hw/demo.py": ""})})
    write_files(tmp_path, {"bob.zip": zipped({"demo.py": "", "picture.py": ""})})
    write_files(tmp_path, {"cyn.zip": zipped({"picture.py": ""})})
    assert told(find(tmp_path)) == [("bob", None), ("ada", "demo"), ("cyn", "picture")]


def test_command_wins_over_manifest_and_layout(tmp_path: Path) -> None:
    data = zipped({"demo.py": "", "manifest.json": manifest("ada", "picture")})
    write_files(tmp_path, {"a.zip": data, "bob/picture.py": ""})
    assert told(find(tmp_path, "demo")) == [("ada", "demo"), ("bob", "demo")]


def test_what_does_not_tell_goes_with_all_the_others(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.zip": zipped({"demo.py": ""}), "bob.py": "", "cyn/hw.py": ""})
    found = find(tmp_path)
    assert told(found) == [("ada", "demo"), ("bob", "demo"), ("cyn", "demo")]
    assert "not told" in " ".join(found[1].warnings)


def test_unknown_homework_of_one_is_not_taken_for_the_others(tmp_path: Path) -> None:
    data = zipped({"x.py": "", "manifest.json": manifest("ada", "nosuch")})
    write_files(tmp_path, {"a.zip": data, "bob.py": ""})
    assert dict(told(find(tmp_path))) == {"ada": "nosuch", "bob": None}


def test_only_homework_of_a_course_needs_not_be_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.py": "", "bob/any.py": ""})
    assert told(find(tmp_path, names=["demo"])) == [("ada", "demo"), ("bob", "demo")]


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
    assert all("zip lies beside the code; it was not opened" in item.warnings[0] for item in found)


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


def test_of_two_submissions_the_later_counts_and_both_are_kept(tmp_path: Path) -> None:
    early = zipped({"demo.py": "early", "manifest.json": manifest("ada")})
    late = zipped({"demo.py": "late", "manifest.json": manifest("ADA")})
    write_files(tmp_path, {"b.zip": early, "a.zip": late, "c.zip": zipped({"demo.py": ""})})
    os.utime(tmp_path / "b.zip", (1000, 1000))
    os.utime(tmp_path / "a.zip", (2000, 2000))
    found = {item.label: item for item in find(tmp_path)}
    assert set(found) == {"ada~1", "ADA", "c"}
    assert found["ada~1"].path.name == "b.zip"
    assert found["ADA"].path.name == "a.zip"
    assert "by time this is number 1" in found["ada~1"].warnings[-1]
    assert "by time this is number 2" in found["ADA"].warnings[-1]
    assert found["c"].warnings == ()


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
    assert "it was changed" in " ".join(item.warnings)
    (tmp_path / f"{item.label}~10.json.tmp").write_text("")


def test_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.py")).write_text("")
    (item,) = find(tmp_path, "demo")
    item.label.encode()
    " ".join(item.warnings).encode()


def test_two_odd_names_do_not_become_one_student(tmp_path: Path) -> None:
    write_files(tmp_path, {"a?.py": "", "a*.py": "", "a_.py": ""})
    found = find(tmp_path, "demo")
    assert len({item.label for item in found}) == 3
    assert not any("~" in item.label for item in found)


def test_labels_of_what_has_no_homework_do_not_meet(tmp_path: Path) -> None:
    # All of these are reported in one folder, that of what is unknown.
    for number, assignment in enumerate(["nosuch", "other", 7]):
        data = zipped({"x.py": "", "manifest.json": manifest("ada", assignment)})
        write_files(tmp_path, {f"{number}.zip": data})
    found = find(tmp_path)
    assert len({item.label for item in found}) == 3


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


def test_odd_times_do_not_stop_the_search(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.py": "", "bob.py": ""})
    os.utime(tmp_path / "ada.py", (2**33, 2**33))
    os.utime(tmp_path / "bob.py", (-(2**31), -(2**31)))
    assert len(find(tmp_path, "demo")) == 2


def test_junk_below_a_homeworks_folder_is_no_student(tmp_path: Path) -> None:
    write_files(tmp_path, {"demo/ada/demo.py": "", "demo/__MACOSX/ada/x": "", "demo/.git/x": ""})
    assert told(find(tmp_path)) == [("ada", "demo")]


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"file": ""})
    with pytest.raises(SubmissionError, match="is not a folder"):
        find(tmp_path / "file")
    with pytest.raises(SubmissionError, match="is not a folder"):
        find(tmp_path / "gone")


def test_safe_label_is_a_file_name() -> None:
    for text in ("", "...", "/", "a" * 999, "\u6f22" * 999, "~", "con:\x00"):
        assert valid_id(safe_label(text)) is None


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
