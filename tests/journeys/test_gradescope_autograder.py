"""A Gradescope autograder, run in a folder tree laid out as theirs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from making import DEMO_RIGHT, best_isolation, write_course, write_files
from running import clean_environment, run_grader

pytestmark = pytest.mark.slow

PYTHON = f"""#!/bin/sh
exec {shlex.quote(sys.executable)} "$@"
"""
WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/autograder after Gradescope unpacked the zip and ran setup.sh."""
    course = write_course(tmp_path_factory.mktemp("course"))
    base = tmp_path_factory.mktemp("autograder")
    unsafe = () if best_isolation() == "isolated" else ("--unsafe",)
    made = run_grader("gradescope", "demo", "--to", base / "autograder.zip", *unsafe, cwd=course)
    assert made.code == 0, made.said
    with zipfile.ZipFile(base / "autograder.zip") as archive:
        names = archive.namelist()
        assert {"setup.sh", "run_autograder"} <= set(names)
        assert all(
            archive.getinfo(name).external_attr >> 16 & 0o111
            for name in ("setup.sh", "run_autograder")
        )
        archive.extractall(base / "source")
    for name in ("submission", "results"):
        (base / name).mkdir()
    # Dependencies and Python are those of this process, so that no network is needed.
    pythons = {f"python3.{minor}": PYTHON for minor in range(11, 20)}
    for path in write_files(base / "bin", pythons).iterdir():
        path.chmod(0o755)
    searched = f"{base / 'bin'}:{os.environ['PATH']}"
    run(base, "setup.sh", PIP_NO_DEPS="1", PIP_NO_INDEX="1", PATH=searched)
    site = next((base / "venv").glob("lib/python*/site-packages"))
    (site / "outer.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return base


def run(base: Path, script: str, **env: str) -> int:
    done = subprocess.run(
        ["bash", base / "source" / script],
        env={**clean_environment(), "AUTOGRADER_BASE": str(base), **env},
        cwd=base,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    if script == "setup.sh":
        assert done.returncode == 0, done.stderr
    return done.returncode


def grade(base: Path, files: dict[str, str]) -> dict[str, object]:
    for path in (base / "submission").iterdir():
        path.unlink()
    (base / "results" / "results.json").unlink(missing_ok=True)
    write_files(base / "submission", files)
    run(base, "run_autograder")
    told: dict[str, object] = json.loads((base / "results" / "results.json").read_text())
    return told


def test_right_and_wrong_submissions_get_their_scores(autograder: Path) -> None:
    right = grade(autograder, {"demo.py": DEMO_RIGHT})
    assert right["score"] == 10
    tests = right["tests"]
    assert [test["visibility"] for test in tests] == ["visible", "visible", "hidden", "hidden"]  # type: ignore
    assert all(test["status"] == "passed" for test in tests)  # type: ignore
    wrong = grade(autograder, {"demo.py": WRONG})
    assert wrong["score"] == 4
    assert "expected:" in wrong["tests"][0]["output"]  # type: ignore
    assert wrong["stdout_visibility"] == "hidden"
    empty = grade(autograder, {"notes.txt": "nothing"})
    assert empty["score"] == 0
    assert "holds no demo.py" in str(empty["output"])


def test_what_cannot_be_graded_has_no_score(autograder: Path) -> None:
    checks = autograder / "source" / "solutions" / "demo" / "hidden_checks.py"
    text = checks.read_text()
    checks.write_text(text.replace("rng.normal", "rng.wrong"))
    fault = grade(autograder, {"demo.py": DEMO_RIGHT})
    # Without a score of its own Gradescope would add up those of the tests.
    assert "score" not in fault
    assert fault["tests"] == []
    checks.write_text("import nothing_like_it\n")
    broken = grade(autograder, {"demo.py": DEMO_RIGHT})
    assert "score" not in broken
    assert "could not be graded" in str(broken["output"])
    checks.write_text(text)
