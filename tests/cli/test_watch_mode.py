"""`check --watch` in a real terminal: what a save brings onto the screen."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from making import DEMO_RIGHT, DEMO_TOML, write_files
from running import clean_environment

WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")
ENDLESS = DEMO_RIGHT.replace("return 2 * x", "while True: pass")
# A call may take longer than these tests wait: only a save can end it.
SLOW_TOML = DEMO_TOML.replace("call_s = 2.0", "call_s = 500").replace("load_s = 12", "load_s = 500")
ROWS, COLUMNS = 30, 80
MANY_CHECKS = """
import numpy as np
import pytest
from grader.checks import assert_close

@pytest.mark.points(1)
@pytest.mark.hint("So long a hint that it takes many lines. " * 20)
@pytest.mark.see("Doubling")
def test_double(student):
    'double'
    assert_close(student.double(np.ones(3)), 2 * np.ones(3), "double(x)")

@pytest.mark.points(40)
@pytest.mark.parametrize("n", range(40))
def test_total(student, n):
    'total of ones'
    student.total(np.ones(n))
"""


class Terminal:
    """A terminal in which a homework is watched, and what stood on its screen."""

    def __init__(self, folder: Path, *options: str) -> None:
        watching = shlex.join([sys.executable, "-m", "grader", "check", "--watch", *options])
        self.folder = folder
        self.file = folder / "demo.py"
        self.child = pexpect.spawn(
            # pexpect sets the size late where the machine is busy. What follows the command shows
            # how the terminal was left.
            "/bin/sh",
            [
                "-c",
                f"trap : INT; stty rows {ROWS} columns {COLUMNS}; {watching}; "
                "echo exit code $?; stty -a",
            ],
            cwd=str(folder),
            env=clean_environment(TERM="xterm-256color"),
            encoding="utf-8",
            dimensions=(ROWS, COLUMNS),
            timeout=90,
        )
        self.seen = ""

    def shows(self, *texts: str) -> str:
        """Wait until each of the texts has come, in this order; all that came until then."""
        came = ""
        for text in texts:
            self.child.expect_exact(text)
            came += self.child.before + text
        self.seen += came
        return came

    def drawn(self, *texts: str) -> str:
        """The same, up to the last line of a screen."""
        return self.shows(*texts, "h: hint.")

    def ends(self) -> None:
        """It has ended well and left the terminal as it was."""
        self.shows("Stopped. You have", "exit code 0")
        self.child.expect(pexpect.EOF)
        modes = self.child.before.split()
        assert "icanon" in modes
        assert "echo" in modes
        self.child.close()


@pytest.fixture
def terminal(demo_folder: Path) -> Iterator[Terminal]:
    write_files(demo_folder, {"assignment.toml": SLOW_TOML})
    opened = Terminal(demo_folder)
    yield opened
    opened.child.close(force=True)


def plain(text: str) -> str:
    """What is read on the screen."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_saves_that_fix_and_break_and_files_that_come_and_go(terminal: Terminal) -> None:
    terminal.drawn("0 of 3 public points", "not attempted")
    terminal.file.write_text(DEMO_RIGHT)
    came = plain(terminal.drawn("3 of 3 public points"))
    assert "now passes: double of three numbers" in came
    assert "now passes: total of random numbers" in came
    terminal.file.write_text(WRONG)
    came = plain(terminal.drawn("1 of 3 public points"))
    assert "now fails:  double of three numbers" in came
    assert "now passes" not in came
    assert re.search(r"expected: \[2, 4, 8\]\s+got: +\[3, 6, 12\]", came)

    terminal.file.write_text("def double(x:\n")
    came = plain(terminal.drawn("0 of 3 public points"))
    assert "demo.py, line 1: SyntaxError" in came

    terminal.file.unlink()
    terminal.drawn("holds no demo.py", "Fix it and save")
    new = terminal.folder / "demo.py.new"
    new.write_text(DEMO_RIGHT)
    new.replace(terminal.file)
    terminal.drawn("3 of 3 public points")
    # An editor that keeps the old file and writes another in its place.
    terminal.file.rename(terminal.folder / "demo.py~")
    terminal.file.write_text(WRONG)
    terminal.drawn("1 of 3 public points")
    terminal.child.send("q")
    terminal.ends()
    assert max(len(line.rstrip()) for line in plain(terminal.seen).splitlines()) <= COLUMNS


def test_h_shows_the_next_hint_and_says_when_there_is_none(demo_folder: Path) -> None:
    checks = (demo_folder / "checks.py").read_text(encoding="utf-8")
    hints = '@pytest.mark.hint("Two times.")\n@pytest.mark.hint("Or x + x.")\n'
    checks = checks.replace('@pytest.mark.hint("Two times.")\n', hints)
    write_files(demo_folder, {"checks.py": checks})
    terminal = Terminal(demo_folder)
    terminal.drawn("0 of 3 public points")
    for key, told in (
        ("h", "Press h again to see the next one."),
        ("H", "2 of 2  Or x + x."),
        ("h", "There are no more hints for this check."),
    ):
        # Several keys may come at once; others than those that are named do nothing.
        terminal.child.send(f"\x1b[A\x1bOHx{key}")
        terminal.drawn(told)
    terminal.child.send("hq")
    terminal.ends()


def test_a_save_ends_the_checks_of_what_it_replaces(terminal: Terminal) -> None:
    terminal.drawn("0 of 3 public points")
    terminal.file.write_text(ENDLESS)
    terminal.shows("Checking demo")
    terminal.file.write_text(DEMO_RIGHT)
    terminal.drawn("3 of 3 public points")
    terminal.file.write_text(WRONG)
    terminal.drawn("1 of 3 public points")
    terminal.child.send("h")
    terminal.drawn("1 of 1", "Two times.")
    terminal.child.send("r")
    terminal.drawn("No check changed")
    terminal.file.write_text(ENDLESS)
    terminal.shows("Checking demo")
    terminal.child.send("q")
    terminal.ends()


def test_ctrl_c_ends_it_even_while_code_runs(terminal: Terminal) -> None:
    terminal.drawn("0 of 3 public points")
    terminal.file.write_text(ENDLESS)
    terminal.shows("Checking demo")
    terminal.child.sendintr()
    terminal.ends()
    assert "Traceback" not in terminal.seen


def test_checks_that_the_course_changes_are_taken_anew(terminal: Terminal) -> None:
    terminal.file.write_text(WRONG)
    terminal.drawn("1 of 3 public points")
    checks = terminal.folder / "checks.py"
    text = checks.read_text()
    checks.write_text("def broken(:\n")
    terminal.drawn("checks.py: ", "Fix it and save")
    checks.write_text(text.replace("points(1)", "points(5)"))
    terminal.drawn("5 of 7 public points")
    terminal.child.sendintr()
    terminal.ends()


def test_only_some_of_the_checks(demo_folder: Path) -> None:
    opened = Terminal(demo_folder, "--only", "total")
    opened.drawn("0 of 1 public points")
    opened.file.write_text(DEMO_RIGHT)
    opened.drawn("1 of 1 public points")
    opened.child.send("q")
    opened.ends()


def test_many_checks_leave_room_for_the_whole_message(demo_folder: Path) -> None:
    unwritten = "def double(x):\n    return 3 * x\n\ndef total(x):\n    raise NotImplementedError\n"
    write_files(demo_folder, {"checks.py": MANY_CHECKS, "demo.py": unwritten})
    opened = Terminal(demo_folder)
    came = plain(opened.drawn("0 of 41 public points"))
    assert "40 checks are not attempted yet" in came
    assert "see:      README.md, Doubling" in came
    assert came.count("\n") <= ROWS
    opened.file.write_text(unwritten.replace("3 * x", "2 * x"))
    came = plain(opened.drawn("1 of 41 public points"))
    # Nothing else is left to be listed: they are, as far as they go.
    assert "1 check passes" in came
    assert came.count("total of ones") > 10
    opened.child.send("q")
    opened.ends()
