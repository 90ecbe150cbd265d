"""`import classroom`: a repository with autograding tests becomes a homework."""

from __future__ import annotations

import json

import pytest
from making import grade_class, write_files
from running import run_grader

from grader.authoring.migration.classroom import ClassroomSystem
from grader.errors import UsageError

SETTINGS = '[tool.grader]\nname = "Made up"\n'
PROGRAM = '''\
"""Greets."""


def shout(text):
    """The text in capitals."""
    return text.upper() + "!"


def twice(x):
    """Two times x."""
    return 2 * x


if __name__ == "__main__":
    print("Hello,", shout(input("Who? ")))
'''
TESTS = '''\
import pytest

import greet
from greet import shout as loud

WORDS = ["a", "b"]


def test_shout():
    """shout is loud"""
    assert loud("hi") == "HI!"


@pytest.mark.parametrize("x, expected", [(1, 2), (3, 6)])
def test_twice(x, expected):
    assert greet.twice(x) == expected


def test_words():
    for word in WORDS:
        assert loud(word).endswith("!")


def test_printed(capsys):
    print(loud("x"))
'''
CASE = """\
import unittest

from greet import twice


class TwiceTest(unittest.TestCase):
    def setUp(self):
        self.x = 4

    def test_it(self):
        self.assertEqual(twice(4), 8)
"""
LISTED = [
    {"name": "loud", "run": "pytest tests/test_greet.py::test_shout", "points": 2},
    {"name": "others", "run": "python -m pytest tests/test_greet.py -k w", "points": 3},
    {"name": "case", "run": "pytest test_case.py::TwiceTest::test_it", "points": 1},
    {"name": "dialogue", "run": "python3 greet.py", "input": "Ada\n", "output": "Hello, ADA!",
     "comparison": "included", "points": 2},
    {"name": "built", "run": "make", "points": 1},
    {"name": "captured", "run": "pytest tests/test_greet.py::test_printed", "points": 1},
]  # fmt: skip
WORKFLOW = """\
jobs:
  run-autograding-tests:
    steps:
    - uses: actions/checkout@v4
    - name: loud
      uses: classroom-resources/autograding-command-grader@v1
      with: {test-name: loud, command: "pytest tests/test_greet.py::test_shout", max-score: 2}
    - name: dialogue
      uses: education/autograding-io-grader@v1
      with:
        test-name: dialogue
        command: python greet.py
        input: Ada
        expected-output: "Hello, [A-Z]+!"
        comparison-method: regex
        max-score: 1
"""


def repository(root, *, tests=LISTED):
    return write_files(root, {
        "greet.py": PROGRAM,
        "README.md": "# Greetings\n",
        "tests/test_greet.py": TESTS,
        "test_case.py": CASE,
        ".github/classroom/autograding.json": json.dumps({"tests": tests}),
    })  # fmt: skip


def test_repository_is_brought_in_and_graded(tmp_path):
    root = tmp_path / "course"
    write_files(root, {"pyproject.toml": SETTINGS})
    repository(root / "old")
    ran = run_grader("import", "classroom", "old", "--unsafe", cwd=root)
    assert ran.code == 0, ran.out + ran.err
    assert "greet: 5 tests with 8 points. 4 are assertions" in ran.said
    assert "the test 'built' (1 point) was left out: it runs `make`" in ran.said
    assert "left out: test_printed uses the fixture `capsys`" in ran.said
    assert "the points of 'others' are shared by its 2 functions" in ran.said
    subs = tmp_path / "subs"
    silent = PROGRAM.replace('print("Hello,"', 'print("Hi,"')
    write_files(subs, {"right/greet.py": PROGRAM, "silent/greet.py": silent})
    found = grade_class(root, subs, tmp_path / "out", "--assignment", "greet")
    assert found["right"].staff.score == 8
    assert found["silent"].staff.score == 6
    failed = found["silent"].check("test_dialogue")
    assert failed.title == "dialogue (on the submission's own word)"
    assert failed.message.summary == "the program printed 'Hi, ADA!\\n'"


def test_sources_stand_by_themselves(tmp_path):
    [homework] = ClassroomSystem().read(repository(tmp_path), None)
    sources = {each.name: each.source for each in homework.tests}
    assert sources["test_shout"] == '"""shout is loud"""\nassert shout(\'hi\') == \'HI!\'\n'
    assert "for x, expected in [(1, 2), (3, 6)]:" in sources["test_twice"]
    assert sources["test_words"].startswith("WORDS = ['a', 'b']")
    assert "def shout(text):" in homework.starter
    assert "text.upper" not in homework.starter
    assert 'if __name__ == "__main__":' in homework.starter


def test_starter_of_a_repository_is_taken(tmp_path):
    write_files(tmp_path / "template", {"greet.py": "def shout(text):\n    pass\n"})
    repository(tmp_path / "solved")
    [homework] = ClassroomSystem(tmp_path / "template").read(tmp_path / "solved", None)
    assert homework.starter == "def shout(text):\n    pass\n"


def test_workflow_is_read(tmp_path):
    repository(tmp_path)
    (tmp_path / ".github/classroom/autograding.json").unlink()
    write_files(tmp_path, {".github/workflows/classroom.yml": WORKFLOW})
    [homework] = ClassroomSystem().read(tmp_path, "hello")
    assert [(each.name, each.points) for each in homework.tests] == [
        ("test_shout", 2), ("dialogue", 1),
    ]  # fmt: skip
    assert homework.name == "hello"


def test_tests_in_nested_folders_are_found_and_folders_select_them(tmp_path):
    repository(tmp_path, tests=[
        {"name": "file", "run": "pytest tests/unit/test_loud.py", "points": 1},
        {"name": "folder", "run": "python -m pytest ./tests/deep/er/", "points": 2},
        {"name": "above", "run": "cd tests && pytest unit/test_loud.py", "points": 3},
        {"name": "case", "run": "python -m unittest tests.unit.test_loud", "points": 5},
        {"name": "all", "run": "pytest -v", "points": 4},
    ])  # fmt: skip
    write_files(tmp_path, {
        "tests/unit/test_loud.py": "from greet import shout\n\n\ndef test_loud():\n"
        "    assert shout('a') == 'A!'\n",
        "tests/deep/er/test_two.py": "from greet import twice\n\n\ndef test_two():\n"
        "    assert twice(1) == 2\n",
        "node_modules/x/test_x.py": "def test_theirs():\n    assert False\n",
        ".venv/lib/test_y.py": "import greet\n\n\ndef test_installed():\n    assert False\n",
    })  # fmt: skip
    (tmp_path / "tests/test_greet.py").unlink()
    (tmp_path / "test_case.py").unlink()
    [homework] = ClassroomSystem().read(tmp_path, None)
    assert [(each.name, each.points) for each in homework.tests] == [
        ("test_loud", 1), ("test_two", 2), ("test_loud", 3), ("test_loud", 5),
        ("test_two", 2), ("test_loud", 2),
    ]  # fmt: skip


BAD = {
    "has no autograding tests": {"greet.py": PROGRAM},
    "are about no program beside them": {
        ".github/classroom/autograding.json": json.dumps({"tests": [{"run": "make"}]})
    },
    "are about a and b": {
        "a.py": "x = 1", "b.py": "y = 1", "test_a.py": "import a\nimport b\n",
        ".github/classroom/autograding.json": json.dumps({"tests": [{"run": "pytest"}]}),
    },
    "autograding.json is not JSON (line 1, column 2)": {
        ".github/classroom/autograding.json": "{"
    },
    "autograding.json has no list `tests`": {".github/classroom/autograding.json": "[]"},
    "the points of 'x' are 'many'": {
        ".github/classroom/autograding.json": json.dumps(
            {"tests": [{"name": "x", "points": "many"}]}
        )
    },
    "greet.py is no Python": {
        "greet.py": "def", "test_g.py": "import greet",
        ".github/classroom/autograding.json": json.dumps({"tests": [{"run": "pytest"}]}),
    },
}  # fmt: skip


def test_one_test_is_told_in_the_singular(tmp_path):
    root = tmp_path / "course"
    write_files(root, {"pyproject.toml": SETTINGS})
    repository(root / "old", tests=[{"name": "loud", "run": "pytest -k shout", "points": 1}])
    ran = run_grader("import", "classroom", "old", "--unsafe", cwd=root)
    assert "greet: 1 test with 1 point. 1 is an assertion on what" in ran.said


@pytest.mark.parametrize("told", BAD)
def test_repository_that_cannot_be_used_is_told_so(tmp_path, told):
    write_files(tmp_path, BAD[told])
    with pytest.raises(UsageError) as raised:
        ClassroomSystem().read(tmp_path, None)
    assert told in str(raised.value)
