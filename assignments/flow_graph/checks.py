"""Public checks: they need no reference. Run them with `python -m grader check`, or with pytest."""

import numpy as np
import pytest

from grader.checks import array, assert_close, number, passes, require, sequence, together
from grader.checks.graphs import (
    BoxProbe,
    RuledSolution,
    assert_follows_rules,
    assert_order,
    assert_parameters,
    box_answers,
    box_gradients,
    box_value,
    boxes_raise,
    judge_gradients,
    judge_value,
)
from grader.errors import CheckFailed, StudentFault, StudentRaised

LOG2, LOG3 = np.log(2.0), np.log(3.0)
A = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0]])
ROW = np.array([2.0, -1.0, 4.0])
P = np.array([[1.0, 4.0], [2.0, 0.5]])
S = np.array([[0.0, LOG3, LOG2], [LOG2, LOG2, LOG2]])
G = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
Q = np.array([[1.0, -1.0], [2.0, 0.5]])

# values of the leaves, further arguments, value, the box's grad, what the leaves receive
EXAMPLES = {
    "Add": ((A, ROW), (), [[3, -3, 4.5], [5, 3, 3]], G, (G, [1.5, 2, 2])),
    "Subtract": ((A, ROW), (), [[-1, -1, -3.5], [1, 5, -5]], G, (G, [-1.5, -2, -2])),
    "Multiply": (
        (A, ROW),
        (),
        [[2, 2, 2], [6, -4, -4]],
        G,
        ([[2, -2, -4], [1, 0, 12]], [2.5, -4, -3.5]),
    ),
    "Divide": (
        (A, ROW),
        (),
        [[0.5, 2, 0.125], [1.5, -4, -0.25]],
        G,
        ([[0.5, -2, -0.25], [0.25, 0, 0.75]], [-0.625, 4, 0.21875]),
    ),
    "MatMul": (
        (np.array([[1.0, 2.0]]), A),
        (),
        [[7, 6, -1.5]],
        np.array([[1.0, 0.0, 2.0]]),
        ([[2, 1]], [[1, 0, 2], [2, 0, 4]]),
    ),
    "Sum": ((A,), (), 5.5, 2.0, (np.full((2, 3), 2.0),)),
    "Exp": ((np.array([0.0, LOG2]),), (), [1, 2], np.array([3.0, 5.0]), ([3, 10],)),
    "Log": ((P,), (), [[0, 2 * LOG2], [LOG2, -LOG2]], Q, ([[1, -0.25], [1, 1]],)),
    "Sigmoid": (
        (np.array([0.0, LOG2, -LOG3]),),
        (),
        [1 / 2, 2 / 3, 1 / 4],
        np.array([4.0, 9.0, -16.0]),
        ([1, 2, -3],),
    ),
    "Tanh": (
        (np.array([0.0, LOG2, -LOG3]),),
        (),
        [0, 3 / 5, -4 / 5],
        np.array([4.0, 25.0, -50.0]),
        ([4, 16, -18],),
    ),
    "ReLU": ((A,), (), [[1, 0, 0.5], [3, 4, 0]], G, ([[1, 0, -1], [0.5, 0, 0]],)),
    "Power": ((np.array([1.0, -2.0, 0.5]),), (3,), [1, -8, 0.125], ROW, ([6, -12, 3],)),
    "SoftmaxCrossEntropy": (
        (S,),
        (np.array([1, 0]),),
        (LOG2 + LOG3) / 2,
        6.0,
        ([[0.5, -1.5, 1], [-2, 1, 1]],),
    ),
}


def probe_of(name):
    values, extra, _, upstream, _ = EXAMPLES[name]
    held = tuple(np.arange(1.0, np.size(value) + 1).reshape(np.shape(value)) for value in values)
    return BoxProbe(name, values, extra, upstream=np.array(upstream), held=held)


@pytest.mark.points(13)
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.hint("fprop reads the children's values each time, and sets the box's own.")
@pytest.mark.hint("The table says for each box what y is. numpy broadcasts by itself.")
@pytest.mark.see("Forwards and backwards through one box")
def test_value_example(student, name):
    """fprop of one box computes its value"""
    probe = probe_of(name)
    judge_value(box_answers(student, box_value, [probe])[0], EXAMPLES[name][2], probe, name)


@pytest.mark.points(13)
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.hint("What does a child receive? The box's own grad, times the slope at that child.")
@pytest.mark.hint("bprop adds to what is in the child's grad already.")
@pytest.mark.hint(
    "A child that was broadcast receives the sum over its copies: the grad has the child's shape."
)
@pytest.mark.see("Forwards and backwards through one box")
def test_gradient_example(student, name):
    """bprop of one box adds to the grad of each child"""
    probe, (_, _, value, _, received) = probe_of(name), EXAMPLES[name]
    try:
        judge_gradients(box_answers(student, box_gradients, [probe])[0], received, probe, name)
    except CheckFailed:
        # A value that is wrong costs its own points: bprop may go by it.
        try:
            answer = together(student, box_gradients, probe, np.array(value, float))
            judge_gradients(answer, received, probe, name)
        except StudentFault:
            pass
        else:
            return
        raise


def diamond(solution, x=3.0, z=-2.0):
    """y = x z + x, and a box above y that is not below it."""
    boxes = {"x": solution.Input(x), "z": solution.Input(z)}
    boxes["x z"] = solution.Multiply(boxes["x"], boxes["z"])
    boxes["y"] = solution.Add(boxes["x z"], boxes["x"])
    return boxes, solution.Exp(boxes["y"])


EDGES = [("x", "x z"), ("z", "x z"), ("x z", "y"), ("x", "y")]


@pytest.mark.points(4)
@pytest.mark.hint("A box is ready for the list when all of its children are on it.")
@pytest.mark.hint("Remember which boxes you have met: x is a child of two boxes here.")
@pytest.mark.see("order")
def test_order_example(student):
    """order lists every box below the output once, children before parents"""

    def steps(solution):
        boxes, _ = diamond(solution)
        leaves = boxes["x"].children, solution.Parameter(1.0).children
        return boxes, solution.order(boxes["y"]), leaves

    boxes, got, leaves = together(student, steps)
    assert_order(student, got, boxes["y"], boxes, EDGES)
    for children, name in zip(leaves, ("Input", "Parameter"), strict=True):
        sequence(children, 0, f"`children` of {name}(value)")


def values_of_diamond(solution):
    def steps(s):
        boxes, _ = diamond(s)
        first = s.forward(boxes["y"])
        boxes["x"].value = 5.0
        boxes["z"].value = 4.0
        return [first, s.forward(boxes["y"]), boxes["x z"].value]

    return together(solution, steps)


@pytest.mark.points(2)
@pytest.mark.hint("What happens when a leaf gets another value?")
@pytest.mark.hint("Call fprop of every box in `order`, each time, and return the output's value.")
@pytest.mark.see("forward")
def test_forward_example(student):
    """forward computes the output's value, and computes it again for other inputs"""

    def judge(answer):
        first, second, inner = sequence(answer, 3)
        assert_close(first, right[0], "forward(y) for x = 3, z = -2")
        assert_close(second, right[1], "forward(y) for x = 5, z = 4")
        assert_close(inner, right[2], "value of the box x z after that")

    answer, right = values_of_diamond(student), [-3.0, 25.0, 20.0]

    def judge_like(expected):
        right[:] = [number(value) for value in expected]
        judge(answer)

    assert_follows_rules(
        judge_like, list(right), values_of_diamond, (), student=student, rests=["order"]
    )


def grads_of_diamond(solution, times=1):
    def steps(s):
        boxes, _ = diamond(s)
        before = [box.grad for box in boxes.values()]
        s.forward(boxes["y"])
        for _ in range(times):
            s.backward(boxes["y"])
        return [box.grad for box in boxes.values()], before

    return together(solution, steps)


@pytest.mark.points(4)
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.hint("In what order do the boxes have their whole grad?")
@pytest.mark.hint("All grads zero, the output's ones, then bprop from the output down.")
@pytest.mark.hint("Here dy/dx = z + 1: x receives from two boxes.")
@pytest.mark.see("backward")
def test_backward_example(student, times):
    """backward gives every box its gradient, the same each time"""
    answer, before = grads_of_diamond(student, times)
    require(before == [None] * 4, "`grad` of a new box is not None")

    def judge(expected):
        for got, wanted, box in zip(answer, expected[0], ["x", "z", "x z", "y"], strict=True):
            assert_close(got, number(wanted), f"grad of {box}")

    assert_follows_rules(
        judge,
        ([-1.0, 3.0, 1.0, 1.0], 0.0),
        grads_of_diamond,
        (times,),
        student=student,
        rests=["order", "forward"],
    )


@pytest.mark.points(3)
@pytest.mark.hint("Which of the boxes in `order` are of that class?")
@pytest.mark.hint("isinstance(box, Parameter); nothing else counts, and each counts once.")
@pytest.mark.see("parameters")
def test_parameters_example(student):
    """parameters lists the Parameters below the output, each once"""

    def steps(s):
        x, w, b = s.Input(2.0), s.Parameter(3.0), s.Parameter(1.0)
        y = s.Add(s.Multiply(s.Add(w, x), w), b)
        s.Add(y, s.Parameter(7.0))
        return [w, b], s.parameters(y), y

    wanted, got, y = together(student, steps)
    assert_parameters(student, got, y, wanted)


def trained_line(solution):
    """Two steps on the squared error of w x + b at one point."""

    def steps(s):
        x, t, w, b = s.Input(2.0), s.Input(3.0), s.Parameter(1.0), s.Parameter(0.0)
        error = s.Subtract(s.Add(s.Multiply(w, x), b), t)
        history = s.train(s.Multiply(error, error), 2, 0.05)
        return [history, w.value, b.value, x.value]

    return together(solution, steps)


@pytest.mark.points(3)
@pytest.mark.hint("The start counts: one value before the first step and one after each.")
@pytest.mark.hint("forward, backward, then p.value - step_size * p.grad for every parameter.")
@pytest.mark.hint("Only parameters move. All their grads are taken at the same point.")
@pytest.mark.see("train")
def test_train_example(student):
    """train takes two steps downhill for a line, and records three values"""
    answer = trained_line(student)

    def judge(expected):
        history, w, b, x = expected
        assert_close(answer[0], array(history), "history")
        assert_close(answer[1], array(w), "value of w after training")
        assert_close(answer[2], array(b), "value of b after training")
        assert_close(answer[3], array(x), "value of the Input x after training")

    assert_follows_rules(
        judge,
        [[1.0, 0.25, 0.0625], 1.3, 0.15, 2.0],
        trained_line,
        (),
        student=student,
        rests=["order", "forward", "backward", "parameters"],
    )


def slope_of_cube(solution):
    def steps(s):
        w = s.Parameter(np.array([1.0, -2.0]))
        y = s.Sum(s.Multiply(w, s.Multiply(w, w)))
        return [s.numerical_gradient(y, w, 0.5), w.value]

    return together(solution, steps)


@pytest.mark.points(3)
@pytest.mark.hint("One entry up by eps, then down by eps, and back to what it was.")
@pytest.mark.hint("forward(output) gives y for the parameter's present value. Divide by 2 eps.")
@pytest.mark.hint("For y = w^3 a step of 0.5 to either side gives 3 w^2 + 0.25.")
@pytest.mark.see("numerical_gradient")
def test_numerical_gradient_example(student):
    """numerical_gradient of w^3 takes central differences and leaves w as it was"""
    answer = slope_of_cube(student)

    def judge(expected):
        slopes, left = expected
        assert_close(answer[0], array(slopes, shape=(2,)), "numerical_gradient(y, w, 0.5)")
        assert_close(answer[1], array(left), "value of w afterwards")

    assert_follows_rules(
        judge,
        [[3.25, 12.25], [1.0, -2.0]],
        slope_of_cube,
        (),
        student=student,
        rests=["forward"],
    )


def network_grads(solution, X, labels, values):
    """The gradients of a small network, and its loss when entries of the parameters move."""

    def steps(s):
        parameters = [s.Input(value) for value in values]
        hidden = s.Tanh(s.Add(s.MatMul(s.Input(X), parameters[0]), parameters[1]))
        loss = s.SoftmaxCrossEntropy(s.MatMul(hidden, parameters[2]), labels)
        s.forward(loss)
        s.backward(loss)
        grads, ends = [each.grad for each in parameters], []
        for parameter, value in zip(parameters, values, strict=True):
            for place in ends_of(value):
                for step in (1e-2, -1e-2, 5e-3, -5e-3):
                    moved = value.copy()
                    moved[place] += step
                    parameter.value = moved
                    ends.append(s.forward(loss))
            parameter.value = value
        return grads, ends

    return together(solution, steps)


def ends_of(value):
    return [(0,) * value.ndim, (-1,) * value.ndim]


@pytest.mark.points(3)
@pytest.mark.hint("Which grad is wrong? A box above it has a wrong bprop, or backward an order.")
@pytest.mark.hint("Try a graph with one box less until the two agree.")
@pytest.mark.see("numerical_gradient")
def test_backward_is_the_slope_of_forward(student, rng, note):
    """backward agrees with the slope of your own forward, for a small network"""
    values = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(4, 2))
    probe = (rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1]), values)
    try:
        grads, ends = network_grads(student, *probe)
    except StudentRaised:
        # A box that raises costs its own points: nothing is seen of backward here.
        if passes(test_backward_example, student, 1) and boxes_raise(
            network_grads, probe, student=student
        ):
            note("a box raises in a small network, so that backward could not be judged there")
            return
        raise
    losses = np.array([number(end, "forward(loss)") for end in ends])
    up, down, up2, down2 = losses.reshape(-1, 4).T
    # Central differences with two steps, so that the error falls with the fourth power.
    measured = (4 * (up2 - down2) / 1e-2 - (up - down) / 2e-2) / 3

    def judge(grads):
        found = []
        for grad, value, name in zip(grads, values, ["W1", "b1", "W2"], strict=True):
            read = array(grad, f"grad of {name}", shape=value.shape)
            found += [read[place] for place in ends_of(value)]
        assert_close(found, measured, "grads of W1, b1 and W2, first and last entry", low=1e-3)

    try:
        judge(grads)
    except CheckFailed:
        # A box or a forward that is wrong costs its own points.
        if passes(test_backward_example, student, 1) and follows_boxes(student, probe, grads):
            note("backward is not the slope of forward in a small network: is a bprop wrong?")
            return
        raise


def follows_boxes(student, probe, grads):
    """Whether these are the gradients that the student's own boxes give, run by the rules."""
    for own in RuledSolution(student), RuledSolution(student, ["forward"]):
        try:
            expected, _ = network_grads(own, *probe)
            for got, wanted in zip(grads, expected, strict=True):
                assert_close(got, array(wanted))
        except StudentFault:
            continue
        return True
    return False
