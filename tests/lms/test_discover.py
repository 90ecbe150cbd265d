"""Finding submissions: which homework of several, and which of several counts."""

from __future__ import annotations

import io
import os
import warnings
import zipfile
from pathlib import Path

import pytest
from downloads import NAMES
from listing import find, manifest, told
from making import write_files, zipped

from grader.errors import SubmissionError
from grader.lms.collect import collect
from grader.lms.discover import find_submissions
from grader.submission.archives import opened
from grader.submission.student_ids import valid_id


def test_command_wins_over_manifest_and_layout(tmp_path: Path) -> None:
    data = zipped({"demo.py": "", "manifest.json": manifest("ada", "picture")})
    write_files(tmp_path, {"a.zip": data, "bob/picture.py": ""})
    assert told(find(tmp_path, "demo")) == [("ada", "demo"), ("bob", "demo")]


def test_what_does_not_tell_goes_with_all_the_others(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.zip": zipped({"demo.py": ""}), "bob.py": "", "cyn/hw.py": ""})
    found = find(tmp_path)
    assert told(found) == [("ada", "demo"), ("bob", "demo"), ("cyn", "demo")]
    assert "it does not name its assignment" in " ".join(found[1].warnings)


def test_unknown_homework_of_one_is_not_taken_for_the_others(tmp_path: Path) -> None:
    data = zipped({"x.py": "", "manifest.json": manifest("ada", "nosuch")})
    write_files(tmp_path, {"a.zip": data, "bob.py": ""})
    assert dict(told(find(tmp_path))) == {"ada": "nosuch", "bob": None}


def test_only_homework_of_a_course_needs_not_be_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.py": "", "bob/any.py": ""})
    assert told(find(tmp_path, names=["demo"])) == [("ada", "demo"), ("bob", "demo")]


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
    assert "by this student; this is number 1" in found["ada~1"].warnings[-1]
    assert "by this student; this is number 2" in found["ADA"].warnings[-1]
    assert found["c"].warnings == ()


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


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"file": ""})
    with pytest.raises(SubmissionError, match="is not a folder"):
        find(tmp_path / "file")
    with pytest.raises(SubmissionError, match="is not a folder"):
        find(tmp_path / "gone")


def test_hostile_names_stay_inside_and_nobody_is_named_by_a_file(tmp_path: Path) -> None:
    long = "x" * 300
    names = (
        "../../evil.py", "/etc/evil.py", "a\x1b[2J_1_2_demo.py", f"{long}_3_4_demo.py", "..",
        "C:\\evil.py", "mallory_5_6_lovelaceada_101_9001_demo.py", "mallory_5_6_..",
        "Mallory_7_assignsubmission_file_Ada Lovelace_2001_assignsubmission_file_demo.py",
        "x_8_9_a/b_1_2_demo.py", "x_8_9_a", "x_8_9_a",
    )  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice
        for name in names:
            archive.writestr(name, "")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "download.zip").write_bytes(buffer.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(inside))
        with opened(inside / "download.zip") as folder:
            count = sum(path.is_file() for path in folder.rglob("*"))
            found = {item.student: item for item in find(folder, "demo")}
            done = collect(list(found.values()), NAMES, tmp_path / "to", lambda _: None)
    assert count == len(names)
    assert done.new == len(found)
    assert all(valid_id(name) is None for name in found)
    assert {"mallory_5", "Mallory_7"} <= set(found)
    assert not any(name.startswith(("lovelaceada", "Ada")) for name in found)
    assert {path.name for path in tmp_path.iterdir()} == {"inside", "to"}
    assert [path.name for path in inside.iterdir()] == ["download.zip"]


def test_homework_is_told_by_the_files_as_well(tmp_path: Path) -> None:
    write_files(tmp_path / "picture", {"lovelaceada_101_9001_any.py": "", "a_1_text.html": ""})
    write_files(tmp_path / "picture", {"A_1_assignsubmission_onlinetext/onlinetext.html": ""})
    write_files(tmp_path, {"lovelaceada_101_9002_demo.py": ""})
    found, others = find_submissions(tmp_path, NAMES, None)
    assert [path.name for path in others] == ["A_1_assignsubmission_onlinetext", "a_1_text.html"]
    told = [(item.student, item.assignment) for item in found]
    assert told == [("lovelaceada_101", "demo"), ("lovelaceada_101", "picture")]
