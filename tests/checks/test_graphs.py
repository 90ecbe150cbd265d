"""Graphs of boxes in a process of their own: orders, boxes made of several, the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.checks import array, assert_close, together
from grader.checks.graphs import (
    BoxProbe,
    RuledSolution,
    assert_follows_rules,
    assert_order,
    assert_parameters,
    below,
    box_answers,
    box_gradients,
    box_value,
    judge_gradients,
    judge_value,
)
from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import CheckFailed, StudentRaised
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.program import Part, Program

SOURCE = """
import random
import numpy as np


class Box:
    def __init__(self, *children):
        self.children, self.value, self.grad = children, None, None

    def fprop(self):
        pass


class Input(Box):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Parameter(Input):
    pass


class Multiply(Box):
    def fprop(self):
        self.value = self.children[0].value * self.children[1].value

    def bprop(self):
        a, b = self.children
        a.grad = a.grad + self.grad * b.value
        b.grad = b.grad + self.grad * a.value


class Double(Box):  # wrong: it gives three times its child
    def fprop(self):
        self.value = 3 * self.children[0].value

    def bprop(self):
        self.children[0].grad = self.children[0].grad + 3 * self.grad


def Cube(a):
    return Multiply(Multiply(a, a), a)


class Broken(Box):
    def fprop(self):
        raise ZeroDivisionError


class Looped(Box):
    def __init__(self):
        super().__init__(self)


class Valued(Box):
    def __init__(self):
        super().__init__(1.0, 2.0)


def order(output):
    found = []
    def visit(box):
        if all(box is not other for other in found):
            for child in box.children:
                visit(child)
            found.append(box)
    visit(output)
    return found


def twice(output):
    return [*output.children, *output.children, output]


def shuffled(output):
    leaves = order(output)[:2]
    random.shuffle(leaves)
    return [*leaves, *order(output)[2:]]


def forward(output):
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    for box in order(output):
        box.grad = 0.0
    output.grad = 1.0
    for box in order(output)[::-1]:
        if box.children:
            box.bprop()


def late(output):  # wrong: as it was before
    value = output.value
    forward(output)
    return value
"""


@pytest.fixture(scope="module")
def student() -> Iterator[StudentProxy]:
    program = Program("demo", (Part("demo.py", "demo.py", SOURCE.encode()),))
    subject = Subject(program, PlainLauncher(), Limits(call_s=5, total_s=100), {})
    yield StudentProxy(subject)
    subject.close()


@pytest.fixture
def product(student: StudentProxy) -> dict[str, Any]:
    a, b = student.Parameter(2.0), student.Parameter(5.0)
    inner = student.Multiply(a, b)
    return {"a": a, "b": b, "ab": inner, "top": student.Multiply(inner, a)}


EDGES = [("a", "ab"), ("b", "ab"), ("ab", "top")]


def test_below_is_every_box_children_first(student: StudentProxy, product: dict[str, Any]) -> None:
    found = below(student, product["top"])
    assert list(found) == [product[name] for name in ("a", "b", "ab", "top")]
    assert found[product["top"]] == [product["ab"], product["a"]]


@pytest.mark.parametrize(
    ("name", "text"), [("Looped", "below itself"), ("Valued", "is not a tuple of boxes")]
)
def test_what_is_no_graph_is_told(student: StudentProxy, name: str, text: str) -> None:
    with pytest.raises(CheckFailed, match=text):
        below(student, getattr(student, name)())


def test_every_right_order_is_accepted(student: StudentProxy, product: dict[str, Any]) -> None:
    a, b, inner, top = product.values()
    for got in ([a, b, inner, top], [b, a, inner, top]):
        assert assert_order(student, got, top, product, EDGES) == got


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda boxes: boxes[:3], "lacks top"),
        (lambda boxes: boxes[1:], "lacks a"),
        (lambda boxes: boxes[::-1], "has top before its child ab"),
        (lambda boxes: [boxes[0], *boxes], "has a more than once"),
        (lambda boxes: [*boxes, 3.0], "is not an object"),
        (lambda boxes: tuple(boxes), "not a list"),
        (lambda boxes: None, "not a list"),
    ],
    ids=["no output", "no leaf", "parents first", "twice", "a number", "a tuple", "None"],
)
def test_wrong_order_is_told(
    student: StudentProxy,
    product: dict[str, Any],
    change: Callable[[list[Any]], Any],
    text: str,
) -> None:
    got = change(list(product.values()))
    with pytest.raises(CheckFailed, match=text):
        assert_order(student, got, product["top"], product, EDGES)


def test_box_that_is_not_below_is_told(student: StudentProxy, product: dict[str, Any]) -> None:
    got = [*product.values(), student.Input(1.0)]
    with pytest.raises(CheckFailed, match="type Input, which is not below the output"):
        assert_order(student, got, product["top"], product)


def test_parameters_go_by_the_order_where_there_is_one(student: StudentProxy) -> None:
    a, b = student.Parameter(2.0), student.Parameter(5.0)
    top = student.Multiply(a, b)
    assert_parameters(student, [a, b], top, [a, b])
    for got, text in (
        ([b, a], "not in the order"),
        ([a], "wrong boxes"),
        ([a, b, a], "wrong boxes"),
    ):
        with pytest.raises(CheckFailed, match=text):
            assert_parameters(student, got, top, [a, b])
    assert_parameters(RuledSolution(student, ["order"]), [a, b], top, [a, b])


class Renamed:
    """A solution in which another function is called `order`, or `forward`."""

    def __init__(self, student: StudentProxy, **names: str) -> None:
        self.student, self.names = student, names

    def __getattr__(self, name: str) -> Any:
        return getattr(self.student, self.names.get(name, name))


@pytest.mark.parametrize(
    ("order", "got"), [("shuffled", "ba"), ("shuffled", "ab"), ("twice", "abab")]
)
def test_parameters_follow_an_order_that_changes_or_is_wrong(
    student: StudentProxy, order: str, got: str
) -> None:
    boxes = {"a": student.Parameter(2.0), "b": student.Parameter(5.0)}
    top = student.Multiply(boxes["a"], boxes["b"])
    found = [boxes[letter] for letter in got]
    assert_parameters(Renamed(student, order=order), found, top, list(boxes.values()))


VALUES, HELD, UP = np.array([1.0, -2.0]), np.array([10.0, 20.0]), np.array([1.0, 0.5])


@pytest.mark.parametrize(
    ("name", "twice", "value", "grad"),
    [("Multiply", True, [1, 4], [12, 18]), ("Cube", False, [1, -8], [13, 26])],
    ids=["one class", "made of several"],
)
def test_a_box_alone_is_asked(
    student: StudentProxy, name: str, twice: bool, value: list[float], grad: list[float]
) -> None:
    probe = BoxProbe(name, (VALUES,), (), twice, UP, (HELD,))
    (found,) = box_answers(student, box_value, [probe])
    judge_value(found, value, probe, name)
    (found,) = box_answers(student, box_gradients, [probe])
    judge_gradients(found, [np.array(grad) - HELD], probe, name)


def test_a_box_that_raises_does_so(student: StudentProxy) -> None:
    with pytest.raises(StudentRaised, match="ZeroDivisionError"):
        box_answers(student, box_value, [BoxProbe("Broken", (VALUES,))])


def run(solution: Any, value: float) -> list[Any]:
    def steps(s: Any) -> list[Any]:
        leaf = s.Input(value)
        top = s.Multiply(s.Double(leaf), leaf)
        found = [s.forward(top)]
        leaf.value = value + 1
        found.append(s.forward(top))
        s.backward(top)
        return [*found, leaf.grad]

    result: list[Any] = together(solution, steps)
    return result


def judged(answer: list[Any]) -> Callable[[Any], None]:
    def judge(expected: Any) -> None:
        for got, wanted in zip(answer, expected, strict=True):
            assert_close(got, array(wanted))

    return judge


def test_function_that_runs_wrong_boxes_rightly_is_right(student: StudentProxy) -> None:
    right, answer = [8.0, 18.0, 12.0], run(student, 2.0)
    assert answer == [12.0, 27.0, 18.0]
    assert_follows_rules(judged(answer), right, run, (2.0,), student=student, rests=["order"])


def test_function_that_does_not_is_wrong(student: StudentProxy) -> None:
    wrong = Renamed(student, forward="late")
    answer = run_by_hand(wrong)
    with pytest.raises(CheckFailed):
        assert_follows_rules(judged(answer), [8.0, 18.0, 12.0], run, (2.0,), student=student)


def run_by_hand(solution: Any) -> list[Any]:
    leaf = solution.Input(2.0)
    top = solution.Multiply(solution.Double(leaf), leaf)
    solution.student.forward(top)
    leaf.value = 3.0
    found = [12.0, solution.forward(top)]
    solution.backward(top)
    return [*found, leaf.grad]


def test_zeros_show_no_rule(student: StudentProxy) -> None:
    def zero(solution: Any) -> Any:
        return solution.forward(solution.Double(solution.Input(0.0)))

    with pytest.raises(CheckFailed):
        assert_follows_rules(judged([0.0]), [1.0], lambda s: [zero(s)], (), student=student)


def test_training_and_numerical_gradients_by_the_rules(student: StudentProxy) -> None:
    own = RuledSolution(student)
    w = student.Parameter(3.0)
    top = student.Multiply(w, w)
    assert [float(value) for value in own.train(top, 2, 0.25)] == [9.0, 2.25, 0.5625]
    assert w.value == 0.75
    assert own.numerical_gradient(top, w, 0.5) == pytest.approx(1.5)
    assert own.parameters(student.Multiply(top, student.Input(1.0))) == [w]
