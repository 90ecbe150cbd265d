"""What is typed before a question stands on the screen answers nothing."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from running import clean_environment
from tiny_course import STARTER, write, write_course

QUESTION = "Hand this in as ada"


def test_keys_typed_while_the_code_runs_hand_nothing_in(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    work = STARTER.replace("raise NotImplementedError", "return 2 * x", 1)
    write(course.root, {"assignments/scales/scales.py": work})
    drop = tmp_path / "drop"
    drop.mkdir()
    keyboard, terminal = pty.openpty()
    os.write(keyboard, b"\n\ny\n")  # impatient: the question is not there yet
    submit = [sys.executable, "-m", "grader", "submit", "scales", "--student", "ada", "--to", drop]
    with subprocess.Popen(
        submit,
        cwd=course.root,
        env=clean_environment(),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        said = _read_until(keyboard, QUESTION)
        os.write(keyboard, b"n\n")
        said += _read_until(keyboard, None)
    os.close(keyboard)
    assert "Nothing was handed in." in said
    assert list(drop.iterdir()) == []
    assert process.returncode == 1


def _read_until(keyboard: int, words: str | None) -> str:
    """What the terminal shows until these words stand there; None for its end."""
    shown = ""
    while words is None or words not in shown:
        try:
            more = os.read(keyboard, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        shown += more.decode("utf-8", "replace")
    return shown
