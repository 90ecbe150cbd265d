"""Students' commands on a system that has nothing of Unix: see tests/portable/sitecustomize.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pexpect
import pytest
from making import DEMO_RIGHT, PICTURE_RIGHT, write_course, write_files
from running import ROOT, Ran, clean_environment, run_grader

from grader._internal.files import write_atomically
from grader.reports.schema import Report

PORTABLE = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tests" / "portable", ROOT)))}
DRAWING = "\nif __name__ == '__main__':\n    plot_history([3, 2, 1])\n    plt.show()\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    course = write_course(tmp_path / "course", "demo", "picture", staff=False)
    write_files(course, {".kit/starters/demo/demo.py": "# the starter\n"})
    return course / "assignments" / "demo"


def grader(folder: Path, *args: object) -> Ran:
    return run_grader(*args, cwd=folder, **PORTABLE)


def test_the_system_is_as_poor_as_it_should_be(tmp_path: Path) -> None:
    code = (
        "import os, select, sys\n"
        "assert not hasattr(os, 'fork') and not hasattr(select, 'poll')\n"
        "for name in ('fcntl', 'termios', 'grader.sandbox.linux.syscalls'):\n"
        "    try: __import__(name)\n"
        "    except ModuleNotFoundError: continue\n"
        "    sys.exit(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=clean_environment(**PORTABLE))
    assert done.returncode == 0


def test_every_command_of_a_students_runs(folder: Path, tmp_path: Path) -> None:
    picture = folder.parent / "picture"
    (tmp_path / "box").mkdir()
    write_files(picture, {"picture.py": PICTURE_RIGHT + DRAWING})
    write_files(folder, {"demo.py": DEMO_RIGHT.replace("2 * x", "3 * x")})
    for args, code, said in (
        (("list",), 0, "started"),
        (("check", "demo"), 1, "1 of 3 public points"),
        (("hint", "demo"), 0, "Two times."),
        (("check", "picture", "--figures"), 0, "plot_history-1.png"),
        (("figures", "picture"), 0, "figure-1.png"),
        (
            ("submit", "picture", "--yes", "--student", "ada", "--to", tmp_path / "box"),
            0,
            "Receipt",
        ),
        (("status", "picture"), 0, "receipt valid"),
        (("reset", "demo"), 0, "demo.py.backup-1"),
        (("start", "demo"), 0, "already there"),
    ):
        ran = grader(folder.parent.parent, *args)
        assert said in ran.said, (args, ran.said)
        assert (ran.code, ran.err) == (code, ""), (args, ran.said)


def test_what_goes_wrong_is_told_as_elsewhere(folder: Path) -> None:
    source = (
        "import sys, os\nprint('line\\n' * 300_000)\n"
        "def double(x):\n    print('dying', file=sys.stderr, flush=True)\n    os._exit(3)\n"
        "def total(x):\n    while True: pass\n"
    )
    write_files(folder, {"demo.py": source})
    ran = grader(folder, "check", "--json")
    found = {c.title: c for c in Report.model_validate_json(ran.out).checks}
    crashed, endless = found["double of three numbers"], found["total of random numbers"]
    assert (crashed.outcome, endless.outcome) == ("crashed", "timeout")
    assert "exit code 3" in str(crashed.text)
    assert "dying" in str(crashed.text)
    assert "still running after 2 s" in str(endless.text)


def test_output_is_for_any_console(folder: Path, tmp_path: Path) -> None:
    source = DEMO_RIGHT.replace("return 2 * x", 'raise ValueError("λ ≥ é 日本")')
    write_files(folder, {"demo.py": source})
    console = {**PORTABLE, "PYTHONIOENCODING": "cp1252"}
    told = run_in_bytes(folder, "check", **console)
    assert b"ValueError: ? ? \xe9 ??" in told
    assert b"x  double" not in told  # an error's sign is one that every console has
    assert "λ ≥ é 日本" in str(
        Report.model_validate_json(run_in_bytes(folder, "check", "--json", **console))
    )
    for args in (("list",), ("hint", "demo"), ("status",)):
        assert run_in_bytes(folder, *args, **console)
    packed = run_in_bytes(
        folder, "submit", "--yes", "--student", "josé", "--to", tmp_path, **console
    )
    assert b"as jos\xe9" in packed


def run_in_bytes(folder: Path, *args: object, **env: str) -> bytes:
    """What a command prints, as it prints it."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", *map(str, args)],
        cwd=folder,
        env=clean_environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    assert not done.stderr, done.stderr
    return done.stdout


def test_windows_line_ends_change_nothing(folder: Path) -> None:
    write_files(folder, {"demo.py": DEMO_RIGHT.replace("\n", "\r\n").encode()})
    assert "3 of 3 public points" in grader(folder, "check").said
    write_files(
        folder,
        {"demo.py": DEMO_RIGHT.replace("return 2", "retrun 2").replace("\n", "\r\n").encode()},
    )
    said = grader(folder, "check").said
    assert "SyntaxError" in said
    assert "demo.py, line " in said


def test_file_that_another_program_has_open_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where that fails as long as it is open."""
    tries = []

    def refuse(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "in use")
        os.replace(self, target)  # noqa: PTH105 - Path.replace is what is refused here
        return target

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("grader._internal.files.os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    write_atomically(tmp_path / "kept.json", b"new")
    assert (tmp_path / "kept.json").read_bytes() == b"new"
    assert len(tries) == 3


def test_flood_of_output_is_over_the_limit(folder: Path) -> None:
    write_files(folder, {"demo.py": "def double(x):\n    while True: print('x' * 5000)\n"})
    ran = grader(folder, "check", "--only", "double")
    assert "printed more than 2 MB" in ran.said


def test_watching_works_without_keys(folder: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "grader", "check", "--watch"],
        cwd=str(folder),
        env=clean_environment(**PORTABLE),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("0 of 3 public points")
    child.expect("Ctrl-C quits")
    write_files(folder, {"demo.py": DEMO_RIGHT})
    child.expect("3 of 3 public points")
    child.expect("Ctrl-C quits")
    child.sendintr()
    child.expect("You have 3 of 3")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
