"""A student works with the kit, a newer one comes: the work stays and counts for the new checks."""

from __future__ import annotations

import shutil
from pathlib import Path

from running import run_grader
from tiny_course import CHECKS, STARTER, make_kit, write

from grader.authoring.release.kit import StudentKit

MODULE = "assignments/scales/scales.py"
NEWER = {"assignments/scales/checks.py": CHECKS.replace("points(4)", "points(7)")}


def test_work_goes_on_with_the_newer_kit(tiny_kit: StudentKit, tmp_path: Path) -> None:
    newer = make_kit(tmp_path / "newer", NEWER)
    mine = Path(shutil.copytree(tiny_kit.folder, tmp_path / "mine"))
    work = STARTER.replace("    raise NotImplementedError\n", "    return 2 * x\n", 1)
    write(mine, {MODULE: work, "assignments/scales/answers.md": "Because.\n"})
    assert "4 of 4 public points" in run_grader("check", "scales", cwd=mine).said
    updated = run_grader("update", newer.archive, cwd=mine)
    assert (updated.code, updated.err) == (0, "")
    assert "replaced  assignments/scales/checks.py" in updated.out
    assert (mine / MODULE).read_text(encoding="utf-8") == work
    assert "7 of 7 public points" in run_grader("check", "scales", cwd=mine).said
    box = tmp_path / "box"
    box.mkdir()
    handed_in = run_grader("submit", "scales", "--yes", "--student", "ada", "--to", box, cwd=mine)
    assert handed_in.code == 0, handed_in.said
    assert "Receipt" in handed_in.said
