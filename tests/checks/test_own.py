"""A function is judged by the student's own version of what it calls: no mistake costs twice."""

import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks import answered, assert_close, assert_follows, with_own
from grader.errors import CheckFailed, StudentRaised

REFERENCE = """
import numpy as np

def slope(x):
    return 2 * x, 1.0

def bend(x):
    return np.ones(3)

def descend(x, steps):
    for _ in range(steps):
        x = x - 0.25 * slope(x)[0] * bend(x)
    return x
"""
X = np.array([1.0, -2.0, 4.0])


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "rule.py"
    path.write_text(REFERENCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("rule", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def column_descent(x, steps):
    """What comes of a slope that is a column: from the second step on, an array of 3 axes."""
    for _ in range(steps):
        x = x - 0.25 * x[:, None]
    return x


def raises(x):
    raise StudentRaised("ZeroDivisionError: division by zero")


def judge(reference, answer, slope, bend=None):
    """Judge the answer of a student with this slope (and bend) to descend(X, 3)."""
    student = SimpleNamespace(slope=slope, bend=bend or reference.bend)
    assert_follows(
        lambda expected: assert_close(answer, expected, "descend(x, steps)"),
        "descend",
        (X, 3),
        student=student,
        reference=reference,
        rests=["slope", "bend"],
    )


def test_a_right_answer_asks_nothing_of_the_student(reference):
    judge(reference, X / 8, raises)


@pytest.mark.parametrize(
    ("slope", "answer"),
    [
        (lambda x: (x, 1.0), X * 0.75**3),
        (lambda x: [x.tolist(), np.float32(1)], X * 0.75**3),
        (lambda x: (4, 1), X - 3),  # a number broadcasts
        (lambda x: (x[:, None], 1.0), column_descent(X, 3)),  # and so does a column
    ],
)
def test_the_right_rule_with_a_wrong_part_is_right(reference, slope, answer):
    judge(reference, answer, slope)


def test_two_wrong_parts_stand_in_together(reference):
    judge(reference, X * 0.5**3, lambda x: (x, 1.0), lambda x: 2.0)


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: (2 * x, 1.0),  # right: the mistake lies in the rule
        lambda x: (x, 1.0),
        lambda x: 0 * x,
        lambda x: None,
        lambda x: ([[1.0], [1.0, 2.0]], 1.0),
        lambda x: (np.full(3, np.nan), 1.0),
        raises,
    ],
)
def test_a_wrong_rule_is_wrong_with_any_part(reference, slope):
    with pytest.raises(CheckFailed, match=r"descend\(x, steps\): wrong values"):
        judge(reference, X / 7, slope)


def test_a_path_that_stands_still_shows_no_rule(reference):
    with pytest.raises(CheckFailed):
        judge(reference, X, lambda x: (0 * x, 0.0))


def test_the_reference_stays_as_it_is(reference):
    student = SimpleNamespace(slope=lambda x: (x, 1.0))
    (own,) = with_own(reference, student, ["slope"])
    assert own.descend(X, 1)[0] == 0.75
    assert reference.descend(X, 1)[0] == 0.5


def test_zeros_tell_a_rule_that_adds_to_them_and_none_that_is_lost_in_them(tmp_path):
    """A gradient X'(Y - P) shows itself where P is 0. A value that becomes infinite does not."""
    (tmp_path / "sums.py").write_text(
        "import numpy as np\n"
        "def part(x):\n    return np.exp(x)\n"
        "def total(x):\n    return x - part(x)\n"
        "def surprise(x):\n    return -np.log(part(x))\n",
        encoding="utf-8",
    )
    spec = importlib.util.spec_from_file_location("sums", tmp_path / "sums.py")
    sums = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sums)
    student = SimpleNamespace(part=lambda x: 0 * x)

    def judge_with_zeros(function, answer, **told):
        assert_follows(
            lambda expected: assert_close(answer, expected, "the result"),
            function,
            (X,),
            student=student,
            reference=sums,
            rests=["part"],
            **told,
        )

    judge_with_zeros("total", X, zeros_tell=True)
    with pytest.raises(CheckFailed):
        judge_with_zeros("total", X)
    with pytest.raises(CheckFailed):
        judge_with_zeros("total", 2 * X, zeros_tell=True)
    with pytest.raises(CheckFailed):
        judge_with_zeros("surprise", np.full(3, np.inf), zeros_tell=True)


class Halving:
    """A function that raises for odd numbers, as a descent does where parts do not broadcast."""

    def __init__(self):
        self.asked = []

    def __call__(self, x):
        self.asked.append(x)
        if x % 2:
            raise StudentRaised("ValueError: operands could not be broadcast together")
        return x // 2

    def map(self, probes):
        return [self(*probe) for probe in probes]


def of_another_form():
    raise CheckFailed("dW has the shape (3,)")


def test_a_function_that_what_it_calls_breaks_is_asked_where_it_runs():
    kept = answered(Halving(), [(4,), (3,), (6,)], of_another_form, spare=[(8,)])
    assert kept == [((4,), 2), ((6,), 3)]
    kept = answered(Halving(), [(1,), (3,)], of_another_form, spare=[(8,), (5,)])
    assert kept == [((8,), 4)]


def test_spare_probes_are_asked_for_only_where_they_are_needed():
    function = Halving()
    assert answered(function, [(4,), (6,)], of_another_form, spare=[(8,)]) == [((4,), 2), ((6,), 3)]
    assert function.asked == [4, 6]


@pytest.mark.parametrize(
    ("probes", "form"), [([(4,), (3,)], lambda: None), ([(3,), (5,)], of_another_form)]
)
def test_an_exception_of_its_own_counts(probes, form):
    with pytest.raises(StudentRaised):
        answered(Halving(), probes, form)
