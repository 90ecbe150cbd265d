"""A teaching assistant grades what Canvas gave and fills the table that Canvas takes back."""

from __future__ import annotations

from pathlib import Path

from making import DEMO_RIGHT, close_homeworks, write_course, write_files, zipped
from running import run_grader

ROSTER = "id,name,login\n1,Ada Lovelace,ada\n2,Bob Miller,bob\n3,Cyn Zu Hause,cyn\n"
SETTINGS = '[tool.grader]\nname = "Tiny"\nroster = "roster.csv"\n'
# As Canvas names the files of a download: student, number of the student, number of the file.
DOWNLOAD = {
    "lovelaceada_101_9001_demo.py": DEMO_RIGHT,
    "millerbob_102_9002_demo.py": DEMO_RIGHT.replace("2 * x", "3 * x"),
}
TABLE = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Demo (4711)\n"
    "    Points Possible,,,,,10\n"
    '"Lovelace, Ada",101,1,ada,A,\n'
    '"Miller, Bob",102,2,bob,A,\n'
    '"Zu Hause, Cyn",103,3,cyn,A,\n'
)


def test_grades_of_a_canvas_download_stand_in_the_canvas_table(tmp_path: Path) -> None:
    course = close_homeworks(write_course(tmp_path / "course"))
    write_files(course, {"roster.csv": ROSTER, "pyproject.toml": SETTINGS})
    download = tmp_path / "submissions.zip"
    download.write_bytes(zipped(DOWNLOAD))
    collected = run_grader("collect", download, "--to", tmp_path / "box", cwd=course)
    assert collected.code == 0, collected.said
    assert "2 of 2 submissions are new" in collected.said
    graded = run_grader(
        *("grade", tmp_path / "box", "--out", tmp_path / "out", "--unsafe", "--jobs", 1),
        cwd=course,
    )
    assert graded.code == 0, graded.said
    enrolled = run_grader("gradebook", "roster", cwd=course)
    assert enrolled.code == 0, enrolled.said

    table, filled = tmp_path / "canvas.csv", tmp_path / "filled.csv"
    table.write_text(TABLE)
    exported = run_grader("export", "demo", "--canvas", table, "--to", filled, cwd=course)
    assert exported.code == 0, exported.said
    points = {"lovelace": "10", "miller": "4", "zu hause": "0"}
    for line in filled.read_text().splitlines()[2:]:
        name = line.split(",")[0].strip('"').lower()
        assert line.rsplit(",", 1)[1] == points[name], line
    # Nothing else of the table is touched.
    before = [line.rsplit(",", 1)[0] for line in TABLE.splitlines()]
    assert [line.rsplit(",", 1)[0] for line in filled.read_text().splitlines()] == before
