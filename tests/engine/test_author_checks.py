"""What authors write into checks: it works as under plain pytest, or it is refused by name."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_STARTER, GradedClass, grade_class, write_course, write_files
from running import run_grader

HEAD = """\
import unittest
import warnings

import numpy as np
import pytest

from grader.checks import assert_close, require
from grader.errors import CheckFailed


"""
OURS = 1  # the exit code of `grade` where a check itself is at fault
WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")
SUBMISSIONS = {
    "right": DEMO_RIGHT,
    "wrong": WRONG,
    "starter": DEMO_STARTER,
    "broken": "def double(x:\n",
}


def graded(
    tmp_path: Path,
    checks: str,
    submissions: dict[str, str] = SUBMISSIONS,
    *,
    code: int = 0,
    **more: str,
) -> GradedClass:
    """Submissions, all in one session, by these checks alone. more: other files beside them."""
    course = write_course(tmp_path / "course")
    hidden = "import pytest\n\n\n@pytest.mark.points(0)\ndef test_nothing(reference):\n    'x'\n"
    write_files(
        course,
        {
            "assignments/demo/checks.py": HEAD + checks,
            "solutions/demo/hidden_checks.py": hidden,
            **{f"assignments/demo/{name}.py": text for name, text in more.items()},
        },
    )
    write_files(tmp_path / "subs", {f"{name}.py": text for name, text in submissions.items()})
    return grade_class(course, tmp_path / "subs", tmp_path / "out", code=code)


def outcomes(found: GradedClass, check: str) -> dict[str, str]:
    return {label: found[label].outcomes[check] for label in found}


def refusal(tmp_path: Path, checks: str) -> str:
    """What `grade` says of checks that it refuses; nothing is graded."""
    course = write_course(tmp_path / "course")
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    ran = run_grader("grade", tmp_path / "subs", "--out", tmp_path / "out", "--unsafe", cwd=course)
    assert ran.code == 2, ran.out + ran.err
    assert not list((tmp_path / "out").glob("demo/*.json"))
    return " ".join(ran.err.split())


ENDS = {"right": "passed", "wrong": "failed", "starter": "not_attempted", "broken": "error"}

# Each of these is one way to say that double(2) is 4; the text is the first line of the message.
WAYS = {
    "subtests": (
        "def test_it(student, subtests):\n"
        "    for n in (0.0, 2.0, 3.0):\n"
        "        with subtests.test('twice', n=n):\n"
        "            assert student.double(n) == 2 * n\n",
        "assert 6.0 == (2 * 2.0)",
    ),
    "numpy": (
        "def test_it(student):\n    np.testing.assert_allclose(student.double(2.0), 4.0)\n",
        "Not equal to tolerance rtol=1e-07, atol=0",
    ),
    "numpy arrays": (
        "def test_it(student):\n"
        "    np.testing.assert_array_equal(student.double(np.ones(3)), np.full(3, 2.0))\n",
        "Arrays are not equal",
    ),
    "pytest.fail": (
        "def test_it(student):\n"
        "    if student.double(2.0) != 4.0:\n        pytest.fail('twice 2 is 4')\n",
        "twice 2 is 4",
    ),
    "pytest.approx": (
        "def test_it(student):\n    assert student.double(2.0) == pytest.approx(4.0)\n",
        "assert 6.0 == 4.0 ± 4.0e-06",
    ),
    "group": (
        "def test_it(student):\n    found = []\n    for n in (2.0, 3.0):\n        try:\n"
        "            assert_close(student.double(n), 2 * n, f'double({n})')\n"
        "        except CheckFailed as exc:\n            found.append(exc)\n"
        "    if found:\n        raise ExceptionGroup('all', found)\n",
        "double(2.0): wrong value",
    ),
    "group of new": (
        "def test_it(student):\n    if student.double(2.0) != 4.0:\n"
        "        raise ExceptionGroup('all', [AssertionError('twice 2 is 4')])\n",
        "twice 2 is 4",
    ),
    "fixture": (
        "def test_it(doubled):\n    pass\n\n\n"
        "@pytest.fixture\ndef doubled(student):\n    value = student.double(2.0)\n"
        "    assert value == 4.0, 'twice 2 is 4'\n    return value\n",
        "twice 2 is 4",
    ),
    "fixture's end": (
        "def test_it(doubled):\n    pass\n\n\n"
        "@pytest.fixture\ndef doubled(student):\n    value = student.double(2.0)\n    yield value\n"
        "    assert value == 4.0, 'twice 2 is 4'\n",
        "twice 2 is 4",
    ),
    "helper": (
        "def test_it(student):\n    load().twice(student.double(2.0))\n\n\n"
        "def load():\n    import importlib.util as u, pathlib\n"
        "    path = pathlib.Path(__file__).with_name('helping.py')\n"
        "    spec = u.spec_from_file_location('helping', path)\n"
        "    module = u.module_from_spec(spec)\n    spec.loader.exec_module(module)\n"
        "    return module\n",
        "twice 2 is 4",
    ),
    "class": (
        "class TestIt:\n    def setup_method(self):\n        self.expected = 4.0\n\n"
        "    @pytest.mark.points(1)\n    def test_it(self, student):\n"
        "        assert not hasattr(self, 'seen')\n        self.seen = student.double(2.0)\n"
        "        assert self.seen == self.expected, 'twice 2 is 4'\n",
        "twice 2 is 4",
    ),
    "hypothesis": (
        "@given(n=integers(0, 50))\n"
        "def test_it(student, n):\n    assert student.double(n) == 2 * n, 'twice n'\n\n\n",
        "twice n",
    ),
}  # fmt: skip
GIVEN = "from hypothesis import given, settings\nfrom hypothesis.strategies import integers\n\n\n"


@pytest.mark.parametrize("way", WAYS)
def test_failure_is_the_students_however_it_is_said(tmp_path: Path, way: str) -> None:
    text, told = WAYS[way]
    points = "" if text.startswith("class") else "@pytest.mark.points(1)\n"
    helping = "def twice(value):\n    assert value == 4.0, 'twice 2 is 4'\n"
    found = graded(tmp_path, GIVEN + points + text, helping=helping)
    assert outcomes(found, "test_it") == ENDS, str(found["wrong"])
    message = found["wrong"].check("test_it").message
    assert message is not None
    assert message.summary.startswith(told)
    assert found["right"].staff.score == 1
    assert found["wrong"].staff.score == found["broken"].staff.score == 0


def test_failed_subtest_says_which_it_is(tmp_path: Path) -> None:
    found = graded(tmp_path, "@pytest.mark.points(1)\n" + WAYS["subtests"][0])
    assert "in the subtest twice (n=2.0)" in str(found["wrong"].check("test_it").text)


def test_what_libraries_assert_of_themselves_is_no_failure_of_a_student(tmp_path: Path) -> None:
    text = (
        "@pytest.mark.points(1)\ndef test_in_a_library(student):\n    import threading\n"
        "    threading.Thread(group=student.double(2.0))\n\n\n"
        "@pytest.mark.points(1)\ndef test_in_the_reference(student):\n"
        "    namespace = {'__name__': 'grader_reference.demo'}\n"
        "    source = compile('def f(x):\\n    assert x < 0', __file__ + '/demo.py', 'exec')\n"
        "    exec(source, namespace)\n    namespace['f'](student.double(2.0))\n\n\n"
        "@pytest.mark.points(1)\ndef test_mixed(student):\n    student.double(2.0)\n"
        "    raise ExceptionGroup('all', [AssertionError('no'), ZeroDivisionError('ours')])\n"
    )
    found = graded(tmp_path, text, {"right": DEMO_RIGHT}, code=OURS)
    assert found["right"].outcomes == {
        "test_in_a_library": "grader_error",
        "test_in_the_reference": "grader_error",
        "test_mixed": "grader_error",
        "test_nothing": "passed",
    }


RAISES = """\
@pytest.mark.points(1)
def test_it(student):
    with pytest.raises(ValueError, match="no numbers"):
        student.double("x")
"""
RAISING = {
    "right": "def double(x):\n    raise ValueError('no numbers here')\n",
    "own": "class Odd(ValueError):\n    pass\n\n\ndef double(x):\n    raise Odd('no numbers')\n",
    "numpys": "import numpy as np\n\n\ndef double(x):\n"
    "    raise np.linalg.LinAlgError('no numbers')\n",
    "unicode": "def double(x):\n    b'\\xff'.decode()\n",
    "other text": "def double(x):\n    raise ValueError('what')\n",
    "silent": "def double(x):\n    return 2 * x\n",
    "other type": "def double(x):\n    raise TypeError('no numbers')\n",
    "stops": "def double(x):\n    raise StopIteration('no numbers')\n",
    "starter": DEMO_STARTER,
    "killed": "import os\n\n\ndef double(x):\n    os._exit(1)\n",
    "slow": "def double(x):\n    while True:\n        pass\n",
    "missing": "def total(x):\n    return 1.0\n",
}


def test_pytest_raises_knows_what_the_students_code_raised(tmp_path: Path) -> None:
    found = graded(tmp_path, RAISES, RAISING)
    assert outcomes(found, "test_it") == {
        "right": "passed",
        "own": "passed",
        "numpys": "passed",
        "unicode": "failed",
        "other text": "failed",
        "silent": "failed",
        "other type": "error",
        "stops": "error",
        "starter": "not_attempted",
        "killed": "crashed",
        "slow": "timeout",
        "missing": "error",
    }
    assert found["silent"].check("test_it").text == "DID NOT RAISE ValueError"


REFUSED = {
    "def test_it(student):\n    return 0.3": "returns a value in line 13",
    "def test_it(student):\n    if student.double(1):\n        return False": "returns a value",
    'def test_it(student):\n    """words"""\n    return': "decorate it with @pytest.mark.waived",
    "def test_it(student):\n    student.double(1)\n    return\n    assert 0": "`return` in line 14",
    "async def test_it(student):\n    pass": "is an `async def`",
    "def test_it(student):\n    yield student.double(1)": "yield",
    "def test_it(student, capsys):\n    pass": "pytest's fixture `capsys`",
    "def test_it(student, caplog):\n    pass": "pytest's fixture `caplog`",
    "def test_it(student, recwarn):\n    pass": "pytest's fixture `recwarn`",
    "def test_it(student, tmpdir):\n    pass": "use tmp_path",
    "def test_it(studnt):\n    pass": "asks for `studnt`, and there is no such fixture",
    "@pytest.mark.filterwarnings('error')\ndef test_it(student):\n    pass": "simplefilter",
    "@pytest.mark.skip\ndef test_it(student):\n    pass": "is marked skip",
    "@pytest.mark.points(True)\ndef test_it(student):\n    pass": "points for test_it is True",
    "def test_it(student):\n    with pytest.warns(Warning):\n        student.double(1)": "warns",
    "def test_it(student):\n    with pytest.raises(Exception):\n        1": "such as ValueError",
    "def test_it(student):\n    student.double(1) == 2": "checks.py:13: a comparison alone judges",
    "def test_it(student):\n    for x in 1, 2:\n        x < student.double(1) < 9": "write assert",
    "def test_it(student):\n    pytest.raises(ValueError)\n    student.double(1)": (
        "write `with pytest.raises(...):`"
    ),
    "def test_it(student):\n    late = pytest.raises(ValueError, match='1')\n    1": "is not used",
    "def test_it(student, subtests):\n    subtests.test('a')\n    1": "`with subtests.test(...):`",
    "def test_it(late):\n    pass\n\n\n@pytest.fixture(scope='session')\ndef late(student):\n"
    "    return student.double(1)": "the fixture `late` is made once for a session",
}  # fmt: skip


@pytest.mark.parametrize("check", REFUSED)
def test_what_cannot_be_judged_is_refused_by_name(tmp_path: Path, check: str) -> None:
    points = "" if "mark.points" in check else "@pytest.mark.points(1)\n"
    said = refusal(tmp_path, f"{points}{check}\n")
    assert REFUSED[check] in said
    assert "checks.py" in said


@pytest.mark.parametrize(
    ("use", "refused"),
    [
        ("diagnose('double', [[1.0]], [student.double(1.0)])", True),
        ("named = diagnose('double', [[1.0]], [student.double(1.0)])", True),
        (
            "named = diagnose('double', [[1.0]], [student.double(1.0)])\n    with named:\n      1",
            False,
        ),
        ("with diagnose('double', [[1.0]], [student.double(1.0)]):\n        1", False),
    ],
)
def test_diagnose_without_with_is_refused(tmp_path: Path, use: str, refused: bool) -> None:
    course = write_course(tmp_path / "course")
    hidden = f"""\
import pytest


@pytest.mark.points(7)
def test_it(student, reference, diagnose):
    \"\"\"double of a number\"\"\"
    {use}
"""
    write_files(course, {"solutions/demo/hidden_checks.py": hidden})
    write_files(tmp_path / "subs", {"right.py": DEMO_RIGHT})
    said = run_grader(
        "grade", tmp_path / "subs", "--out", tmp_path / "out", "--unsafe", "--jobs", 1, cwd=course
    ).said
    told = "hidden_checks.py:7: diagnose(...)" in said and "write `with diagnose(...):`" in said
    assert told == refused, said


def test_a_comparison_that_is_expected_to_raise_is_none_that_judges_nothing(
    tmp_path: Path,
) -> None:
    checks = """\
@pytest.mark.points(1)
def test_it(student):
    with pytest.raises(TypeError):
        1 < "1"
    pytest.raises(TypeError, len, 1)
    student.double(1.0)
"""
    assert graded(tmp_path, checks, {"right": DEMO_RIGHT})["right"].full


def test_helpers_of_pytests_are_known_by_another_name_and_others_are_not(tmp_path: Path) -> None:
    own = "def raises(*args):\n    return 'x'\n\n\ndef warns():\n    raises(warns)\n\n\n"
    text = own + "@pytest.mark.points(1)\ndef test_it(student):\n    raises()\n"
    assert graded(tmp_path / "own", text, {"right": DEMO_RIGHT})["right"].staff.score == 1
    text = "from pytest import raises as fails\n\n\n@pytest.mark.points(1)\n"
    text += "def test_it(student):\n    with fails((ValueError, Exception)):\n        1\n"
    assert "as wide as Exception" in refusal(tmp_path / "theirs", text)


def test_testcase_of_unittest_is_refused_by_name(tmp_path: Path) -> None:
    said = refusal(
        tmp_path,
        "class TestOld(unittest.TestCase):\n    @pytest.mark.points(1)\n    def test_it(self):\n"
        "        with self.subTest(n=1):\n            self.assertEqual(1, 2)\n",
    )
    assert "test_it stands in TestOld, a unittest.TestCase" in said
    assert "write a function" in said


def test_returned_value_never_gives_points(tmp_path: Path) -> None:
    text = (
        "@pytest.mark.points(1)\ndef test_it(student):\n    score = 0.3\n    return score\n\n\n"
        "@pytest.mark.points(1)\ndef test_none(student):\n"
        "    return require(student.double(1.0) == 2.0, 'it is 2')\n"
    )
    pair = graded(tmp_path, text, {"right": DEMO_RIGHT}, code=OURS)["right"]
    assert pair.outcomes["test_it"] == "grader_error"
    assert "test_it returned 0.3" in str(pair.check("test_it").text)
    assert pair.outcomes["test_none"] == "passed"


# Fixtures and marks that work

FIXTURES = """\
@pytest.mark.points(1)
def test_tmp_path(student, tmp_path):
    assert not list(tmp_path.iterdir())
    np.savetxt(tmp_path / "x.csv", [student.double(2.0)])
    assert np.loadtxt(tmp_path / "x.csv") == 4.0


LIMIT = 1


@pytest.mark.points(1)
def test_monkeypatch(student, monkeypatch):
    assert LIMIT == 1
    monkeypatch.setitem(globals(), "LIMIT", 4.0)
    assert student.double(2.0) == LIMIT


@pytest.fixture
def times(request):
    return request.param


@pytest.mark.points(2)
@pytest.mark.parametrize("times", [1.0, 2.0], indirect=True)
def test_indirect(student, times):
    assert student.double(times) == 2 * times


@pytest.mark.points(1)
def test_request(student, request):
    assert request.node.name == "test_request"
    assert request.getfixturevalue("student").double(2.0) == 4.0


@pytest.fixture(scope="module")
def of_module():
    return []


@pytest.mark.points(1)
def test_module(student, of_module):
    of_module.append(student.double(2.0))
    assert of_module == [4.0]


@pytest.mark.usefixtures("of_class")
class TestClass:
    @pytest.fixture(scope="class")
    def of_class(self):
        return []

    @pytest.mark.points(1)
    def test_class(self, student, of_class):
        of_class.append(student.double(2.0))
        assert of_class == [4.0]


@pytest.fixture(scope="session")
def of_session():
    return 4.0


@pytest.mark.points(1)
def test_session(student, of_session):
    assert student.double(2.0) == of_session


@pytest.fixture(autouse=True)
def always(student):
    yield
    assert student.total(np.ones(2)) == 2.0
"""


def test_fixtures_are_new_for_each_submission(tmp_path: Path) -> None:
    # Twice each: what a submission leaves behind would show at the next of its kind.
    submissions = {"a": WRONG, "b": DEMO_RIGHT, "c": WRONG, "d": DEMO_RIGHT, "e": DEMO_RIGHT}
    found = graded(tmp_path, FIXTURES, submissions)
    for label, source in submissions.items():
        ends = {end for name, end in found[label].outcomes.items() if name != "test_nothing"}
        assert ends == {"passed" if source is DEMO_RIGHT else "failed"}, str(found[label])
        assert not found[label].staff.warnings
    assert not list((tmp_path / "course").rglob("x.csv"))


MODULE = """\
@pytest.fixture(scope="module")
def of_module():
    return []


@pytest.mark.points(1)
def test_module(student, of_module):
    of_module.append(student.double(2.0))
    assert of_module == [4.0]
"""


def test_fixture_of_a_module_is_new_where_it_is_the_only_one(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    texts = {"assignments/demo/checks.py": HEAD, "solutions/demo/hidden_checks.py": HEAD + MODULE}
    write_files(course, texts)
    write_files(tmp_path / "subs", {f"{name}.py": DEMO_RIGHT for name in "abc"})
    found = grade_class(course, tmp_path / "subs", tmp_path / "out")
    assert outcomes(found, "test_module") == dict.fromkeys("abc", "passed")


# Generated values

GENERATED = (
    GIVEN
    + """\
@pytest.mark.points(1)
@settings(max_examples=60)
@given(n=integers(0, 10**6))
def test_it(student, n, rng, note):
    note(f"n={n} {rng.integers(1000)}")
    assert_close(student.double(float(n)), 2.0 * n, "double(n)")


@pytest.mark.points(1)
@given(n=integers(1, 10**6))
def test_raises(student, n):
    with pytest.raises(ValueError):
        student.double(-float(n))
"""
)
FUSSY = """\
def double(x):
    if x < 0:
        raise ValueError("negative")
    return 2 * x if x < 1000 else 3 * x
"""
FLAKY = """\
calls = []


def double(x):
    calls.append(x)
    return 2 * x + 1e9 * (len(calls) == 9)
"""
GENERATED_SUBMISSIONS = {
    "fussy": FUSSY,
    "again": FUSSY,
    "flaky": FLAKY,
    "right": FUSSY.replace("3 * x", "2 * x"),
    "right2": FUSSY.replace("3 * x", "x + x"),
    "slow": "import time\n\n\ndef double(x):\n    time.sleep(9)\n",
    "starter": DEMO_STARTER,
    "wrong": WRONG,
}


def test_generated_values_are_the_same_for_each_submission(tmp_path: Path) -> None:
    found = graded(tmp_path, GENERATED, GENERATED_SUBMISSIONS)
    assert outcomes(found, "test_it") == {
        "again": "failed",
        "flaky": "failed",
        "fussy": "failed",
        "right": "passed",
        "right2": "passed",
        "slow": "timeout",
        "starter": "not_attempted",
        "wrong": "failed",
    }
    assert outcomes(found, "test_raises")["right"] == "passed"
    assert outcomes(found, "test_raises")["wrong"] == "failed"
    told = found["fussy"].check("test_it").text
    assert told is not None
    assert told.startswith("double(n): wrong value")
    assert "n=1000" in told
    assert "student" not in told
    assert "rng" not in told
    assert found["again"].check("test_it").text == told
    assert found["again"].staff.warnings == found["fussy"].staff.warnings
    drawn = found["right"].staff.warnings
    assert len(drawn) > 30
    # Each case starts its random numbers anew.
    assert len({text.split()[1] for text in drawn if text.startswith("n=")}) == 1
    assert found["right2"].staff.warnings == drawn
    assert not list(tmp_path.rglob(".hypothesis"))


def test_generated_values_are_the_same_in_another_run(tmp_path: Path) -> None:
    drawn = []
    for name in ("one", "two"):
        one = {"right": GENERATED_SUBMISSIONS["right"]}
        drawn.append(graded(tmp_path / name, GENERATED, one)["right"].staff.warnings)
    assert drawn[0] == drawn[1]


# Numbers of few digits

NARROW = {
    "float16": "import numpy as np\n\n\ndef double(x):\n    return np.float16(2) * np.float16(x)\n",
    "list16": "import numpy as np\n\n\ndef double(x):\n    return [np.ones(1), np.ones(1, 'f2')]\n",
    "dict32": "import numpy as np\n\n\ndef double(x):\n    return {'a': (np.ones(2, 'f4'),)}\n",
    "wide": "import numpy as np\n\n\ndef double(x):\n    return np.ones(2, np.longdouble)\n",
    "float64": "def double(x):\n    return 2.0 * x\n",
}


def test_numbers_of_few_digits_are_noted(tmp_path: Path) -> None:
    text = "@pytest.mark.points(1)\ndef test_it(student):\n    student.double(np.ones(2))\n"
    found = graded(tmp_path, text, NARROW)
    asked = "; float64 is asked for"
    assert {label: found[label].warned for label in found} == {
        "dict32": f"`double` computes in float32{asked}",
        "float16": f"`double` computes in float16{asked}",
        "float64": "",
        "list16": f"`double` computes in float16{asked}",
        "wide": "",
    }


# Waived checks

WAIVED = """\
@pytest.mark.waived
@pytest.mark.points(2)
def test_it(student):
    assert_close(student.double(2.0), 5.0, "double(2)")


@pytest.mark.waived
@pytest.mark.points(1)
def test_broken(student):
    student.double(2.0).nothing()
"""


def test_waived_check_pays_whoever_attempted_it(tmp_path: Path) -> None:
    submissions = {
        **SUBMISSIONS,
        "raises": "def double(x):\n    raise KeyError(x)\n",
        "missing": "def total(x):\n    return x\n",
        "empty": "\n",
    }
    found = graded(tmp_path, WAIVED, submissions)
    points = {label: found[label].staff.score for label in found}
    assert points == {
        "right": 3,
        "wrong": 3,
        "raises": 3,
        "starter": 0,
        "broken": 0,
        "missing": 0,
        "empty": 0,
    }
    assert set(outcomes(found, "test_it").values()) == {"passed", "not_attempted", "error"}


def test_waived_check_without_a_body_pays_nobody(tmp_path: Path) -> None:
    text = "@pytest.mark.waived\n@pytest.mark.points(2)\ndef test_it(student):\n    return\n"
    found = graded(tmp_path, text, code=OURS)
    assert {label: found[label].staff.score for label in found} == dict.fromkeys(SUBMISSIONS, 0)
    assert outcomes(found, "test_it")["broken"] == "error"
    assert "leave its body as it was" in str(found["right"].check("test_it").text)


POINTS = "@pytest.mark.points(1)\n"
CALLS = "    'x'\n    student.double(1)\n"


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        (f"{POINTS}def check_it(student):\n{CALLS}", "the name of a check begins with test_"),
        (
            "def outer():\n    @pytest.mark.points(1)\n    def test_in(student):\n        pass\n",
            "test_in has points and is not run: it stands within another function",
        ),
        (
            "class Checks:\n    @pytest.mark.points(1)\n    def test_in(self):\n        pass\n",
            "in a class whose name does not begin with Test",
        ),
        (
            f"{POINTS}def test_two(student):\n{CALLS}\n\n{POINTS}def test_two(student):\n{CALLS}",
            "defines test_two again; give each check a name of its own",
        ),
        (
            f"{POINTS}def test_two(student):\n{CALLS}\n\ntest_two = None\n",
            "something below it gives its name another meaning",
        ),
        (
            "class TestIt:\n    def __init__(self):\n        pass\n\n"
            "    @pytest.mark.points(1)\n    def test_in(self, student):\n        pass\n",
            "test_in has points and is not run",
        ),
    ],
    ids=["name", "nested", "class", "twice", "overwritten", "constructor"],
)  # fmt: skip
def test_function_with_points_that_pytest_does_not_run_is_reported(
    tmp_path: Path, checks: str, why: str
) -> None:
    right = f"{POINTS}def test_one(student):\n{CALLS}\n\n"
    assert why in refusal(tmp_path, right + checks)


def test_helper_of_any_name_is_no_check(tmp_path: Path) -> None:
    checks = f"{POINTS}def test_one(student):\n{CALLS}\n\ndef check(x):\n    return x\n"
    assert graded(tmp_path, checks)["right"].full


@pytest.mark.parametrize("name", ["_hypothesis_internal_use_seed", "hypothesis"])
def test_hypothesis_that_works_otherwise_is_refused_before_anything_is_graded(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    import hypothesis

    from grader.engine import generated
    from grader.errors import GraderFault

    given = hypothesis.given

    def renamed(**strategies: object) -> object:
        def wrap(function: object) -> object:
            made = given(**strategies)(function)
            vars(made).pop(name)
            return made

        return wrap

    generated.self_test()
    monkeypatch.setattr(hypothesis, "given", renamed)
    with pytest.raises(GraderFault, match="does not work as this version of the grader needs it"):
        generated.self_test()


def test_hypothesis_whose_seed_decides_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.engine import generated
    from grader.errors import GraderFault

    run = generated.run_generated
    monkeypatch.setattr(generated, "run_generated", lambda f, a, seed: run(f, a, 1))
    with pytest.raises(GraderFault, match="the seed does not decide on the values"):
        generated.self_test()


def test_a_check_that_never_ends_is_our_fault_and_holds_nothing_up(tmp_path):
    """It is stopped once for each submission; the other checks and submissions are graded."""
    course = write_course(tmp_path / "course")
    spec = course / "assignments" / "demo" / "assignment.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("call_s = 2.0", "call_s = 0.2"))
    checks = (
        "@pytest.mark.points(1)\ndef test_endless(student):\n    while True:\n"
        "        try:\n            sum(range(1000))\n        except ValueError:\n            pass\n"
        "\n\n@pytest.mark.points(1)\ndef test_it(student):\n    assert student.double(2.0) == 4.0\n"
    )
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": WRONG})
    found = grade_class(course, tmp_path / "subs", tmp_path / "out", code=OURS)
    assert outcomes(found, "test_endless") == dict.fromkeys(found, "grader_error")
    assert outcomes(found, "test_it") == {"ada": "passed", "bob": "failed"}
    (endless,) = found["ada"].staff.faults
    assert "test_endless was stopped after 1.2 s of processor time" in endless.text
    assert "in test_endless" in endless.text


def test_a_check_that_waits_for_ever_is_our_fault_and_takes_no_time_of_the_students(tmp_path):
    """It is stopped by the clock on the wall, however little it computes."""
    course = write_course(tmp_path / "course")
    spec = course / "assignments" / "demo" / "assignment.toml"
    limits = "call_s = 0.2\ntotal_s = 3.0"
    spec.write_text(spec.read_text(encoding="utf-8").replace("call_s = 2.0", limits))
    checks = (
        "@pytest.mark.points(1)\ndef test_waits(student):\n    student.double(1.0)\n"
        "    threading.Event().wait(600)\n"
        "\n\n@pytest.mark.points(1)\ndef test_it(student):\n    assert student.double(2.0) == 4.0\n"
    )
    write_files(course, {"assignments/demo/checks.py": f"import threading\n{HEAD}{checks}"})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    began = time.monotonic()
    found = grade_class(course, tmp_path / "subs", tmp_path / "out", code=OURS)
    assert time.monotonic() - began < 300
    assert outcomes(found, "test_waits") == {"ada": "grader_error"}
    assert outcomes(found, "test_it") == {"ada": "passed"}
    (waits,) = found["ada"].staff.faults
    assert "test_waits was stopped after 9 s in which it hardly computed" in waits.text
    assert "wait for ever, as for sleep(), input() or the network; mend it" in waits.text


@pytest.mark.parametrize("command", ["grade", "check"])
def test_what_a_check_prints_does_not_spoil_what_programs_read(tmp_path, command):
    course = write_course(tmp_path / "course")
    checks = (
        "print('at import')\n\n\n@pytest.mark.points(1)\ndef test_it(student):\n"
        "    print('in the check')\n    assert student.double(2.0) == 4.0\n"
    )
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    write_files(course, {"assignments/demo/demo.py": DEMO_RIGHT})
    options = {
        "grade": (tmp_path / "subs", "--out", tmp_path / "out", "--unsafe", "--assignment", "demo"),
        "check": ("demo",),
    }
    ran = run_grader(command, *options[command], "--json", cwd=course)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)
    assert "in the check" in ran.err
