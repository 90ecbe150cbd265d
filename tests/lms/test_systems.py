"""Every system answers the same four questions; a new one is a module and its place in a list."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from downloads import DOWNLOADS
from exporting import BRIGHTSPACE, CANVAS, MOODLE
from making import write_course as write_tiny_course
from making import write_files, zipped
from running import ROOT, run_grader

from grader.errors import UsageError
from grader.gradebook.roster import name_key
from grader.lms.protocol import PLAIN, Lms
from grader.lms.systems import SYSTEMS
from grader.lms.table import Table

TABLES = {"canvas": CANVAS, "moodle": MOODLE, "brightspace": BRIGHTSPACE}
TIMES = {
    "folder": [["student", "received_at"], ["ada", "2026-03-01T10:00"]],
    "moodle": [["Kennung", "Name", "Abgabe"], ["Nr 7", "Ada", "Sonntag, 1. März 2026, 23:10"]],
}


def winner(path: Path) -> str:
    answers = [(reach, lms.key) for lms in SYSTEMS if (reach := lms.recognise(path)) is not None]
    return min(answers)[1]


@pytest.mark.parametrize("download", DOWNLOADS)
def test_each_download_is_recognised_by_its_own_system_alone(tmp_path: Path, download: str) -> None:
    write_files(tmp_path, DOWNLOADS[download])
    assert {winner(path) for path in tmp_path.iterdir()} == {download.removesuffix(" flat")}


def test_what_is_in_no_download_is_a_plain_folders(tmp_path: Path) -> None:
    write_files(tmp_path, {"ada.py": "", "bob/demo.py": "", "cyn.zip": "", "a_1_b.py": ""})
    assert {winner(path) for path in tmp_path.iterdir()} == {"folder"}
    assert all(SYSTEMS[0].recognise(path) == PLAIN for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("mallory_5_6_Ada_7_assignsubmission_file_demo.py", "canvas"),
        ("mallory_5_6_ada_7_text.html", "canvas"),
        ("Mallory_7_assignsubmission_file_lovelaceada_101_9001_demo.py", "moodle"),
        ("Mallory_7_assignsubmission_file_ada_7_text.html", "moodle"),
    ],
)
def test_the_system_that_speaks_first_in_a_name_wins(
    tmp_path: Path, name: str, system: str
) -> None:
    write_files(tmp_path, {name: ""})
    assert winner(tmp_path / name) == system


@pytest.mark.parametrize("kind", TABLES)
def test_each_table_is_recognised_by_its_own_system_alone(kind: str) -> None:
    header = next(csv.reader(TABLES[kind].removeprefix("\ufeff").splitlines()))
    keys = [name_key(cell) for cell in header]
    assert [lms.key for lms in SYSTEMS if lms.recognise_table(keys)] == [kind]


@pytest.mark.parametrize("kind", [*TIMES, "canvas"])
def test_each_table_of_times_is_read_by_its_own_system(kind: str) -> None:
    rows: Sequence[Sequence[str]] = TIMES.get(kind) or list(csv.reader(CANVAS.splitlines()))
    keys = [name_key(cell) for cell in rows[0]]
    sheets = {lms.key: sheet for lms in SYSTEMS if (sheet := lms.times(keys, rows[1:]))}
    assert next(iter(sheets), "canvas") == kind
    assert all(sheet.rows[0].said == rows[1][sheet.column] for sheet in sheets.values())


@pytest.mark.parametrize("lms", SYSTEMS, ids=lambda lms: lms.key)
def test_a_system_without_a_table_says_what_to_do_instead(tmp_path: Path, lms: Lms) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError) as told:
        lms.fill(Table(tmp_path / "t.csv"), [], ["Demo"], None, False)
    assert lms.title
    assert (lms.table is None) == ("instead: python -m grader " in str(told.value))


BLACKBOARD = '''
"""A system as somebody adds it: files named HOMEWORK_login_attempt_TIME_file."""
import re
from collections.abc import Callable

from grader.lms.hand_ins import from_loose_files

NAME = re.compile(r"[^_]+_(?P<login>[^_]+)_attempt_[-\\d]+_(?P<file>.+)")


class Blackboard:
    key, title, table = "blackboard", "Blackboard", "full grade center"

    def recognise(self, path):
        named = NAME.fullmatch(path.name)
        return named.start("file") if named else None

    def recognise_table(self, header):
        return "availability" in header

    def submissions(self, paths, beside, search):
        for path in paths:
            named = NAME.fullmatch(path.name)
            files = [((named["file"],), path)]
            yield from from_loose_files(search, named["login"], files, clock="nothing")

    def times(self, header, rows):
        return None

    def fill(self, table, grades, titles, column, so_far):
        from grader.lms.filling import fill_column, names_in

        place = next(i for i, header in enumerate(table.header) if titles[0] in header)
        return fill_column(table, grades, place, whose=names_in(table, ["username"]), so_far=so_far)
'''


def test_a_new_system_is_one_module_and_its_place_in_the_list(
    tmp_path: Path, graded_course: Path
) -> None:
    package = tmp_path / "package"
    shutil.copytree(ROOT / "grader", package / "grader", ignore=shutil.ignore_patterns("*.pyc"))
    systems = package / "grader/lms/systems.py"
    listed = systems.read_text().replace(
        "from grader.lms.brightspace", "from grader.lms.blackboard import Blackboard\n"
        "from grader.lms.brightspace",
    ).replace("    Folder(),\n", "    Folder(),\n    Blackboard(),\n")  # fmt: skip
    systems.write_text(listed)
    (package / "grader/lms/blackboard.py").write_text(BLACKBOARD)

    tiny = write_tiny_course(tmp_path / "tiny")
    files = {f"Demo_{login}_attempt_2026-03-01-10-00-00_demo.py": "x = 1\n" for login in "ab"}
    (tmp_path / "all.zip").write_bytes(zipped(files))
    args = ("collect", tmp_path / "all.zip", "--to", tmp_path / "to")
    ran = run_grader(*args, cwd=tiny, PYTHONPATH=str(package))
    assert ran.code == 0, ran.said
    assert sorted(path.name for path in (tmp_path / "to/demo").iterdir()) == ["a", "b"]

    text = '"Username","Demo [Total Pts: 10 Score] |1","Availability"\n"ada","","Yes"\n'
    (graded_course / "center.csv").write_text(text)
    args = ("export", "demo", "center.csv", "--to", "center.csv")
    ran = run_grader(*args, cwd=graded_course, PYTHONPATH=str(package))
    assert ran.code == 0, ran.said
    assert (graded_course / "center.csv").read_text() == text.replace('"ada","",', '"ada",7.5,')


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("t.csv",), "does not tell which of these it is: gradebook of Canvas, grading"),
        (("t.csv", "--moodle", "t.csv"), "name the one file to fill"),
        ((), "name the one file to fill"),
    ],
)
def test_the_file_to_fill_is_one_and_tells_its_system(
    graded_course: Path, args: tuple[str, ...], said: str
) -> None:
    (graded_course / "t.csv").write_text("a,b\n1,2\n")
    ran = run_grader("export", "demo", *args, "--to", "out.csv", cwd=graded_course)
    assert (ran.code, said in ran.said) == (2, True)
    assert not (graded_course / "out.csv").exists()
