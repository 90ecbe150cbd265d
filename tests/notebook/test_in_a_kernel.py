"""`check`, `hint` and `submit` in the cells of a running notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny_course
from kernel import Cells, started
from making import notebook
from running import run_grader

CHECKS = '''\
import numpy as np
import pytest

from grader.checks import assert_close
from grader.checks.figure import curve_drawn


@pytest.mark.points(4)
@pytest.mark.hint("Two times.")
def test_double(student):
    """double of two numbers"""
    assert_close(student.double(np.array([1.0, 2.0])), np.array([2.0, 4.0]), "double(x)")


@pytest.mark.points(2)
def test_plot_line(student):
    """plot_line draws one line"""
    curve_drawn(student.plot_line.draw(np.array([1.0, 2.0])), np.array([1.0, 2.0]))
'''
OPENING = "import matplotlib.pyplot as plt\nimport numpy as np"
RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return 3 * x"
PLOT = "def plot_line(x):\n    figure, axes = plt.subplots()\n    axes.plot(x)\n    return figure"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The homework's folder in a kit, where its notebook lies."""
    here = tmp_path_factory.mktemp("notebook")
    kit = tiny_course.make_kit(here, {"assignments/scales/checks.py": CHECKS})
    return kit.folder / "assignments" / "scales"


@pytest.fixture(scope="module")
def cells(folder: Path) -> Iterator[Cells]:
    with started(folder) as kernel:
        kernel.run(OPENING)
        kernel.run(PLOT)
        yield kernel


def save(folder: Path, *sources: str) -> None:
    (folder / "scales.ipynb").write_text(notebook(OPENING, PLOT, *sources), "utf-8")


def words(text: str) -> list[str]:
    """The words of a result, with every cell named alike."""
    return re.sub(
        r"cell (In \[\d+\]|\d+)", "cell N", " ".join(text.replace("  | ", " ").split())
    ).split()


@pytest.mark.parametrize(
    "source",
    [
        RIGHT,
        WRONG,
        "def double(x):\n    print('this is', x)\n    return f(x)\n\ndef f(x):\n    return x[99]",
        "def double(x):\n    x *= 2\n    return np.log(-x)",
        "def double(x, y):\n    return x",
        "def double(x):\n    raise NotImplementedError",
        "def double(x):\n    return undefined * x",
        "def double(x):\n    return input()",
    ],
)
def test_words_are_those_of_the_same_code_in_a_file(
    cells: Cells, folder: Path, source: str
) -> None:
    save(folder, source)
    cells.run(source)
    below = cells.run("check()")
    assert (below.printed, below.error, len(below.pages)) == ("", "", 1)
    assert words(below.pages[0][0]) == words(run_grader("check", "scales", cwd=folder).out)


def test_error_names_the_cell_and_its_line(cells: Cells) -> None:
    number = cells.run("def double(x):\n    y = 2 * x\n    return y[99]").number
    assert f"cell In [{number}], line 3, in double: return y[99]" in cells.run("check()").said


def test_what_is_not_saved_is_told(cells: Cells, folder: Path) -> None:
    save(folder, RIGHT)
    cells.run(RIGHT)
    assert "on disk" not in cells.run("check()").said
    cells.run(WRONG)
    told = "double in scales.ipynb on disk is not what was checked: save the notebook before"
    assert told in cells.run("check('double')").said
    assert "on disk" not in cells.run("check('plot_line')").said
    save(folder)
    told = "double is not in scales.ipynb on disk: save the notebook before you hand in"
    assert told in cells.run("check()").said


def test_kernel_is_as_before(cells: Cells, folder: Path) -> None:
    save(folder, RIGHT)
    cells.run(RIGHT)
    cells.run(
        "import os, random, sys, warnings\n"
        "def state():\n"
        "    return (plt.get_fignums(), plt.get_backend(), plt.isinteractive(), os.getcwd(),\n"
        "            dict(plt.rcParams), list(sys.path), list(sys.meta_path), dict(os.environ),\n"
        "            warnings.filters[:], random.getstate(), np.random.get_state()[1].tolist(),\n"
        "            input, display, sys.stdout, plt.show, sum('checks' in n for n in sys.modules))"
    )
    shown = cells.run(
        "mine = plt.figure(); plt.plot([1, 2]); before = state()\ncheck()\ncheck(double)"
    )
    # The student's own figure alone, although a check has made theirs draw.
    assert (shown.pictures, len(shown.pages), shown.error) == (1, 2, "")
    assert "6 of 6 public points" in shown.said
    compared = cells.run(
        "plt.figure(mine.number); before = state()\ncheck()\nafter = state()\n"
        "print([i for i, (a, b) in enumerate(zip(before, after)) if a != b])\nplt.close('all')"
    )
    assert (compared.printed.strip(), compared.error) == ("[]", "")


def test_interrupt_ends_with_one_line(cells: Cells, folder: Path) -> None:
    begun = folder.parent / "begun"
    cells.run(
        f"def double(x):\n    open({str(begun)!r}, 'w').close()\n    while True:\n        pass"
    )
    below = cells.run("check()", interrupt_after=begun)
    assert (below.said, below.error) == ("grader: stopped", "")
    cells.run(RIGHT)
    assert "4 of 4 public points" in cells.run("check(double)").said


def test_text_that_no_check_has_is_told_with_what_there_is(cells: Cells) -> None:
    below = cells.run("check('softmax')")
    assert "no check has 'softmax'" in below.said
    assert "test_double: double of two numbers" in below.said
    assert below.error == ""


def test_hint_is_that_of_the_command(cells: Cells, folder: Path) -> None:
    assert "1 of 1 Two times." in cells.run("hint('double')").said
    cells.run(WRONG)
    cells.run("check()")
    assert "double of two numbers" in cells.run("hint()").said


def test_hint_is_for_what_does_not_pass_now(cells: Cells) -> None:
    cells.run(WRONG)
    cells.run("check()")
    cells.run(RIGHT)
    cells.run("check('double')")
    assert cells.run("hint()").said == "All checks pass; no hint is needed."


def test_hint_needs_no_check_before(folder: Path) -> None:
    memory = folder.parent.parent / ".grader" / "remembered.json"
    memory.unlink(missing_ok=True)
    with started(folder) as cells:
        cells.run(WRONG)
        assert "double of two numbers" in cells.run("hint()").said


def test_function_whose_cell_was_not_run_is_not_attempted(folder: Path) -> None:
    save(folder, "def double(x):\n    return np.add(x, x)")
    with started(folder) as cells:
        cells.run(OPENING)
        said = cells.run("check()").said
        assert "double of two numbers 0/4 not attempted" in said
        assert "there is no" not in said
        assert "double, plot_line are in scales.ipynb, but not defined here: run the cells" in said
        cells.run("def plot_line(x):\n    return double(x)")
        said = cells.run("check('plot_line')").said
        assert "`plot_line` calls `double`, which is not defined here yet: run its cell" in said
        cells.run("def doubled(x):\n    return 2 * x")
        assert "did you call it `doubled`?" in cells.run("check('double of')").said


def test_submit_asks_first_and_hands_in_what_is_saved(cells: Cells, folder: Path) -> None:
    box = folder.parent / "box"
    box.mkdir()
    save(folder, RIGHT)
    cells.run(WRONG)
    asked = cells.run(f"submit(student='ada', to={str(box)!r})")
    assert "nobody can be asked here" in asked.said
    assert "yes=True" in asked.said
    assert list(box.iterdir()) == []
    done = cells.run(f"submit(student='ada', to={str(box)!r}, yes=True)")
    assert "double in scales.ipynb on disk is not what was checked" in done.said
    assert "Handed in Scales as ada" in done.printed
    assert len(list(box.iterdir())) == 1


def test_result_has_colours_for_light_and_dark_pages(cells: Cells, folder: Path) -> None:
    cells.run(WRONG)
    save(folder, WRONG)
    (text, html) = cells.run("check(double)").pages[0]
    used = set(re.findall(r"color: (.*?)[;\"]", html))
    assert used == {f"var(--grader-{name})" for name in ("red", "green", "cyan", "dim")}
    for name in used:
        assert html.count(f"{name[4:-1]}:#") == 2
    assert "double(x): wrong values" in html
    assert "\x1b" not in text


def test_imported_functions_do_the_same(cells: Cells) -> None:
    cells.run("from grader.notebook import check as look")
    cells.run(RIGHT)
    assert "4 of 4 public points" in cells.run("look(double)").said


def test_cells_that_check_change_nothing_where_work_is_graded(folder: Path) -> None:
    tools = ("%load_ext grader", "from grader.notebook import check", "check('double')", "submit()")
    save(folder, RIGHT, *tools)
    ran = run_grader("check", "scales", "--json", cwd=folder)
    report = json.loads(ran.out)
    assert (report["score"], report["warnings"]) == (6.0, [])
