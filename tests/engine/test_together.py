"""Many steps with a student's objects in one message: `together` of grader.checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checks import same, together
from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import (
    Crashed,
    GraderFault,
    NotAttempted,
    Refused,
    StudentRaised,
    TimedOut,
)
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.sandbox.protocol.answers import BadAnswer, stepped
from grader.sandbox.protocol.wire import Step
from grader.submission.program import Part, Program

SOURCE = """
import os
import numpy as np


class Box:
    base = 7

    def __init__(self, *children):
        self.children = children
        self.value = np.zeros(2, np.float32)

    def fprop(self):
        raise NotImplementedError

    def __call__(self, x):
        return self.value + x

    __eq__ = __hash__ = None


class Input(Box):
    def __init__(self, value):
        self.children = ()
        self.value = value

    def fprop(self):
        pass


class Add(Box):
    def fprop(self):
        self.value = self.children[0].value + self.children[1].value

    def grow(self, by=1.0):
        self.value += by
        return self


class Mean(Box):
    def fprop(self):
        raise NotImplementedError


def order(box):
    return [*box.children, box]


def fail():
    raise ValueError("no luck")


def wait():
    while True:
        pass


def die():
    os._exit(3)


def apply(function, *args):
    return function(*args)
"""
ASKED = {"Add.fprop": (), "Mean": (), "Mean.fprop": (), "order": ("box",)}


def subject_of() -> Subject:
    program = Program("demo", (Part("demo.py", "demo.py", SOURCE.encode()),))
    return Subject(program, PlainLauncher(), Limits(call_s=1, total_s=100), ASKED)


@pytest.fixture(scope="module")
def student() -> Iterator[StudentProxy]:
    subject = subject_of()
    yield StudentProxy(subject)
    subject.close()


def steps_of_a_sum(solution: Any, values: list[float]) -> Any:
    boxes = [solution.Input(value) for value in values]
    top = solution.Add(*boxes)
    top.fprop()
    before = top.value
    boxes[0].value = 10.0
    top.fprop()
    return {"before": before, "after": (top.value, [boxes[1].value])}


def test_steps_give_what_they_give_one_by_one(student: StudentProxy) -> None:
    namespace: dict[str, Any] = {}
    exec(SOURCE, namespace)
    right = together(SimpleNamespace(**namespace), steps_of_a_sum, [1.0, 2.0])
    assert right == together(student, steps_of_a_sum, [1.0, 2.0])
    assert right == {"before": 3.0, "after": (12.0, [2.0])}


def test_value_is_as_it_was_when_it_was_read(student: StudentProxy) -> None:
    def steps(s: Any) -> Any:
        box = s.Add(s.Input(np.ones(2)), s.Input(np.ones(2)))
        box.fprop()
        first = box.value
        return first, box.grow(by=5.0).value, box.grow(1.0)

    first, second, box = together(student, steps)
    assert (first.tolist(), second.tolist(), box.value.tolist()) == ([2, 2], [7, 7], [8, 8])


def test_objects_come_out_and_go_in_again(student: StudentProxy) -> None:
    a, b, listed = together(
        student, lambda s: [(x := s.Input(1.0)), (y := s.Input(2.0)), s.order(s.Add(x, y))]
    )
    assert [same(listed[0], a), same(listed[1], b), same(a, b)] == [True, True, False]
    got = together(
        student,
        lambda s, boxes, by: [boxes["a"].value, boxes["a"], s.order(s.Add(*by))[1], s.Box.base],
        {"a": a},
        (a, b),
    )
    assert got[0] == 1.0
    assert same(got[1], a)
    assert same(got[2], b)
    assert got[3] == 7


def test_functions_and_objects_are_passed_on_and_called(student: StudentProxy) -> None:
    def steps(s: Any) -> Any:
        box = s.Add(s.Input(2.0), s.Input(1.0))
        box.fprop()
        return [
            s.apply(s.Input, 3.0).value,
            s.apply(box, 1.0),
            box(5.0),
            s.apply(box.grow, 2).value,
        ]

    assert together(student, steps) == [3.0, 4.0, 8.0, 5.0]


def test_chain_of_thousands_is_one_request(student: StudentProxy) -> None:
    def chain(s: Any) -> Any:
        boxes = [s.Input(1.0)]
        for _ in range(3000):
            boxes.append(s.Add(boxes[-1], boxes[0]))
            boxes[-1].fprop()
        return boxes[-1].value

    before = student._subject.calls
    assert together(student, chain) == 3001.0
    assert student._subject.calls == before + 1


@pytest.mark.parametrize(
    ("steps", "kind", "text"),
    [
        (lambda s: s.fail(), StudentRaised, "ValueError: no luck"),
        (lambda s: [s.order(s.Input(1.0)), s.nothing()], StudentRaised, "no `nothing`"),
        (lambda s: s.Input(1.0).valu, StudentRaised, "`Input` has no `valu`; did you call it"),
        (lambda s: s.Mean(s.Input(1.0)).fprop(), NotAttempted, "`Mean.fprop` is not written"),
        (
            lambda s: [s.Input(1.0), s.wait()],
            TimedOut,
            "one of `Input` and `wait` was still running",
        ),
        (lambda s: [s.wait()], TimedOut, "`wait` was still running after 1 s"),
        (lambda s: s.die(), Crashed, "in `die`"),
    ],
    ids=["raises", "missing", "attribute", "stub", "slow", "slow alone", "dies"],
)
def test_a_step_that_fails_says_so_as_a_call_does(
    steps: Callable[[Any], Any], kind: type[Exception], text: str
) -> None:
    subject = subject_of()
    with pytest.raises(kind, match=text):
        together(StudentProxy(subject), steps)
    subject.close()


@pytest.mark.parametrize(
    "steps",
    [
        lambda s: s.Input(1.0).value + 1,
        lambda s: bool(s.Input(1.0)),
        lambda s: same(s.Input(1.0), s.Input(1.0)),
        lambda s: list(s.order(s.Input(1.0))),
        lambda s: np.zeros(3) * s.Input(1.0).value,
        lambda s: s.order.map([1]),
        lambda s: setattr(s.Input(1.0), "_hidden", 1),
    ],
    ids=["arithmetic", "truth", "same", "loop", "numpy", "map", "hidden name"],
)
def test_a_value_that_is_not_known_yet_is_a_fault_of_the_checks(
    student: StudentProxy, steps: Callable[[Any], Any]
) -> None:
    with pytest.raises(GraderFault):
        together(student, steps)


def test_objects_of_an_ended_process_are_told(student: StudentProxy) -> None:
    box = together(student, lambda s: s.Input(1.0))
    with pytest.raises(Crashed):
        student.die()
    with pytest.raises(Crashed, match="its process has ended"):
        together(student, lambda _, box: box.value, box)


def test_low_precision_is_noted_in_the_report(student: StudentProxy) -> None:
    together(student, lambda s: s.Add(s.Input(1.0)).value)
    assert any("float32" in warning for warning in student._subject.warnings)


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        {"values": 3},
        {"values": [1, 2]},
        {"values": [], "error": {}, "step": 1},
        {"values": [], "error": {}, "step": True},
        {"values": [], "error": {}},
    ],
)
def test_forged_answer_to_steps_is_refused(forged: object) -> None:
    with pytest.raises(BadAnswer):
        stepped(forged, [Step("call", None, "f", [], {})], 1)


def test_forged_error_of_a_step_is_still_one() -> None:
    answer = stepped({"values": [1], "error": 5, "step": 0}, [Step("get", 3, "value", [], {})], 1)
    assert answer.values == []
    assert isinstance(answer.fault, Refused)
