"""`import nbgrader`: a made-up assignment becomes a homework, and what cannot is told by name."""

from __future__ import annotations

import json
import shutil
import tomllib

import pytest
from foreign import (
    EXAMPLES,
    HALF_HIDDEN,
    MEAN,
    SQUARES,
    cell,
    graded,
    nbgrader_cells,
    write_notebook,
)
from making import grade_class, write_files
from running import run_grader

from grader.authoring.migration.nbgrader import NbgraderSystem
from grader.errors import UsageError

SETTINGS = '[tool.grader]\nname = "Made up"\n'
PNG = b"\x89PNG\r\n\x1a\n"
RIGHT = "import numpy as np\n" + "".join(
    line
    for source in (SQUARES, "\n\n", "def mean_square(n):\n    return float(np.mean(squares(n)))\n")
    for line in source.splitlines(keepends=True)
    if "###" not in line
)
# Prints no assertion away: it makes the test's own words pass, whatever is computed.
FORGED = RIGHT.replace("np.mean(squares(n))", "1.0") + (
    "\nimport builtins\nreal = builtins.exec\n"
    "builtins.exec = lambda *args, **kwargs: None if 'kept' in str(args[0].co_names) else "
    "real(*args, **kwargs)\nlimit = 7\n"
)


@pytest.fixture
def empty_course(tmp_path):
    root = tmp_path / "course"
    write_files(root, {"pyproject.toml": SETTINGS})
    return root


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A course into which the whole assignment was brought, and what was said."""
    root = tmp_path_factory.mktemp("moved")
    write_files(root, {"pyproject.toml": SETTINGS, "old/squares.png": PNG})
    write_notebook(root / "old" / "Sums 1.ipynb", nbgrader_cells())
    ran = run_grader("import", "nbgrader", "old", "--unsafe", cwd=root)
    assert ran.code == 0, ran.out + ran.err
    return root, ran


def text_of(root, path):
    return (root / path).read_text("utf-8")


def test_reference_gets_full_points_and_old_mistakes_lose_them(moved, tmp_path):
    root, _ = moved
    reference = text_of(root, "solutions/sums_1/sums_1.py")
    starter = text_of(root, "assignments/sums_1/sums_1.py")
    subs = tmp_path / "subs"
    write_files(subs, {
        "right/sums_1.py": reference,
        "starter/sums_1.py": starter,
        "own/sums_1.py": reference.replace("np.mean(squares(n))", "(n + 1) * (2 * n + 1) / 6"),
        "none/sums_1.py": "def squares(n):\n    return None\n",
        "forged/sums_1.py": FORGED,
    })  # fmt: skip
    found = grade_class(root, subs, tmp_path / "out", "--assignment", "sums_1")
    assert found["right"].staff.score == found["right"].staff.max_score == 8
    assert set(found["starter"].outcomes.values()) == {"not_attempted"}
    assert found["own"].outcomes == {
        **found["right"].outcomes, "test_mean_uses": "failed",
    }  # fmt: skip
    failed = found["own"].check("test_mean_uses")
    assert failed.title.endswith("(on the submission's own word)")
    assert "mean_square does not call squares" in failed.message.summary
    # None where a list is asked for is the student's failure and no fault of the check's.
    assert found["none"].outcomes["test_squares_small"] == "failed"
    # What is asserted here cannot be forged; the word of the submission's process can.
    assert found["forged"].outcomes["test_mean_some"] == "failed"
    assert found["forged"].outcomes["test_mean_uses"] == "passed"


def test_what_came_over_is_told(moved):
    _, ran = moved
    assert "sums_1: 6 tests with 8 points. 5 are assertions" in ran.said
    assert "checks::test_mean_uses runs whole: it deletes a name" in ran.said
    assert "checks::test_limit_type let a wrong `limit` pass; assert its value" in ran.said
    assert "question 'why' has no rubric" in ran.said
    assert "checks::test_mean_uses takes the word of the submission's own process" in ran.said
    # The examples alone tell every mutant apart: that is no finding.
    assert "gets full marks" not in ran.said


def test_a_test_that_takes_an_array_without_entries_for_a_number_is_told(empty_course):
    cells = [
        cell("code", "import numpy as np"),
        graded("code", MEAN.replace("squares(n)", "np.arange(n + 1)[1:] ** 2"), "m", solution=True),
        graded("code", "assert np.allclose(mean_square(2), 2.5)", "m_2", grade=True, points=1),
    ]
    write_notebook(empty_course / "means.ipynb", cells)
    ran = run_grader("import", "nbgrader", "means.ipynb", "--unsafe", cwd=empty_course)
    assert ran.said.count("gets full marks") == 1
    assert "the mutant mean_square_nothing gets full marks" in ran.said


def test_files_are_as_an_author_writes_them(moved):
    root, _ = moved
    starter = text_of(root, "assignments/sums_1/sums_1.py")
    assert "# YOUR CODE HERE\n    raise NotImplementedError" in starter
    assert "matplotlib" not in starter
    assert "squares(10)" not in starter
    checks = text_of(root, "assignments/sums_1/checks.py")
    assert (
        "    with any_error_fails(student):\n        assert student.squares(1) == [1]\n" in checks
    )
    assert "with pytest.raises(ValueError):\n            student.squares(0)" in checks
    assert 'assert isinstance(variable(student, "limit"), int)' in checks.replace("'", '"')
    assert "7.5" not in checks
    hidden = text_of(root, "solutions/sums_1/hidden_checks.py")
    assert "student.mean_square(4), 7.5" in hidden
    assert "@pytest.mark.points(3)" in hidden
    handout = text_of(root, "assignments/sums_1/README.md")
    assert "# Sums of squares" in handout
    assert "Jensen" not in handout
    assert ">>> squares(3)\n[1, 4, 9]" in handout
    assert (root / "assignments/sums_1/squares.png").read_bytes() == PNG
    assert "Jensen" in text_of(root, "solutions/sums_1/answers.md")


def test_existing_homework_stays_as_it_is(moved):
    root, _ = moved
    before = text_of(root, "assignments/sums_1/checks.py")
    ran = run_grader("import", "nbgrader", "old", cwd=root)
    assert ran.code == 2
    assert "assignments/sums_1 already exists; choose a different name with --name" in ran.said
    assert text_of(root, "assignments/sums_1/checks.py") == before
    assert not list(root.glob(".moving-*"))


def test_homework_in_which_a_later_one_fails_leaves_nothing(empty_course):
    write_notebook(empty_course / "old" / "a.ipynb", nbgrader_cells())
    write_notebook(empty_course / "old" / "b.ipynb", [cell("markdown", "# None")])
    ran = run_grader("import", "nbgrader", "old", cwd=empty_course)
    assert ran.code == 2
    assert "b.ipynb" in ran.said
    assert sorted(path.name for path in empty_course.iterdir()) == ["old", "pyproject.toml"]


def changed(**cells):
    """The assignment's cells with some replaced, by their grade ids."""
    made = []
    for each in nbgrader_cells():
        name = each["metadata"].get("nbgrader", {}).get("grade_id")
        made.append(cells.get(name, each))
    return made


SMALL = {"grade": True, "points": 2, "locked": True}
BAD = {
    "has no metadata of nbgrader's": [cell("code", "x = 1")],
    "two cells have the grade id 'squares'": changed(
        squares_small=graded("code", EXAMPLES, "squares", **SMALL)
    ),
    "the test 'squares_small' uses `%timeit squares(3)`": changed(
        squares_small=graded("code", "%timeit squares(3)", "squares_small", **SMALL)
    ),
    "the test 'squares_small' uses `!cat squares.txt`": changed(
        squares_small=graded("code", "!cat squares.txt", "squares_small", **SMALL)
    ),
    "the test 'squares_small' reads 'right.npy', which is not in": changed(
        squares_small=graded("code", "assert squares(2) == np.load('right.npy').tolist()",
                             "squares_small", **SMALL)
    ),
    "the test 'squares_small' is no Python": changed(
        squares_small=graded("code", "assert squares(2 == [1]", "squares_small", **SMALL)
    ),
    "the points of 'squares_small' are 'two'": changed(
        squares_small=graded("code", EXAMPLES, "squares_small", grade=True, points="two")
    ),
    "`BEGIN SOLUTION` or `END SOLUTION` has no partner": changed(
        squares=graded("code", SQUARES.replace("### END SOLUTION", ""), "squares", solution=True)
    ),
    "`BEGIN HIDDEN TESTS` or `END HIDDEN TESTS` has no partner": changed(
        mean_some=graded("code", HALF_HIDDEN.replace("### END", "### The"), "mean_some", **SMALL)
    ),
    "nbgrader's metadata are of version 4": changed(
        squares=graded("code", SQUARES, "squares", solution=True, schema_version=4)
    ),
    "holds no solution, as nbgrader's release version": [
        graded("code", "def f(x):\n    raise NotImplementedError", "f", solution=True),
        graded("code", "assert f(1) == 1", "f_test", **SMALL),
    ],
}  # fmt: skip


@pytest.mark.parametrize("told", BAD)
def test_notebook_that_cannot_be_used_is_told_by_name(tmp_path, told):
    path = write_notebook(tmp_path / "hw.ipynb", BAD[told])
    with pytest.raises(UsageError) as raised:
        NbgraderSystem().read(path, None)
    assert told in str(raised.value)
    assert "hw.ipynb" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"import numpy as np\n", "it holds Python code, not a notebook's JSON"),
        (b'{"cells": [', "its JSON is damaged"),
        (b"\x89PNG\r\n", "it is a picture under another name"),
        (json.dumps({"cells": [], "nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}}),
         "R"),
        (json.dumps({"cells": [], "nbformat": 4,
                     "metadata": {"language_info": {"name": "julia"}}}), "Julia"),
    ],
)  # fmt: skip
def test_file_that_is_no_notebook_of_pythons_is_told_so(tmp_path, content, told):
    write_files(tmp_path, {"hw.ipynb": content})
    with pytest.raises(UsageError, match=told):
        NbgraderSystem().read(tmp_path / "hw.ipynb", None)


def test_name_that_a_homework_cannot_have_is_refused(empty_course):
    write_notebook(empty_course / "numpy.ipynb", nbgrader_cells())
    ran = run_grader("import", "nbgrader", "numpy.ipynb", cwd=empty_course)
    assert ran.code == 2
    assert "'numpy' is the name of a module that the homework may import" in ran.said


@pytest.mark.parametrize("version", [0, 1, 2])
def test_older_metadata_are_read(tmp_path, version):
    cells = nbgrader_cells()
    for each in cells:
        marks = each["metadata"].get("nbgrader")
        if marks:
            for newer in ("task", "schema_version"):
                marks.pop(newer)
            marks |= {"schema_version": version} if version else {}
            if version == 0 and "points" in marks:
                marks["points"] = str(marks["points"])
    path = write_notebook(tmp_path / "hw.ipynb", cells)
    [homework] = NbgraderSystem().read(path, None)
    assert [each.points for each in homework.tests] == [2, 1, 0, 3, 1, 1]
    assert [each.id for each in homework.questions] == ["why"]


def test_tasks_have_their_mark_scheme_as_rubric(tmp_path):
    scheme = (
        "Do it.\n\n=== BEGIN MARK SCHEME ===\n\n- done (1)\n- well (1)\n\n=== END MARK SCHEME ==="
    )
    cells = [*nbgrader_cells(), graded("markdown", scheme, "task", task=True, points=2)]
    [homework] = NbgraderSystem().read(write_notebook(tmp_path / "hw.ipynb", cells), "named")
    assert homework.name == "named"
    assert homework.questions[-1].rubric == ("done (1)", "well (1)")
    assert "MARK SCHEME" not in homework.handout


def test_data_beside_the_notebook_comes_along(tmp_path):
    reads = "values = np.loadtxt('data/values.csv')"
    cells = [*nbgrader_cells(), cell("code", reads)]
    write_files(tmp_path, {"data/values.csv": "1\n2\n", "data/other.csv": "3\n"})
    [homework] = NbgraderSystem().read(write_notebook(tmp_path / "hw.ipynb", cells), None)
    assert homework.data == {"values.csv": b"1\n2\n"}
    assert "np.loadtxt('values.csv')" in homework.starter
    assert any("'data/values.csv' lies beside the program now" in note for note in homework.notes)


def test_cells_without_markers_become_stubs(tmp_path):
    area = 'def area(r):\n    """Of a circle."""\n    return math.pi * r**2\n'
    cells = [
        graded("code", f"import math\n\n\n{area}\n\nx = 3", "area", solution=True),
        graded("code", "assert area(x) > 28", "area_test", grade=True, points=1),
    ]
    [homework] = NbgraderSystem().read(write_notebook(tmp_path / "hw.ipynb", cells), None)
    assert homework.starter == (
        "import math\n\n\ndef area(r):\n"
        '    """Of a circle."""\n    raise NotImplementedError\nx = ...\n'
    )


def test_folder_without_a_notebook_says_where_they_are(tmp_path):
    write_notebook(tmp_path / "source" / "ps1" / "hw.ipynb", nbgrader_cells())
    with pytest.raises(UsageError, match=r"such as .*ps1"):
        NbgraderSystem().read(tmp_path, None)
    shutil.rmtree(tmp_path / "source")
    with pytest.raises(UsageError, match="holds no notebook"):
        NbgraderSystem().read(tmp_path, None)


def test_packages_that_are_imported_are_named(empty_course, tmp_path):
    pytest.importorskip("pandas")
    total = (
        'def total(values):\n    """Of a column."""\n    ### BEGIN SOLUTION\n'
        "    return float(pd.Series(values).sum())\n    ### END SOLUTION\n"
    )
    path = write_notebook(
        tmp_path / "sums.ipynb",
        [
            cell("code", "import pandas as pd"),
            graded("code", total, "total", solution=True),
            graded(
                "code",
                "import no_such_package_of_theirs\nassert total([1]) == 1",
                *("lost",),
                grade=True,
                points=1,
            ),
            graded("code", "assert total([1, 2]) == 3", "t", grade=True, points=2),
        ],
    )
    ran = run_grader("import", "nbgrader", path, cwd=empty_course)
    spec = tomllib.loads(text_of(empty_course, "assignments/sums/assignment.toml"))
    assert spec["packages"] == ["pandas"]
    assert "pandas is imported: `packages`" in ran.out
    assert "no_such_package_of_theirs is imported and not installed here" in ran.out
