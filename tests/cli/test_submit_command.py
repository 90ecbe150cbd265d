"""`python -m grader submit`: what is packed, where it goes, and what is refused."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pexpect
import pytest
from making import (
    DEMO_RIGHT,
    PATIENT_TOML,
    PICTURE_RIGHT,
    close_homeworks,
    grade_class,
    notebook,
    write_course,
    write_files,
)
from running import Ran, clean_environment, run_grader

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.submission.files import read_submission

DRAWING = """

if __name__ == "__main__":
    print(open("numbers.csv").read())
    import matplotlib.pyplot as plt

    plt.plot([1, 2])
    plt.show()
    plt.figure()
    plt.plot([2, 1])
"""


def submit(folder: Path, *args: object, **env: str) -> Ran:
    """Submit without a question. The folder to deliver to is made, where it can be."""
    if "--to" in args:
        with contextlib.suppress(OSError):
            Path(str(args[args.index("--to") + 1])).mkdir(exist_ok=True)
    return run_grader("submit", "--yes", *args, cwd=folder, **env)


def delivered(folder: Path) -> dict[str, bytes]:
    """The files of the one archive in a folder."""
    (path,) = folder.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(files: dict[str, bytes]) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    return manifest


def test_everything_of_the_students_is_packed_with_figures_and_a_manifest(
    demo_folder: Path, tmp_path: Path
) -> None:
    write_files(
        demo_folder,
        {
            "demo.py": DEMO_RIGHT + "import helper\n" + DRAWING,
            "helper.py": "x = 1\n",
            "answers.md": "Because.\n",
            "old.zip": b"PK",
            "assignment.toml": PATIENT_TOML,
            "__pycache__/demo.pyc": b"",
        },
    )
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert (ran.code, ran.err) == (0, "")
    files = delivered(tmp_path / "box")
    assert set(files) == {
        *("demo.py", "helper.py", "answers.md", "run.py", "manifest.json"),
        *("figures/figure-1.png", "figures/figure-2.png"),
    }
    assert files["figures/figure-1.png"].startswith(b"\x89PNG")
    manifest = manifest_of(files)
    assert (manifest["student"], manifest["assignment"]) == ("ada", "demo")
    hashes = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "manifest.json"}
    assert manifest["files"] == hashes
    assert manifest["local_result"]["score"] == manifest["local_result"]["max_score"] == 3
    assert manifest["environment"]["python"] == sys.version.split()[0]
    assert manifest["time"].endswith(("Z", "+00:00"))


def test_receipt_tells_where_it_went_and_its_sha256(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    (path,) = (tmp_path / "box").glob("*.zip")
    told = dict(line.split(maxsplit=1) for line in ran.out.splitlines() if line.count(" ") > 2)
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["file"] == str(path)
    assert "Public checks: 3 of 3 points" in ran.said
    assert path.name.startswith("ada_demo_")


def test_student_and_destination_are_asked_for_once(
    student_course: Path, demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = submit(demo_folder)
    assert ran.code == 2
    assert "give it once with --student" in ran.err
    ran = submit(demo_folder, "--student", "ada")
    assert ran.code == 2
    assert "give it once with --to" in ran.err
    assert submit(student_course, "demo", "--student", "ada", "--to", tmp_path / "box").code == 0
    assert submit(demo_folder).code == 0
    assert submit(demo_folder, "--student", "bob").code == 0
    names = sorted(path.name.split("_")[0] for path in (tmp_path / "box").iterdir())
    assert names == ["ada", "ada", "bob"]
    assert "handed in" in run_grader("list", cwd=student_course).said


def submit_on_a_terminal(folder: Path, *options: str, **env: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", "grader", "submit", *options],
        cwd=str(folder),
        env=clean_environment(TERM="dumb", **env),
        encoding="utf-8",
        timeout=60,
    )


def test_partners_are_named_once_and_go_along(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ada = ("--student", "ada", "--to", tmp_path / "box")
    first = submit(demo_folder, *ada, "--with", "bob", "--with", "eve", "--with", "Bob")
    assert (first.code, first.err) == (0, "")
    assert "as ada with bob and eve. " in first.said
    assert "Handed in Demo as ada with bob and eve" in first.said
    assert "the course decides whether this counts for your partners" in first.said
    assert "as ada with bob and eve" in run_grader("status", cwd=demo_folder).said
    again = submit(demo_folder, "--to", tmp_path / "again")
    assert manifest_of(delivered(tmp_path / "again"))["members"] == ["ada", "bob", "eve"]
    assert "as ada with bob and eve" in again.said
    alone = submit(demo_folder, "--alone", "--to", tmp_path / "alone")
    assert "members" not in manifest_of(delivered(tmp_path / "alone"))
    assert "with" not in alone.out
    for args, told in (
        (("--with", "ada"), "ada is your own id"),
        (("--with", "a/b"), "give a different one with --with"),
        (("--alone", "--with", "bob"), "cannot be combined"),
        ([word for n in range(20) for word in ("--with", f"s{n}")], "name at most 19"),
    ):
        ran = submit(demo_folder, *args)
        assert (ran.code, told in ran.err) == (2, True), ran.err


def test_handed_in_together_it_counts_for_both_of_a_group(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    settings = '[tool.grader]\nroster = "roster.csv"\n'
    listed = "id,group\nada,1\nbob,1\neve,\n"
    write_files(course, {"roster.csv": listed, "pyproject.toml": settings})
    folder = course / "assignments" / "demo"
    write_files(folder, {"demo.py": DEMO_RIGHT})
    everybody = ("--with", "bob", "--with", "eve")
    ran = submit(folder, "--student", "ada", "--to", tmp_path / "box", *everybody)
    assert ran.code == 0, ran.err
    grade_class(close_homeworks(course), tmp_path / "box", tmp_path / "out")
    with open_gradebook(find_course(course)) as book:
        ada, bob, eve = book.grades("demo")
    assert (ada.points, bob.points, eve.points) == (10, 10, 0)
    assert bob.notes == ("handed in by ada",)
    assert "names eve as a member: the roster does not confirm it" in eve.notes[0]


def test_questions_are_asked_on_a_terminal(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    (tmp_path / "box").mkdir()
    child = submit_on_a_terminal(demo_folder)
    child.expect("Your student id")
    child.sendline("ada")
    child.expect("folder to deliver to")
    child.sendline(str(tmp_path / "box"))
    child.expect("contents of the archive")
    child.expect("demo.py")
    child.expect("3 of 3 points on this machine")
    child.expect(f"Hand this in as ada, to {tmp_path / 'box'}")
    assert not list((tmp_path / "box").iterdir())
    child.sendline("y")
    child.expect("Receipt")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert manifest_of(delivered(tmp_path / "box"))["student"] == "ada"


def test_who_says_no_hands_nothing_in_and_yes_asks_nothing(
    demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    (tmp_path / "box").mkdir()
    options = ("--student", "ada", "--to", str(tmp_path / "box"))
    child = submit_on_a_terminal(demo_folder, *options)
    child.expect("Hand this in as ada")
    child.sendline("n")
    child.expect("Nothing was handed in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert not list((tmp_path / "box").iterdir())
    child = submit_on_a_terminal(demo_folder, *options, "--yes")
    child.expect("Receipt")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "demo.py" in delivered(tmp_path / "box")


@pytest.mark.parametrize("box", ["boxx", "a/b/c", "~/surely/not/there", "demo.py"])
def test_a_folder_that_is_not_there_is_refused_and_not_made(
    demo_folder: Path, tmp_path: Path, box: str
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "box/x": ""})
    ran = run_grader("submit", "--yes", "--student", "ada", "--to", box, cwd=demo_folder)
    assert ran.code == 2
    assert ("is a file" if box == "demo.py" else "does not exist") in ran.err
    assert (f"did you mean {demo_folder / 'box'}?" in ran.err) == (box == "boxx")
    assert not list(demo_folder.rglob("*.zip"))
    assert not (demo_folder / "boxx").exists()
    assert "destination" not in find_course(demo_folder).remembered()


def test_a_destination_that_has_gone_is_refused(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    assert submit(demo_folder, "--student", "ada", "--to", tmp_path / "box").code == 0
    shutil.rmtree(tmp_path / "box")
    ran = submit(demo_folder)
    assert (ran.code, "box does not exist" in ran.err) == (2, True)
    assert not (tmp_path / "box").exists()


def test_without_a_person_at_the_terminal_nothing_is_handed_in(
    demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "box/x": ""})
    args = ["submit", "--student", "ada", "--to", "box"]
    for said in ("n\n", "y\n", ""):
        ran = subprocess.run(
            [sys.executable, "-m", "grader", *args], cwd=demo_folder, input=said, text=True,
            capture_output=True, env=clean_environment(), timeout=60,
        )  # fmt: skip
        assert ran.returncode == 2, ran.stdout
        assert "use --yes to hand in without" in ran.stderr
    # A terminal on which nobody can type: a notebook's `!`, and a build server's.
    for variable in ("JPY_PARENT_PID=77", "MPLBACKEND=module://matplotlib_inline.x", "CI=true"):
        child = submit_on_a_terminal(demo_folder, *args[1:], **dict([variable.split("=")]))
        child.expect("use --yes to hand in without")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 2
    assert not list(demo_folder.rglob("*.zip"))


def test_destination_may_be_the_courses_setting(student_course: Path, demo_folder: Path) -> None:
    write_files(
        student_course,
        {"pyproject.toml": '[tool.grader]\ndestination = "inbox"\n', "inbox/old.zip": ""},
    )
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    assert submit(demo_folder, "--student", "ada").code == 0
    (student_course / "inbox" / "old.zip").unlink()
    assert "demo.py" in delivered(student_course / "inbox")


def test_untouched_starter_is_refused_unless_forced(demo_folder: Path, tmp_path: Path) -> None:
    args = ("--student", "ada", "--to", tmp_path / "box")
    ran = submit(demo_folder, *args)
    assert ran.code == 2
    assert "unchanged starter" in ran.err
    assert "--force" in ran.err
    assert not list((tmp_path / "box").iterdir())
    assert submit(demo_folder, *args, "--force").code == 0
    assert "demo.py" in delivered(tmp_path / "box")


def test_work_that_does_not_even_parse_may_be_handed_in(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": "def double(x:\n"})
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 0
    assert "0 of 3 points" in ran.said
    assert delivered(tmp_path / "box")["demo.py"] == b"def double(x:\n"


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("while True: pass", "still running after 2 s"),
        ("import os; os._exit(1)", "no figures were drawn"),
        ("input('go?')", "EOFError"),
        ("print('[/red]')", "drew no figures"),
    ],
)
def test_main_block_that_fails_costs_the_figures_alone(
    demo_folder: Path, tmp_path: Path, block: str, told: str
) -> None:
    source = f"{DEMO_RIGHT}\nif __name__ == '__main__':\n    {block}\n"
    write_files(demo_folder, {"demo.py": source})
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 0
    assert told in ran.said
    assert "3 of 3 points" in ran.said
    assert set(delivered(tmp_path / "box")) == {"demo.py", "run.py", "manifest.json"}


def test_notebook_is_handed_in_with_its_figures(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "picture", staff=False)
    folder = course / "assignments" / "picture"
    (folder / "picture.py").unlink()
    cells = ("%matplotlib inline", PICTURE_RIGHT, "plot_history([3, 2, 1])\nplt.show()")
    write_files(folder, {"picture.ipynb": notebook(*cells)})
    ran = submit(folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 0, ran.err
    files = delivered(tmp_path / "box")
    assert {"picture.ipynb", "figures/figure-1.png"} <= set(files)


def test_each_figure_that_is_shown_is_handed_in(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", "picture", staff=False)
    folder = course / "assignments" / "picture"
    block = """
if __name__ == "__main__":
    plt.plot([1, 2])
    plt.show()
    plt.clf()
    plt.plot([2, 1], "r")
    plt.show()
"""
    cells = (PICTURE_RIGHT, "plt.plot([1, 2])", "plt.plot([2, 1], 'r')", "x = 1")
    pictures = []
    for files in ({"picture.py": PICTURE_RIGHT + block}, {"picture.ipynb": notebook(*cells)}):
        (folder / "picture.py").unlink(missing_ok=True)
        write_files(folder, files)
        box = tmp_path / files.copy().popitem()[0]
        assert submit(folder, "--student", "ada", "--to", box).code == 0
        drawn = {name: data for name, data in delivered(box).items() if "figures/" in name}
        assert sorted(drawn) == ["figures/figure-1.png", "figures/figure-2.png"]
        assert len(set(drawn.values())) == 2
        pictures.append(drawn)
    assert pictures[0] == pictures[1]


def test_what_was_handed_in_is_graded_under_the_students_name(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    folder = course / "assignments" / "demo"
    students = ["ada", "Zo\u00eb M\u00fcller"]
    write_files(folder, {"demo.py": DEMO_RIGHT, "helper.py": ""})
    for student in students:
        assert submit(folder, "--student", student, "--to", tmp_path / "box").code == 0
    graded = grade_class(course, tmp_path / "box", tmp_path / "out")
    assert sorted(graded) == sorted(students)
    assert all(pair.full for pair in graded.pairs.values())
    assert all(pair.staff.warnings == () for pair in graded.pairs.values())


def test_second_delivery_does_not_replace_the_first(demo_folder: Path, tmp_path: Path) -> None:
    for number in range(2):
        write_files(demo_folder, {"demo.py": f"{DEMO_RIGHT}x = {number}\n"})
        assert submit(demo_folder, "--student", "ada", "--to", tmp_path / "box").code == 0
    assert len(list((tmp_path / "box").iterdir())) == 2


@pytest.mark.parametrize(
    "student", ["a/b", "../x", "x" * 300, " ", ".hidden", "a:b", "tab\tbed", "\u6f22" * 99]
)
def test_student_id_that_makes_no_file_name_is_refused(
    demo_folder: Path, tmp_path: Path, student: str
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = submit(demo_folder, "--student", student, "--to", tmp_path / "box")
    assert ran.code == 2
    assert "give a different one with --student" in ran.err
    assert ran.err.count("\n") == 1
    assert not list((tmp_path / "box").iterdir())


def test_student_id_may_hold_brackets(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    ran = submit(demo_folder, "--student", "ada [x] [bold]", "--to", tmp_path / "box")
    assert ran.code == 0
    assert "as ada [x] [bold]" in ran.said


def test_folder_that_cannot_be_written_is_told_with_the_remedy(
    demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    write_files(tmp_path, {"file": ""})
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "file" / "sub")
    assert ran.code == 2
    assert "name another folder with --to" in ran.err
    assert "Receipt" not in ran.out


def test_receipt_is_printed_even_where_nothing_can_be_remembered(
    student_course: Path, demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    write_files(student_course, {".grader": "in the way"})
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 0
    assert "Receipt" in ran.out
    assert "cannot write" in ran.said
    assert "`status` will not know of it: keep a copy of the receipt above" in ran.said
    assert len(list((tmp_path / "box").iterdir())) == 1


def test_nothing_but_other_files_is_refused(demo_folder: Path, tmp_path: Path) -> None:
    (demo_folder / "demo.py").rename(demo_folder / "notes.txt")
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 2
    assert "there is neither demo.py nor demo.ipynb in" in ran.err


def test_too_large_a_folder_is_refused_with_the_reason(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    with (demo_folder / "data.bin").open("wb") as file:
        file.truncate(70 << 20)
    ran = submit(demo_folder, "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 2
    assert "64 MB" in ran.err


def test_the_same_work_gives_the_same_archive_but_for_its_time(
    demo_folder: Path, tmp_path: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT + DRAWING, "assignment.toml": PATIENT_TOML})
    contents = []
    for box in ("one", "two"):
        assert submit(demo_folder, "--student", "ada", "--to", tmp_path / box).code == 0
        files = delivered(tmp_path / box)
        contents.append((files, {**manifest_of(files), "time": None}))
        files.pop("manifest.json")
    assert contents[0] == contents[1]


def test_archive_is_read_back_by_the_grader(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "data/x.txt": "1"})
    assert submit(demo_folder, "--student", "ada", "--to", tmp_path / "box").code == 0
    (path,) = (tmp_path / "box").iterdir()
    submission = read_submission(path)
    assert submission.problem is None
    assert {"demo.py", "data/x.txt", "run.py"} == set(submission.files)
    assert zipfile.is_zipfile(io.BytesIO(path.read_bytes()))
    assert os.stat(path).st_mode & 0o077 == 0o044  # noqa: PTH116
