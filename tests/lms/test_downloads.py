"""Bulk downloads, laid out as their owners do: whose each is, when it came, what it holds."""

from __future__ import annotations

import io
import json
import os
import warnings
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from making import DEMO_RIGHT, best_isolation, grade_class, write_course, write_files, zipped
from running import run_grader

from grader.course.course import find_course
from grader.errors import SubmissionError, UsageError
from grader.gradebook import open_gradebook
from grader.lms.collect import collect
from grader.lms.discover import find_submissions
from grader.lms.folder import INDEX
from grader.submission.archives import opened
from grader.submission.sources import Source
from grader.submission.student_ids import valid_id

NAMES = ["demo", "picture"]
HALF = DEMO_RIGHT.replace("2 * x", "3 * x")

CANVAS: dict[str, str | bytes] = {
    "lovelaceada_101_9001_demo-1.py": DEMO_RIGHT,
    "lovelaceada_101_9002_helper.py": "",
    "lovelaceada_101_9003_notes.pdf": b"%PDF",
    "obrienmaryann_LATE_102_9004_demo.ipynb": "{}",
    "smithjohn_103_9005_demo.zip": zipped({"demo.py": HALF}),
    "smithjohn_104_9006_demo.py": HALF,
    "turingalan_105_text.html": "<p>I could not upload it.</p>",
    "LATE_anon_x7Qp2_9007_demo.py": HALF,
}
MOODLE: dict[str, str | bytes] = {
    "Ada Lovelace_2001_assignsubmission_file_/demo.py": DEMO_RIGHT,
    "Ada Lovelace_2001_assignsubmission_file_/src/helper.py": "",
    "Mary-Ann O'Brien_2002_assignsubmission_file_/demo.zip": zipped({"demo.py": HALF}),
    "Mary-Ann O'Brien_2002_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
    "Participant_2003_assignsubmission_file/demo.py": HALF,
}
MOODLE_FLAT: dict[str, str | bytes] = {
    "Ada Lovelace_2001_assignsubmission_file_demo.py": DEMO_RIGHT,
    "Ada Lovelace_2001_assignsubmission_file_helper.py": "",
    "Mary-Ann O'Brien_2002_assignsubmission_file_demo.zip": zipped({"demo.py": HALF}),
    "Participant_2003_assignsubmission_file_demo.py": HALF,
}
METADATA = """\
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.org
  :created_at: 2026-03-01 10:00:00.123456789 Z
  :score: 7.0
  :status: processed
  :results:
    output: !ruby/object:Thing
      :a: b
  :history:
  - :id: 300
    :created_at: 2026-02-28 10:00:00.000000000 Z
    :score: 1.0
submission_302:
  :submitters:
  - :name: John Smith
    :sid:
    :email: john@example.org
  - :name: Mary-Ann O'Brien
    :sid: '1900'
    :email:
  :created_at: 2026-03-02 10:00:00.000000000 -08:00
"""
GRADESCOPE: dict[str, str | bytes] = {
    "assignment_55_export/submission_metadata.yml": METADATA,
    "assignment_55_export/submission_301/demo.py": DEMO_RIGHT,
    "assignment_55_export/submission_301/submission_metadata.yml": "submission_1: {}",
    "assignment_55_export/submission_302/demo.zip": zipped({"demo.py": HALF}),
    "assignment_55_export/submission_303/demo.py": HALF,
}
DOWNLOADS = {
    "canvas": CANVAS, "moodle": MOODLE, "moodle flat": MOODLE_FLAT, "gradescope": GRADESCOPE,
}  # fmt: skip


def find(folder: Path, assignment: str | None = "demo") -> dict[str, Source]:
    return {item.student: item for item in find_submissions(folder, NAMES, assignment)[0]}


def contents(found: Mapping[str, Source]) -> dict[str, list[str]]:
    return {name: sorted(item.read().files) for name, item in found.items()}


def test_canvas_tells_students_apart_by_the_number_and_joins_their_files(tmp_path: Path) -> None:
    write_files(tmp_path, CANVAS)
    found = find(tmp_path)
    assert contents(found) == {
        "lovelaceada_101": ["demo.py", "helper.py", "notes.pdf"],
        "obrienmaryann_102": ["demo.ipynb"],
        "smithjohn_103": ["demo.py"],
        "smithjohn_104": ["demo.py"],
        "anon_x7Qp2": ["demo.py"],
    }
    late = {name for name, item in found.items() if any("late" in each for each in item.warnings)}
    assert late == {"obrienmaryann_102", "anon_x7Qp2"}
    left = find_submissions(tmp_path, NAMES, "demo")[1]
    assert [path.name for path in left] == ["turingalan_105_text.html"]


def test_homework_is_told_by_the_files_as_well(tmp_path: Path) -> None:
    write_files(tmp_path / "picture", {"lovelaceada_101_9001_any.py": "", "a_1_text.html": ""})
    write_files(tmp_path / "picture", {"A_1_assignsubmission_onlinetext/onlinetext.html": ""})
    write_files(tmp_path, {"lovelaceada_101_9002_demo.py": ""})
    found, others = find_submissions(tmp_path, NAMES, None)
    assert [path.name for path in others] == ["A_1_assignsubmission_onlinetext", "a_1_text.html"]
    told = [(item.student, item.assignment) for item in found]
    assert told == [("lovelaceada_101", "demo"), ("lovelaceada_101", "picture")]


@pytest.mark.parametrize("form", [MOODLE, MOODLE_FLAT])
def test_moodle_in_folders_and_flat(tmp_path: Path, form: dict[str, str | bytes]) -> None:
    write_files(tmp_path, form)
    helper = "src/helper.py" if form is MOODLE else "helper.py"
    assert contents(find(tmp_path)) == {
        "Ada Lovelace_2001": ["demo.py", helper],
        "Mary-Ann O'Brien_2002": ["demo.py"],
        "Participant_2003": ["demo.py"],
    }


@pytest.mark.parametrize("deep", [True, False])
def test_gradescope_tells_who_and_when(tmp_path: Path, deep: bool) -> None:
    write_files(tmp_path, GRADESCOPE)
    found = find(tmp_path if deep else tmp_path / "assignment_55_export")
    ada, john, _ = found.values()
    assert list(found) == ["ada@example.org 1815", "john@example.org John Smith", "submission_303"]
    assert ada.received_at == datetime(2026, 3, 1, 10, 0, 0, 123456, UTC)
    assert john.received_at == datetime(2026, 3, 2, 18, tzinfo=UTC)
    assert (ada.members, john.members) == ((), ("john@example.org John Smith", "1900"))
    assert list(john.read().files) == ["demo.py"]


@pytest.mark.parametrize("text", ["a: [", "a: !!python/name:os.system", "\0"])
def test_metadata_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {**GRADESCOPE, "assignment_55_export/submission_metadata.yml": text})
    with pytest.raises(UsageError, match="download the export anew"):
        find(tmp_path)


@pytest.mark.parametrize("text", ["- 1", "a: &a [*a]", "submission_301:\n  :submitters: [3, {}]"])
def test_metadata_that_names_nobody_leaves_the_folders_names(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {**GRADESCOPE, "assignment_55_export/submission_metadata.yml": text})
    assert set(find(tmp_path)) == {"submission_301", "submission_302", "submission_303"}


def test_file_times_of_a_folder_count_and_not_that_of_the_unpacking(tmp_path: Path) -> None:
    write_files(tmp_path, MOODLE)
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (1e9, 1e9))
    assert {item.received_at.timestamp() for item in find(tmp_path).values()} == {1e9}


@pytest.mark.parametrize("system", DOWNLOADS)
def test_zip_as_downloaded_is_what_its_folder_is(tmp_path: Path, system: str) -> None:
    files = DOWNLOADS[system]
    write_files(tmp_path / "folder", files)
    (tmp_path / "download.zip").write_bytes(zipped(files))
    with opened(tmp_path / "download.zip") as folder:
        unpacked = {name: item.read().sha256 for name, item in find(folder).items()}
    assert not folder.exists()
    assert unpacked == {
        name: item.read().sha256 for name, item in find(tmp_path / "folder").items()
    }


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
            found = find(folder)
            done = collect(list(found.values()), NAMES, tmp_path / "to", lambda _: None)
    assert count == len(names)
    assert done.new == len(found)
    assert all(valid_id(name) is None for name in found)
    assert {"mallory_5", "Mallory_7"} <= set(found)
    assert not any(name.startswith(("lovelaceada", "Ada")) for name in found)
    assert {path.name for path in tmp_path.iterdir()} == {"inside", "to"}
    assert [path.name for path in inside.iterdir()] == ["download.zip"]


def test_damaged_download_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.zip": "no zip", "b.zip": zipped(CANVAS)[:-40]})
    for name in ("a.zip", "b.zip"):
        with pytest.raises(SubmissionError, match="download it anew"), opened(tmp_path / name):
            pass


@pytest.mark.parametrize("system", DOWNLOADS)
def test_collected_is_the_same_and_again_adds_only_what_is_new(tmp_path: Path, system: str) -> None:
    drop, to = tmp_path / "drop", tmp_path / "to"
    write_files(drop, DOWNLOADS[system])
    before = list(find(drop).values())
    assert collect(before, NAMES, to, lambda _: None).new == len(before)
    assert fingerprint(find(to)) == fingerprint(find(to / "demo")) == fingerprint(find(drop))
    files = {path: path.read_bytes() for path in to.rglob("*") if path.is_file()}

    for path in drop.rglob("*.py"):
        os.utime(path, (4e9, 4e9))  # downloaded anew
    newer = list(find(drop).values())
    assert collect(newer, NAMES, to, lambda _: None).new == 0
    next(drop.rglob("*demo*.py")).write_text("changed")
    assert collect(list(find(drop).values()), NAMES, to, lambda _: None).new == 1
    found, others = find_submissions(to, NAMES, None)
    assert (len(found), others) == (len(before) + 1, [])
    index = files.pop(to / INDEX)
    assert (to / INDEX).read_bytes().startswith(index)
    assert all(path.read_bytes() == data for path, data in files.items())


def fingerprint(found: Mapping[str, Source]) -> dict[str, tuple[object, ...]]:
    return {
        name: (item.read().sha256, item.received_at, item.members, item.claimed, item.assignment)
        for name, item in found.items()
    }


def test_index_cut_off_by_a_kill_loses_nothing(tmp_path: Path) -> None:
    write_files(tmp_path / "drop", CANVAS)
    found = list(find(tmp_path / "drop").values())
    to = tmp_path / "to"
    collect(found, NAMES, to, lambda _: None)
    text = (to / INDEX).read_bytes()
    (to / INDEX).write_bytes(text[:-20])
    assert collect(found, NAMES, to, lambda _: None).new == 1
    assert len(find(to)) == len(found)


def test_index_is_believed_at_the_top_alone_and_leads_nowhere_else(tmp_path: Path) -> None:
    line = {"assignment": "demo", "student": "ada", "received_at": "2020-01-01T00:00:00+00:00"}
    line |= {"sha256": "", "path": "../../outside"}
    write_files(tmp_path, {"drop/mallory/demo.py": "", f"drop/mallory/{INDEX}": json.dumps(line)})
    assert list(find(tmp_path / "drop")) == ["mallory"]
    write_files(tmp_path, {f"drop/{INDEX}": json.dumps(line), "outside/demo.py": ""})
    assert find(tmp_path / "drop") == {}


def test_folder_with_other_things_is_not_collected_into(tmp_path: Path) -> None:
    write_files(tmp_path, {"to/thesis.tex": ""})
    with pytest.raises(UsageError, match="holds other things"):
        collect([], NAMES, tmp_path / "to", lambda _: None)


@pytest.mark.slow
def test_grade_of_the_download_and_of_what_was_collected_agree(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    roster = (
        "id,name,email\nada,Ada Lovelace,\njs1,John Smith,\njs2,John Smith,\nmo,Mary-Ann O'Brien,\n"
    )
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    write_files(course, {"roster.csv": roster, "pyproject.toml": settings})
    download = tmp_path / "demo.zip"
    download.write_bytes(zipped(CANVAS))
    ran = run_grader("collect", download, "--to", tmp_path / "to", cwd=course)
    assert ran.code == 0, ran.said
    assert "lovelaceada_101 ada Ada Lovelace name demo 1" in ran.said
    assert "obrienmaryann_102 mo Mary-Ann O'Brien name demo 1" in ran.said
    assert "goes by these names: anon_x7Qp2 smithjohn_103 smithjohn_104" in ran.said
    assert "demo.zip/turingalan_105_text.html is no submission" in ran.said
    assert "5 of 5 are new" in ran.said

    isolation = best_isolation()
    direct = grade_class(course, download, tmp_path / "direct", isolation=isolation)
    again = grade_class(course, tmp_path / "to", tmp_path / "again", isolation=isolation)
    scores = {label: pair.staff.score for label, pair in direct.pairs.items()}
    assert scores == {label: pair.staff.score for label, pair in again.pairs.items()}
    assert (scores["lovelaceada_101"], scores["smithjohn_103"]) == (10, 4)
    with open_gradebook(find_course(course)) as book:
        ada = book.grade("demo", "ada")
        (attempt,) = book.attempts_of(book.student("ada"))
    assert (ada.points, ada.attempts) == (10, 1)
    assert attempt.source == str(download / "lovelaceada_101_9001_demo-1.py")
