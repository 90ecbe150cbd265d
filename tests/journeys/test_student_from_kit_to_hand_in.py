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

from grader import __version__
from grader._internal.zips import unzip, zip_files
from grader.authoring.release.kit import StudentKit
from grader.reports.schema import read_report

NAME = "multiclass_lr"
HEADING = "The kit contains a newer version of the grader. To install it, type:"


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
        ours = path.name.startswith(
            ("grader", "homework_grader", "_editable_impl_", "__editable__")
        )
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
    box.mkdir()
    handed_in = student.type(f"{python} -m grader submit {NAME} --yes --student ada --to {box}")
    assert handed_in.code == 0, handed_in.err
    assert "Receipt" in handed_in.out
    assert "figure-1.png" in handed_in.out
    newer = student.type(f"{python} -m grader update {real_kit}.zip")
    assert newer.code == 0, newer.err
    assert "Nothing to do" in newer.out
    # What only staff need is not there, and is not missed but by them.
    for command in ("release --to k", "grade x --out y", "gradebook show backprop", "validate"):
        refused = student.type(f"{python} -m grader {command}")
        assert refused.code == 2, refused
        assert "has the students' commands only; staff install the whole one" in refused.err

    ran = run_grader("grade", box, "--out", tmp_path / "out", cwd=ROOT)
    assert ran.code == 0, ran.err
    report = read_report(tmp_path / "out" / NAME / "ada.json")
    assert report.score == report.max_score == 100
    assert report.warnings == ()


def as_it_was_called(wheel: Path, folder: Path) -> Path:
    """The wheel of the distribution by its former name, `grader`."""
    files = {
        path.replace("homework_grader-", "grader-"): data
        for path, data in unzip(wheel.read_bytes()).items()
    }
    info = next(path.partition("/")[0] for path in files if path.endswith("/METADATA"))
    metadata = files[f"{info}/METADATA"]
    files[f"{info}/METADATA"] = metadata.replace(b"\nName: homework-grader\n", b"\nName: grader\n")
    assert files[f"{info}/METADATA"] != metadata
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in files).encode()
    old = folder / wheel.name.removeprefix("homework_")
    old.write_bytes(zip_files(files))
    return old


@pytest.mark.slow  # makes an environment
@pytest.mark.parametrize("both", [False, True])
def test_distribution_of_the_former_name_is_replaced_by_the_commands_that_are_told(
    tiny_kit: StudentKit, tmp_path: Path, both: bool
) -> None:
    """Also where an older grader's update has put the new distribution over the former."""
    student = Student(Path(shutil.copytree(tiny_kit.folder, tmp_path / "kit")))
    assert student.type(f"{shlex.quote(sys.executable)} -m venv .venv").code == 0
    lend_dependencies(student.folder / ".venv")
    python = ".venv/bin/python"
    old = as_it_was_called(student.folder / tiny_kit.info.wheel, tmp_path)
    wheels = [str(old), *([tiny_kit.info.wheel] if both else [])]
    for wheel in wheels:
        assert student.type(f"{python} -m pip install -q --no-index {wheel}").code == 0

    told = student.type(f"{python} -m grader update {tiny_kit.archive}").out.splitlines()
    commands = [line.strip() for line in told[told.index(HEADING) + 1 :]]
    assert commands[0] == f"{python} -m pip uninstall -y grader"
    assert len(commands) == 2
    for command in commands:
        done = student.type(command, PIP_NO_INDEX="1")
        assert done.code == 0, done.err
    listed = student.type(f"{python} -m pip list --format freeze").out
    assert re.findall(r"^.*grader.*$", listed, re.MULTILINE) == [f"homework-grader=={__version__}"]
    again = student.type(f"{python} -m grader update {tiny_kit.archive}")
    assert again.code == 0, again.err
    assert "pip" not in again.out
