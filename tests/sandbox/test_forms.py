"""What a student's function answers is put into the form of its arguments, for what calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    calls,
    follows_own_slope,
    in_form,
    sequence,
)
from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import CheckFailed, StudentRaised
from grader.sandbox.guest import forms
from grader.sandbox.guest.forms import formed_like
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.program import Part, Program

# gradient gives its parts in the other order, so that the update in place of b raises.
EXCHANGED = b"""
import numpy as np

def gradient(W, b, X):
    return X.sum(axis=0) @ W + b, X.T @ (X @ W + b)

def fit(X, k, steps):
    W, b = np.ones((X.shape[1], k)), np.zeros(k)
    for _ in range(steps):
        dW, db = gradient(W, b, X)
        W -= 0.1 * dW
        b -= 0.1 * db
    return W, b

def fit_by_keyword(X, k):
    W, b = np.ones((X.shape[1], k)), np.zeros(k)
    dW, db = gradient(X=X, W=W, b=b)
    return W - dW, b - db
"""
X = np.array([[1.0, 2.0], [0.0, -1.0], [0.5, 0.5]])


@pytest.fixture
def student() -> Iterator[StudentProxy]:
    program = Program("demo", (Part("demo.py", "demo.py", EXCHANGED),))
    limits = Limits(call_s=10, load_s=30, total_s=60)
    subject = Subject(program, PlainLauncher(), limits, {})
    yield StudentProxy(subject)
    subject.close()


def judge_form(student: StudentProxy) -> None:
    dW, _ = sequence(student.gradient(np.ones((2, 3)), np.ones(3), X), 2)
    array(dW, "dW", shape=(2, 3))


def test_a_descent_runs_with_the_numbers_of_a_gradient_of_another_form(student: StudentProxy):
    W, b = np.ones((2, 3)), np.zeros(3)
    for _ in range(2):
        W, b = W - 0.1 * X.T @ (X @ W + b), b - 0.1 * (X.sum(axis=0) @ W + b)
    with pytest.raises(StudentRaised):
        student.fit(X, 3, 2)
    with in_form(student, gradient=2):
        judge_form(student)
        found = student.fit(X, 3, 1), student.fit_by_keyword(X, 3)
    with pytest.raises(CheckFailed):  # it is as it was again
        judge_form(student)
    dW, db = X.T @ (X @ np.ones((2, 3))), X.sum(axis=0) @ np.ones((2, 3))
    for (got_W, got_b), size in zip(found, (0.1, 1.0), strict=True):
        assert_close(got_W, 1 - size * dW)
        assert_close(got_b, -size * db)


@pytest.mark.parametrize("right", [3, 4])
def test_only_the_form_of_what_is_called_is_excused(student: StudentProxy, right: int):
    """right: how many columns the check wants; there are three."""

    def judge() -> None:
        array(student.fit(X, 3, 1)[0], "W", shape=(2, right))

    def excused(form: Callable[[], object]) -> None:
        assert_in_either_form(judge, student, form, gradient=2)

    if right == 3:
        excused(lambda: judge_form(student))
    else:
        with pytest.raises(StudentRaised):
            excused(lambda: judge_form(student))
    with pytest.raises(StudentRaised):
        excused(lambda: None)  # nothing is wrong with the form


# entropy is a third of what it should be. slope calls it; by_hand repeats its mistake.
THIRD = b"""
import numpy as np

def entropy(name, t):
    return np.exp(-t) / 3

def slope(name, t):
    return -entropy(name, t)

def by_hand(name, t):
    return -np.exp(-t) / 3
"""


@pytest.mark.parametrize(
    ("function", "size", "follows"),
    [("slope", 1.0, True), ("slope", 2.0, False), ("by_hand", 1.0, False)],
)
def test_a_slope_follows_from_what_it_calls_alone(function: str, size: float, follows: bool):
    program = Program("demo", (Part("demo.py", "demo.py", THIRD),))
    subject = Subject(program, PlainLauncher(), Limits(call_s=10, load_s=30, total_s=60), {})
    student, t = StudentProxy(subject), np.array([0.5, -1.0, 2.0])

    def form() -> None:
        array(getattr(student, function)("e", t[:, None]), shape=(3, 1))

    try:
        assert calls(student, "entropy", form) == (function == "slope")
        answer = size * getattr(student, function)("e", t)
        told = {"student": student, "function": function, "of": "entropy"}
        assert follows_own_slope(answer, ("e", t), **told) == follows
        twice = [lambda own: 2 * -own("e")]
        assert follows_own_slope(answer, ("e", t), **told, rules=twice) == (function == "slope")
    finally:
        subject.close()


def test_a_column_comes_as_a_row_of_numbers():
    column = forms.in_form(lambda X: X[:, None], 0)
    assert same(column(np.arange(3.0)), np.arange(3.0))


def blocks(shapes: list[tuple[int, ...]]) -> list[Any]:
    """Numbers that are all different, in a float or an array of each shape."""
    start, made = 0, []
    for shape in shapes:
        size = int(np.prod(shape))
        made.append(np.arange(start, start + size, dtype=float).reshape(shape)[()])
        start += size
    return made


def same(value: Any, like: Any) -> bool:
    if isinstance(like, list | tuple):
        return len(value) == len(like) and all(map(same, value, like))
    return np.shape(value) == np.shape(like) and bool(np.all(value == like))


@given(
    st.sampled_from(
        [[(2, 3), (3,)], [(4,), ()], [(5, 2), (5,), (3, 5), (3,)], [(1, 2), (2, 2, 2)]]
    ),
    st.randoms(use_true_random=False),
)
def test_parts_in_any_order_come_back(shapes: list[tuple[int, ...]], random: Any):
    right = blocks(shapes)
    like = [np.zeros(shape)[()] for shape in shapes]
    mixed = list(right)
    random.shuffle(mixed)
    assert same(formed_like(like, mixed), right)
    assert same(formed_like(like, tuple(mixed)), right)
    assert same(formed_like(like, np.concatenate([np.ravel(part) for part in right])), right)


@pytest.mark.parametrize(
    "answer",
    [
        lambda dW, db: (dW.T, db),
        lambda dW, db: (dW, db[:, None]),
        lambda dW, db: (dW, db[None]),
        lambda dW, db: {"dW": dW, "db": db},
        lambda dW, db: (dW, db, 0.5),
        lambda dW, db: np.vstack([dW, db]),
        lambda dW, db: [[dW], [db]],
    ],
)
def test_usual_forms_come_back(answer: Any):
    dW, db = blocks([(2, 3), (3,)])
    assert same(formed_like((np.zeros((2, 3)), np.zeros(3)), answer(dW, db)), (dW, db))


def test_a_part_of_equal_size_keeps_its_place():
    assert same(formed_like((0.5, np.zeros(1)), ([1.0], [2.0])), (1.0, np.array([2.0])))
    assert same(formed_like((0.5, np.zeros(1)), ([1.0], 2.0)), (2.0, np.array([1.0])))


@pytest.mark.parametrize(
    ("answer", "db"),
    [
        (lambda dW: dW, 0.0),
        (lambda dW: [dW], 0.0),
        (lambda dW: (dW.T,), 0.0),
        (lambda dW: (dW, 2.5), 2.5),
        (lambda dW: ([2.5], dW), 2.5),
        (lambda dW: (dW, []), 0.0),
    ],
)
def test_a_missing_part_is_zero_and_a_number_stands_for_all_entries(answer: Any, db: float):
    (dW,) = blocks([(2, 3)])
    found = formed_like((np.zeros((2, 3)), np.zeros(3)), answer(dW))
    assert same(found, (dW, np.full(3, db)))


@pytest.mark.parametrize(
    "answer", [np.zeros(10), np.zeros(4), (np.zeros((2, 3)), np.zeros(2)), 0.5, None, "no"]
)
def test_parts_of_other_sizes_have_no_form(answer: object):
    with pytest.raises((ValueError, TypeError)):
        formed_like((np.zeros((2, 3)), np.zeros(3)), answer)


def test_a_number_alone_has_not_the_form_of_many_layers():
    params = [(np.zeros((3, 2)), np.zeros(3)), (np.zeros((1, 3)), np.zeros(1))]
    with pytest.raises(ValueError, match="of other sizes"):
        formed_like(params, -0.0)


def test_weights_in_a_list_are_one_part():
    assert same(formed_like(([0.0, 0.0], 0.0), (0.5, np.array([[1.0], [2.0]]))), ([1.0, 2.0], 0.5))
    assert same(formed_like(([0.0, 0.0], 0.0), [1.0, 2.0]), ([1.0, 2.0], 0.0))


def test_a_nested_form_is_that_of_the_argument():
    params = [(np.zeros((3, 2)), np.zeros(3)), (np.zeros((4, 3)), np.zeros(4))]
    W1, b1, W2, b2 = blocks([(3, 2), (3,), (4, 3), (4,)])
    assert same(formed_like(params, [(b2, W2), (b1, W1)]), [(W1, b1), (W2, b2)])
    assert same(formed_like(params, [W1, b1, W2, b2]), [(W1, b1), (W2, b2)])
