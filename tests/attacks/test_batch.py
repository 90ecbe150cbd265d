"""Attacks on a whole class: the command line grades hostile work beside honest work."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from running import run_grader

from grader.errors import SandboxUnavailable
from grader.report import read_report
from grader.sandbox.probe import open_launcher

PLANTED = (
    *("conftest.py", "sitecustomize.py", "usercustomize.py", "numpy.py", "pytest.py", "random.py"),
    *("checks.py", "hidden_checks.py", "reference.py", "grader/__init__.py", "plugin.py"),
)

HOSTILE = {
    "exits": "import os\nos._exit(0)\n",
    "kills": (
        "import os, signal\nfor target in (-1, 0, os.getppid()):\n"
        "    try:\n        os.kill(target, signal.SIGKILL)\n    except OSError:\n        pass\n"
    ),
    "forks": "import os\nwhile True:\n    os.fork()\n",
    "threads": (
        "import threading, time\n"
        "for _ in range(10_000):\n    threading.Thread(target=time.sleep, args=(9,)).start()\n"
    ),
    "eats": "kept = []\nwhile True:\n    kept.append(bytearray(64 << 20))\n",
    "fills": "import os\nfor i in range(10**6):\n    open(str(i), 'wb').write(bytes(1 << 20))\n",
    "prints": "import os\nwhile True:\n    os.write(1, b'x' * 100_000)\n",
    "forges": "import os\nos.write(3, b'\\x00' * 1000)\n",
    "closes": "import os\nos.closerange(0, 64)\n",
    "crashes": "import ctypes\nctypes.string_at(0)\n",
}


@pytest.fixture(scope="module", autouse=True)
def _needs_isolation() -> None:
    try:
        open_launcher().close()
    except SandboxUnavailable as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module")
def right(real_course: Path) -> str:
    return (real_course / "solutions/multiclass_lr/multiclass_lr.py").read_text()


def hand_in(folder: Path, student: str, source: str, more: dict[str, str] | None = None) -> None:
    place = folder / student
    for name, text in {"multiclass_lr.py": source, **(more or {})}.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def grade(course: Path, folder: Path, out: Path) -> dict[str, tuple[float, float]]:
    """Grade a folder; earned and possible points by student."""
    arguments = ["--out", out, "--assignment", "multiclass_lr", "--seed", "attack"]
    ran = run_grader("grade", folder, *arguments, cwd=course, timeout_s=600)
    assert ran.code == 0, ran.said
    reports = [read_report(path) for path in sorted((out / "multiclass_lr").glob("*.json"))]
    assert not any(report.faults for report in reports)
    return {report.student: (report.score, report.max_score) for report in reports}


@pytest.mark.slow
def test_hostile_work_changes_no_honest_score(
    real_course: Path, right: str, tmp_path: Path
) -> None:
    alone, mixed = tmp_path / "alone", tmp_path / "mixed"
    hand_in(alone, "honest0", right)
    expected = grade(real_course, alone, tmp_path / "reports-alone")["honest0"]
    assert expected[0] == expected[1] > 0
    for index, (name, attack) in enumerate(HOSTILE.items()):
        hand_in(mixed, f"honest{index}", right)
        hand_in(mixed, f"hostile-{name}", attack)
    scores = grade(real_course, mixed, tmp_path / "reports")
    honest = {name: score for name, score in scores.items() if name.startswith("honest")}
    assert honest == dict.fromkeys(honest, expected)
    assert len(honest) == len(HOSTILE)
    hostile = [score for name, score in scores.items() if name.startswith("hostile")]
    assert len(hostile) == len(HOSTILE)
    assert {earned for earned, _ in hostile} == {0}
    assert _processes_of(tmp_path) == []


@pytest.mark.slow
def test_planted_files_never_reach_the_grader(
    real_course: Path, right: str, tmp_path: Path
) -> None:
    """Tests, plugins and modules that a submission brings along run in the jail or not at all."""
    marker = tmp_path / "marker"
    planted = f"open({str(marker)!r}, 'a').write(__file__)\n"
    files = dict.fromkeys(PLANTED, planted)
    files["pytest.ini"] = "[pytest]\naddopts = -p plugin\n"
    files["pyproject.toml"] = '[tool.pytest.ini_options]\naddopts = "-p plugin"\n'
    files["x.pth"] = f"import sys; {planted}"
    folder = tmp_path / "submissions"
    hand_in(folder, "honest", right)
    hand_in(folder, "planter", right, files)
    hand_in(folder, "failing", "def softmax(Z):\n    return 0\n", files)
    scores = grade(real_course, folder, tmp_path / "reports")
    assert not marker.exists(), marker.read_text()
    assert scores["planter"] == scores["honest"]
    assert scores["failing"][0] == 0


def _processes_of(folder: Path) -> list[str]:
    listed = subprocess.run(
        ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if str(folder) in line and str(os.getpid()) not in line.split()
    ]
