"""Attacks on a whole class: the command line grades hostile work beside honest work."""

from __future__ import annotations

import ast
import contextlib
import itertools
import os
from collections.abc import Mapping
from pathlib import Path

import making
import pytest
from hostile import DRAWN, GRADED
from making import DEMO_RIGHT, PICTURE_RIGHT, GradedClass, write_course, write_files
from running import missing_packages, run_grader

from grader.course.course import find_course

LIMITS = "[limits]\ncall_s = 0.3\nload_s = 1.5\noutput_mb = 2\nmemory_mb = 400\n"
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
# What each function of a submission returns, whatever it is asked. Each homework meets the first
# and a few of the others in turn.
ODD = {
    "ragged": "[[1], [2, 3]]",
    "mixed": "[1, 'a', None, {}, [[]]]",
    "large": "10**990",
    "empty": "__import__('numpy').empty((1000, 0))",
    "object": "[type('Thing', (), {})(), 1.0]",
    "names": "['\\ud800', 'a', [{}]]",
    "keys": "{'\\ud800': [1], None: {}, (1, 2): 'x'}",
    "deep": "__import__('functools').reduce(lambda inner, _: [inner], range(60), 1.0)",
    "arrays": "[__import__('numpy').array([None, 'a'], object), __import__('numpy').zeros(3)]",
    "equal": "type('Equal', (float,), {'__eq__': lambda *_: True, '__sub__': lambda *_: 0.0})()",
}
EACH_GETS = 2


@pytest.fixture(scope="module", autouse=True)
def _needs_isolation() -> None:
    if not making.can_isolate():
        pytest.skip("no sandbox on this machine")


def label(name: str) -> str:
    return name.replace(" ", "-")


@pytest.fixture(scope="module")
def demo_class(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Everything hostile in one class of the tiny homeworks, an honest student after each ten."""
    folder = tmp_path_factory.mktemp("demo-class")
    course = write_course(folder / "course", "demo", "picture")
    for name in ("demo", "picture"):
        write_files(course, {f"assignments/{name}/assignment.toml": f'title = "T"\n{LIMITS}'})
    files = {f"{label(name)}/demo/demo.py": each.source for name, each in GRADED.items()}
    files |= {f"{label(name)}/picture/picture.py": each.source for name, each in DRAWN.items()}
    for number in range(0, len(GRADED), 10):
        name = label(list(GRADED)[number])
        files[f"{name}-honest/demo/demo.py"] = DEMO_RIGHT
        files[f"{name}-honest/picture/picture.py"] = PICTURE_RIGHT
    write_files(folder / "subs", files)
    ran = run_grader("grade", folder / "subs", "--out", folder / "out", cwd=course, timeout_s=600)
    assert ran.code == 0, ran.said
    return making.read_class(folder / "out", ran)


def reports(graded: GradedClass, homework: str) -> Mapping[str, making.Pair]:
    return making.read_class(graded.out, graded.ran, only=homework).pairs


@pytest.mark.slow
def test_hostile_submissions_get_the_outcome_of_what_they_did(demo_class: GradedClass) -> None:
    pairs = reports(demo_class, "demo")
    for name, each in GRADED.items():
        pair = pairs[label(name)]
        for check in ("test_double", "test_double_at_random"):
            assert pair.outcomes[check] in each.outcomes, (name, str(pair))
        assert pair.full if each.honest else pair.staff.score <= 4, (name, str(pair))


@pytest.mark.slow
def test_hostile_figures_get_the_outcome_of_what_they_did(demo_class: GradedClass) -> None:
    pairs = reports(demo_class, "picture")
    for name, each in DRAWN.items():
        pair = pairs[label(name)]
        for check in ("test_curve", "test_other_curve"):
            assert pair.outcomes[check] in each.outcomes, (name, str(pair))
        assert pair.full if each.honest else pair.staff.score <= 2, (name, str(pair))
    for picture in demo_class.out.rglob("*.png"):
        assert picture.read_bytes().startswith(b"\x89PNG"), picture


@pytest.mark.slow
def test_hostile_submissions_touch_no_honest_one(demo_class: GradedClass) -> None:
    for homework in ("demo", "picture"):
        pairs = reports(demo_class, homework)
        honest = [pair for name, pair in pairs.items() if name.endswith("-honest")]
        assert len(honest) >= 5
        assert all(pair.full for pair in honest)
        assert not any(pair.staff.faults for pair in pairs.values())
    assert {path.stat().st_size > 40_000 for path in demo_class.out.rglob("*.json")} == {False}
    assert processes_of(demo_class.out.parent) == []


def hand_in(folder: Path, student: str, homework: str, files: Mapping[str, str]) -> None:
    write_files(folder / student / homework, dict(files))


def odd_source(course: Path, homework: str, value: str) -> str:
    """A submission whose every function returns `value`."""
    starter = ast.parse((course / "assignments" / homework / f"{homework}.py").read_text())
    names = [node.name for node in starter.body if isinstance(node, ast.FunctionDef)]
    return "".join(f"def {name}(*_):\n    return {value}\n" for name in names)


@pytest.mark.slow
def test_hostile_work_changes_no_honest_score(real_course: Path, tmp_path: Path) -> None:
    """On a homework as shipped; and what is planted never reaches the grader."""
    homework = "multiclass_lr"
    right = (real_course / "solutions" / homework / f"{homework}.py").read_text()
    folder, marker = tmp_path / "subs", tmp_path / "marker"
    for index, (name, attack) in enumerate(HOSTILE.items()):
        hand_in(folder, f"honest{index}", homework, {f"{homework}.py": right})
        hand_in(folder, f"hostile-{name}", homework, {f"{homework}.py": attack})
    planted = dict.fromkeys(PLANTED, f"open({str(marker)!r}, 'a').write(__file__)\n")
    planted["pytest.ini"] = "[pytest]\naddopts = -p plugin\n"
    planted["pyproject.toml"] = '[tool.pytest.ini_options]\naddopts = "-p plugin"\n'
    planted["x.pth"] = f"import sys; {planted['plugin.py']}"
    hand_in(folder, "planter", homework, {f"{homework}.py": right, **planted})
    course = find_course(real_course)
    homeworks = [name for name in course.names if not missing_packages(course.assignment(name))]
    turns = itertools.cycle(name for name in ODD if name != "ragged")
    for each in homeworks:
        for name in ("ragged", *itertools.islice(turns, EACH_GETS)):
            source = odd_source(real_course, each, ODD[name])
            hand_in(folder, f"odd-{name}", each, {f"{each}.py": source})
    # One job: what a homework's mistakes give is worked out once.
    arguments = ("grade", folder, "--out", tmp_path / "out", "--seed", "attack", "--jobs", 1)
    ran = run_grader(*arguments, cwd=real_course, timeout_s=600)
    assert ran.code == 0, ran.said
    pairs = making.read_class(tmp_path / "out", ran, only=homework).pairs
    honest = [pair for name, pair in pairs.items() if name.startswith(("honest", "planter"))]
    assert len(honest) == len(HOSTILE) + 1
    assert all(pair.full for pair in honest)
    hostile = [pair for name, pair in pairs.items() if name.startswith("hostile")]
    assert [pair.staff.score for pair in hostile] == [0] * len(HOSTILE)
    assert not marker.exists(), marker.read_text()
    for each in homeworks:
        for name, pair in making.read_class(tmp_path / "out", ran, only=each).pairs.items():
            assert not pair.staff.faults, (each, name, str(pair))
            if name.startswith("odd"):
                assert pair.staff.score < pair.staff.max_score / 4, (each, name, str(pair))
    assert processes_of(tmp_path, real_course) == []


def processes_of(*folders: Path) -> list[str]:
    """Those that stand in one of the folders or name it in their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            place, command = entry.joinpath("cwd").readlink(), entry.joinpath("cmdline").read_text()
            named = any(place.is_relative_to(each) or str(each) in command for each in folders)
            if named and entry.name != str(os.getpid()):
                found.append(f"{entry.name}: {command}")
    return found
