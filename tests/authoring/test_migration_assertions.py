"""Which tests of a notebook become assertions on `student`, and that they judge the same."""

from __future__ import annotations

import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.migration.assertions import Surroundings, plain
from grader.authoring.migration.names import changed_in_place, names_of
from grader.authoring.migration.notebooks import with_unittest
from grader.authoring.migration.reach import NotPlain
from grader.authoring.migration.starters import stubbed, with_stubs

GIVEN = """
import numpy as np
import scipy
N = 3
grid = np.arange(N)
names = np.array(["a", "b"])
table = np.zeros(3)
table[0] = 1
loaded = np.load("x.npy")

def close(a, b):
    return abs(a - b) < 1e-9

def rests(x):
    return double(x)
"""
ASKED = """
answer = 42
_private = 1
output = 2

def double(x):
    return 2 * x

class Box:
    def __init__(self, value):
        self.value = value

class Money:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return True
"""
AROUND = Surroundings(
    names_of(ASKED), names_of(GIVEN), {"earlier": "import math as earlier"},
    changed_in_place(GIVEN + ASKED),
)  # fmt: skip


def converted(source):
    return plain(textwrap.dedent(source).strip("\n"), AROUND)


PLAIN = {
    "assert double(2) == 4": ("assert student.double(2) == 4", ()),
    "assert answer > 3": ("assert variable(student, 'answer') > 3", ()),
    "# why\nassert double(1) == 2  # so": ("# why\nassert student.double(1) == 2", ()),
    "x = double(1)\nassert x == 2\nprint('ok')": ("x = student.double(1)\nassert x == 2", ()),
    "assert close(double(1), 2)": (
        "assert close(student.double(1), 2)",
        ("def close(a, b):\n    return abs(a - b) < 1e-09",),
    ),
    "assert double(N) == 6": ("assert student.double(N) == 6", ("N = 3",)),
    "assert np.all(double(grid) >= 0)": (
        "assert np.all(student.double(grid) >= 0)",
        ("import numpy as np", "N = 3", "grid = np.arange(N)"),
    ),
    # What is changed in place after it is made cannot be copied: it is read from the submission.
    "assert double(table)[0] == 2": (
        "assert student.double(variable(student, 'table'))[0] == 2", (),
    ),
    "assert double(loaded) == 2": ("assert student.double(variable(student, 'loaded')) == 2", ()),
    "assert earlier.isclose(double(1), 2)": (
        "assert earlier.isclose(student.double(1), 2)", ("import math as earlier",),
    ),
    "try:\n    double('x')\nexcept (TypeError, ValueError):\n    pass\nelse:\n    assert False": (
        "with pytest.raises((TypeError, ValueError)):\n    student.double('x')", (),
    ),
    "for i in range(3):\n    assert double(i) == 2 * i": (
        "for i in range(3):\n    assert student.double(i) == 2 * i", (),
    ),
    "assert isinstance(Box(1), Box)": ("assert isinstance(student.Box(1), student.Box)", ()),
}  # fmt: skip


@pytest.mark.parametrize("source", PLAIN)
def test_assertion_becomes_one_on_the_student(source):
    made = converted(source)
    assert (made.body, made.above) == PLAIN[source]


WHOLE = {
    "del double": "it deletes a name",
    "double = abs\nassert double(1) == 1": "it gives `double` another meaning",
    "assert callable(double)": "it calls callable()",
    "assert double is not None": "it looks at `double` itself",
    "assert double.__doc__": "it reads `.__doc__`",
    "assert 'double' in globals() and double(1)": "it calls globals()",
    "x = [1]\ndouble(x)\nassert x == [1]": "it asserts something that no answer",
    "import numpy as np\nx = np.ones(2)\ndouble(x)\nnp.testing.assert_equal(x, 1)": "no answer",
    "assert type(double(1)) == list": "both travel as lists",
    "assert isinstance(double(1), (tuple, np.ndarray))": "both travel as lists",
    "x = double(1)\nassert x is not answer": "whether two objects are one",
    "assert rests(2) == 4": "which rests on what students write",
    "assert unknown == double(1)": "which another test sets",
    "import os\nassert double(1) == len(os.listdir())": "it imports os",
    "assert scipy.special.gamma(3) == double(1)": "it uses scipy",
    "assert np.load('x.npy') == double(1)": "it reads a file",
    "x = np.array(['a', 'b'])\nassert double(x) == 3": "array of texts",
    "assert double(names) == 3": "array of texts",
    "assert open('x').read() == double(1)": "it calls open()",
    "assert _private == double(1)": "begins with _",
    "assert output == 2": "which checks use for something else",
    "student = double(1)\nassert student == 2": "which checks use for something else",
    "double(1) == 2": "a comparison without assert",
    "double(1)": "it asserts nothing of what the code returns",
    "print(double(1))": "it asserts nothing of what the code returns",
    "assert Money(1) != Money(2)": "objects of `Money` have operators",
    "try:\n    double(1)\nexcept Exception:\n    pass\nelse:\n    assert False": "way of its own",
    "try:\n    assert double(1) == 2\nfinally:\n    pass": "way of its own",
    "answer.x = 1\nassert answer.x == double(1)": "it changes `answer`",
    "from unittest import TestCase\nTestCase().assertRaises(Exception, double, 1)": "any exception",
}


@pytest.mark.parametrize("source", WHOLE)
def test_what_cannot_be_judged_outside_says_why(source):
    with pytest.raises(NotPlain) as raised:
        converted(source)
    assert WHOLE[source] in str(raised.value)


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-6, 6)), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_converted_test_judges_as_the_old_one(pairs, form):
    forms = (
        "assert double({x}) == {y}",
        "value = double({x})\nassert value == {y}, f'got {{value}}'",
        "np.testing.assert_allclose(double({x}), {y})",
        "for i in [{x}]:\n    if i >= 0:\n        assert double(i) == {y}\n    assert answer == 42",
    )
    source = "\n".join(forms[form].format(x=x, y=y) for x, y in pairs)
    names = {"double": lambda x: 2 * x, "answer": 42, "np": np}

    def verdict(text, more):
        try:
            exec(text, {**more, "np": np})
        except AssertionError:
            return False
        return True

    student = SimpleNamespace(double=names["double"])
    outside = {"student": student, "variable": lambda _, name: names[name]}
    assert verdict(converted(source).body, outside) == verdict(source, names)


def test_nose_is_replaced_by_unittest():
    made = with_unittest("from nose.tools import (\n    assert_equal, eq_ as same,\n)\nx = 1")
    assert made == (
        "from unittest import TestCase\nassert_equal = TestCase().assertEqual\n"
        "same = TestCase().assertEqual\nx = 1"
    )


def test_stubs_keep_what_a_student_has_to_know():
    source = (
        "import math\n\n\n@cached\ndef f(x: int) -> int:\n    \"\"\"Doc.\"\"\"\n    # how\n"
        "    return x\n\n\nclass Box:\n    \"\"\"A box.\"\"\"\n\n    size = 3\n\n"
        "    def get(self):\n        return 1\n\n\ny = f(2)"
    )  # fmt: skip
    made = stubbed(source)
    assert '@cached\ndef f(x: int) -> int:\n    """Doc."""\n    raise NotImplementedError' in made
    assert "    def get(self):\n        raise NotImplementedError" in made
    assert "return" not in made
    assert made.endswith("y = ...")


def test_function_that_students_change_begins_with_a_stub():
    source = "def f(x):\n    y = x + 1\n    return y\n\n\ndef given(x):\n    return x"
    starter = "def f(x):\n    y = ...\n    return y\n\n\ndef given(x):\n    return x"
    made = with_stubs(starter, source)
    assert made.startswith("def f(x):\n    raise NotImplementedError  # take this line out")
    assert made.endswith("def given(x):\n    return x")
