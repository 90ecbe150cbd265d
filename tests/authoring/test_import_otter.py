"""`import otter`: both forms of Otter's source notebooks become homeworks."""

from __future__ import annotations

import pytest
from foreign import cell, write_notebook
from making import grade_class, write_files
from running import run_grader

from grader.authoring.migration.otter import OtterSystem
from grader.authoring.migration.otter_points import OtterTest, points_of_tests
from grader.authoring.migration.otter_solutions import without_solutions
from grader.errors import UsageError

SETTINGS = '[tool.grader]\nname = "Made up"\n'
SQUARE = '''
def square(x):
    """x times x."""
    y = x * x # SOLUTION NO PROMPT
    return y # SOLUTION

nine = square(3) # SOLUTION
'''
CONFIGURED = '''
""" # BEGIN TEST CONFIG
hidden: true
points: 2
""" # END TEST CONFIG
def test_square(square):
    assert square(-4) == 16

test_square(square)
'''


def raw(text):
    return cell("raw", text)


def cells():
    return [
        raw("# ASSIGNMENT CONFIG\nfiles:\n  - values.csv"),
        cell("markdown", "# Squares"),
        cell("code", "import numpy as np\nimport otter\ngrader = otter.Notebook()"),
        raw("# BEGIN QUESTION\nname: q1\npoints: 4"),
        cell("markdown", "Write `square`, and assign `nine`."),
        raw("# BEGIN SOLUTION"),
        cell("code", SQUARE),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        cell("code", "square(5)", "25"),
        cell("code", "isinstance(nine, int)", "True"),
        cell("code", CONFIGURED),
        raw("# END TESTS"),
        raw("# END QUESTION"),
        raw("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 3"),
        cell("markdown", "Why is a square not negative?"),
        raw("# BEGIN SOLUTION"),
        cell("markdown", "Two factors of one sign."),
        raw("# END SOLUTION"),
        raw("# END QUESTION"),
        raw("# BEGIN QUESTION\nname: q3\nall_or_nothing: true"),
        raw("# BEGIN SOLUTION"),
        cell("code", "pair = (1, 2) # SOLUTION"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        cell("code", "pair", "(1, 2)"),
        cell("code", "# HIDDEN\nsum(pair)", "3"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
    ]


def read(tmp_path, listed):
    write_files(tmp_path, {"values.csv": "1\n"})
    [homework] = OtterSystem().read(write_notebook(tmp_path / "hw.ipynb", listed), None)
    return homework


def test_whole_notebook_is_brought_in_and_graded(tmp_path):
    root = tmp_path / "course"
    write_files(root, {"pyproject.toml": SETTINGS, "values.csv": "1\n"})
    write_notebook(root / "hw.ipynb", cells())
    ran = run_grader("import", "otter", "hw.ipynb", "--name", "squares", "--unsafe", cwd=root)
    assert ran.code == 0, ran.out + ran.err
    assert "squares: 5 tests with 5 points. 3 are assertions" in ran.said
    assert "let a wrong `nine` pass" in ran.said
    subs = tmp_path / "subs"
    write_files(subs, {
        "right/squares.py": (root / "solutions/squares/squares.py").read_text(),
        "starter/squares.py": (root / "assignments/squares/squares.py").read_text(),
        "list/squares.py": "def square(x):\n    return abs(x) * x\nnine = 9\npair = [1, 2]\n",
    })  # fmt: skip
    found = grade_class(root, subs, tmp_path / "out", "--assignment", "squares")
    assert found["right"].staff.score == 5
    assert set(found["starter"].outcomes.values()) == {"not_attempted"}
    assert found["list"].outcomes == {
        "test_q1_1": "passed", "test_q1_2": "passed", "test_q1_3": "failed",
        "test_q3_shown_1": "failed", "test_q3": "failed",
    }  # fmt: skip


def test_starter_is_as_otter_makes_it_with_a_stub(tmp_path):
    homework = read(tmp_path, cells())
    assert homework.starter == (
        "import numpy as np\n\n\ndef square(x):\n"
        '    """x times x."""\n    raise NotImplementedError\n\nnine = ...\n\n\npair = ...\n'
    )
    assert "otter" not in homework.reference
    assert homework.data == {"values.csv": b"1\n"}


def test_points_and_what_is_hidden_are_read(tmp_path):
    homework = read(tmp_path, cells())
    assert [(each.name, each.points, each.hidden) for each in homework.tests] == [
        ("q1_1", 1, False), ("q1_2", 1, False), ("q1_3", 2, True),
        ("q3_shown_1", 0, False), ("q3", 1, True),
    ]  # fmt: skip
    assert [(each.id, each.points, each.answer) for each in homework.questions] == [
        ("q2", 3, "Two factors of one sign.")
    ]


def test_older_form_is_read(tmp_path):
    listed = [
        cell("markdown", "**1.** Assign `x`.\n\n```\nBEGIN QUESTION\nname: q1\npoints: 2\n```"),
        cell("code", "x = 2 # SOLUTION"),
        cell("code", "## Test ##\n0 < x < 100", "True"),
        cell("code", "# HIDDEN TEST\nx", "2"),
        cell(
            "markdown", "**2.** Why?\n\n```\nBEGIN QUESTION\nname: q2\nmanual: true\npoints: 1\n```"
        ),
        cell("markdown", "**SOLUTION:** Because."),
        cell("code", "y = 3"),
    ]
    homework = read(tmp_path, listed)
    assert homework.starter == "x = ...\n\n\ny = 3\n"
    assert [(each.source, each.points, each.hidden) for each in homework.tests] == [
        ("assert 0 < x < 100", 1, False), ("assert (x) == 2", 1, True),
    ]  # fmt: skip
    assert homework.questions[0].answer == "Because."


def test_boundaries_in_markdown_are_read(tmp_path):
    listed = [
        cell("markdown", f"```otter\n{each['source']}\n```") if each["cell_type"] == "raw" else each
        for each in cells()
    ]
    assert read(tmp_path, listed) == read(tmp_path, cells())


def test_what_a_test_prints_is_expected(tmp_path):
    listed = cells()
    listed[9]["source"] = "print(square(5))"
    listed[9]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["25\n"]}]
    source = read(tmp_path, listed).tests[0].source
    shown = {}
    exec(source, {"square": lambda x: x * x}, shown)
    with pytest.raises(AssertionError):
        exec(source, {"square": lambda x: x}, shown)


def test_prompts_and_blocks_are_taken_apart():
    source = (
        "def f(r):\n    # BEGIN SOLUTION NO PROMPT\n    return 2 * r\n    # END SOLUTION\n"
        '    """ # BEGIN PROMPT\n    # Return it.\n    pass\n    """; # END PROMPT\n'
        "if True:\n    # BEGIN SOLUTION\n    r = 3\n    # END SOLUTION\n"
        "np.random.seed(1) # SEED\na, b = f(1), f(2) # SOLUTION"
    )
    starter, solution = without_solutions(source)
    assert starter == "def f(r):\n    # Return it.\n    pass\nif True:\n    ...\na, b = ..."
    assert "2 * r" in solution
    assert "Return it" not in solution


@pytest.mark.parametrize(
    ("told", "own", "expected"),
    [
        (None, [None, None], [0.5, 0.5]),
        (None, [2, None], [2, 0]),
        (6, [None, 2, None], [2, 2, 2]),
        ([1, 3], [None, None], [1, 3]),
        ({"each": 2}, [None, None], [2, 2]),
        (0, [None], [0]),
    ],
)
def test_points_are_shared_out_as_otter_does(told, own, expected):
    tests = [OtterTest("", each, hidden=False) for each in own]
    assert points_of_tests({"points": told}, tests) == expected


def without(*removed):
    return [each for each in cells() if each["source"] not in removed]


BAD = {
    "asks no question in Otter's form": [cell("code", "x = 1")],
    "two questions have the name 'q1'": [*cells(), *cells()[3:14]],
    "`# END TESTS` has no partner": without("# BEGIN TESTS"),
    "`# BEGIN QUESTION` has no partner": without("# END QUESTION"),
    "the question has no name": [raw("# BEGIN QUESTION\npoints: 1"), *cells()[4:14]],
    "the settings are no YAML": [raw("# BEGIN QUESTION\nname: [q1"), *cells()[4:14]],
    "its tests are worth 2 and the question 1": [
        raw("# BEGIN QUESTION\nname: q1\npoints: 1"), *cells()[4:14],
    ],
    "lists the file 'gone.csv', which is not there": [
        raw("# ASSIGNMENT CONFIG\nfiles: [gone.csv]"), *cells()[1:],
    ],
    "uses `%timeit square(5)`": [
        each | {"source": "%timeit square(5)"} if each["source"] == "square(5)" else each
        for each in cells()
    ],
    "a solution or a prompt begins and does not end": [
        each | {"source": "# BEGIN SOLUTION\nx = 1"} if "SQUARE" in each["source"] or
        each["source"].startswith("def square") else each for each in cells()
    ],
}  # fmt: skip


@pytest.mark.parametrize("told", BAD)
def test_notebook_that_cannot_be_used_is_told_by_name(tmp_path, told):
    write_files(tmp_path, {"values.csv": "1\n"})
    with pytest.raises(UsageError) as raised:
        OtterSystem().read(write_notebook(tmp_path / "hw.ipynb", BAD[told]), None)
    assert told in str(raised.value)
    assert "hw.ipynb" in str(raised.value)
