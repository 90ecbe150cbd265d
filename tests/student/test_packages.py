"""Packages that are installed at home and not there where work is graded.

The tests' own environment has scipy, pydantic and rich, as a student's may.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from making import DEMO_RIGHT, notebook, write_files
from running import ROOT, run_grader, run_pytest

from grader.course.assignment import read_spec
from grader.sandbox.protocol.packages import ALWAYS, importable, in_words

TOTAL = "def total(x):\n    return float(sum(x))\n"
DOUBLE = "def double(x):\n    return 2 * x\n"


def check(folder: Path, files: dict[str, str | bytes]) -> tuple[int, str]:
    write_files(folder, files)
    ran = run_grader("check", cwd=folder)
    return ran.code, ran.said


def not_there(module: str) -> str:
    return f"imports {module}, which is not there where your work is graded; only {in_words(())}"


def test_an_import_inside_of_a_function_fails_at_home_as_it_will_when_graded(
    demo_folder: Path,
) -> None:
    source = "def double(x):\n    import scipy.special\n    return 2 * x\n" + TOTAL
    code, said = check(demo_folder, {"demo.py": source})
    assert code == 1
    assert "1 of 3 public points" in said
    assert "Where your work is graded there is no `scipy`: only numpy, matplotlib" in said
    assert f"demo.py, line 2: {not_there('scipy')}" in said


@pytest.mark.parametrize(
    ("source", "module", "points"),
    [
        ("import rich\n" + DOUBLE + TOTAL, "rich", 3),
        ("import scipy as sp, numpy\n" + DOUBLE + TOTAL.replace("sum", "sp.sum"), "scipy", 2),
        ("from pydantic import BaseModel\n" + DOUBLE + TOTAL, "pydantic", 3),
        ("try:\n    import rich\nexcept ImportError:\n    pass\n" + DOUBLE + TOTAL, "rich", 3),
        ("from importlib import import_module\n"
         "import_module('scipy.stats')\n" + DOUBLE + TOTAL, "scipy", 3),
        ("r = __import__('rich')\n" + DOUBLE + TOTAL, "rich", 3),
        ("import grader.checks\n" + DOUBLE + TOTAL, "grader", 3),
        ("import pytest\n" + DOUBLE + TOTAL, "pytest", 3),
    ],
)  # fmt: skip
def test_every_way_to_import_is_named(
    demo_folder: Path, source: str, module: str, points: int
) -> None:
    _, said = check(demo_folder, {"demo.py": source})
    assert not_there(module) in said
    assert said.count("not there where your work is graded") == 1
    assert f"{points} of 3 public points" in said


def test_a_name_made_while_it_runs_is_not_there_either(demo_folder: Path) -> None:
    source = DOUBLE + "def total(x):\n    return __import__('sci' + 'py').sum(x)\n"
    code, said = check(demo_folder, {"demo.py": source})
    assert code == 1
    assert "Where your work is graded there is no `scipy`" in said


def test_a_library_may_ask_what_is_installed(demo_folder: Path) -> None:
    source = "import importlib.util\n" + DOUBLE
    source += "def total(x):\n    importlib.util.find_spec('scipy')\n    return float(sum(x))\n"
    code, said = check(demo_folder, {"demo.py": source})
    assert code == 0, said


def test_a_helper_beside_the_file_is_followed_and_others_are_not(demo_folder: Path) -> None:
    helpers = {"helper.py": "import rich\n", "scratch.py": "import scipy\n"}
    _, said = check(demo_folder, {"demo.py": "import helper\n" + DEMO_RIGHT, **helpers})
    assert f"helper.py, line 1: {not_there('rich')}" in said
    assert "scratch" not in said


def test_what_a_jail_shows_can_be_imported_at_home(demo_folder: Path) -> None:
    # PIL comes with matplotlib; a helper and a package may have any name; so may a data module.
    lines = "import PIL.Image, mpl_toolkits.mplot3d, dateutil, json, sqlite3\n"
    lines += "import scipy_like, rich_text.inner, numpy.testing, matplotlib.pyplot\n"
    own = {"scipy_like.py": "", "rich_text/__init__.py": "", "rich_text/inner.py": ""}
    code, said = check(demo_folder, {"demo.py": lines + DEMO_RIGHT, **own})
    assert (code, "graded" in said, "note" in said) == (0, False, False)


def test_an_own_module_of_the_name_of_an_installed_one_is_their_own(demo_folder: Path) -> None:
    source = "import scipy\n" + DEMO_RIGHT.replace("2 * x", "scipy.twice(x)")
    files = {"demo.py": source, "scipy.py": "def twice(x):\n    return 2 * x\n"}
    assert check(demo_folder, files)[0] == 0


def test_a_notebook_says_in_which_cell(demo_folder: Path) -> None:
    (demo_folder / "demo.py").unlink()
    cells = notebook("from rich import print", DEMO_RIGHT)
    code, said = check(demo_folder, {"demo.ipynb": cells})
    assert code == 0
    assert f"cell 1, line 1: {not_there('rich')}" in said


def test_main_blocks_and_type_checkers_may_import_what_they_like(demo_folder: Path) -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import scipy\n"
        + DEMO_RIGHT
        + 'if __name__ == "__main__":\n    import rich, scipy\n'
        "    import matplotlib.pyplot as plt\n    plt.plot([1, 2])\n"
    )
    code, said = check(demo_folder, {"demo.py": source})
    assert (code, "graded" in said) == (0, False)
    ran = run_grader("figures", "demo", "--no-open", cwd=demo_folder)
    assert ran.code == 0, ran.said
    assert "figure-1.png" in ran.said


def test_submit_and_pytest_see_the_same(demo_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    source = DOUBLE + "def total(x):\n    import scipy\n    return float(x.sum())\n"
    write_files(demo_folder, {"demo.py": source})
    options = ("--student", "ada", "--to", tmp_path / "box", "--yes")
    said = run_grader("submit", *options, cwd=demo_folder).said
    assert f"note: demo.py, line 4: {not_there('scipy')}" in said
    assert "Public checks: 2 of 3 points" in said
    ran = run_pytest(cwd=demo_folder)
    assert ran.code == 1
    assert "Where your work is graded there is no `scipy`" in ran.said


def packages_of(page: Path) -> tuple[str, ...]:
    spec = page.with_name("assignment.toml")
    return read_spec(spec).packages if spec.is_file() else ()


def test_every_page_names_the_one_list(real_kit: Path) -> None:
    pages = [ROOT / "README.md", ROOT / "grader/authoring/new/homework/assignment/README.md.txt"]
    pages += [real_kit / "README.md", *(real_kit / "assignments").glob("*/README.md")]
    assert len(pages) == 3 + len(list(ROOT.glob("assignments/*/README.md")))
    for page in pages:
        words = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
        assert in_words(packages_of(page)) in words, page
    assert {*ALWAYS} < importable(())
    assert f"Submissions can import {in_words(())}." in run_grader("doctor", cwd=ROOT).said
