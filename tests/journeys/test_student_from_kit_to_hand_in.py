"""From the kit alone, in an environment that has nothing else: to a first check and a receipt."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from running import ROOT, clean_environment, run_grader

from grader.reports.schema import read_report

NAME = "multiclass_lr"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Student:
    """A new user's machine: a folder that was just unzipped."""

    folder: Path

    def type(self, command: str, *, cwd: str = ".", **env: str) -> Said:
        """A command as it stands in the kit's README."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder / cwd,
            env=clean_environment(PIP_DISABLE_PIP_VERSION_CHECK="1", **env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)


def commands_of(readme: str) -> list[str]:
    """The two commands for Linux."""
    block = re.search(r"Linux.*?```console\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    return block[1].splitlines()


def lend_dependencies(environment: Path) -> None:
    """What pip would bring from an index. Links to all but this package, so that no network is
    needed and nothing of this source tree can be imported."""
    (site,) = environment.glob("lib/python*/site-packages")
    import numpy

    outer = Path(numpy.__file__).parents[1]
    for path in outer.iterdir():
        ours = path.name.startswith(("grader", "_editable_impl_grader", "__editable__"))
        staffs = path.name.startswith(("hatchling", "jinja2", "scipy", "sqlalchemy", "tomli_w"))
        if not (ours or staffs or (site / path.name).exists()):
            (site / path.name).symlink_to(path)


@pytest.mark.slow  # makes an environment, and runs the whole way of a student and of staff
def test_new_user_gets_from_unzip_to_full_marks(real_kit: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(real_kit.with_name("kit.zip")) as archive:
        archive.extractall(tmp_path / "home")
    (folder,) = (tmp_path / "home").iterdir()
    student = Student(folder)
    install, check = commands_of((folder / "README.md").read_text("utf-8"))
    make, _, pip = install.partition(" && ")
    assert student.type(f"{shlex.quote(sys.executable)} {make.partition(' ')[2]}").code == 0
    lend_dependencies(folder / ".venv")
    installed = student.type(f"{pip} --no-index")
    assert installed.code == 0, installed.err
    where = student.type(f"{pip.split()[0]} -c 'import grader; print(grader.__file__)'")
    assert str(folder / ".venv") in where.out

    first = student.type(check)
    assert first.code == 1, first.err
    assert "not attempted" in first.out
    assert "0 of 48 public points" in first.out

    homework = folder / "assignments" / NAME
    shutil.copy(ROOT / "solutions" / NAME / f"{NAME}.py", homework)
    (homework / "answers.md").write_text("Because.\n")
    assert "48 of 48 public points" in student.type(check).out
    python = pip.split()[0]
    tests = student.type(
        f"../../{python} -m pytest -q -p no:cacheprovider", cwd=f"assignments/{NAME}"
    )
    assert tests.code == 0, tests.out
    box = tmp_path / "box"
    handed_in = student.type(f"{python} -m grader submit {NAME} --student ada --to {box}")
    assert handed_in.code == 0, handed_in.err
    assert "Receipt" in handed_in.out
    assert "figure-1.png" in handed_in.out
    newer = student.type(f"{python} -m grader update {real_kit}.zip")
    assert newer.code == 0, newer.err
    assert "Nothing to do" in newer.out
    # What only staff need is not there, and is not missed but by them.
    assert "pip install 'grader[staff]'" in student.type(f"{python} -m grader release --to k").err

    ran = run_grader("grade", box, "--out", tmp_path / "out", cwd=ROOT)
    assert ran.code == 0, ran.err
    report = read_report(tmp_path / "out" / NAME / "ada.json")
    assert report.score == report.max_score == 100
    assert report.warnings == ()
