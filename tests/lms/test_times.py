"""When hand-ins of Canvas and Moodle came: their downloads bear the time of the download alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from making import write_course, write_files, zipped
from running import run_grader

from grader.course.course import Course, find_course
from grader.errors import UsageError
from grader.lms.discover import find_submissions
from grader.lms.times import read_times, settle
from grader.submission.sources import Source

DUE = datetime(2026, 3, 1, 22, 59, tzinfo=UTC)
DOWNLOADED = datetime(2026, 3, 4, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
CANVAS = {
    "lovelaceada_101_9001_demo.py": "x = 1",
    "lovelaceada_101_9002_answers.md": "",
    "weißjürgen_LATE_102_9003_demo.py": "x = 2",
    "turingalan_103_text.html": "<p>typed</p>",
}
MOODLE = {
    "Ada Lovelace_2001_assignsubmission_file_/demo.py": "x = 1",
    "Jürgen Weiß_2002_assignsubmission_file_/demo.py": "x = 2",
    "Jürgen Weiß_2003_assignsubmission_file_/demo.py": "x = 3",
}
WORKSHEETS = {
    "German": (
        "ID,Vollständiger Name,Status,Bewertung,Zuletzt geändert (Abgabe),"
        "Zuletzt geändert (Bewertung)\n"
        'Teilnehmer/in2001,Ada Lovelace,x,,"Sonntag, 1. März 2026, 23:10",-\n'
        'Teilnehmer/in2002,Jürgen Weiß,x,,"Montag, 2. März 2026, 08:00",'
        '"Freitag, 6. März 2026, 08:00"\n'
        'Teilnehmer/in2003,Jürgen Weiß,x,,"Dienstag, 3. März 2026, 00:00",-\n'
        "Teilnehmer/in2004,Nobody,x,,-,-\n"
    ),
    "English": (
        "Identifier,Full name,Grade,Last modified (submission)\n"
        'Participant 2001,Ada Lovelace,,"Sunday, 1 March 2026, 11:10 PM"\n'
        'Participant 2002,Jürgen Weiß,,"Monday, 2 March 2026, 8:00 AM"\n'
        'Participant 2003,Jürgen Weiß,,"Tuesday, 3 March 2026, 12:00 AM"\n'
    ),
}  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Course:
    home = write_course(tmp_path / "course")
    spec = home / "assignments/demo/assignment.toml"
    spec.write_text(spec.read_text().replace("2126-12-18T23:59:00", "2026-03-01T23:59:00"))
    return find_course(home)


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    write_files(folder, files)
    for path in folder.rglob("*.*"):
        os.utime(path, (DOWNLOADED.timestamp(),) * 2)
    return folder


def times(tmp_path: Path, text: str) -> Path:
    (tmp_path / "times.csv").write_text(text)
    return tmp_path / "times.csv"


def find(course: Course, folder: Path, table: Path | None = None) -> dict[str, Source]:
    read = read_times(table, BERLIN) if table else None
    found, _ = find_submissions(folder, course.names, "demo", settle(course, read))
    return {item.student: item for item in found}


def test_what_canvas_does_not_mark_as_late_is_in_time(course: Course, tmp_path: Path) -> None:
    found = find(course, laid_out(tmp_path / "canvas", CANVAS))
    assert (found["lovelaceada_101"].received_at, found["lovelaceada_101"].clock) == (DUE, "")
    late = found["weißjürgen_102"]
    assert (late.received_at, late.clock) == (DOWNLOADED, "late")


def test_file_among_others_is_not_in_time_because_it_is_called_so(
    course: Course, tmp_path: Path
) -> None:
    drop = laid_out(tmp_path / "drop", {"ada.py": "x = 1", "mallory_1_2_demo.py": "x = 2"})
    assert find(course, drop)["mallory_1"].received_at == DOWNLOADED


def test_own_table_tells_by_either_name(course: Course, tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "canvas", CANVAS)
    for name in ("weißjürgen_102", "Jürgen Weiß", '"Weiß, Jürgen"'):
        table = times(tmp_path, f"student,received_at\n{name},2026-03-02T00:30\n")
        late = find(course, folder, table)["weißjürgen_102"]
        assert (late.received_at, late.clock) == (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "")


@pytest.mark.parametrize("language", WORKSHEETS)
def test_worksheet_of_moodle_tells_in_its_language(
    course: Course, tmp_path: Path, language: str
) -> None:
    folder = laid_out(tmp_path / "moodle", MOODLE)
    assert {item.clock for item in find(course, folder).values()} == {"nothing"}
    found = find(course, folder, times(tmp_path, WORKSHEETS[language]))
    assert {name: (f"{item.received_at:%d %H:%M}", item.clock) for name, item in found.items()} == {
        "Ada Lovelace_2001": ("01 22:10", ""),
        "Jürgen Weiß_2002": ("02 07:00", ""),
        "Jürgen Weiß_2003": ("02 23:00", ""),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,received_at\nada,03/04/2026 11:00\n", "row 2: '03/04/2026 11:00' is not a time"),
        ("student,received_at\nada,tomorrow\n", "is not a time; write it like"),
        ("a,b\n1,2\n", "contains no times"),
        ("", "is empty"),
    ],
)
def test_table_that_tells_no_times_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_times(times(tmp_path, text), None)


def test_commands_say_whose_time_is_not_known(course: Course, tmp_path: Path) -> None:
    download = tmp_path / "demo.zip"
    download.write_bytes(zipped(CANVAS))  # with the time of now, long after the due date
    to = tmp_path / "to"
    ran = run_grader("collect", download, "--to", to, "--assignment", "demo", cwd=course.root)
    assert (
        "These count as late, because only the time of the download is known: weißjürgen_102 "
        in ran.said
    )
    table = times(tmp_path, "student,received_at\nJürgen Weiß,2026-03-02T00:30\nEve,2026-03-01\n")
    ran = run_grader(
        "collect", download, "--to", tmp_path / "new", "--assignment", "demo", "--times", table,
        cwd=course.root,
    )  # fmt: skip
    assert "count as late" not in ran.said
    assert "but without a submission here: Eve" in ran.said
    assert (tmp_path / "new/demo/weißjürgen_102").is_dir()


def test_the_worksheets_email_addresses_tell_two_of_a_name_apart(
    course: Course, tmp_path: Path
) -> None:
    roster = (
        "id,name,email\n1,Ada Lovelace,a@x.org\n2,Jürgen Weiß,w2@x.org\n3,Jürgen Weiß,w3@x.org\n"
    )
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    sheet = "Identifier,Full name,Email address,Last modified (submission)\n" + "".join(
        f'Participant {2000 + n},{name},{email},"Sunday, 1 March 2026, 11:10 PM"\n'
        for n, name, email in (
            (1, "Ada Lovelace", "a@x.org"),
            (2, "Jürgen Weiß", "W3@x.org"),
            (3, "Jürgen Weiß", "gone@x.org"),
        )
    )
    files = {"roster.csv": roster, "pyproject.toml": settings, "sheet.csv": sheet}
    write_files(course.root, {**files, "demo.zip": zipped(MOODLE)})
    args = ("collect", "demo.zip", "--to", "to", "--assignment", "demo", "--times", "sheet.csv")
    ran = run_grader(*args, cwd=course.root)
    assert ran.code == 0, ran.said
    assert "gradebook match 'Jürgen Weiß_2002' 3" in ran.said
    assert "match 'Jürgen Weiß_2003'" not in ran.said
    assert "match 'Ada" not in ran.said


def test_what_keeps_canvas_from_telling_who_was_late_is_named(
    course: Course, tmp_path: Path
) -> None:
    """A student may name a file as Canvas does, so its marks count where nothing else lies."""
    folder = laid_out(tmp_path / "canvas", CANVAS)
    (folder / "notes.txt").write_text("bring cake", encoding="utf-8")
    ran = run_grader(
        "collect", folder, "--to", tmp_path / "to", "--assignment", "demo", cwd=course.root
    )
    assert "other files lie beside its own" in ran.said
    assert "might be a student's: notes.txt. Move these elsewhere" in ran.said
    (folder / "notes.txt").unlink()
    ran = run_grader(
        "collect", folder, "--to", tmp_path / "new", "--assignment", "demo", cwd=course.root
    )
    assert "other files" not in ran.said
