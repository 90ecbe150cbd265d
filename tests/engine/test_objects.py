"""Objects and functions of the student's, which stay in their process, as a check uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.checks import describe, instance, same
from grader.engine.objects import RemoteObject, StudentProxy
from grader.engine.proxy import Subject
from grader.errors import (
    Blocked,
    CheckFailed,
    Crashed,
    GraderFault,
    NotAttempted,
    Refused,
    StudentRaised,
)
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.program import Part, Program

SOURCE = """
import os, sys, time
import numpy as np
import matplotlib.pyplot as plt


class Box:
    count = 7

    def __init__(self, *children):
        self.children = children
        self.grad = None

    def fprop(self):
        raise NotImplementedError

    @classmethod
    def of(cls, value):
        return Input(value)

    @property
    def broken(self):
        return self.nothing

    def show(self):
        figure, axes = plt.subplots()
        axes.plot([0, self.value])
        return figure

    def __repr__(self):
        raise RuntimeError("a check never shows an object")

    __eq__ = __hash__ = __repr__


class Input(Box):
    __slots__ = ("value",)

    def __init__(self, value):
        super().__init__()
        self.value = value


class Add(Box):
    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        self.value = sum(child.value for child in self.children)


class Subtract(Box):
    def fprop(self):
        raise NotImplementedError


class Bare(Box):
    '''To do.'''


class Empty:
    '''To do.'''


class Own:
    def work(self):
        raise NotImplementedError


class Layer:
    def __init__(self, activation):
        self.activation = activation

    def __call__(self, x):
        return self.activation(x)

    def __len__(self):
        return 3


def order(box):
    return [*box.children, box]


def named(box):
    return {"box": box, "pair": (box, [box])}


def total(*boxes, more=(), by=None):
    boxes = [*boxes, *more, *(by or {}).values()]
    return sum(box.value for box in boxes)


def apply(function, x):
    return function(x)


def relu(x):
    return max(x, 0.0)


def adder(n):
    return lambda x: x + n


def propagate(box):
    box.fprop()


def change(box):
    box.value += 1


def draw(rng):
    return rng.normal(size=3), rng.spawn(1)[0].normal() if hasattr(rng, "spawn") else None


def plot(box):
    plt.figure()
    plt.plot([0, box.value])


def die():
    os._exit(3)


def forged(number, kind):
    return sys.modules["grader.sandbox.protocol.wire"].Handle(number, kind)
"""
ASKED = {
    "Box": (), "Box.fprop": (), "Input": ("value",), "Subtract": (), "Subtract.fprop": (),
    "Bare": ("a", "b"), "Empty": (), "Empty.fit": ("X",), "propagate": ("box",),
    "change": ("box",),
}  # fmt: skip


def subject_of(source: str) -> Subject:
    program = Program("demo", (Part("demo.py", "demo.py", source.encode()),))
    return Subject(program, PlainLauncher(), Limits(call_s=5, total_s=100), ASKED)


@pytest.fixture(scope="module")
def student() -> Iterator[StudentProxy]:
    subject = subject_of(SOURCE)
    yield StudentProxy(subject)
    subject.close()


def test_attributes_are_read_and_set(student: StudentProxy) -> None:
    box = student.Input(3.0)
    assert (box.value, box.grad, box.children) == (3.0, None, [])
    box.grad = np.ones((2, 3))
    assert np.array_equal(box.grad, np.ones((2, 3)))
    box.grad = other = student.Input(4.0)
    assert same(box.grad, other)
    assert box.grad.value == 4.0
    assert (student.Box.count, student.Box.of(5.0).value) == (7, 5.0)


def test_attribute_that_is_not_there_is_the_students_error(student: StudentProxy) -> None:
    box = student.Input(3.0)
    with pytest.raises(StudentRaised, match=r"`Input` has no `valu`; did you call it `value`\?"):
        box.valu  # noqa: B018  # reading it is the point
    with pytest.raises(AttributeError, match="'Input' object has no attribute 'nothing'"):
        box.broken  # noqa: B018  # same
    assert not hasattr(box, "valeur")
    assert not hasattr(box, "__array__")
    with pytest.raises(StudentRaised, match="`Input` has no `backward`"):
        box.backward()


@pytest.mark.parametrize(
    "call",
    [
        lambda student, box: student.total(box, box),
        lambda student, box: student.total(more=[box, box]),
        lambda student, box: student.total(more=(box,), by={"x": box}),
        lambda student, box: student.total.map([(box, box), (box,)])[0],
        lambda student, box: student.apply(student.total, box) * 2,
        lambda student, box: 2 * student.total(*student.order(student.Add(box, box))[:1]),
    ],
    ids=["positional", "in a list", "in a dict", "map", "with a function", "out of a list"],
)
def test_object_is_passed_on_in_any_place(student: StudentProxy, call: Callable[..., Any]) -> None:
    assert call(student, student.Input(1.5)) == 3.0


def test_object_that_is_changed_is_no_argument_changed_in_place(student: StudentProxy) -> None:
    box = student.Input(1.0)
    student.change(box)
    assert box.value == 2.0
    assert student._subject.warnings == []


def test_figure_of_an_object_is_drawn_as_it_is_now(student: StudentProxy) -> None:
    box = student.Input(1.0)

    def highest(figure: Any) -> float:
        return max(path[:, 1].max() for artist in figure.axes[0].artists for path in artist.paths)

    assert (highest(student.plot.draw(box)), highest(box.show.draw())) == (1.0, 1.0)
    box.value = 2.0
    assert (highest(student.plot.draw(box)), highest(box.show.draw())) == (2.0, 2.0)


def test_identity(student: StudentProxy) -> None:
    a, b = student.Input(1.0), student.Input(1.0)
    found = student.order(student.Add(a, b))
    assert [same(box, a) for box in found] == [True, False, False]
    assert (found.index(b), a in found, len({a, b, *found})) == (1, True, 3)
    inside = student.named(a)
    assert same(inside["box"], inside["pair"][1][0])
    assert not same(1.0, 1.0)
    assert not same(a, 1.0)


def test_isinstance_asks_for_the_students_classes(student: StudentProxy) -> None:
    box = student.Add(student.Input(1.0), student.Input(2.0))
    assert isinstance(box, student.Box)
    assert not isinstance(box, student.Input)
    assert not isinstance(1.0, student.Box)
    assert issubclass(student.Add, student.Box)
    assert instance(box, "Add(a, b)", of=student.Box) is box
    with pytest.raises(CheckFailed, match=r"Add\(a, b\) is not an instance of `Input`"):
        instance(box, "Add(a, b)", of=student.Input)
    with pytest.raises(CheckFailed, match="the result is not an object\n  got:      the number 3"):
        instance(3)
    with pytest.raises(StudentRaised, match="TypeError: isinstance"):
        isinstance(box, student.relu)
    assert describe(box) == "an object of type Add"


def test_functions_of_theirs_are_arguments_results_and_attributes(student: StudentProxy) -> None:
    layer = student.Layer(student.relu)
    assert (layer(-2.0), layer.activation(3.0), layer.__len__()) == (0.0, 3.0, 3)
    assert student.apply(layer, -1.0) == student.apply(layer.activation, -1.0) == 0.0
    plus = student.adder(2)
    assert (plus(1), student.apply(plus, 3), plus.map([(1,), (2,)])) == (3, 5, [3, 4])
    box = student.Input(1.0)
    assert student.apply(student.Input.of, 4.0).value == 4.0
    with pytest.raises(StudentRaised, match="there is no `rellu` in the submission"):
        student.apply(student.rellu, 1.0)
    with pytest.raises(GraderFault, match="cannot travel"):
        student.apply(lambda x: x, 1.0)
    assert box.value == 1.0


@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_generator_travels_by_its_state(student: StudentProxy, kind: str) -> None:
    ours = np.random.Generator(getattr(np.random, kind)(5))
    ours.normal(size=7)
    ours.spawn(2)
    numbers, child = student.draw(ours)
    assert np.array_equal(numbers, student.draw(ours)[0])  # a copy: ours has not moved on
    assert np.array_equal(numbers, ours.normal(size=3))
    assert child == ours.spawn(1)[0].normal()


def test_old_generator_travels_too(student: StudentProxy) -> None:
    ours = np.random.RandomState(3)
    ours.normal()
    assert np.array_equal(student.draw(ours)[0], ours.normal(size=3))


def test_stubs_of_classes_and_methods_are_not_attempted(student: StudentProxy) -> None:
    box = student.Subtract()
    for use, name in [
        (lambda: box.fprop(), "Subtract.fprop"),
        (lambda: student.Bare(box, box).fprop(), "Bare.fprop"),
        (lambda: student.Empty(1.0), "Empty"),
        (lambda: student.Empty().fit(1.0), "Empty"),
        (lambda: student.Empty().weights, "Empty"),
        (lambda: student.Bare().weights, "Bare"),
    ]:
        with pytest.raises(NotAttempted, match=f"`{name}` is not written yet"):
            use()
    with pytest.raises(Blocked, match=r"`propagate` calls `Subtract.fprop`, which is not written"):
        student.propagate(box)
    # A class of their own is none of the homework's stubs.
    with pytest.raises(StudentRaised, match="NotImplementedError"):
        student.Own().work()


def test_signature_of_a_class_is_shown(student: StudentProxy) -> None:
    with pytest.raises(StudentRaised, match=r"def __init__\(self, value\):\n.*Input\(value\)"):
        student.Input()


def test_object_is_gone_with_its_process_and_a_new_one_serves() -> None:
    subject = subject_of(SOURCE)
    student = StudentProxy(subject)
    box = student.Input(1.0)
    with pytest.raises(Crashed):
        student.die()
    for use in (
        lambda: box.value,
        lambda: setattr(box, "value", 2.0),
        lambda: box.fprop(),
        lambda: student.total(box),
        lambda: student.total(more=[box]),
        lambda: isinstance(box, student.Box),
    ):
        with pytest.raises(Crashed, match="`Input` that this check uses is gone: its process has"):
            use()
    assert student.total(student.Input(1.0)) == 1.0
    kept = student.Input(1.0)
    subject.close()
    with pytest.raises(GraderFault, match="of a submission graded before; keep no object"):
        kept.value  # noqa: B018  # reading it is the point


@pytest.mark.parametrize("number", [10**6, (1 << 64) - 1, 0, -1, -(1 << 63)])
def test_forged_handle_names_nothing(student: StudentProxy, number: int) -> None:
    forged = student.forged(number, "Box")
    assert isinstance(forged, RemoteObject)
    for use in (
        lambda: forged.value,
        lambda: setattr(forged, "value", 1),
        lambda: student.total(forged),
        lambda: student.total(more=[forged]),
        lambda: isinstance(forged, student.Box),
    ):
        with pytest.raises(Refused, match="named an object that it does not keep"):
            use()


def test_forged_type_of_a_handle_stays_out_of_messages(student: StudentProxy) -> None:
    forged = student.forged(10**6, "../../x\n[bold]")
    assert describe(forged) == "an object of type object"
    with pytest.raises(Refused):
        forged.value  # noqa: B018  # reading it is the point
    # One that claims to be a function is called, and names nothing.
    with pytest.raises(Refused):
        student.forged(10**6, "function")(1.0)


@pytest.mark.parametrize(
    "answer", ["None", "[]", "['value']", "['value', 1, 2]", "7", "{'value': 1}"]
)
def test_forged_answer_about_an_attribute_ends_the_process(answer: str) -> None:
    source = (
        f"{SOURCE}\nimport gc\n"
        "for found in gc.get_objects():\n"
        "    if type(found).__name__ == 'Worker':\n"
        f"        found._operations['get'] = lambda request: {answer}\n"
        "        found._operations['isinstance'] = lambda request: 'yes'\n"
        "        found._operations['keep'] = lambda request: 'yes'\n"
    )
    subject = subject_of(source)
    student = StudentProxy(subject)
    for use in (
        lambda: student.Input(1.0).value,
        lambda: isinstance(student.Input(1.0), student.Box),
        lambda: student.Box.count,
    ):
        with pytest.raises(Refused, match="sent a malformed answer to"):
            use()
    subject.close()
