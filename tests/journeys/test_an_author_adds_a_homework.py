"""An author begins a homework: it validates from the first minute, and can be handed out."""

from __future__ import annotations

from pathlib import Path

from making import write_files
from running import run_grader


def test_a_new_homework_validates_and_goes_into_the_kit(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": '[tool.grader]\nname = "Made up"\n'})
    made = run_grader("new", "line_fit", cwd=tmp_path)
    assert made.code == 0
    assert "assignments/line_fit/line_fit.py" in made.out
    ran = run_grader("validate", cwd=tmp_path)
    assert ran.code == 0, ran.out
    assert ran.out.startswith("line_fit: ok. ")

    released = run_grader("release", "--to", tmp_path / "kit", cwd=tmp_path)
    assert released.code == 0, released.err
    handed_out = tmp_path / "kit" / "assignments" / "line_fit"
    assert (handed_out / "line_fit.py").is_file()
    assert not (tmp_path / "kit" / "solutions").exists()
    first = run_grader("check", "line_fit", cwd=tmp_path / "kit")
    assert first.code == 1
    assert "0 of 50 public points" in first.out
