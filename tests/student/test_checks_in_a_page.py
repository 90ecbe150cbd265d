"""The public checks as a page of the browser runs them, in a Python that has what Pyodide has.

Pyodide has no processes, no `resource` and none of the packages of commands. Here they cannot be
imported; the real Pyodide runs in server/test_homework_in_the_browser.py.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from making import DEMO_RIGHT, DEMO_STARTER
from running import ROOT, clean_environment, run_grader

from grader.course.course import find_course

PAGE = """
import base64, json, os, subprocess, sys, threading
from pathlib import Path

LACKS = {"curses", "grp", "nbformat", "pwd", "readline", "resource", "typer", "watchfiles"}


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in LACKS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def refuse(*args, **kwargs):
    raise RuntimeError("there are no processes and no threads")


sys.meta_path.insert(0, Absent())
os.fork = subprocess.Popen.__init__ = threading.Thread.start = refuse

from grader.browser.desk import WebDesk

told = []
desk = WebDesk(Path(sys.argv[1]), lambda text: told.append(json.loads(text)))
for line in sys.stdin:
    told.clear()
    files = json.loads(line)
    name = next(iter(files)).removesuffix(".py")
    result = json.loads(desk.check(name, files))
    packed = base64.b64encode(desk.archive(name, files)).decode()
    print(json.dumps({"result": result, "told": told, "zip": packed}), flush=True)
"""
PLOT = """

def picture():
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    return figure
"""
DRAWS = """

@pytest.mark.points(1)
def test_picture(student):
    '''picture draws'''
    assert student.picture.draw()
"""


def in_a_page(course: Path, *works: dict[str, str]) -> list[dict[str, Any]]:
    """What the page is told of each work, checked one after the other in one interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", PAGE, str(course)],
        input="".join(json.dumps(work) + "\n" for work in works),
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_page_says_what_the_command_says(student_course: Path) -> None:
    work = {
        "right": DEMO_RIGHT,
        "starter": DEMO_STARTER,
        "wrong": DEMO_RIGHT.replace("2 * x", "print('x is', x) or x * x"),
        "asks": DEMO_RIGHT.replace("2 * x", "input()"),
        "broken": "def double(x:\n    return x\n",
        "exits": "import sys\nsys.exit(1)\n",
    }
    found = in_a_page(student_course, *({"demo.py": text} for text in work.values()))
    path = student_course / "assignments/demo/demo.py"
    for name, told in zip(work, found, strict=True):
        path.write_text(work[name])
        said = run_grader("check", "demo", cwd=student_course)
        # The command says in addition what a starter is.
        heard = said.out.partition("You have")[0]
        assert told["result"]["text"].split() == heard.split(), name
        assert told["result"]["passed"] == (name == "right")


def test_the_page_hears_of_each_check_and_each_call(student_course: Path) -> None:
    (heard,) = in_a_page(student_course, {"demo.py": DEMO_RIGHT})
    kinds = [message["kind"] for message in heard["told"]]
    call = ["call", "returned"]
    assert kinds == ["checks", *call, *call, "ended", *call, "ended"]
    assert heard["told"][0]["titles"] == ["double of three numbers", "total of random numbers"]
    load, first = heard["told"][1:4:2]
    assert load["late"].startswith("loading the submission was still running after 36 s")
    assert first == {
        "kind": "call",
        "limit_s": 6.0,
        "late": "`double` was still running after 6 s. Does a loop there ever end?",
    }
    assert heard["told"][5] == {"kind": "ended", "title": "double of three numbers", "sign": "✓"}


def test_nothing_of_an_earlier_check_is_left(student_course: Path) -> None:
    helped = DEMO_RIGHT.replace("2 * x", "twice(x)")
    first, second = in_a_page(
        student_course,
        {"demo.py": helped + "\n\ndef twice(x):\n    return 2 * x\n", "answers.md": "Because."},
        {"demo.py": helped},
    )
    assert first["result"]["passed"]
    assert "NameError: name 'twice' is not defined" in second["result"]["text"]


def test_figures_come_as_pictures(student_course: Path) -> None:
    checks = student_course / "assignments/demo/checks.py"
    checks.write_text(checks.read_text() + DRAWS)
    starter = student_course / "assignments/demo/demo.py"
    starter.write_text(DEMO_STARTER + "\n\ndef picture():\n    raise NotImplementedError\n")
    (heard,) = in_a_page(student_course, {"demo.py": DEMO_RIGHT + PLOT})
    assert "problem" not in heard["result"], heard["result"]
    (figure,) = heard["result"]["figures"]
    assert figure["title"] == "picture draws"
    assert figure["png"].startswith("iVBOR")


@pytest.mark.parametrize("answers", ["", "# why\nBecause.\n"])
def test_the_zip_holds_what_was_written(student_course: Path, answers: str) -> None:
    (heard,) = in_a_page(student_course, {"demo.py": DEMO_RIGHT, "answers.md": answers})
    with zipfile.ZipFile(BytesIO(base64.b64decode(heard["zip"]))) as packed:
        held = {name: packed.read(name).decode() for name in packed.namelist()}
    assert held == {"demo.py": DEMO_RIGHT, **({"answers.md": answers} if answers else {})}


def test_a_file_of_another_name_is_refused(student_course: Path) -> None:
    (heard,) = in_a_page(student_course, {"demo.py": DEMO_RIGHT, "checks.py": "cheat"})
    assert "checks.py is not a file of demo" in heard["result"]["problem"]


def test_the_references_pass_in_a_page(real_kit: Path, tmp_path: Path) -> None:
    course = shutil.copytree(real_kit, tmp_path / "kit")
    known = find_course(ROOT)
    works = {
        name: (ROOT / "solutions" / name / f"{name}.py").read_text()
        for name in known.names
        if not known.assignment(name).packages
    }
    found = in_a_page(course, *({f"{name}.py": text} for name, text in works.items()))
    failed = {
        name: told["result"].get("problem") or told["result"]["text"]
        for name, told in zip(works, found, strict=True)
        if not told["result"].get("passed")
    }
    assert failed == {}
